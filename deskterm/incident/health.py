"""How incidents fare: a major one before all, then what is urgent and late, then whether more is late than a desk can carry."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Level, Word, amount, judged

KINDS = ("incident",)
MANY = 0.1
"""More than this part of the open incidents being late needs hands, being at risk needs an eye."""
LEVELS = (
    Level("state:open major:yes", "major", Word.TROUBLE, "major incident"),
    Level("state:open breached priority:1..2", "", Word.TROUBLE, "urgent and late"),
    Level("state:open breached", "late", Word.TROUBLE, "late", MANY),
    Level("state:open breached", "", Word.WATCH, "late"),
    Level("state:open priority:1", "of priority 1", Word.WATCH, "priority 1"),
    Level("state:open at-risk priority:2", "", Word.WATCH, "urgent and at risk"),
    Level("state:open at-risk", "at risk", Word.WATCH, "at risk", MANY),
)
"""What makes trouble, the worst first."""


def health(desk: Desk) -> Health:
    """Return the line of the incidents; its worst is of the worst sort there is, the one due first."""
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    if not total:
        return Health(Word.WELL, "nothing open", None, "state:open", KINDS)
    return judged(desk, KINDS, amount(total, "open", "open"), total, LEVELS, sort="due_at,priority")
