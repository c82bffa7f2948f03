"""The change feed: which records changed since a cursor, missing nothing whatever number of writers there is.

SQLite serialises writers, so journal numbers appear in order and the cursor is the last one seen. PostgreSQL does not: a lower
number may be committed after a higher one. There the cursor is a snapshot of the running transactions, and a change is new
exactly if its transaction was not visible in that snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from data.tables.core import journal, record

LIMIT = 500
"""At most so many changed records are named; beyond that the reader is told to read everything again."""


@dataclass(frozen=True, slots=True)
class Change:
    """One record that changed, and its newest journal entry."""

    record_id: int
    kind: str
    seq: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since a cursor."""

    cursor: str
    items: tuple[Change, ...]
    overflow: bool
    """More changed than `items` names: read everything again."""


_NEWEST = select(func.coalesce(func.max(journal.c.seq), 0))
_SINCE = (
    select(journal.c.record_id, record.c.kind, func.max(journal.c.seq).label("seq"))
    .join(record, record.c.id == journal.c.record_id)
    .group_by(journal.c.record_id, record.c.kind)
    .order_by(func.max(journal.c.seq))
    .limit(LIMIT + 1)
)
_AFTER = (journal.c.seq > bindparam("after"), journal.c.seq <= bindparam("upto"))
_SINCE_SEQ = _SINCE.where(*_AFTER)
_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
_UNSEEN = text(
    "journal.tx >= pg_snapshot_xmin(CAST(:cursor AS pg_snapshot))::text::bigint"
    " AND NOT pg_visible_in_snapshot(journal.tx::text::xid8, CAST(:cursor AS pg_snapshot))"
)
_SINCE_SNAPSHOT = _SINCE.where(_UNSEEN)
_ENTRIES = (
    select(journal.c.record_id, record.c.kind, journal.c.what, journal.c.field, journal.c.old, journal.c.new, journal.c.at)
    .join(record, record.c.id == journal.c.record_id)
    .where(record.c.kind.in_(bindparam("kinds", expanding=True)), journal.c.what.in_(bindparam("whats", expanding=True)))
    .order_by(journal.c.seq)
)
_ENTRIES_SEQ, _ENTRIES_SNAPSHOT = _ENTRIES.where(*_AFTER), _ENTRIES.where(_UNSEEN)


def position(connection: Connection) -> str:
    """Return the cursor of this moment: changes after it are those not yet visible on `connection`."""
    if connection.dialect.name == "sqlite":
        return str(connection.execute(_NEWEST).scalar_one())
    return str(connection.execute(_SNAPSHOT).scalar_one())


def since(connection: Connection, cursor: str) -> Changes:
    """Return the records changed since `cursor`, oldest change first.

    On PostgreSQL the connection must be in a REPEATABLE READ transaction, so that the new cursor and the rows read belong to the
    same snapshot; `Database.read` users call `isolate` first.
    """
    now = position(connection)
    if now == cursor:
        return Changes(cursor, (), overflow=False)
    if connection.dialect.name == "sqlite":
        rows = connection.execute(_SINCE_SEQ, {"after": int(cursor), "upto": int(now)}).all()
    else:
        rows = connection.execute(_SINCE_SNAPSHOT, {"cursor": cursor}).all()
    items = tuple(Change(row.record_id, row.kind, row.seq) for row in rows[:LIMIT])
    return Changes(now, items, overflow=len(rows) > LIMIT)


def entries(connection: Connection, cursor: str, kinds: Sequence[str], whats: Sequence[str]) -> tuple[str, list[Any]]:
    """Return every journal entry of some kinds of record and of some sorts since `cursor`, and the new cursor; as for `since`.

    This is for jobs that follow up on facts and must not miss one, however many there are.
    """
    now = position(connection)
    if now == cursor:
        return cursor, []
    wanted = {"kinds": list(kinds), "whats": list(whats)}
    if connection.dialect.name == "sqlite":
        return now, [*connection.execute(_ENTRIES_SEQ, {"after": int(cursor), "upto": int(now), **wanted})]
    return now, [*connection.execute(_ENTRIES_SNAPSHOT, {"cursor": cursor, **wanted})]


def isolate(connection: Connection) -> None:
    """Make the transaction just begun see one snapshot throughout."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
