"""What open outages say of the CIs and services that they are about."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability.workflow import DEGRADED, DOWN
from deskterm.configuration.rules import State
from deskterm.configuration.states import MOST_FACTS, Fact


def facts(connection: Connection) -> Iterator[Fact]:
    """Yield a fact per outage that goes on; of what is not watched nothing is known."""
    for row in connection.execute(q.RUNNING, {"states": (DOWN, DEGRADED), "limit": MOST_FACTS}):
        state = State.DOWN if row.state == DOWN else State.DEGRADED
        yield Fact(row.node_id, state, f"{row.number}, {row.cause}", row.started_at, row.number)
