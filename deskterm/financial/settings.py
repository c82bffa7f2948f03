"""What the desk's settings of money may be."""

from __future__ import annotations

import re

from deskterm.errors import InvalidInput


def check(name: str, value: object) -> None:
    """Refuse a setting of money that cannot be reckoned with.

    Raises:
        InvalidInput: it says what it may be.
    """
    text = str(value)
    if name == "currency" and not re.fullmatch(r"[A-Z]{3}", text):
        raise InvalidInput("currency is the code of a currency, such as EUR", fields={name: "ISO 4217"})
    if name == "financial_year_end":
        from deskterm.financial.depreciation import YearEnd, is_day

        month, _, day = text.partition("-")
        if not re.fullmatch(r"\d{2}-\d{2}", text) or not is_day(YearEnd(int(month), int(day))):
            raise InvalidInput("financial_year_end is a day of the year, MM-DD", fields={name: "MM-DD"})
    if name == "allocation_method":
        from deskterm.financial.allocation_rules import Allocation

        known = [one.value for one in Allocation]
        if text not in known:
            raise InvalidInput(f"allocation_method is one of {', '.join(known)}", fields={name: ", ".join(known)})
