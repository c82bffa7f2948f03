"""A list whose rows are all at hand, a few dozen of them: fed at once, told again when they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual import on

from widgets.paged_list import PagedList

Row = TypeVar("Row")


class FixedList(PagedList[Row]):
    """A list that answers itself. `show` gives it rows; the cursor stays on the row it was on, by key.

    With `bare` it has neither cursor nor focus: a picture to look at, for a board on the wall.
    """

    _all: tuple[Row, ...] | None = None
    _bare = False

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows in place of the others; nothing is painted if they are the same."""
        before, self._all = self._all, tuple(rows)
        if before is None:
            # At once, so that the cursor can be put on a row right after.
            self.feed(len(self._all), 0, self._all[: self._reading.pages.page_size])
        elif before != self._all:
            self.reload()

    def show_at(self, rows: Sequence[Row], place: int) -> None:
        """Show these rows at once, with the cursor at a place of theirs."""
        self._all = tuple(rows)
        self.reset()
        self.feed(len(self._all), 0, self._all[: self._reading.pages.page_size])
        self.cursor = place

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, none before the first `show`."""
        return self._all or ()

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor, of those that are at hand: it is there also while the list is painted anew."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def bare(self) -> bool:
        """Whether it is only to be looked at."""
        return self._bare

    @bare.setter
    def bare(self, bare: bool) -> None:
        if bare != self._bare:
            self._bare = bare
            self.can_focus = not bare
            self.cursor = 0
            self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rows at hand are opened, not marked."""
        return False if action in ("mark", "mark_range") else super().check_action(action, parameters)

    def validate_cursor(self, cursor: int) -> int:
        """Keep it on a row, or nowhere."""
        return -1 if self._bare else super().validate_cursor(cursor)

    @on(PagedList.PageWanted)
    def _answer(self, event: PagedList.PageWanted[Row]) -> None:
        event.stop()
        if self._all is None:
            self.give_up(event.index, generation=event.generation)
            return
        size = self._reading.pages.page_size
        rows = self._all[event.index * size : (event.index + 1) * size]
        self.feed(len(self._all), event.index, rows, generation=event.generation)
