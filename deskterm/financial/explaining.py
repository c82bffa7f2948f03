"""What something cost, and what that is made of: a record of the desk's work here, what money was spent on in `explain_spend`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deskterm.clock import format_instant
from deskterm.explanations import Explained, Part
from deskterm.fields import show_duration
from deskterm.financial import explain_spend, ledger
from deskterm.financial.amounts import amount, text
from deskterm.financial.explain_spend import MOST_LINES

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

WORKED_ON = ("incident", "request", "problem", "known-error", "change", "work-order", "release")


def cost(desk: Desk, view: RecordView, period: str = "") -> Explained | None:
    """Return what something costs, and what that is made of; None for what has no cost.

    Args:
        desk: the desk.
        view: the record.
        period: of what money is spent on, the period that is asked for; a record of work is reckoned from first to last.
    """
    if desk.actor.restricted:
        return None  # what the desk's work costs is the desk's own affair
    if view.kind in WORKED_ON:
        return _of_record(desk, view)
    explains = {"service": explain_spend.of_service, "cost-centre": explain_spend.of_centre, "cost": explain_spend.of_cost}
    return explains[view.kind](desk, view, period) if view.kind in explains else None


def _of_record(desk: Desk, view: RecordView) -> Explained | None:
    from deskterm.financial import record_cost
    from deskterm.problem import dossier

    time: tuple[Part, Any] | None = None
    if view.kind in ("problem", "known-error"):
        problem = view if view.kind == "problem" else dossier.problem_of(desk, view)
        if problem is None:
            return None
        view, time = problem, dossier.explain_cost(desk, problem)
    with desk.database.read() as connection:
        ids = record_cost.records_of_problem(connection, view.id) if view.kind == "problem" else [view.id]
        found = record_cost.cost_of_records(connection, desk.registry, ids, desk.moment)
        names = ledger.named_of(connection, set(ids))
    parts = (*((time[0],) if time else ()), *_record_parts(found, names, len(ids) > 1))
    data = {**(time[1] if time else {}), **_record_data(found, names)}
    return parts, data


def _record_parts(found: Any, names: dict[int, tuple[str, str]], several: bool) -> tuple[Part, ...]:
    total, currency = found.total, found.currency
    said = f"work {amount(found.labour)}, parts {amount(found.spent)}, downtime {amount(found.lost)}"
    title = f"cost {amount(total, currency)}: {said}" + "".join(f"; {one}" for one in (*found.gaps, *found.notes))
    rows = [
        (names[one.record][0], f"{one.what} {one.who}", show_duration(one.seconds), one.rate or "no rate", amount(one.cost))
        for one in found.work
    ]
    rows += [(names[one.record][0], f"part {one.number} {one.title}", "", "", amount(one.cost)) for one in found.parts]
    rows += [
        (names[one.record][0], f"downtime of {one.service}", show_duration(one.seconds), one.number, amount(one.cost))
        for one in found.downtime
    ]
    if len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], ("", f"and {len(rows) - MOST_LINES} more lines; --json has them all", "", "", "")]
    return (Part(title, ("record", "what", "time", "rate", "cost"), tuple(rows), (2, 4)),)


def _record_data(found: Any, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    return {
        "currency": found.currency,
        "total": text(found.total),
        "labour": text(found.labour),
        "parts": text(found.spent),
        "downtime": text(found.lost),
        "worked_seconds": found.seconds,
        "unrated_seconds": found.unrated_seconds,
        "gaps": found.gaps,
        "notes": found.notes,
        "work": [
            {
                "record": names[one.record][0],
                "what": one.what,
                "who": one.who,
                "at": format_instant(one.at),
                "seconds": one.seconds,
                "rate": one.rate or None,
                "cost": text(one.cost),
            }
            for one in found.work
        ],
        "part_lines": [
            {"record": names[one.record][0], "number": one.number, "title": one.title, "cost": text(one.cost)}
            for one in found.parts
        ],
        "downtime_lines": [
            {
                "record": names[one.record][0],
                "service": one.service,
                "number": one.number,
                "seconds": one.seconds,
                "cost": text(one.cost),
            }
            for one in found.downtime
        ],
        "money_formula": "time at the rate of an hour that held, and parts, and downtime at what an hour of it costs",
    }
