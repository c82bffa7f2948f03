"""Pages of a list, read in threads by keyset: beside a known row, else from the nearest known place, else from the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import Row

PAGE = 50
"""Rows of a page."""
COUNT_TO = 100_000
"""A list is counted so far; a longer one says so."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is of."""

    kinds: tuple[str, ...]
    query: str
    sort: str
    columns: tuple[str, ...]
    """Fields its rows carry."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, and how long the list is."""

    total: int
    rows: tuple[Row, ...]


class Pages:
    """The pages of one question. Its methods are called in threads."""

    def __init__(self, desk: Desk, question: Question) -> None:
        """Prepare the list.

        Raises:
            BadQuery: the query is not understood.
            InvalidInput: the sort order names no field.
        """
        self.question = question
        self._desk = desk
        self._listing = desk.prepare(question.kinds, question.query, question.sort)
        self._generation = -1
        self._total = 0
        self._ends: dict[int, tuple[Any, ...]] = {}
        """Where a page ends, by its index: the anchor for pages behind it."""

    def count(self, cap: int = COUNT_TO) -> int:
        """Return how long the list is, at most `cap`; also finds out whether the names in the query exist."""
        return self._desk.count(self._listing, cap=cap)

    def read(self, index: int, generation: int, after: Row | None, before: Row | None) -> Answer:
        """Return one page.

        Args:
            index: The page, counted from 0.
            generation: Changes when the list is read anew: then it is counted again and old anchors are dropped.
            after: The row just before the page, where known.
            before: The row just behind the page, where known.
        """
        if generation != self._generation:
            self._ends = {}
            self._total = self.count()
            self._generation = generation
        found = self._desk.page(self._listing, limit=PAGE, columns=self.question.columns, **self._edge(index, after, before))
        rows = found.rows
        if rows:
            self._ends[index] = rows[-1].cursor
        known = index * PAGE + len(rows) + (1 if found.more else 0)
        # The count may be older than the page, or have stopped at its bound.
        self._total = known if index * PAGE + len(rows) > self._total or (rows and not found.more) else self._total
        return Answer(self._total, rows)

    def _edge(self, index: int, after: Row | None, before: Row | None) -> dict[str, Any]:
        if index == 0:
            return {}
        if after is not None:
            return {"after": after.cursor}
        if before is not None:
            return {"before": before.cursor}
        nearest = max((page for page in self._ends if page < index), default=-1)
        if nearest < 0:
            return {"skip": index * PAGE}
        return {"after": self._ends[nearest], "skip": (index - nearest - 1) * PAGE}
