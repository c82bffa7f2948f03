"""What the improvement programme owes: how many of its actions are overdue, and which is the oldest."""

from __future__ import annotations

from dataclasses import dataclass

from deskterm.desk import Desk
from deskterm.errors import NotAllowed
from deskterm.health import CAP, amount

KINDS = ("improvement",)
OVERDUE = "state:open -state:implemented finish_by:<now"
"""Improvements that should have been implemented by now."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """The actions that are overdue."""

    count: int
    number: str = ""
    title: str = ""

    @property
    def words(self) -> str:
        """Return them in a line."""
        return f"{amount(self.count, 'improvement')} overdue, the oldest {self.number} {self.title}"


def overdue(desk: Desk) -> Overdue:
    """Return what is overdue; nothing for somebody who may not read it."""
    try:
        count = desk.count(desk.prepare(KINDS, OVERDUE), cap=CAP)
    except NotAllowed:
        return Overdue(0)
    rows = desk.page(desk.prepare(KINDS, OVERDUE, "finish_by"), limit=1).rows if count else ()
    return Overdue(count, rows[0].number, rows[0].title) if rows else Overdue(0)
