"""Opening the desk behind the first frame, and letting go of it at the end: feed, drafts, presence and the shared jobs.

Nothing imported here may import storage. Where the person is led, and what is on the screens, is `screens.app`'s business.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from deskterm import memory
from deskterm.errors import DeskError
from screens.feed import FeedWatch
from screens.presence import BEAT_SECONDS
from screens.replacing import begin_work, replace_work
from screens.session import Session
from widgets.hardened_app import HardenedApp

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.scheduler import Scheduler
    from screens.early import Early, FirstPage

FIRST_FRAME_SECONDS = 0.05
"""How long the first frame has the processor to itself: importing storage in a thread would hold the loop up."""
FIRST_ROWS_SECONDS = 0.1
"""The same for rows that were read before."""

AT_ONCE = frozenset({"q", "ctrl+q", "ctrl+c"})
"""Keys that leave or, as ctrl+c, say how: obeyed at once, unless something was typed before them, then they may be part of it."""

SETTLED_AFTER = 0.5
"""So many seconds after the desk was opened the first rows are there; `deskterm.launch` held collection off until then."""
JOBS_AFTER = 1.5
"""The scheduler starts so many seconds later: nobody waits for it."""

Opener = Callable[[str, str], "Desk"]
"""Opens a desk at a location as a login."""


def open_located(location: str, login: str) -> Desk:
    """Open a desk; called in a thread, where importing storage holds nobody up."""
    from deskterm.bootstrap import open_desk

    return open_desk(location, login)


class OpeningApp(HardenedApp[None]):
    """An application that opens a desk once it is painted."""

    early: Early | None = None
    """A process that reads the first page meanwhile."""

    def __init__(self, session: Session, opener: Opener, *, jobs: bool) -> None:
        """Prepare; nothing is opened yet.

        Args:
            session: Where to, and who.
            opener: Opens the desk, in a thread.
            jobs: Whether this console offers itself to run the shared jobs.
        """
        super().__init__()
        self.session = session
        self._opener = opener
        self._jobs = jobs
        self._feed: FeedWatch | None = None
        self._scheduler: Scheduler | None = None
        self._beats = 0
        self._held: list[events.Key] | None = []

    async def on_event(self, event: events.Event) -> None:
        """Hold keys until the desk is open: what is typed at rows that are there already must not be lost."""
        if self._held is not None and isinstance(event, events.Key) and (self._held or event.key not in AT_ONCE):
            self._held.append(event)
            return
        await super().on_event(event)

    def _let_keys_go(self) -> None:
        """Pass on what was typed, in its order."""
        held, self._held = self._held or (), None
        for event in held:
            self.post_message(event)

    async def before_opening(self) -> None:
        """The first frame is painted: what the opening shows while it lasts may be imported now."""

    def first_rows(self, page: FirstPage) -> None:
        """Rows were read before the desk is open here."""

    def desk_was_opened(self) -> None:
        """The desk is open: the screens may read."""

    def on_ready(self) -> None:
        """Open the desk, once the first frame is on its way to the terminal."""
        self.set_timer(FIRST_FRAME_SECONDS, self._begin)

    def _begin(self) -> None:
        replace_work(self, self._opening, "default")

    async def _opening(self) -> None:
        """Open the desk in a thread; if it does not open, say why and let the person try again."""
        await self.before_opening()
        if self.early is not None:
            page = await asyncio.to_thread(self.early.take)
            if page is not None:
                self.first_rows(page)
                await asyncio.sleep(FIRST_ROWS_SECONDS)
        while True:
            try:
                desk, cursor = await asyncio.to_thread(self._open_in_thread)
            except DeskError as refusal:
                from screens.trouble import TroubleScreen

                told = TroubleScreen(
                    refusal.message, self.session.location, ascii_only=self.session.ascii_only, session=self.session
                )
                self._let_keys_go()
                if await self.push_screen_wait(told):
                    self._held = []
                    continue
                self.exit(return_code=refusal.exit_status)
                return
            break
        self.session.open_with(desk)
        self._feed = FeedWatch(desk, cursor, self.post_message)
        self.session.nudge = self._feed.nudge
        self.desk_was_opened()
        self.call_after_refresh(self._let_keys_go)
        self._feed.start()
        self.set_timer(SETTLED_AFTER, self._settle, name="settle")

    def _open_in_thread(self) -> tuple[Desk, str]:
        """Open the desk, the drafts, and the feed's present position; what fails of the drafts is said and left."""
        from deskterm.drafts import DraftJournal, DraftLost, folder_for

        desk = self._opener(self.session.location, self.session.login)
        if self.session.drafts is not None:
            return desk, desk.position()
        try:
            folder = folder_for(desk.database.label, self.session.login, os.environ)
            self.session.drafts = DraftJournal(folder, self.session.clock, on_fault=self._draft_fault)
        except DraftLost as fault:
            self._draft_fault(fault.message)
        return desk, desk.position()

    def _draft_fault(self, sentence: str) -> None:
        """Say that what is typed cannot be kept; called in any thread."""
        if sentence:
            self.notify(sentence, severity="warning", markup=False)

    def _settle(self) -> None:
        """The first rows are there: tidy up, and think of what nobody waits for. A console that is ending needs neither."""
        if not self.is_running:
            return
        memory.settle()
        if self._jobs:
            self.set_timer(JOBS_AFTER, self._start_jobs, name="jobs")

    def _start_jobs(self) -> None:
        """Run the desk's shared jobs in this process if nobody else does."""
        begin_work(self, partial(asyncio.to_thread, self._start_scheduler), name="jobs")

    def _start_scheduler(self) -> None:
        from deskterm.scheduler import Scheduler

        desk = self.session.desk
        self._scheduler = Scheduler(desk.database, desk.registry, apart=True)
        self._scheduler.start()
        memory.give_back()  # what its modules needed only while they were imported

    def on_unmount(self) -> None:
        """Stop watching and give up the lead; connections end with the process."""
        if self._feed is not None:
            self._feed.stop()
        threading.Thread(target=self._wind_up, name="deskterm-wind-up").start()

    def _wind_up(self) -> None:
        """Tell colleagues that this console is gone, hand the jobs on, close the drafts: in a thread the process waits for."""
        if self._scheduler is not None:
            self._scheduler.stop()
        if self.session.is_open:
            self.session.presence.depart(self.session.desk)
        if self.session.drafts is not None:
            self.session.drafts.close()

    def beat(self) -> None:
        """Say every few seconds, and at once after a change, which records are open here."""
        self._beats += 1
        if self.session.is_open and (self.session.presence.changed or self._beats % BEAT_SECONDS == 0):
            replace_work(self, partial(asyncio.to_thread, self.session.presence.beat, self.session.desk), "beat")
