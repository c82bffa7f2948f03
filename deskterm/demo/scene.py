"""The stage on which the demo desk is lived through: the cast with their rights, ids by name, dice, and time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from deskterm.calendars import Calendar
from deskterm.demo.roster import Roster
from deskterm.incident.rules import priority_of
from deskterm.incident.service import judge_clocks
from deskterm.kinds import Registry
from deskterm.permissions import Actor, Role
from deskterm.records.chronicle import Chronicle
from deskterm.service_level.matching import Book, Subject, Target
from deskterm.service_level.past import judge_past

DAYS = 91
"""A quarter of history."""


@dataclass(slots=True)
class Person:
    """A caller, as far as a story needs them."""

    id: int
    name: str
    organisation: str
    organisation_id: int
    place: str
    phone: str
    vip: bool
    actor: Actor

    @property
    def first(self) -> str:
        """Return how they are addressed."""
        parts = self.name.split()
        return f"{parts[0]} {parts[-1]}" if parts[0].endswith(".") else parts[0]


@dataclass(slots=True)
class Scene:
    """Everything a story needs to happen."""

    chronicle: Chronicle
    registry: Registry
    now: int
    dice: random.Random
    actors: dict[str, Actor]
    people: dict[str, Person]
    ids: dict[tuple[str, str], int]
    """Rows by kind and name."""
    book: Book
    roster: Roster
    items: Mapping[str, str] = field(default_factory=dict)
    """Where each configuration item stands."""
    turn: int = 0

    @property
    def office(self) -> Calendar:
        """Return the hours of the teams behind the first line."""
        return self.roster.office

    def agent(self, login: str) -> int:
        """Return the row of an agent."""
        found = self.actors[login].agent_id
        assert found is not None
        return found

    def somebody(self, team: str, at: int) -> str:
        """Return who of a team takes something at an instant."""
        self.turn += 1
        return self.roster.on_duty(team, at, self.turn)

    def promises(self, kind: str, values: Mapping[str, Any], customer: int, started_at: int) -> dict[str, Target]:
        """Return by which targets of its SLA a record with these values will be judged, by metric."""
        priority = priority_of(values["impact"], values["urgency"])
        subject = Subject(kind, priority, values.get("service"), customer, values.get("team"), None, started_at)
        return {target.metric.value: target for target in self.book.match(subject) if target.type.value == "sla"}


def chronicle_of(connection: Connection, registry: Registry, now: int, dice: random.Random) -> Chronicle:
    """Return a unit of work for the quarter up to now, whose operations are named by the dice: the same each time."""
    return Chronicle(
        connection, registry, Actor("desk", system=True), now, now, "demo",
        until=now, new_id=named_by(dice), batched={judge_clocks: judge_past},
    )  # fmt: skip


def named_by(dice: random.Random) -> Callable[[], str]:
    """Return a maker of identifiers that are the same for the same dice."""
    return lambda: str(uuid.UUID(int=dice.getrandbits(128), version=4))


def caller(mail: str, person_id: int) -> Actor:
    """Return a caller who writes to the desk."""
    return Actor(mail, None, frozenset({Role.REQUESTER}), (), person_id)
