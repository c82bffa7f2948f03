"""The desk before its first contact: people, teams, agents, services, configuration items, calendars and agreements."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from data.search import fold
from deskterm.configuration.planting import plant_in
from deskterm.demo import network, terms
from deskterm.demo.cast import ADMINISTRATOR, AGENTS, ORGANISATIONS, PEOPLE, TEAMS
from deskterm.demo.estate import DOWNTIME, ITEMS, OWNED, RELATIONS, SERVICES, VITAL
from deskterm.demo.purchases import USERS, values_of
from deskterm.demo.scene import named_by
from deskterm.kinds import Registry
from deskterm.permissions import DESK, Role
from deskterm.records import writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

_LETTERS = str.maketrans({"ß": "ss", "ö": "oe", "ü": "ue", "ä": "ae", "ø": "o", "\u0131": "i"})


@dataclass(slots=True)
class Founding:
    """Makes records and remembers them by kind and name."""

    connection: Connection
    registry: Registry
    at: int
    dice: random.Random
    drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)

    @contextmanager
    def unit(self, what: str) -> Iterator[Unit]:
        """Yield a unit of work of the desk itself within the one transaction of the demo."""
        unit = Unit(self.connection, self.registry, DESK, self.at, self.at, what, id=named_by(self.dice)())
        yield unit
        unit.finish()

    def make(self, unit: Unit, kind: str, values: Mapping[str, Any]) -> Draft:
        """Make one record."""
        found = self.registry.kind(kind)
        draft = writing.create(unit, found, values)
        self.drafts[kind, str(draft.get(found.title_field))] = draft
        return draft

    def id(self, kind: str, name: str) -> int:
        """Return the row of a record by name."""
        return self.drafts[kind, name].id


def found(connection: Connection, registry: Registry, at: int, years: range, dice: random.Random) -> Founding:
    """Make everything that stands before the first contact."""
    desk = Founding(connection, registry, at, dice)
    _agents(desk)
    _customers(desk)
    _policy(desk, years)
    _estate(desk)
    return desk


def _agents(desk: Founding) -> None:
    login, name = ADMINISTRATOR
    with desk.unit("set up agents") as unit:
        desk.make(unit, "agent", _agent(login, name, (Role.ADMINISTRATOR.value,)))
        for login, name, roles, _ in AGENTS:
            desk.make(unit, "agent", _agent(login, name, roles))
    with desk.unit("set up teams") as unit:
        for team, line, lead, mail, note in TEAMS:
            members = [desk.id("agent", login) for login, _, _, teams in AGENTS if team in teams]
            values = {"name": team, "line": line, "lead": desk.id("agent", lead), "email": mail, "note": note}
            desk.make(unit, "team", values | {"members": members})


def _agent(login: str, name: str, roles: tuple[str, ...]) -> dict[str, Any]:
    return {"login": login, "name": name, "roles": list(roles), "email": f"{login}@kiebitz-it.example", "tz": terms.ZONE}


def _customers(desk: Founding) -> None:
    with desk.unit("set up customers") as unit:
        for name, domain, note in ORGANISATIONS:
            customer = desk.make(unit, "organisation", {"name": name, "domain": domain, "note": note})
            for person, place, phone, vip, remark in PEOPLE[name]:
                values = {"name": person, "email": mail_of(person, domain), "phone": phone, "location": place, "vip": vip}
                desk.make(unit, "person", values | {"organisation": customer.id, "note": remark or None, "tz": terms.ZONE})
    with desk.unit("link caller") as unit:
        agent = writing.fetch(unit, desk.drafts["agent", "maria"].number)
        writing.edit(unit, agent, {"person": desk.id("person", "Maria Lopez")})


def mail_of(name: str, domain: str) -> str:
    """Return a person's mail address."""
    words = fold(name.translate(_LETTERS)).translate(_LETTERS).replace("'", "").replace("dr. ", "").split()
    local = ".".join((words[0], words[-1])) if words[0].isascii() else "noa.levy"
    return f"{local}@{domain}"


def _policy(desk: Founding, years: range) -> None:
    with desk.unit("set up calendars") as unit:
        for calendar in terms.calendars(years):
            desk.make(unit, "calendar", calendar)
    with desk.unit("set up services") as unit:
        for name, criticality, owner, description in SERVICES:
            login = next(login for login, full, _, _ in AGENTS if full == owner)
            values = {"name": name, "criticality": criticality, "owner": desk.id("agent", login), "description": description}
            values |= {"downtime_cost_per_hour": DOWNTIME.get(name), "vital_functions": list(VITAL.get(name, ()))}
            customer = OWNED.get(name)
            desk.make(unit, "service", values | {"customer": desk.id("organisation", customer) if customer else None})
    with desk.unit("set up agreements") as unit:
        for agreement in terms.AGREEMENTS:
            named = {field: desk.id(kind, agreement[field]) for field, kind in _REFERENCES.items() if field in agreement}
            made = desk.make(unit, "agreement", {**agreement, **named, "valid_from": desk.at, "review_at": desk.at + 365 * 86400})
            for metric, priorities, amount, kinds in terms.TARGETS[agreement["name"]]:
                figures: dict[str, Any] = {
                    "metric": metric,
                    "priorities": list(priorities),
                    "amount_seconds": amount,
                    "kinds": list(kinds),
                }
                figures["objective"] = terms.OBJECTIVES.get(agreement["name"])
                desk.make(unit, "target", {"agreement": made.id, "unit": "business-hours", **figures})
            if objective := terms.AVAILABILITY.get(agreement["name"]):
                figures = {"metric": "availability", "name": f"Availability {objective} %", "objective": objective}
                desk.make(unit, "target", {"agreement": made.id, **figures})


_REFERENCES = {"calendar": "calendar", "customer": "organisation", "service": "service", "team": "team"}


def _estate(desk: Founding) -> None:
    serial = random.Random(88)
    with desk.unit("plant CI types") as unit:
        plant_in(unit)
    with desk.unit("set up configuration items") as unit:
        for sort, service, place, names in ITEMS:
            for name in names:
                owner = desk.drafts["service", service].get("owner") if sort not in USERS else None
                values = {"name": name, "type": sort, "service": desk.id("service", service), "location": place or None}
                values |= {"owner": owner}
                physical = sort not in ("licence", "document", "application", "software", "database", "virtual-machine")
                number = f"{serial.randrange(10, 99)}-{serial.randrange(1000, 9999)}" if physical else None
                values |= values_of(desk.at, sort, name, len(desk.drafts)) | network.known(name, sort, place)
                desk.make(unit, "ci", values | {"serial": number})
    with desk.unit("relate configuration items") as unit:
        for source, relation, target in RELATIONS:
            writing.link(unit, desk.drafts["ci", source], relation, desk.drafts["ci", target])
