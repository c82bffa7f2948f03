"""What the desk does by itself for capacity management: measure, sum up, forget, watch, foretell, and own up to what it foretold.

Every console that leads declares these jobs when it starts; what they work with is loaded when one first runs.
"""

from __future__ import annotations

from deskterm import late
from deskterm.jobs import Job

DAY = 86_400

JOBS = (
    Job(
        "capacity-collect", 300, late.function("deskterm.capacity.local:collect"),
        "Measures what resources ask of this host.", ("resource",),
    ),
    Job(
        "capacity-roll-up", 60, late.function("deskterm.capacity.rolling:roll_up_dirty"),
        "Sums up the samples of each hour and day that changed.", ("resource",),
    ),
    Job(
        "capacity-retention", DAY, late.function("deskterm.capacity.rolling:forget_old"),
        "Forgets samples and hours older than their resource keeps them.", ("resource",),
    ),
    Job(
        "capacity-watch", 60, late.function("deskterm.capacity.watching:watch"),
        "Raises an incident once where samples crossed a threshold.", ("resource",),
    ),
    Job(
        "capacity-forecast", 3600, late.function("deskterm.capacity.scoring:tell"),
        "Keeps a forecast of each resource every day.", ("resource",),
        late.function("deskterm.capacity.due:forecast"), apart=True,
    ),
    Job(
        "capacity-score", 3600, late.function("deskterm.capacity.scoring:score"),
        "Holds forecasts of days that are over against what happened.", ("resource",),
        late.function("deskterm.capacity.due:score"), apart=True,
    ),
)  # fmt: skip
