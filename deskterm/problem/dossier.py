"""A problem at one glance, and why its figures are what they are: read for the console, the command line and `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.queries import problem as q
from deskterm.explanations import Part
from deskterm.fields import show_duration
from deskterm.problem import cost, outline
from deskterm.problem.schema import Cost, Dossier, IncidentLine, WhyLine

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

SHOWN = 50
"""Incidents of a problem that are listed, the newest first."""


def dossier(desk: Desk, number: str) -> Dossier:
    """Return a problem with all that hangs on it.

    Raises:
        NotFound: there is no such problem, or none for this person.
    """
    return of_view(desk, desk.show(number))


def outline_of(desk: Desk, number: str) -> tuple[RecordView, tuple[WhyLine, ...]]:
    """Return a problem and its outline of causes.

    Raises:
        NotFound: there is no such problem, or none for this person.
    """
    view = desk.show(number)
    with desk.database.read() as connection:
        return view, outline.lines(connection, view.id)


def of_view(desk: Desk, view: RecordView) -> Dossier:
    """Return what hangs on a problem that was just read."""
    with desk.database.read() as connection:
        error = connection.execute(q.ERROR_OF, {"id": view.id}).first()
        whys = outline.lines(connection, view.id)
        rows = connection.execute(q.NEWEST_OF, {"id": view.id, "limit": SHOWN}).all()
        counts = connection.execute(q.COUNTS_OF, {"ids": [view.id]}).first()
        posts = int(connection.execute(q.POSTS_OF, {"id": view.id}).scalar_one())
        spent = cost.of_problem(connection, view.id, view.values.get("fix_seconds"), desk.moment)
    incidents = tuple(
        IncidentLine(
            row.number, row.title, row.state, row.priority, row.open_since is not None, row.occurred_at or row.created_at,
            cost.over_at(row), row.id,
        )
        for row in rows
    )  # fmt: skip
    return Dossier(
        view.number,
        error.number if error is not None else "",
        error.state if error is not None else "",
        whys,
        incidents,
        counts.incidents if counts is not None else 0,
        counts.open if counts is not None else 0,
        posts,
        spent,
        view.values.get("recurred_at"),
    )


def problem_of(desk: Desk, view: RecordView) -> RecordView | None:
    """Return the problem of a known error."""
    problem = view.values.get("problem")
    return None if problem is None or problem not in view.names else desk.show(view.names[problem].number)


def explain_cost(desk: Desk, view: RecordView) -> tuple[Part, Any]:
    """Return the time that a problem has cost with the facts behind it; what that comes to in money is finance's."""
    with desk.database.read() as connection:
        spent = cost.of_problem(connection, view.id, view.values.get("fix_seconds"), desk.moment)
    return part(spent), data(spent)


def part(spent: Cost) -> Part:
    """Return the cost of a problem as a table: a line an incident, then a line a work order."""
    fix = "not said" if spent.fix_known_seconds is None else show_duration(spent.fix_known_seconds)
    if spent.fix_spent_seconds is not None:
        fix += f", {show_duration(spent.fix_spent_seconds)} worked on it"
    title = (
        f"cost: {spent.incidents} incidents, handling {show_duration(spent.handling_seconds)}, "
        f"downtime {show_duration(spent.downtime_seconds)}; mending it {fix}: {spent.verdict}"
    )
    rows = tuple(
        (
            str(line["number"]), str(line["from"]), str(line["to"] or "lasts"), show_duration(line["contact_seconds"]),
            show_duration(line["work_seconds"]), show_duration(line["lasted_seconds"]),
        )
        for line in spent.lines
    ) + tuple(
        (
            f"{line['number']} ({line['state']})", str(line["from"] or "not begun"),
            str(line["to"] or ("goes on" if line["from"] else "")), "",
            "" if line["worked_seconds"] is None else show_duration(line["worked_seconds"]),
            "" if line["planned_seconds"] is None else f"planned {show_duration(line['planned_seconds'])}",
        )
        for line in spent.orders
    )  # fmt: skip
    return Part(title, ("incident", "from", "to", "contacts", "work", "lasted"), rows, (3, 4, 5))


def data(spent: Cost) -> dict[str, Any]:
    """Return the cost of a problem as data."""
    return {
        "incidents": spent.incidents,
        "contact_seconds": spent.contact_seconds,
        "work_seconds": spent.work_seconds,
        "handling_seconds": spent.handling_seconds,
        "downtime_seconds": spent.downtime_seconds,
        "fix_seconds": spent.fix_seconds,
        "fix_planned_seconds": spent.fix_planned_seconds,
        "fix_spent_seconds": spent.fix_spent_seconds,
        "verdict": spent.verdict,
        "rows": [dict(line) for line in spent.lines],
        "work_orders": [dict(line) for line in spent.orders],
        "formulas": dict(cost.FORMULAS),
    }
