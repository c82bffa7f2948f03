"""How changes go: how many, how they ended, what they broke, how long they took; by type, and the CIs that break most often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import change as q
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.records import resolve
from deskterm.records.listing import MAX_PAGE
from deskterm.reports import Column, Options, Period, Report, answer, heading, rules

BY = ("type", "category", "risk_level", "service", "team", "assignee")
"""What changes can be grouped by."""
ALL = "all"
GOOD = ("successful", "successful-with-issues")
MOST_FRAGILE = 10
UNAUTHORISED = 'category:"unauthorised change"'
"""What discovery raises where a CI differs and no approved change covers it."""
FIELDS = (
    *BY, "cis", "code", "created_at", "submitted_at", "approved_at", "actual_start", "actual_end", "window_start", "window_end",
)  # fmt: skip

COLUMNS = (
    Column("group", "Group"),
    Column("implemented", "Implemented", "count"),
    Column("successful", "Successful", "count"),
    Column("backed_out", "Backed out", "count"),
    Column("failed", "Failed", "count"),
    Column("caused", "Caused incidents", "count"),
    Column("success_rate", "Success", "percent"),
    Column("failure_rate", "Failure", "percent"),
    Column("emergency_rate", "Emergency", "percent"),
    Column("lead_time_seconds", "Lead time", "seconds"),
    Column("approval_seconds", "Approval", "seconds"),
    Column("overrun_rate", "Overrun", "percent"),
)

FORMULAS = {
    "implemented": "changes whose work was over in the period, and that were given a closure code",
    "successful": "implemented with the code successful or successful-with-issues",
    "caused": "implemented changes that an incident names as its cause",
    "success_rate": "successful / implemented x 100",
    "failure_rate": "(failed, backed out, or named as the cause of an incident) / implemented x 100, each change counted once",
    "clean_rate": "(successful, within the window, no incident caused) / implemented x 100",
    "emergency_rate": "emergency / implemented x 100",
    "unauthorised": "incidents of the category 'unauthorised change' that began in the period",
    "lead_time_seconds": "median of (work began - request recorded)",
    "approval_seconds": "median of (approved - submitted) of those that were voted on",
    "overrun_rate": "(work over after the end of the window) / implemented x 100",
    "overrun_seconds": "sum of (work over - end of the window) of those",
    "fragile": "by CI: (1 - successful and nothing caused / implemented) x mean time to restore the incidents that its changes "
    "caused; the largest first; a CI whose changes caused nothing is not listed",
}


@dataclass(frozen=True, slots=True)
class Done:
    """One implemented change with what it caused."""

    id: int
    values: Mapping[str, Any]
    shown: Mapping[str, str]
    restores: tuple[int | None, ...]
    """For each incident it caused: seconds until it was resolved, None while it is open."""

    @property
    def good(self) -> bool:
        """Return whether it was successful and broke nothing."""
        return self.values.get("code") in GOOD and not self.restores

    @property
    def overrun_seconds(self) -> int:
        """Return by how much it went beyond its window."""
        end, window = self.values.get("actual_end"), self.values.get("window_end")
        return max(0, end - window) if end is not None and window is not None else 0


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the figures of a period: all changes first, then group by group, the largest first.

    Options: `by` (see `BY`), `query`, and any field of a change, such as `service=Payroll`.
    """
    by = options.get("by", "type")
    if by not in BY:
        raise InvalidInput(f"changes are grouped by {', '.join(BY)}, not by {by!r}", fields={"by": "unknown"})
    from_at, to_at = period.settled(desk.moment)
    query = _query(desk, options)
    found = list(_implemented(desk, from_at, to_at, query))
    groups: dict[str, list[Done]] = defaultdict(list)
    for one in found:
        groups[one.shown.get(by) or "none"].append(one)
    total = _figures(ALL, found)
    rows = sorted((_figures(name, some) for name, some in groups.items()), key=lambda row: (-row["implemented"], row["group"]))
    more = {
        **{name: value for name, value in total.items() if name != "group"},
        "unauthorised": _unauthorised(desk, from_at, to_at), "fragile": _fragile(desk, found), "query": query, "by": by,
    }  # fmt: skip
    data = answer(from_at, to_at, rows, FORMULAS, **more)
    return Report(heading(f"Changes by {by.replace('_', ' ')}", from_at, to_at, query), COLUMNS, (total, *rows), data)


def _query(desk: Desk, options: Options) -> str:
    kind = desk.registry.kind("change")
    parts = [options["query"]] if options.get("query") else []
    for name, value in options.items():
        if name not in ("by", "query"):
            parts.append(f'{kind.field(name).name}:"{value}"')
    return " ".join(parts)


def _implemented(desk: Desk, from_at: int, to_at: int, query: str) -> Iterator[Done]:
    """Yield the changes of a period, page by page."""
    span = f"actual_end:>={format_instant(from_at)} actual_end:<{format_instant(to_at)} code:any"
    listing = desk.prepare(("change",), f"({query}) {span}" if query else span, "number")
    after = None
    while True:
        page = desk.page(listing, limit=MAX_PAGE, columns=FIELDS, **({"after": after} if after is not None else {}))
        with desk.database.read() as connection:
            caused = _caused(connection, [row.id for row in page.rows])
        for row in page.rows:
            yield Done(row.id, row.values, row.shown, tuple(caused.get(row.id, ())))
        if not page.more:
            return
        after = page.rows[-1].cursor


def _caused(connection: Connection, ids: Sequence[int]) -> Mapping[int, list[int | None]]:
    found: dict[int, list[int | None]] = defaultdict(list)
    for row in connection.execute(q.CAUSED, {"ids": list(ids)}) if ids else ():
        found[row.caused_by_id].append(None if row.resolved_at is None else max(0, row.resolved_at - row.began_at))
    return found


def _figures(group: str, some: Sequence[Done]) -> dict[str, Any]:
    count, codes = len(some), [one.values.get("code") for one in some]
    overruns = [one.overrun_seconds for one in some if one.overrun_seconds]
    began = [(one.values.get("actual_start"), one.values.get("created_at")) for one in some]
    voted = [
        (one.values.get("approved_at"), one.values.get("submitted_at")) for one in some if one.values.get("type") != "standard"
    ]
    successful, emergencies = sum(code in GOOD for code in codes), sum(one.values.get("type") == "emergency" for one in some)
    return {
        "group": group,
        "implemented": count,
        "successful": successful,
        "with_issues": codes.count("successful-with-issues"),
        "failed": codes.count("failed"),
        "backed_out": codes.count("backed-out"),
        "caused": sum(bool(one.restores) for one in some),
        "emergencies": emergencies,
        "success_rate": rules.percent(successful, count),
        "failure_rate": rules.percent(sum(not one.good for one in some), count),
        "clean_rate": rules.percent(sum(one.good and not one.overrun_seconds for one in some), count),
        "emergency_rate": rules.percent(emergencies, count),
        "lead_time_seconds": rules.median([start - made for start, made in began if start is not None and made is not None]),
        "approval_seconds": rules.median([end - start for end, start in voted if end is not None and start is not None]),
        "overrun_rate": rules.percent(len(overruns), count),
        "overrun_seconds": sum(overruns),
    }


def _unauthorised(desk: Desk, from_at: int, to_at: int) -> int:
    span = f"occurred_at:>={format_instant(from_at)} occurred_at:<{format_instant(to_at)}"
    return desk.count(desk.prepare(("incident",), f"{UNAUTHORISED} {span}"))


def _fragile(desk: Desk, found: Sequence[Done]) -> list[dict[str, Any]]:
    """Return the CIs whose changes fail most, weighted by how long it takes until what they broke is back."""
    by_ci: dict[int, list[Done]] = defaultdict(list)
    with desk.database.read() as connection:
        for start in range(0, len(found), MAX_PAGE):
            some = {one.id: one for one in found[start : start + MAX_PAGE]}
            for row in connection.execute(q.CIS_OF, {"ids": sorted(some)}):
                by_ci[row.target_id].append(some[row.source_id])
        names = resolve.names(connection, set(by_ci))
    rows: list[dict[str, Any]] = []
    for ci, changes in by_ci.items():
        restores = [seconds for one in changes for seconds in one.restores if seconds is not None]
        restore = rules.mean(restores)
        if restore is None:
            continue
        bad = sum(not one.good for one in changes)
        rows.append({
            "ci": names[ci].title, "number": names[ci].number, "changes": len(changes),
            "success_rate": rules.percent(len(changes) - bad, len(changes)), "restore_seconds": restore,
            "score_seconds": round(bad * restore / len(changes)),
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["score_seconds"], row["ci"]))[:MOST_FRAGILE]
