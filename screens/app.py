"""The console: how it is dressed, ticks, helps and ends. Opening the desk is `screens.opening`, leading people `wayfinding`.

Nothing imported here on start may import storage (a test looks): SQLAlchemy and pydantic load after the first frame.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.command import Provider
from textual.screen import Screen

from deskterm import memory
from deskterm.clock import Clock
from screens import keys, preferences, themes
from screens.front import FrontScreen
from screens.messages import DatabaseTrouble
from screens.opening import Opener, open_located
from screens.places import PLACES
from screens.replacing import begin_work, replace_work
from screens.session import Session
from screens.wayfinding import WayfindingApp
from widgets.terminal import terminal_of, terminal_refusal

if TYPE_CHECKING:
    from screens.early import Early, FirstPage


def _commands() -> type[Provider]:
    from screens.commands import DeskCommands

    return DeskCommands


QUEUE = "queue"


class DeskApp(WayfindingApp):
    """The console of one person on one desk."""

    TITLE = "DeskTerm"
    ENABLE_COMMAND_PALETTE = True
    CSS = "CommandPalette SearchIcon { display: none; }"
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}

    def __init__(
        self,
        location: str,
        login: str,
        *,
        clock: Clock | None = None,
        settings: preferences.Preferences | None = None,
        opener: Opener = open_located,
        jobs: bool = True,
    ) -> None:
        """Make a console; the desk is opened once the first frame is painted.

        Args:
            location: A file path, or a `postgresql://` URL.
            login: Who works here.
            clock: Tells the time; the machine's own unless given.
            settings: The person's settings.
            opener: Opens the desk, in a thread.
            jobs: Whether this console offers itself to run the shared jobs.
        """
        ascii_only = not terminal_of(os.environ).unicode
        super().__init__(Session(location, login, clock=clock, preferences=settings, ascii_only=ascii_only), opener, jobs=jobs)
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.begin_with(themes.fitting(self.terminal, self.session.preferences.theme))
        for one in PLACES:
            self.add_mode(one.name, partial(one.make, self.session))

    # Opening.

    def on_mount(self) -> None:
        """Dress, then open the desk behind the first frame."""
        self.set_keymap(dict(self.session.preferences.keymap))
        self.set_interval(1.0, self._second, name="second")
        for complaint in self.session.preferences.complaints:
            self.notify(complaint, severity="warning", markup=False, timeout=10)

    def get_default_screen(self) -> Screen[None]:
        """Return what is shown before any place is."""
        return FrontScreen(self.session.login, ascii_only=self.session.ascii_only)

    async def before_opening(self) -> None:
        """Show the queue in place of the front."""
        await self.switch_mode(QUEUE)

    def first_rows(self, page: FirstPage) -> None:
        """Show what was read before."""
        from screens.queue import QueueScreen  # there by now

        if isinstance(self.screen, QueueScreen):
            self.screen.show_first(page)

    def desk_was_opened(self) -> None:
        """Let the screens read."""
        for screen in self.desk_screens():
            screen.desk_opened()
        begin_work(self, self._offer_drafts, name="drafts", group="conversation")

    async def _offer_drafts(self) -> None:
        from screens.waiting import offer

        await offer(self, self.session)

    # News.

    def _second(self) -> None:
        now = self.session.now()
        for screen in self.desk_screens(self.screen_stack):
            if screen.alive:
                screen.pass_second(now)
        self.beat()

    def on_database_trouble(self, event: DatabaseTrouble) -> None:
        """Say it across every screen, or take it away."""
        if event.sentence == self.session.trouble:
            return
        self.session.trouble = event.sentence
        for screen in self.desk_screens():
            if screen.alive:
                screen.show_banner(event.sentence)

    def action_drafts(self) -> None:
        """Show the drafts that wait."""
        begin_work(self, self._show_drafts, name="drafts", group="conversation")

    async def _show_drafts(self) -> None:
        from screens.waiting import offer

        if not await offer(self, self.session):
            self.notify("Nothing is left that you were typing.", markup=False)

    def action_desk_help(self) -> None:
        """Say which keys do what where the focus is."""
        from screens.help import HelpModal

        if not isinstance(self.screen, HelpModal):
            self.push_screen(HelpModal(self.session, self.screen))

    # The end.

    def on_hangup(self) -> None:
        """Keep what is being typed, on every screen."""
        for screen in self.calling_screens():
            screen.save_draft()
        if self.session.drafts is not None:
            self.session.drafts.flush()

    def last_words(self, error: BaseException) -> str:
        """An id for the log, and where that is."""
        from deskterm.cli import crash

        return crash.report(error).message

    async def action_quit(self) -> None:
        """Leave as `q` does."""
        self.action_leave()

    def action_help_quit(self) -> None:
        """Say how one leaves: who presses ctrl+c may have meant to, or to copy where nothing is selected."""
        self.notify("ctrl+c does not end the console; ctrl+q does, and so does q where nothing is typed.", markup=False)

    def action_leave(self) -> None:
        """End the console; ask only if something is unsaved."""
        replace_work(self, self._leave, "leaving")

    async def _leave(self) -> None:
        unsaved = [screen.unsaved for screen in self.calling_screens() if screen.unsaved]
        if unsaved:
            from screens.modals.ask import AskModal

            what = "\n".join(unsaved)
            if not await self.push_screen_wait(
                AskModal(self.session, "Leave the desk?", f"{what}\nIt is kept as a draft.", yes="leave")
            ):
                return
            self.on_hangup()
        await self.session.settled()
        self.exit()


def run(location: str, login: str, early: Early | None = None) -> int:
    """Open the console on a desk and stay until it is left.

    Args:
        location: A file path, or a `postgresql://` URL.
        login: Who works here.
        early: A process that reads the first page meanwhile.

    Returns:
        The exit status: 0, 2 without a terminal that can show it, 3 where the desk cannot be opened.
    """
    refusal = terminal_refusal(os.environ)
    if refusal:
        sys.stderr.write(f"error: {refusal}\n")
        return 2
    for name in ("LINES", "COLUMNS"):  # a size that somebody exported would hold however the terminal changes
        os.environ.pop(name, None)
    app = DeskApp(location, login, settings=preferences.personal(frozenset(keys.BY_ID)))
    app.early = early
    memory.share_one_heap()
    app.run()
    return app.return_code or 0
