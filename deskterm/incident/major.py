"""Major incidents owe a status update at an interval: which are late, and since when."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from data.queries import upkeep as q
from deskterm import desk_settings


@dataclass(frozen=True, slots=True)
class Owed:
    """A major incident whose status update is late."""

    record_id: int
    number: str
    every_seconds: int
    owed_at: int
    """When the newest one was owed: after hours of silence, not the first of the many that were missed."""
    last_at: int
    """When people were last told how it stands, or when it was declared."""
    reminded: bool
    """The journal says so already."""


def owed_updates(connection: Connection, now: int) -> tuple[Owed, ...]:
    """Return the open major incidents whose status update is late."""
    found: list[Owed] = []
    usual: int | None = None
    for row in connection.execute(q.MAJOR):
        if row.update_minutes is None and usual is None:
            usual = desk_settings.load(connection).major_update_minutes
        every_seconds = 60 * (row.update_minutes or usual or 1)
        missed = (now - row.updated_at) // every_seconds
        if missed > 0:
            owed_at = row.updated_at + missed * every_seconds
            reminded = row.reminded_at is not None and row.reminded_at >= owed_at
            found.append(Owed(row.id, row.number, every_seconds, owed_at, row.updated_at, reminded))
    return tuple(found)
