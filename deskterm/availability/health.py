"""How availability fares: what is down now, the longest first."""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

KINDS = ("outage",)
RUNNING = "state:down ended_at:none"
LIMPING = "state:degraded,unknown ended_at:none"


def health(desk: Desk) -> Health:
    """Return the line of availability: outages that go on, else what merely limps or is not watched."""
    down, limping = (desk.count(desk.prepare(KINDS, query), cap=CAP) for query in (RUNNING, LIMPING))
    for count, query, word, why in ((down, RUNNING, Word.TROUBLE, "is down"), (limping, LIMPING, Word.WATCH, "is not well")):
        first = desk.page(desk.prepare(KINDS, query, "started_at"), limit=1).rows if count else ()
        if first:
            figure = ", ".join(part for part in (amount(down, "outage runs", "outages run"), _limping(limping)) if part)
            return Health(word, figure, Worst(first[0].number, first[0].title, why), query, KINDS)
    if not desk.count(desk.prepare(KINDS, "*"), cap=1):
        return Health(Word.QUIET, "no outage was ever recorded", None, "", KINDS)
    return Health(Word.WELL, "no outage runs", None, "*", KINDS)


def _limping(count: int) -> str:
    return f"{count} degraded or unknown" if count else ""
