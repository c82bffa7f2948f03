"""What the desk writes elsewhere because somebody did what they may: the journal names the person, the right is the desk's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from deskterm.records.unit import Unit


@contextmanager
def on_behalf(unit: Unit) -> Iterator[None]:
    """Let rules within take the actor for the desk itself; who did it stays who did it."""
    actor = unit.actor
    unit.actor = replace(actor, system=True)
    try:
        yield
    finally:
        unit.actor = actor
