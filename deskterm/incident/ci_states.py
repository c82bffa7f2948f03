"""What open incidents of priority 2 say: the CI they are about, else the service, is degraded.

Those of priority 1 say that it is down; that is a fact of availability, which tells it (`deskterm.availability.ci_states`).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.queries import graph as q
from deskterm.configuration.rules import State
from deskterm.configuration.states import MOST_FACTS, Fact

DEGRADES = 2
"""The priority at which an incident says that something is degraded."""


def facts(connection: Connection, now: int) -> Iterator[Fact]:
    """Yield a fact per open incident of priority 2 that names a CI or a service."""
    asked = {"kind": "incident", "priority": DEGRADES, "limit": MOST_FACTS}
    for row in connection.execute(q.HIT, asked):
        yield Fact(row.node_id, State.DEGRADED, f"{row.number}, priority {DEGRADES}", row.open_since, row.number)
