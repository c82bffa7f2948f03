"""Runs a program on a pseudo-terminal, shows its screen through pyte, and counts the bytes it writes.

Bytes are what a slow line carries and are the same on every machine, so they may be tested; times may not.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import pyte

from tests.at_rest import wants_processor
from tests.processes import PATIENCE_SECONDS

REPOSITORY: Final = Path(__file__).resolve().parent.parent

_UNKNOWN_TO_PYTE: Final = re.compile(rb"\x1b\[[>=<][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\]22;[^\x07]*\x07|\x1b\[[0-9;]*t")
_CUT_SEQUENCE: Final = re.compile(rb"\x1b(?:\[[0-9;?>=<$]*|\][^\x07]*)?$")


class ScreenCell(NamedTuple):
    """What a person sees in one cell."""

    text: str
    foreground: str
    background: str
    bold: bool
    italic: bool
    reverse: bool


class PtyTimeout(AssertionError):
    """What was waited for did not come; the message shows the screen."""


class PtyApp:
    """A program with a terminal of its own. Use it in a `with` statement: the program is ended at its end."""

    def __init__(
        self, arguments: Sequence[str], *, rows: int = 40, columns: int = 120, environ: Mapping[str, str] | None = None
    ) -> None:
        """Start a program.

        Args:
            arguments: The command line.
            rows: Height of the terminal.
            columns: Width of the terminal.
            environ: Variables besides the inherited ones; an empty value takes one away.
        """
        self.screen = pyte.Screen(columns, rows)
        self.output = bytearray()
        """Everything the program wrote."""
        self.status: int | None = None
        """Exit status, or minus the signal that ended it; `None` while it runs."""
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        told = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "TEXTUAL_ANIMATIONS": "none",
            "PYTHONPATH": str(REPOSITORY),
            "NO_COLOR": "",
            "SSH_CONNECTION": "",
            "LINES": "",  # readline leaves a size of its own to whatever a test runner starts
            "COLUMNS": "",
            **(environ or {}),
        }
        merged = {**os.environ, **told}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _set_size(0, rows, columns)  # before it can ask
            os.execvpe(arguments[0], list(arguments), {name: value for name, value in merged.items() if value})

    @classmethod
    def python(cls, script: str | Path, *arguments: str, **options: object) -> Self:
        """Start a Python script with this interpreter; the options are those of the constructor."""
        return cls([sys.executable, str(script), *arguments], **options)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # Input.

    def send(self, data: bytes | str) -> None:
        """Type; what does not fit into the terminal at once is sent as the program reads."""
        pending = data.encode() if isinstance(data, str) else data
        while pending:
            self.pump(0)
            _, writable, _ = select.select([], [self._fd], [], 0.1)
            if writable:
                pending = pending[os.write(self._fd, pending[:1024]) :]

    def paste(self, text: str) -> None:
        """Paste as a terminal does, in brackets."""
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(rows, columns)
        _set_size(self._fd, rows, columns)

    def kill(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away, as a dropped connection does."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    # Output.

    def pump(self, seconds: float = 0.02) -> int:
        """Read what is there, waiting at most so long; returns the number of bytes, -1 at the end."""
        if self._fd < 0:
            return -1
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return 0
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return -1
        if not data:
            return -1
        self.output += data
        self._feed(data)
        return len(data)

    def settle(self, quiet: float = 0.25, limit: float = 20.0) -> int:
        """Read until nothing came for a while in which the program had nothing to do; returns the number of bytes.

        A program that waits for a processor is not at rest, however long it says nothing: a loaded machine changes no answer.
        """
        count, start, last = 0, time.monotonic(), time.monotonic()
        while time.monotonic() - last < quiet and time.monotonic() - start < limit:
            got = self.pump()
            if got < 0:
                break
            if got or wants_processor(self.pid):
                count, last = count + got, time.monotonic()
        return count

    def wait_until(self, true: Callable[[], bool], what: str, limit: float = PATIENCE_SECONDS) -> None:
        """Read until something holds.

        Raises:
            PtyTimeout: it did not within the limit, or the program ended before.
        """
        end = time.monotonic() + limit
        while not true():
            if time.monotonic() > end or (self.pump() < 0 and not true()):
                raise PtyTimeout(f"waited for {what}; the screen shows\n{self.text}")

    def wait_text(self, text: str, limit: float = PATIENCE_SECONDS) -> None:
        """Read until a text is on the screen; raises `PtyTimeout`."""
        self.wait_until(lambda: text in self.text, repr(text), limit)

    def bytes_for(self, keys: bytes | str, quiet: float = 0.25) -> int:
        """Type, and count the bytes written in answer until the screen rests."""
        before = len(self.output)
        self.send(keys)
        self.wait_until(lambda: len(self.output) > before, f"an answer to {keys!r}")
        self.settle(quiet)
        return len(self.output) - before

    def key_output(self, keys: bytes | str, quiet: float = 0.25) -> bytes:
        """Type, and give what was written until the screen rests; empty when nothing was."""
        before = len(self.output)
        self.send(keys)
        self.settle(quiet)
        return bytes(self.output[before:])

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return list(self.screen.display)

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def cells(self) -> list[list[ScreenCell]]:
        """The screen cell by cell, with colours."""
        buffer = self.screen.buffer
        return [
            [
                ScreenCell(cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.reverse)
                for cell in (buffer[y][x] for x in range(self.screen.columns))
            ]
            for y in range(self.screen.lines)
        ]

    def rss(self) -> int:
        """Resident memory in bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        raise ProcessLookupError(self.pid)

    # The end.

    def wait(self, limit: float = PATIENCE_SECONDS) -> int:
        """Wait for the program to end by itself; returns its status.

        Raises:
            PtyTimeout: it still runs.
        """
        end = time.monotonic() + limit
        while self._running():
            if time.monotonic() > end:
                raise PtyTimeout(f"the program did not end; the screen shows\n{self.text}")
            if self.pump() < 0:
                select.select([], [], [], 0.02)
        while self.pump(0) > 0:
            pass
        assert self.status is not None
        return self.status

    def close(self) -> None:
        """End the program, by force where it must be."""
        for number, limit in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            if not self._running():
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            with contextlib.suppress(PtyTimeout):
                self.wait(limit)
        self.hang_up()

    def _running(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is None

    def _feed(self, data: bytes) -> None:
        """Show output, less what pyte misreads; a sequence cut in two by the read is held back."""
        data = self._held + data
        cut = _CUT_SEQUENCE.search(data[-64:])
        keep = len(data) if cut is None else len(data) - len(cut.group())
        self._held = data[keep:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[:keep]))


def _set_size(terminal: int, rows: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
