"""Changes: the list of them, the forward schedule as a calendar that scrolls, and what the schedule does to services."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.change_rows import (
    DAY,
    SPANS,
    WORDS,
    PlanLine,
    beginning,
    in_full,
    outages_in_full,
    plan_columns,
    plan_lines,
    service_columns,
)
from screens.kind_list import KindListScreen
from screens.messages import DeskChanged, OpenRecord
from screens.modals.choose import Choice, ChooseModal
from screens.when import day
from widgets.columns import Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.period_bar import PeriodBar
from widgets.tab_strip import UNKEYED, Tab, TabStrip
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.change.schema import Agenda, ForwardSchedule, Projection
    from deskterm.records.schema import Row
    from screens.paging import Pages
    from screens.session import Session

LIST, SCHEDULE, SERVICES = range(3)
NAMES = ("list", "schedule", "services")
PANE = 4
AHEAD_SECONDS = 14 * DAY
"""So far ahead services are looked at."""


def _tone(row: Row) -> str:
    return {"very-high": "breach", "high": "risk"}.get(str(row.values.get("risk_level")), "muted")


def waits(count: int) -> str:
    """Say how many changes wait for a vote."""
    return "1 change waits" if count == 1 else f"{count} changes wait"


class ChangesScreen(KindListScreen):
    """Three views of the same changes."""

    AREAS: ClassVar[tuple[str, ...]] = ("changes", "kinds", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("changes", "kinds")
    CSS_PATH = "changes.tcss"

    tabs = query_one("#tabs", TabStrip)
    plan = query_one("#plan", FixedList)
    services = query_one("#services", FixedList)
    when = query_one("#when", PeriodBar)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the screen; it begins with the list."""
        super().__init__(session, "change")
        self._view, self._span, self._begin = LIST, 2, 0
        self._lines: tuple[PlanLine, ...] = ()

    def body(self) -> ComposeResult:
        """Tabs, then all three views, of which one is seen."""
        ascii_only, now = self.session.ascii_only, self.session.now()
        tabs = [Tab(label, key=UNKEYED) for label in ("Changes", "Schedule", "Services")]
        yield TabStrip(tabs, ascii_only=ascii_only, id="tabs")
        yield from super().body()
        moves = "left right move   z scale   t today" if ascii_only else "← → move   z scale   t today"
        yield PeriodBar(moves, ascii_only=ascii_only, id="when")
        columns = plan_columns(now, SPANS[2], 80, now, "UTC", ascii_only=ascii_only)
        yield FixedList(
            columns, row_key=lambda line: line.number, now=now, ascii_only=ascii_only, id="plan",
            empty_text="Nothing is planned in this time, and nothing is frozen.\n← → look elsewhere   z another scale   t today",
        )  # fmt: skip
        yield FixedList(
            service_columns(ascii_only=ascii_only), row_key=lambda one: one.number, now=now, ascii_only=ascii_only, id="services",
            empty_text="No service suffers from what is decided for the next two weeks.",
        )  # fmt: skip
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """List what is open."""
        super().opened()
        self._begin = beginning(self.session.now(), self.session.tz)
        self._show_view(LIST)

    def empty_text(self) -> str:
        """Say what to do."""
        return "No change here.\nn asks for one   / another filter: * lists all of them, also those that are over"

    def columns(self, pages: Pages) -> list[Column[Row]]:
        """Return the columns of the list: what it is first, then when, how far, how risky, who."""
        usual = {column.key: column for column in super().columns(pages)}
        risk: Column[Row] = Column(
            "risk_level", "risk", 9, lambda row, _: (row.shown.get("risk_level") or "", _tone(row)), priority=4
        )
        return [
            usual["number"],
            replace(usual["summary"], width=40, min_width=30),
            replace(usual["window_start"], title="from", width=12, priority=2),
            replace(usual["state"], width=12, priority=1),
            risk,
            replace(usual["assignee"], title="who", width=8, priority=3),
            replace(usual["type"], priority=5),
            replace(usual["category"], priority=6),
            replace(usual["window_end"], title="until", width=12, priority=7),
        ]

    # The three views.

    def _show_view(self, view: int) -> None:
        self._view = view
        for place, name in enumerate(NAMES):
            self.set_class(place == view, f"-{name}")
        self.tabs.active = view
        self.path = ("DeskTerm", "Changes", ("list", "forward schedule", "projected service availability")[view])
        (self.rows, self.plan, self.services)[view].focus()
        self.refresh_bindings()
        self._read_view()

    def _read_view(self) -> None:
        from deskterm.change.schedule import forward, projected

        desk, now = self.desk, self.session.now()
        if self._view == SCHEDULE:
            start, span = self._begin, SPANS[self._span]
            self.when.show(f"{day(start, self.session.tz)} and {WORDS[self._span]} on")
            self.read("plan", lambda: forward(desk, start, start + span), self._show_plan)
        elif self._view == SERVICES:
            self.read("services", lambda: projected(desk, now, now + AHEAD_SECONDS), self._show_services)

    def _show_plan(self, found: ForwardSchedule) -> None:
        self._lines = plan_lines(found, self.session.tz)
        self._draw_plan()
        self.plan.show(self._lines)
        self._tell()

    def _draw_plan(self) -> None:
        width = self.plan.size.width or self.size.width
        now, tz = self.session.now(), self.session.tz
        columns = plan_columns(self._begin, SPANS[self._span], width, now, tz, ascii_only=self.session.ascii_only)
        self.plan.set_columns(columns)

    def _show_services(self, found: tuple[Projection, ...]) -> None:
        self.services.show(found)
        self._tell()

    def _tell(self) -> None:
        """Say below the list what is under its cursor."""
        if self._view == SCHEDULE:
            line: PlanLine | None = self.plan.cursor_row
            self.pane.show(() if line is None else in_full(line))
        elif self._view == SERVICES:
            one: Projection | None = self.services.cursor_row
            self.pane.show(() if one is None else outages_in_full(one, self.session.tz, PANE))

    def on_resize(self, event: events.Resize) -> None:
        """Draw the bars for the new width."""
        if self._was_opened and self._view == SCHEDULE:
            self.call_after_refresh(self._draw_plan)

    @on(TabStrip.Chosen)
    def _choose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self._show_view(event.index)

    @on(PagedList.RowHighlighted, "#plan, #services")
    def _moved_elsewhere(self, event: PagedList.RowHighlighted[object]) -> None:
        event.stop()
        self._tell()

    @on(PagedList.RowOpened, "#plan")
    def _open_line(self, event: PagedList.RowOpened[PlanLine]) -> None:
        event.stop()
        self.post_message(OpenRecord(event.row.number))

    @on(PagedList.RowOpened, "#services")
    def _open_service(self, event: PagedList.RowOpened[Projection]) -> None:
        event.stop()
        self.post_message(OpenRecord(event.row.number))

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again."""
        super().on_desk_changed(event)
        if self._was_opened and self._view != LIST:
            self._read_view()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The calendar's keys work in the calendar; a change is not retired, it is cancelled by its own action."""
        if action == "retire" or (action in ("shift", "scale", "today") and self._view != SCHEDULE):
            return False
        if action in ("edit", "filter", "affects") and self._view != LIST:
            return False
        return super().check_action(action, parameters)

    def open_row(self, row: Row) -> None:
        """Open a change."""
        self.post_message(OpenRecord(row.number))

    def action_view(self, step: int) -> None:
        """Show the view beside."""
        self._show_view((self._view + step) % len(NAMES))

    def action_shift(self, step: int) -> None:
        """Look half a screen further, or back; by whole days."""
        days = max(1, SPANS[self._span] // DAY // 2)
        self._begin = beginning(self._begin + step * days * DAY + DAY // 2, self.session.tz)
        self._read_view()

    def action_scale(self) -> None:
        """Show more time at once, after the most the least again."""
        self._span = (self._span + 1) % len(SPANS)
        self._read_view()

    def action_today(self) -> None:
        """Back to today."""
        self._begin = beginning(self.session.now(), self.session.tz)
        self._read_view()

    def action_explain(self) -> None:
        """Say how the risk of the change under the cursor adds up, and how its vote stands."""
        from screens import change_flows

        row = self.rows.cursor_row if self._view == LIST else self.plan.cursor_row if self._view == SCHEDULE else None
        if row is not None and not (isinstance(row, PlanLine) and row.sort == "freeze"):
            self.converse(change_flows.explain(self, row.number))

    def action_affects(self) -> None:
        """Say what the change under the cursor affects."""
        from screens.affect_flows import affects

        row = self.rows.cursor_row if self._view == LIST else None
        if row is not None:
            self.converse(affects(self, row.number, lambda _: self.rows.reload()))

    def action_meeting(self) -> None:
        """Hold the meeting of a board."""
        self.converse(self._meet())

    async def _meet(self) -> None:
        from deskterm.change.meeting import agendas
        from screens.cab import CabScreen

        found = await self.call(agendas, self.desk)
        waiting = [one for one in found if one.changes]
        if not found:
            self.say("No board decides on changes yet; make one: n, change advisory board.", severity="warning")
            return
        if not waiting:
            self.say("No change waits for the vote of a board.")
            return
        agenda = waiting[0] if len(waiting) == 1 else await self._which(waiting)
        if agenda is not None:
            self.app.push_screen(CabScreen(self.session, agenda))

    async def _which(self, waiting: list[Agenda]) -> Agenda | None:
        choices = [Choice(one, one.board, waits(len(one.changes))) for one in waiting]
        return await self.app.push_screen_wait(ChooseModal(self.session, "Which board meets?", choices))
