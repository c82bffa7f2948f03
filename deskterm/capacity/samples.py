"""Samples of resources: kept one for each instant, in whatever order they come, each marking its hour as to be summed up.

Of two samples of one instant the one told later counts, in a file as on the desk. A sample older than what is kept of its
resource's samples is left out: its hour is summed up already, and its neighbours are gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sqlalchemy import Connection, and_, case

from data.queries import capacity as q
from data.tables import capacity as t
from data.upsert import upsert, upsert_many
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.fields import write_number
from deskterm.records import resolve, store
from deskterm.records.unit import Unit

HOUR_SECONDS = 3600
LARGEST = 1e15
"""As in `forecasts`: larger figures are no measurements."""
AHEAD_SECONDS = 300
"""So far a probe's clock may be ahead of ours."""
CHUNK = 20_000
"""Samples looked at and written together."""


@dataclass(slots=True)
class Tally:
    """What became of samples."""

    created: int = 0
    corrected: int = 0
    """Another value was known of their instant."""
    unchanged: int = 0
    left_out: int = 0
    """Older than what is kept."""

    @property
    def all(self) -> int:
        """How many there were."""
        return self.created + self.corrected + self.unchanged + self.left_out

    def add(self, other: Tally) -> None:
        """Count what became of more of them."""
        self.created += other.created
        self.corrected += other.corrected
        self.unchanged += other.unchanged
        self.left_out += other.left_out


def value_fault(value: float) -> str:
    """Return what is wrong with a value; empty where it is a measurement."""
    if value != value:
        return "is NaN, which is no measurement"
    if not isfinite(value):
        return f"is {'+' if value > 0 else '-'}Inf, which is no measurement"
    return "" if abs(value) <= LARGEST else f"is beyond all measure (more than {LARGEST:g})"


def hour_of(at: int) -> int:
    """Return the first instant of the hour that an instant lies in."""
    return at - at % HOUR_SECONDS


def put(connection: Connection, resource_id: int, samples: Sequence[tuple[int, float]]) -> Tally:
    """Keep samples of one resource, in any order; of two of one instant the later counts.

    Args:
        samples: instant and value, checked with `value_fault`.
    """
    rows = connection.execute(q.LATEST_OF, {"ids": [resource_id]}).mappings().all()
    held = rows[0] if rows else None
    kept_from = held["samples_from"] if held and held["samples_from"] is not None else None
    ordered = _in_order(samples)
    tally = Tally(unchanged=len(samples) - len(ordered))
    if kept_from is not None:
        fresh = [pair for pair in ordered if pair[0] >= kept_from]
        tally.left_out = len(ordered) - len(fresh)
        ordered = fresh
    for start in range(0, len(ordered), CHUNK):
        tally.add(_put_some(connection, resource_id, ordered[start : start + CHUNK]))
    if ordered:
        _note_latest(connection, resource_id, ordered[-1])
    return tally


def _in_order(samples: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return samples by instant, one for each; what comes in order already is not sorted again."""
    before: int | None = None
    for at, _ in samples:
        if before is not None and at <= before:
            return sorted(dict(samples).items())
        before = at
    return list(samples)


def _put_some(connection: Connection, resource_id: int, samples: Sequence[tuple[int, float]]) -> Tally:
    span = {"resource": resource_id, "low": samples[0][0], "high": samples[-1][0]}
    known = {row.at: row.value for row in connection.execute(q.BETWEEN, span)}
    new = [{"resource_id": resource_id, "at": at, "value": value} for at, value in samples if at not in known]
    wrong = [(at, value) for at, value in samples if at in known and known[at] != value]
    touched = sorted({hour_of(at) for at, value in samples if known.get(at) != value})
    _mark(connection, resource_id, touched)  # first: a roll-up that runs meanwhile waits for us, or finds the hour marked anew
    if new:
        connection.execute(q.ADD, new)
    if wrong:
        changes = [{"resource": resource_id, "instant": at, "new_value": value} for at, value in wrong]
        connection.execute(q.CORRECT, changes)
    return Tally(len(new), len(wrong), len(samples) - len(new) - len(wrong))


def _mark(connection: Connection, resource_id: int, hours: Iterable[int]) -> None:
    rows = [{"resource_id": resource_id, "at": at, "marks": 1} for at in hours]
    if rows:
        changes = {"marks": t.sample_dirty.c.marks + 1}
        connection.execute(
            upsert_many(connection.dialect.name, t.sample_dirty, keys=("resource_id", "at"), changes=changes), rows
        )


def _note_latest(connection: Connection, resource_id: int, newest: tuple[int, float]) -> None:
    table = t.resource_reading
    at, value = newest
    row = {"resource_id": resource_id, "latest_at": at, "latest": value}
    changes = {
        "latest_at": case((table.c.latest_at > at, table.c.latest_at), else_=at),
        "latest": case((table.c.latest_at > at, table.c.latest), else_=value),
        # A newest sample that is corrected is judged again.
        "judged_at": case((and_(table.c.judged_at == at, table.c.latest != value), at - 1), else_=table.c.judged_at),
    }
    connection.execute(upsert(connection.dialect.name, table, row, keys=("resource_id",), changes=changes))


def add(desk: Desk, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep one sample, as `deskterm new sample` tells it.

    Raises:
        NotAllowed: the person may not edit resources.
        InvalidInput: it lies in the future, or before what is kept of the resource's samples.
    """
    kind = desk.registry.kind("resource")
    at = desk.moment if values.get("at") is None else int(values["at"])
    if at > desk.now() + AHEAD_SECONDS:
        raise InvalidInput(f"{format_instant(at)} is still to come; nothing is measured there", fields={"at": "in the future"})
    with desk.refusals(), desk.unit("new sample") as unit:
        unit.at = unit.recorded_at  # a sample says itself when it was measured: telling an old one is no backfill
        unit.require("edit", kind)
        draft = store.load(unit.connection, kind, [values["resource"]], locked=True)[values["resource"]]
        if draft.state != "active":
            raise InvalidInput(f"{draft.number} is retired; restore it first", fields={"resource": "retired"})
        tally = put(unit.connection, draft.id, [(at, values["value"])])
        if tally.left_out:
            days = draft.get("keep_samples_days")
            rule = f"older than the {days} days for which samples of {draft.number} are kept; its hour is summed up"
            raise InvalidInput(f"{format_instant(at)} is {rule}", fields={"at": rule})
    done = "new" if tally.created else "corrected" if tally.corrected else "unchanged"
    line = f"{draft.number}  {format_instant(at)}  {write_number(values['value'])} {draft.get('unit') or ''}".rstrip()
    return {"resource": draft.number, "at": format_instant(at), "value": values["value"], "done": done, "line": f"{line}  {done}"}


def resource_named(unit: Unit, name: str) -> int:
    """Return the resource of a number, a name or an external name.

    Raises:
        ValueError: there is none, or several.
    """
    wanted = name.strip()
    rows = unit.once("resource keys", lambda: unit.connection.execute(q.BY_KEY).all())
    found = [row.id for row in rows if row.external_key == wanted]
    if len(found) > 1:
        raise ValueError(f"names {len(found)} resources by their external name")
    return found[0] if found else resolve.one_of(unit.connection, wanted, ("resource",))


def drop(desk: Desk, number: str, from_at: int, to_at: int) -> int:
    """Take samples back that are none, such as those of a broken probe; return how many.

    Raises:
        NotAllowed: the person may not edit resources.
        InvalidInput: the stretch has no length, or begins before what is kept.
    """
    if from_at >= to_at:
        raise InvalidInput("the stretch ends after it begins", fields={"to": "not after from"})
    kind = desk.registry.kind("resource")
    with desk.refusals(number), desk.unit("drop samples") as unit:
        unit.require("edit", kind)
        found = resolve.by_number(unit.connection, number)
        if found.kind != kind.name:
            raise NotAllowed(f"{number} is no resource; samples are of resources")
        held = unit.connection.execute(q.LATEST_OF, {"ids": [found.id]}).first()
        if held is not None and held.samples_from is not None and from_at < held.samples_from:
            rule = f"samples of {number} are kept since {format_instant(held.samples_from)}; what is older is summed up already"
            raise InvalidInput(rule, fields={"from": rule})
        span = {"resource": found.id, "low": from_at, "high": to_at}
        rows = unit.connection.execute(q.WITHIN, span).all()
        _mark(unit.connection, found.id, sorted({hour_of(row.at) for row in rows}))
        unit.connection.execute(q.DROP, span)
        if held is not None and rows:
            _note_left(unit.connection, held)
    return len(rows)


def _note_left(connection: Connection, held: Any) -> None:
    """Note the newest sample that is left; where none is, the newest hour that is summed up stands for it."""
    table = t.resource_reading
    newest = connection.execute(q.NEWEST, {"resource": held.resource_id, "limit": 1}).first()
    if newest is None and held.samples_from is not None:
        newest = connection.execute(q.NEWEST_HOUR, {"resource": held.resource_id, "before": held.samples_from}).first()
    mine = table.c.resource_id == held.resource_id
    if newest is None:
        connection.execute(table.delete().where(mine))
        return
    judged_at = None if held.judged_at is None else min(held.judged_at, newest.at)
    connection.execute(table.update().where(mine).values(latest_at=newest.at, latest=newest.value, judged_at=judged_at))
