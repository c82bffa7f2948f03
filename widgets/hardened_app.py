"""The application every console is built on: safe lines, thin display, nothing that leads out of the desk, an orderly end.

What a draft is and what to save belongs to the application built on it (`on_hangup`).
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import select
import shutil
import signal
import sys
import threading
import weakref
from collections import deque
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, Final

from rich.console import Console
from textual import events, on
from textual.app import App, ReturnType, ScreenStackError, SystemCommand
from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker, WorkerFailed, get_current_worker

from widgets.ascii_lines import AsciiLineFilter
from widgets.colourless import ColourlessFilter
from widgets.safe_text import SafeLineFilter, visible
from widgets.terminal import Terminal, terminal_of
from widgets.thin_display import ThinDisplay, thin_wanted

SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
LAST_RESORT_SECONDS: Final = 10.0
"""After a hang-up the process ends by force if it has not ended by itself: its loop may hang on a dead terminal."""
RESIZED_SECONDS: Final = 0.25
"""So long after the last change of its size the terminal is asked for it once more."""
POLL_SECONDS: Final = 5.0
"""How often the terminal is looked at when no signal came."""
LEADING: Final = frozenset({"conversation", "perform", "send", "list"})
"""Groups of workers that end in a window, another screen or another list: what is typed meanwhile is meant for that."""
PATIENCE_SECONDS: Final = 2.0
"""So long the keys wait for such a worker; a database that is away holds nobody up for longer."""
LOOK_SECONDS: Final = 0.01
"""How often they look for it."""
BUSY_SECONDS: Final = 0.2
"""So long they wait for one widget's messages."""
ROUNDS: Final = 8
"""So often messages are let through at most after a key; two rounds are usual, a key that opens a screen needs four."""


class _CleanErrors(StringIO):
    """The error stream for the last words of a crash, whose quoted values may hold anything."""

    def write(self, text: str) -> int:
        sys.stderr.write("\n".join(visible(line) for line in text.split("\n")))
        return len(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _let_go_of_terminal() -> None:
    """Throw away what a terminal that is gone did not take: to try it again at the end would hide the exit status."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with open(os.devnull, "wb") as nothing, contextlib.suppress(OSError, ValueError):
                os.dup2(nothing.fileno(), stream.fileno())


class HardenedApp(ThinDisplay[ReturnType]):
    """An application fit for a person who reached it through SSH and must get no further than the desk."""

    _safe_lines = SafeLineFilter()
    _no_colours = ColourlessFilter()
    _only_ascii = AsciiLineFilter()
    _leaving = False

    def __init__(self) -> None:
        super().__init__()
        self.terminal: Terminal = terminal_of(os.environ)
        """What the terminal can do; style sheets know it by the classes `-ascii`, `-mono`, `-few-colours`."""
        self.error_console = Console(file=_CleanErrors(), color_system=None, markup=False, highlight=False)
        self.thin = thin_wanted(os.environ)
        # A moving frame is sent line by line and says nothing.
        self.animation_level = "none"
        for name in self.terminal.classes:
            self.add_class(name)
        self._ended = threading.Event()
        self._size_timer: Timer | None = None
        self._typed: deque[events.Event] = deque()
        self._in_turn: asyncio.Task[None] | None = None
        self._asking: set[Worker[Any]] = set()
        self._given_up: weakref.WeakSet[object] = weakref.WeakSet()

    def begin_with(self, theme: str) -> None:
        """Dress before the first frame: set later, a theme has every style sheet read a second time.

        Args:
            theme: The name of a registered theme.
        """
        self.set_reactive(App.theme, theme)
        dark = self.current_theme.dark
        self.set_class(dark, "-dark-mode", update=False)
        self.set_class(not dark, "-light-mode", update=False)
        self.set_class(True, f"-theme-{theme}", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_hangup(self) -> None:
        """The person is gone or the machine goes down: save what is being typed, quickly and without asking."""

    def hang_up(self, reason: str, return_code: int = 129) -> None:
        """Save and end, once.

        Args:
            reason: What happened, for the log.
            return_code: Exit status; the shell's convention is 128 and the number of the signal.
        """
        if self._leaving:
            return
        self._leaving = True
        atexit.register(_let_go_of_terminal)
        self.log.system(f"leaving: {reason}")
        threading.Thread(target=self._end_by_force, args=(return_code,), name="deskterm-end", daemon=True).start()
        try:
            self.on_hangup()
        finally:
            self.exit(return_code=return_code)

    def _end_by_force(self, return_code: int) -> None:
        if not self._ended.wait(LAST_RESORT_SECONDS):
            os._exit(return_code)

    # Keys in their turn.

    async def on_event(self, event: events.Event) -> None:
        """Obey a key only once what the key before it leads to is there: over a slow line several arrive at once.

        Textual sends each to what has the focus as it arrives: of `/vpn` in one packet the letters would be commands.
        """
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._in_turn is not None:
            self._typed.append(event)
        elif self._types(event):
            await super().on_event(event)
        else:
            self._in_turn = asyncio.create_task(self._obey_in_turn(), name="keys in turn")
            if self._awaited() is None:
                await super().on_event(event)
            else:
                self._typed.append(event)

    @property
    def has_keys_waiting(self) -> bool:
        """Whether a key is still being obeyed, and others may wait for it."""
        return self._in_turn is not None

    def _types(self, event: events.Event) -> bool:
        """Whether a key only types where the focus is: it leads nowhere, and the next one need not wait for it."""
        field = self.focused
        return isinstance(event, events.Key) and field is not None and field.check_consume_key(event.key, event.character)

    async def _obey_in_turn(self) -> None:
        """See through what is under way, then obey the keys that came meanwhile, one after the other."""
        try:
            await self._see_through()
            while self._typed and self.is_running:
                event = self._typed.popleft()
                types = self._types(event)
                await super().on_event(event)
                if not types:
                    await self._see_through()
        except ScreenStackError:
            self.log.system("the last screen is gone: no key is waited for")
        except Exception as error:  # broad: as in Textual's own loop, where a key without others around it is obeyed
            self._handle_exception(error)
        finally:
            self._in_turn = None

    async def _see_through(self) -> None:
        """Wait until a key is obeyed as far as that decides where the next one goes."""
        waited = 0.0
        while self.is_running:
            screen = self.screen
            was_mounted = screen.is_mounted
            await self._let_messages_through()
            awaited = self._awaited()
            if awaited is None and was_mounted and screen is self.screen:
                return
            if waited >= PATIENCE_SECONDS:
                if awaited is None:
                    return
                self._given_up.add(awaited)
            waited += LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)

    async def _let_messages_through(self) -> None:
        """Wait until what has the focus and all above it have dealt with their messages, and the focus stays where it is."""
        place: object = None
        for _ in range(ROUNDS):
            pumps = (self.focused or self.screen).ancestors_with_self
            for pump in pumps:
                through = asyncio.Event()
                if pump.call_later(through.set):
                    with contextlib.suppress(TimeoutError):  # it is busy with something long, or was taken off the screen
                        await asyncio.wait_for(through.wait(), BUSY_SECONDS)
            before, place = place, (self.screen, self.focused)
            if place == before and not any(pump.message_queue_size for pump in pumps):
                return

    def _awaited(self) -> object | None:
        """What the next key waits for: a worker that has not asked the person anything yet, or a screen that shows nothing."""
        screen = self.screen
        for worker in self.workers:
            leads = worker.group in LEADING and worker.node in (screen, self) and not worker.is_finished
            if leads and worker not in self._asking and worker not in self._given_up:
                return worker
        if not getattr(screen, "awaited", False):
            self._given_up.discard(screen)
            return None
        return None if screen in self._given_up else screen

    async def push_screen_wait(self, screen: Screen[Any] | str, *, mode: str | None = None) -> Any:
        """Push a screen and return what it answers; the keys no longer wait for the worker that asks."""
        worker = get_current_worker()
        self._asking.add(worker)
        try:
            return await super().push_screen_wait(screen, mode=mode)
        finally:
            self._asking.discard(worker)

    # A fault of the program.

    def last_words(self, error: BaseException) -> str:
        """What the person reads after a crash. Neither the error's message nor a variable: both may quote what was typed.

        Args:
            error: What nobody foresaw.
        """
        return f"the console ended because of a fault of its own ({type(error).__name__})"

    def _handle_exception(self, error: Exception) -> None:
        """Save and end; instead of Textual's traceback, which prints every variable, say one sentence."""
        self._return_code = 1
        if self._exception is not None:
            return
        self._exception = error
        self._exception_event.set()
        try:
            self.on_hangup()
        except Exception:  # broad: half a screen may be left, and the first error is the one to tell
            self.log.error("what was being typed could not be saved")
        cause = error.error if isinstance(error, WorkerFailed) else error
        self._exit_renderables.append(f"error: {self.last_words(cause)}")
        self._close_messages_no_wait()

    # The size of the terminal.

    @on(events.Resize)
    def _resized(self) -> None:
        """Ask the terminal for its size once more when it has come to rest."""
        if self.is_headless:
            return
        if self._size_timer is not None:
            self._size_timer.stop()
        self._size_timer = self.set_timer(RESIZED_SECONDS, self._ask_size, name="size")

    def _ask_size(self) -> None:
        """Follow the true size: a signal that interrupts the handler of another makes Textual take the older for the later."""
        size = Size(*shutil.get_terminal_size())
        if size != self.size:
            self.post_message(events.Resize(size, size))

    # The orderly end.

    def on_mount(self) -> None:
        """Listen for signals and for a terminal that went away; a headless application has neither."""
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.hang_up, number.name, 128 + number)
        threading.Thread(target=self._watch_terminal, args=(loop,), name="deskterm-terminal", daemon=True).start()

    def on_unmount(self) -> None:
        """Stop watching; a signal from here on ends the process as usual."""
        self._ended.set()
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    def _watch_terminal(self, loop: asyncio.AbstractEventLoop) -> None:
        """Notice a hang-up that brought no signal: one that is ignored, or a loop that waits for the dead terminal."""
        stdin = sys.__stdin__
        if stdin is None:
            return
        poll = select.poll()
        poll.register(stdin.fileno(), 0)
        while not self._ended.is_set():
            if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(POLL_SECONDS * 1000)):
                if not loop.is_closed():
                    loop.call_soon_threadsafe(self.hang_up, "the terminal is gone")
                self._end_by_force(129)
                return

    # Nothing leads out.

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and ours: no colours and no Unicode where there are none, and every line harmless."""
        colours = [] if self.terminal.colours else [self._no_colours]
        letters = [] if self.terminal.unicode else [self._only_ascii]
        return [*super().get_line_filters(), *colours, self._safe_lines, *letters]

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Show an address instead of opening it: a browser would run on the server."""
        self.notify(visible(url, 200), title="Address", markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy to the person's own clipboard, also what cannot be encoded."""
        super().copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's commands without the one that writes files on the server."""
        for command in super().get_system_commands(screen):
            if command.callback != self.deliver_screenshot and command.title != "Screenshot":
                yield command

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Refuse: the file would be written on the server."""
        self.notify("Pictures of the screen are not written from the desk.", markup=False)

    def action_suspend_process(self) -> None:
        """Refuse: behind a suspended desk there may be a shell, or nothing at all."""
        self.notify("The desk cannot be suspended; open a second session instead.", markup=False)
