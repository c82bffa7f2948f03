"""What is known to have failed by itself now: the very facts that availability is measured from, at this instant.

An open outage; an open incident of priority 1 that no outage speaks for, as long as its alerts fire if any tell of it; a change
that has its CIs down while work goes on. Each is of a CI, or of a service where no CI is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection

from deskterm.availability.gathering import HIGHEST, running
from deskterm.availability.workflow import UNKNOWN
from deskterm.configuration import states
from deskterm.configuration.rules import State


def facts(connection: Connection, now: int) -> Iterator[states.Fact]:
    """Yield a fact for each that goes on; of what is not watched nothing is known."""
    known = (fact for fact in running(connection, now) if fact.state != UNKNOWN)
    for fact in islice(known, states.MOST_FACTS):
        why = f"priority {HIGHEST}" if fact.told_by == "incident" else fact.cause
        yield states.Fact(fact.node, State(fact.state), f"{fact.number}, {why}", fact.start, fact.number)
