"""Holding others up for a moment, where a rule over several rows must not be checked by two writers at once."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, text

_HOLD = text("SELECT pg_advisory_xact_lock(:space, :key)")
_SPACE = 0x4445534B


def hold(connection: Connection, what: str) -> None:
    """Wait until no other transaction holds `what`, and hold it until this one ends.

    SQLite has one writer anyway. On PostgreSQL two transactions that each look for a name, or count administrators, would both
    see the state before the other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"space": _SPACE, "key": zlib.crc32(what.encode()) - 2**31})
