"""What every screen with a filter above a list of records shares: asking, counting, errors pointed at, what is new marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.getters import query_one

from deskterm.errors import BadQuery, DeskError
from screens.base import DeskScreen
from screens.filter_line import FilterLine
from screens.paging import COUNT_TO, Pages, Question
from screens.presence import LOOK_SECONDS
from screens.queue_columns import NEWS
from screens.record_list import RecordList
from screens.replacing import replace_work
from screens.vocabulary import Words, read_words
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import Row


class KindRows(RecordList):
    """The rows of a list whose columns are those of a kind."""

    def ask_for(self, pages: Pages, shown: list[Column[Row]], title: str = "") -> None:
        """Show another list under these columns; the one that names the record also says what is new to whoever watches it."""
        self.pages = pages
        self.set_columns([self._telling(column) if column.key == title else column for column in shown])
        sort = pages.question.sort.split(",")[0]
        self.set_sort(sort.lstrip("-"), descending=sort.startswith("-"))
        self.reset()

    def _telling(self, column: Column[Row]) -> Column[Row]:
        plain: Callable[[Row, int], Cell] = column.render

        def cell(row: Row, now: int) -> Cell:
            found = plain(row, now)
            if not self._is_news(row):
                return found
            text = found if isinstance(found, str) else found[0]
            return f"{'*' if self.ascii_only else NEWS} {text}", "strong"

        return replace(column, render=cell)


class FilteredScreen(DeskScreen[None]):
    """A filter and rows. Subclasses say what a query asks, under which columns it is listed, and what they remember of it."""

    rows = query_one("#rows", KindRows)
    filter = query_one("#filter", FilterLine)
    _looked_at = 0

    def question(self, query: str) -> Question:
        """Return what a query asks."""
        raise NotImplementedError

    @property
    def awaited(self) -> bool:
        """Whether the rows are still being read."""
        return self.rows.awaited

    def listing(self, pages: Pages) -> tuple[list[Column[Row]], str]:
        """Return the columns of a list, and the name of the one that names a record."""
        raise NotImplementedError

    def took(self, query: str) -> None:
        """A query was understood and is listed now."""

    def pages_of(self, desk: Desk, question: Question) -> Pages:
        """Return what reads the pages."""
        return Pages(desk, question)

    def list_query(self, query: str) -> None:
        """List what a query finds; an error in it is pointed at in the filter."""
        replace_work(self, partial(self._list, query), "list")

    async def _list(self, query: str) -> None:
        question = self.question(query)
        try:
            pages = await self.call(self._prepared, question)
        except BadQuery as problem:
            if self.filter.typed.strip() != query:
                self.filter.show(query)
            self.filter.refuse(problem)
        except DeskError as refusal:
            self.refuse(refusal)
        else:
            self.took(query)
            self.filter.show(query)
            self.rows.ask_for(pages, *self.listing(pages))
            if not self.filter.types_other_than(query):
                self.rows.focus()
            self.read("words", lambda: read_words(self.desk, question.kinds), self._know_words)

    def _prepared(self, question: Question) -> Pages:
        """Return the pages of a question, tried once: names in it are only looked up when it runs. Called in a thread."""
        pages = self.pages_of(self.desk, question)
        pages.count(cap=1)
        return pages

    def _know_words(self, words: Words) -> None:
        self.filter.words = words

    @on(RecordList.Counted)
    def _counted(self, event: RecordList.Counted) -> None:
        event.stop()
        marked = f"{len(self.rows.marked):,} marked · " if self.rows.marked else ""
        self.filter.found(f"{marked}{event.total:,}{'+' if event.total >= COUNT_TO else ''} found")
        self._look_for_news()

    @on(RecordList.Failed)
    def _failed(self, event: RecordList.Failed) -> None:
        event.stop()
        self.session.nudge()
        self.refuse(event.refusal)

    @on(FilterLine.Applied)
    def _apply(self, event: FilterLine.Applied) -> None:
        event.stop()
        self.list_query(event.query or "*")

    @on(FilterLine.Left)
    def _leave_filter(self) -> None:
        self.rows.focus()

    def action_filter(self) -> None:
        """Type a query."""
        self.filter.begin()

    # What is new to whoever watches it.

    def tick(self, now: int) -> None:
        """Let times be told from now, and look whether something that is watched has changed."""
        self.rows.tick(now)
        if not 0 <= now - self._looked_at < LOOK_SECONDS:
            self._looked_at = now
            self._look_for_news()

    def _look_for_news(self) -> None:
        pages = self.rows.pages
        if pages is None or not any(self.desk.registry.kind(name).is_work for name in pages.question.kinds):
            return
        ids = [row.id for row in self.rows.shown_rows]
        if ids:
            self.read("news", lambda: _news_among(self.desk, ids), self.rows.know_news)


def _news_among(desk: Desk, ids: list[int]) -> frozenset[int]:
    from deskterm.service_desk import news

    return news.among(desk, ids)
