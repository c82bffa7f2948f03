"""What CIs lose of their value: the asset behind a CI's facts, its schedule, and what a stretch of time takes of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deskterm.financial.depreciation import Asset, Charge, Depreciation, YearEnd, schedule, written_off
from deskterm.financial.elements import Elements
from deskterm.financial.months import date_at


def cents(amount: int) -> Decimal:
    """Return an amount that is stored in hundredths."""
    return Decimal(amount).scaleb(-2)


def year_end_of(text: str) -> YearEnd:
    """Return the last day of a financial year from `MM-DD`, as the desk's settings hold it."""
    month, day = text.split("-")
    return YearEnd(int(month), int(day))


@dataclass(frozen=True, slots=True)
class Held:
    """A CI as an asset."""

    ci_id: int
    number: str
    name: str
    currency: str
    asset: Asset
    method: Depreciation
    charges: tuple[Charge, ...]
    year_end: YearEnd
    disposed_on: date | None
    proceeds: Decimal
    element: str
    """What its depreciation counts as."""

    @classmethod
    def of(cls, row: Any, currency: str, year_end: YearEnd, elements: Elements) -> Held:
        """Make it of a row of `ASSETS`; the desk's own currency stands in where the CI names none."""
        began = row.in_service_at if row.in_service_at is not None else row.purchased_at
        cost, salvage = cents(row.cost), cents(min(row.salvage or 0, row.cost))
        asset = Asset(cost, salvage, Fraction(row.life_years), date_at(began))
        method = Depreciation(row.depreciation or Depreciation.STRAIGHT_LINE)
        rate = None
        if method is Depreciation.DECLINING_BALANCE and row.depreciation_rate and Decimal(row.depreciation_rate):
            rate = Fraction(Decimal(row.depreciation_rate)) / 100
        charges = schedule(asset, method, year_end=year_end, rate=rate)
        disposed = None if row.disposed_at is None else date_at(row.disposed_at)
        return cls(
            row.id, row.number, row.title, row.currency or currency, asset, method, charges, year_end, disposed,
            cents(row.proceeds or 0), elements.of(row.cost_element, row.type),
        )  # fmt: skip

    def worn(self, until: date) -> Decimal:
        """Return what was written off by the beginning of a day; nothing more after it was disposed of."""
        if self.disposed_on is not None:
            until = min(until, self.disposed_on)
        return written_off(self.asset, self.charges, until, year_end=self.year_end)

    def book_value(self, on: date) -> Decimal:
        """Return what it is worth in the books at the beginning of a day."""
        if on < self.asset.in_service:
            return Decimal("0.00")
        gone = self.disposed_on is not None and on > self.disposed_on
        return Decimal("0.00") if gone else self.asset.cost - self.worn(on)

    def taken(self, start: date, end: date) -> Decimal:
        """Return what the days from `start` up to `end` take."""
        return self.worn(end) - self.worn(start)

    def loss(self, start: date, end: date) -> Decimal | None:
        """Return what disposing of it lost, or gained if negative, where that was in these days."""
        if self.disposed_on is None or not start <= self.disposed_on < end:
            return None
        return self.asset.cost - self.worn(self.disposed_on) - self.proceeds
