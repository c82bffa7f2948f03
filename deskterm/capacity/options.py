"""What could be done about a resource that fills up: so many upgrades, what they cost, until when they last. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from deskterm.capacity.forecasts import DEFAULT_FITNESS
from deskterm.capacity.history import DAY_SECONDS
from deskterm.capacity.outlook import Outlook
from deskterm.clock import format_instant
from deskterm.fields import show_cents, write_number

MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Option:
    """So many upgrades of a resource."""

    number: str
    resource: str
    steps: int
    adds: float
    unit: str
    cost_cents: int | None
    """None where nobody said what one costs."""
    currency: str | None
    order_at: int | None
    needed: float
    """What is expected to be used in the end, upper edge of the 90 % band."""
    until: int
    """It carries so far: the horizon, or ten times the history if that is less."""

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "resource": self.resource, "number": self.number, "steps": self.steps, "adds": self.adds, "unit": self.unit or None,
            "cost": None if self.cost_cents is None else show_cents(self.cost_cents), "currency": self.currency,
            "order_by": None if self.order_at is None else format_instant(self.order_at), "needed": self.needed,
            "until": format_instant(self.until),
        }  # fmt: skip


def option_of(one: Outlook, horizon_days: int) -> Option | None:
    """Return the upgrades that carry a resource through a horizon; None where none is needed, or nobody said what one adds."""
    if not one.upgrade_amount or one.capacity is None:
        return None
    until = one.now + horizon_days * DAY_SECONDS
    if one.series.points:  # no further ahead than a forecast is told from such a history
        length = one.series.points[-1].at - one.series.points[0].at
        until = min(until, one.now + int(DEFAULT_FITNESS.reach * length))
    needed = _needed(one, until)
    if needed is None or needed <= one.capacity:
        return None
    steps = min(ceil((needed - one.capacity) / one.upgrade_amount), MOST_STEPS)
    cost = None if one.upgrade_cents is None else steps * one.upgrade_cents
    return Option(
        one.number, one.name, steps, steps * one.upgrade_amount, one.unit, cost, one.currency if cost is not None else None,
        one.now if one.is_used_up else one.order_at, needed, until,
    )  # fmt: skip


def _needed(one: Outlook, until: int) -> float | None:
    """Return what must be installed in the end: the upper edge of what will be used; of what is used up already at least that.

    None where nothing was foretold, so that nothing is known of what is to come.
    """
    if one.latest is None or one.capacity is None:
        return None
    expected, down = one.expected(until), one.direction == "down"
    edge = None if expected is None else one.capacity - expected[1] if down else expected[2]
    if not one.is_used_up:
        return None if one.forecast.seconds_left is None else edge
    used, line = one.capacity - one.latest if down else one.latest, one.line
    grows = line is not None and line.slope > 0 and (line.r2 or 0) >= DEFAULT_FITNESS.r2
    return max(used, edge) if grows and edge is not None else used


def said_of(option: Option, now: int) -> str:
    """Return an option in a sentence, by when it must be ordered first."""
    added = f"{write_number(option.adds)} {option.unit}".rstrip()
    cost = "" if option.cost_cents is None else f", {show_cents(option.cost_cents)} {option.currency}"
    count, last = ("one upgrade", "it lasts") if option.steps == 1 else (f"{option.steps} upgrades", "they last")
    order = "Order"
    if option.order_at is not None:
        overdue = " (overdue)" if option.order_at <= now else ""
        order = f"By {format_instant(option.order_at)[:10]}{overdue} order"
    return f"{order} {count} of {option.resource}: {added}{cost}; {last} until {format_instant(option.until)[:10]}."
