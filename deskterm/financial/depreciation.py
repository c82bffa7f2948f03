"""What an asset loses of its value from year to year: straight line or declining balance. Pure.

Time by 30/360: every month has 30 days and the last of a month is its 30th, the day of going into service counts. A financial
year carries the number of the calendar year in which it ends. Straight line spreads cost less salvage evenly over the life;
declining balance takes a rate of what is left each year (twice the straight line's unless told), and never below salvage.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from deskterm.errors import InvalidInput
from deskterm.financial.rules import CENTS, money

YEAR_DAYS = 360
LONGEST = 200
"""Years of life."""


class Depreciation(StrEnum):
    """How value is written off."""

    STRAIGHT_LINE = "straight-line"
    DECLINING_BALANCE = "declining-balance"


class YearEnd(NamedTuple):
    """The last day of a financial year; the 29th of February is the last of February in any year."""

    month: int = 12
    day: int = 31


CALENDAR_YEAR = YearEnd()


@dataclass(frozen=True, slots=True)
class Asset:
    """What is written off.

    Raises:
        InvalidInput: a figure is out of range.
    """

    cost: Decimal
    salvage: Decimal
    """What it will still be worth at the end of its life."""
    years: Fraction
    in_service: date

    def __post_init__(self) -> None:
        rules = {
            "cost": (self.cost >= 0, "must be 0 or more"),
            "salvage": (0 <= self.salvage <= self.cost, "must be from 0 to the cost"),
            "years": (0 < self.years <= LONGEST, f"must be more than 0, and {LONGEST} at most"),
        }
        _refuse(rules)


class Charge(NamedTuple):
    """What one financial year takes."""

    year: int
    amount: Decimal
    book_value: Decimal
    """What is left afterwards."""


def schedule(
    asset: Asset,
    method: Depreciation = Depreciation.STRAIGHT_LINE,
    *,
    year_end: YearEnd = CALENDAR_YEAR,
    rate: Fraction | None = None,
    places: int = CENTS,
) -> tuple[Charge, ...]:
    """Return what each financial year of an asset's life takes.

    Straight line adds up to cost less salvage, the last year taking what rounding left over. Declining balance leaves what
    its rate leaves, as it never takes all; floored at salvage.

    Args:
        asset: the asset.
        method: how it is written off.
        year_end: when the financial years end.
        rate: for declining balance, the part of the book value that a year takes; 2 / life, 1 at most, unless given.
        places: decimals of the currency.

    Raises:
        InvalidInput: the rate is not between 0 and 1, or is given for straight line.
    """
    straight = method is Depreciation.STRAIGHT_LINE
    _refuse(
        {
            "rate": (
                rate is None or (0 < rate <= 1 and not straight),
                "must be above 0 and 1 at most, for declining-balance alone",
            ),
            "year_end": (is_day(year_end), "must be a day of the year, MM-DD"),
        }
    )
    life = asset.years * YEAR_DAYS
    yearly = rate if rate is not None else min(Fraction(2) / asset.years, Fraction(1))
    cost, salvage = (money(Fraction(one), places) for one in (asset.cost, asset.salvage))
    book, passed = cost, Fraction(0)
    charges = []
    for year, days in _years(asset, year_end, life):
        passed += days
        if not straight:
            amount = money(Fraction(book) * yearly * days / YEAR_DAYS, places)
        elif passed == life:
            amount = book - salvage
        else:
            amount = money(Fraction(cost - salvage) * days / life, places)
        amount = min(amount, book - salvage)
        book -= amount
        charges.append(Charge(year, amount, book))
    return tuple(charges)


def written_off(asset: Asset, charges: Sequence[Charge], until: date, *, year_end: YearEnd = CALENDAR_YEAR) -> Decimal:
    """Return what was written off by the beginning of a day: whole years, and of the year that day is in its part by 30/360.

    What a stretch of time takes is the difference between its two ends, so that months add up to their year.

    Args:
        asset: the asset.
        charges: its schedule.
        until: the day; it does not count itself.
        year_end: as the schedule was made.
    """
    passed = _days_between(asset.in_service, until)
    total = Decimal(0)
    for (_, days), charge in zip(_years(asset, year_end, asset.years * YEAR_DAYS), charges, strict=True):
        if passed <= 0:
            break
        total += charge.amount if passed >= days else money(Fraction(charge.amount) * passed / days)
        passed -= days
    return total


def _days_between(start: date, end: date) -> Fraction:
    """Return the days from one date to another, each month with 30 of them."""
    if end <= start:
        return Fraction(0)
    return Fraction((end.year - start.year) * YEAR_DAYS + (end.month - start.month) * 30 + _day(end) - _day(start))


def _day(of: date) -> int:
    return 30 if of.day == monthrange(of.year, of.month)[1] else min(of.day, 30)


def _years(asset: Asset, year_end: YearEnd, life: Fraction) -> Iterator[tuple[int, Fraction]]:
    """Yield each financial year of the life and how many of its 360 days belong to it."""
    start = asset.in_service
    day = _day(start)
    last = 30 if year_end.day >= _shortest(year_end.month) else year_end.day
    days = Fraction((year_end.month - start.month) * 30 + last - day + 1)
    year = start.year
    if days <= 0:
        days, year = days + YEAR_DAYS, year + 1
    left = life
    while left > 0:
        yield year, min(days, left)
        left, days, year = left - days, Fraction(YEAR_DAYS), year + 1


def _shortest(month: int) -> int:
    return 28 if month == 2 else min(monthrange(2001, month)[1], 30)


def is_day(year_end: YearEnd) -> bool:
    """Return whether there is such a day."""
    return 1 <= year_end.month <= 12 and 1 <= year_end.day <= monthrange(2000, year_end.month)[1]


def _refuse(rules: dict[str, tuple[bool, str]]) -> None:
    broken = {name: rule for name, (kept, rule) in rules.items() if not kept}
    for name, rule in broken.items():
        raise InvalidInput(f"{name} {rule}", fields=broken)
