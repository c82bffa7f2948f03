"""Which targets judge a record: the most specific agreement in force when it began that has a target for the metric."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from data.queries import clocks as q
from data.vocab import AgreementType, Metric
from deskterm import desk_settings
from deskterm.clock import format_instant, parse_instant
from deskterm.service_level.policy import Policy


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a record decides by which targets it is judged."""

    kind: str
    priority: int | None
    service: int | None
    customer: int | None
    team: int | None
    vendor: str | None
    started_at: int
    created_at: int | None = None
    """When it was logged, where it began before that."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target of one agreement, with the policy it means today."""

    id: int
    agreement_id: int
    agreement: str
    type: AgreementType
    metric: Metric
    on_reopen: str
    policy: Policy


@dataclass(slots=True)
class Book:
    """Every agreement, target and calendar in force, read once per unit of work."""

    agreements: list[Mapping[str, Any]]
    targets: dict[int, list[Mapping[str, Any]]]
    calendars: dict[int, list[dict[str, Any]]]
    warn_percent: tuple[int, ...]
    _made: dict[int, Target] = field(default_factory=dict)
    policy_ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection) -> Book:
        """Read the book as it stands in this transaction."""
        targets: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for row in connection.execute(q.TARGETS).mappings():
            targets[row["agreement_id"]].append(dict(row))
        recorded: dict[int, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        for revision in connection.execute(q.REVISIONS):
            recorded[revision.calendar_id].append((revision.valid_from, revision.definition))
        calendars = {key: in_force(revisions) for key, revisions in recorded.items()}
        agreements: list[Mapping[str, Any]] = [dict(row) for row in connection.execute(q.AGREEMENTS).mappings()]
        return cls(agreements, targets, calendars, desk_settings.load(connection).warn_percent)

    @property
    def has_olas(self) -> bool:
        """Return whether any team has promised anything."""
        return any(row["type"] == AgreementType.OLA for row in self.agreements)

    def match(self, subject: Subject) -> list[Target]:
        """Return the targets that judge a subject: per type of agreement and metric the most specific one.

        What was in force when it began counts; where nothing was, what was in force when it was logged: a promise is not
        dodged by dating a record back before it.
        """
        found: dict[tuple[str, str], Target] = {}
        instants = [subject.started_at]
        if subject.created_at is not None and subject.created_at > subject.started_at:
            instants.append(subject.created_at)
        ranked = sorted(self.agreements, key=specificity, reverse=True)
        for at in instants:
            for row in ranked:
                if not applies(row, subject, at):
                    continue
                for target in self.targets.get(row["id"], ()):
                    key = (row["type"], target["metric"])
                    if key not in found and _covers(target, subject):
                        found[key] = self._target(row, target)
        return [found[key] for key in sorted(found)]

    def _target(self, row: Mapping[str, Any], target: Mapping[str, Any]) -> Target:
        made = self._made.get(target["id"])
        if made is None:
            calendar = self.calendars[row["calendar_id"]]
            policy = Policy.from_json(
                {
                    "metric": target["metric"],
                    "unit": target["unit"],
                    "amount_seconds": target["amount_seconds"],
                    "days": target["days"],
                    "warn_percent": list(target["warn_percent"] or self.warn_percent),
                    "calendar": calendar,
                }
            )
            made = Target(
                target["id"],
                row["id"],
                row["title"],
                AgreementType(row["type"]),
                Metric(target["metric"]),
                row["on_reopen"],
                policy,
            )
            self._made[target["id"]] = made
        return made

    def policy_id(self, connection: Connection, policy: Policy) -> int:
        """Return the row of a policy, stored once by content."""
        definition = policy.to_json()
        digest = hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
        if digest not in self.policy_ids:
            found = connection.execute(q.POLICY_BY_DIGEST, {"digest": digest}).scalar()
            if found is None:
                result = connection.execute(q.INSERT_POLICY, {"digest": digest, "definition": definition})
                found = result.inserted_primary_key[0]  # type: ignore[index]
            self.policy_ids[digest] = int(found)
        return self.policy_ids[digest]


def _revise(revisions: list[dict[str, Any]], valid_from: int, definition: Mapping[str, Any]) -> None:
    """Add a revision, in the order in which they were recorded.

    The first recorded holds since ever. Each later one holds from its `valid_from` on for good: it supersedes whatever was
    recorded before it to hold from that instant or a later one.
    """
    start = None if not revisions else format_instant(valid_from)
    if start is not None:
        revisions[1:] = [one for one in revisions[1:] if parse_instant(one["valid_from"]) < valid_from]
    revisions.append({"valid_from": start, **definition})


def in_force(recorded: Iterable[tuple[int, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the definitions of a calendar that hold, each with its `valid_from`, of the revisions in order of recording."""
    found: list[dict[str, Any]] = []
    for valid_from, definition in recorded:
        _revise(found, valid_from, definition)
    return found


def specificity(row: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """Customer and service beat customer, customer beats service, service beats everybody; then the newest agreement."""
    return (row["customer_id"] is not None, row["service_id"] is not None, row["valid_from"])


def applies(row: Mapping[str, Any], subject: Subject, at: int) -> bool:
    """Return whether an agreement is in force at an instant and is about such a record."""
    if not row["valid_from"] <= at or (row["valid_until"] or at + 1) <= at:
        return False
    if row["service_id"] is not None and row["service_id"] != subject.service:
        return False
    if row["type"] == AgreementType.OLA:
        return bool(row["team_id"] == subject.team)
    if row["type"] == AgreementType.UC and subject.vendor and row["supplier"].casefold() != subject.vendor.casefold():
        return False
    return row["customer_id"] is None or row["customer_id"] == subject.customer


def _covers(target: Mapping[str, Any], subject: Subject) -> bool:
    priorities, kinds = target["priorities"] or (), target["kinds"] or ()
    return (not priorities or subject.priority in priorities) and (not kinds or subject.kind in kinds)
