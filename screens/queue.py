"""The queue: what to do next, how late it is, who has it. Views as tabs, a filter, the list, and what one needs to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import BadQuery, DeskError
from deskterm.records.schema import Row
from screens import keys, queue_columns, queue_flows, views
from screens.early import FirstPage
from screens.filter_line import FilterLine
from screens.messages import DeskChanged, OpenRecord
from screens.paging import COUNT_TO, Pages, Question
from screens.presence import LOOK_SECONDS
from screens.preview import PreviewPane
from screens.queue_tabs import BADGES, QueueTabs
from screens.record_list import RecordList
from screens.replacing import replace_work
from screens.ticket import Target, TicketScreen
from screens.vocabulary import Words, read_words
from widgets.crumb_bar import CrumbBar
from widgets.paged_list import PagedList
from widgets.tab_strip import TabStrip

if TYPE_CHECKING:
    from deskterm.service_desk.glance import Glance
    from screens.session import Session

FITTING = 12
"""Lines of a terminal on which the whole queue has room."""
LEGEND = (
    ("due 3:12", "By the wall clock: so long until the earliest of its clocks is due, nights and holidays included."),
    ("", "A record's head says how much working time of that is left, and = shows how it is counted."),
    ("✖ ! ▏", "Past its due instant; past a warning point; due within two hours."),
    ("‖ paused", "Its clocks wait, for the caller or for somebody else."),
    ("◆", "You watch it, and somebody else changed it since you last had it open."),
)
"""What the rows say in signs."""
EMPTY = "Nothing here.\n] the next view   / another filter   esc the view as it was   n something new"


class QueueKeys(TicketScreen):
    """The keys of the queue, each one step into a flow."""

    rows = query_one("#rows", RecordList)
    tabs = query_one("#tabs", QueueTabs)
    filter = query_one("#filter", FilterLine)
    preview = query_one("#preview", PreviewPane)

    view = views.USUAL[0]
    """What is listed: a view, or one narrowed by the filter."""

    def list_view(self, view: views.View) -> None:
        """List a view."""
        raise NotImplementedError

    def targets(self) -> tuple[Target, ...]:
        """The marked rows, else the one under the cursor."""
        if self.rows.marked:
            return tuple(Target(number) for number in self.rows.marked)
        row = self.rows.cursor_row
        return () if row is None else (Target(row.number, row.title, row.version, row.id),)

    def acted(self, numbers: Sequence[str]) -> None:
        """Take the marks of what was done away."""
        self.rows.unmark_keys(numbers)

    def action_filter(self) -> None:
        """Type a query."""
        self.filter.begin()

    async def action_back(self) -> None:
        """Take the filter away: list the chosen view as it is saved."""
        chosen = self.tabs.views[self.tabs.active]
        if self.view != chosen:
            self.list_view(chosen)
        elif self.rows.marked:
            self.rows.clear_marks()

    def action_view(self, step: int) -> None:
        """Go to the view beside."""
        self.tabs.action_beside(step)

    def action_views(self) -> None:
        """Choose a view."""
        self.converse(queue_flows.choose_view(self))

    def action_save_view(self) -> None:
        """Keep the query as a view."""
        self.converse(queue_flows.save_view(self))

    def action_sort(self) -> None:
        """Choose the order."""
        self.converse(queue_flows.choose_sort(self))

    def action_export(self) -> None:
        """Write what is listed into a file."""
        from deskterm.exchange.listed import Listed
        from screens import export_flows

        view = self.view
        listed = Listed(view.kinds, view.query, view.sort, view.columns or queue_columns.USUAL, view.name)
        self.converse(export_flows.export(self, listed))

    def action_next_best(self) -> None:
        """Go to what should be worked on next."""
        self.converse(queue_flows.go_to_next_best(self))

    def action_preview(self) -> None:
        """Show or hide the preview."""
        self.preview.display = not self.preview.display


class QueueScreen(QueueKeys):
    """Tabs, filter, rows, preview."""

    CSS_PATH = "queue.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("queue", "ticket", "list")
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = LEGEND
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("queue", "ticket")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]

    def __init__(self, session: Session) -> None:
        """Make the queue; it shows the usual views until the person's own are read."""
        super().__init__(session)
        self._looked_at = 0

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield QueueTabs(self.session, id="tabs")
        yield FilterLine(ascii_only=ascii_only, id="filter")
        yield RecordList(now=self.session.now(), empty_text=EMPTY, ascii_only=ascii_only, id="rows")
        yield PreviewPane(ascii_only=ascii_only, id="preview")

    # What is listed.

    def opened(self) -> None:
        """Read the first view, then the person's own."""
        self.rows.focus()
        self.list_view(self.view)
        self.tabs.read_views(choose="")

    def show_first(self, page: FirstPage) -> None:
        """Show rows that were read before the desk is open here, if they are what is to be listed."""
        fits = self.app.size.height >= FITTING  # else focus has to bring rows into sight, which it does for live ones
        if fits and page.question == self.view.question() and not self.session.is_open:
            self._say_what(self.view)
            self.rows.ask(page, self.view.columns)
            self.rows.focus()

    @property
    def awaited(self) -> bool:
        """Whether the rows are still being read."""
        return self.rows.awaited

    def show_query(self, query: str, *, kinds: tuple[str, ...] = (), title: str = "") -> None:
        """List what another screen asks for."""
        self.list_view(views.View(title or query, query, kinds or views.CONTACTS))

    def list_view(self, view: views.View) -> None:
        """List a view; an error of its query is pointed at in the filter. Until the desk is open it is only remembered."""
        if not self.session.is_open:
            self.view = view
            return
        replace_work(self, partial(self._list_view, view), "list")

    async def _list_view(self, view: views.View) -> None:
        try:
            pages = await self.call(_prepared, self, view.question())
        except BadQuery as problem:
            if self.filter.typed.strip() != view.query:
                self.filter.show(view.query)
            self.filter.refuse(problem)
        except DeskError as refusal:
            self.refuse(refusal)
        else:
            self.view = view
            self._say_what(view)
            if isinstance(self.rows.pages, FirstPage) and self.rows.pages.question == pages.question:
                self.rows.go_on(pages)
            else:
                self.rows.ask(pages, view.columns)
            if not self.filter.types_other_than(view.query):
                self.rows.focus()
            self.read("words", lambda: read_words(self.desk, view.kinds), self._know_words)

    def _say_what(self, view: views.View) -> None:
        self.path = ("DeskTerm", "Queue", view.name)
        self.filter.show(view.query)

    def _know_words(self, words: Words) -> None:
        self.filter.words = words

    @on(RecordList.Counted)
    def _counted(self, event: RecordList.Counted) -> None:
        event.stop()
        self._say_found(event.total)

    @on(RecordList.Failed)
    def _failed(self, event: RecordList.Failed) -> None:
        event.stop()
        self.session.nudge()
        self.refuse(event.refusal)

    def _say_found(self, total: int) -> None:
        marked = f"{len(self.rows.marked):,} marked · " if self.rows.marked else ""
        self.filter.found(f"{marked}{total:,}{'+' if total >= COUNT_TO else ''} found")

    # News.

    def tick(self, now: int) -> None:
        """Let the clocks run, and look who is typing."""
        self.rows.tick(now)
        if not 0 <= now - self._looked_at < LOOK_SECONDS:
            self._looked_at = now
            ids = [row.id for row in self.rows.shown_rows]
            self.read("company", lambda: self.session.presence.company(self.desk, ids), self.rows.know)
            self._look_for_news()

    def _look_for_news(self) -> None:
        ids = [row.id for row in self.rows.shown_rows]
        self.read("news", lambda: queue_flows.news_among(self.desk, ids), self._know_news)

    def _know_news(self, news: frozenset[int]) -> None:
        if self.rows.know_news(news):
            self.tabs.count_soon()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if self.rows.pages is None or not self.session.is_open:
            return
        if event.concerns(frozenset({"view"})):
            self.tabs.read_views()
        if event.concerns(frozenset(self.view.kinds)):
            self.rows.reload()
            self._look_for_news()
            row = self.rows.cursor_row
            if row is not None and (event.everything or row.id in event.ids):
                self._read_preview()
        self.tabs.count_soon()

    @on(QueueTabs.Burning)
    def _burns(self, event: QueueTabs.Burning) -> None:
        event.stop()
        self.query_one("#crumbs", CrumbBar).badges = event.badges

    # The cursor.

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Row]) -> None:
        event.stop()
        self.when_rested(self._read_preview)

    def _read_preview(self) -> None:
        row = self.rows.cursor_row
        if row is None:
            self.preview.glance = None
        elif self.preview.display and self.session.is_open:
            self.read("preview", lambda: queue_flows.glance_at(self.desk, row.number), self._show_preview)

    def _show_preview(self, seen: Glance | None) -> None:
        row = self.rows.cursor_row
        if seen is not None and row is not None and seen.view.number == row.number:
            self.preview.show(seen, self.desk.registry.kind(seen.view.kind), now=self.session.now(), tz=self.session.tz)

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Row]) -> None:
        event.stop()
        self.post_message(OpenRecord(event.row.number))

    @on(PagedList.MarksChanged)
    def _marked(self, event: PagedList.MarksChanged[Row]) -> None:
        event.stop()
        if event.refused:
            self.say(event.refused, severity="warning")
        self._say_found(self.rows.total or 0)

    @on(PagedList.HeadingChosen)
    def _sort_by(self, event: PagedList.HeadingChosen[Row]) -> None:
        event.stop()
        self.list_view(replace(self.view, sort=queue_flows.turned(self.view.sort, event.key)))

    # Views and filter.

    @on(TabStrip.Chosen)
    def _choose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self.list_view(self.tabs.views[event.index])

    @on(FilterLine.Applied)
    def _apply(self, event: FilterLine.Applied) -> None:
        event.stop()
        self.list_view(replace(self.view, query=event.query))

    @on(FilterLine.Left)
    def _leave_filter(self) -> None:
        self.rows.focus()

    @on(CrumbBar.Chosen)
    def _chase(self, event: CrumbBar.Chosen) -> None:
        event.stop()
        query, kinds = BADGES[event.badge.label]
        self.show_query(query, kinds=kinds, title=event.badge.label)


def _prepared(screen: QueueScreen, question: Question) -> Pages:
    """Prepare a list and try it once: names in a query are only looked up when it runs. Called in a thread."""
    pages = Pages(screen.desk, question)
    pages.count(cap=1)
    return pages
