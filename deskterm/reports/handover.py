"""What one shift leaves to the next: the frozen lines of a handover, or a preview of what would be frozen now."""

from __future__ import annotations

from typing import Any

from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.records.draft import Draft
from deskterm.reports import Column, Options, Period, Report, answer
from deskterm.service_desk import handover_reading
from deskterm.service_desk.handover_snapshot import HEADINGS, Section, gather

SHIFT_SECONDS = 8 * 3600
"""How long a shift is where nobody says."""

COLUMNS = (
    Column("section", "Section"),
    Column("number", "Number"),
    Column("text", "What"),
    Column("state", "State"),
    Column("priority", "P", "part"),
    Column("assignee", "Agent"),
    Column("due_at", "Due"),
    Column("answer", "Answer"),
    Column("comment", "Comment"),
)

FORMULAS = {section.value: heading for section, heading in HEADINGS.items()}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the lines of a handover.

    Options: `number` of a handover that is frozen, without any the newest of one's teams, else of all; or `team`, for a preview
    of what the shift of the period would leave to the next one now: the period is the shift that ends (the eight hours up to
    now, if nobody says), the next one is as long.
    """
    strange = sorted(options.keys() - {"number", "team"})
    if strange:
        raise InvalidInput(f"this report does not take {strange[0]!r}; it takes number or team", fields={strange[0]: "unknown"})
    if "number" in options:
        return _frozen(desk, options["number"])
    if "team" in options:
        return _preview(desk, period, options["team"])
    return _frozen(desk, _newest(desk))


def _newest(desk: Desk) -> str:
    """Return the number of the newest handover of one's own teams, else of any.

    Raises:
        InvalidInput: no shift was handed over yet.
    """
    for query in ("team:mine", ""):
        found = desk.page(desk.prepare(["handover"], f"{query} -state:withdrawn".strip(), "-ends_at"), limit=1).rows
        if found:
            return found[0].number
    raise InvalidInput(
        "no shift was handed over yet; team=NAME shows what one would leave to the next", fields={"team": "or number"}
    )


def _frozen(desk: Desk, number: str) -> Report:
    view = handover_reading.view(desk, number)
    rows = tuple(
        _row(line.section, line.number, line.text, line.facts)
        | {
            "answer": line.state,
            "answered_by": line.answered_by or None,
            "receiver": line.receiver or None,
            "comment": line.comment,
        }
        for line in view.lines
    )
    more = {
        "number": view.number, "team": view.team, "state": view.state, "outgoing": view.outgoing, "incoming": view.incoming,
        "answered": view.answered, "unanswered": len(view.unanswered),
    }  # fmt: skip
    title = f"{view.number} {view.name}: {view.state}, {view.answered} of {len(rows)} lines answered"
    return Report(title, COLUMNS, rows, answer(view.starts_at, view.ends_at, rows, FORMULAS, **more))


def _preview(desk: Desk, period: Period, team: str) -> Report:
    ends_at = desk.moment if period.to_at is None else period.to_at
    starts_at = ends_at - SHIFT_SECONDS if period.from_at is None else period.from_at
    if starts_at >= ends_at:
        raise InvalidInput("a period ends after it begins", fields={"from": "not before to"})
    kind = desk.registry.kind("handover")
    # A unit that keeps nothing: what is gathered is exactly what closing the shift would freeze.
    with desk.unit("preview of a handover", keep=False) as unit:
        unit.require("read", kind)
        from deskterm.records.writing import read

        times = {"starts_at": starts_at, "ends_at": ends_at, "next_ends_at": 2 * ends_at - starts_at}
        lines = gather(unit, Draft(kind, {}, {**times, **read(unit, kind, {"team": team})}))
    rows = tuple(_row(line.section, line.number, line.text, line.facts) for line in lines)
    title = f"Handover of {team}, {format_instant(starts_at)} to {format_instant(ends_at)}, as it would be now"
    return Report(title, COLUMNS, rows, answer(starts_at, ends_at, rows, FORMULAS, team=team))


def _row(section: Section, number: str | None, text: str, facts: Any) -> dict[str, Any]:
    due = facts.get("due_at")
    return {
        "section": section.value,
        "number": number,
        "text": text,
        "state": facts.get("state"),
        "priority": facts.get("priority"),
        "assignee": facts.get("assignee"),
        "due_at": format_instant(due) if isinstance(due, int) else None,
        "also": facts.get("also", []),
    }
