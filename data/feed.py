"""The change feed: which records changed since a cursor, missing nothing whatever number of writers there is.

SQLite serialises writers, so journal numbers appear in order and the cursor is the last one seen. PostgreSQL does not: a lower
number may be committed after a higher one. There the cursor is a snapshot of the running transactions, and a change is new
exactly if its transaction was not visible in that snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass

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
_SINCE_SEQ = _SINCE.where(journal.c.seq > bindparam("after"), journal.c.seq <= bindparam("upto"))
_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
_SINCE_SNAPSHOT = _SINCE.where(
    text(
        "journal.tx >= pg_snapshot_xmin(CAST(:cursor AS pg_snapshot))::text::bigint"
        " AND NOT pg_visible_in_snapshot(journal.tx::text::xid8, CAST(:cursor AS pg_snapshot))"
    )
)


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


def isolate(connection: Connection) -> None:
    """Make the transaction just begun see one snapshot throughout."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
