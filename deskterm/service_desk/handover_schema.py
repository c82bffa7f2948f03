"""A shift handover as it is read: its lines with what was frozen, what was answered, and how the record stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deskterm.service_desk.handover_snapshot import Section


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a handover."""

    id: int
    position: int
    section: Section
    number: str | None
    """Number of the record it is about, if it is about one."""
    text: str
    facts: Mapping[str, Any]
    """What stood when the shift was closed; instants are seconds, people and teams are names."""
    state: str
    """open, acknowledged or reassigned."""
    answered_by: str
    answered_at: int | None
    receiver: str
    """Whom the record was given to."""
    comment: str
    state_now: str
    """State of the record at this moment; empty for a line about none."""
    assignee_now: str

    @property
    def is_answered(self) -> bool:
        """Return whether the incoming lead has dealt with it."""
        return self.state != "open"

    @property
    def moved(self) -> bool:
        """Return whether the record is in another state than when the shift was closed."""
        return bool(self.state_now) and self.state_now != self.facts.get("state")


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A handover, whole."""

    number: str
    name: str
    team: str
    state: str
    starts_at: int
    ends_at: int
    next_ends_at: int
    frozen_at: int
    outgoing: str
    incoming: str
    outgoing_signed_at: int | None
    incoming_signed_at: int | None
    lines: tuple[Line, ...]

    @property
    def answered(self) -> int:
        """Return how many lines are answered."""
        return sum(line.is_answered for line in self.lines)

    @property
    def unanswered(self) -> tuple[Line, ...]:
        """Return the lines that nobody answered yet."""
        return tuple(line for line in self.lines if not line.is_answered)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the form for closing a shift starts with; instants in seconds."""

    team: str
    """Its name; empty where the person is in none."""
    starts_at: int
    ends_at: int
    next_ends_at: int
    incoming: str
    """The lead of the next shift, where the roster says."""
    source: str
    """Where the times come from, in words."""
