"""Finance: what services cost in a period, charge runs, budgets and assets; each line opens to what is behind it."""

from __future__ import annotations

from collections.abc import Callable
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
from screens.finance_levels import Level, rows_below
from screens.finance_periods import METHODS, SCALES, bounds, named, shifted
from screens.messages import DeskChanged, NewRecord, OpenRecord
from screens.permitted import PermittedScreen
from widgets.columns import Column
from widgets.fixed_list import FixedList
from widgets.line_bar import LineBar, Piece
from widgets.paged_list import PagedList
from widgets.tab_strip import UNKEYED, Tab, TabStrip
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.financial.reading import Costs
    from screens.session import Session

SERVICES, RUNS, BUDGETS, ASSETS = range(4)
PAGE, FRAME = 80, 10
"""Cells of an explanation at most, and those that its frame takes of a narrow screen."""
PAGES = ("Services", "Charge runs", "Budgets", "Assets")
MAKES = ("cost", "charge-run", "budget", "ci")
FIGURES = ("cost", "charges", "burn", "value")
EMPTY = (
    "Nothing was spent in this period.\nn records a cost   left, right another period",
    "No charge run yet.\nn makes one: a period, notional or real",
    "No budget yet.\nn makes one: for a service, a cost centre or everybody",
    "No CI is written off.\nA CI with a cost, a life in years and a day in service is",
)
KINDS = frozenset({
    "cost", "cost-centre", "budget", "allocation-rule", "exchange-rate", "price", "charge-run", "credit-note", "ci", "service",
})  # fmt: skip


class PeriodBar(LineBar):
    """Which period is shown, and what was spent in it."""

    told = ""
    figures = ""
    trouble = False

    def pieces(self, width: int) -> list[Piece]:
        """The period, the figures, and how to move."""
        room = max(1, width - len(self.told) - len(self.figures) - 5)
        style = "breach" if self.trouble else ""
        return [Piece(f" {self.told}", "strong"), Piece("   "), Piece(self.figures, style), Piece(" " * room)]

    def show(self, told: str, figures: str, *, trouble: bool = False) -> None:
        """Say another one."""
        self.told, self.figures, self.trouble = told, figures, trouble
        self.refresh()


class FinanceScreen(PermittedScreen[None]):
    """Four pages of lists that open downwards."""

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
    period = query_one("#period", PeriodBar)
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
        yield TabStrip([Tab(label, key=UNKEYED) for label in PAGES], ascii_only=ascii_only, id="tabs")
        yield PeriodBar(ascii_only=ascii_only, id="period")
        columns: list[Column[Any]] = [*rows_of.service_columns(ascii_only=ascii_only)]
        yield FixedList(columns, row_key=_key, now=self.session.now(), ascii_only=ascii_only, empty_text=EMPTY[0], id="rows")
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
        self.rows.empty_text = EMPTY[page]
        self._read()
        self.refresh_bindings()

    def _read(self) -> None:
        """Read the page; what is open stays open as long as it is still there."""
        from deskterm.financial import reading

        desk, now = self.desk, self.session.now()
        start, end = bounds(self.at, self.scale)
        readers: tuple[Callable[[], Any], ...] = (
            partial(reading.costs, desk, start, min(end, max(start, now) + 1), METHODS[self.method] or None),
            partial(reading.runs, desk), partial(reading.all_budgets, desk), partial(reading.assets, desk),
        )  # fmt: skip
        self.read("page", partial(_tried, readers[self.page]), partial(self._show, self.page))

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
        self.rows.empty_text = EMPTY[page]
        rows = found.rows if page == SERVICES else found
        ascii_only, tz = self.session.ascii_only, self.session.tz
        columns: list[Column[Any]] = [
            *(
                rows_of.service_columns(ascii_only=ascii_only),
                rows_of.run_columns(ascii_only=ascii_only),
                rows_of.budget_columns(tz, ascii_only=ascii_only),
                rows_of.asset_columns(),
            )[page]
        ]  # fmt: skip
        if page == SERVICES:
            self.costs = found
            if not found.spend and not any(row.lines for row in rows):
                rows = tuple(row for row in rows if row.budget is not None)
        before = [level.title for level in self.levels[1:]]
        cursor = self.levels[0].cursor if len(self.levels) > 1 else max(0, self.rows.cursor)
        self.levels = [Level(PAGES[page], columns, rows, cursor if self.levels or rows else 0)]
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
            figures = ("", "charge runs", "budgets of the last year and on", "assets")[self.page]
            self.period.show(named(now, 0), figures)
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
        self.path = ("DeskTerm", "Finance", PAGES[self.page], *(one.title for one in self.levels[1:]))
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
            self.pane.show(rows_of.line_pane(row, self.session.tz))
        elif self.page == SERVICES and self.costs is not None:
            self.pane.show(rows_of.service_pane(row, self.costs))
        else:
            tz = self.session.tz
            tell = {RUNS: rows_of.run_pane, BUDGETS: lambda one: rows_of.budget_pane(one, tz), ASSETS: rows_of.asset_pane}
            self.pane.show(tell[self.page](row))

    @on(PagedList.RowOpened, "#rows")
    def _open(self, event: PagedList.RowOpened[Any]) -> None:
        event.stop()
        if not self._descend(event.row, self.rows.cursor):
            self.action_record()

    def _descend(self, row: Any, place: int) -> bool:
        """Show what is behind a line; return whether there is anything."""
        level = rows_below(row)
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
            return self.lacks("create", self.desk.registry.kind(MAKES[self.page]))
        if action in ("explain", "record", "page") and not self.number():
            return (
                "There is no record behind this line; enter shows its lines."
                if self.row is not None
                else "There is nothing here."
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
        self._show_page((self.page + step) % len(PAGES))

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
        from deskterm.errors import NotFound
        from deskterm.explanations import explain
        from screens.finance_pages import page_of
        from screens.modals.page import PageModal

        figure = FIGURES[self.page] if len(self.levels) == 1 else None
        try:
            found = await self.call(explain, self._then(), number, figure)
        except NotFound as refusal:
            self.say(refusal.message, severity="warning")
            return
        width = min(PAGE, self.size.width - FRAME)
        told = f"the same as data: deskterm --json explain {number}{f' {figure}' if figure else ''}"
        await self.app.push_screen_wait(PageModal(self.session, f"{number}, explained", page_of(found, width), told=told))

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
        self.post_message(NewRecord(MAKES[self.page]))

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


def _tried(reader: Callable[[], Any]) -> Any:
    """Return what is read, or the refusal: a currency without a rate is told where the figures would stand."""
    try:
        return reader()
    except DeskError as refusal:
        return refusal
