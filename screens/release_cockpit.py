"""The cockpit of one release: rollout with waves as columns, check list, builds, tests, and the incidents of early life."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import DeskError, NotFound
from screens import cockpit_rows as rows
from screens import keys
from screens import release_steps as steps
from screens import ticket_flows as flows
from screens.cockpit_rows import CockpitHead, Line
from screens.line_tabs import TabbedLines
from screens.messages import DeskChanged, OpenRecord
from screens.permitted import PermittedScreen
from screens.ticket import Target, TicketScreen
from widgets.columns import Column
from widgets.paged_list import PagedList
from widgets.tab_strip import Tab, TabStrip
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.release.schema import ReleaseView
    from screens.session import Session

ROLLOUT, CHECKS, BUILD, TESTS, SUPPORT = range(5)
TABS = ("Rollout", "Check list", "Build", "Tests", "Early life")
CONCERNS = frozenset({"release", "ci", "change", "incident", "definitive-item"})
"""Kinds whose records a cockpit shows something of."""
EMPTY = (
    "No wave is planned yet.\nn plans one: CIs by name, or every live CI of a site",
    "",
    "Nothing is built yet.\ns begins to build   n adds an item of the library",
    "No test is planned yet.\nn plans one",
    "No incident on its CIs since it was installed there.",
)


class Lines(TabbedLines[Line]):
    """The lines of the tab that is shown."""


class ReleaseCockpit(PermittedScreen[None], TicketScreen):
    """Tabs, lines, and the line under the cursor in full."""

    CSS_PATH = "release_cockpit.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("cockpit", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("cockpit")

    tabs = query_one("#tabs", TabStrip)
    head = query_one("#head", CockpitHead)
    lines = query_one("#lines", Lines)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session, number: str) -> None:
        """Make the cockpit of a release."""
        super().__init__(session)
        self.number = number
        self.view: ReleaseView | None = None
        self._shown: tuple[int, tuple[str, ...]] = (-1, ())
        """The tab that is shown, with the headings of its columns."""

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield CockpitHead(ascii_only=ascii_only, id="head")
        yield TabStrip([Tab(name) for name in TABS], ascii_only=ascii_only, id="tabs")
        yield Lines([], row_key=lambda line: line.key, now=self.session.now(), ascii_only=ascii_only, id="lines")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Releases", self.number)
        self.tabs.can_focus = False
        self.lines.focus()
        self.read_release()

    def read_release(self) -> None:
        """Read the release anew."""
        from deskterm.release.reading import view
        from deskterm.service_desk import news

        desk, number = self.desk, self.number

        def read() -> ReleaseView:
            found = view(desk, number)
            news.have_opened(desk, found.id)
            return found

        self.read("release", read, self._show)

    def refuse(self, refusal: DeskError) -> None:
        """Say why something was refused; a release that is not there has no cockpit."""
        super().refuse(refusal)
        if self.view is None and isinstance(refusal, NotFound):
            self.dismiss()

    def _show(self, found: ReleaseView) -> None:
        first, self.view = self.view is None, found
        self.path = ("DeskTerm", "Releases", f"{found.number} {found.title}")
        self.head.view, self.head.now, self.head.tz = found, self.session.now(), self.session.tz
        self.head.refresh()
        if first and not found.waves:
            self.tabs.active = {"building": BUILD, "testing": TESTS}.get(found.state, CHECKS)
        self._show_tab()

    def _show_tab(self) -> None:
        view = self.view
        if view is None:
            return
        tab = self.tabs.active
        columns, lines = self._tab(view, tab)
        shown = (tab, tuple(column.title for column in columns))
        if shown == self._shown:
            self.lines.show(lines)
        else:
            self._shown = shown
            self.lines.show_other(columns, lines, EMPTY[tab])
        self._show_line()

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

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        found = self.lines.rows
        return found[self.lines.cursor] if 0 <= self.lines.cursor < len(found) else None

    def _show_line(self) -> None:
        line = self.line
        self.pane.show(() if line is None else line.pane[:3])
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
        """Read again: the release, a CI, a change or an incident may have changed."""
        if self._was_opened and event.concerns(CONCERNS):
            self.read_release()

    # What is possible.

    def targets(self) -> tuple[Target, ...]:
        """This release."""
        view = self.view
        return () if view is None else (Target(view.number, view.title, view.version, view.id),)

    def acted(self, numbers: object) -> None:
        """Show what came of it at once."""
        self.read_release()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each tab has keys of its own; the others are not offered there."""
        if action in steps.KEYS and action not in steps.OF_TAB[self.tabs.active if self._was_opened else ROLLOUT]:
            return False
        return super().check_action(action, parameters)

    def tried_on(self, action: str) -> str:
        """What the screen is about."""
        return self.number

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view = self.view
        if view is None or action not in steps.KEYS:
            return ""
        if lacking := self.lacks("act", self.desk.registry.kind("release")):
            return lacking
        return steps.refusal(action, view, self.tabs.active, self.line)

    # Keys.

    def action_tab(self, step: int) -> None:
        """Show the tab beside."""
        self.tabs.choose((self.tabs.active + step) % len(TABS))

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

    def action_journal(self) -> None:
        """Open the record of the release above the cockpit."""
        from screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self.session, self.number))
