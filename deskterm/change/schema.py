"""Changes as the calendar and the meeting of a board show them: frozen, plain, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One change on the forward schedule."""

    number: str
    title: str
    state: str
    type: str
    risk_level: str
    assignee: str
    start: int
    end: int
    cis: tuple[str, ...]
    conflicts: tuple[str, ...] = ()
    """Numbers of the other changes on the schedule with which it shares a CI at the same time."""


@dataclass(frozen=True, slots=True)
class FrostSlot:
    """A freeze on the forward schedule."""

    number: str
    title: str
    start: int
    end: int
    covers: str
    """What it covers, in words."""


@dataclass(frozen=True, slots=True)
class ForwardSchedule:
    """The forward schedule of change over a stretch of time, the earliest first."""

    from_at: int
    to_at: int
    slots: tuple[Slot, ...]
    freezes: tuple[FrostSlot, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """What the schedule does to one service."""

    number: str
    service: str
    criticality: str
    down_seconds: int
    degraded_seconds: int
    outages: tuple[tuple[int, int, tuple[str, ...]], ...]
    """From, until, and the numbers of the changes that take it down, in order."""
    availability: float
    """Projected, in percent of the whole time; planned downtime is the only one that is known ahead."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a board, and how they voted on the change at hand."""

    login: str
    vote: str
    """approve, reject, abstain, or empty."""
    by: str = ""
    """Login of the substitute who voted, where one did."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a board has before it."""

    board: str
    number: str
    rule: str
    quorum: int
    changes: tuple[str, ...]
    """Numbers, those whose window comes first before the others."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One change before its board: all that is needed to vote."""

    number: str
    title: str
    state: str
    type: str
    category: str
    author: str
    requester: str
    service: str
    cis: tuple[str, ...]
    start: int | None
    end: int | None
    content: str
    texts: tuple[tuple[str, str], ...]
    """Heading and text: reason, plan, back-out plan, test plan."""
    risk: int | None
    risk_level: str
    risk_parts: Sequence[Sequence[object]]
    conflicts: tuple[tuple[str, str], ...]
    """What each is, and a sentence about it."""
    breaks: tuple[str, ...]
    degrades: tuple[str, ...]
    seats: tuple[Seat, ...]
    tally: str
    """How the vote stands, in words."""
    refusal: str
    """Why the person at the console cannot vote; empty where they can."""
    mine: str = ""
    """How they voted."""
    lacks_right: bool = False
    """Whether they cannot vote for want of a right: trying is journalled."""
    names: Mapping[str, str] | None = None
