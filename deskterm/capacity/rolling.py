"""Summing samples up into hours and days, and forgetting what is older than is kept. Only what changed is worked on.

The hours whose samples changed stand in `sample_dirty`. An hour is summed up from its samples; a day from the samples of that
day, or where they are gone, as it was. So one new hour costs the samples of one day, whatever the history; a late sample sums
its own hour and day up anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from data.queries import capacity as q
from deskterm.capacity.rules import roll_up
from deskterm.capacity.samples import HOUR_SECONDS
from deskterm.jobs import JobContext, JobStopped

DAY_SECONDS = 86_400
AT_ONCE = 2_000
"""Dirty hours of a transaction."""
STRETCH_SECONDS = 40 * DAY_SECONDS
"""Samples that are read together lie no further apart."""
PAGE = 500


def roll_up_dirty(context: JobContext) -> int:
    """Sum up every hour that changed, and the days they lie in; return how many hours that were."""
    count = 0
    while True:
        if context.stopping():
            raise JobStopped(f"{context.job} was stopped")
        with context.unit() as unit:
            found = roll_some(unit.connection)
        count += found
        if found < AT_ONCE:
            return count


def roll_some(connection: Connection, limit: int = AT_ONCE) -> int:
    """Sum up some of the hours that changed; return how many."""
    rows = connection.execute(q.DIRTY, {"resource": -1, "after": -1, "limit": limit}).all()
    for resource_id, group in groupby(rows, key=lambda row: row.resource_id):
        for hours in _stretches(row.at for row in group):
            _roll_stretch(connection, resource_id, hours)
    return len(rows)


def _stretches(hours: Iterable[int]) -> Iterator[list[int]]:
    """Yield hours that lie close together."""
    some: list[int] = []
    for at in hours:
        if some and (at - some[0] >= STRETCH_SECONDS or at - some[-1] > 3 * DAY_SECONDS):
            yield some
            some = []
        some.append(at)
    if some:
        yield some


def _roll_stretch(connection: Connection, resource_id: int, hours: Sequence[int]) -> None:
    # Taken out before samples are read: whoever adds one meanwhile marks its hour anew (see `samples.put`). What was marked
    # between two of these hours since they were read goes with them, so it is what was taken out that is summed up.
    marked = connection.execute(q.CLEAN, {"resource": resource_id, "low": hours[0], "high": hours[-1]})
    hours = sorted(row.at for row in marked)
    if not hours:  # another one was quicker
        return
    days = sorted({at - at % DAY_SECONDS for at in hours})
    low, high = days[0], days[-1] + DAY_SECONDS
    rows = connection.execute(q.WITHIN, {"resource": resource_id, "low": low, "high": high})
    by_hour: dict[int, list[float]] = {}
    for at, value in rows:
        by_hour.setdefault(at - at % HOUR_SECONDS, []).append(value)
    new_hours = [row_of(resource_id, at, by_hour[at]) for at in hours if at in by_hour]
    wanted = set(days)
    new_days = []
    for day, group in groupby(sorted(by_hour), key=lambda at: at - at % DAY_SECONDS):
        if day in wanted:
            new_days.append(row_of(resource_id, day, [value for at in group for value in by_hour[at]]))
    _replace(connection, resource_id, hours, HOUR_SECONDS, q.FORGET_HOURS, q.ADD_HOURS, new_hours)
    _replace(connection, resource_id, days, DAY_SECONDS, q.FORGET_DAYS, q.ADD_DAYS, new_days)
    for low, high in _runs(days, DAY_SECONDS):  # a late sample: what was foretold of its day is held against it anew
        connection.execute(q.UNSCORE, {"resource": resource_id, "from_day": low, "to_day": high})


def row_of(resource_id: int, at: int, values: Sequence[float]) -> dict[str, Any]:
    """Return the row of an hour or a day."""
    found = roll_up(values)
    assert found is not None
    return {
        "resource_id": resource_id, "at": at, "samples": found.samples, "least": found.least, "mean": found.mean,
        "p95": found.p95, "most": found.most,
    }  # fmt: skip


def _replace(
    connection: Connection, resource_id: int, instants: Sequence[int], seconds: int, forget: Any, add: Any,
    rows: list[Mapping[str, Any]] | list[dict[str, Any]],
) -> None:  # fmt: skip
    for low, high in _runs(instants, seconds):
        connection.execute(forget, {"resource": resource_id, "low": low, "high": high})
    if rows:
        connection.execute(add, rows)


def _runs(instants: Sequence[int], seconds: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches that instants fill without a gap, so that what lies between is left alone."""
    start = before = instants[0]
    for at in instants[1:]:
        if at != before + seconds:
            yield start, before + seconds
            start = at
        before = at
    yield start, before + seconds


def forget_old(context: JobContext) -> int:
    """Delete samples and hours that are older than is kept of their resource, counted from its newest sample.

    What is not summed up yet is kept: a day is forgotten whole, and only once none of its hours is marked.
    """
    count, after = 0, 0
    while True:
        with context.database.read() as connection:
            rows = connection.execute(q.KEPT, {"after": after, "limit": PAGE}).mappings().all()
        if not rows:
            return count
        after = rows[-1]["resource_id"]
        due = {row["resource_id"]: limits for row in rows if (limits := _limits(row)) is not None}
        count += context.each(list(due), lambda unit, ids, due=due: sum(_forget(unit.connection, key, *due[key]) for key in ids))  # type: ignore[misc]


def _limits(row: Mapping[Any, Any]) -> tuple[int, int] | None:
    """Return from when on samples and hours are kept; None where nothing is to be forgotten."""
    newest_day = row["latest_at"] - row["latest_at"] % DAY_SECONDS
    samples = newest_day - row["keep_samples_days"] * DAY_SECONDS
    hours = newest_day - max(row["keep_hours_days"], row["keep_samples_days"]) * DAY_SECONDS
    held_samples, held_hours = row["samples_from"], row["hours_from"]
    if (held_samples is not None and held_samples >= samples) and (held_hours is not None and held_hours >= hours):
        return None
    return max(samples, held_samples or samples), max(hours, held_hours or hours)


def _forget(connection: Connection, resource_id: int, samples_from: int, hours_from: int) -> int:
    dirty = connection.execute(q.DIRTY, {"resource": resource_id, "after": -1, "limit": 1}).first()
    if dirty is not None and dirty.resource_id == resource_id and dirty.at < samples_from:
        return 0  # the roll-up comes first
    gone = connection.execute(q.DROP, {"resource": resource_id, "low": -(2**62), "high": samples_from}).rowcount
    hours = connection.execute(q.FORGET_HOURS, {"resource": resource_id, "low": -(2**62), "high": hours_from}).rowcount
    if gone or hours:
        connection.execute(q.KEEP_FROM, {"resource": resource_id, "samples": samples_from, "hours": hours_from})
    return 1 if gone or hours else 0
