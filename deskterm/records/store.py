"""Records in and out of their tables: the spine and the kind's own row, loaded together and written together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from data import search
from data.base import NEVER
from data.queries import records as q
from data.tables.core import record
from deskterm.fields import Ref, Refs
from deskterm.journal import Entry, What
from deskterm.kinds import Kind
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.workflow import Phase

_OPEN_PHASES = (Phase.ACTIVE, Phase.WAITING)


@lru_cache(maxsize=128)
def _statement(kind: Kind, locked: bool) -> Select[Any]:
    """Return the statement that loads a kind's records: spine columns under their names, own ones after."""
    columns: list[Any] = [record]
    source: Any = record
    if kind.own_table is not None:
        columns += [column.label(f"own_{column.name}") for column in kind.own_table.c if column.name != "id"]
        source = record.join(kind.own_table, kind.own_table.c.id == record.c.id)
    statement = select(*columns).select_from(source).where(record.c.id.in_(bindparam("ids", expanding=True)))
    return statement.order_by(record.c.id).with_for_update(of=record) if locked else statement


def load(
    connection: Connection, kind: Kind, ids: Iterable[int], *, locked: bool = False, links: Collection[str] | None = None
) -> dict[int, Draft]:
    """Return records of one kind by id; a draft's `old` and `new` are equal.

    Args:
        locked: hold the rows until the transaction ends (SQLite's writer holds the whole file anyway).
        links: the fields kept as links that are wanted, for a list that shows no others; None is all of them.
    """
    wanted = sorted(set(ids))
    rows = connection.execute(_statement(kind, locked), {"ids": wanted}).mappings().all()
    linked = _linked(connection, kind, wanted, links)
    return {row["id"]: _draft(kind, dict(row), linked.get(row["id"], {})) for row in rows}


LOCKED_AT_ONCE = 1_000


def lock(unit: Unit, ids: Iterable[int]) -> None:
    """Hold records until the transaction ends, in the order of their ids: two that lock several never wait for each other."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), LOCKED_AT_ONCE):
        unit.connection.execute(q.LOCK, {"ids": ordered[start : start + LOCKED_AT_ONCE]})


def _draft(kind: Kind, row: Mapping[str, Any], linked: Mapping[str, Any]) -> Draft:
    values = {name: row[_label(kind, name)] for name in kind.stored}
    values.update({item.name: linked.get(item.name, []) for item in kind.links})
    draft = Draft(kind, values, dict(values), row["id"], row["number"], row["version"], row["state"], row["state"])
    draft.created_at, draft.updated_at = row["created_at"], row["updated_at"]
    draft.extra = {name: row[name] for name in SPINE_EXTRAS}
    return draft


SPINE_EXTRAS = ("open_since", "done_at", "due_at", "clock_state")
"""Spine columns that the desk keeps by itself."""


@lru_cache(maxsize=2048)
def _label(kind: Kind, name: str) -> str:
    column = kind.column(name)
    return column.name if column.table is record else f"own_{column.name}"


def _linked(
    connection: Connection, kind: Kind, ids: Sequence[int], names: Collection[str] | None
) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = {key: {} for key in ids}
    for item in kind.links if ids else ():
        shape = item.type
        assert isinstance(shape, Refs)
        if names is not None and item.name not in names:
            continue
        for record_ids in found.values():
            record_ids[item.name] = []
        statement = q.LINKED_TO_ANY if shape.inverse else q.LINKED_FROM_ANY
        for row in connection.execute(statement, {"relation": shape.relation, "ids": ids}):
            own, other = (row.target_id, row.source_id) if shape.inverse else (row.source_id, row.target_id)
            found[own][item.name].append(other)
    return {key: {name: sorted(others) for name, others in fields.items()} for key, fields in found.items()}


def next_number(unit: Unit, kind: Kind) -> str:
    """Return the next number of a kind: INC-00042."""
    return f"{kind.prefix}-{unit.next_value(kind.prefix):05d}"


def insert_draft(unit: Unit, draft: Draft, *, number: str | None = None) -> None:
    """Write a new record with its journal entry; the draft gets its id and number."""
    kind = draft.kind
    draft.number = number or next_number(unit, kind)
    draft.version = 1
    draft.created_at = draft.updated_at = unit.at
    _mark_open(unit, draft)
    spine = {
        "kind": kind.name, "number": draft.number, "version": 1, "created_at": unit.at, "updated_at": unit.at,
        "title": draft.new.get(kind.title_field) or "", "state": draft.state,
    }  # fmt: skip
    own: dict[str, Any] = {}
    _spread(kind, draft.new, spine, own)
    spine["title_key"] = search.fold(str(spine["title"]))
    spine.update({name: value for name, value in draft.extra.items() if value is not None})
    draft.id = unit.insert(record, spine)
    if kind.own_table is not None:
        unit.insert(kind.own_table, {"id": draft.id, **own})
    facts = {name: value for name, value in draft.new.items() if value not in (None, "", [])}
    unit.journal(Entry(draft.id, 1, What.CREATED, new={**facts, "state": draft.state}, text=draft.reason or None))
    _write_links(unit, draft)
    index(unit, draft)


def update_draft(unit: Unit, draft: Draft, *, again: bool = False) -> bool:
    """Write what differs, one journal entry per field, and raise the version; return whether the record itself changed.

    Links that are kept aside are written as well, and leave the version as it was.

    Args:
        again: links that the draft has again go on as they were, instead of beginning anew.
    """
    changed = {name: both for name, both in draft.changed.items() if not kept_aside(draft.kind, name)}
    moved = draft.state != draft.state_before
    if not changed and not moved:
        _write_links(unit, draft, again=again)
        return False
    kind, version = draft.kind, draft.version + 1
    _mark_open(unit, draft)
    spine: dict[str, Any] = {"version": version, "updated_at": max(unit.at, draft.updated_at), "state": draft.state}
    own: dict[str, Any] = {}
    _spread(kind, {name: new for name, (_, new) in changed.items()}, spine, own)
    if "title" in spine:
        spine["title_key"] = search.fold(str(spine["title"]))
    spine.update(draft.extra)
    unit.update(record, draft.id, spine)
    if own and kind.own_table is not None:
        unit.update(kind.own_table, draft.id, own)
    draft.version = version
    for name, (old, new) in changed.items():
        if kind.all_fields[name].stored_as != "state":
            unit.journal(Entry(draft.id, version, What.FIELD, name, old, new))
    if moved:
        action = draft.action.name if draft.action else None
        entry = Entry(draft.id, version, What.STATE, "state", draft.state_before, draft.state, text=draft.reason or action)
        unit.journal(entry)
    _write_links(unit, draft, again=again)
    if any(item.name in changed for item in kind.searchable) or kind.title_field in changed:
        index(unit, draft)
    return True


def kept_aside(kind: Kind, name: str) -> bool:
    """Return whether a field holds links that are none of the record's own making."""
    item = kind.all_fields.get(name)
    return item is not None and isinstance(item.type, Refs) and item.type.aside


def _spread(kind: Kind, values: Mapping[str, Any], spine: dict[str, Any], own: dict[str, Any]) -> None:
    """Sort values by the table that stores them."""
    for name, value in values.items():
        column = kind.stored.get(name)
        if column is not None:
            (spine if column.table is record else own)[column.name] = value


def _mark_open(unit: Unit, draft: Draft) -> None:
    """Keep `open_since` and `done_at` in step with the state's phase."""
    if not draft.kind.is_work:
        return
    if draft.phase in _OPEN_PHASES:
        draft.extra["done_at"] = None
        if draft.extra.get("open_since") is None:
            draft.extra["open_since"] = draft.new.get("occurred_at") or unit.at
    elif draft.extra.get("done_at") is None:
        draft.extra["done_at"] = unit.at
        draft.extra["open_since"] = None


def _write_links(unit: Unit, draft: Draft, *, again: bool = False) -> None:
    """Write the fields that are kept as links. The draft's own journal has the whole list; the other end's, each link.

    Of links kept aside both journals have each.
    """
    for item in draft.kind.links:
        shape = item.type
        assert isinstance(shape, Refs)
        before, after = set(draft.old.get(item.name) or ()), set(draft.new.get(item.name) or ())
        for other in sorted(after - before):
            source, target = (other, draft.id) if shape.inverse else (draft.id, other)
            if (again and reconnect(unit, source, shape.relation, target)) or connect(unit, source, shape.relation, target):
                _journal_field_link(unit, What.LINK, draft, shape, other)
        for other in sorted(before - after):
            source, target = (other, draft.id) if shape.inverse else (draft.id, other)
            if disconnect(unit, source, shape.relation, target):
                _journal_field_link(unit, What.UNLINK, draft, shape, other)


def _journal_field_link(unit: Unit, what: What, draft: Draft, shape: Refs, other: int) -> None:
    """Journal a link of a field on its other end; on the record itself too, where the field is kept aside."""
    forth, back = (f"{shape.relation} of", shape.relation) if shape.inverse else (shape.relation, f"{shape.relation} of")
    ends = [(other, version_of(unit, other), back, draft.id)]
    if shape.aside and not draft.creating:
        ends.append((draft.id, draft.version, forth, other))
    for own, version, label, end in ends:
        old, new = (None, end) if what is What.LINK else (end, None)
        unit.journal(Entry(own, version, what, label, old, new))


def version_of(unit: Unit, record_id: int) -> int:
    """Return a record's version; 1 for one that is not written yet."""
    statement = select(record.c.version).where(record.c.id == record_id)
    return int(unit.connection.execute(statement).scalar() or 1)


def journal_link(unit: Unit, what: What, source: int, relation: str, target: int) -> None:
    """Journal on both ends that a link was made or ended."""
    for own, label, other in ((source, relation, target), (target, f"{relation} of", source)):
        old, new = (None, other) if what is What.LINK else (other, None)
        unit.journal(Entry(own, version_of(unit, own), what, label, old, new))


def connect(
    unit: Unit, source: int, relation: str, target: int, *, valid_from: int | None = None, valid_until: int | None = None,
    group: str | None = None, need: int | None = None,
) -> bool:  # fmt: skip
    """Link two records; return whether they were not linked like this before."""
    key = {"source_id": source, "relation": relation, "target_id": target}
    row = {"valid_from": unit.at if valid_from is None else valid_from, "valid_until": valid_until or NEVER}
    known = q.LINK_EXISTS if valid_until is None else q.LINK_LASTS
    if unit.connection.execute(known, key if valid_until is None else key | row).first():
        return False
    unit.connection.execute(q.LINK, {**key, **row, "group": group, "need": need})
    unit.touched.update((source, target))
    return True


def disconnect(unit: Unit, source: int, relation: str, target: int) -> bool:
    """End a link now; return whether there was one. It stays readable for every instant before."""
    key = {"source_id": source, "relation": relation, "target_id": target}
    row = unit.connection.execute(q.LINK_EXISTS, key).first()
    if row is None:
        return False
    unit.connection.execute(q.UNLINK, {"link_id": row.id, "until": unit.at})
    unit.touched.update((source, target))
    return True


def reconnect(unit: Unit, source: int, relation: str, target: int) -> bool:
    """Let the link between two records that ended last go on as if it had not; return whether there was one to do it to."""
    key = {"source_id": source, "relation": relation, "target_id": target}
    if unit.connection.execute(q.LINK_EXISTS, key).first():
        return False
    row = unit.connection.execute(q.LINK_ENDED, key).first()
    if row is None:
        return False
    unit.connection.execute(q.UNLINK, {"link_id": row.id, "until": NEVER})
    unit.touched.update((source, target))
    return True


def index(unit: Unit, draft: Draft, extra: str = "") -> None:
    """Put a record's text where full-text search finds it."""
    unit.indexed.append(search_entry(draft, extra))


def search_entry(draft: Draft, extra: str = "") -> search.Entry:
    """Return what full-text search knows of a record."""
    parts = [str(draft.new[item.name]) for item in draft.kind.searchable if draft.new.get(item.name)]
    title = str(draft.new.get(draft.kind.title_field) or "")
    return search.Entry(draft.id, draft.number, title, "\n".join([*parts, extra]))


def references(kind: Kind, values: Mapping[str, Any]) -> set[int]:
    """Return the ids of every record that these values point at."""
    ids: set[int] = set()
    for name, value in values.items():
        item = kind.all_fields.get(name)
        if item is None or not value:
            continue
        if isinstance(item.type, Ref) and isinstance(value, int):
            ids.add(value)
        elif isinstance(item.type, Refs):
            ids.update(value)
    return ids


def touch(unit: Unit, draft: Draft) -> None:
    """Record that something was said on a record whose fields did not change, so that lists by activity show it."""
    unit.update(record, draft.id, {"updated_at": max(unit.at, draft.updated_at)})
