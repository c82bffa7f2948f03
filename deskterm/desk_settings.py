"""Policy of the whole desk, kept in its database: the priority matrix, delays, warning points. Each has a meaning and a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from data.tables.core import setting
from deskterm.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What the desk has agreed with itself. Every field has a default; the table holds only what differs."""

    desk_name: str = "DeskTerm"
    """Shown in the top bar and on printed documents."""
    priority_matrix: tuple[tuple[int, ...], ...] = ((1, 2, 3), (2, 3, 4), (3, 4, 5))
    """Priority by impact (rows, 1 high first) and urgency (columns, 1 high first)."""
    auto_close_seconds: int = 5 * 86400
    """A resolved record closes by itself after so long without a word from the caller."""
    first_contact_reopen_days: int = 7
    """A record reopened within so many days was not solved at first contact."""
    warn_percent: tuple[int, ...] = (75, 90)
    """Warning points of a target that names none, in percent of its amount."""
    major_update_minutes: int = 30
    """How often a major incident owes a status update."""
    categories: tuple[str, ...] = ("hardware", "software", "network", "access", "mail", "printing", "telephony", "data", "other")
    """Offered as category; others are allowed."""
    resolution_codes: tuple[str, ...] = ("solved", "workaround", "not-reproducible", "user-error", "duplicate", "third-party")
    """Offered as resolution code; others are allowed."""
    alert_severities: tuple[tuple[str, int, int], ...] = (
        ("critical", 1, 1), ("page", 1, 1), ("emergency", 1, 1), ("disaster", 1, 1), ("fatal", 1, 1), ("down", 1, 1),
        ("error", 2, 1), ("high", 2, 1), ("major", 2, 1), ("unreachable", 2, 1), ("warning", 2, 2), ("average", 2, 2),
        ("minor", 3, 2), ("unknown", 3, 2), ("info", 3, 3), ("information", 3, 3), ("low", 3, 3), ("none", 3, 3),
    )  # fmt: skip
    """Impact and urgency by the severity that an alert names."""
    alert_severity_labels: tuple[str, ...] = ("severity", "level", "priority")
    """Labels of an alert that may hold its severity, the first known word counts."""
    alert_ci_labels: tuple[str, ...] = ("ci", "instance", "host", "hostname", "node", "nodename", "server", "job", "service")
    """Labels that may name a configuration item, by its name, address, full host name or serial number."""
    alert_service_labels: tuple[str, ...] = ("service", "app", "application", "job")
    """Labels that may name a service."""
    alert_team_labels: tuple[str, ...] = ("team", "owner")
    """Labels that may name a team."""
    alert_reopen_seconds: int = 86400
    """An alert that fires again so soon after its incident ended is the same trouble: it reopens it, unless it is closed."""
    alert_flap_seconds: int = 3600
    """An alert that fires again so soon after it was over flaps."""
    currency: str = "EUR"
    """The currency of an amount that names none (ISO 4217)."""
    financial_year_end: str = "12-31"
    """The last day of the financial year, MM-DD: assets are written off by financial years."""
    allocation_method: str = "reciprocal"
    """How rules of allocation pass costs on: direct, step-down (in the order of their turns) or reciprocal."""
    library_folder: str = ""
    """Where the definitive software library keeps its files; empty is a folder beside the desk's own file."""
    changed: Mapping[str, Any] = field(default_factory=dict)
    """What differs from the defaults, as stored."""


def load(connection: Connection) -> DeskSettings:
    """Return the desk's settings as they stand."""
    stored = {row.name: row.value for row in connection.execute(select(setting.c.name, setting.c.value))}
    known = {item.name for item in fields(DeskSettings)} - {"changed"}
    values: dict[str, Any] = {name: _frozen(value) for name, value in stored.items() if name in known}
    return replace(DeskSettings(), **values, changed=stored)


def save(connection: Connection, name: str, value: object) -> DeskSettings:
    """Change one setting.

    Raises:
        InvalidInput: there is no such setting, or the value breaks its rule.
    """
    current = load(connection)
    if name not in {item.name for item in fields(DeskSettings)} - {"changed"}:
        raise InvalidInput(f"there is no setting {name!r}", fields={name: "unknown"})
    _check(name, value)
    was = getattr(current, name)
    if isinstance(was, int) and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise InvalidInput(f"{name} is a whole number, not negative", fields={name: "whole number"})
    connection.execute(delete(setting).where(setting.c.name == name))
    connection.execute(insert(setting), {"name": name, "value": value, "version": 1})
    return load(connection)


def _check(name: str, value: object) -> None:
    if name == "priority_matrix":
        from deskterm.incident.rules import PriorityMatrix

        PriorityMatrix.parse(value)
    elif name == "alert_severities":
        from deskterm.incident.alert_routing import Severities

        Severities.parse(value)
    elif name == "library_folder":
        _check_folder(value)
    elif name in ("financial_year_end", "allocation_method", "currency"):
        from deskterm.financial.settings import check

        check(name, value)
    elif name.endswith("_labels") and not (isinstance(value, list | tuple) and all(isinstance(word, str) for word in value)):
        raise InvalidInput(f"{name} is a list of label names", fields={name: "list of names"})


def _check_folder(value: object) -> None:
    """Refuse a folder that would be another one from another console."""
    if not isinstance(value, str) or not (
        value == "" or (value.startswith("/") and value.isprintable() and ".." not in value.split("/"))
    ):
        raise InvalidInput(
            "library_folder is the whole path of a folder, such as /srv/deskterm/library",
            fields={"library_folder": "a whole path"},
        )


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
