"""What every screen shares: the desk once it is open, the clock, the person's preferences, and the writes under way.

Known before the desk is: a screen is painted first and reads when `opened` is told. Nothing here imports storage.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from deskterm.clock import Clock, SystemClock
from screens.preferences import Preferences
from screens.presence import Presence

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.drafts import DraftJournal


class Session:
    """One person at one console."""

    def __init__(
        self,
        location: str,
        login: str,
        *,
        clock: Clock | None = None,
        preferences: Preferences | None = None,
        ascii_only: bool = False,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            location: A file path, or a `postgresql://` URL.
            login: Who works here.
            clock: Tells the time; the machine's own unless given.
            preferences: What the person has set; the defaults unless given.
            ascii_only: Whether the terminal shows ASCII only.
        """
        self.location = location
        self.login = login
        self.clock = clock or SystemClock()
        self.preferences = preferences or Preferences()
        self.ascii_only = ascii_only
        self.trouble = ""
        """What is wrong with the database just now, in a sentence; empty while all is well."""
        self.writing: set[asyncio.Task[Any]] = set()
        """Writes under way: the console does not end before they have."""
        self.console = str(uuid4())
        """Tells this console from others of the same person."""
        self.presence = Presence(self.console)
        """Which records are open here."""
        self.drafts: DraftJournal | None = None
        """What is being typed, kept on this machine; `None` until the desk is open, and where it cannot be kept."""
        self.nudge: Callable[[], None] = _nothing
        """Look at the change feed at once: something was written."""
        self._desk: Desk | None = None

    @property
    def is_open(self) -> bool:
        """Whether the desk has been opened."""
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        """The desk.

        Raises:
            RuntimeError: it is not open yet; screens are told by `opened` when it is.
        """
        if self._desk is None:
            raise RuntimeError("the desk is not open yet")
        return self._desk

    def open_with(self, desk: Desk) -> None:
        """Take the desk that was opened in a thread."""
        self._desk = desk

    @property
    def tz(self) -> str:
        """The person's time zone."""
        return self._desk.actor.tz if self._desk is not None else "UTC"

    def now(self) -> int:
        """The present instant."""
        return self.clock.now()

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until no write is under way, at most so long."""
        if self.writing:
            await asyncio.wait(set(self.writing), timeout=seconds)


def _nothing() -> None:
    """There is no feed to look at yet."""
