"""The forward schedule of change as a report, and what it does to services: projected service availability."""

from __future__ import annotations

from typing import Any

from deskterm.change.schedule import forward, projected
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.reports import Column, Options, Period, Report, answer, heading

AHEAD_SECONDS = 14 * 86_400
"""How far it looks where nobody says."""
COLUMNS = (
    Column("service", "Service"),
    Column("criticality", "Criticality"),
    Column("down_seconds", "Down", "seconds"),
    Column("degraded_seconds", "Degraded", "seconds"),
    Column("availability", "Projected", "percent"),
    Column("changes", "Changes"),
)
FORMULAS = {
    "down_seconds": "length of the union of the time in which the CIs of changes that were decided for are away, and the service "
    "stands on them without a spare, by the dependency graph of today",
    "degraded_seconds": "the same for time in which it limps: a spare is in use, or something is away that it merely uses",
    "availability": "(period - down) / period x 100",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return what the schedule does to services, the worst first; the schedule itself is in the data."""
    if options:
        raise InvalidInput(
            f"the schedule takes no {next(iter(options))}; only --from and --to", fields={next(iter(options)): "unknown"}
        )
    from_at = desk.moment if period.from_at is None else period.from_at
    to_at = from_at + AHEAD_SECONDS if period.to_at is None else period.to_at
    if to_at <= from_at:
        raise InvalidInput("a period ends after it begins", fields={"from": "not before to"})
    plan = forward(desk, from_at, to_at)
    rows: list[dict[str, Any]] = [
        {
            "service": one.service, "number": one.number, "criticality": one.criticality, "down_seconds": one.down_seconds,
            "degraded_seconds": one.degraded_seconds, "availability": one.availability,
            "changes": list(dict.fromkeys(number for _, _, numbers in one.outages for number in numbers)),
            "outages": [
                {"from": format_instant(start), "to": format_instant(end), "changes": list(some)}
                for start, end, some in one.outages
            ],
        }
        for one in projected(desk, from_at, to_at)
    ]  # fmt: skip
    schedule = [
        {
            "number": slot.number, "summary": slot.title, "state": slot.state, "type": slot.type,
            "risk_level": slot.risk_level or None,
            "assignee": slot.assignee or None, "from": format_instant(slot.start), "to": format_instant(slot.end),
            "cis": list(slot.cis), "conflicts": list(slot.conflicts),
        }
        for slot in plan.slots
    ]  # fmt: skip
    freezes = [
        {"number": one.number, "summary": one.title, "from": format_instant(one.start), "to": format_instant(one.end),
         "covers": one.covers}
        for one in plan.freezes
    ]  # fmt: skip
    data = answer(from_at, to_at, rows, FORMULAS, schedule=schedule, freezes=freezes)
    return Report(heading("Projected service availability", from_at, to_at, ""), COLUMNS, tuple(rows), data)
