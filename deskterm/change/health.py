"""How changes fare: work beyond its window before all, then windows that passed unused, then what waits for a decision."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Level, Word, amount, judged

KINDS = ("change",)
LEVELS = (
    Level("state:implementing window_end:<now", "beyond its window", Word.TROUBLE, "work goes on beyond its window"),
    Level("state:approved,scheduled window_end:<now", "never begun", Word.TROUBLE, "its window is over and work never began"),
    Level("type:emergency state:submitted,assessing window_start:<1h", "", Word.TROUBLE, "an emergency that nobody has decided"),
    Level("type:emergency state:submitted,assessing", "emergency to decide", Word.WATCH, "an emergency waits for its decision"),
    Level("state:approved,scheduled window_start:<now window_end:>=now", "not begun", Word.WATCH,
          "its window has begun, work has not"),
    Level("-type:emergency state:submitted,assessing window_start:<24h", "to decide today", Word.WATCH,
          "its window is near and nothing is decided"),
    Level("state:review window_end:<now-7d", "review owed", Word.WATCH, "its review is owed for a week"),
    Level("state:implementing window_end:>=now", "under way", Word.WELL, ""),
)  # fmt: skip
"""What makes trouble, the worst first; work within its window is none, nor is a review that is young."""


def health(desk: Desk) -> Health:
    """Return the line of the changes; its worst is of the worst sort there is, the one whose window is first."""
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    if not total:
        return Health(Word.WELL, "nothing open")
    return judged(desk, KINDS, amount(total, "open", "open"), total, LEVELS, sort="window_start")
