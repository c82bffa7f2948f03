"""Problems: what is looked into, what is known, what the desk proposes, and the few causes that make most of the trouble."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.problem.rules import vital_few
from deskterm.records.schema import Row
from screens import keys, problem_flows
from screens.filter_line import FilterLine
from screens.filtered import FilteredScreen, KindRows
from screens.kind_columns import fields_of
from screens.messages import DeskChanged, NewRecord, OpenQueue, OpenRecord
from screens.paging import Pages, Question
from screens.problem_pages import DAYS, HIDDEN, PARETO, SECTIONS, Read, columns_of, detail, pareto_columns, read
from screens.scrolled_lines import ScrolledLines
from screens.ticket import Target, TicketScreen
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.tab_strip import UNKEYED, Tab, TabStrip

if TYPE_CHECKING:
    from deskterm.problem.pareto import Line as ParetoLine
    from screens.session import Session
    from widgets.columns import Column

COUNT_CAP = 1_000
KINDS = frozenset({"problem", "known-error", "problem-candidate", "incident"})


class ProblemsScreen(FilteredScreen, TicketScreen):
    """Tabs, filter, list, and the one under the cursor in full."""

    CSS_PATH = "problems.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("problems", "ticket", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("problems", "ticket")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]

    tabs = query_one("#tabs", TabStrip)
    chart = query_one("#chart", FixedList)
    pane = query_one("#detail", ScrolledLines)

    def __init__(self, session: Session) -> None:
        """Make the screen; it begins with the problems."""
        super().__init__(session)
        self.queries = [section.query for section in SECTIONS]
        self.by = "problem"
        """What the chart counts by."""

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield TabStrip([Tab(section.label, key=UNKEYED) for section in SECTIONS], ascii_only=ascii_only, id="tabs")
        yield FilterLine(ascii_only=ascii_only, id="filter")
        yield KindRows(now=self.session.now(), ascii_only=ascii_only, id="rows")
        chart: FixedList[ParetoLine] = FixedList(
            pareto_columns(self.by, ascii_only=ascii_only), row_key=lambda line: line.bar.name, ascii_only=ascii_only,
            empty_text=SECTIONS[PARETO].empty, id="chart",
        )  # fmt: skip
        chart.display = False
        yield chart
        yield ScrolledLines(id="detail")

    def opened(self) -> None:
        """List the problems."""
        self.show_section(0)

    # What is listed.

    @property
    def place(self) -> int:
        """Which tab is chosen."""
        return self.tabs.active

    def show_section(self, place: int) -> None:
        """Go to a tab."""
        self.tabs.active = place
        section = SECTIONS[place]
        self.path = ("DeskTerm", "Problems", *([section.label] if place else []))
        charted = place == PARETO
        self.rows.display, self.chart.display, self.filter.display = not charted, charted, not charted
        self.pane.show(lambda width: [])
        if charted:
            self.chart.focus()
            self._read_chart()
        else:
            self.list_query(self.queries[place])
        self._count()
        self.refresh_bindings()

    def question(self, query: str) -> Question:
        """Return what a query asks in the tab that is chosen."""
        section = SECTIONS[self.place]
        kind = self.desk.registry.kind(section.kind)
        return Question((kind.name,), query or "*", section.sort, fields_of(kind))

    def took(self, query: str) -> None:
        """Remember it for its tab."""
        self.queries[self.place] = query
        self.rows.empty_text = SECTIONS[self.place].empty

    def listing(self, pages: Pages) -> tuple[list[Column[Row]], str]:
        """Return the columns, and the name of the one that names a record."""
        kind = self.desk.registry.kind(pages.question.kinds[0])
        return columns_of(kind, self.session.tz), kind.title_field

    def _read_chart(self) -> None:
        from deskterm.problem.pareto import lines

        now = self.session.now()
        self.read("chart", partial(lines, self.desk, self.by, now - DAYS * 86_400, now + 1), self._show_chart)

    def _show_chart(self, found: tuple[ParetoLine, ...]) -> None:
        self.path = ("DeskTerm", "Problems", f"Pareto by {self.by}, {DAYS} days")
        self.chart.set_columns(pareto_columns(self.by, ascii_only=self.session.ascii_only))
        self.chart.show(found)
        told = [("b counts by something else: problem, category, CI, service", "muted")]
        if few := vital_few([line.bar for line in found]):
            told.insert(
                0, (f"{few[0]} of {sum(line.bar.percent is not None for line in found)} make the first {few[1]:.0f} %", "")
            )
        self.pane.show(problem_flows.plain_lines(told, ascii_only=self.session.ascii_only))

    def _count(self) -> None:
        self.read("counts", self._counts, self._show_counts)

    def _counts(self) -> tuple[int, ...]:
        desk = self.desk
        return tuple(desk.count(desk.prepare((one.kind,), one.query), cap=COUNT_CAP) for one in SECTIONS if one.kind)

    def _show_counts(self, counts: tuple[int, ...]) -> None:
        self.tabs.tabs = tuple(
            Tab(section.label, counts[place] if place < len(counts) else None, UNKEYED) for place, section in enumerate(SECTIONS)
        )

    # News and the cursor.

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if not self._was_opened or not event.concerns(KINDS):
            return
        self._count()
        if self.place == PARETO:
            self._read_chart()
        elif self.rows.pages is not None:
            self.rows.reload()
            self._read_detail()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Row]) -> None:
        event.stop()
        self.when_rested(self._read_detail)

    def _read_detail(self) -> None:
        row = self.rows.cursor_row
        if self.place == PARETO:
            return
        if row is None:
            self.pane.show(lambda width: [])
        else:
            self.read("detail", partial(read, self.desk, row.number), self._show_detail)

    def _show_detail(self, found: Read) -> None:
        row = self.rows.cursor_row
        if row is not None and row.number == found.view.number:
            now, tz, ascii_only = self.session.now(), self.session.tz, self.session.ascii_only
            self.pane.show(lambda width: detail(found, now, tz, width, ascii_only=ascii_only))

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Row]) -> None:
        event.stop()
        if self.place != PARETO:
            self.post_message(OpenRecord(event.row.number))
            return
        line = self.chart.rows[self.chart.cursor]
        if self.by == "problem" and line.number:
            self.post_message(OpenRecord(line.number))
        elif line.number or self.by == "category":
            named = line.number or f'"{line.bar.name}"'
            self.post_message(OpenQueue(f"{self.by}:{named}", kinds=("incident",), title=line.bar.name))

    @on(TabStrip.Chosen)
    def _choose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self.show_section(event.index)

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense in the tab."""
        hidden = bool(self.query("#tabs")) and action in HIDDEN[self.place]
        return False if hidden else super().check_action(action, parameters)

    def targets(self) -> tuple[Target, ...]:
        """The marked rows, else the one under the cursor."""
        if self.place == PARETO:
            return ()
        if self.rows.marked:
            return tuple(Target(number) for number in self.rows.marked)
        row = self.rows.cursor_row
        return () if row is None else (Target(row.number, row.title, row.version, row.id),)

    def acted(self, numbers: Sequence[str]) -> None:
        """Take the marks of what was done away, and show what came of it."""
        self.rows.unmark_keys(numbers)
        self._read_detail()

    def action_section(self, step: int) -> None:
        """Go to the tab beside."""
        self.tabs.action_beside(step)

    def action_filter(self) -> None:
        """Type a query."""
        if self.place != PARETO:
            super().action_filter()

    def action_create(self) -> None:
        """Make a problem."""
        self.post_message(NewRecord("problem"))

    def action_by(self) -> None:
        """Count by something else."""
        from deskterm.problem.pareto import BY

        self.by = BY[(BY.index(self.by) + 1) % len(BY)]
        if self.place != PARETO:
            self.show_section(PARETO)
        else:
            self._read_chart()

    def action_workaround(self) -> None:
        """Publish the workaround of the problem under the cursor."""
        if chosen := self._chosen():
            self.converse(problem_flows.publish(self, chosen))

    def action_whys(self) -> None:
        """Open the outline of causes."""
        if chosen := self._chosen():
            problem_flows.open_whys(self, chosen[0])

    def action_incidents(self) -> None:
        """Resolve the incidents of a resolved problem."""
        if chosen := self._chosen():
            self.converse(problem_flows.resolve_incidents(self, chosen))

    def action_accept(self) -> None:
        """Make a problem of a candidate."""
        if chosen := self._chosen():
            self.converse(problem_flows.answer(self, chosen, "accept"))

    def action_dismiss_candidate(self) -> None:
        """Say that a candidate is no problem."""
        if chosen := self._chosen():
            self.converse(problem_flows.answer(self, chosen, "dismiss"))
