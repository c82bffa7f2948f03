"""A record at one glance, for the pane beside a list: who calls and how they fare, what it is about, what looks like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data import search
from deskterm.records import listing, store
from deskterm.records.schema import RecordView, Row

if TYPE_CHECKING:
    from deskterm.desk import Desk

CONTACTS = ("incident", "request")
SIMILAR_KINDS = ("incident", "request", "problem", "known-error", "knowledge")
OPEN_UP_TO = 100
"""A caller's open records are counted so far."""
CANDIDATES = 60
"""So many full-text hits are compared by title."""
MOST_SIMILAR = 8
_SHORT = 3
"""A word of fewer letters tells nothing apart."""
_COMMON = frozenset(
    (
        "and",
        "are",
        "but",
        "can",
        "cannot",
        "does",
        "for",
        "from",
        "has",
        "have",
        "into",
        "its",
        "not",
        "that",
        "the",
        "this",
        "with",
    )
)


@dataclass(frozen=True, slots=True)
class Glance:
    """What the pane shows."""

    view: RecordView
    caller: str = ""
    vip: bool = False
    caller_open: int = 0
    """How many open records the caller has, this one included."""
    similar: tuple[Row, ...] = ()
    """Other records whose title shares its words, the closest first."""


def telling(title: str) -> frozenset[str]:
    """Return the words of a title that tell it from others, folded."""
    return frozenset(word for word in search.tokens(title) if len(word) >= _SHORT and word not in _COMMON and not word.isdigit())


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two titles are, from 0 to 1: the share of words they have in common (Jaccard)."""
    together = one | other
    return len(one & other) / len(together) if together else 0.0


def similar(desk: Desk, number: str, title: str, *, limit: int = MOST_SIMILAR) -> tuple[Row, ...]:
    """Return the records whose title is most like this one: at least two words in common, or half of all."""
    words = telling(title)
    if not words:
        return ()
    kinds = tuple(kind for kind in desk.registry if kind.name in SIMILAR_KINDS)
    needles = [search.Needle(word) for word in sorted(words, key=len, reverse=True)[:6]]
    with desk.database.read() as connection:
        ids = [hit.record_id for hit in search.find(connection, needles, limit=CANDIDATES, any_of=True)]
        rows = listing.by_ids(connection, kinds, ids, desk.actor, desk.known)
    scored = []
    for row in rows:
        own = telling(row.title)
        alike = likeness(words, own)
        if row.number != number and (len(words & own) >= 2 or alike >= 0.5):
            scored.append((-alike, -row.id, row))
    return tuple(row for _, _, row in sorted(scored, key=lambda one: one[:2])[:limit])


def glance(desk: Desk, number: str) -> Glance:
    """Return a record with what an agent needs to decide.

    Raises:
        NotFound: there is no such record, or none for this person.
    """
    view = desk.show(number)
    requester = view.values.get("requester")
    caller, vip, count = "", False, 0
    if requester is not None and requester in view.names:
        caller = view.names[requester].title
        with desk.database.read() as connection:
            person = store.load(connection, desk.registry.kind("person"), [requester]).get(requester)
        vip = bool(person and person.get("vip"))
        count = desk.count(desk.prepare(CONTACTS, f"state:open requester:{view.names[requester].number}"), cap=OPEN_UP_TO)
    return Glance(view, caller, vip, count, similar(desk, number, view.title))
