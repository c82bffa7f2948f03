"""What is wrong with what is recorded of CIs: how many of each sort, which, since when; and the unauthorised changes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from data.queries import audits as q
from deskterm.clock import format_instant
from deskterm.configuration import quality, unauthorised
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.permissions import require
from deskterm.reports import Column, Options, Period, Report, answer

COLUMNS = (
    Column("finding", "Finding"),
    Column("number", "Number"),
    Column("name", "Name"),
    Column("detail", "What is wrong"),
    Column("since", "Since"),
)
FORMULAS = {
    **quality.SORTS,
    "unauthorised": "differences on live CIs that a scan found in the period and no approved change covers",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the findings as the records stand now.

    Options: `finding`, one of the sorts there are, to list it alone.
    """
    strange = sorted(options.keys() - {"finding"})
    if strange:
        raise InvalidInput(f"this report does not take {strange[0]!r}; it takes finding", fields={strange[0]: "unknown"})
    wanted = options.get("finding")
    if wanted is not None and wanted not in quality.SORTS:
        raise InvalidInput(
            f"there is no finding {wanted!r}; there are: {', '.join(quality.SORTS)}", fields={"finding": "unknown"}
        )
    kind = desk.registry.kind("ci")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    from_at, to_at = period.settled(desk.moment)
    with desk.database.read() as connection:
        found = list(quality.findings(connection, desk.moment))
        since = {(row.ci_id, row.sort): row.since for row in connection.execute(q.FINDINGS)}
        alarms = unauthorised.count(connection, from_at, to_at)
        in_use = desk.count(desk.prepare(("ci",), "status:live OR status:in-repair"), cap=10_000_000)
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        at = since.get((one.ci_id, one.sort))
        row = {"finding": one.sort, "number": one.number, "name": one.title, "detail": one.detail}
        grouped[one.sort].append({**row, "since": None if at is None else format_instant(at)})
    rows = tuple(row for sort in quality.SORTS if wanted in (None, sort) for row in grouped[sort])
    flawed = len({one.ci_id for one in found})
    counts = {sort.replace("-", "_"): len(grouped[sort]) for sort in quality.SORTS}
    clean = 100 * (in_use - flawed) / in_use if in_use else None
    said = ", ".join(f"{count} {sort.replace('_', ' ')}" for sort, count in counts.items() if count) or "nothing is wrong"
    more = {"cis": in_use, "counts": counts, "unauthorised": alarms, "clean_percent": clean}
    title = f"Data quality of {in_use:,} CIs in use: {said}; {alarms} unauthorised since {format_instant(from_at)}"
    return Report(title, COLUMNS, rows, answer(from_at, to_at, rows, FORMULAS, **more))
