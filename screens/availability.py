"""Availability: services with what was agreed and measured, the outages behind it, and which CI takes which service along."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.availability_rows import (
    PANES,
    Span,
    detail_lines,
    explained,
    impact_lines,
    matrix_columns,
    service_columns,
    spans,
)
from screens.kind_list import KindListScreen
from screens.messages import DeskChanged, OpenRecord
from screens.modals.choose import Choice, ChooseModal
from screens.scrolled_lines import ScrolledLines
from screens.when import full, zone
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.period_bar import PeriodBar
from widgets.tab_strip import UNKEYED, Tab, TabStrip

if TYPE_CHECKING:
    from deskterm.availability.views import MatrixLine, MatrixView, ServiceDetail, ServiceLine
    from deskterm.records.schema import Row
    from screens.session import Session

SERVICES, OUTAGES, IMPACT = range(3)
NAMES = ("services", "outages", "impact")
KINDS = frozenset({"outage", "incident", "change", "service", "ci", "agreement", "target"})


class AvailabilityScreen(KindListScreen):
    """Three views: the services, the outages, the matrix of impact."""

    AREAS: ClassVar[tuple[str, ...]] = ("availability", "kinds", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("availability", "kinds")
    CSS_PATH = "availability.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]

    tabs = query_one("#tabs", TabStrip)
    services = query_one("#services", FixedList)
    impact = query_one("#impact", FixedList)
    when = query_one("#when", PeriodBar)
    pane = query_one("#pane", ScrolledLines)

    def __init__(self, session: Session) -> None:
        """Make the screen; it begins with the services over thirty days."""
        super().__init__(session, "outage", query="*")
        self._view, self._page, self._chosen = SERVICES, 0, 2
        self._detail: ServiceDetail | None = None
        self._matrix: MatrixView | None = None

    def body(self) -> ComposeResult:
        """Tabs, then all views, of which one is seen."""
        ascii_only, now = self.session.ascii_only, self.session.now()
        yield TabStrip([Tab(label, key=UNKEYED) for label in ("Services", "Outages", "Impact")], ascii_only=ascii_only, id="tabs")
        yield from super().body()
        yield PeriodBar("z another period", ascii_only=ascii_only, id="when")
        yield FixedList(
            service_columns(ascii_only=ascii_only), row_key=lambda line: line.number, now=now, ascii_only=ascii_only,
            id="services",
            empty_text="No service is in use.\nMake one under administration, and relate the CIs that it needs.",
        )  # fmt: skip
        yield FixedList(
            [], row_key=lambda line: line.number, now=now, ascii_only=ascii_only, id="impact",
            empty_text="No service needs a CI as far as the records say.\nRelate them: deskterm link SVC-… depends-on CI-…",
        )  # fmt: skip
        yield ScrolledLines(id="pane")

    def opened(self) -> None:
        """Show the services; outages are listed once somebody goes there."""
        self._sort = self.kind.sort
        self.rows.empty_text = self.empty_text()
        self._show_view(SERVICES)

    def empty_text(self) -> str:
        """Say what to do."""
        return "No outage was recorded.\nn records one   incidents of priority 1 and changes count without one"

    # What is seen.

    @property
    def span(self) -> Span:
        """Return the period that the figures are of."""
        return spans(self.session.now(), self._month)[self._chosen]

    def _month(self, now: int, step: int) -> int:
        today = datetime.fromtimestamp(now, zone(self.session.tz))
        month = today.year * 12 + today.month - 1 + step
        return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=today.tzinfo).timestamp())

    def _show_view(self, view: int) -> None:
        self._view = view
        for place, name in enumerate(NAMES):
            self.set_class(place == view, f"-{name}")
        self.tabs.active = view
        self.path = ("DeskTerm", "Availability", ("services", "outages", "impact of failures")[view])
        (self.services, self.rows, self.impact)[view].focus()
        if view == OUTAGES and self.rows.pages is None:
            self.list_query("*")
        self.refresh_bindings()
        self._read_view()

    def _read_view(self) -> None:
        from deskterm.availability import views
        from deskterm.availability.present import down_now

        span, desk = self.span, self.desk
        if self._view == SERVICES:
            self.when.show(span.told(self.session.now(), self.session.tz))
            self.read("services", lambda: (views.services(desk, span.start, span.end), len(down_now(desk))), self._show_services)
        elif self._view == IMPACT:
            self.read("impact", partial(views.matrix, self.desk), self._show_impact)

    def _show_services(self, found: tuple[tuple[ServiceLine, ...], int]) -> None:
        lines, down = found
        self.when.warn(f"{'X' if self.session.ascii_only else '✖'} {down} down now" if down else "")
        self.services.show(lines)
        self._read_detail()

    def _show_impact(self, found: MatrixView) -> None:
        self._matrix = found
        self._draw_impact()
        self.impact.show(found.lines)
        self._tell_impact()

    def _draw_impact(self) -> None:
        if self._matrix is not None:
            self.impact.set_columns(matrix_columns(self._matrix, self.impact.size.width or self.size.width))

    def _tell_impact(self) -> None:
        """Say below the matrix which services the CI under the cursor bears on: not all of them have a column."""
        line, found = self.impact.cursor_row, self._matrix
        if self._view != IMPACT or found is None:
            return
        ascii_only = self.session.ascii_only
        self.pane.show(lambda width: [] if line is None else impact_lines(line, found.services, width, ascii_only=ascii_only))

    def _read_detail(self) -> None:
        from deskterm.availability import views

        line: ServiceLine | None = self.services.cursor_row
        if self._view != SERVICES:
            return
        if line is None:
            self.pane.show(lambda width: [])
            return
        span = self.span
        self.read("detail", partial(views.detail, self.desk, line.number, span.start, span.end), self._show_detail)

    def _show_detail(self, found: ServiceDetail) -> None:
        line: ServiceLine | None = self.services.cursor_row
        if line is not None and line.number == found.line.number:
            self._detail = found
            self._tell()

    def _tell(self) -> None:
        """Say below the services what is under the cursor, by the page that is chosen."""
        found = self._detail
        if found is None:
            return
        now, tz, ascii_only, page = self.session.now(), self.session.tz, self.session.ascii_only, PANES[self._page]
        self.pane.show(lambda width: detail_lines(found, page, now, tz, width, ascii_only=ascii_only))

    def on_resize(self, event: events.Resize) -> None:
        """Give the matrix the columns that fit."""
        if self._was_opened and self._view == IMPACT:
            self.call_after_refresh(self._draw_impact)

    @on(TabStrip.Chosen)
    def _choose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self._show_view(event.index)

    @on(PagedList.RowHighlighted, "#services")
    def _moved_service(self, event: PagedList.RowHighlighted[ServiceLine]) -> None:
        event.stop()
        self.when_rested(self._read_detail)

    @on(PagedList.RowHighlighted, "#impact")
    def _moved_impact(self, event: PagedList.RowHighlighted[MatrixLine]) -> None:
        event.stop()
        self._tell_impact()

    @on(PagedList.RowOpened, "#services, #impact")
    def _open_line(self, event: PagedList.RowOpened[ServiceLine | MatrixLine]) -> None:
        event.stop()
        self.post_message(OpenRecord(event.row.number))

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again."""
        super().on_desk_changed(event)
        if self._was_opened and event.concerns(KINDS):
            self._read_view()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An outage is not retired but ended or withdrawn; the period is that of the services."""
        if action == "retire" or (action in ("period", "page") and self._view != SERVICES):
            return False
        if action in ("edit", "filter", "end", "export") and self._view != OUTAGES:
            return False
        return super().check_action(action, parameters)

    def open_row(self, row: Row) -> None:
        """Open an outage."""
        self.post_message(OpenRecord(row.number))

    def action_view(self, step: int) -> None:
        """Show the view beside."""
        self._show_view((self._view + step) % len(NAMES))

    def action_page(self) -> None:
        """Tell something else of the service under the cursor."""
        self._page = (self._page + 1) % len(PANES)
        self._tell()

    def action_period(self) -> None:
        """Choose another period."""
        self.converse(self._ask_period())

    async def _ask_period(self) -> None:
        found = spans(self.session.now(), self._month)
        tz = self.session.tz
        choices = [
            Choice(place, one.label, f"since {full(one.start, tz)}", number=str(place + 1)) for place, one in enumerate(found)
        ]
        chosen = await self.app.push_screen_wait(ChooseModal(self.session, "Which period?", choices))
        if chosen is not None:
            self._chosen = chosen
            self._read_view()

    def action_end(self) -> None:
        """Say that the outage under the cursor is over."""
        row = self.rows.cursor_row
        if row is not None:
            desk, number = self.desk, row.number
            self.write(lambda: desk.act(number, "end"), lambda _: self.say(f"{number} is over; u takes it back."))

    def action_explain(self) -> None:
        """Show the facts behind the figures of what is under the cursor."""
        row = self.rows.cursor_row if self._view == OUTAGES else None
        line: ServiceLine | MatrixLine | None = {SERVICES: self.services, IMPACT: self.impact}.get(
            self._view, self.services
        ).cursor_row
        number = row.number if row is not None else line.number if line is not None and self._view != OUTAGES else ""
        if number:
            self.converse(self._explain(number))

    async def _explain(self, number: str) -> None:
        from deskterm.availability.explain import over
        from screens.change_flows import FRAME, WIDEST
        from screens.modals.page import PageModal

        span = self.span
        found = await self.call(over, self.desk, number, span.start, span.end)
        width = min(WIDEST, self.size.width - FRAME)
        page = explained(found, self.session.now(), self.session.tz, width)
        told = f"the same as data: deskterm --json explain {number} availability"
        await self.app.push_screen_wait(PageModal(self.session, f"{number}, explained", page, told=told))
