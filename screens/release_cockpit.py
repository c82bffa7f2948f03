"""The cockpit of one release: rollout with waves as columns, check list, builds, tests, and the incidents of early life."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import cockpit_rows as rows
from screens import keys
from screens import release_steps as steps
from screens import ticket_flows as flows
from screens.cockpit_rows import CockpitHead, Line
from screens.line_tabs import RecordTabs
from screens.ticket import Target
from widgets.columns import Column

if TYPE_CHECKING:
    from deskterm.release.schema import ReleaseView
    from screens.session import Session

ROLLOUT, CHECKS, BUILD, TESTS, SUPPORT = range(5)
PANE_LINES = 3


class ReleaseCockpit(RecordTabs[Line]):
    """Tabs, lines, and the line under the cursor in full."""

    CSS_PATH = "release_cockpit.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("cockpit", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("cockpit")
    TABS = ("Rollout", "Check list", "Build", "Tests", "Early life")
    EMPTY = (
        "No wave is planned yet.\nn plans one: CIs by name, or every live CI of a site",
        "",
        "Nothing is built yet.\ns begins to build   n adds an item of the library",
        "No test is planned yet.\nn plans one",
        "No incident on its CIs since it was installed there.",
    )
    CONCERNS = frozenset({"release", "ci", "change", "incident", "definitive-item"})

    head = query_one("#head", CockpitHead)

    def __init__(self, session: Session, number: str) -> None:
        """Make the cockpit of a release."""
        super().__init__(session)
        self.number = number
        self.view: ReleaseView | None = None

    def body(self) -> ComposeResult:
        """From top to bottom."""
        yield CockpitHead(ascii_only=self.session.ascii_only, id="head")
        yield from super().body()

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Releases", self.number)
        super().opened()

    def read_anew(self) -> None:
        """Read the release anew."""
        from deskterm.release.reading import view
        from deskterm.service_desk import news

        desk, number = self.desk, self.number

        def read() -> ReleaseView:
            found = view(desk, number)
            news.have_opened(desk, found.id)
            return found

        self.read("release", read, self._show)

    def _show(self, found: ReleaseView) -> None:
        first, self.view = self.view is None, found
        self.path = ("DeskTerm", "Releases", f"{found.number} {found.title}")
        self.head.view, self.head.now, self.head.tz = found, self.session.now(), self.session.tz
        self.head.refresh()
        if first and not found.waves:
            self.tabs.active = {"building": BUILD, "testing": TESTS}.get(found.state, CHECKS)
        self.show_tab()

    def show_tab(self) -> None:
        """Show the tab that was chosen."""
        if self.view is not None:
            self.show_lines(*self._tab(self.view, self.tab))

    def _tab(self, view: ReleaseView, tab: int) -> tuple[list[Column[Line]], list[Line]]:
        now, tz, ascii_only = self.session.now(), self.session.tz, self.session.ascii_only
        match tab:
            case 0:
                return rows.rollout(view, now, tz, ascii_only=ascii_only)
            case 1:
                return rows.checks(view, ascii_only=ascii_only)
            case 2:
                return rows.builds(view, now, tz, ascii_only=ascii_only)
            case 3:
                return rows.tests(view, now, tz, ascii_only=ascii_only)
            case _:
                return rows.support(view, now, tz)

    def show_line(self) -> None:
        """Show the head of what is to be said of the line under the cursor."""
        self.pane.show(() if self.line is None else self.line.pane[:PANE_LINES])

    # What is possible.

    def targets(self) -> tuple[Target, ...]:
        """This release."""
        view = self.view
        return () if view is None else (Target(view.number, view.title, view.version, view.id),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each tab has keys of its own; the others are not offered there."""
        if action in steps.KEYS and action not in steps.OF_TAB[self.tabs.active if self._was_opened else ROLLOUT]:
            return False
        return super().check_action(action, parameters)

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view = self.view
        if view is None or action not in steps.KEYS:
            return ""
        if lacking := self.lacks("act", self.desk.registry.kind("release")):
            return lacking
        return steps.refusal(action, view, self.tabs.active, self.line)

    # Keys.

    def action_add(self) -> None:
        """Plan a wave, add an item to the build, plan a test: by the tab that is shown."""
        tab = self.tabs.active
        if tab == ROLLOUT:
            self.converse(flows.act(self, self.targets(), "plan-wave"))
        else:
            self._step(steps.add_item if tab == BUILD else steps.plan_test)

    def action_drop(self) -> None:
        """Take the item out of the build, the test out of its campaign, the CI out of its wave."""
        self._step(steps.drop)

    def action_go(self) -> None:
        """Distribute to what is under the cursor."""
        self._step(steps.rollout, "go")

    def action_installed(self) -> None:
        """Say that it is installed there."""
        self._step(steps.rollout, "installed")

    def action_failed(self) -> None:
        """Say that it failed there, or that the test did."""
        self._step(steps.failed)

    def action_unreachable(self) -> None:
        """Say that it could not be reached."""
        self._step(steps.rollout, "unreachable")

    def action_hold(self) -> None:
        """Let it wait."""
        self._step(steps.rollout, "hold")

    def action_resume(self) -> None:
        """Let it go on."""
        self._step(steps.rollout, "resume")

    def action_accept(self) -> None:
        """Accept the wave that is open."""
        self._step(steps.accept)

    def action_back_out(self) -> None:
        """Put back what was there before, on what is under the cursor or everywhere."""
        self._step(steps.back_out)

    def action_passed(self) -> None:
        """Say that the test passed."""
        self._step(steps.passed)

    def action_finish(self) -> None:
        """Finish the build, or sign the campaign."""
        self._step(steps.finish)

    def _step(self, step: Callable[..., Any], *arguments: Any) -> None:
        self.converse(step(self, *arguments))

    def action_explain(self) -> None:
        """Show the check list."""
        self.tabs.choose(CHECKS)
