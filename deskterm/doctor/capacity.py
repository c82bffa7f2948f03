"""Capacity examined: hours are what their samples come to, plans as they were frozen, newest samples as resources say."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from data.queries import capacity as q
from data.tables import capacity as t
from data.tables.core import record
from deskterm.capacity import plan_document
from deskterm.capacity.rolling import row_of
from deskterm.capacity.samples import HOUR_SECONDS
from deskterm.doctor.findings import Finding, Severity

NEWEST_HOURS = 48
"""So many hours of each resource are summed up again."""
_READINGS = (
    select(record.c.number, t.resource_reading.c.resource_id, t.resource_reading.c.latest_at, t.resource_reading.c.latest)
    .join(record, record.c.id == t.resource_reading.c.resource_id)
    .order_by(record.c.id)
)
_VERSIONS = select(
    record.c.number, t.capacity_plan_version.c.version, t.capacity_plan_version.c.document, t.capacity_plan_version.c.digest
).join(record, record.c.id == t.capacity_plan_version.c.plan_id)


def capacity(connection: Connection) -> Iterator[Finding]:
    """Yield what is wrong with resources and capacity plans."""
    for row in connection.execute(_READINGS).all():
        newest = connection.execute(q.NEWEST, {"resource": row.resource_id, "limit": 1}).first()
        if newest is not None and (newest.at, newest.value) != (row.latest_at, row.latest):
            said = "its newest sample is another one than it says; tell any sample again with: deskterm new sample"
            yield Finding("sample", Severity.WARNING, said, row.number)
        yield from _hours(connection, row.number, row.resource_id, row.latest_at)
    for row in connection.execute(_VERSIONS):
        if plan_document.digest(row.document) != row.digest:
            said = f"version {row.version} is not what was frozen; compare it with a backup"
            yield Finding("capacity-plan", Severity.ERROR, said, row.number)


def _hours(connection: Connection, number: str, resource_id: int, latest_at: int) -> Iterator[Finding]:
    """Sum the newest hours of a resource up again; those that are marked are summed up by the next job anyway."""
    low, high = latest_at - latest_at % HOUR_SECONDS - NEWEST_HOURS * HOUR_SECONDS, latest_at + 1
    span = {"resource": resource_id, "low": low, "high": high}
    marked = {row.at for row in connection.execute(q.MARKED, {**span, "limit": NEWEST_HOURS + 1})}
    kept = {row["at"]: dict(row) for row in connection.execute(q.HOURS, span).mappings()}
    values: dict[int, list[float]] = {}
    for at, value in connection.execute(q.WITHIN, span):
        values.setdefault(at - at % HOUR_SECONDS, []).append(value)
    wrong = [at for at, some in values.items() if at not in marked and kept.get(at) != row_of(resource_id, at, some)]
    if wrong:
        said = f"{len(wrong)} of its newest hours are not what their samples come to; import their samples again, one changed"
        yield Finding("roll-up", Severity.WARNING, said, number)
