"""Insert a row or, where its key is there already, change that one: the one statement the two databases spell alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(dialect: str, table: Table, row: Mapping[str, Any], *, keys: Sequence[str], changes: Mapping[str, Any]) -> Insert:
    """Return the statement that inserts `row`, or makes `changes` to the row that has its `keys`; with no changes it is left."""
    statement = (sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)).values(dict(row))
    if not changes:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    return statement.on_conflict_do_update(index_elements=list(keys), set_=dict(changes))
