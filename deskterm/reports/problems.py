"""How problem management does: how soon causes and workarounds are found, whether they help, what comes back. And the few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from data.queries import problem as q
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.permissions import require
from deskterm.problem import pareto
from deskterm.reports import Column, Options, Period, Report, answer, heading, rules

PAGE = 200
DAY_SECONDS = 86400

COLUMNS = (
    Column("group", "Group"),
    Column("count", "Incidents", "count"),
    Column("percent", "Share", "percent"),
    Column("cumulative_percent", "So far", "percent"),
)

FORMULAS = {
    "incidents": "incidents that began in the period; cancelled ones are none",
    "opened": "problems logged in the period",
    "resolved": "problems resolved in the period (the last time)",
    "open": "problems logged before the end of the period and not over by then",
    "incidents_per_problem": "incidents of the period that are linked to a problem / the problems they are linked to",
    "linked_percent": "incidents of the period that are linked to a problem / all of them x 100",
    "days_to_root_cause": "mean of (root cause first recorded - problem logged) of those whose cause was recorded in the "
    "period, in days around the clock",
    "matched_percent": "incidents of the period that are linked to a known error / all of them x 100",
    "workaround_lead_seconds": "mean of (workaround first recorded - problem logged) of those whose workaround was recorded in "
    "the period, around the clock",
    "recurring_percent": "problems resolved in the period to which an incident was linked that began after that / all of them "
    "x 100",
    "rows": "incidents of the period by what is asked for, the largest first, with the share of all so far (Pareto); those that "
    "name nothing come last and have no share",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the figures of a period, then the Pareto of its incidents.

    Options: `by` (problem, category, ci or service).
    """
    by = options.get("by", "problem")
    strange = sorted(set(options) - {"by"})
    if strange:
        raise InvalidInput(f"this report does not take {strange[0]!r}; it takes by", fields={strange[0]: "unknown"})
    kind = desk.registry.kind("problem")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    from_at, to_at = period.settled(desk.moment)
    lines = pareto.lines(desk, by, from_at, to_at)
    with desk.database.read() as connection:
        figures = _figures(connection, from_at, to_at)
    rows = [
        {
            "group": line.bar.name, "number": line.number or None, "count": line.bar.count, "percent": line.bar.percent,
            "cumulative_percent": line.bar.cumulative_percent,
        }
        for line in lines
    ]  # fmt: skip
    data = answer(from_at, to_at, rows, FORMULAS, by=by, **figures)
    return Report(f"{heading(f'Problems by {by}', from_at, to_at, '')}: {told(figures)}", COLUMNS, tuple(rows), data)


def _figures(connection: Connection, from_at: int, to_at: int) -> dict[str, Any]:
    window = {"from_at": from_at, "to_at": to_at}
    begun = connection.execute(q.BEGUN, window).one()
    found = list(_milestones(connection, window))

    def within(at: int | None) -> bool:
        return at is not None and from_at <= at < to_at

    causes = [row.root_cause_at - row.created_at for row in found if within(row.root_cause_at)]
    helps = [row.workaround_at - row.created_at for row in found if within(row.workaround_at)]
    resolved = [row for row in found if within(row.resolved_at)]
    to_cause = rules.mean(causes)
    return {
        "incidents": begun.incidents,
        "opened": sum(within(row.created_at) for row in found),
        "resolved": len(resolved),
        "open": int(connection.execute(q.OPEN_AT_END, {"to_at": to_at}).scalar_one()),
        "incidents_per_problem": rules.ratio(begun.with_problem, begun.problems),
        "linked_percent": rules.percent(begun.with_problem, begun.incidents),
        "days_to_root_cause": None if to_cause is None else to_cause / DAY_SECONDS,
        "matched_percent": rules.percent(begun.matched, begun.incidents),
        "workaround_lead_seconds": rules.mean(helps),
        "recurring_percent": rules.percent(sum(row.recurrences > 0 for row in resolved), len(resolved)),
    }


def _milestones(connection: Connection, window: dict[str, int]) -> Iterator[Any]:
    after = 0
    while rows := connection.execute(q.MILESTONES, {**window, "after": after, "limit": PAGE}).all():
        yield from rows
        after = rows[-1].id


def told(figures: dict[str, Any]) -> str:
    """Return the figures in a sentence, those that stand on nothing as n/a."""
    from deskterm.reports import show

    each, days = figures["incidents_per_problem"], figures["days_to_root_cause"]
    parts = (
        f"{figures['opened']} opened, {figures['resolved']} resolved, {figures['open']} open",
        f"incidents per problem {show(each, 'number')}",
        f"days to root cause {show(days, 'number')}",
        f"matched to a known error {show(figures['matched_percent'], 'percent')}",
        f"workaround after {show(figures['workaround_lead_seconds'], 'seconds')}",
        f"recurring {show(figures['recurring_percent'], 'percent')}",
    )
    return "; ".join(parts)
