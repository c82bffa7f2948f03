"""How changes fare: work beyond its window before all, then windows that passed unused, then what waits for a decision."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

KINDS = ("change",)
LEVELS = (
    ("state:implementing window_end:<now", "beyond its window", Word.TROUBLE, "work goes on beyond its window"),
    ("state:approved,scheduled window_start:<now", "not begun", Word.TROUBLE, "its window has begun, work has not"),
    ("type:emergency state:submitted,assessing", "emergency to decide", Word.TROUBLE, "an emergency waits for its decision"),
    ("state:submitted,assessing window_start:<24h", "to decide today", Word.WATCH, "its window is near and nothing is decided"),
    ("state:implementing", "under way", Word.WATCH, "work is under way"),
    ("state:review", "to review", Word.WATCH, "waits for its review"),
)
"""What makes trouble, the worst first: query, word in the figure, verdict, why."""


def health(desk: Desk) -> Health:
    """Return the line of the changes; its worst is of the worst sort there is, the one whose window is first."""
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    if not total:
        return Health(Word.WELL, "nothing open")
    counts = [desk.count(desk.prepare(KINDS, query), cap=CAP) for query, *_ in LEVELS]
    said = [f"{count:,} {word}" for count, (_, word, *_) in zip(counts, LEVELS, strict=True) if count]
    figure = ", ".join([amount(total, "open", "open"), *said[:3]])
    for count, (query, _, verdict, why) in zip(counts, LEVELS, strict=True):
        first = desk.page(desk.prepare(KINDS, query, "window_start"), limit=1).rows if count else ()
        if first:
            return Health(verdict, figure, Worst(first[0].number, first[0].title, why), query, KINDS)
    return Health(Word.WELL, figure, None, "state:open", KINDS)
