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


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
