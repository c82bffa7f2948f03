"""The service desk's own figures: first contact, first line, first answer, backlog, reopenings, hand-overs, satisfaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from data.queries import reports as q
from data.tables.core import record
from data.tables.service_desk import interaction
from deskterm import desk_settings
from deskterm.desk import Desk
from deskterm.reports import Column, Options, Period, Report, answer, heading, rules
from deskterm.reports.population import Case, Scope, cases, scope_of

MANY_REASSIGNMENTS = 3
COLUMNS = (
    Column("measure", "Measure", "measure"),
    Column("value", "Value", "own"),
    Column("part", "Part", "part"),
    Column("whole", "Of", "part"),
)

FORMULAS = {
    "contacts": "interactions of the period, of the whole desk whatever the query",
    "opened": "records of what began in the period",
    "resolved": "records resolved in the period at least once; cancelled ones are not resolved",
    "first_contact_resolution_percent": "resolved at first contact / resolved x 100; first contact: no reassignment to another "
    "team, no second inbound contact, not reopened within first_contact_reopen_days of being resolved",
    "first_line_fix_percent": "resolved without ever having been with a team that is not first line / resolved x 100",
    "first_response_mean_seconds": "mean of (first response - opened) of records first answered in the period, around the clock; "
    "opened is when the trouble began, a response is a start, a public reply or a resolution",
    "first_response_median_seconds": "median of the same",
    "first_response_p90_seconds": "90th percentile of the same, nearest rank",
    "backlog": "records open at the end of the period",
    "backlog_age_mean_seconds": "mean of (end of period - opened) of the backlog",
    "backlog_age_median_seconds": "median of the same",
    "backlog_age_p90_seconds": "90th percentile of the same, nearest rank",
    "backlog_flow_percent": "resolved / opened x 100: above 100 the backlog shrinks",
    "reopened_percent": "resolved records that were ever reopened / resolved x 100",
    "reopens_per_record": "reopenings of resolved records / resolved",
    "reassignments_per_record": "changes of team of resolved records / resolved",
    "reassigned_often_percent": f"resolved records with {MANY_REASSIGNMENTS} or more changes of team / resolved x 100",
    "satisfaction_mean": "mean of the marks, 1 poor to 5 excellent, of resolved records that have one",
    "satisfaction_response_percent": "resolved records with a mark / resolved x 100",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the figures of a period, of incidents and requests together.

    Options: `query`, and any field of theirs, such as `team=network`.
    """
    from_at, to_at = period.settled(desk.moment)
    scope = scope_of(desk, ("incident", "request"), from_at, to_at, options)
    with desk.database.read() as connection:
        found = list(cases(desk, scope, connection))
        contacts = _contacts(connection, scope)
        lines = {row.id: row.line for row in connection.execute(q.LINES)}
        days = desk_settings.load(connection).first_contact_reopen_days
    resolved = [case for case in found if case.resolved_in(scope) is not None]
    rows = [
        _row("contacts", sum(contacts["channels"].values()), "count"),
        _row("opened", sum(scope.covers(case.opened_at) for case in found), "count"),
        _row("resolved", len(resolved), "count"),
        *_first(resolved, found, scope, lines, days),
        *_backlog(found, scope, len(resolved)),
        *_comebacks(resolved),
        *_satisfaction(resolved),
    ]
    ages = rules.ages(scope.end_at - case.opened_at for case in found if case.is_open_at(scope.end_at))
    figures = {row["measure"]: row["value"] for row in rows}
    data = answer(from_at, to_at, rows, FORMULAS, query=scope.query, **figures, backlog_ages=ages, contacts_by=contacts)
    return Report(heading("Service desk", from_at, to_at, scope.query), COLUMNS, tuple(rows), data)


def _row(measure: str, value: float | None, unit: str, part: int | None = None, whole: int | None = None) -> dict[str, Any]:
    return {"measure": measure, "value": value, "unit": unit, "part": part, "whole": whole}


def _share(measure: str, part: int, whole: int) -> dict[str, Any]:
    return _row(measure, rules.percent(part, whole), "percent", part, whole)


def _spread(measure: str, values: Sequence[int]) -> list[dict[str, Any]]:
    figures = {"mean": rules.mean(values), "median": rules.median(values), "p90": rules.percentile(values, 90)}
    return [_row(f"{measure}_{name}_seconds", value, "seconds", None, len(values)) for name, value in figures.items()]


def _first(
    resolved: Sequence[Case], found: Sequence[Case], scope: Scope, lines: Mapping[int, str], days: int
) -> list[dict[str, Any]]:
    at_once = sum(_is_first_contact(case, days) for case in resolved)
    first_line = sum(all(lines.get(team) in (None, "first") for _, team in case.facts.teams if team) for case in resolved)
    answered = [
        case.facts.first_response_at - case.opened_at
        for case in found
        if case.facts.first_response_at is not None and scope.covers(case.facts.first_response_at)
    ]
    return [
        _share("first_contact_resolution_percent", at_once, len(resolved)),
        _share("first_line_fix_percent", first_line, len(resolved)),
        *_spread("first_response", [max(0, seconds) for seconds in answered]),
    ]


def _is_first_contact(case: Case, days: int) -> bool:
    soon = any(0 <= back - done <= days * rules.DAY for done in case.resolutions for back in case.facts.reopened)
    return not soon and not case.values.get("reassignments") and (case.values.get("contacts") or 1) <= 1


def _backlog(found: Sequence[Case], scope: Scope, resolved: int) -> list[dict[str, Any]]:
    ages = [scope.end_at - case.opened_at for case in found if case.is_open_at(scope.end_at)]
    opened = sum(scope.covers(case.opened_at) for case in found)
    return [
        _row("backlog", len(ages), "count"),
        *_spread("backlog_age", ages),
        _share("backlog_flow_percent", resolved, opened),
    ]


def _comebacks(resolved: Sequence[Case]) -> list[dict[str, Any]]:
    reopens = [len(case.facts.reopened) for case in resolved]
    moves = [case.values.get("reassignments") or 0 for case in resolved]
    many = sum(count >= MANY_REASSIGNMENTS for count in moves)
    return [
        _share("reopened_percent", sum(count > 0 for count in reopens), len(resolved)),
        _row("reopens_per_record", rules.ratio(sum(reopens), len(resolved)), "number", sum(reopens), len(resolved)),
        _row("reassignments_per_record", rules.ratio(sum(moves), len(resolved)), "number", sum(moves), len(resolved)),
        _share("reassigned_often_percent", many, len(resolved)),
    ]


def _satisfaction(resolved: Sequence[Case]) -> list[dict[str, Any]]:
    marks = [case.values["satisfaction"] for case in resolved if case.values.get("satisfaction") is not None]
    return [
        _row("satisfaction_mean", rules.ratio(sum(marks), len(marks)), "number", None, len(marks)),
        _share("satisfaction_response_percent", len(marks), len(resolved)),
    ]


def _contacts(connection: Connection, scope: Scope) -> dict[str, dict[str, int]]:
    """Count the contacts of the period by channel and by what came of them."""
    begun = q.begun(and_(record.c.kind == "interaction", record.c.state != "void"))
    statement = select(interaction.c.channel, interaction.c.outcome).where(interaction.c.id.in_(begun))
    rows = connection.execute(statement, {"from_at": scope.from_at, "to_at": scope.to_at}).all()
    return {
        "channels": dict(sorted(Counter(row.channel for row in rows).items())),
        "outcomes": dict(sorted(Counter(row.outcome for row in rows).items())),
    }
