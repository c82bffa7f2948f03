"""What the service desk says about callers and what resembles a contact, and what it is told of one: frozen, plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may be calling."""

    id: int
    number: str
    name: str
    email: str
    phone: str
    organisation: str
    location: str
    vip: bool
    open_count: int
    """Open incidents and requests of theirs, counted up to a hundred."""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A record of a caller, as a line beside the form."""

    number: str
    kind: str
    title: str
    state: str
    priority: int | None
    updated_at: int
    due_at: int | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A service or a configuration item of a caller."""

    number: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class CallerCard:
    """What is worth knowing while somebody is on the telephone."""

    caller: Caller
    note: str
    """What colleagues noted about them."""
    open: tuple[WorkLine, ...]
    """Their open work, the most urgent first."""
    recent: tuple[WorkLine, ...]
    """What else they came with lately, contacts included, the newest first."""
    cis: tuple[Thing, ...]
    services: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is known of a contact so far, to find what resembles it."""

    summary: str = ""
    description: str = ""
    ci: object = ""
    """Number, name or row id; empty or None if it is not known."""
    service: object = ""
    without: str = ""
    """Number of a record that is not to be found: the one being edited."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that resembles a contact, and why."""

    number: str
    kind: str
    title: str
    state: str
    score: float
    """From 0 to 1."""
    why: str
    """`same CI, vpn, gateway`."""
    affected: int = 1
    """How many people it affects; of an article: how many contacts it answered."""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact as it was taken, and what shall come of it."""

    summary: str
    caller: str = ""
    """Number or unique name of the person; empty if nobody known."""
    new_caller: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a person who is not known yet and is made with it; then `caller` is empty."""
    channel: str = "phone"
    description: str = ""
    outcome: str = "incident"
    """One of `data.vocab.Outcome`."""
    record: str = ""
    """The record to attach the caller to."""
    article: str = ""
    """The article that answered it, or helped."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the incident or request that is logged: CI, service, impact, team …"""
    started_at: int | None = None
    """When the contact began; the present instant if None."""
    handle_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a contact."""

    interaction: str
    """Its number."""
    outcome: str
    record: str = ""
    """Number of the record that was made or that the caller was attached to."""
    caller: str = ""
    """Number of the person, also of one that was made."""
    state: str = ""
    affected: int = 0
    """How many people the record affects now, where the caller was attached."""
    operation: str = ""
