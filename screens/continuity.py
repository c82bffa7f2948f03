"""Continuity: how every service stands, and the plans, runs, risks, impact analyses and backups behind that, list by list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import continuity_flows as flows
from screens import continuity_rows as lines
from screens import keys
from screens.continuity_rows import Line
from screens.line_tabs import TabbedLines
from screens.messages import DeskChanged, EditRecord, NewRecord, OpenRecord
from screens.replacing import begin_work
from screens.shelves import Shelf, ShelvesScreen
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.continuity.schema import Standing
    from screens.session import Session

CONCERNS = frozenset(
    {"continuity-plan", "recovery-step", "exercise", "impact-analysis", "backup-schedule", "service", "ci", "incident", "change"}
)
"""Kinds whose records say how a service stands."""
REST_SECONDS = 5
"""A busy desk changes all the time: how services stand is reckoned at most this often."""


SHELVES = (
    Shelf("Services", "impact-analysis", "", "Nothing is rated or planned yet.\nn rates what the loss of a service costs"),
    Shelf("Plans", "continuity-plan", "-state:retired", "No plan yet.\nn makes one; its steps are added in the plan"),
    Shelf("Runs", "exercise", "*", "No plan was ever run.\nr on a plan runs it"),
    Shelf("Risks", "risk", "-state:closed", "The risk register is empty.\nn enters a risk"),
    Shelf("Analyses", "impact-analysis", "state:active", "No impact analysis yet.\nn rates what the loss of a service costs"),
    Shelf(
        "Backups",
        "backup-schedule",
        "state:active",
        "No backup schedule yet.\nn says what is copied, how often and how long it takes",
    ),
)
SERVICES, PLANS = 0, 1


class ContinuityScreen(ShelvesScreen):
    """How services stand, and the lists of kinds as tabs beside it."""

    CSS_PATH = "continuity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("continuity", "kinds", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("kinds"), *keys.bindings("continuity")]
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = (
        ("RTO, RPO, MTPD", "back within; at most so much work lost; unacceptable from then on"),
        ("plan", "how long the plan takes: its critical path"),
        ("met 2 of 3", "so many drills, invocations and major incidents were back within the RTO"),
    )

    SHELVES = SHELVES

    services = query_one("#services", TabbedLines)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the screen, the services first."""
        super().__init__(session)
        self.standing: Standing | None = None
        self._read_at = 0
        self._changed = False

    def body(self) -> ComposeResult:
        """Tabs, the services or a list of a kind, and the line under the cursor in full."""
        ascii_only = self.session.ascii_only
        yield from super().body()
        yield TabbedLines([], row_key=lambda line: line.key, now=self.session.now(), ascii_only=ascii_only, id="services")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def on_mount(self) -> None:
        """Show the services first."""
        self.set_class(True, "-services")
        super().on_mount()

    def opened(self) -> None:
        """Read how services stand, or list a kind."""
        self.set_class(self.tabs.active == SERVICES, "-services")
        if self.tabs.active == SERVICES:
            self.tabs.can_focus = False
            self.services.focus()
            self._read()
        else:
            super().opened()
        self.path = ("DeskTerm", "Continuity", self.shelf.label)
        self.refresh_bindings()

    def _read(self) -> None:
        from deskterm.continuity.standing import standing

        self._read_at, self._changed = self.session.now(), False
        desk = self.desk
        self.read("standing", lambda: standing(desk), self._show)

    def _show(self, found: Standing) -> None:
        first, self.standing = self.standing is None, found
        shown, rows = lines.services(found.services, ascii_only=self.session.ascii_only)
        if first or not self.services.rows:
            self.services.show_other(shown, rows, SHELVES[SERVICES].empty)
        else:
            self.services.show(rows)
        self._show_line()

    def tick(self, now: int) -> None:
        """Read again what changed, once the desk has rested a little."""
        if self._changed and self.tabs.active == SERVICES and now - self._read_at >= REST_SECONDS:
            self._read()

    @property
    def line(self) -> Line | None:
        """The service under the cursor."""
        return self.services.cursor_row if self.tabs.active == SERVICES else None

    def _show_line(self) -> None:
        line = self.line
        self.pane.show(() if line is None else line.pane)
        self.refresh_bindings()

    @on(PagedList.RowHighlighted, "#services")
    def _over_service(self, event: PagedList.RowHighlighted[Line]) -> None:
        event.stop()
        event.prevent_default()
        self._show_line()

    @on(PagedList.RowOpened, "#services")
    def _open_service(self, event: PagedList.RowOpened[Line]) -> None:
        event.stop()
        event.prevent_default()
        self.post_message(OpenRecord(event.row.number))

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if not self._was_opened:
            return
        self._changed = self._changed or event.concerns(CONCERNS)
        if self.tabs.active != SERVICES:
            super().on_desk_changed(event)
        elif event.everything or (self._changed and self.session.now() - self._read_at >= REST_SECONDS):
            self._read()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Services are neither filtered nor retired; only plans and services are run."""
        if self._was_opened:
            here = self.tabs.active
            if here == SERVICES and action in ("filter", "export", "retire", "edit"):
                return False
            if here not in (SERVICES, PLANS) and action == "run_plan":
                return False
        return super().check_action(action, parameters)

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action == "run_plan":
            if lacking := self.lacks("create", self.desk.registry.kind("exercise")):
                return lacking
            return "" if self.plan_number() else "No plan is under the cursor."
        if action == "explain":
            there = self.line if self.tabs.active == SERVICES else self.rows.cursor_row
            return "" if there is not None else "There is nothing under the cursor."
        return super().refusal(action)

    def plan_number(self) -> str:
        """The plan that is under the cursor, or brings the service under it back; empty where there is none."""
        if self.tabs.active == PLANS:
            return row.number if (row := self.rows.cursor_row) is not None else ""
        line = self.line
        return line.number if line is not None and line.number.startswith("BCP-") else ""

    def action_create(self) -> None:
        """Make a new one of the list; among services, rate one."""
        self.post_message(NewRecord(self.kind_name))

    def action_edit(self) -> None:
        """Change the fields of the one under the cursor."""
        if (row := self.rows.cursor_row) is not None:
            self.post_message(EditRecord(row.number))

    def action_explain(self) -> None:
        """Show every gap of the service and what its evidence is; of a record of a list, the facts behind its figures."""
        line = self.line
        found = self.standing
        if self.tabs.active != SERVICES and (row := self.rows.cursor_row) is not None:
            self.converse(flows.explain(self, row.number))
        if line is not None and found is not None:
            service = next(one for one in found.services if str(one.id) == line.key)
            self.converse(flows.explain_service(self, service))

    def action_run_plan(self) -> None:
        """Ask how, and run the plan."""
        if number := self.plan_number():
            self.converse(flows.run_plan(self, number))

    def action_local_copy(self) -> None:
        """Show the copy of the plans on this machine."""
        from screens.plan_copy import show_copy

        begin_work(self, partial(show_copy, self.app, self.session), name="copy", group="conversation")
