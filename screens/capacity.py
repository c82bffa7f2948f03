"""Capacity: what fills up and by when to order, what growth of the business means, the desk's own staffing, and the plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import BindingType

from screens import capacity_flows, capacity_rows, keys, plan_rows
from screens import ticket_flows as flows
from screens.capacity_rows import Line
from screens.line_tabs import TabbedScreen
from screens.messages import EditRecord, NewRecord, OpenRecord
from screens.ticket import Target
from widgets.columns import Column

if TYPE_CHECKING:
    from deskterm.capacity.outlook import Outlook
    from deskterm.capacity.plan_briefs import PlanBrief
    from deskterm.capacity.scenarios import Scenario
    from deskterm.capacity.staffing import Staffing
    from screens.session import Session

RESOURCES, SCENARIOS, STAFFING, PLANS = range(4)
KINDS: Final = ("resource", "scenario", "", "capacity-plan")
HIGH: Final = 34
"""From so many lines on the pane below the plans is higher."""
FRESH_SECONDS: Final = 60
"""Samples are no news of the journal: they are read again so often."""
OF_TAB: Final = {
    "sample": (RESOURCES,), "set_capacity": (RESOURCES,), "raise_record": (RESOURCES,),
    "explain": (RESOURCES, SCENARIOS, STAFFING), "freeze": (PLANS,),
    "edit": (RESOURCES, SCENARIOS, PLANS), "create": (RESOURCES, SCENARIOS, PLANS),
}  # fmt: skip
"""By action: the tabs on which it means something."""


class CapacityScreen(TabbedScreen[Line]):
    """Tabs, lines, and the one under the cursor in full."""

    CSS_PATH = "capacity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("capacity", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("capacity")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]
    TABS = ("Resources", "Scenarios", "Staffing", "Plans")
    EMPTY = (
        "Nothing is watched yet.\nn makes a resource   m tells a sample; imports bring many: deskterm import samples",
        "No scenario is kept.\nn makes one: a business driver that grows. A driver is a resource whose role is driver",
        "No contacts with a handle time were logged on phone, chat or at the desk in the last four weeks.",
        "No capacity plan is kept.\nn makes one; enter shows it, F freezes a version",
    )
    CONCERNS = frozenset({"resource", "scenario", "capacity-plan", "interaction", "shift"})
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = (
        ("✓ ! ✖", "within its thresholds, past the warning, past the critical one"),
        ("41 (30–77)", "days until what is installed is used up, and the range in which nine of ten samples would say so"),  # noqa: RUF001
        ("used up, will be", "of a plan: resources that are used up already, and those that will be within its horizon"),
        ("overdue, no date", "should have been ordered by now; nothing can be foretold"),
        ("3/2!", "three agents are needed in that half-hour, two are rostered"),
    )

    def __init__(self, session: Session) -> None:
        """Make the screen; it begins with the resources."""
        super().__init__(session)
        self.week: Staffing | None = None
        self._read_at = 0

    def show_tab(self) -> None:
        """Read what the tab that was chosen shows."""
        self.pane.show(())
        self.set_class(self.tab == PLANS, "-plans")
        self.read_anew()

    def read_anew(self) -> None:
        """Read what the tab shows."""
        self.path = ("DeskTerm", "Capacity", *([self.TABS[self.tab]] if self.tab else []))
        self._read_at = self.session.now()
        desk, tab = self.desk, self.tab
        match tab:
            case 0:
                self.read("capacity", lambda: capacity_flows.resources(desk), self._show_resources)
            case 1:
                self.read("capacity", lambda: capacity_flows.all_scenarios(desk), self._show_scenarios)
            case 2:
                self.read("capacity", lambda: capacity_flows.week(desk), self._show_week)
            case _:
                self.read("capacity", lambda: capacity_flows.all_plans(desk), self._show_plans)
        self.refresh_bindings()

    def _show_resources(self, found: tuple[Outlook, ...]) -> None:
        lines = [Line(one.number, one.number, outlook=one) for one in found]
        self._show(RESOURCES, capacity_rows.resource_columns(self.session.tz, ascii_only=self.session.ascii_only), lines)

    def _show_scenarios(self, found: tuple[Scenario, ...]) -> None:
        self._show(SCENARIOS, capacity_rows.scenario_columns(), capacity_rows.scenario_lines(found))

    def _show_week(self, found: Staffing) -> None:
        self.week = found
        self._show(
            STAFFING, capacity_rows.staffing_columns(ascii_only=self.session.ascii_only), capacity_rows.staffing_lines(found)
        )

    def _show_plans(self, found: tuple[PlanBrief, ...]) -> None:
        lines = [Line(plan.row.number, plan.row.number, plan=plan) for plan in found]
        self._show(PLANS, plan_rows.plan_columns(self.session.tz, self.session.now()), lines)

    def _show(self, tab: int, columns: list[Column[Line]], lines: list[Line]) -> None:
        if tab == self.tab:  # no other one was chosen meanwhile
            self.show_lines(columns, lines)

    def show_line(self) -> None:
        """Show the line under the cursor in full."""
        if self.tab == STAFFING:
            self.pane.show(capacity_rows.of_half_hour(self.line, self.week))
        elif self.tab == SCENARIOS and self.line is not None and self.line.demand is not None:
            self.pane.show(capacity_flows.of_demand(self.line))
        elif self.tab == PLANS:
            lines = plan_rows.LINES_HIGH if self.size.height >= HIGH else plan_rows.LINES_LOW
            self.pane.show(plan_rows.in_brief(self.line, self.session.now(), self.session.tz, lines))
        else:
            self.pane.show(capacity_rows.in_full(self.line, self.session.tz))

    def on_resize(self) -> None:
        """Say of a plan as much as the pane holds."""
        if self._was_opened and self.tab == PLANS:
            self.show_line()

    def open_line(self, line: Line) -> None:
        """Open the record that a line is about."""
        if line.demand is not None:
            self.post_message(OpenRecord(line.demand.number))
        elif self.tab == STAFFING:
            self.say("A half-hour is no record; deskterm report staffing has its figures.")
        else:
            super().open_line(line)

    def tick(self, now: int) -> None:
        """Samples come in without a word in the journal."""
        if now - self._read_at >= FRESH_SECONDS:
            self.read_anew()

    # What is possible.

    def targets(self) -> tuple[Target, ...]:
        """The record under the cursor."""
        line = self.line
        return () if line is None or not line.number else (Target(line.number, line.key),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each tab has keys of its own; the others are not offered there."""
        if self._was_opened and action in OF_TAB and self.tab not in OF_TAB[action]:
            return False
        return super().check_action(action, parameters)

    def refusal(self, action: str) -> str:
        """Say which right is missing, or that there is nothing under the cursor."""
        if action not in OF_TAB:
            return ""
        kind = self.desk.registry.kind(KINDS[self.tab] or "resource")
        if action == "create":
            return self.lacks("create", kind)
        if self.line is None if action == "explain" else not self.targets():
            return "There is nothing under the cursor."
        return self.lacks("edit", kind) if action in ("edit", "sample", "set_capacity", "freeze") else ""

    # Keys.

    def action_create(self) -> None:
        """Make a resource, a scenario or a plan."""
        self.post_message(NewRecord(KINDS[self.tab]))

    def action_edit(self) -> None:
        """Change what is under the cursor."""
        for target in self.targets():
            self.post_message(EditRecord(target.number))

    def action_sample(self) -> None:
        """Tell a sample."""
        for target in self.targets():
            self.converse(capacity_flows.tell_sample(self, target.number))

    def action_set_capacity(self) -> None:
        """Say what is installed from an instant on."""
        self.converse(flows.act(self, self.targets(), "set-capacity"))

    def action_raise_record(self) -> None:
        """Raise a problem or a change."""
        self.converse(capacity_flows.raise_record(self, self.targets()))

    def action_freeze(self) -> None:
        """Freeze a version of the plan."""
        self.converse(flows.act(self, self.targets(), "freeze"))

    def action_explain(self) -> None:
        """Show what stands behind the figures."""
        line = self.line
        if self.tab == STAFFING and self.week is not None and line is not None:
            self.converse(capacity_flows.explain_half_hour(self, self.week, line.slots))
        elif line is not None:
            self.converse(capacity_flows.explain(self, line.number))
