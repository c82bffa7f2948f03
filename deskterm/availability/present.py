"""What is down now, by itself, and since when: for boards, from the facts that availability is measured from."""

from __future__ import annotations

from dataclasses import dataclass

from deskterm.availability.gathering import running
from deskterm.availability.nodes import may_read, named
from deskterm.availability.workflow import DOWN
from deskterm.desk import Desk


@dataclass(frozen=True, slots=True)
class Running:
    """One CI or service that is down."""

    name: str
    """What is down."""
    number: str
    """The outage, incident or change that says so."""
    since: int
    planned: bool


def down_now(desk: Desk) -> tuple[Running, ...]:
    """Return what is down by itself at this moment, the longest first; what merely depends on it is left out.

    Raises:
        NotAllowed: the person may not read outages.
    """
    may_read(desk)
    with desk.database.read() as connection:
        facts = [fact for fact in running(connection, desk.moment) if fact.state == DOWN]
        names = named(connection, {fact.node for fact in facts})
    found = [Running(names[fact.node].title, fact.number, fact.start, bool(fact.planned)) for fact in facts]
    return tuple(sorted(found, key=lambda one: (one.since, one.number)))
