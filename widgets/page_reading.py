"""What a list has read and what it still has to ask for: pages asked, pages awaited, and a refresh that is swapped in whole.

Knows indexes and rows only; the list turns what `want` returns into messages and paints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Generic, TypeVar

from widgets.page_cache import PageCache

Row = TypeVar("Row")


class Taken(Enum):
    """What became of an answer."""

    LATE = auto()
    """It belongs to an older question and was dropped."""
    HELD = auto()
    """It waits for the other pages of a refresh."""
    KEPT = auto()
    """The page is in its place."""
    DRIFTED = auto()
    """The same, but the length changed: the other pages no longer stand where they did."""
    SWAPPED = auto()
    """The refresh is complete: all pages are new."""


class Reading(Generic[Row]):
    """The pages of one list, and the questions open about them. Every page asked for is answered or given up."""

    def __init__(self, page_size: int, capacity: int, row_key: Callable[[Row], str]) -> None:
        """Start with nothing read; the arguments are those of `PageCache`."""
        self.pages: PageCache[Row] = PageCache(page_size, capacity, row_key)
        self.total: int | None = None
        """Rows of the whole list; `None` until the first answer."""
        self.generation = 0
        """Counts the questions; an answer carries the number of its own."""
        self._asked: set[int] = set()
        self._awaited: set[int] = set()
        self._staged: dict[int, Sequence[Row]] | None = None
        self._again = False

    @property
    def refreshing(self) -> bool:
        """Whether a refresh is under way."""
        return self._staged is not None

    def pages_of(self, rows: range) -> list[int]:
        """The pages that hold some places, in order; page 0 while the length is unknown, and of an empty list, which may fill."""
        if not self.total:
            return [0]
        first, last = max(0, rows.start), min(self.total, rows.stop) - 1
        size = self.pages.page_size
        return list(range(first // size, last // size + 1)) if first <= last else []

    def reset(self) -> None:
        """Forget all: the list is about something else now."""
        self.generation += 1
        self.pages.clear()
        self.total = None
        self._asked.clear()
        self._awaited.clear()
        self._staged = None
        self._again = False

    def refresh(self) -> bool:
        """Begin to read anew; while one refresh is under way another is only remembered.

        Returns:
            Whether questions are to be asked now.
        """
        if self._staged is not None:
            self._again = True
            return False
        self.generation += 1
        self._asked.clear()
        self._awaited.clear()
        self._staged = {}
        return True

    def want(self, seen: Sequence[int], near: Sequence[int]) -> list[int]:
        """Say what is on the screen and near it; get back the pages to ask for now, the seen ones first.

        What was asked for and went out of sight is forgotten, so that it is asked for again when it comes back.
        """
        wanted = dict.fromkeys([*seen, *near])
        self._asked &= wanted.keys()
        self._awaited &= wanted.keys()
        if self._staged is not None:
            # The neighbours of the screen are read again when they are next needed; a refresh waits for what is seen.
            fresh = [page for page in seen if page not in self._staged and page not in self._asked]
            self._awaited.update(fresh)
        else:
            fresh = [page for page in wanted if page not in self.pages and page not in self._asked]
        self._asked.update(fresh)
        return fresh

    def take(self, total: int, page: int, rows: Sequence[Row], generation: int | None) -> Taken:
        """Take an answer; without a generation it counts as one to the present question."""
        if generation is not None and generation != self.generation:
            return Taken.LATE
        self._asked.discard(page)
        if self._staged is not None:
            self._staged[page] = rows
            self._awaited.discard(page)
            if self._awaited:
                return Taken.HELD
            self.total = total
            return self._swap()
        drifted = self.total is not None and self.total != total
        self.total = total
        self.pages.put(page, rows)
        return Taken.DRIFTED if drifted else Taken.KEPT

    def give_up(self, page: int, generation: int | None) -> Taken:
        """Note that a page cannot be read; what is shown stays, and it is asked for again once it comes into sight."""
        if generation is not None and generation != self.generation:
            return Taken.LATE
        self._asked.discard(page)
        self._awaited.discard(page)
        if self._staged is None or self._awaited:
            return Taken.HELD
        if self._staged:
            return self._swap()
        self._staged = None
        return Taken.HELD

    def again(self) -> bool:
        """Whether another refresh was asked for meanwhile; asking resets it."""
        due, self._again = self._again, False
        return due

    def _swap(self) -> Taken:
        staged, self._staged = self._staged or {}, None
        self.pages.clear()
        for page, rows in staged.items():
            self.pages.put(page, rows)
        return Taken.SWAPPED
