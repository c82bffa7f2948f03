"""Two currencies: the rate of the day, either way round, and never without one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from deskterm.errors import InvalidInput
from deskterm.financial.exchange_rates import Rate, factor
from deskterm.financial.rules import money

RATES = [
    Rate("USD", "EUR", Decimal("0.90"), date(2026, 3, 1)),
    Rate("USD", "EUR", Decimal("0.80"), date(2026, 1, 1)),
    Rate("EUR", "GBP", Decimal("0.5"), date(2026, 1, 1)),
]


@pytest.mark.parametrize(
    ("amount", "currency", "into", "on", "expected"),
    [
        ("100", "USD", "EUR", date(2026, 2, 28), "80.00"),
        ("-100", "USD", "EUR", date(2026, 3, 1), "-90.00"),
        ("10", "EUR", "USD", date(2026, 2, 1), "12.50"),
        ("10.005", "EUR", "EUR", date(1990, 1, 1), "10.01"),
        ("0.01", "EUR", "GBP", date(2027, 1, 1), "0.01"),
    ],
)
def test_the_rate_of_the_day_holds(amount: str, currency: str, into: str, on: date, expected: str) -> None:
    assert str(money(Fraction(Decimal(amount)) * factor(currency, into, on, RATES))) == expected


@pytest.mark.parametrize(("currency", "into", "on"), [("USD", "EUR", date(2025, 12, 31)), ("USD", "GBP", date(2026, 5, 1))])
def test_two_currencies_without_a_rate_are_refused_by_name(currency: str, into: str, on: date) -> None:
    with pytest.raises(InvalidInput, match=f"no rate from {currency} to {into} on {on}"):
        factor(currency, into, on, RATES)


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Rate("USD", "EUR", Decimal(0), date(2026, 1, 1))
