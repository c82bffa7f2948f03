"""What on the desk an alert is about: configuration item, service and team, found by its labels and by who owns them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

from sqlalchemy import Connection

from data.queries import alerts as q
from data.queries import records as rq
from data.search import fold
from deskterm.desk_settings import DeskSettings
from deskterm.incident.alert_routing import Matcher, Route, Routing, Rule, Severities
from deskterm.relation_words import MEMBER_OF

USUAL_LEVELS = (3, 2)
"""Impact and urgency of an alert that names no severity the desk knows."""

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?(\[[0-9a-f:.]+\]|[^/:\s]+)(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)
_LONGEST_NAME = 1_024
"""A label of more characters names nothing on a desk."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incident belongs, as row ids."""

    ci: int | None = None
    service: int | None = None
    team: int | None = None
    unsure: str = ""
    """Says which label names several configuration items, where one does."""


def read_routing(connection: Connection, settings: DeskSettings) -> Routing:
    """Return the desk's routing rules as they stand."""
    rules = tuple(
        Rule(
            row["title"], row["source"], tuple(Matcher.parse(one) for one in row["match"] or ()), row["team_id"],
            row["service_id"], row["category"], Severities.parse(row["severities"] or {}), row["grouping"], bool(row["drop"]),
        )
        for row in connection.execute(q.RULES).mappings()
    )  # fmt: skip
    return Routing(rules, Severities.parse(settings.alert_severities), settings.alert_severity_labels, USUAL_LEVELS)


def names_in(value: str) -> tuple[str, ...]:
    """Return what a label such as `https://web1.example.org:9100/metrics` may name, the most exact first."""
    text = value.strip()
    if not text or len(text) > _LONGEST_NAME:
        return ()
    match = _ADDRESS.fullmatch(text)
    host = match[1].strip("[]") if match else text
    return tuple(dict.fromkeys(name for name in (text, host, "" if _is_ip(host) else host.partition(".")[0]) if name))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class Places:
    """Finds places; what it reads of all configuration items it reads once."""

    def __init__(self, connection: Connection, settings: DeskSettings) -> None:
        self.connection = connection
        self.settings = settings

    def find(self, labels: Mapping[str, str], route: Route) -> Place:
        """Return where an alert with these labels belongs."""
        rule, default = route.rule, route.default
        ci, unsure = self._ci(labels)
        ci_service, ci_owner = self._of_ci(ci)
        service = (
            (rule.service if rule else None)
            or self._named("service", labels, self.settings.alert_service_labels)
            or ci_service
            or (default.service if default else None)
        )
        team = (
            (rule.team if rule else None)
            or self._named("team", labels, self.settings.alert_team_labels)
            or self._team_of(ci_owner)
            or self._team_of(self._service_owner(service))
            or (default.team if default else None)
        )
        return Place(ci, service, team, unsure)

    def _ci(self, labels: Mapping[str, str]) -> tuple[int | None, str]:
        unsure = ""
        for label in self.settings.alert_ci_labels:
            for name in names_in(labels.get(label, "")):
                found = self._cis(name)
                if len(found) == 1:
                    return next(iter(found)), ""
                if found:
                    numbers = ", ".join(list(found.values())[:3])
                    unsure = unsure or f"{label}={name} names several configuration items ({numbers})"
                    break
        return None, unsure

    def _cis(self, name: str) -> dict[int, str]:
        """Return the configuration items of a name: id to number."""
        rows = self.connection.execute(q.CI_BY_NAME, {"title_key": fold(name)}).all()
        return {row.id: row.number for row in rows} or self._marks.get(fold(name), {})

    @cached_property
    def _marks(self) -> dict[str, dict[int, str]]:
        """Configuration items by serial number, full host name and address."""
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for key, number, *marks in self.connection.execute(q.CI_MARKS):
            for mark in marks:
                if isinstance(mark, str) and mark.strip():
                    found[fold(mark.strip())][key] = number
        return dict(found)

    def _named(self, kind: str, labels: Mapping[str, str], names: tuple[str, ...]) -> int | None:
        for label in names:
            value = labels.get(label, "").strip()
            if value and len(value) <= _LONGEST_NAME:
                rows = self.connection.execute(q.BY_NAME, {"kind": kind, "title_key": fold(value)}).all()
                if len(rows) == 1:
                    return int(rows[0].id)
        return None

    def _of_ci(self, ci: int | None) -> tuple[int | None, int | None]:
        """Return service and owner of a configuration item."""
        row = None if ci is None else self.connection.execute(q.CI_PLACE, {"id": ci}).first()
        return (None, None) if row is None else (row.service_id, row.owner_id)

    def _service_owner(self, service: int | None) -> int | None:
        return None if service is None else self.connection.execute(q.SERVICE_OWNER, {"id": service}).scalar()

    def _team_of(self, owner: int | None) -> int | None:
        """Return the team that an owner is, or is in."""
        row = None if owner is None else self.connection.execute(q.KIND_OF, {"id": owner}).first()
        if row is None or row.state != "active":
            return None
        if row.kind == "team":
            return owner
        teams = self.connection.execute(rq.LINKED_FROM, {"relation": MEMBER_OF, "id": owner}).all()
        return min((int(team.target_id) for team in teams), default=None)
