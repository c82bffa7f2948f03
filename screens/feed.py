"""Watches the desk in a thread of its own and tells the console what changed, and when the database goes and comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from deskterm.errors import DatabaseError
from screens.messages import DatabaseTrouble, DeskChanged

if TYPE_CHECKING:
    from deskterm.desk import Desk

POLL_SECONDS = 0.5
"""What a colleague does is seen within so long, and a little for reading it."""
TROUBLE_SECONDS = 2.0
"""How often a database that does not answer is asked again."""


class FeedWatch(threading.Thread):
    """Polls the change feed until it is stopped."""

    def __init__(self, desk: Desk, cursor: str, tell: Callable[[Message], object]) -> None:
        """Prepare to watch.

        Args:
            desk: The desk.
            cursor: The feed's position when the first rows were read, or before.
            tell: Takes the messages; called in this thread.
        """
        super().__init__(name="deskterm-feed", daemon=True)
        self._desk = desk
        self._cursor = cursor
        self._tell = tell
        self._wake = threading.Event()
        self._stopped = False

    def nudge(self) -> None:
        """Look at once: this console has just written."""
        self._wake.set()

    def stop(self) -> None:
        """End soon."""
        self._stopped = True
        self._wake.set()

    def run(self) -> None:
        """Poll, tell, wait."""
        trouble = False
        while not self._stopped:
            try:
                changes = self._desk.changes(self._cursor)
            except DatabaseError as problem:
                if not self._stopped:
                    self._tell(DatabaseTrouble(problem.message))
                trouble = True
                self._rest(TROUBLE_SECONDS)
                continue
            self._cursor = changes.cursor
            if trouble:
                trouble = False
                self._tell(DatabaseTrouble(""))
                # What this console read while the database came and went may be of any age.
                self._tell(DeskChanged(everything=True))
            elif changes.overflow:
                self._tell(DeskChanged(everything=True))
            elif changes.items:
                ids = frozenset(change.record_id for change in changes.items)
                self._tell(DeskChanged(ids, frozenset(change.kind for change in changes.items)))
            self._rest(POLL_SECONDS)

    def _rest(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()
