"""One run of a plan, live: the countdown to the RTO, who is on which step, and the keys that start, finish and verify."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import DeskError, NotFound
from screens import continuity_flows as flows
from screens import continuity_rows as rows
from screens import keys
from screens.continuity_heads import RunHead
from screens.messages import DeskChanged, OpenRecord
from screens.permitted import PermittedScreen
from screens.ticket import Target, TicketScreen
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.continuity.schema import RunStep, RunView
    from screens.session import Session

OF_STEP = {"start": ("waiting",), "finish": ("running",), "assign_step": ("waiting", "running"), "skip": ("waiting", "running"),
           "repeat": ("finished", "skipped")}  # fmt: skip
"""Keys that act on the step under the cursor, and the states in which they do."""
EMPTY = "Its plan has no step.\np opens the plan"
OF_RUN = ("verify", "reject", "invoke")


class Steps(FixedList["RunStep"]):
    """The steps of the run."""


class RunScreen(PermittedScreen[None], TicketScreen):
    """Countdown, steps, and the step under the cursor in full."""

    CSS_PATH = "continuity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("run", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("run")

    head = query_one("#head", RunHead)
    steps = query_one("#lines", Steps)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of a run."""
        super().__init__(session)
        self.number = number
        self.view: RunView | None = None

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield RunHead(ascii_only=ascii_only, id="head")
        yield Steps(
            rows.run_columns(ascii_only=ascii_only), row_key=lambda step: str(step.position), now=self.session.now(),
            empty_text=EMPTY, ascii_only=ascii_only, id="lines",
        )  # fmt: skip
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Continuity", self.number)
        self.steps.focus()
        self.read_run()

    def read_run(self) -> None:
        """Read the run anew."""
        from deskterm.continuity.reading import run_view

        desk, number = self.desk, self.number
        self.read("run", lambda: run_view(desk, number), self._show)

    def refuse(self, refusal: DeskError) -> None:
        """Say why something was refused; a run that is not there has no screen."""
        super().refuse(refusal)
        if self.view is None and isinstance(refusal, NotFound):
            self.dismiss()

    def _show(self, found: RunView) -> None:
        first, self.view = self.view is None, found
        self.path = ("DeskTerm", "Continuity", f"{found.number} {found.title}")
        self.head.show(found, self.session.now())
        told_later = found.state not in ("planned", "running")
        self.steps.empty_text = "No steps were recorded: it was told after the fact." if told_later else EMPTY
        self.steps.show(found.steps)
        if first:
            place = next((at for at, one in enumerate(found.steps) if not one.is_over), 0)
            self.steps.cursor = place
        self._show_step()

    def tick(self, now: int) -> None:
        """Let the clocks run; the way that is left is reckoned anew every minute."""
        self.head.tick(now)
        self.steps.tick(now)
        if self.view is not None and self.view.state == "running" and now % 60 == 0:
            self.read_run()

    @property
    def step(self) -> RunStep | None:
        """The step under the cursor."""
        return self.steps.cursor_row

    def _show_step(self) -> None:
        view, step = self.view, self.step
        told: tuple[tuple[str, str], ...] = ()
        if view is not None and step is not None:
            told = rows.step_pane(step, view, self.session.now(), self.session.tz)
        self.pane.show(told)
        self.refresh_bindings()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[RunStep]) -> None:
        event.stop()
        self._show_step()

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[RunStep]) -> None:
        event.stop()
        self.post_message(OpenRecord(event.row.number))

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again: a colleague may have started or finished a step."""
        if self._was_opened and event.concerns(frozenset({"exercise"})):
            self.read_run()

    # What is possible.

    def targets(self) -> tuple[Target, ...]:
        """This run."""
        view = self.view
        return () if view is None else (Target(view.number, view.title, view.version, view.id),)

    def acted(self, numbers: object) -> None:
        """Show what came of it at once."""
        self.read_run()

    def tried_on(self, action: str) -> str:
        """Return the number that a key is about."""
        return self.number

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view = self.view
        if view is None or action not in (*OF_STEP, *OF_RUN):
            return ""
        if lacking := self.lacks("act", self.desk.registry.kind("exercise")):
            return lacking
        if action == "start" and view.state == "planned":
            return ""
        if view.state != "running":
            return f"{view.number} is {view.state}; that is done while it is running."
        if action == "invoke":
            return "It is invoked already." if view.invoked_at is not None else ""
        if action == "verify":
            return self._not_verifiable(view)
        step = self.step
        if action in OF_STEP and (step is None or step.state not in OF_STEP[action]):
            return "There is no step under the cursor." if step is None else f"{step.name} is {step.state}."
        return ""

    def _not_verifiable(self, view: RunView) -> str:
        left = [one.name for one in view.steps if not one.is_over]
        if left:
            return f"Not recovered yet: {', '.join(left[:3])}{' and more' if len(left) > 3 else ''}."
        own = [one.name for one in view.steps if self.session.login in one.hands]
        return f"You restored it ({', '.join(own[:3])}); somebody else verifies it." if own else ""

    # Keys.

    def action_start(self) -> None:
        """Begin the run, or start the step under the cursor."""
        if self.view is not None and self.view.state == "planned":
            self.converse(flows.begin(self))
        else:
            self._on_step(flows.start)

    def action_finish(self) -> None:
        """Finish the step under the cursor."""
        if (step := self.step) is not None:
            self.converse(flows.act(self, "finish-step", {"step": str(step.position)}))

    def action_assign_step(self) -> None:
        """Say who is on it."""
        self._on_step(flows.assign)

    def action_skip(self) -> None:
        """Leave it out."""
        self._on_step(flows.skip)

    def action_repeat(self) -> None:
        """Do it again."""
        self._on_step(flows.repeat)

    def _on_step(self, flow: Callable[..., Any]) -> None:
        if (step := self.step) is not None:
            self.converse(flow(self, step))

    def action_verify(self) -> None:
        """Confirm that the service works."""
        self.converse(flows.verify(self))

    def action_reject(self) -> None:
        """Say that it does not work yet."""
        self.converse(flows.reject(self))

    def action_invoke(self) -> None:
        """Invoke the plan."""
        self.converse(flows.act(self, "invoke", {}))

    def action_explain(self) -> None:
        """Show the stamps and what follows from them."""
        self.converse(flows.explain(self, self.number))

    def action_plan(self) -> None:
        """Open the plan."""
        if self.view is not None:
            self.post_message(OpenRecord(self.view.plan_number))

    def action_journal(self) -> None:
        """Open the record of the run above its screen."""
        from screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self.session, self.number))
