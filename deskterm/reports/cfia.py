"""Component failure impact analysis: which CI takes which service along, as the dependency graph was at the end of the period."""

from __future__ import annotations

from typing import Any

from data.queries import availability as q
from deskterm.availability.cfia import cfia
from deskterm.availability.nodes import asked, may_read, named, only
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.reports import Column, Options, Period, Report, answer

OPTIONS = ("service", "ci")
FIXED = ("ci", "number", "breaks", "weakens", "cells")
"""What a row holds beside a mark under the name of each service."""
FORMULAS = {
    "cells": "X: the CI alone brings the service down; A: an alternative takes over; empty: the service does not need it",
    "breaks": "services that the CI brings down: its X",
    "weakens": "services for which an alternative takes over: its A",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return a row per CI that any service in use needs, what brings down most first, and a column per service.

    Options: `service` or `ci` (a name or a number).
    """
    may_read(desk)
    only(options, OPTIONS)
    start, end = period.settled(desk.moment)
    at = min(end, desk.moment)
    with desk.database.read() as connection:
        wanted = asked(connection, options)
        services = [row for row in connection.execute(q.IN_USE, {"kind": "service"}) if wanted.service in (None, row.id)]
        found = [row for row in cfia(connection, [row.id for row in services], at) if wanted.ci in (None, row.ci)]
        names = named(connection, {row.ci for row in found})
    titles = {service.id: service.title for service in services}
    headed = {key: f"service {title}" if title in FIXED else title for key, title in titles.items()}
    data = [
        {
            "ci": names[row.ci].title, "number": names[row.ci].number, "breaks": row.breaks, "weakens": row.weakens,
            "cells": {titles[service]: row.marks[service] for service in titles if service in row.marks},
        }
        for row in found
    ]  # fmt: skip
    shown: list[dict[str, Any]] = [
        {**row, **{headed[service]: mark for service, mark in one.marks.items()}} for row, one in zip(data, found, strict=True)
    ]
    columns = (
        Column("ci", "CI"), Column("breaks", "Breaks", "count"), Column("weakens", "Weakens", "count"),
        *(Column(head, head) for head in headed.values()),
    )  # fmt: skip
    told = answer(start, end, data, FORMULAS, at=format_instant(at), services=list(titles.values()))
    return Report(f"Component failure impact at {format_instant(at)}", columns, tuple(shown), told)
