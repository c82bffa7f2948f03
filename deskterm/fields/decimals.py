"""Exact decimal figures that are no amounts of money: rates, percentages, shares of an hour. Kept as text, digit by digit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar

from deskterm.fields.base import FieldType

MOST_DIGITS = 24


@dataclass(frozen=True, slots=True)
class Exact(FieldType):
    """A decimal figure between bounds, stored as it was written."""

    word: ClassVar[str] = "decimal"
    low: str = "-1000000000"
    high: str = "1000000000"
    example: str = "1.25"

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a figure such as {self.example}, from {self.low} to {self.high}"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        def read(value: object) -> str:
            if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
                raise ValueError(f"must be {self.expects}")
            try:
                figure = Decimal(str(value).strip().removesuffix("%").strip().replace("_", "x"))
            except InvalidOperation:
                raise ValueError(f"must be {self.expects}") from None
            if not figure.is_finite() or not Decimal(self.low) <= figure <= Decimal(self.high):
                raise ValueError(f"must be {self.expects}")
            if len(figure.as_tuple().digits) > MOST_DIGITS or figure.as_tuple().exponent < -MOST_DIGITS:  # type: ignore[operator]
                raise ValueError(f"must not have more than {MOST_DIGITS} digits")
            return f"{figure:f}"

        return Annotated[str, BeforeValidator(read)]


PERCENT = Exact("0", "100", "12.5")
"""Percent, from nothing to all."""
