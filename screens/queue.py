"""The queue: what to do next, how late it is, who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import DeskError
from deskterm.records.schema import Row
from screens import keys, queue_columns, views
from screens.base import DeskScreen
from screens.messages import DeskChanged, OpenRecord
from screens.paging import PAGE, Pages, Question
from widgets.paged_list import PagedList
from widgets.tab_strip import Tab, TabStrip

if TYPE_CHECKING:
    from screens.session import Session


class QueueScreen(DeskScreen[None]):
    """Views as tabs, the list."""

    AREAS: ClassVar[tuple[str, ...]] = ("queue", "ticket", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("queue", "ticket")

    rows = query_one("#rows", PagedList)
    tabs = query_one("#tabs", TabStrip)

    def __init__(self, session: Session) -> None:
        """Make the queue; it shows the usual views until the person's own are read."""
        super().__init__(session)
        self.view = views.USUAL[0]
        self._pages: Pages | None = None

    def body(self) -> ComposeResult:
        """Tabs and rows."""
        ascii_only = self.session.ascii_only
        yield TabStrip([Tab(view.name) for view in views.USUAL], ascii_only=ascii_only, id="tabs")
        yield PagedList[Row](
            queue_columns.columns((), lambda _: "", ascii_only=ascii_only),
            row_key=lambda row: row.number,
            page_size=PAGE,
            now=self.session.now(),
            ascii_only=ascii_only,
            id="rows",
        )

    def opened(self) -> None:
        """Read the views, then the first of them."""
        self.path = ("DeskTerm", "Queue", self.view.name)
        self.rows.focus()
        self._show()

    def show_query(self, query: str, *, kinds: tuple[str, ...] = (), title: str = "") -> None:
        """List what another screen asks for."""
        self.view = views.View(title or query, query, kinds or views.CONTACTS)
        self._show()

    def _show(self) -> None:
        view = self.view
        question = Question(view.kinds, view.query, view.sort, view.columns or queue_columns.USUAL)
        self.read("list", lambda: Pages(self.desk, question), self._listed)

    def _listed(self, pages: Pages) -> None:
        self._pages = pages
        self.rows.reset()

    @on(PagedList.PageWanted)
    def _page_wanted(self, event: PagedList.PageWanted[Row]) -> None:
        event.stop()
        if self._pages is not None:
            self.run_worker(self._feed(self._pages, event))

    async def _feed(self, pages: Pages, event: PagedList.PageWanted[Row]) -> None:
        try:
            answer = await self.call(pages.read, event.index, event.generation, event.after, event.before)
        except DeskError as refusal:
            event.sender.give_up(event.index, generation=event.generation)
            self.refuse(refusal)
            return
        if pages is self._pages:
            event.sender.feed(answer.total, event.index, answer.rows, generation=event.generation)

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Row]) -> None:
        self.post_message(OpenRecord(event.row.number))

    @on(TabStrip.Chosen)
    def _choose(self, event: TabStrip.Chosen) -> None:
        self.view = views.USUAL[event.index]
        self._show()

    def tick(self, now: int) -> None:
        """Let the clocks run."""
        self.rows.tick(now)

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if self._pages is not None and event.concerns(frozenset(self.view.kinds)):
            self.rows.reload()
