"""The full-text index and the records it is about: which of them it lacks, which it knows otherwise, and writing them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, text

from data.queries import records as q
from deskterm.records import store
from deskterm.records.unit import Unit

_MISSING = {
    # The keys of FTS5's own table: reading them touches no text.
    "sqlite": text(
        "SELECT record.id FROM record LEFT JOIN search_docsize AS known ON known.id = record.id"
        " WHERE known.id IS NULL AND record.id > :after ORDER BY record.id LIMIT :limit"
    ),
    "postgresql": text(
        "SELECT record.id FROM record LEFT JOIN search AS known ON known.record_id = record.id"
        " WHERE known.record_id IS NULL AND record.id > :after ORDER BY record.id LIMIT :limit"
    ),
}
_MERGE = text("INSERT INTO search(search, rank) VALUES ('merge', 500)")


def missing(connection: Connection, *, limit: int, after: int = 0) -> list[int]:
    """Return the ids of records that search cannot find, in order, beyond the id `after`."""
    rows = connection.execute(_MISSING[connection.dialect.name], {"limit": limit, "after": after})
    return [int(row.id) for row in rows]


def reindex(unit: Unit, ids: Sequence[int]) -> int:
    """Index records again from what they say; return how many there were."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for row in unit.connection.execute(q.SPINE, {"ids": list(ids)}).mappings():
        by_kind[row["kind"]].append(row["id"])
    count = 0
    for kind_name, members in by_kind.items():
        for draft in store.load(unit.connection, unit.registry.kind(kind_name), members).values():
            store.index(unit, draft)
            count += 1
    return count


def tidy(connection: Connection) -> None:
    """Merge a little of what many small writes left behind; PostgreSQL does that by itself."""
    if connection.dialect.name == "sqlite":
        connection.execute(_MERGE)
