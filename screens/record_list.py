"""A list of records that reads its own pages in threads and says who is typing in its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from textual import on
from textual.message import Message

from deskterm.errors import DeskError
from deskterm.records.schema import Row
from screens import queue_columns
from screens.early import FirstPage
from screens.paging import PAGE, Pages
from screens.presence import Company
from screens.replacing import begin_work
from widgets.paged_list import PagedList


class RecordList(PagedList[Row]):
    """Shows the pages of a question. `Counted` and `Failed` say how reading went."""

    class Counted(Message):
        """A page arrived; the list is so long."""

        def __init__(self, rows: RecordList, total: int) -> None:
            super().__init__()
            self.rows, self.total = rows, total

        @property
        def control(self) -> RecordList:
            """The list."""
            return self.rows

    class Failed(Message):
        """A page could not be read; what is shown stays."""

        def __init__(self, rows: RecordList, refusal: DeskError) -> None:
            super().__init__()
            self.rows, self.refusal = rows, refusal

        @property
        def control(self) -> RecordList:
            """The list."""
            return self.rows

    def __init__(
        self,
        fields: Sequence[str] = (),
        *,
        now: int = 0,
        empty_text: str = "Nothing here.",
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
    ) -> None:
        """Make a list that has no question yet.

        Args:
            fields: What is shown besides clock, priority, number and summary; empty means the usual.
            now: The present instant.
            empty_text: What to say where there are no rows.
            ascii_only: Draw with ASCII only.
            id: As for every widget.
        """
        self.pages: Pages | FirstPage | None = None
        """What it shows; `None` before the first question."""
        self._company: Mapping[int, Company] = {}
        self._news: frozenset[int] = frozenset()
        super().__init__(
            queue_columns.columns(fields, self._typing, self._is_news, ascii_only=ascii_only),
            row_key=lambda row: row.number,
            page_size=PAGE,
            now=now,
            empty_text=empty_text,
            ascii_only=ascii_only,
            id=id,
        )

    @property
    def awaited(self) -> bool:
        """Whether a question was asked, and nothing of its answer is there yet."""
        return self.pages is not None and self.total is None

    def ask(self, pages: Pages | FirstPage, fields: Sequence[str]) -> None:
        """Show another list.

        Args:
            pages: Its pages.
            fields: Its columns, as in the constructor.
        """
        self.pages = pages
        self.set_columns(queue_columns.columns(fields, self._typing, self._is_news, ascii_only=self.ascii_only))
        sort = pages.question.sort.split(",")[0]
        self.set_sort(sort.lstrip("-"), descending=sort.startswith("-"))
        self.reset()

    def go_on(self, pages: Pages) -> None:
        """Read from now on from these pages of the same question; what is shown stays until it has been read again."""
        self.pages = pages
        self.reload()

    @property
    def shown_rows(self) -> list[Row]:
        """The rows on the screen, as far as they are read."""
        return [row for place in self.window if (row := self.row_at(place)) is not None]

    def know(self, company: Mapping[int, Company]) -> None:
        """Show who else is typing, by row id."""
        if company != self._company:
            before, self._company = self._company, company
            for place in self.window:
                row = self.row_at(place)
                if row is not None and before.get(row.id) != company.get(row.id):
                    self.refresh_rows(range(place, place + 1))

    def know_news(self, news: frozenset[int]) -> bool:
        """Mark what is new to whoever watches it, by row id; return whether that differs from before."""
        differs = news != self._news
        if differs:
            turned, self._news = news ^ self._news, news
            for place in self.window:
                row = self.row_at(place)
                if row is not None and row.id in turned:
                    self.refresh_rows(range(place, place + 1))
        return differs

    def _is_news(self, row: Row) -> bool:
        return row.id in self._news

    def _typing(self, row: Row) -> str:
        company = self._company.get(row.id)
        return " and ".join(company.typing) if company is not None else ""

    @on(PagedList.PageWanted)
    def _page_wanted(self, event: PagedList.PageWanted[Row]) -> None:
        event.stop()
        if self.pages is not None:
            begin_work(self, partial(self._read, self.pages, event), group="pages")

    async def _read(self, pages: Pages | FirstPage, event: PagedList.PageWanted[Row]) -> None:
        try:
            answer = await asyncio.to_thread(pages.read, event.index, event.generation, event.after, event.before)
        except DeskError as refusal:
            self.give_up(event.index, generation=event.generation)
            self.post_message(self.Failed(self, refusal))
            return
        if answer is None:
            self.give_up(event.index, generation=event.generation)
        elif pages is self.pages:
            self.feed(answer.total, event.index, answer.rows, generation=event.generation)
            self.post_message(self.Counted(self, answer.total))
