"""A progress bar on a terminal: how much is done, how fast, how long it will take. Elsewhere it writes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 24
"""Cells of the bar itself."""
_EVERY_SECONDS = 0.1
_SETTLED_SECONDS = 1.0
"""So long a rate has to be measured before anything is said about the end."""


class ProgressBar:
    """Shows the progress of one piece of work; hand it to whoever does the work, and `clear` it afterwards."""

    def __init__(self, stream: TextIO, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream if stream.isatty() else None
        self._seconds = seconds
        self._began = seconds()
        self._next = 0.0
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        """Show how many bytes of how many are done."""
        now = self._seconds()
        if self._stream is None or (now < self._next and done < total):
            return
        self._next = now + _EVERY_SECONDS
        line = progress_line(done, total, now - self._began)
        self._stream.write(f"\r{line}{' ' * (self._shown - len(line))}")
        self._stream.flush()
        self._shown = len(line)

    def clear(self) -> None:
        """Take the bar away, so that what is said next begins on a clean line."""
        if self._stream is not None and self._shown:
            self._stream.write(f"\r{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0


def progress_line(done: int, total: int, seconds: float) -> str:
    """Return the bar as plain ASCII, at most 60 cells wide."""
    share = min(1.0, done / total) if total else 1.0
    filled = int(WIDTH * share)
    parts = [f"[{'#' * filled}{'.' * (WIDTH - filled)}] {int(100 * share):3} %"]
    if seconds >= _SETTLED_SECONDS and done:
        rate = done / seconds
        parts.append(f"{rate / 1_000_000:.1f} MB/s")
        if done < total:
            left = round((total - done) / rate)
            parts.append(f"{left // 60}:{left % 60:02d} left")
    return "  ".join(parts)
