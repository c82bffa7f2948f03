"""What the desk does by itself for capacity management: sum up, forget, foretell, and own up to what it foretold."""

from __future__ import annotations

from deskterm.capacity import local, rolling, scoring, watching
from deskterm.jobs import Job

DAY = 86_400

JOBS = (
    Job("capacity-collect", 300, local.collect, "Measures what resources ask of this host."),
    Job("capacity-roll-up", 60, rolling.roll_up_dirty, "Sums up the samples of each hour and day that changed."),
    Job("capacity-retention", DAY, rolling.forget_old, "Forgets samples and hours older than their resource keeps them."),
    Job("capacity-watch", 60, watching.watch, "Raises an incident once where samples crossed a threshold."),
    Job("capacity-forecast", 3600, scoring.tell, "Keeps a forecast of each resource every day."),
    Job("capacity-score", 3600, scoring.score, "Holds forecasts of days that are over against what happened."),
)
