"""Whether the summaries of availability have anything to do: asked every few minutes, so it costs next to nothing."""

from __future__ import annotations

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability.periods import DAY, MONTH, following


def summaries(connection: Connection, now: int) -> bool:
    """Return whether a day or a month is over that is not summed up, a summary waits, or a fact came late."""
    progress = {row.period: row for row in connection.execute(q.PROGRESS)}
    if progress.keys() != {DAY, MONTH}:
        return True
    if any(following(period, row.summed_until) <= now for period, row in progress.items()):
        return True
    if connection.execute(q.REOPENED, {"limit": 1}).first() is not None:
        return True
    return progress[DAY].cursor is not None and _came_late(connection, progress[DAY].cursor, progress[DAY].summed_until)


def _came_late(connection: Connection, cursor: str, summed_until: int) -> bool:
    from deskterm.availability.late_facts import late_facts

    return bool(late_facts(connection, cursor, summed_until)[1])
