"""How a screen speaks with the desk: in threads, one reading of a sort at a time, writes never cut short, refusals in words.

The event loop never touches the database. `DeskScreen` and `DeskModal` are built on this; what they show is their business.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable

from textual.screen import Screen
from textual.worker import Worker

from deskterm.errors import DatabaseError, DeskError
from screens.replacing import replace_work
from widgets.safe_text import visible

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from screens.session import Session

Result = TypeVar("Result")
T = TypeVar("T")

SENTENCE = 300
"""Cells of a refusal that are shown."""


@runtime_checkable
class Telling(Protocol):
    """A screen with a place for what is said in passing."""

    def tell(self, sentence: str) -> bool:
        """Say it, if there is room for it."""
        ...


class Calling(Screen[Result], Generic[Result]):
    """A screen that reads and writes."""

    def __init__(
        self,
        session: Session,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a screen of a session, whose desk need not be open yet."""
        super().__init__(name=name, id=id, classes=classes)
        self.session = session

    @property
    def desk(self) -> Desk:
        """The desk; only for functions that run in a thread, and for what it holds in memory."""
        return self.session.desk

    @property
    def alive(self) -> bool:
        """Whether there is still something to show: what was read for a screen that is gone meanwhile is nobody's."""
        return self.is_attached and self.is_running and bool(self.children)

    @property
    def awaited(self) -> bool:
        """Whether what the screen is for is still being read: keys typed meanwhile are meant for it, and wait a moment."""
        return False

    @property
    def unsaved(self) -> str:
        """What is typed here and saved nowhere, in a few words; empty if nothing is."""
        return ""

    def save_draft(self) -> None:
        """Keep what is being typed, quickly: the person is gone or about to go."""

    async def call(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a function in a thread and return what it returns.

        Raises:
            DeskError: as the function does.
        """
        try:
            return await asyncio.to_thread(function, *args, **kwargs)
        except DatabaseError:
            self.session.nudge()  # the feed finds out whether the whole database is away, and when it is back
            raise

    async def commit(self, function: Callable[[], T]) -> T:
        """Write in a thread and return what came of it. Nothing cuts it short, though nobody may wait for the answer.

        Raises:
            DeskError: as the function does.
        """
        task = asyncio.create_task(self.call(function))
        self.session.writing.add(task)
        task.add_done_callback(self.session.writing.discard)
        done = await asyncio.shield(task)
        self.session.nudge()
        return done

    def read(self, group: str, function: Callable[[], T], then: Callable[[T], object]) -> Worker[None]:
        """Read in a thread, then show; a newer reading of the group makes an older one worthless.

        Args:
            group: Names what is read; of one group only the newest reading is shown.
            function: Called in a thread.
            then: Called with the result, on this screen.
        """
        return replace_work(self, partial(self._reading, function, then), group)

    async def _reading(self, function: Callable[[], T], then: Callable[[T], object]) -> None:
        try:
            found = await self.call(function)
        except DeskError as refusal:
            self.refuse(refusal)
        else:
            if self.alive:
                then(found)

    def write(
        self,
        function: Callable[[], T],
        then: Callable[[T], object] | None = None,
        *,
        refused: Callable[[DeskError], object] | None = None,
    ) -> None:
        """Write in a thread. Nothing cancels it: not leaving the screen, not the end of the console.

        Args:
            function: Called in a thread.
            then: Called with the result; not when the screen is gone by then.
            refused: Called instead of `refuse` when the desk refuses.
        """
        task = asyncio.create_task(self._writing(function, then, refused))
        self.session.writing.add(task)
        task.add_done_callback(self.session.writing.discard)

    async def _writing(
        self, function: Callable[[], T], then: Callable[[T], object] | None, refused: Callable[[DeskError], object] | None
    ) -> None:
        try:
            done = await self.commit(function)
        except DeskError as refusal:
            (refused or self.refuse)(refusal)
        else:
            if then is not None and self.alive:
                then(done)

    def converse(self, steps: Coroutine[Any, Any, None], group: str = "conversation") -> Worker[None] | None:
        """Run a conversation: asking by windows, then acting. A refusal ends it in words; before the desk is open none begins."""
        if not self.session.is_open:
            steps.close()
            self.say("The desk is still being opened.")
            return None
        worker = replace_work(self, partial(self._conversing, steps), group)
        weakref.finalize(worker, steps.close).atexit = False  # one that was replaced before its turn is not missed
        return worker

    async def _conversing(self, steps: Awaitable[None]) -> None:
        try:
            await steps
        except DeskError as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: DeskError) -> None:
        """Say why something was not done: one clear line. What stands across the screen already is not said again."""
        if refusal.message == self.session.trouble:
            return
        self.say(refusal.message, severity="error")

    def say(self, sentence: str, *, severity: str = "information") -> None:
        """Say something in passing; the text may come from anywhere. What went wrong stands out."""
        below = next((screen for screen in reversed(self.app.screen_stack) if isinstance(screen, Telling)), None)
        if severity == "information" and below is not None and below.tell(sentence):
            return
        if below is not None:
            below.tell("")
        level: Any = severity
        self.app.notify(visible(sentence, SENTENCE, ascii_only=self.session.ascii_only), severity=level, markup=False)
