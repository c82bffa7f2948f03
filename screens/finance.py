"""Finance: what services cost in a period, charge runs, budgets, assets, cases; each line opens to what is behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import DeskError
from screens import finance_rows as rows_of
from screens import keys
from screens.explanation_pages import page_of
from screens.finance_bar import SpendBar
from screens.finance_levels import Level, details_below
from screens.finance_periods import METHODS, SCALES, asked, bounds, named, shifted
from screens.finance_sections import ASSETS, BUDGETS, CASES, RUNS, SECTIONS, SERVICES
from screens.messages import DeskChanged, NewRecord, OpenRecord
from screens.permitted import PermittedScreen
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.tab_strip import UNKEYED, Tab, TabStrip
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.explanations import Explanation
    from deskterm.financial.reading import Costs
    from screens.session import Session

PAGE, FRAME = 80, 9
"""Cells of an explanation at most, and those that its frame takes of a narrow screen."""
KINDS = frozenset({
    "cost", "cost-centre", "budget", "allocation-rule", "exchange-rate", "price", "charge-run", "credit-note", "ci", "service",
    "business-case",
})  # fmt: skip


class FinanceScreen(PermittedScreen[None]):
    """Sections of lists that open downwards."""

    CSS_PATH = "finance.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("finance", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("finance")
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = (
        ("direct", "spent on the service, or on CIs that served it"),
        ("shared", "passed on by rules of allocation"),
        ("idle", "capacity that nobody used: part of what is unallocated"),
        ("burn", "a budget's use against its time: 1 ends with it"),
    )

    tabs = query_one("#tabs", TabStrip)
    period = query_one("#period", SpendBar)
    rows = query_one("#rows", FixedList)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the screen; it begins with the services of this month."""
        super().__init__(session)
        self.page, self.scale, self.method = SERVICES, 0, 0
        self.at = 0
        self.costs: Costs | None = None
        self.levels: list[Level] = []

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield TabStrip([Tab(one.label, key=UNKEYED) for one in SECTIONS], ascii_only=ascii_only, id="tabs")
        yield SpendBar(ascii_only=ascii_only, id="period")
        first = SECTIONS[SERVICES]
        columns = [*first.columns(ascii_only)]
        yield FixedList(columns, row_key=_key, now=self.session.now(), ascii_only=ascii_only, empty_text=first.empty, id="rows")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read this month."""
        self.tabs.can_focus = False
        self.at = self.session.now()
        self._show_page(SERVICES)

    # Reading.

    def _show_page(self, page: int) -> None:
        self.page = page
        self.tabs.active = page
        self.levels = []
        self.rows.empty_text = SECTIONS[page].empty
        self._read()
        self.refresh_bindings()

    def _read(self) -> None:
        """Read the page; what is open stays open as long as it is still there."""
        self.read("page", partial(_tried, self._reader()), partial(self._show, self.page))

    def _reader(self) -> Callable[[], Any]:
        """Return what reads the section that is shown."""
        from deskterm.financial import cases, reading

        desk, now = self.desk, self.session.now()
        if self.page == SERVICES:
            start, end = bounds(self.at, self.scale)
            return partial(reading.costs, desk, start, min(end, max(start, now) + 1), METHODS[self.method] or None)
        others = {RUNS: reading.runs, BUDGETS: reading.all_budgets, ASSETS: reading.assets, CASES: cases.cases}
        return partial(others[self.page], desk)

    def _show(self, page: int, found: Any) -> None:
        if page != self.page:
            return
        self._tell_period(found)
        if isinstance(found, DeskError):
            self.levels = []
            self.rows.empty_text = found.message
            self.rows.show(())
            self.pane.show(((found.message, "breach"),))
            return
        section = SECTIONS[page]
        self.rows.empty_text = section.empty
        rows = found.rows if page == SERVICES else found
        columns = [*section.columns(self.session.ascii_only)]
        if page == SERVICES:
            self.costs = found
            if not found.spend and not any(row.lines for row in rows):
                rows = tuple(row for row in rows if row.budget is not None)
        before = [level.title for level in self.levels[1:]]
        cursor = self.levels[0].cursor if len(self.levels) > 1 else max(0, self.rows.cursor)
        self.levels = [Level(section.label, columns, rows, cursor if self.levels or rows else 0)]
        self._draw()
        for title in before:
            place = next((at for at, row in enumerate(self.levels[-1].rows) if _title(row) == title), None)
            if place is None or not self._descend(self.levels[-1].rows[place], place):
                break

    def _tell_period(self, found: Any) -> None:
        start, end = bounds(self.at, self.scale)
        now = self.session.now()
        told = named(start, self.scale) + (" so far" if start <= now < end else "")
        if self.page != SERVICES:
            told_of = rows_of.assets_told(found) if self.page == ASSETS and not isinstance(found, DeskError) else ""
            self.period.show(named(now, 0), told_of or SECTIONS[self.page].told)
            return
        if isinstance(found, DeskError):
            self.period.show(told, "cannot be reckoned", trouble=True)
            return
        if not found.spend and not any(row.lines for row in found.rows):
            self.period.show(told, f"nothing was spent · {found.currency}")
            return
        lost = f"{rows_of.money(found.unallocated)} unallocated" if found.unallocated else "all of it attributed"
        idle = f" ({rows_of.money(found.idle)} idle)" if found.idle else ""
        method = f" · {found.method}" if self.method else ""
        self.period.show(told, f"{rows_of.money(found.spend)} {found.currency}, {lost}{idle}{method}")

    def _draw(self) -> None:
        level = self.levels[-1]
        self.path = ("DeskTerm", "Finance", SECTIONS[self.page].label, *(one.title for one in self.levels[1:]))
        self.rows.set_columns(level.columns)
        self.rows.show_at(tuple(level.rows), min(level.cursor, max(0, len(level.rows) - 1)))
        self.rows.focus()
        self._tell()
        self.refresh_bindings()

    # The cursor.

    @property
    def row(self) -> Any:
        """The line under the cursor; None where there is none."""
        return self.rows.cursor_row if self.levels and self.levels[-1].rows else None

    @on(PagedList.RowHighlighted, "#rows")
    def _moved(self, event: PagedList.RowHighlighted[Any]) -> None:
        event.stop()
        if self.levels:
            self.levels[-1].cursor = max(0, self.rows.cursor)
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        row = self.row
        if row is None:
            self.pane.show(())
        elif isinstance(row, rows_of.Shown):
            self.pane.show(row.pane)
        elif len(self.levels) > 1:
            self.pane.show(rows_of.line_pane(row))
        elif self.page == SERVICES and self.costs is not None:
            self.pane.show(rows_of.service_pane(row, self.costs))
        elif (tell := SECTIONS[self.page].pane) is not None:
            self.pane.show(tell(row))

    @on(PagedList.RowOpened, "#rows")
    def _open(self, event: PagedList.RowOpened[Any]) -> None:
        event.stop()
        if not self._descend(event.row, self.rows.cursor):
            self.action_record()

    def _descend(self, row: Any, place: int) -> bool:
        """Show what is behind a line; return whether there is anything."""
        if len(self.levels) == 1:
            level = SECTIONS[self.page].below(row)
        else:
            level = details_below(row) if isinstance(row, rows_of.Shown) else None
        if level is None:
            return False
        self.levels[-1].cursor = place
        self.levels.append(level)
        self._draw()
        return True

    async def action_back(self) -> None:
        """Go up a level, and from the first one to the screen below."""
        if len(self.levels) > 1:
            self.levels.pop()
            self._draw()
        else:
            await super().action_back()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if self._was_opened and event.concerns(KINDS):
            self._read()

    @on(TabStrip.Chosen)
    def _choose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self._show_page(event.index)

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The period's keys belong to the services, the printed page to charge runs."""
        if action in ("shift", "scale", "today", "method") and self.page != SERVICES:
            return False
        if action == "page" and self.page != RUNS:
            return False
        return super().check_action(action, parameters)

    def refusal(self, action: str) -> str:
        """Say which right is missing, or that there is nothing to open."""
        if action == "create":
            return self.lacks("create", self.desk.registry.kind(SECTIONS[self.page].makes))
        if action in ("explain", "record", "page") and not self.number():
            return (
                "There is no record behind this line; enter shows its lines."
                if self.row is not None
                else "There is nothing here."
                if self.levels
                else "It is still being read."
            )
        return ""

    def number(self) -> str:
        """Return the number of the record that the line under the cursor is about."""
        row = self.row
        if row is None:
            return ""
        return str(getattr(row, "number", "") or getattr(row, "source", ""))

    def action_tab(self, step: int) -> None:
        """Show the page beside."""
        self._show_page((self.page + step) % len(SECTIONS))

    def action_shift(self, step: int) -> None:
        """Show the period before or after."""
        self.at = shifted(self.at, self.scale, step)
        self._read()

    def action_scale(self) -> None:
        """Show a month, a quarter or a year."""
        self.scale = (self.scale + 1) % len(SCALES)
        self._read()

    def action_today(self) -> None:
        """Back to the period of today."""
        self.at = self.session.now()
        self._read()

    def action_method(self) -> None:
        """Pass costs on by the next method."""
        self.method = (self.method + 1) % len(METHODS)
        self._read()

    def action_explain(self) -> None:
        """Show the facts behind the figure under the cursor."""
        if number := self.number():
            self.converse(self._explain(number))

    async def _explain(self, number: str) -> None:
        from screens.modals.page import PageModal

        figure, found = await self.call(partial(_explained, self._then(), number, self._figures()))
        if found is None:
            self.say(f"{number} has no figure to explain", severity="warning")
            return
        width = min(PAGE, self.size.width - FRAME)
        told = f"the same as data: deskterm --json explain {number} {figure}"
        await self.app.push_screen_wait(PageModal(self.session, f"{number}, explained", page_of(found, width), told=told))

    def _figures(self) -> tuple[str, ...]:
        """Return what is asked about the line under the cursor, for the period that is shown: the first that it has is told."""
        period = self._period()
        if len(self.levels) == 1 or not period:
            figure = SECTIONS[self.page].figure
            return (f"{figure}:{period}" if self.page == SERVICES else figure,)
        return f"cost:{period}", "value", SECTIONS[self.page].figure

    def _period(self) -> str:
        """Return the period that the lines shown are of, as an explanation is asked for it; empty where they are of none."""
        if self.page == SERVICES:
            by = METHODS[self.method]
            return asked(bounds(self.at, self.scale)[0], self.scale) + (f":{by}" if by else "")
        return str(getattr(self.levels[0].rows[self.levels[0].cursor], "asked", ""))

    def _then(self) -> Desk:
        """Return the desk as it looks at the end of the period that is shown, where that is over."""
        _, end = bounds(self.at, self.scale)
        over = self.page == SERVICES and end <= self.session.now()
        return replace(self.desk, at=end - 1) if over else self.desk

    def action_record(self) -> None:
        """Open the record of the line under the cursor."""
        if number := self.number():
            self.post_message(OpenRecord(number))

    def action_create(self) -> None:
        """Make a new one of what the page lists."""
        self.post_message(NewRecord(SECTIONS[self.page].makes))

    def action_page(self) -> None:
        """Show the statements as they are printed."""
        self.converse(self._page(self.levels[0].rows[self.levels[0].cursor].number))

    async def _page(self, number: str) -> None:
        from deskterm.financial.statements import markdown, statements
        from screens.modals.page import PageModal

        found = await self.call(statements, self.desk, number)
        told = f"as a file: deskterm statement {number} --format md > statement.md"
        await self.app.push_screen_wait(PageModal(self.session, f"Statements of {number}", markdown(found), told=told))

    def action_costs(self) -> None:
        """List every cost."""
        self._list("cost")

    def action_rules(self) -> None:
        """List the rules of allocation."""
        self._list("allocation-rule")

    def _list(self, kind: str) -> None:
        from screens.kind_list import KindListScreen

        self.app.push_screen(KindListScreen(self.session, kind, path=("Finance",)))


def _key(row: Any) -> str:
    return str(getattr(row, "key", "") or getattr(row, "number", "") or row.name)


def _title(row: Any) -> str:
    return str(row.cells[0] if isinstance(row, rows_of.Shown) else getattr(row, "name", ""))


def _explained(desk: Desk, number: str, figures: tuple[str, ...]) -> tuple[str, Explanation | None]:
    """Return the first of some figures that a record has, and its explanation."""
    from deskterm.errors import NotFound
    from deskterm.explanations import explain

    for figure in figures:
        with suppress(NotFound):
            return figure, explain(desk, number, figure)
    return "", None


def _tried(reader: Callable[[], Any]) -> Any:
    """Return what is read, or the refusal: a currency without a rate is told where the figures would stand."""
    try:
        return reader()
    except DeskError as refusal:
        return refusal
