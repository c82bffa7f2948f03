"""Outages and small graphs as the tests of availability make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.availability.measuring import Measured, measure
from deskterm.clock import parse_instant
from deskterm.desk import Desk
from deskterm.records import resolve

DAY = "2026-11-01T00:00:00Z"
"""A Sunday: the day before the cast's present."""
NEXT = "2026-11-02T00:00:00Z"


def on(day: str, hour: str) -> str:
    """Return an instant of a day of November 2026, such as `on("01", "10:30")`."""
    return f"2026-11-{day}T{hour}:00Z"


def ci(desk: Desk, name: str, **values: Any) -> str:
    """Make a CI and return its number."""
    return desk.create("ci", {"name": name, "type": "server", **values}).number


def service(desk: Desk, name: str, **needs: Mapping[str, Any] | None) -> str:
    """Make a service that has depended on these CIs since ever, and return its number; the CIs are made with it."""
    number = desk.create("service", {"name": name}).number
    for member, options in needs.items():
        desk.link(number, "depends-on", ci(desk, member), valid_from=0, **(options or {}))
    return number


def outage(desk: Desk, on_what: str, start: str, end: str | None, **values: Any) -> str:
    """Record an outage of a CI and return its number."""
    about = {} if "service" in values else {"ci": on_what}
    return desk.create("outage", {**about, "started_at": start, "ended_at": end, **values}).number


def measured(desk: Desk, what: str, start: str = DAY, end: str = NEXT) -> Measured:
    """Measure one service or CI, by its number or its name."""
    with desk.database.read() as connection:
        node = resolve.one_of(connection, what, ("ci", "service"))
        period = {"start": parse_instant(start), "end": parse_instant(end)}
        return measure(connection, desk.registry, nodes=[node], **period, now=desk.moment)[node]


def charged(desk: Desk, found: Measured) -> dict[str, int]:
    """Return what a downtime is charged to, by name."""
    with desk.database.read() as connection:
        names = resolve.names(connection, {share.node for share in found.attribution if share.node is not None})
    return {names[share.node].title: share.seconds for share in found.attribution if share.node is not None}
