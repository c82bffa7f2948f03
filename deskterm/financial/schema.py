"""The edge of finance: what `deskterm calc` takes, checked field by field before any rule sees it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from deskterm.financial.allocation_rules import Allocation
from deskterm.financial.depreciation import Asset, Depreciation, YearEnd
from deskterm.questions import Exact, Question, refuse

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
Text = Annotated[str, Field(strict=True)]


class AllocateQuestion(Question):
    """Where do the costs of service centres go?"""

    costs: dict[Text, Exact]
    shares: dict[Text, dict[Text, Exact]]
    method: Allocation
    order: list[Text] | None = None

    def the_shares(self) -> dict[str, dict[str, Fraction]]:
        """Return the shares as exact fractions."""
        return {centre: {to: Fraction(share) for to, share in targets.items()} for centre, targets in self.shares.items()}

    def the_order(self) -> list[str] | None:
        """Return the order.

        Raises:
            InvalidInput: there is one, but the method has no use for it.
        """
        if self.order and self.method is not Allocation.STEP_DOWN:
            raise refuse("order", "goes with the method step-down alone")
        return self.order or None


class SplitQuestion(Question):
    """How does an amount split?"""

    amount: Exact
    weights: Annotated[list[Exact], Field(min_length=1)]


class DepreciationQuestion(Question):
    """What does an asset lose from year to year?"""

    cost: Exact
    salvage: Exact = Decimal(0)
    years: Exact
    in_service: Text
    year_end: Text = "12-31"
    method: Depreciation = Depreciation.STRAIGHT_LINE
    rate: Exact | None = None

    def the_asset(self) -> Asset:
        """Return the asset.

        Raises:
            InvalidInput: the day it went into service is none, or a figure is out of range.
        """
        try:
            day = date.fromisoformat(self.in_service)
        except ValueError:
            raise refuse("in_service", "must be a date, YYYY-MM-DD") from None
        if not FIRST <= day <= LAST:
            raise refuse("in_service", f"must be from {FIRST} to {LAST}")
        return Asset(self.cost, self.salvage, Fraction(self.years), day)

    def the_year_end(self) -> YearEnd:
        """Return the last day of the financial years.

        Raises:
            InvalidInput: it is not written as a day of the year.
        """
        if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", self.year_end):
            raise refuse("year_end", "must be a day of the year, MM-DD")
        month, day = self.year_end.split("-")
        return YearEnd(int(month), int(day))

    def the_rate(self) -> Fraction | None:
        """Return the rate of declining balance, if one was given."""
        return None if self.rate is None else Fraction(self.rate)


class InvestmentQuestion(Question):
    """Is an investment worth it?"""

    flows: list[Exact]
    rate: Exact
