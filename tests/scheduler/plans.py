"""How SQLite would run a statement: jobs must cost by what is due, not by what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ClauseElement

from tests.desks import Cast


def query_plan(cast: Cast, statement: ClauseElement, arguments: Mapping[str, Any]) -> str:
    """Return SQLite's plan for a statement, a line for each step."""
    with cast.database.read() as connection:
        compiled: Any = statement.compile(dialect=connection.dialect)
        values = tuple((compiled.params | dict(arguments))[name] for name in compiled.positiontup or ())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
    return "\n".join(str(row.detail) for row in rows)
