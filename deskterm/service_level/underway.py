"""What runs now, for the board: what is down, and changes that are being carried out."""

from __future__ import annotations

from dataclasses import dataclass

from deskterm.availability.present import Running, down_now
from deskterm.desk import Desk
from deskterm.errors import NotAllowed

MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change that is being carried out."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Underway:
    """What runs at an instant; nothing of what the person may not read."""

    at: int
    down: tuple[Running, ...] = ()
    """The longest first."""
    changes: tuple[ChangeLine, ...] = ()
    """The one that began first comes first."""

    @property
    def query(self) -> str:
        """Return what lists the records that say so; empty where nothing runs."""
        numbers = dict.fromkeys([*(one.number for one in self.down), *(one.number for one in self.changes)])
        return " OR ".join(f"number:{number}" for number in numbers)


def underway(desk: Desk) -> Underway:
    """Return what is down and which changes run."""
    return Underway(desk.moment, _down(desk), _changes(desk))


def _down(desk: Desk) -> tuple[Running, ...]:
    try:
        return down_now(desk)
    except NotAllowed:
        return ()


def _changes(desk: Desk) -> tuple[ChangeLine, ...]:
    try:
        rows = desk.page(desk.prepare(("change",), "state:implementing", "actual_start"), limit=MOST_CHANGES).rows
    except NotAllowed:
        return ()
    return tuple(ChangeLine(row.number, row.title) for row in rows)
