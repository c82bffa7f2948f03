"""What open incidents say of the CIs they are about: priority 1 is down, priority 2 degraded, the rest is no failure."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.queries import graph as q
from deskterm.configuration.rules import State
from deskterm.configuration.states import MOST_FACTS, Fact

BY_PRIORITY = {1: State.DOWN, 2: State.DEGRADED}


def facts(connection: Connection) -> Iterator[Fact]:
    """Yield a fact per open incident of priority 1 or 2 that names a CI."""
    asked = {"kind": "incident", "priority": max(BY_PRIORITY), "limit": MOST_FACTS}
    for row in connection.execute(q.HIT, asked):
        state = BY_PRIORITY[max(row.priority, min(BY_PRIORITY))]
        yield Fact(row.ci_id, state, f"{row.number}, priority {row.priority}", row.open_since, row.number)
