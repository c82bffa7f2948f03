"""Who has which record open, and whether they are typing in it: a heartbeat in the database, forgotten soon after it ends.

All of it goes by the database's clock, so that consoles on machines with different clocks agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, delete, select

from data.database_time import database_now
from data.engine import Database
from data.tables.core import presence
from data.upsert import upsert

EXPIRY_SECONDS = 15
"""Whoever has not been heard of for so long is not there."""


class Mode(StrEnum):
    """What somebody does with a record."""

    VIEWING = "viewing"
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has a record open."""

    record_id: int
    agent: str
    console: str
    mode: Mode
    seen_at: int


_LEAVE = delete(presence).where(presence.c.console == bindparam("own"))
_LEAVE_RECORD = _LEAVE.where(presence.c.record_id == bindparam("left_id"))
_OTHERS = (
    select(presence.c.record_id, presence.c.agent, presence.c.console, presence.c.mode, presence.c.seen_at)
    .where(
        presence.c.record_id.in_(bindparam("ids", expanding=True)),
        presence.c.console != bindparam("own"),
        presence.c.seen_at > bindparam("since"),
    )
    .order_by(presence.c.record_id, presence.c.agent, presence.c.console)
)
_EXPIRED = delete(presence).where(presence.c.seen_at <= bindparam("since"))


def announce(database: Database, record_id: int, console: str, agent: str, mode: Mode = Mode.VIEWING) -> None:
    """Say that an agent has a record open; said again every few seconds while that is so.

    Args:
        console: the console's own id, a UUID as text: one agent may have several open.
    """
    key: dict[str, object] = {"record_id": record_id, "console": console}
    with database.write() as connection:
        values: dict[str, object] = {"agent": agent, "mode": mode.value, "seen_at": database_now(connection)}
        connection.execute(upsert(database.dialect, presence, key | values, keys=list(key), changes=values))


def leave(database: Database, console: str, record_id: int | None = None) -> None:
    """Say that a console has closed a record, or all of its records."""
    with database.write() as connection:
        if record_id is None:
            connection.execute(_LEAVE, {"own": console})
        else:
            connection.execute(_LEAVE_RECORD, {"own": console, "left_id": record_id})


def others(database: Database, record_ids: list[int], console: str) -> tuple[Present, ...]:
    """Return who else has some of these records open, at most `EXPIRY_SECONDS` after they last said so."""
    with database.read() as connection:
        since = database_now(connection) - EXPIRY_SECONDS
        rows = connection.execute(_OTHERS, {"ids": record_ids, "own": console, "since": since}).all()
    return tuple(Present(row.record_id, row.agent, row.console, Mode(row.mode), row.seen_at) for row in rows)


def forget_expired(database: Database) -> int:
    """Delete what has expired long ago; return how many there were."""
    with database.write() as connection:
        since = database_now(connection) - 4 * EXPIRY_SECONDS
        return connection.execute(_EXPIRED, {"since": since}).rowcount
