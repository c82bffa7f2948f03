"""What is going to happen to a record, step by step, and the letting happen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deskterm.demo.case import Case
from deskterm.demo.scene import Person, Scene
from deskterm.permissions import DESK, Actor
from deskterm.records.draft import Draft

CALLER, ITSELF = "the caller", "the desk"
"""Who acts where it is no agent."""


class Step(NamedTuple):
    """Something that somebody does to a record: a workflow action, or `note`, `reply`, `edit`."""

    at: int
    who: str
    do: str
    values: Mapping[str, Any] = {}


class Contact(NamedTuple):
    """A contact that is about a record."""

    at: int
    who: str
    channel: str
    outcome: str
    seconds: int
    summary: str


@dataclass(slots=True)
class Plan:
    """One record's life."""

    kind: str
    at: int
    who: str
    person: Person | None
    values: dict[str, Any]
    steps: list[Step] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    key: str = ""
    """By which its children name it."""
    parent: str = ""
    case: Case | None = None


def live(scene: Scene, plan: Plan) -> Draft:
    """Let a plan happen, and return the record as it stands at the end."""
    chronicle = scene.chronicle
    draft = chronicle.create(actor_of(scene, plan, plan.who), plan.at, scene.registry.kind(plan.kind), plan.values)
    for contact in plan.contacts:
        log(scene, contact, plan.person, draft, plan.values.get("service"))
    for step in sorted(plan.steps, key=lambda step: step.at):
        draft = _take(scene, plan, draft, step)
    return draft


def _take(scene: Scene, plan: Plan, draft: Draft, step: Step) -> Draft:
    chronicle, actor = scene.chronicle, actor_of(scene, plan, step.who)
    match step.do:
        case "note" | "reply":
            return chronicle.note(draft, actor, step.at, step.values["text"], public=step.do == "reply")
        case "edit":
            return chronicle.edit(draft, actor, step.at, step.values)
        case action:
            return chronicle.act(draft, actor, step.at, action, step.values)


def log(scene: Scene, contact: Contact, person: Person | None, about: Draft | None, service: int | None = None) -> Draft:
    """Log a contact with the desk."""
    values = {
        "caller": person.id if person else None, "channel": contact.channel, "outcome": contact.outcome,
        "summary": contact.summary, "record": about.id if about else None, "service": service,
        "handle_seconds": contact.seconds, "occurred_at": contact.at,
    }  # fmt: skip
    actor = DESK if contact.who == ITSELF else scene.actors[contact.who]
    return scene.chronicle.create(actor, contact.at, scene.registry.kind("interaction"), values)


def actor_of(scene: Scene, plan: Plan, who: str) -> Actor:
    """Return who acts, with the rights they have."""
    if who == ITSELF:
        return DESK
    if who == CALLER:
        assert plan.person is not None
        return plan.person.actor
    return scene.actors[who]
