"""A request for change as tests make it: whole, in a known window, on the cast's own CI."""

from __future__ import annotations

from typing import Any

from deskterm.desk import Desk
from tests.desks import MONDAY, Cast

HOUR = 3_600
RFC: dict[str, Any] = {
    "summary": "New firmware for the VPN gateway",
    "reason": "The present one drops sessions",
    "category": "minor",
    "cis": ["vpn-gw-1"],
    "plan": "1. Drain\n2. Flash\n3. Reboot",
    "backout_plan": "Flash the old image",
    "test_plan": "Connect from outside",
    "window_start": MONDAY + 12 * HOUR,
    "window_end": MONDAY + 14 * HOUR,
    "risk_answers": {"complexity": "low", "experience": "often", "users": "few", "tested": "fully", "backout_tested": "yes"},
}


def board(cast: Cast, *members: str, **values: Any) -> str:
    """Make a board of these members and return its number."""
    given = {"name": "CAB", "members": list(members), "rule": "majority", "quorum": 1, **values}
    return cast.ada.create("board", given).number


def rfc(desk: Desk, **values: Any) -> str:
    """Raise a whole request for change and return its number."""
    return desk.create("change", {**RFC, **values}).number


def assessing(desk: Desk, **values: Any) -> str:
    """Raise one and put it before its board."""
    number = rfc(desk, **values)
    desk.act(number, "submit")
    desk.act(number, "assess")
    return number


def implementing(cast: Cast, **values: Any) -> str:
    """Take one as far as work on it has begun, at the start of its window."""
    number = assessing(cast.as_("bob"), **values)
    cast.as_("sue").act(number, "approve")
    cast.as_("bob").act(number, "schedule")
    cast.clock.at = max(cast.clock.at, {**RFC, **values}["window_start"])
    cast.as_("bob").act(number, "implement")
    return number
