"""What time it is where the desk lives: PostgreSQL's clock, or on SQLite that of the machine, which is the same thing.

Consoles on several machines agree on this clock and on no other; leases, heartbeats and shared jobs go by it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_NOW = {
    "sqlite": text("SELECT CAST(strftime('%s', 'now') AS INTEGER)"),
    # Not now(): that is when the transaction began.
    "postgresql": text("SELECT floor(extract(epoch FROM clock_timestamp()))::bigint"),
}


def database_now(connection: Connection) -> int:
    """Return the present instant in whole seconds since the epoch, as the database has it."""
    return int(connection.execute(_NOW[connection.dialect.name]).scalar_one())
