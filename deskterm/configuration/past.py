"""Status accounting: any CI as it was at any instant, told from the journal alone, with the relations that held then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from data.base import NEVER
from data.queries import accounting as q
from deskterm.clock import format_instant
from deskterm.configuration.words import BY_HAND
from deskterm.desk import Desk
from deskterm.errors import NotFound
from deskterm.records import reading, resolve, store
from deskterm.records.schema import LinkLine, RecordView

BATCH = 500


@dataclass(frozen=True, slots=True)
class Then:
    """One record as it was."""

    id: int
    state: str
    version: int
    updated_at: int
    values: Mapping[str, Any]
    """Stored values by field name; nothing for a field that was empty."""


def states_at(connection: Connection, ids: Iterable[int], at: int) -> dict[int, Then]:
    """Return records as they were at an instant; one that was not there yet is missing.

    What somebody recorded later about an earlier instant counts: this is what was, as far as it is known today.
    """
    found: dict[int, Then] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), BATCH):
        for row in connection.execute(q.HISTORY, {"ids": wanted[start : start + BATCH], "at": at}):
            before = found.get(row.record_id)
            if row.what == "created":
                facts = dict(row.new or {})
                state = str(facts.pop("state", ""))
                found[row.record_id] = Then(row.record_id, state, row.version, row.at, facts)
            elif before is not None:
                version = max(before.version, row.version)
                if row.what == "state":
                    values = {**before.values, "status": row.new} if "status" in before.values else before.values
                    found[row.record_id] = replace(before, state=str(row.new), version=version, updated_at=row.at, values=values)
                else:
                    values = {**before.values, str(row.field): row.new}
                    found[row.record_id] = replace(before, version=version, updated_at=row.at, values=values)
    return found


def relations_at(connection: Connection, ids: Sequence[int], at: int) -> list[Any]:
    """Return the rows of the relations that touched these records at an instant, oldest first."""
    rows: dict[int, Any] = {}
    for start in range(0, len(ids), BATCH):
        asked = {"ids": ids[start : start + BATCH], "relations": list(BY_HAND), "at": at}
        rows |= {row.id: row for row in connection.execute(q.RELATIONS, asked)}
    return [rows[key] for key in sorted(rows)]


def view_at(desk: Desk, number: str, at: int) -> RecordView:
    """Return one record whole, as it was at an instant: fields, state, relations, and what the journal said by then.

    Raises:
        NotFound: there is no such record, or it was not there yet.
    """
    now = desk.show(number)
    kind = desk.registry.kind(now.kind)
    with desk.database.read() as connection:
        then = states_at(connection, [now.id], at).get(now.id)
        if then is None:
            raise NotFound(
                f"{now.number} was not there yet at {format_instant(at)}; it begins at {format_instant(now.created_at)}"
            )
        rows = relations_at(connection, [now.id], at)
        ids = store.references(kind, then.values) | {row.source_id for row in rows} | {row.target_id for row in rows}
        names = resolve.names(connection, ids)
        spine = {row.id: row for row in connection.execute(q.SPINE, {"ids": sorted(ids or {now.id})})}
        others = states_at(connection, ids - {now.id}, at)
    links = tuple(_line(now.id, row, spine, others) for row in rows)
    return replace(
        now,
        title=str(then.values.get(kind.title_field) or now.title),
        state=then.state,
        version=then.version,
        updated_at=then.updated_at,
        values={item.name: then.values.get(item.name) for item in kind.fields},
        names={**now.names, **names},
        links=links,
        journal=tuple(line for line in now.journal if line.at <= at),
    )


def _line(own: int, row: Any, spine: Mapping[int, Any], others: Mapping[int, Then]) -> LinkLine:
    inverse = row.target_id == own
    other = spine[row.source_id if inverse else row.target_id]
    state = others[other.id].state if other.id in others else other.state
    until = None if row.valid_until == NEVER else row.valid_until
    return LinkLine(
        row.relation, inverse, other.number, other.kind, other.title, state, row.valid_from, until, row.group, row.need
    )  # fmt: skip


def exported(desk: Desk, view: RecordView) -> dict[str, object]:
    """Return the fields of a view as scripts read them, empty ones left out."""
    shown = reading.as_json(desk.registry.kind(view.kind), view)
    return {name: value for name, value in shown.items() if value not in (None, "", [], {})}
