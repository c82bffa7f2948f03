"""Plans for tests: a service with its parts, an impact analysis, a plan of three steps, and runs of it."""

from __future__ import annotations

from typing import Any

from deskterm.clock import parse_instant
from deskterm.desk import Desk
from tests.desks import Cast

IMPACTS = {"financial": [["0", 1], ["4h", 2], ["24h", 4]]}
HOUR = 3600
DAY_OF_FAILURE = "2026-10-20"


def at(clock: str) -> int:
    """Return an instant of the day on which it failed: `10:25`."""
    return parse_instant(f"{DAY_OF_FAILURE}T{clock}:00Z")


def managed(cast: Cast) -> Desk:
    """Return the access of a continuity manager, made now."""
    cast.ada.create("agent", {"login": "max", "roles": ["agent", "continuity-manager"]})
    return cast.as_("max")


def rated(desk: Desk, **values: Any) -> str:
    """Rate the loss of payroll."""
    return desk.create("impact-analysis", {"service": "Payroll", "impacts": IMPACTS, **values}).number


def planned(desk: Desk, **values: Any) -> str:
    """Plan how payroll comes back: two steps side by side, then a third."""
    number = desk.create("continuity-plan", {"name": "Payroll recovery", "services": ["Payroll"], **values}).number
    for name, minutes, after in (("Restore database", 30, []), ("Start hosts", 45, []), ("Check payslips", 60, None)):
        waits = ["Restore database", "Start hosts"] if after is None else after
        desk.create("recovery-step", {"plan": number, "name": name, "minutes": minutes, "after": waits, "role": "operator"})
    return number


def approved(desk: Desk, **values: Any) -> str:
    """Plan it, and approve the plan."""
    number = planned(desk, **values)
    desk.act(number, "approve", {"strategy": "warm", "owner": "max"})
    return number


def drill(desk: Desk, plan: str, **values: Any) -> str:
    """Tell of a run after the fact: the worked example, unless the stamps say otherwise."""
    stamps = {"disrupted_at": at("10:00"), "newest_data_at": at("09:40"), "invoked_at": at("10:25"), "verified_at": at("13:10")}
    return desk.create("exercise", {"plan": plan, **stamps, **values}).number


def running(desk: Desk, plan: str, **values: Any) -> str:
    """Begin a run now."""
    number = desk.create("exercise", {"plan": plan, **values}).number
    desk.act(number, "begin")
    return number
