"""How incidents are dealt with: how soon noticed and resolved, what was in time, what is left; by whatever groups them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import reports as q
from data.tables.service_level import clock
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import Ref
from deskterm.records import resolve
from deskterm.reports import Column, Options, Period, Report, answer, heading, rules
from deskterm.reports.population import Case, Scope, cases, scope_of, selection

BY = ("category", "ci", "service", "team", "priority", "assignee", "customer", "code", "channel")
"""What incidents can be grouped by: what the record says now."""
ALL = "all"

COLUMNS = (
    Column("group", "Group"),
    Column("opened", "Opened", "count"),
    Column("resolved", "Resolved", "count"),
    Column("backlog", "Backlog", "count"),
    Column("mtta_seconds", "MTTA", "seconds"),
    Column("mttr_gross_mean_seconds", "MTTR gross", "seconds"),
    Column("mttr_gross_median_seconds", "median", "seconds"),
    Column("mttr_gross_p90_seconds", "p90", "seconds"),
    Column("mttr_net_mean_seconds", "MTTR net", "seconds"),
    Column("mttr_net_median_seconds", "median", "seconds"),
    Column("mttr_net_p90_seconds", "p90", "seconds"),
    Column("sla_met_percent", "SLA met", "percent"),
)

FORMULAS = {
    "opened": "incidents that began in the period; an incident opens when the trouble began, not when somebody typed",
    "resolved": "incidents resolved in the period at least once; cancelled ones are not resolved",
    "backlog": "incidents open at the end of the period",
    "backlog_ages": "end of period - opened of the backlog, in days begun",
    "mtta_seconds": "mean of (first notice by a person - opened) of incidents first noticed in the period; notice is handing it "
    "to a team or an agent, beginning work, a public reply, or resolving it; around the clock",
    "mttr_gross_mean_seconds": "mean of (last resolution in the period - opened) of the resolved, around the clock",
    "mttr_gross_median_seconds": "median of the same",
    "mttr_gross_p90_seconds": "90th percentile of the same, nearest rank",
    "mttr_net_mean_seconds": "the same less the time it was pending, or resolved before a reopening",
    "mttr_net_median_seconds": "median of the net times",
    "mttr_net_p90_seconds": "90th percentile of the net times, nearest rank",
    "sla_met_percent": "SLA clocks met / (met + missed) x 100 of those judged in the period: met in time when they were met, "
    "missed when they fell due unmet, also if they are still open; cancelled ones are neither",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the figures of a period: all incidents first, then group by group, the largest first.

    Options: `by` (see `BY`), `query`, and any field of an incident, such as `service=Payroll`.
    """
    by = options.get("by", "category")
    if by not in BY:
        raise InvalidInput(f"incidents are grouped by {', '.join(BY)}, not by {by!r}", fields={"by": "unknown"})
    from_at, to_at = period.settled(desk.moment)
    scope = scope_of(desk, ("incident",), from_at, to_at, {name: value for name, value in options.items() if name != "by"})
    with desk.database.read() as connection:
        found = list(cases(desk, scope, connection))
        clocks = _clocks(desk, scope, connection)
        names = _names(connection, scope, found, by)
    groups: dict[Any, list[Case]] = defaultdict(list)
    for case in found:
        groups[case.values.get(by)].append(case)
    total = _figures(ALL, found, clocks, scope)
    rows = [_figures(names.get(value, value), members, clocks, scope) for value, members in groups.items()]
    rows.sort(key=lambda row: (-row["opened"] - row["backlog"], str(row["group"] or "")))
    data = answer(from_at, to_at, rows, FORMULAS, query=scope.query, by=by, total=total)
    shown = ({**row, "group": "none" if row["group"] in (None, "") else row["group"]} for row in rows)
    return Report(heading(f"Incidents by {by}", from_at, to_at, scope.query), COLUMNS, (total, *shown), data)


def _figures(group: Any, members: Sequence[Case], clocks: Mapping[int, tuple[int, int]], scope: Scope) -> dict[str, Any]:
    solved = [(case, at) for case in members if (at := case.resolved_in(scope)) is not None]
    gross = [max(0, at - case.opened_at) for case, at in solved]
    net = [max(0, at - case.opened_at - case.held_seconds(at)) for case, at in solved]
    noticed = [
        case.acknowledged_at - case.opened_at
        for case in members
        if case.acknowledged_at is not None and scope.covers(case.acknowledged_at)
    ]
    ages = [scope.end_at - case.opened_at for case in members if case.is_open_at(scope.end_at)]
    met, missed = (sum(clocks.get(case.id, (0, 0))[i] for case in members) for i in range(2))
    return {
        "group": group,
        "opened": sum(scope.covers(case.opened_at) for case in members),
        "resolved": len(solved),
        "backlog": len(ages),
        "backlog_ages": rules.ages(ages),
        "mtta_seconds": rules.mean(noticed),
        **_spread("mttr_gross", gross),
        **_spread("mttr_net", net),
        "sla_met": met,
        "sla_missed": missed,
        "sla_met_percent": rules.percent(met, met + missed),
    }


def _spread(name: str, values: Sequence[int]) -> dict[str, int | None]:
    return {
        f"{name}_mean_seconds": rules.mean(values),
        f"{name}_median_seconds": rules.median(values),
        f"{name}_p90_seconds": rules.percentile(values, 90),
    }


def _clocks(desk: Desk, scope: Scope, connection: Connection) -> dict[int, tuple[int, int]]:
    """Return by record how many of its SLA clocks were met and missed in the period."""
    among, parameters = selection(desk, scope, connection)
    found: dict[int, tuple[int, int]] = {}
    for row in connection.execute(q.judged(clock.c.record_id, clock.c.type, among=among), parameters):
        if row.type == "sla":
            met, missed = found.get(row.record_id, (0, 0))
            found[row.record_id] = (met + row.kept, missed + 1 - row.kept)
    return found


def _names(connection: Connection, scope: Scope, found: Sequence[Case], by: str) -> dict[Any, str]:
    """Return what people call the groups, where the records hold references."""
    if not isinstance(scope.kinds[0].all_fields[by].type, Ref):
        return {}
    ids = {case.values[by] for case in found if case.values.get(by) is not None}
    return {key: named.title for key, named in resolve.names(connection, ids).items()}
