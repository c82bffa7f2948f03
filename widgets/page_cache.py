"""The pages of a list that are in memory: the most recently used ones, with the place of every row they hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Row = TypeVar("Row")


class PageCache(Generic[Row]):
    """Pages by index, the least recently used dropped first; finds a row by index and by key."""

    def __init__(self, page_size: int, capacity: int, row_key: Callable[[Row], str]) -> None:
        """Start empty.

        Args:
            page_size: Rows of a full page.
            capacity: Pages kept.
            row_key: Gives the key of a row, unique in the list.
        """
        self.page_size = page_size
        self.capacity = capacity
        self._row_key = row_key
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._places: dict[str, int] = {}

    def __contains__(self, page: int) -> bool:
        return page in self._pages

    def __len__(self) -> int:
        return len(self._pages)

    def clear(self) -> None:
        """Forget everything."""
        self._pages.clear()
        self._places.clear()

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Keep a page, in place of what it held before."""
        self._drop(page)
        self._pages[page] = list(rows)
        start = page * self.page_size
        for offset, row in enumerate(rows):
            self._places[self._row_key(row)] = start + offset
        while len(self._pages) > self.capacity:
            self._drop(next(iter(self._pages)))

    def get(self, index: int) -> Row | None:
        """The row at a place, or `None` when its page is not here."""
        page, offset = divmod(index, self.page_size)
        rows = self._pages.get(page)
        if rows is None or offset >= len(rows):
            return None
        self._pages.move_to_end(page)
        return rows[offset]

    def find(self, key: str) -> int | None:
        """The place of a row, or `None` when no page here holds it."""
        return self._places.get(key)

    def edge(self, page: int, offset: int) -> Row | None:
        """First (0) or last (-1) row of a page, without counting as use."""
        rows = self._pages.get(page)
        return rows[offset] if rows else None

    def rows(self, indexes: Iterable[int]) -> list[Row]:
        """The rows at some places, as far as they are here."""
        return [row for row in map(self.get, indexes) if row is not None]

    def _drop(self, page: int) -> None:
        start = page * self.page_size
        for offset, row in enumerate(self._pages.pop(page, ())):
            key = self._row_key(row)
            if self._places.get(key) == start + offset:
                del self._places[key]
