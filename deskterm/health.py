"""How a system of the desk fares, in one line: what a process says of itself, and what can be said of one that says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.kinds import Kind

CAP = 10_000
"""Counting stops here; more is shown as `10,000+`."""


class Word(StrEnum):
    """How it stands."""

    WELL = "well"
    WATCH = "watch"
    """Something needs an eye on it."""
    TROUBLE = "trouble"
    """Something needs hands now."""
    QUIET = "quiet"
    """Nothing stands behind a judgement yet."""
    UNUSED = "not in use"
    CLOSED = "not yours"
    """The person's roles do not read it."""


@dataclass(frozen=True, slots=True)
class Worst:
    """What to look at first."""

    number: str
    """Of the record; empty where it is none."""
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Health:
    """One line of the overview."""

    word: Word
    figure: str
    """The figures behind the word, in a few words."""
    worst: Worst | None = None
    query: str = ""
    """Lists what the word is about; empty where no list does."""
    kinds: tuple[str, ...] = ()
    """The kinds that the query lists."""


class Level(NamedTuple):
    """One sort of what can be wrong with records."""

    query: str
    says: str
    """Behind its count in the figure; empty where another level says it, or where it does not matter."""
    verdict: Word
    """How the process stands where there is any; where that is `WELL`, it is counted and no more."""
    why: str
    """Why a record of this sort is looked at first."""
    beyond: float = 0.0
    """So large a part of all must be of this sort before it counts: some always is, at a desk that is busy."""


def judged(
    desk: Desk, kinds: tuple[str, ...], head: str, total: int, levels: Sequence[Level], *, sort: str, more: Sequence[str] = ()
) -> Health:
    """Return how work stands: as the first level says that holds, its worst item the first of these in the order given.

    Args:
        desk: Whose eyes it is seen with.
        kinds: What is counted.
        head: How the figure begins.
        total: How many there are in all.
        levels: What can be wrong, the worst first.
        sort: Which item of a level is its worst.
        more: What else the figure says.
    """
    counts = {level.query: desk.count(desk.prepare(kinds, level.query), cap=CAP) for level in levels}
    said = [f"{counts[level.query]:,} {level.says}" for level in levels if level.says and counts[level.query]]
    figure = ", ".join([head, *said, *more])
    for query, _, verdict, why, beyond in levels:
        if verdict is not Word.WELL and counts[query] > beyond * total:
            rows = desk.page(desk.prepare(kinds, query, sort), limit=1).rows
            if rows:  # else it was put right since it was counted
                return Health(verdict, figure, Worst(rows[0].number, rows[0].title, why), query, kinds)
    return Health(Word.WELL, figure, None, "state:open", kinds)


def amount(count: int, one: str, many: str = "") -> str:
    """Return `1 change`, `12 changes`, `no changes`, `10,000+ changes`."""
    name = one if count == 1 else many or f"{one}s"
    return f"no {name}" if count == 0 else f"{count:,}{'+' if count >= CAP else ''} {name}"


def derived(desk: Desk, kinds: tuple[Kind, ...]) -> Health:
    """Return what can be said of a process from its kinds alone: its open work if it has any, else how much it holds."""
    if not kinds:
        return Health(Word.UNUSED, "nothing is kept here")
    work = tuple(kind.name for kind in kinds if kind.is_work)
    if work:
        return _open_work(desk, work)
    held = [(kind, desk.count(desk.prepare((kind.name,), "*"), cap=CAP)) for kind in kinds[:3]]
    said = ", ".join(amount(count, kind.title.casefold(), kind.many.casefold()) for kind, count in held)
    full = next((kind.name for kind, count in held if count), None)
    return Health(Word.WELL if full else Word.QUIET, said, None, "*" if full else "", (full or kinds[0].name,))


def _open_work(desk: Desk, work: tuple[str, ...]) -> Health:
    total = desk.count(desk.prepare(work, "state:open"), cap=CAP)
    late = desk.count(desk.prepare(work, "state:open breached"), cap=CAP)
    if not total:
        return Health(Word.WELL, "nothing open", None, "state:open", work)
    first = desk.page(desk.prepare(work, "state:open", "due_at"), limit=1).rows[0]
    worst = Worst(first.number, first.title, "late" if late else first.state)
    figure = amount(total, "open", "open") + (f", {late:,} late" if late else "")
    return Health(Word.TROUBLE if late else Word.WATCH, figure, worst, "state:open breached" if late else "state:open", work)
