"""How problems fare: what came back after it was resolved, what is urgent and nobody took, candidates that are not answered."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Level, Word, Worst, amount, judged

KINDS = ("problem",)
CANDIDATES = ("problem-candidate",)
UNANSWERED = "state:proposed created:>7d"
"""A candidate may wait for whoever looks through them once a week, and no longer."""
LEVELS = (
    Level("recurred_at:*", "came back", Word.TROUBLE, "came back after it was resolved: reopen it?"),
    Level("state:open unassigned priority:1..2 created:>24h", "urgent, nobody took", Word.TROUBLE, "urgent, and nobody took it"),
    Level("state:open unassigned", "nobody has", Word.WATCH, "nobody has it"),
)
"""What makes trouble, the worst first."""


def health(desk: Desk) -> Health:
    """Return the line of problem management."""
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    waiting = desk.count(desk.prepare(CANDIDATES, "state:proposed"), cap=CAP)
    asked = [amount(waiting, "candidate")] if waiting else []
    found = judged(desk, KINDS, amount(total, "open", "open"), total, LEVELS, sort="priority,-updated_at", more=asked)
    if found.word is not Word.WELL:
        return found
    oldest = desk.page(desk.prepare(CANDIDATES, UNANSWERED, "created_at"), limit=1).rows if waiting else ()
    if oldest:
        worst = Worst(oldest[0].number, oldest[0].title, "accept or dismiss it")
        return Health(Word.WATCH, found.figure, worst, UNANSWERED, CANDIDATES)
    return found if total or waiting else Health(Word.WELL, "nothing open")
