"""A list of any length, drawn from the pages it is given: the queue and every other list of records.

It asks for pages by message and is fed; where they come from, what the rows mean and what opening one does is left to the
screen. It remembers rows by key: a refresh moves neither the cursor nor the marks to another record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size

from widgets import list_messages
from widgets.columns import Column
from widgets.line_list import HEADER, LineList
from widgets.marks import RANGE_LIMIT, Marks
from widgets.page_reading import Reading, Taken
from widgets.row_painter import GUTTER

Row = TypeVar("Row")
MessageRow = TypeVar("MessageRow")


class PagedList(LineList[Row]):
    """Rows by the million, one line each, read a page at a time.

    Every `PageWanted` is answered by `feed` or `give_up`. `reload` reads what is seen again and swaps it in at once;
    `reset` begins a different list. `tick` tells the time.

    | Key | Does |
    | --- | --- |
    | `enter`, double click | open |
    | `space`, click in the gutter | mark, or take the mark away |
    | `V` | begin a range, mark it with `V` or `space`, leave it with `escape` |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="list.open"),
        Binding("space", "mark", "Mark", id="list.mark"),
        Binding("V", "mark_range", "Mark range", id="list.mark_range", show=False),
        Binding("escape", "drop_range", "Stop marking", id="list.drop_range", show=False),
    ]

    class PageWanted(list_messages.PageWanted[MessageRow]):
        """A page is needed; answer with `feed`, or with `give_up` when it cannot be read."""

    class RowHighlighted(list_messages.RowHighlighted[MessageRow]):
        """Another row is under the cursor, or the same in a newer state."""

    class RowOpened(list_messages.RowOpened[MessageRow]):
        """Enter or a double click on a row."""

    class MarksChanged(list_messages.MarksChanged[MessageRow]):
        """Marks came or went, or a range was refused."""

    class HeadingChosen(list_messages.HeadingChosen[MessageRow]):
        """A click on the heading of a column."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        row_key: Callable[[Row], str],
        page_size: int = 50,
        cached_pages: int = 64,
        now: int = 0,
        empty_text: str = "Nothing here.",
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a list that has not been told yet how long it is.

        Args:
            columns: Left to right, the volatile ones first.
            row_key: Gives the key by which a row is known again after a refresh.
            page_size: Rows of a page.
            cached_pages: Pages kept in memory.
            now: The present instant, until `tick` tells a later one.
            empty_text: What to say when there are no rows.
            ascii_only: Draw with ASCII only.
            name: As for every widget.
            id: As for every widget.
            classes: As for every widget.

        Raises:
            ValueError: as for `set_columns`.
        """
        self._row_key = row_key
        self._reading: Reading[Row] = Reading(page_size, cached_pages, row_key)
        self._marks = Marks()
        self._ask_due = False
        self._cursor_key: str | None = None
        self._told: tuple[int, Row | None] | None = None
        super().__init__(columns, name=name, id=id, classes=classes)
        self.set_reactive(PagedList.empty_text, empty_text)
        self.set_reactive(PagedList.ascii_only, ascii_only)
        self.set_reactive(PagedList.now, now)

    # What the screen tells.

    def feed(self, total: int, page_index: int, rows: Sequence[Row], *, generation: int | None = None) -> None:
        """Give a page.

        Args:
            total: Rows of the whole list.
            page_index: Page, counted from 0.
            rows: Its rows, `page_size` of them unless it is the last.
            generation: The generation of the `PageWanted` this answers; without it the page is always taken.
        """
        taken = self._reading.take(total, page_index, rows, generation)
        if taken is Taken.SWAPPED:
            self._swapped()
        elif taken in (Taken.KEPT, Taken.DRIFTED):
            self._stretch()
            start = page_index * self._reading.pages.page_size
            self._mark_arrived(range(start, start + len(rows)))
            self.refresh()
            self._tell_highlight()
        if taken is Taken.DRIFTED or (taken is Taken.SWAPPED and self._reading.again()):
            self.reload()
        elif taken is not Taken.LATE:
            self._ask_soon()

    def give_up(self, page_index: int, *, generation: int | None = None) -> None:
        """Say that a page could not be read; what is shown stays, and it is asked for when it is next needed."""
        if self._reading.give_up(page_index, generation) is Taken.SWAPPED:
            self._swapped()

    def reload(self) -> None:
        """Read what is seen again, and show it when all of it is there."""
        if self._reading.refresh():
            self._marks.waiting.clear()
            self._ask_soon()

    def reset(self) -> None:
        """Begin a different list: nothing is known, nothing marked, the cursor is at the top."""
        self._reading.reset()
        self._cursor_key = None
        self._told = None
        if self._marks.clear():
            self._tell_marks()
        self.set_reactive(PagedList.cursor, 0)
        self._stretch()
        self.scroll_to(y=0, animate=False)
        self.refresh()
        self._ask_soon()

    def select_key(self, key: str) -> bool:
        """Put the cursor on a row by key; tells whether it is in memory."""
        index = self._reading.pages.find(key)
        if index is not None:
            self.cursor = index
        return index is not None

    def unmark_keys(self, keys: Iterable[str]) -> None:
        """Take the marks of some rows away."""
        self._marks.discard(keys)
        self.refresh()
        self._tell_marks()

    def clear_marks(self) -> None:
        """Take all marks away."""
        if self._marks.clear():
            self.refresh()
            self._tell_marks()

    # What the screen may ask.

    @property
    def total(self) -> int | None:
        """Rows of the whole list; `None` before the first page."""
        return self._reading.total

    @property
    def generation(self) -> int:
        """The number of the present question."""
        return self._reading.generation

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; `None` while it is read."""
        return self.row_at(self.cursor)

    @property
    def marked(self) -> tuple[str, ...]:
        """Keys of the marked rows, first marked first."""
        return self._marks.keys

    def row_at(self, index: int) -> Row | None:
        """The row at a place; `None` while it is read."""
        return self._reading.pages.get(index)

    def mark_of(self, index: int, row: Row | None) -> tuple[bool, bool]:
        """Whether a row is marked, and whether it is in a range being marked."""
        return row is not None and self._row_key(row) in self._marks, index in self._marks.span(self.cursor)

    # Keys and mouse.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave `escape` to the screen unless a range is open."""
        return self._marks.anchor is not None if action == "drop_range" else super().check_action(action, parameters)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (row := self.cursor_row) is not None:
            self.post_message(self.RowOpened(self, self.cursor, row))

    def action_mark(self) -> None:
        """Mark the row under the cursor or take its mark away and go on to the next; an open range is marked whole."""
        if self._marks.anchor is not None:
            self.action_mark_range()
            return
        self._toggle(self.cursor)
        self.cursor += 1

    def action_mark_range(self) -> None:
        """Begin a range at the cursor; with one open, mark all of it."""
        if self._marks.anchor is None:
            if self.total:
                self._marks.anchor = self.cursor
                self.refresh_rows(range(self.cursor, self.cursor + 1))
            return
        span = self._marks.span(self.cursor)
        self._marks.anchor = None
        self.refresh_rows(span)
        if len(span) > RANGE_LIMIT:
            self._tell_marks(f"{len(span):,} rows are too many for one range, {RANGE_LIMIT:,} is the most; narrow the list.")
            return
        self._marks.waiting.update(span)
        self._mark_arrived(span)
        self._ask_soon()

    def action_drop_range(self) -> None:
        """Leave the open range unmarked."""
        span = self._marks.span(self.cursor)
        self._marks.anchor = None
        self.refresh_rows(span)

    def on_click(self, event: events.Click) -> None:
        """Choose a heading, put the cursor on a row, mark it or open it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y < HEADER:
            if (key := self.column_at(offset.x)) is not None:
                self.post_message(self.HeadingChosen(self, key))
            return
        index = self.scroll_offset.y + offset.y - HEADER
        if index >= (self.total or 0):
            return
        self.cursor = index
        if offset.x < GUTTER:
            self._toggle(index)
        elif event.chain == 2:
            self.action_open()

    def _toggle(self, index: int) -> None:
        if (row := self.row_at(index)) is not None:
            self._marks.toggle(self._row_key(row))
            self.refresh_rows(range(index, index + 1))
            self._tell_marks()

    # Inside.

    def cursor_moved(self, old: int, new: int) -> None:
        """Repaint the rows that came into the open range or left it, and say where the cursor is."""
        if self._marks.anchor is not None:
            self.refresh_rows(range(min(old, new), max(old, new) + 1))
        self._cursor_key = None
        self._tell_highlight()

    def on_mount(self) -> None:
        """Ask for the first page."""
        self._ask_soon()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what came into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._ask_soon()

    def on_resize(self, event: events.Resize) -> None:
        """Ask for what came into sight."""
        self._ask_soon()

    def _ask_soon(self) -> None:
        """Ask once for all that comes together in this turn: a dragged scroll bar passes many pages."""
        if not self._ask_due and self.is_attached:
            self._ask_due = True
            self.call_later(self._ask)

    def _ask(self) -> None:
        self._ask_due = False
        reading, window = self._reading, self.window
        around = range(window.start - len(window) // 2, window.stop + len(window) // 2)
        waiting = {index // reading.pages.page_size for index in self._marks.waiting}
        near = [*reading.pages_of(around), *sorted(waiting)]
        for page in reading.want(reading.pages_of(window), near):
            after, before = reading.pages.edge(page - 1, -1), reading.pages.edge(page + 1, 0)
            self.post_message(self.PageWanted(self, page, reading.generation, after, before))

    def _stretch(self) -> None:
        """Be as long as the list; a cursor beyond its end goes to the last row."""
        total = self.total or 0
        self.virtual_size = Size(0, total + HEADER)
        self.set_reactive(PagedList.cursor, self.validate_cursor(self.cursor))

    def _swapped(self) -> None:
        """Show the pages of a refresh, the cursor on the row it was on."""
        before, top = self.cursor, self.scroll_offset.y
        found = None if self._cursor_key is None else self._reading.pages.find(self._cursor_key)
        self._stretch()
        if found is not None and found != before:
            self.set_reactive(PagedList.cursor, found)
            if self._marks.anchor is not None:
                self._marks.anchor = max(0, self._marks.anchor + found - before)
            # A list standing at its top stays there, so that what arrives above is seen.
            if top or found not in self.window:
                self.scroll_to(y=max(0, top + found - before), animate=False)
        self.refresh()
        self._tell_highlight()

    def _mark_arrived(self, places: range) -> None:
        """Mark those rows of a range that are in memory by now."""
        due = [index for index in places if index in self._marks.waiting]
        here = [(index, row) for index in due if (row := self.row_at(index)) is not None]
        self._marks.waiting.difference_update(index for index, _ in here)
        if here:
            self._marks.add(self._row_key(row) for _, row in here)
            self.refresh_rows(places)
        if due:
            self._tell_marks()

    def _tell_highlight(self) -> None:
        row = self.cursor_row
        self._cursor_key = None if row is None else self._row_key(row)
        if self._told is None or self._told[0] != self.cursor or self._told[1] is not row:
            self._told = (self.cursor, row)
            self.post_message(self.RowHighlighted(self, self.cursor, row))

    def _tell_marks(self, refused: str = "") -> None:
        self.post_message(self.MarksChanged(self, self._marks.keys, len(self._marks.waiting), refused))
