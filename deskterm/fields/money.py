"""Exact amounts of money: hundredths of a currency as whole numbers, never floats; the currency is a field of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar

from deskterm.fields.base import FieldType, Names
from deskterm.fields.scalars import Text

MOST_CENTS = 10**17 - 1
"""Beyond this no sum of a thousand amounts would fit the 64 bits of a database's integer."""
_CODE = re.compile(r"[A-Z]{3}")


def cents_of(value: object) -> int:
    """Read an amount such as `1234.50` or `-3`, in hundredths.

    Raises:
        ValueError: it is no number, is finer than a hundredth, or larger than fits.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("must be an amount such as 1234.50")
    try:
        amount = Decimal(str(value).strip().replace("_", "x"))  # Decimal reads 1_000; people mean something else by it
    except InvalidOperation:
        raise ValueError("must be an amount such as 1234.50") from None
    if not amount.is_finite() or abs(amount) > MOST_CENTS:
        raise ValueError("must be an amount such as 1234.50 of at most 15 digits before the point")
    hundredths = amount.scaleb(2)
    if hundredths != hundredths.to_integral_value():
        raise ValueError("must not be finer than a hundredth")
    if abs(hundredths) > MOST_CENTS:
        raise ValueError("must be an amount such as 1234.50 of at most 15 digits before the point")
    return int(hundredths)


def show_cents(cents: int) -> str:
    """Write hundredths as an amount with two decimals: -5 is `-0.05`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


@dataclass(frozen=True, slots=True)
class Money(FieldType):
    """An exact amount, stored in hundredths; negative ones are refunds and credits."""

    word: ClassVar[str] = "money"
    numeric: ClassVar[bool] = True

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return "an amount such as 1234.50"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        return Annotated[int, BeforeValidator(cents_of)]

    def export(self, value: Any, names: Names) -> object:
        """Return the amount as a text with two decimals, which no reader of JSON rounds."""
        return None if value is None else show_cents(value)

    def show(self, value: Any, names: Names) -> str:
        """Return the amount with two decimals."""
        return "" if value is None else show_cents(value)


@dataclass(frozen=True, slots=True)
class Currency(Text):
    """A currency by its ISO 4217 code."""

    limit: int = 3

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return "the code of a currency, such as EUR"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        def read(value: object) -> str:
            text = str(value).strip().upper()
            if not _CODE.fullmatch(text):
                raise ValueError(f"must be {self.expects}")
            return text

        return Annotated[str, BeforeValidator(read)]
