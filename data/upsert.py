"""Insert a row or, where its key is there already, change that one: the one statement the two databases spell alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table


def upsert(dialect: str, table: Table, row: Mapping[str, Any], *, keys: Sequence[str], changes: Mapping[str, Any]) -> Insert:
    """Return the statement that inserts `row`, or makes `changes` to the row that has its `keys`; with no changes it is left."""
    statement = _insert(dialect, table).values(dict(row))
    if changes:
        made: Insert = statement.on_conflict_do_update(index_elements=list(keys), set_=dict(changes))
    else:
        made = statement.on_conflict_do_nothing(index_elements=list(keys))
    return made


def upsert_many(dialect: str, table: Table, *, keys: Sequence[str], changes: Mapping[str, Any]) -> Insert:
    """Return the same statement for many rows, which are handed over when it is executed."""
    made: Insert = _insert(dialect, table).on_conflict_do_update(index_elements=list(keys), set_=dict(changes))
    return made


def _insert(dialect: str, table: Table) -> Any:
    """Return the dialect's own insert; only the one that is spoken here is imported."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
