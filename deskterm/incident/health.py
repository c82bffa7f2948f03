"""How incidents fare: a major one before all, then what is late, then what soon will be."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

KINDS = ("incident",)
LEVELS = (
    ("state:open major:yes", "major", Word.TROUBLE, "major incident"),
    ("state:open breached", "late", Word.TROUBLE, "late"),
    ("state:open at-risk", "at risk", Word.WATCH, "at risk"),
    ("state:open priority:1", "of priority 1", Word.WATCH, "priority 1"),
)
"""What makes trouble, the worst first: query, word in the figure, verdict, why."""


def health(desk: Desk) -> Health:
    """Return the line of the incidents; its worst is of the worst sort there is, the one due first."""
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    if not total:
        return Health(Word.WELL, "nothing open", None, "state:open", KINDS)
    counts = [desk.count(desk.prepare(KINDS, query), cap=CAP) for query, *_ in LEVELS]
    said = [f"{count:,} {word}" for count, (_, word, *_) in zip(counts, LEVELS, strict=True) if count]
    figure = ", ".join([amount(total, "open", "open"), *said])
    for count, (query, _, verdict, why) in zip(counts, LEVELS, strict=True):
        first = desk.page(desk.prepare(KINDS, query, "due_at,priority"), limit=1).rows if count else ()
        if first:
            return Health(verdict, figure, Worst(first[0].number, first[0].title, why), query, KINDS)
    return Health(Word.WELL, figure, None, "state:open", KINDS)
