"""The unit of work: one transaction, one actor, one instant, one operation. It rolls back unless it reaches its end."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Table, insert, update

from data import search
from data.queries import records as q
from data.tables.core import journal, operation
from deskterm.errors import NotAllowed
from deskterm.journal import Entry
from deskterm.permissions import Actor, require

if TYPE_CHECKING:
    from data.engine import Database
    from deskterm.kinds import Kind, Registry, Rule
    from deskterm.records.draft import Draft

T = TypeVar("T")

APPEND = insert(journal)
_LOG = insert(operation)


@dataclass(slots=True)
class Unit:
    """What services share while they change records together."""

    connection: Connection
    registry: Registry
    actor: Actor
    at: int
    """When this happens: now, or the instant a backfill gives."""
    recorded_at: int
    """When it is recorded: now."""
    what: str
    """A word for the operation, as undo lists it."""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    entries: list[Entry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    indexed: list[search.Entry] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """Called once the transaction is committed: nothing in it may fail the write."""
    remembered: dict[Hashable, Any] | None = None
    """What `once` read already, for whoever writes many records that depend on the same policy; nothing is kept if None."""
    postponed: dict[Rule, set[int]] = field(default_factory=dict)
    """Rules that whoever named them here applies later, and the records that each is to follow up on by then."""

    @property
    def dialect(self) -> str:
        """Return the database's name: sqlite or postgresql."""
        return self.connection.dialect.name

    def journal(self, entry: Entry) -> None:
        """Append a fact; it is written with everything else at the end."""
        self.entries.append(entry)
        self.touched.add(entry.record_id)

    def require(self, verb: str, kind: Kind) -> None:
        """Refuse what the actor's roles do not grant; saying that it happened at another time is a right of its own.

        Raises:
            NotAllowed: it names the right and who has it.
        """
        require(self.actor, verb, kind.family, kind.process, kind.name)
        if self.at != self.recorded_at:
            require(self.actor, "backfill", kind.family, kind.process, kind.name)

    # What `records.chronicle` does otherwise: it writes thousands of records together.

    def next_value(self, prefix: str) -> int:
        """Return the next number under a prefix."""
        return int(self.connection.execute(q.NEXT_NUMBER, {"prefix": prefix}).scalar_one())

    def kind_of(self, record_id: int) -> str | None:
        """Return the name of the kind of the record with this id."""
        return self.connection.execute(q.KIND, {"id": record_id}).scalar()

    def insert(self, table: Table, row: Mapping[str, Any]) -> int:
        """Write a new row and return its id."""
        return int(self.connection.execute(insert(table), dict(row)).inserted_primary_key[0])  # type: ignore[index]

    def update(self, table: Table, key: int, values: Mapping[str, Any]) -> None:
        """Change the row with this id."""
        self.connection.execute(update(table).where(table.c.id == key).values(values))

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what a rule reads that stays the same meanwhile, such as policy and memberships."""
        if self.remembered is None:
            return read()
        if key not in self.remembered:
            self.remembered[key] = read()
        found: T = self.remembered[key]
        return found

    def follow(self, rule: Rule, draft: Draft) -> None:
        """Let a rule follow up on a record that was just written, unless it is postponed."""
        if rule in self.postponed:
            self.postponed[rule].add(draft.id)
        else:
            rule(self, draft)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Do something within a savepoint: where it raises, no trace of it is left."""
        self.flush()  # what came before is none of the savepoint's: a rule may flush within it
        touched = set(self.touched)
        savepoint = self.connection.begin_nested()
        try:
            yield
        except Exception:
            savepoint.rollback()
            self.entries, self.indexed, self.touched = [], [], touched
            raise
        savepoint.commit()

    def flush(self) -> None:
        """Write what was journalled and indexed so far, so that statements of this unit see it."""
        if self.entries:
            self.connection.execute(APPEND, [self._row(entry) for entry in self.entries])
        if self.indexed:
            newest = {entry.record_id: entry for entry in self.indexed}
            search.put(self.connection, newest.values())
        self.entries, self.indexed = [], []

    def finish(self) -> None:
        """Write what is left, and the operation itself if it touched anything."""
        self.flush()
        if self.touched:
            row = {"id": self.id, "actor": self.actor.login, "at": self.recorded_at, "what": self.what}
            self.connection.execute(_LOG, row | {"records": len(self.touched)})

    def _row(self, entry: Entry) -> dict[str, Any]:
        return {
            "record_id": entry.record_id,
            "version": entry.version,
            "at": self.at if entry.at is None else entry.at,
            "recorded_at": self.recorded_at,
            "actor": entry.actor or self.actor.login,
            "operation": self.id,
            "what": entry.what.value,
            "field": entry.field,
            "old": entry.old,
            "new": entry.new,
            "text": entry.text,
            "public": entry.public,
        }


class DryRun(Exception):
    """Ends a unit of work without keeping anything."""


@contextmanager
def unit_of_work(
    database: Database, registry: Registry, actor: Actor, now: int, what: str, *, at: int | None = None, keep: bool = True
) -> Iterator[Unit]:
    """Yield a unit of work; commit at the end unless `keep` is false or something was raised.

    Args:
        at: the instant this happens, where it is not `now`; needs the right to backfill each kind that is written.
        keep: false for a preview: everything is done and then rolled back.

    Raises:
        NotAllowed: `at` lies in the future.
    """
    if at is not None and at > now:
        raise NotAllowed("what has not happened yet cannot be recorded: --at lies in the future")
    try:
        with database.write() as connection:
            unit = Unit(connection, registry, actor, now if at is None else at, now, what)
            yield unit
            unit.finish()
            if not keep:
                raise DryRun
    except DryRun:
        return
    for call in unit.afterwards:
        call()
