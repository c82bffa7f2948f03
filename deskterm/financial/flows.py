"""The flows of money of a business case, as they are typed and kept."""

from __future__ import annotations

from deskterm.errors import InvalidInput
from deskterm.fields import as_list, cents_of, show_cents

MOST_FLOWS = 400


def read_flows(value: object) -> list[str]:
    """Return flows as amounts with two decimals.

    Raises:
        InvalidInput: it is no list of amounts, or too long a one.
    """
    if not isinstance(value, list | tuple | str):
        raise InvalidInput("must be a list of amounts such as [-15000, 1500, 2500]")
    try:
        flows = [show_cents(cents_of(one)) for one in as_list(value)]
    except ValueError as problem:
        raise InvalidInput(f"must be a list of amounts; one {problem}") from None
    if not 1 <= len(flows) <= MOST_FLOWS:
        raise InvalidInput(f"must be from 1 to {MOST_FLOWS} amounts")
    return flows
