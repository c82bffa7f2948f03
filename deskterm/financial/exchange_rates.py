"""Amounts of one currency in another, at the rate that held on the day; without a rate they are refused, never mixed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from deskterm.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of a currency in another, from a day on.

    Raises:
        InvalidInput: the rate is not above 0.
    """

    currency: str
    """ISO 4217, such as USD."""
    into: str
    rate: Decimal
    valid_from: date

    def __post_init__(self) -> None:
        if not self.rate > 0:
            raise InvalidInput("rate must be above 0", fields={"rate": "must be above 0"})


def factor(currency: str, into: str, on: date, rates: Iterable[Rate]) -> Fraction:
    """Return what one unit of a currency is in another on a day, exactly.

    Raises:
        InvalidInput: no rate between the two was valid on that day.
    """
    if currency == into:
        return Fraction(1)
    known = [one for one in rates if one.valid_from <= on]
    direct = [one for one in known if (one.currency, one.into) == (currency, into)]
    reverse = [one for one in known if (one.currency, one.into) == (into, currency)]
    if direct:
        return Fraction(max(direct, key=_valid_from).rate)
    if reverse:
        return 1 / Fraction(max(reverse, key=_valid_from).rate)
    message = f"there is no rate from {currency} to {into} on {on}; enter one that is valid from that day or before"
    raise InvalidInput(message, fields={"currency": message})


def _valid_from(one: Rate) -> date:
    return one.valid_from
