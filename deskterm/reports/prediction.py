"""What the availability of services ought to be by their parts, beside what was measured, and what alone brings them down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries import availability as q
from deskterm.availability.explain import percent
from deskterm.availability.measuring import Measured, measure
from deskterm.availability.nodes import asked, may_read, named, only
from deskterm.availability.prediction import PartFigure, Prediction, predict
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.questions import number
from deskterm.reports import Column, Options, Period, Report, answer

OPTIONS = ("service", "ci")
COLUMNS = (
    Column("name", "What"),
    Column("shown", "Predicted"),
    Column("measured_shown", "Measured"),
    Column("agreed", "Agreed", "percent"),
    Column("parts_count", "Parts", "count"),
    Column("known_parts", "Known", "count"),
    Column("cut_sets_count", "Cut sets", "count"),
    Column("single_points", "Single points of failure"),
    Column("weakest", "Weakest part"),
    Column("withheld", "Withheld because"),
)
FORMULAS = {
    "predicted": "100 x (1 - P), P exactly from the minimal cut sets of the dependency graph at the end of the period, the parts "
    "failing independently; a part that several branches share is one event",
    "parts": "steady state MTBF / (MTBF + MTRS) by the fields of the CI (basis fields), else the share of the time on record "
    "(observed_seconds: the last 365 days, or since it was recorded and in service) in which it did not fail by itself, planned "
    "work left out (basis history, or no failures)",
    "known_parts": "parts of which there is more than that no failure was recorded; of none of them there is no prediction",
    "cut_sets": "minimal: all of it down brings the service down, and no less of it does",
    "single_points": "cut sets of one",
    "measured": "100 x (AST - (DT - planned)) / AST of the period",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return a row per service in use, as its parts were at the end of the period; or of the service or CI that is asked for.

    Options: `service`, `ci` (a name or a number).
    """
    may_read(desk)
    only(options, OPTIONS)
    start, end = period.settled(desk.moment)
    at = min(end, desk.moment)
    with desk.database.read() as connection:
        wanted = asked(connection, options)
        nodes = wanted.nodes or [row.id for row in connection.execute(q.IN_USE, {"kind": "service"})]
        found = predict(connection, nodes, at)
        measured = measure(connection, desk.registry, nodes=nodes, start=start, end=end, now=desk.moment)
        names = named(connection, {*nodes, *(part.node for one in found.values() for part in one.parts)})
    rows = tuple(_row(found[node], measured.get(node), names) for node in nodes)
    shown = {column.name for column in COLUMNS} - {"single_points", "known_parts", "withheld"}
    data = [{name: value for name, value in row.items() if name not in shown} for row in rows]
    told = answer(start, end, data, FORMULAS, at=format_instant(at))
    return Report(f"Predicted availability at {format_instant(at)}", COLUMNS, rows, told)


def _row(one: Prediction, measured: Measured | None, names: Mapping[int, Any]) -> dict[str, Any]:
    own = names[one.node]
    actual = None if measured is None else measured.availability_excluding_planned
    weakest = one.parts[0] if one.parts and one.parts[0].availability < 1 else None
    return {
        own.kind: own.title,
        "number": own.number,
        "predicted": number(one.availability),
        "unavailability": number(one.unavailability),
        "measured": number(actual),
        "objective": None if measured is None else measured.objective,
        "single_points": [names[node].title for node in one.single_points],
        "cut_sets": [[names[node].title for node in each] for each in one.cut_sets],
        "parts": [_part(part, names[part.node]) for part in one.parts],
        "known_parts": one.known_parts if one.parts else None,
        "withheld": one.withheld or None,
        "name": own.title,
        "shown": percent(one.availability),
        "measured_shown": percent(actual),
        "agreed": None if measured is None else measured.objective,
        "parts_count": len(one.parts) or None,
        "cut_sets_count": len(one.cut_sets) or None,
        "weakest": "" if weakest is None else f"{names[weakest.node].title} {percent(100 * weakest.availability)}",
    }


def _part(one: PartFigure, named: Any) -> dict[str, Any]:
    return {
        "name": named.title, "number": named.number, "availability": number(100 * one.availability), "basis": one.basis,
        "failures": one.failures, "observed_seconds": one.observed_seconds,
    }  # fmt: skip
