"""What the CMDB holds: CIs by type or whatever else groups them, their statuses, what is not known of them, what they cost.

With it, service by service, the single points of failure: what alone would bring the service down now.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection

from data.queries import cmdb as q
from data.tables.configuration import ci
from data.tables.core import record
from deskterm.clock import format_instant
from deskterm.configuration import graph, states
from deskterm.configuration.rules import State, single_points
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import show_cents
from deskterm.permissions import require
from deskterm.records import resolve
from deskterm.reports import Column, Options, Period, Report

BY: Final[dict[str, ColumnElement[Any]]] = {
    "type": ci.c.type, "location": ci.c.location, "status": record.c.state, "environment": ci.c.environment,
    "criticality": ci.c.criticality, "service": record.c.service_id, "owner": ci.c.owner_id, "support_team": ci.c.support_team_id,
}  # fmt: skip
_REFERENCES = ("service", "owner", "support_team")
ALL = "all"
MOST_SERVICES = 200
MOST_BELOW = 2_000
"""A service with more nodes below it is not searched for single points here: `explain` says it for one node."""
_COUNTS = ("total", "here", *(state.replace("-", "_") for state in q.STATES), "no_owner", "no_service", "out_of_warranty")

COLUMNS = (
    Column("group", "Group"),
    Column("here", "CIs", "count"),
    Column("live", "Live", "count"),
    Column("in_stock", "In stock", "count"),
    Column("in_repair", "In repair", "count"),
    Column("retired", "Retired", "count"),
    Column("no_owner", "No owner", "count"),
    Column("no_service", "No service", "count"),
    Column("out_of_warranty", "No warranty", "count"),
    Column("cost_text", "Cost"),
)
FORMULAS = {
    "here": "CIs that are neither retired nor disposed of",
    "no_owner": "of those, the ones that nobody answers for",
    "no_service": "of those, the ones that belong to no service",
    "out_of_warranty": "of those, the ones whose warranty has a date that is past",
    "cost": "sum of what those cost to buy, by currency; no rate is applied",
    "single_points": "nodes below a service of which each alone would bring it down now, redundancy groups considered",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the stock of CIs as it is now: a stock is of an instant, so the period says nothing and both its ends are that.

    Options: `by` (see `BY`).
    """
    strange = sorted(options.keys() - {"by"})
    if strange:
        raise InvalidInput(f"this report does not take {strange[0]!r}; it takes by", fields={strange[0]: "unknown"})
    by = options.get("by", "type")
    if by not in BY:
        raise InvalidInput(f"CIs are grouped by {', '.join(BY)}, not by {by!r}", fields={"by": "unknown"})
    period.settled(desk.now())
    kind = desk.registry.kind("ci")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        rows = _rows(connection, by, desk.now())
        points = _single_points(connection, desk.now())
    total = _sum(ALL, rows)
    at = format_instant(desk.now())
    figures = {"total": total, "rows": rows, "single_points": points}
    data = {"from": at, "to": at, "at": at, "by": by, **figures, "formulas": FORMULAS}
    shown = tuple({**row, "group": row["group"] or "none"} for row in (total, *rows))
    return Report(f"CMDB by {by} at {at}", COLUMNS, shown, data)


def _rows(connection: Connection, by: str, now: int) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    costs: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(q.stock(BY[by]), {"at": now}).mappings():
        group = row["group"]
        counts = found.setdefault(group, {"group": group, **dict.fromkeys(_COUNTS, 0)})
        for name in _COUNTS:
            counts[name] += int(row[name])
        if row["cost"] and row["currency"]:
            costs[group][row["currency"]] = int(row["cost"])
    names = resolve.names(connection, {key for key in found if key is not None}) if by in _REFERENCES else {}
    rows = [{**counts, **_cost(costs[group])} for group, counts in found.items()]
    if by in _REFERENCES:
        rows = [{**row, "group": names[row["group"]].title if row["group"] in names else None} for row in rows]
    return sorted(rows, key=lambda row: (-row["here"], str(row["group"] or "")))


def _cost(cents: dict[str, int]) -> dict[str, Any]:
    money = {currency: show_cents(amount) for currency, amount in sorted(cents.items())}
    return {"cost": money, "cost_text": ", ".join(f"{amount} {currency}" for currency, amount in money.items())}


def _sum(group: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    from deskterm.fields import cents_of

    cents: dict[str, int] = defaultdict(int)
    for row in rows:
        for currency, amount in row["cost"].items():
            cents[currency] += cents_of(amount)
    return {"group": group, **{name: sum(row[name] for row in rows) for name in _COUNTS}, **_cost(cents)}


def _single_points(connection: Connection, now: int) -> list[dict[str, Any]]:
    """Return, for every service, what alone would bring it down now."""
    facts = states.facts(connection, now)
    down = {node for node, each in facts.items() if any(fact.state is State.DOWN for fact in each)}
    found = []
    for service in connection.execute(q.SERVICES, {"limit": MOST_SERVICES}).all():
        walk = graph.needed(connection, [service.id], now, most=MOST_BELOW)
        points = () if walk.truncated else sorted(single_points(walk.network, service.id, down=down))
        named = graph.named(connection, points)
        listed = [{"number": named[key].number, "name": named[key].title} for key in points if key in named]
        found.append({"service": service.title, "number": service.number, "single_points": None if walk.truncated else listed})
    return found
