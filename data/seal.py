"""The seal of a backup: how many rows each table holds and a digest of them, kept in the file itself.

SQLite finds damaged pages by itself, but not a digit that became another one. The seal does, and it does not care in which
order rows lie in the file.
"""

from __future__ import annotations

import hashlib
import sqlite3

SEAL = "backup_seal"
"""The table that a backup has and a desk has not."""
_MODULUS = 2**256


def write(connection: sqlite3.Connection) -> None:
    """Seal a copy as it stands."""
    connection.execute(f'CREATE TABLE "{SEAL}" (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest TEXT NOT NULL)')
    sums = [(name, *digest(connection, name)) for name in _tables(connection)]
    connection.executemany(f'INSERT INTO "{SEAL}" VALUES (?, ?, ?)', sums)


def broken(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that are not what they were when the copy was sealed.

    Raises:
        sqlite3.OperationalError: there is no seal.
    """
    sealed = {name: (rows, told) for name, rows, told in connection.execute(f'SELECT name, rows, digest FROM "{SEAL}"')}
    names = _tables(connection)
    strange = set(names) ^ set(sealed)
    return sorted(strange | {name for name in names if name in sealed and digest(connection, name) != sealed[name]})


def remove(connection: sqlite3.Connection) -> None:
    """Make a desk of a copy again."""
    connection.execute(f'DROP TABLE "{SEAL}"')


def digest(connection: sqlite3.Connection, table: str) -> tuple[int, str]:
    """Return how many rows a table has and a digest that is the same in whatever order they are read."""
    rows = connection.execute(f'SELECT * FROM "{table}"')
    columns = ",".join(column[0] for column in rows.description)
    count, total = 0, int.from_bytes(hashlib.sha256(columns.encode()).digest(), "big")
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")
    return count, f"{total % _MODULUS:064x}"


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that hold facts: not SQLite's own, nor the search index, which can be made again."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in names if name != SEAL and not name.startswith(("sqlite_", "search"))]
