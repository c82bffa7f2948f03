"""Records made by the thousand: ids reserved beforehand and rows inserted in batches, each with what a single one leaves behind.

What the store writes for one record this writes for many: the spine, the kind's own row, the journal's first entry, the index.
It leaves checking and deriving to whoever builds the drafts, because a history that is read from elsewhere already happened.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from data.base import NEVER
from data.search import fold
from data.tables.core import record
from deskterm.journal import Entry, What
from deskterm.kinds import Kind
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

RESERVED_AT_ONCE = 1_000

_LAST_ID = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'record'")
_MOVE_ID = text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'record'")
_FIRST_ID = text("INSERT INTO sqlite_sequence (name, seq) VALUES ('record', :last)")
_NEXT_IDS = text("SELECT nextval(pg_get_serial_sequence('record', 'id')) FROM generate_series(1, :count)")


def reserve_ids(connection: Connection, count: int) -> list[int]:
    """Return ids that no other record will ever get, as the database itself would have given them."""
    if connection.dialect.name != "sqlite":
        return [int(key) for (key,) in connection.execute(_NEXT_IDS, {"count": count})]
    last = int(connection.execute(_LAST_ID).scalar_one())
    moved = connection.execute(_MOVE_ID, {"last": last + count}).rowcount
    if not moved:
        connection.execute(_FIRST_ID, {"last": last + count})
    return list(range(last + 1, last + count + 1))


class NewRecords:
    """Collects new records and writes them together. Ids are known at once; rows stand in the database after `flush`."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._ids: list[int] = []
        self._spines: list[dict[str, Any]] = []
        self._own: dict[Table, list[dict[str, Any]]] = defaultdict(list)

    def next_id(self) -> int:
        """Return a fresh id."""
        if not self._ids:
            self._ids = reserve_ids(self.unit.connection, RESERVED_AT_ONCE)[::-1]
        return self._ids.pop()

    def add(
        self, draft: Draft, *, at: int, actor: str | None = None, facts: dict[str, Any] | None = None, silent: bool = False
    ) -> None:
        """Take a complete draft, with number, state, version and instants, whose id came from `next_id`.

        Args:
            at: when it came into being.
            actor: who made it, if not the person who imports.
            facts: what was known of it then, state included, if that is not what is known now.
            silent: whoever adds it writes its first journal entry later, once it is known when it came into being.
        """
        kind = draft.kind
        title = str(draft.new.get(kind.title_field) or "")
        spine = dict.fromkeys(_SPINE_COLUMNS) | {
            "id": draft.id, "kind": kind.name, "number": draft.number, "title": title, "title_key": fold(title),
            "state": draft.state, "version": draft.version, "created_at": draft.created_at, "updated_at": draft.updated_at,
            "due_at": NEVER,
        }  # fmt: skip
        spine.update(draft.extra)
        own: dict[str, Any] = {}
        for name, column in kind.stored.items():
            (spine if column.table is record else own)[column.name] = draft.new.get(name)
        spine["title"] = title
        self._spines.append(spine)
        if kind.own_table is not None:
            self._own[kind.own_table].append({"id": draft.id, **own})
        known = facts if facts is not None else {**given(draft.new), "state": draft.state}
        if not silent:
            self.unit.journal(Entry(draft.id, 1, What.CREATED, new=known, at=at, actor=actor))
        store.index(self.unit, draft)

    def flush(self) -> None:
        """Write everything collected, and the journal and index with it."""
        connection = self.unit.connection
        if self._spines:
            connection.execute(insert(record), self._spines)
        for table, rows in self._own.items():
            connection.execute(insert(table), rows)
        self._spines, self._own = [], defaultdict(list)
        self.unit.flush()


_SPINE_COLUMNS = tuple(column.name for column in record.c)


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that say something, as the journal's first entry keeps them."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def fresh_draft(records: NewRecords, kind: Kind, values: dict[str, Any], *, number: str | None = None) -> Draft:
    """Return a draft of a new record that only lacks what its kind's rules would derive: defaults are filled in."""
    unit = records.unit
    defaults = {item.name: item.initial(unit.at) for item in kind.fields if item.default is not None}
    filled = {**defaults, **values}
    said = next((filled.get(item.name) for item in kind.fields if item.stored_as == "state"), None)
    draft = Draft(kind, {}, filled, state=said or kind.workflow.initial)
    draft.id, draft.number, draft.version = records.next_id(), number or store.next_number(unit, kind), 1
    draft.created_at = draft.updated_at = unit.at
    return draft
