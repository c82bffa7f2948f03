"""How problems fare: what came back after it was resolved, candidates nobody has answered, known errors without a fix."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

KINDS = ("problem",)
CANDIDATES = ("problem-candidate",)
LEVELS = (
    ("recurred_at:*", "came back", Word.TROUBLE, "came back after it was resolved: reopen it?"),
    ("state:open unassigned priority:1..2", "urgent, nobody has", Word.TROUBLE, "urgent, and nobody has it"),
    ("state:open unassigned", "nobody has", Word.WATCH, "nobody has it"),
)
"""What makes trouble, the worst first: query, words in the figure, verdict, why."""


def health(desk: Desk) -> Health:
    """Return the line of problem management."""
    total = desk.count(desk.prepare(KINDS, "state:open"), cap=CAP)
    waiting = desk.count(desk.prepare(CANDIDATES, "state:proposed"), cap=CAP)
    counts = [desk.count(desk.prepare(KINDS, query), cap=CAP) for query, *_ in LEVELS]
    said = [f"{count:,} {word}" for count, (_, word, *_) in zip(counts, LEVELS, strict=True) if count]
    asked = [amount(waiting, "candidate")] if waiting else []
    figure = ", ".join([amount(total, "open", "open"), *said, *asked])
    for count, (query, _, verdict, why) in zip(counts, LEVELS, strict=True):
        first = desk.page(desk.prepare(KINDS, query, "priority,-updated_at"), limit=1).rows if count else ()
        if first:
            return Health(verdict, figure, Worst(first[0].number, first[0].title, why), query, KINDS)
    if waiting:
        row = desk.page(desk.prepare(CANDIDATES, "state:proposed", "-updated_at"), limit=1).rows[0]
        return Health(Word.WATCH, figure, Worst(row.number, row.title, "accept or dismiss it"), "state:proposed", CANDIDATES)
    return Health(Word.WELL, figure, None, "state:open", KINDS) if total else Health(Word.WELL, "nothing open")
