"""The breach check: fires the warnings and breaches whose instant has come, at that instant however late it runs.

It reads only the clocks whose next threshold is due, by an index on that. What fires, and that it fires once, is decided by
`deskterm.service_level.clocks` from the journal; a run too many finds it done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from data.queries import clocks as q
from deskterm import late
from deskterm.jobs import Job, JobContext
from deskterm.records.unit import Unit

if TYPE_CHECKING:
    from deskterm.service_level import clocks
else:
    clocks = late.module("deskterm.service_level.clocks")  # only needed where a clock is due

BATCH = 200
"""Clocks read at once."""


def breach_check(context: JobContext) -> int:
    """Judge every record that has a clock with a threshold due; return how many there were."""
    count = 0
    cursor = {"next_at": -1, "clock_id": 0}
    while True:
        arguments = {"now": context.now, "limit": BATCH, **cursor}
        with context.database.read() as connection:
            due = connection.execute(q.DUE, arguments).all()
        if not due:
            return count
        # On from here even if one of them could not be judged: it is set apart, and must not hold up those behind it.
        cursor = {"next_at": due[-1].next_at, "clock_id": due[-1].id}
        count += context.each([row.record_id for row in due], _judge)


def _judge(unit: Unit, ids: Sequence[int]) -> int:
    clocks.judge_records(unit, ids)
    return len(ids)


def breach_forecast(context: JobContext) -> int:
    """Forecast how likely what runs is to be late; return how many forecasts changed."""
    from deskterm.service_level.forecasting import breach_forecasts  # late: a year of clocks is read, every ten minutes

    return breach_forecasts(context)


JOBS = (
    Job("breach-check", 15, breach_check, "Fires the warnings and breaches of service levels that have come due."),
    Job("breach-forecast", 600, breach_forecast, "Forecasts how likely open work is to be resolved too late."),
)
