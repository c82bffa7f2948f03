"""How available services and CIs were in a period, and what brought them down, through the dependency graph as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability.explain import figures, percent
from deskterm.availability.gathering import known_of
from deskterm.availability.measuring import Measured, measure
from deskterm.availability.nodes import asked, may_read, named, only
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import show_duration
from deskterm.reports import Column, Options, Period, Report, answer, heading

OPTIONS = ("service", "ci", "by")
BY = ("service", "ci", "all")
NO_FAILURES = "no failures"

COLUMNS = (
    Column("name", "What"),
    Column("available", "Available"),
    Column("unplanned", "Without planned"),
    Column("objective", "Agreed", "percent"),
    Column("downtime_seconds", "Down", "seconds"),
    Column("planned_seconds", "Planned", "seconds"),
    Column("unknown_seconds", "Unknown", "seconds"),
    Column("outages", "Outages", "count"),
    Column("mtrs", "MTRS"),
    Column("mtbf", "MTBF"),
    Column("worst", "Mostly through"),
)
FORMULAS = {
    "agreed_seconds": "AST: the agreed service time of the period until now; around the clock where nothing was agreed",
    "downtime_seconds": "DT: downtime within AST, overlapping outages once, through the dependency graph as it was then",
    "planned_seconds": "of DT, what lies in windows of changes approved before they began, or was recorded as planned",
    "unknown_seconds": "of AST, what nobody watched and nobody recorded",
    "availability": "100 x (AST - DT) / AST",
    "availability_excluding_planned": "100 x (AST - (DT - planned)) / AST",
    "availability_known_time": "100 x (AST - unknown - DT) / (AST - unknown)",
    "outages": "n: outages that began in the period and hit AST",
    "mtrs_seconds": "DT / n",
    "mtbf_seconds": "(AST - DT) / n",
    "mtbsi_seconds": "AST / n",
    "attribution": "seconds of DT by what failed by itself; where several did at once and each alone sufficed, shared equally",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return a row per service in use, and per CI that failed by itself in the period.

    Options: `service` or `ci` (a name or a number), `by` (service, ci or all).
    """
    only(options, OPTIONS)
    by = options.get("by", "all")
    if by not in BY:
        raise InvalidInput(f"by is {', '.join(BY)}, not {by!r}", fields={"by": "unknown"})
    may_read(desk)
    start, end = period.settled(desk.moment)
    with desk.database.read() as connection:
        nodes = asked(connection, options).nodes or _everything(connection, by, start, min(end, desk.moment))
        found = measure(connection, desk.registry, nodes=nodes, start=start, end=end, now=desk.moment)
        charged = {share.node for one in found.values() for share in one.attribution if share.node is not None}
        changes = {share.change for one in found.values() for share in one.attribution if share.change is not None}
        names = named(connection, {*found, *charged, *changes})
    rows = tuple(_row(found[node], names) for node in nodes if node in found)
    return Report(
        heading("Availability", start, end, ""), COLUMNS, rows, answer(start, end, [_data(row) for row in rows], FORMULAS)
    )


def _everything(connection: Connection, by: str, start: int, until: int) -> list[int]:
    services = [row.id for row in connection.execute(q.IN_USE, {"kind": "service"})] if by != "ci" else []
    if by == "service" or until <= start:
        return services
    every = frozenset(row.id for row in connection.execute(q.IN_USE, {"kind": "ci"}))
    failed = {fact.node for fact in known_of(connection, every, start, until).facts}
    return services + [row.id for row in connection.execute(q.IN_USE, {"kind": "ci"}) if row.id in failed]


def _row(one: Measured, names: Mapping[int, Any]) -> dict[str, Any]:
    own = names[one.node]
    told = figures(one)
    shares = [_share(share, names) for share in one.attribution]
    worst = shares[0] if shares else None
    without = NO_FAILURES if one.figures.known_seconds else "n/a"
    return {
        own.kind: own.title,
        "number": own.number,
        **{name: value for name, value in told.items() if name not in ("from", "to")},
        "objective": one.objective,
        "degraded_seconds": one.degraded_seconds,
        "attribution": shares,
        "name": own.title,
        "available": percent(one.availability),
        "unplanned": percent(one.availability_excluding_planned),
        "mtrs": without if told["mtrs_seconds"] is None else show_duration(told["mtrs_seconds"]),
        "mtbf": without if told["mtbf_seconds"] is None else show_duration(told["mtbf_seconds"]),
        "worst": "" if worst is None else f"{worst['ci'] or worst['service'] or '?'} {show_duration(worst['seconds'])}",
    }


def _share(share: Any, names: Mapping[int, Any]) -> dict[str, Any]:
    root = names.get(share.node)
    change = names.get(share.change)
    return {
        "ci": root.title if root is not None and root.kind == "ci" else None,
        "service": root.title if root is not None and root.kind == "service" else None,
        "number": None if root is None else root.number,
        "seconds": share.seconds,
        "change": None if change is None else change.number,
        "supplier": share.supplier,
    }


_SHOWN = ("name", "available", "unplanned", "mtrs", "mtbf", "worst")
"""What is there for people to read; the data says it otherwise."""


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _SHOWN}
