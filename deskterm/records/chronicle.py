"""A unit of work that lives through a past: many actors, many instants, every rule of every kind, written together at the end.

Each step is what a person or the desk did at an instant, with the rights they have, under an operation of its own; the rows
that come of it are kept and written in batches, the journal in the order in which it was recorded. Histories that are read
from elsewhere, where no rule has a say any more, are `deskterm.exchange.bulk`'s.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, insert, select, text

from data import search
from data.base import NEVER
from data.queries import records as q
from data.tables.core import link, operation, record
from deskterm.journal import Entry, What
from deskterm.kinds import Kind, Rule
from deskterm.permissions import Actor
from deskterm.records import writing
from deskterm.records.draft import Draft
from deskterm.records.unit import APPEND, Unit

T = TypeVar("T")


@dataclass(slots=True)
class Chronicle(Unit):
    """A unit of work whose clock and actor move. Nothing it writes is in the database before `finish`."""

    until: int = 0
    """The present, at which it ends."""
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())
    """Names each operation."""
    batched: Mapping[Rule, Callable[[Chronicle, Sequence[Draft]], None]] = field(default_factory=dict)
    """Rules that follow up on all records at once at the end, such as the judging of clocks."""
    pending: dict[Table, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """The journal by record, in the order in which it was recorded."""
    operations: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[Hashable, Any] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    ids: dict[Table, Iterator[int]] = field(default_factory=dict)
    written: dict[Rule, dict[int, Draft]] = field(default_factory=lambda: defaultdict(dict))

    # Steps

    @contextmanager
    def step(self, actor: Actor, at: int, what: str) -> Iterator[None]:
        """Do something as somebody at an instant, under an operation of its own."""
        self.actor, self.at, self.recorded_at, self.what = actor, at, at, what
        self.id = self.new_id()
        self.touched.clear()
        yield
        if self.touched:
            row = {"id": self.id, "actor": actor.login, "at": at, "what": what, "records": len(self.touched)}
            self.operations.append(row)

    def create(self, actor: Actor, at: int, kind: Kind, values: Mapping[str, Any]) -> Draft:
        """Make a record and return it as it stands."""
        with self.step(actor, at, f"new {kind.name}"):
            return carried(writing.create(self, kind, values))

    def act(self, draft: Draft, actor: Actor, at: int, action: str, values: Mapping[str, Any] | None = None) -> Draft:
        """Take a workflow action on a record and return it as it stands then."""
        with self.step(actor, at, action):
            return carried(writing.act(self, draft, action, values or {}))

    def edit(self, draft: Draft, actor: Actor, at: int, values: Mapping[str, Any]) -> Draft:
        """Change fields of a record and return it as it stands then."""
        with self.step(actor, at, "edit"):
            return carried(writing.edit(self, draft, values))

    def note(self, draft: Draft, actor: Actor, at: int, text: str, *, public: bool = False) -> Draft:
        """Append a note or a public reply and return the record as it stands then."""
        with self.step(actor, at, "reply" if public else "note"):
            return carried(writing.note(self, draft, text, public=public))

    def connect(self, actor: Actor, at: int, source: Draft, relation: str, target: Draft) -> None:
        """Link two records of this chronicle, as `writing.link` does where both are stored already."""
        with self.step(actor, at, "link"):
            self.require("link", source.kind)
            row = {"source_id": source.id, "relation": relation, "target_id": target.id, "valid_from": at, "valid_until": NEVER}
            self.insert(link, row)
            self.journal(Entry(source.id, self.version_at(source.id, at), What.LINK, relation, new=target.id))
            self.journal(Entry(target.id, self.version_at(target.id, at), What.LINK, f"{relation} of", new=source.id))

    def version_at(self, record_id: int, at: int) -> int:
        """Return the version that a record of this chronicle had at an instant."""
        return max((row["version"] for row in self.rows[record_id] if row["recorded_at"] <= at), default=1)

    # What a unit of work does at once and this one keeps

    def journal(self, entry: Entry) -> None:
        """Append a fact; it is written with everything else at the end."""
        self.rows[entry.record_id].append(self._row(entry))
        self.touched.add(entry.record_id)

    def next_value(self, prefix: str) -> int:
        """Return the next number under a prefix."""
        if prefix not in self.counters:
            self.counters[prefix] = Unit.next_value(self, prefix) - 1
        self.counters[prefix] += 1
        return self.counters[prefix]

    def kind_of(self, record_id: int) -> str | None:
        """Return the name of a record's kind, also of one that is kept here."""
        kept = self.pending[record].get(record_id)
        if kept is not None:
            return str(kept["kind"])
        return self.once(("kind of", record_id), lambda: Unit.kind_of(self, record_id))

    def insert(self, table: Table, row: Mapping[str, Any]) -> int:
        """Keep a new row and return the id it will have."""
        key = row.get("id")
        if key is None:
            key = next(self.ids.setdefault(table, _ids(self.connection, table)))
        self.pending[table][key] = {**row, "id": key}
        return key

    def update(self, table: Table, key: int, values: Mapping[str, Any]) -> None:
        """Change a row that is kept here, or one that is stored already."""
        kept = self.pending[table].get(key)
        if kept is None:
            Unit.update(self, table, key, values)
        else:
            kept.update(values)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what a rule reads, asked for once."""
        if key not in self.memory:
            self.memory[key] = read()
        found: T = self.memory[key]
        return found

    def follow(self, rule: Rule, draft: Draft) -> None:
        """Let a rule follow up: at the end if it is one of those that take all records together."""
        if rule in self.batched:
            self.written[rule][draft.id] = draft
        else:
            rule(self, draft)

    def flush(self) -> None:
        """Write nothing yet: statements of this unit do not see what it keeps."""

    def finish(self) -> None:
        """Let the batched rules follow up, then write everything."""
        for rule, together in self.batched.items():
            together(self, list(self.written[rule].values()))
        tables = [record, *(table for table in self.pending if table is not record)]
        for table in tables:
            self._write(table, list(self.pending[table].values()))
        if self.rows:
            journal = sorted((row for rows in self.rows.values() for row in rows), key=itemgetter("recorded_at"))
            self.connection.execute(APPEND, journal)
            self.connection.execute(insert(operation), sorted(self.operations, key=itemgetter("at")))
        for prefix, value in self.counters.items():
            self.connection.execute(q.RAISE_NUMBER, {"prefix": prefix, "value": value})
        search.put(self.connection, {entry.record_id: entry for entry in self.indexed}.values(), fresh=True)

    def _write(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows, each with every column that any of them has, so that one statement serves all."""
        if not rows:
            return
        names = dict.fromkeys(name for row in rows for name in row)
        blank = {name: _default(table, name) for name in names}
        self.connection.execute(insert(table), [blank | row for row in rows])


RESERVED_AT_ONCE = 500
_RESERVE = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
_LAST_GIVEN = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name")


def _ids(connection: Connection, table: Table) -> Iterator[int]:
    """Yield ids that nothing else in the table has or will get; SQLite has one writer, PostgreSQL is asked for them in blocks."""
    if connection.dialect.name == "sqlite":
        given = connection.execute(_LAST_GIVEN, {"name": table.name}).scalar_one()
        used = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        yield from count(max(given, used) + 1)
    while True:
        yield from connection.execute(_RESERVE, {"name": table.name, "count": RESERVED_AT_ONCE}).scalars().all()


def _default(table: Table, name: str) -> Any:
    """Return what a column holds where a row says nothing; a server's default counts only for columns that no row names."""
    column = table.c[name]
    if column.server_default is None or column.nullable:
        return None
    written = str(getattr(column.server_default, "arg", ""))
    return {"false": False, "true": True}.get(written, int(written) if written.lstrip("-").isdigit() else written.strip("'"))


def carried(draft: Draft) -> Draft:
    """Return a record that was just written as `writing.fetch` would load it."""
    return replace(
        draft, old=dict(draft.new), new=dict(draft.new), state_before=draft.state, action=None, given=frozenset(), reason="",
        said=None, extra=dict(draft.extra),
    )  # fmt: skip
