"""The period that a figure of money is explained for, as it is asked for: `cost:2026-Q4`, `cost:2026:direct`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.errors import InvalidInput
from deskterm.financial.allocation_rules import Allocation
from deskterm.financial.months import month_of, name_of, period_named

if TYPE_CHECKING:
    from deskterm.desk import Desk


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A period as far as it has come, and how its costs are passed on."""

    name: str
    start: int
    end: int
    """The instant before which costs count: the present one, where the period goes on."""
    method: str | None = None
    """None: the desk's own."""
    currency: str | None = None
    goes_on: bool = False
    """Whether it is not over yet."""

    @classmethod
    def read(cls, desk: Desk, text: str) -> AskedPeriod:
        """Read what was asked: a period, then a method or a currency or both; this month by the desk's own method if empty.

        Raises:
            InvalidInput: it is no period, or neither a method nor a currency follows it.
        """
        named, *more = _PARTED.split(text)
        try:
            start, end = period_named(named) if named else month_of(desk.moment)
        except ValueError:
            said = f"{named!r} is no period: write 2026-11, 2026-Q4, 2026 or 2026-10-15..2026-12-01, either end to the second"
            raise InvalidInput(said, fields={"what": "no period"}) from None
        method = next((one for one in more if one in _METHODS), None)
        currency = next((one for one in more if _is_currency(one)), None)
        strange = [one for one in more if one not in (method, currency)]
        if strange:
            said = f"after a period comes {', '.join(_METHODS)} or a currency, not {strange[0]!r}"
            raise InvalidInput(said, fields={"what": "unknown"})
        reached = min(end, max(start, desk.moment) + 1)
        return cls(named or name_of(start, end), start, reached, method, currency, reached < end)

    def label(self) -> str:
        """Return what it is called, and whether it is over."""
        by = f", passed on {self.method}" if self.method else ""
        return f"{self.name}{' so far' if self.goes_on else ''}{by}"


_PARTED = re.compile(r":(?![0-9])")
"""What parts a period from what follows it; the colons within an instant have a digit behind them."""
_METHODS = tuple(one.value for one in Allocation)


def _is_currency(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
