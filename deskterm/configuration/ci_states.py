"""What the records of CIs themselves say of failures: what is in repair does not run."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.queries import graph as q
from deskterm.configuration.rules import State
from deskterm.configuration.states import MOST_FACTS, Fact
from deskterm.configuration.workflow import IN_REPAIR


def facts(connection: Connection, now: int) -> Iterator[Fact]:
    """Yield the CIs that are in repair now."""
    for row in connection.execute(q.IN_STATE, {"state": IN_REPAIR, "limit": MOST_FACTS}):
        yield Fact(row.id, State.DOWN, "in repair", None, row.number)
