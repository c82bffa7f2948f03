"""What the desk does by itself for capacity management: measure, sum up, forget, watch, foretell, and own up to what it foretold.

Every console that leads declares these jobs when it starts; what they work with is loaded when one first runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from deskterm.jobs import Job, JobContext
from deskterm.late import named

DAY = 86_400


def _late(place: str) -> Callable[[JobContext], int]:
    """Return a run that loads what it does when it is first due."""

    def run(context: JobContext) -> int:
        return cast(Callable[[JobContext], int], named(f"deskterm.capacity.{place}"))(context)

    return run


JOBS = (
    Job("capacity-collect", 300, _late("local:collect"), "Measures what resources ask of this host."),
    Job("capacity-roll-up", 60, _late("rolling:roll_up_dirty"), "Sums up the samples of each hour and day that changed."),
    Job(
        "capacity-retention", DAY, _late("rolling:forget_old"), "Forgets samples and hours older than their resource keeps them."
    ),
    Job("capacity-watch", 60, _late("watching:watch"), "Raises an incident once where samples crossed a threshold."),
    Job("capacity-forecast", 3600, _late("scoring:tell"), "Keeps a forecast of each resource every day."),
    Job("capacity-score", 3600, _late("scoring:score"), "Holds forecasts of days that are over against what happened."),
)
