"""What a rule of allocation hands to whom: fractions of its cost, what capacity it leaves idle, and what nobody is to bear. Pure.

Shares that add up to 1 at most are fractions, more are units of the driver. With a capacity they are units of it, and what
they leave of it is idle. Where a driver has nothing of anything, all of it stays unallocated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Generic, TypeVar

from deskterm.errors import InvalidInput

K = TypeVar("K")
MOST = Decimal(10) ** 15
MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Handed(Generic[K]):
    """What becomes of one unit of a cost; what is left of 1 is unallocated."""

    to: Mapping[K, Fraction]
    idle: Fraction = Fraction(0)

    @property
    def left(self) -> Fraction:
        """Return what is handed to nobody and is not idle either."""
        return 1 - sum(self.to.values(), Fraction(0)) - self.idle


def read_share(value: object) -> Fraction:
    """Return a share: a number such as 0.6 or 30, or a fraction such as 1/3.

    Raises:
        ValueError: it is none, or negative.
    """
    text = str(value).strip()
    top, slash, bottom = text.partition("/")
    if isinstance(value, bool) or len(text) > MOST_DIGITS or "_" in text:
        raise ValueError("must be a number such as 0.6, or a fraction such as 1/3")
    try:
        figures = [Decimal(part) for part in ((top, bottom) if slash else (top,))]
        if not all(figure.is_finite() and abs(figure.adjusted()) <= MOST_DIGITS for figure in figures):
            raise InvalidOperation
        share = Fraction(figures[0]) / (Fraction(figures[1]) if slash else 1)
    except (InvalidOperation, ZeroDivisionError):
        raise ValueError("must be a number such as 0.6, or a fraction such as 1/3") from None
    if not 0 <= share <= MOST:
        raise ValueError("must be 0 or more")
    return share


def hand_out(weights: Mapping[K, Fraction], capacity: Fraction | None = None, *, units: bool = False) -> Handed[K]:
    """Return what each is handed.

    Args:
        weights: what each has: fractions, or units of the driver.
        capacity: how many units there are; what is used beyond it is no reason to hand out more than there is.
        units: they are units even where they add up to no more than 1, as counts are.
    """
    total = sum(weights.values(), Fraction(0))
    if not total:
        return Handed({}, Fraction(1) if capacity else Fraction(0))
    if capacity is not None:
        whole = max(capacity, total)
        return Handed({key: one / whole for key, one in weights.items() if one}, (whole - total) / whole)
    whole = total if units or total > 1 else Fraction(1)
    return Handed({key: one / whole for key, one in weights.items() if one})


def require_within(total: Fraction, capacity: Fraction | None) -> None:
    """Refuse shares that use more than there is.

    Raises:
        InvalidInput: they do.
    """
    if capacity is not None and total > capacity:
        raise InvalidInput(
            f"the shares add up to {float(total):g}, more than the capacity of {float(capacity):g}",
            fields={"shares": "more than the capacity"},
        )
