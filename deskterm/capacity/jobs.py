"""What the desk does by itself for capacity management: sum samples up, and forget what is older than is kept."""

from __future__ import annotations

from deskterm.capacity import rolling
from deskterm.jobs import Job

DAY = 86_400

JOBS = (
    Job("capacity-roll-up", 60, rolling.roll_up_dirty, "Sums up the samples of each hour and day that changed."),
    Job("capacity-retention", DAY, rolling.forget_old, "Forgets samples and hours older than their resource keeps them."),
)
