"""How many people the desk needs, by half-hour of the week: Erlang C over the contacts that the desk logged.

The contacts of whole weeks back give the load of each half-hour (by the wall clock of whoever asks), since the first one that was
logged where that is less; handle time is the mean of those that have one. Beside what is recommended stands who is rostered:
shifts of the coming week, each of so many agents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from data.queries import capacity as q
from deskterm.capacity.queues import Load, Queue, agents_needed, erlang_c
from deskterm.civil_time import zone_named
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.explanations import Part
from deskterm.permissions import require

SLOT_SECONDS = 1_800
WEEK_SECONDS = 604_800
SLOTS = WEEK_SECONDS // SLOT_SECONDS
ROSTER_SECONDS = 2 * WEEK_SECONDS
"""So far shifts are read: an hour that the coming week lacks, because clocks are put forward, is looked up in the next."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LIVE = ("phone", "chat", "walk-in")
"""Channels on which somebody waits for an answer now."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked for."""

    weeks: int = 4
    target_seconds: int = 20
    service_level: float = 0.8
    agents_per_shift: int = 1
    channels: tuple[str, ...] = LIVE


@dataclass(frozen=True, slots=True)
class Slot:
    """One half-hour of the week."""

    day: int
    """0 Monday … 6 Sunday."""
    minute: int
    """Of the day, by the wall clock."""
    contacts: float
    """On average, a week."""
    queue: Queue | None
    """With the recommended agents; None where nothing came in."""
    rostered: int
    as_rostered: Queue | None
    """With those who are rostered; None where nobody is, or the queue would only grow."""

    @property
    def needed(self) -> int:
        """Agents recommended."""
        return 0 if self.queue is None else self.queue.agents

    @property
    def gap(self) -> int:
        """How many are missing; negative where there are more than needed."""
        return self.needed - self.rostered

    @property
    def name(self) -> str:
        """Such as Mon 08:30."""
        return f"{DAYS[self.day]} {self.minute // 60:02d}:{self.minute % 60:02d}"

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        told, real = self.queue, self.as_rostered
        return {
            "day": DAYS[self.day], "from": f"{self.minute // 60:02d}:{self.minute % 60:02d}", "contacts": self.contacts,
            "traffic": None if told is None else told.traffic, "agents": self.needed,
            "service_level": None if told is None else 100 * told.service_level,
            "mean_wait_seconds": None if told is None else round(told.mean_wait_seconds),
            "occupancy": None if told is None else 100 * told.occupancy, "rostered": self.rostered, "gap": self.gap,
            "rostered_service_level": None if real is None else 100 * real.service_level,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staffing:
    """The week as it comes in, and who is there."""

    terms: Terms
    from_at: int
    """Where the weeks begin: no earlier than contacts were logged."""
    to_at: int
    contacts: int
    handled: int
    """Contacts whose handle time is known."""
    handle_seconds: float | None
    slots: tuple[Slot, ...]
    """336 of them, Monday 00:00 first; empty where nothing can be told."""
    withheld: str | None = None

    @property
    def weeks(self) -> float:
        """How many weeks were looked back at."""
        return (self.to_at - self.from_at) / WEEK_SECONDS

    @property
    def peak(self) -> Slot | None:
        """The half-hour that needs most."""
        return max(self.slots, key=lambda slot: (slot.needed, slot.contacts), default=None)

    @property
    def short(self) -> tuple[Slot, ...]:
        """Half-hours in which somebody is missing."""
        return tuple(slot for slot in self.slots if slot.gap > 0)


def staffing(desk: Desk, terms: Terms, until: int | None = None) -> Staffing:
    """Return how many agents each half-hour of the week needs.

    Args:
        desk: whose moment is now.
        terms: what is asked for.
        until: the end of the weeks looked back at; now if not given. The roster is always that of the coming week.

    Raises:
        InvalidInput: a figure is out of range.
        NotAllowed: the person does not read contacts.
    """
    check(terms)
    kind = desk.registry.kind("interaction")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    zone = zone_named(desk.actor.tz)
    now = desk.moment
    to_at = now if until is None else min(until, now)
    from_at = to_at - terms.weeks * WEEK_SECONDS
    with desk.database.read() as connection:
        rows = connection.execute(q.CONTACTS, {"low": from_at, "high": to_at, "channels": list(terms.channels)}).all()
        shifts = connection.execute(q.SHIFTS, {"low": now - SLOT_SECONDS, "high": now + ROSTER_SECONDS}).all()
        if rows and connection.execute(q.CONTACT_BEFORE, {"low": from_at}).first() is None:
            from_at = min(row.occurred_at for row in rows)  # weeks before anybody logged contacts are not quiet weeks
    times = [row.handle_seconds for row in rows if row.handle_seconds]
    handle = sum(times) / len(times) if times else None
    if handle is None:
        why = "no contacts were logged" if not rows else "no contact has a handle time"
        return Staffing(terms, from_at, to_at, len(rows), 0, None, (), f"{why} in {terms.weeks} weeks")
    came = [0] * SLOTS
    for row in rows:
        came[slot_of(row.occurred_at, zone)] += 1
    rostered = _rostered([(row.starts_at, row.ends_at) for row in shifts], now, zone, terms.agents_per_shift)
    passed = _passed(from_at, to_at, zone)
    slots = tuple(
        _slot(place, Fraction(came[place], max(passed[place], 1)), handle, rostered[place], terms) for place in range(SLOTS)
    )
    return Staffing(terms, from_at, to_at, len(rows), len(times), handle, slots)


def check(terms: Terms) -> None:
    """Refuse figures nobody can staff by."""
    rules = {
        "weeks": (1 <= terms.weeks <= 53, "is from 1 to 53"),
        "target_seconds": (0 <= terms.target_seconds <= 86_400, "is from 0 to 86400"),
        "service_level": (0 < terms.service_level < 1, "is between 0 and 100 percent, without either"),
        "agents_per_shift": (1 <= terms.agents_per_shift <= 10_000, "is from 1 to 10000"),
    }
    for name, (kept, rule) in rules.items():
        if not kept:
            raise InvalidInput(f"{name} {rule}", fields={name: rule})


def slot_of(at: int, zone: ZoneInfo) -> int:
    """Return the half-hour of the week that an instant lies in, by the wall clock."""
    wall = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return wall.weekday() * 48 + wall.hour * 2 + wall.minute // 30


def _passed(from_at: int, to_at: int, zone: ZoneInfo) -> list[int]:
    """Return how often each half-hour of the week came by."""
    found = [0] * SLOTS
    for at in range(from_at - from_at % SLOT_SECONDS, to_at, SLOT_SECONDS):
        found[slot_of(at, zone)] += 1
    return found


def _rostered(shifts: Sequence[tuple[int, int]], now: int, zone: ZoneInfo, each: int) -> list[int]:
    """Return how many agents are there in each half-hour of the wall clock when it comes by next."""
    found: dict[int, int] = {}
    start = now - now % SLOT_SECONDS
    for at in range(start, start + ROSTER_SECONDS, SLOT_SECONDS):
        place = slot_of(at, zone)
        if place not in found:
            found[place] = each * sum(begin < at + SLOT_SECONDS and end > at for begin, end in shifts)
            if len(found) == SLOTS:
                break
    return [found.get(place, 0) for place in range(SLOTS)]


def _slot(place: int, contacts: Fraction, handle: float, rostered: int, terms: Terms) -> Slot:
    day, half = divmod(place, 48)
    queue = real = None
    if contacts:
        load = Load(contacts, Fraction(SLOT_SECONDS), Fraction(handle).limit_denominator(1000))
        queue = agents_needed(load, Fraction(terms.target_seconds), terms.service_level)
        if rostered > load.traffic:
            real = erlang_c(load, rostered, Fraction(terms.target_seconds))
    return Slot(day, half * 30, float(contacts), queue, rostered, real)


def explained(found: Staffing, slots: Sequence[Slot]) -> Part:
    """Return how the agents of some half-hours follow from their contacts."""
    terms = found.terms
    title = (
        f"agents by Erlang C for {100 * terms.service_level:g} % within {terms.target_seconds} s; erlangs = contacts a week x "
        f"{found.handle_seconds or 0:.0f} s / {SLOT_SECONDS} s; {found.contacts:,} contacts in {weeks_told(found)}, handle time "
        f"of {found.handled:,} of them"
    )
    header = ("day", "contacts", "erlangs", "needed", "in time", "wait", "rostered", "in time so")
    return Part(title, header, tuple(_explained(slot) for slot in slots), tuple(range(1, len(header))))


def _explained(slot: Slot) -> tuple[str, ...]:
    told, real = slot.queue, slot.as_rostered
    if told is None:
        return DAYS[slot.day], "0", "0", "0", "n/a", "n/a", str(slot.rostered), "n/a"
    so = "it grows" if real is None and slot.rostered else "n/a" if real is None else f"{100 * real.service_level:.1f} %"
    return (
        DAYS[slot.day], f"{slot.contacts:.3g}", f"{told.traffic:.3f}", str(told.agents), f"{100 * told.service_level:.1f} %",
        f"{told.mean_wait_seconds:.1f} s", str(slot.rostered), so,
    )  # fmt: skip


def weeks_told(found: Staffing) -> str:
    """Return how long was looked back, such as 4 weeks or 1.5 weeks."""
    weeks = f"{found.weeks:.1f}".removesuffix(".0")
    return "1 week" if weeks == "1" else f"{weeks} weeks"
