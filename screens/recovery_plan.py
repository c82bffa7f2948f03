"""One continuity plan: its steps against the RTO, what they bring back and who asks for it, what was shown, who calls whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import continuity_flows as flows
from screens import continuity_rows as rows
from screens import keys
from screens.continuity_heads import PlanHead
from screens.continuity_rows import Line
from screens.line_tabs import RecordTabs
from screens.messages import EditRecord, NewRecord
from screens.ticket import Target
from widgets.columns import Column

if TYPE_CHECKING:
    from deskterm.continuity.schema import PlanView
    from screens.session import Session

STEPS, SCOPE, EVIDENCE, CALLS = range(4)


class PlanScreen(RecordTabs[Line]):
    """Head, tabs, lines, and the line under the cursor in full."""

    CSS_PATH = "continuity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("plan", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("plan")
    TABS = ("Steps", "Objectives", "Evidence", "Calls")
    EMPTY = (
        "No step yet.\nn adds one",
        "It brings back nothing yet.\nE names its services",
        "It was never run.\nr runs it",
        "Nobody calls anybody yet.\nE writes the call tree",
    )
    CONCERNS = frozenset({"continuity-plan", "recovery-step", "exercise", "impact-analysis", "ci", "service", "change"})
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = (("◆", "on the critical path: a minute lost there is lost by all"),)

    head = query_one("#head", PlanHead)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of a plan."""
        super().__init__(session)
        self.number = number
        self.view: PlanView | None = None

    def body(self) -> ComposeResult:
        """From top to bottom."""
        yield PlanHead(ascii_only=self.session.ascii_only, id="head")
        yield from super().body()

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Continuity", self.number)
        super().opened()

    def read_anew(self) -> None:
        """Read the plan."""
        from deskterm.continuity.reading import plan_view

        desk, number = self.desk, self.number
        self.read("plan", lambda: plan_view(desk, number), self._show)

    def _show(self, found: PlanView) -> None:
        self.view = found
        self.path = ("DeskTerm", "Continuity", f"{found.brief.number} {found.brief.title}")
        self.head.view = found
        self.head.refresh()
        self.show_tab()

    def show_tab(self) -> None:
        """Show the tab that was chosen."""
        if self.view is not None:
            self.show_lines(*self._tab(self.view, self.tab))

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

    def show_line(self) -> None:
        """Show the line under the cursor in full."""
        self.pane.show(() if self.line is None else self.line.pane)

    # What is possible.

    def targets(self) -> tuple[Target, ...]:
        """This plan."""
        view = self.view
        return () if view is None else (Target(view.brief.number, view.brief.title, view.version, view.brief.id),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Steps are dropped on their own tab."""
        if action == "retire_step" and self._was_opened and self.tab != STEPS:
            return False
        return super().check_action(action, parameters)

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
        if (action != "edit_step" or self.tab == STEPS) and view.brief.state != "draft":
            return f"{view.brief.number} is {view.brief.state}, its steps stand; s begins the next version."
        if action == "retire_step" and self.line is None:
            return "There is no step under the cursor."
        return ""

    # Keys.

    def action_add(self) -> None:
        """Open the form of a new step of this plan."""
        self.post_message(NewRecord("recovery-step", {"plan": self.number}))

    def action_edit_step(self) -> None:
        """Open the form of the step under the cursor; on the other tabs that of the plan."""
        line = self.line
        self.post_message(EditRecord(line.number if self.tab == STEPS and line is not None else self.number))

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
