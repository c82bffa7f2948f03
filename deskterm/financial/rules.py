"""Money that adds up: shares of an amount to the cent, by largest remainder. Pure.

Amounts are `Decimal`, weights and intermediate results `Fraction`, so that nothing is rounded before it is money. Negative
amounts (credits, refunds) are as good as positive ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor, lcm

from deskterm.errors import InvalidInput

CENTS = 2
"""Decimals of most currencies; ISO 4217 has some with none, three or four."""


def money(exact: Fraction, places: int = CENTS) -> Decimal:
    """Round an exact figure to money, halves away from zero, as invoices do."""
    units = floor(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(units if exact >= 0 else -units).scaleb(-places)


def settle(exact: Sequence[Fraction], places: int = CENTS) -> list[Decimal]:
    """Round figures so that they still add up to their sum, rounded: by largest remainder (Hamilton), the first among equals.

    A figure that is whole already keeps its value, so a share of nothing stays nothing. Reflected for a negative sum: the
    shares of -100 are those of 100 with the other sign.
    """
    whole = total_of(exact)
    if whole < 0:
        return [-one for one in settle([-one for one in exact], places)]
    return settle_to(exact, money(whole, places), places)


def settle_to(exact: Sequence[Fraction], total: Decimal, places: int = CENTS) -> list[Decimal]:
    """Round figures so that they add up to a total that is their sum rounded, up or down: lines of a row that was settled before.

    Each comes out as the whole unit below or above it, so that its own lines can be settled to it in turn.
    """
    unit = 10**places
    floors = [one.numerator * unit // one.denominator for one in exact]
    short = int(total.scaleb(places)) - sum(floors)
    if short:
        # Remainders over one denominator: whole numbers compare a hundred times faster than fractions do.
        common = lcm(*{one.denominator for one in exact})
        rest = [one.numerator * unit % one.denominator * (common // one.denominator) for one in exact]
        for place in sorted(range(len(exact)), key=lambda at: -rest[at])[:short]:
            floors[place] += 1
    return [Decimal(one).scaleb(-places) for one in floors]


def total_of(exact: Iterable[Fraction]) -> Fraction:
    """Return a sum, exactly: figures of one denominator are added as whole numbers, which a hundred thousand of them notice."""
    by_denominator: dict[int, int] = {}
    for one in exact:
        bottom = one.denominator
        by_denominator[bottom] = by_denominator.get(bottom, 0) + one.numerator
    common = lcm(*by_denominator)
    return Fraction(sum(top * (common // bottom) for bottom, top in by_denominator.items()), common)


def split(amount: Decimal, weights: Sequence[Fraction], places: int = CENTS) -> list[Decimal]:
    """Split an amount in proportion to weights; the parts add up to it.

    Args:
        amount: the amount; finer than its currency, as cloud bills are, it is rounded first.
        weights: one for each part, in any unit, 0 or more.
        places: decimals of the currency.

    Raises:
        InvalidInput: a weight is negative, or they add up to nothing, so that there is nothing to split by.
    """
    total = _total(weights)
    if not total:
        raise InvalidInput(
            "weights add up to 0, so there is nothing to split by", fields={"weights": "must add up to more than 0"}
        )
    whole = Fraction(money(Fraction(amount), places))
    return settle([whole * weight / total for weight in weights], places)


def _total(weights: Sequence[Fraction]) -> Fraction:
    for place, weight in enumerate(weights):
        if weight < 0:
            raise InvalidInput(f"weights.{place} must be 0 or more", fields={f"weights.{place}": "must be 0 or more"})
    return sum(weights, Fraction(0))
