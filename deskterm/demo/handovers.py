"""The two newest shift handovers: one accepted line by line, one that waits for whoever opens the demo."""

from __future__ import annotations

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.demo.case import DESK
from deskterm.demo.roster import Roster, Watch
from deskterm.kinds import Registry
from deskterm.service_desk import handover
from deskterm.service_desk.handover_reading import view

ANSWERS = ("Known, it is on my list.", "", "Rang the caller, they know.", "", "Looked at it, can wait for the morning.")
NOTES = (
    "Coffee machine on the second floor leaks. Not ours, but it drips towards the comms room.\n"
    "Nordlink calls back on the night number about Haus C.",
    "Key of the cage is with the porter, again.\nRemote access: read the major first, then answer the telephone.",
)
MINUTE = 60
SIGNED_AFTER_SECONDS = 6 * MINUTE
"""So long after the change of shifts the outgoing lead signs."""


def accepted_at(roster: Roster) -> int:
    """Return when the handover before the newest one was signed."""
    return _before(roster, roster.watch(roster.now)).starts_at + SIGNED_AFTER_SECONDS


def accepted(database: Database, registry: Registry, roster: Roster) -> None:
    """Hand over the last but one shift, and answer every line."""
    incoming = _before(roster, roster.watch(roster.now))
    at = accepted_at(roster)
    number = _handed_over(database, registry, _before(roster, incoming), incoming, at, NOTES[0])
    clock = FrozenClock(at + 5 * MINUTE)
    desk = desk_of(database, incoming.lead, clock=clock, registry=registry)
    for line in view(desk, number).lines:
        clock.advance(20)
        handover.acknowledge(desk, number, line.position, ANSWERS[line.position % len(ANSWERS)])
    clock.advance(MINUTE)
    handover.accept(desk, number)


def waiting_at(roster: Roster) -> int:
    """Return when the newest handover was signed."""
    starts_at = roster.watch(roster.now).starts_at
    return min(max(starts_at + SIGNED_AFTER_SECONDS, roster.now - 12 * MINUTE), roster.now - MINUTE)


def waiting(database: Database, registry: Registry, roster: Roster) -> None:
    """Hand over the last shift to whoever leads the present one; nobody has looked at it yet."""
    incoming = roster.watch(roster.now)
    _handed_over(database, registry, _before(roster, incoming), incoming, waiting_at(roster), NOTES[1])


def _before(roster: Roster, watch: Watch) -> Watch:
    return roster.watch(watch.starts_at - 1)


def _handed_over(database: Database, registry: Registry, past: Watch, coming: Watch, at: int, note: str) -> str:
    """Close a shift and sign, as its lead."""
    desk = desk_of(database, past.lead, clock=FrozenClock(at), registry=registry)
    closed = handover.close_shift(desk, DESK, past.starts_at, past.ends_at, coming.ends_at, note, incoming=coming.lead)
    return handover.sign(desk, closed.number).number
