"""What a reference may name, looked up while it is typed: callers by all that is known of them, other records by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.forms.schema import Option

if TYPE_CHECKING:
    from deskterm.desk import Desk

CALLERS = ("person",)


def find(desk: Desk, kinds: Sequence[str], text: str) -> tuple[Option, ...]:
    """Return the records of some kinds that a text may mean, the likeliest first. Call it in a thread."""
    from deskterm.service_desk import callers, lookup

    if tuple(kinds) == CALLERS and text:
        return callers.caller_options(desk, text)
    return lookup.options(desk, kinds, text)
