"""The periods that the finance screen steps through: months, quarters and years, in UTC like every figure of money. Pure."""

from __future__ import annotations

from datetime import date

from deskterm.financial.months import date_at, instant_of
from screens.when import MONTHS

SCALES = (1, 3, 12)
"""Months of a period."""
METHODS = ("", "reciprocal", "step-down", "direct")
"""How costs are passed on; empty is the desk's own way."""


def bounds(at: int, scale: int) -> tuple[int, int]:
    """Return the period that an instant is in."""
    day, months = date_at(at), SCALES[scale]
    first = (day.month - 1) // months * months
    return _month(day.year, first), _month(day.year, first + months)


def shifted(at: int, scale: int, step: int) -> int:
    """Return an instant in a period some steps on, or back."""
    day = date_at(bounds(at, scale)[0])
    return _month(day.year, day.month - 1 + step * SCALES[scale])


def named(start: int, scale: int) -> str:
    """Return what a period is called: `Nov 2026`, `4th quarter 2026`, `2026`."""
    day = date_at(start)
    if SCALES[scale] == 12:
        return str(day.year)
    if SCALES[scale] == 3:
        return f"{('1st', '2nd', '3rd', '4th')[(day.month - 1) // 3]} quarter {day.year}"
    return f"{MONTHS[day.month - 1]} {day.year}"


def asked(start: int, scale: int) -> str:
    """Return how an explanation of a period is asked for: `2026-11`, `2026-Q4`, `2026`."""
    day = date_at(start)
    return {12: f"{day.year}", 3: f"{day.year}-Q{(day.month + 2) // 3}"}.get(SCALES[scale], f"{day.year}-{day.month:02d}")


def _month(year: int, month: int) -> int:
    return instant_of(date(year + month // 12, month % 12 + 1, 1))
