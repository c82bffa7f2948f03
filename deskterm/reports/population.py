"""The records that a period is about, each with what happened to it: the facts behind every figure of the service desk's reports.

Facts come from the journal, in the words of `deskterm.service_level.facts`, so that a report and a clock never disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_

from data.queries import reports as q
from data.tables.core import record
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans
from deskterm.kinds import Kind
from deskterm.permissions import SYSTEM, require
from deskterm.query import quote
from deskterm.query.compiler import Moment, compile_query
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.service_level.clocks import facts_of
from deskterm.service_level.facts import Facts
from deskterm.service_level.rules import PhaseState

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about: kinds, a query of the desk's language, a period."""

    kinds: tuple[Kind, ...]
    query: str
    from_at: int
    to_at: int
    now: int

    def covers(self, at: int | None) -> bool:
        """Return whether something happened in the period."""
        return at is not None and self.from_at <= at < self.to_at

    @property
    def end_at(self) -> int:
        """The instant at which what is open is counted: the end of the period, or now where that is still to come."""
        return min(self.to_at, self.now)


@dataclass(frozen=True, slots=True)
class Case:
    """One record of the period and its facts. Instants are those of when it happened, not of when it was recorded."""

    id: int
    kind: str
    values: Mapping[str, Any]
    opened_at: int
    """When the service failed or the contact was made."""
    facts: Facts
    acknowledged_at: int | None
    """When a person first took notice: handed it on, began, answered. None as long as nobody did."""
    resolutions: tuple[int, ...]
    """Every instant at which it was resolved; being cancelled is no resolution."""

    def resolved_in(self, scope: Scope) -> int | None:
        """Return the last instant in the period at which it was resolved."""
        return max((at for at in self.resolutions if scope.covers(at)), default=None)

    def is_open_at(self, at: int) -> bool:
        """Return whether work was owed at an instant."""
        ended = sum(one <= at for one in self.facts.resolved)
        return self.opened_at <= at and ended == sum(one <= at for one in self.facts.reopened)

    def held_seconds(self, until: int) -> int:
        """Return for how long somebody else had to act before an instant, or it was resolved before a reopening."""
        held = Spans.of(phase.until(until) for phase in self.facts.phases if phase.state is not PhaseState.OPEN)
        return held.clip(self.opened_at, until).seconds


def scope_of(desk: Desk, kinds: Sequence[str], from_at: int, to_at: int, options: Mapping[str, str]) -> Scope:
    """Return what a report is about; every option besides `query` is a field that must have that value.

    Raises:
        InvalidInput: an option is no field of these kinds.
        NotAllowed: the person may not read one of them.
    """
    found = desk.registry.kinds(kinds)
    for kind in found:
        require(desk.actor, "read", kind.family, kind.process, kind.name)
    parts = [options.get("query", "").strip()]
    for name, value in options.items():
        if name == "query":
            continue
        if not any(name in kind.all_fields for kind in found):
            takes = f"query or a field of {' and '.join(kind.name for kind in found)}"
            raise InvalidInput(f"this report does not take {name!r}; it takes {takes}", fields={name: "unknown"})
        parts.append(f"{name}:{value if value in ('none', 'me') else quote(value)}")
    if parts[0] and len(parts) > 1:
        parts[0] = f"({parts[0]})"
    return Scope(found, " ".join(part for part in parts if part), from_at, to_at, desk.moment)


def selection(desk: Desk, scope: Scope, connection: Connection) -> tuple[Select[Any], dict[str, Any]]:
    """Return the statement that finds the records of a scope, and its parameters."""
    condition = compile_query(scope.query, scope.kinds, desk.database.dialect, tz=desk.actor.tz)
    of_kinds = record.c.kind.in_([kind.name for kind in scope.kinds])
    parameters = condition.parameters(Moment(connection, desk.actor, scope.now))
    return q.alive(and_(of_kinds, condition.where), *condition.tables), {
        **parameters,
        "from_at": scope.from_at,
        "to_at": scope.to_at,
        "now_at": scope.now,
    }


def cases(desk: Desk, scope: Scope, connection: Connection) -> Iterator[Case]:
    """Yield every record of a scope with its facts."""
    statement, parameters = selection(desk, scope, connection)
    by_kind: dict[str, list[int]] = {kind.name: [] for kind in scope.kinds}
    for row in connection.execute(statement, parameters):
        by_kind[row.kind].append(row.id)
    for kind in scope.kinds:
        ids = by_kind[kind.name]
        for start in range(0, len(ids), CHUNK):
            yield from _read(connection, kind, ids[start : start + CHUNK])


def _read(connection: Connection, kind: Kind, ids: Sequence[int]) -> Iterator[Case]:
    drafts = store.load(connection, kind, ids)
    facts = facts_of(connection, list(drafts.values()))
    noticed = _noticed(connection, kind, ids)
    for key in ids:
        draft = drafts[key]
        yield _case(draft, facts[key], [at for at in (noticed.get(key), draft.get("first_response_at")) if at is not None])


def _case(draft: Draft, facts: Facts, noticed: Collection[int]) -> Case:
    resolutions = tuple(at for at in facts.resolved if at != facts.cancelled_at)
    first = min(noticed, default=None)
    return Case(
        draft.id,
        draft.kind.name,
        draft.new,
        facts.started_at,
        facts,
        None if first is None else max(first, facts.started_at),
        resolutions,
    )


def _noticed(connection: Connection, kind: Kind, ids: Sequence[int]) -> dict[int, int]:
    """Return when a person first moved each record out of its first state, or made it in another."""
    arguments = {"ids": list(ids)}
    found = {row.record_id: row.at for row in connection.execute(q.ACKNOWLEDGED, {**arguments, "desk": SYSTEM})}
    for row in connection.execute(q.CREATED, arguments):
        if row.actor != SYSTEM and row.new["state"] != kind.workflow.initial:
            found[row.record_id] = row.at
    return found
