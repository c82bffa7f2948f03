"""One continuity plan: its steps against the RTO, what they bring back and who asks for it, what was shown, who calls whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import DeskError, NotFound
from screens import continuity_flows as flows
from screens import continuity_rows as rows
from screens import keys
from screens.continuity_heads import PlanHead
from screens.continuity_rows import Line
from screens.line_tabs import TabbedLines
from screens.messages import DeskChanged, EditRecord, NewRecord, OpenRecord
from screens.permitted import PermittedScreen
from screens.ticket import Target, TicketScreen
from widgets.columns import Column
from widgets.paged_list import PagedList
from widgets.tab_strip import UNKEYED, Tab, TabStrip
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.continuity.schema import PlanView
    from screens.session import Session

STEPS, SCOPE, EVIDENCE, CALLS = range(4)
TABS = ("Steps", "Objectives", "Evidence", "Calls")
EMPTY = (
    "No step yet.\nn adds one",
    "It brings back nothing yet.\nE names its services",
    "It was never run.\nr runs it",
    "Nobody calls anybody yet.\nE writes the call tree",
)
CONCERNS = frozenset({"continuity-plan", "recovery-step", "exercise", "impact-analysis", "ci", "service", "change"})
"""Kinds whose records a plan shows something of."""


class Lines(TabbedLines[Line]):
    """The lines of the tab that is shown."""


class PlanScreen(PermittedScreen[None], TicketScreen):
    """Head, tabs, lines, and the line under the cursor in full."""

    CSS_PATH = "continuity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("plan", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("plan")
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = (("◆", "on the critical path: a minute lost there is lost by all"),)

    head = query_one("#head", PlanHead)
    tabs = query_one("#tabs", TabStrip)
    lines = query_one("#lines", Lines)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of a plan."""
        super().__init__(session)
        self.number = number
        self.view: PlanView | None = None
        self._shown = -1

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield PlanHead(ascii_only=ascii_only, id="head")
        yield TabStrip([Tab(name, key=UNKEYED) for name in TABS], ascii_only=ascii_only, id="tabs")
        yield Lines([], row_key=lambda line: line.key, now=self.session.now(), ascii_only=ascii_only, id="lines")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Continuity", self.number)
        self.tabs.can_focus = False
        self.lines.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.continuity.reading import plan_view

        desk, number = self.desk, self.number
        self.read("plan", lambda: plan_view(desk, number), self._show)

    def refuse(self, refusal: DeskError) -> None:
        """Say why something was refused; a plan that is not there has no screen."""
        super().refuse(refusal)
        if self.view is None and isinstance(refusal, NotFound):
            self.dismiss()

    def _show(self, found: PlanView) -> None:
        self.view = found
        self.path = ("DeskTerm", "Continuity", f"{found.brief.number} {found.brief.title}")
        self.head.view = found
        self.head.refresh()
        self._show_tab()

    def _show_tab(self) -> None:
        view = self.view
        if view is None:
            return
        tab = self.tabs.active
        columns, lines = self._tab(view, tab)
        if tab == self._shown:
            self.lines.show(lines)
        else:
            self._shown = tab
            self.lines.show_other(columns, lines, EMPTY[tab])
        self._show_line()

    def _tab(self, view: PlanView, tab: int) -> tuple[list[Column[Line]], list[Line]]:
        now, tz, ascii_only = self.session.now(), self.session.tz, self.session.ascii_only
        match tab:
            case 0:
                return rows.steps(view, ascii_only=ascii_only)
            case 1:
                return rows.scope(view, ascii_only=ascii_only)
            case 2:
                return rows.evidence(view, now, tz, ascii_only=ascii_only)
            case _:
                return rows.calls(view)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        found = self.lines.rows
        return found[self.lines.cursor] if 0 <= self.lines.cursor < len(found) else None

    def _show_line(self) -> None:
        line = self.line
        self.pane.show(() if line is None else line.pane)
        self.refresh_bindings()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Line]) -> None:
        event.stop()
        self._show_line()

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Line]) -> None:
        event.stop()
        if event.row.number:
            self.post_message(OpenRecord(event.row.number))
        else:
            self.say("This line is about no record of its own.")

    @on(TabStrip.Chosen)
    def _chose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self._show_tab()
        self.lines.focus()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again what may have changed."""
        if self._was_opened and event.concerns(CONCERNS):
            self._read()

    # What is possible.

    def targets(self) -> tuple[Target, ...]:
        """This plan."""
        view = self.view
        return () if view is None else (Target(view.brief.number, view.brief.title, view.version, view.brief.id),)

    def acted(self, numbers: object) -> None:
        """Show what came of it at once."""
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Steps are dropped on their own tab."""
        if action == "retire_step" and self._was_opened and self.tabs.active != STEPS:
            return False
        return super().check_action(action, parameters)

    def tried_on(self, action: str) -> str:
        """Return the number that a key is about."""
        return self.number

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view = self.view
        if view is None:
            return ""
        if action == "run_plan":
            if lacking := self.lacks("create", self.desk.registry.kind("exercise")):
                return lacking
            return f"{view.brief.number} is retired; s restores it." if view.brief.state == "retired" else ""
        if action not in ("add", "edit_step", "retire_step"):
            return ""
        if lacking := self.lacks("edit", self.desk.registry.kind("recovery-step")):
            return lacking
        if (action != "edit_step" or self.tabs.active == STEPS) and view.brief.state != "draft":
            return f"{view.brief.number} is {view.brief.state}, its steps stand; s begins the next version."
        if action == "retire_step" and self.line is None:
            return "There is no step under the cursor."
        return ""

    # Keys.

    def action_tab(self, step: int) -> None:
        """Show the tab beside."""
        self.tabs.choose((self.tabs.active + step) % len(TABS))

    def action_add(self) -> None:
        """Open the form of a new step of this plan."""
        self.post_message(NewRecord("recovery-step", {"plan": self.number}))

    def action_edit_step(self) -> None:
        """Open the form of the step under the cursor; on the other tabs that of the plan."""
        line = self.line
        self.post_message(EditRecord(line.number if self.tabs.active == STEPS and line is not None else self.number))

    def action_retire_step(self) -> None:
        """Drop the step under the cursor."""
        line = self.line
        if line is not None:
            desk, number = self.desk, line.number
            self.write(lambda: desk.act(number, "retire"), lambda _: self.say(f"{number} is dropped; u takes it back."))

    def action_run_plan(self) -> None:
        """Ask how, and run it."""
        self.converse(flows.run_plan(self, self.number))

    def action_explain(self) -> None:
        """Show the critical path, the objectives and the evidence in full."""
        self.converse(flows.explain(self, self.number))

    def action_journal(self) -> None:
        """Open the record of the plan above its screen."""
        from screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self.session, self.number))
