"""What was measured of a resource, as points to reckon with: each sample, or hours, or days, the finest that are not too many.

Hours that are marked as to be summed up are summed up here as they are read, so that no figure waits for a job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import capacity as q
from deskterm.capacity.forecasts import Sample
from deskterm.capacity.rules import Capacity, RollUp, roll_up, steps_of
from deskterm.capacity.samples import HOUR_SECONDS

DAY_SECONDS = 86_400
MOST_POINTS = 2_000
"""More points make no better line, and take longer."""
MOST_PAIRS = 500
"""For Theil-Sen, which looks at every pair."""
FEWEST_WHOLE = 3
"""As many as a line needs."""
PEAK_SECONDS = 30 * DAY_SECONDS
"""p95 is of so long a time up to the newest sample."""
FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one resource, in order."""

    name: str
    """samples, hours or days."""
    points: tuple[Sample, ...]
    """Of hours and days the middle: what the figure is of."""

    @property
    def from_at(self) -> int:
        """The first instant; 0 of nothing."""
        return int(self.points[0].at) if self.points else 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest sample of a resource."""

    at: int
    value: float


def reading(connection: Connection, resource_id: int, at: int | None = None) -> Reading | None:
    """Return the newest sample, or the newest up to an instant."""
    if at is None:
        rows = connection.execute(q.LATEST_OF, {"ids": [resource_id]}).all()
        return Reading(rows[0].latest_at, rows[0].latest) if rows else None
    row = connection.execute(q.NEWEST_BY, {"resource": resource_id, "at": at}).first()
    return Reading(row.at, row.value) if row else None


def installed(connection: Connection, resource_id: int, *, known_at: int | None = None) -> list[Capacity]:
    """Return what was installed when, in order.

    Args:
        known_at: as it was known at that instant; what was recorded later is left out.
    """
    rows = connection.execute(q.INSTALLED, {"resource": resource_id})
    return steps_of([Capacity(row.from_at, row.amount) for row in rows if known_at is None or row.from_at <= known_at])


def series(
    connection: Connection, resource_id: int, low: int, high: int, basis: str, most: int = MOST_POINTS, *, now: int | None = None
) -> Series:
    """Return the finest points of a stretch that are not too many.

    Args:
        low: its first instant.
        high: the instant that ends it.
        basis: which figure of an hour or a day: mean, p95 or most.
        most: how many points at most.
        now: take whole hours and days alone: begun within the stretch, and over by now. Half a day is another figure than a day.
    """
    kept_from = _kept_from(connection, resource_id)
    if kept_from <= low:
        span = {"resource": resource_id, "low": low, "high": high, "limit": most + 1}
        rows = connection.execute(q.SOME_WITHIN, span).all()
        if len(rows) <= most:
            return Series("samples", tuple(Sample(row.at, row.value) for row in rows))
    found = hours(connection, resource_id, low, high, limit=most + 1)
    if len(found) <= most and not _hours_forgotten(connection, resource_id, low):
        return _points("hours", _whole(found, HOUR_SECONDS, low, now), HOUR_SECONDS, basis)
    by_day = _whole(days(connection, resource_id, low, high), DAY_SECONDS, low, now)
    return _points("days", by_day[-most:], DAY_SECONDS, basis)


def hourly(
    connection: Connection, resource_id: int, low: int, high: int, basis: str, most: int = MOST_POINTS, *, now: int | None = None
) -> Series:
    """Return hours, the newest of them if there are too many; see `series`."""
    low = max(low, high - most * HOUR_SECONDS)
    found = hours(connection, resource_id, low, high, limit=most)
    return _points("hours", _whole(found, HOUR_SECONDS, low, now), HOUR_SECONDS, basis)


def _points(name: str, found: Sequence[tuple[int, RollUp]], seconds: int, basis: str) -> Series:
    return Series(name, tuple(Sample(at + seconds / 2, figure(one, basis)) for at, one in found))


def _whole(found: list[tuple[int, RollUp]], seconds: int, low: int, now: int | None) -> list[tuple[int, RollUp]]:
    """Leave out hours or days that the stretch begins within, or that are not over; all are kept where hardly any is whole."""
    if now is None:
        return found
    whole = [(at, one) for at, one in found if at >= low and at + seconds <= now]
    return whole if len(whole) >= FEWEST_WHOLE else found


def hours(connection: Connection, resource_id: int, low: int, high: int, *, limit: int = FOREVER) -> list[tuple[int, RollUp]]:
    """Return what each hour of a stretch comes to, those that are still marked summed up now."""
    return _rolled(connection, resource_id, low - low % HOUR_SECONDS, high, HOUR_SECONDS, q.HOURS, limit)


def days(connection: Connection, resource_id: int, low: int, high: int, *, limit: int = FOREVER) -> list[tuple[int, RollUp]]:
    """Return what each day (UTC) of a stretch comes to."""
    return _rolled(connection, resource_id, low - low % DAY_SECONDS, high, DAY_SECONDS, q.DAYS, limit)


def _rolled(
    connection: Connection, resource_id: int, low: int, high: int, seconds: int, statement: Any, limit: int
) -> list[tuple[int, RollUp]]:
    rows = connection.execute(statement, {"resource": resource_id, "low": low, "high": high})
    found = {row.at: RollUp(row.samples, row.least, row.mean, row.p95, row.most) for row in rows}
    marked = connection.execute(q.MARKED, {"resource": resource_id, "low": low, "high": high, "limit": limit + 1}).all()
    for at in sorted({row.at - row.at % seconds for row in marked}):
        values = [row.value for row in connection.execute(q.WITHIN, {"resource": resource_id, "low": at, "high": at + seconds})]
        fresh = roll_up(values)
        if fresh is None:
            found.pop(at, None)
        else:
            found[at] = fresh
    return sorted(found.items())


def p95(connection: Connection, resource_id: int, newest_at: int) -> float | None:
    """Return the p95 of the last thirty days up to the newest sample: of the samples, or of too many of them the hours' p95."""
    found = series(connection, resource_id, newest_at - PEAK_SECONDS, newest_at + 1, "p95")
    peak = roll_up([point.value for point in found.points])
    return None if peak is None else peak.p95


def figure(found: RollUp, basis: str) -> float:
    """Return one figure of an hour or a day."""
    return {"p95": found.p95, "most": found.most}.get(basis, found.mean)


def _kept_from(connection: Connection, resource_id: int) -> int:
    rows = connection.execute(q.LATEST_OF, {"ids": [resource_id]}).all()
    return rows[0].samples_from or 0 if rows else 0


def _hours_forgotten(connection: Connection, resource_id: int, low: int) -> bool:
    rows = connection.execute(q.LATEST_OF, {"ids": [resource_id]}).all()
    return bool(rows and rows[0].hours_from is not None and rows[0].hours_from > low)


def thinned(points: Sequence[Sample], most: int) -> list[Sample]:
    """Return so many points at most, evenly taken, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]
