"""Forecasts are kept as they were told, and scored against what happened: how far off, and how often within the band."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum
from typing import Any

from sqlalchemy import Connection

from data.queries import capacity as q
from deskterm.capacity import history, outlook
from deskterm.capacity.due import EVERY_SECONDS, GIVEN_UP_SECONDS
from deskterm.capacity.history import DAY_SECONDS
from deskterm.capacity.outlook import Outlook
from deskterm.jobs import JobContext
from deskterm.records.unit import Unit

HORIZONS = (1, 7, 30)
"""Days ahead of which a forecast is held to account."""
SCORED_SINCE = 180 * DAY_SECONDS
PAGE = 500


@dataclass(slots=True)
class Score:
    """How forecasts of a resource fared."""

    scored: int = 0
    within: int = 0
    errors: list[float] = field(default_factory=list)
    """Absolute errors in the unit of the samples."""
    capacity: float | None = None

    @property
    def within_percent(self) -> float | None:
        """The share of days that lay within the 90 % band."""
        return 100 * self.within / self.scored if self.scored else None

    @property
    def error(self) -> float | None:
        """The mean absolute error in the unit of the samples."""
        return fsum(self.errors) / len(self.errors) if self.errors else None

    @property
    def error_percent(self) -> float | None:
        """The same in percent of the capacity."""
        return None if self.error is None or not self.capacity else 100 * self.error / self.capacity

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "scored": self.scored, "within_percent": self.within_percent, "mean_error": self.error,
            "mean_error_percent": self.error_percent,
        }  # fmt: skip


def scores(connection: Connection, now: int) -> dict[int, Score]:
    """Return how the forecasts of the last half year fared, by resource."""
    found: dict[int, Score] = {}
    for row in connection.execute(q.SCORES, {"since": now - SCORED_SINCE}):
        score = found.setdefault(row.resource_id, Score(capacity=row.capacity))
        score.scored += 1
        score.within += row.low <= row.actual <= row.high
        score.errors.append(abs(row.actual - row.predicted))
    return found


def tell(context: JobContext) -> int:
    """Keep today's forecast of every active resource and driver."""
    with context.database.read() as connection:
        rows = connection.execute(q.UNTOLD, {"since": context.now - EVERY_SECONDS}).all()
    return context.each([row.id for row in rows], _tell)


def _tell(unit: Unit, ids: Any) -> int:
    count = 0
    for key in ids:
        if unit.connection.execute(q.TOLD_SINCE, {"resource": key, "since": unit.at - EVERY_SECONDS}).first() is not None:
            continue
        for one in outlook.read_all(unit.connection, unit.at, {key}, ("resource", "driver")):
            if one.latest_at is not None:
                keep(unit.connection, one)
                count += 1
    return count


def keep(connection: Connection, one: Outlook) -> None:
    """Append a forecast, with what it says of the days it will be held to."""
    told, line = one.forecast, one.line
    row = {
        "resource_id": one.id, "made_at": one.now, "as_of": one.latest_at, "method": one.method, "series": one.series.name,
        "points": len(one.series.points), "slope": None if line is None else one.sign * line.slope,
        "r2": None if line is None else line.r2, "threshold": one.threshold, "seconds_left": told.seconds_left,
        "seconds_left_low": told.seconds_left_low, "seconds_left_high": told.seconds_left_high, "withheld": told.withheld,
    }  # fmt: skip
    key = connection.execute(q.TELL, row).inserted_primary_key[0]  # type: ignore[index]
    today = one.now - one.now % DAY_SECONDS
    rows = []
    for days in HORIZONS:
        due = today + days * DAY_SECONDS
        parts = [one.expected(due + hour * 3600) for hour in range(24)]
        if any(part is None for part in parts):
            continue
        value, low, high = (fsum(part[place] for part in parts if part) / 24 for place in range(3))
        rows.append({"forecast_id": key, "due_at": due, "predicted": value, "low": low, "high": high})
    if rows:
        connection.execute(q.FORETELL, rows)


def score(context: JobContext) -> int:
    """Hold forecasts of days that are over against what those days came to."""
    count = 0
    while True:
        with context.unit() as unit:
            asked = {"until": context.now - DAY_SECONDS, "given_up": context.now - GIVEN_UP_SECONDS, "limit": PAGE}
            rows = unit.connection.execute(q.UNSCORED, asked).all()
            for row in rows:
                values = {"measured": measured(unit.connection, row), "instant": context.now}
                unit.connection.execute(q.SCORE, {"forecast": row.forecast_id, "due": row.due_at, **values})
        count += len(rows)
        if len(rows) < PAGE:
            return count


def measured(connection: Connection, row: Any) -> float | None:
    """Return what a day came to, in the figure that was foretold of it; None where nothing was measured.

    Foretold is the mean over the day of what was forecast: each sample, an hour's figure (the mean of the hours' peaks is not
    the peak of the day), or the day's own.
    """
    span = (connection, row.resource_id, row.due_at, row.due_at + DAY_SECONDS)
    if row.series == "hours" and row.basis != "mean":
        hours = [history.figure(one, row.basis) for _, one in history.hours(*span)]
        if hours:  # else they are forgotten
            return fsum(hours) / len(hours)
    days = history.days(*span)
    return history.figure(days[0][1], "mean" if row.series == "samples" else row.basis) if days else None
