"""The console on a real terminal against a bare application: time to the first frame and row, memory, bytes on the line."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.generate import desk_with
from tests.bench.measure import Line, milliseconds
from tests.pty_harness import PtyApp

ROUNDS = 7
BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("READY")

Bare().run()
"""
FRAME, ROW = "Unassigned", "INC-"
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Both start as an installed program does: from compiled modules."""


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    desk = desk_with(1_000_000, 20)
    with TemporaryDirectory() as folder:
        bare_script = Path(folder) / "bare.py"
        bare_script.write_text(BARE)
        bare, frame, row = _starts(bare_script, desk, folder)
        detail = f"{milliseconds(frame)}, bare {milliseconds(bare)}"
        yield Line("process start to the first frame, to a bare application", frame / bare, 1.2, detail=detail)
        yield Line("process start to the first live queue row, to a bare frame", row / bare, 2.5, detail=milliseconds(row))
        yield from _standing(bare_script, desk, folder)


def _bare(script: Path) -> PtyApp:
    return PtyApp([sys.executable, str(script)], rows=40, columns=120, environ=COMPILED)


def _console(desk: Path, home: str) -> PtyApp:
    arguments = [sys.executable, "-m", "deskterm", "--database", str(desk), "--as", "bob"]
    environ = {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "DESKTERM_THIN": "on"}
    environ |= COMPILED
    return PtyApp(arguments, rows=40, columns=120, environ=environ)


def _starts(script: Path, desk: Path, home: str) -> tuple[float, float, float]:
    """Return median seconds from process start: bare frame, our frame, our first live row; in turns."""
    spent: tuple[list[float], list[float], list[float]] = ([], [], [])
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with _bare(script) as app:
            app.wait_text("READY")
            spent[0].append(time.perf_counter() - start)
        start = time.perf_counter()
        with _console(desk, home) as app:
            app.wait_text(FRAME)
            spent[1].append(time.perf_counter() - start)
            app.wait_text(ROW)
            spent[2].append(time.perf_counter() - start)
    first, second, third = (statistics.median(times) for times in spent)
    return first, second, third


def _standing(script: Path, desk: Path, home: str) -> Iterator[Line]:
    """Yield what a console costs once it stands: memory, and bytes for keys and for nothing at all."""
    with _bare(script) as app:
        app.wait_text("READY")
        app.settle()
        bare = app.rss()
    with _console(desk, home) as app:
        app.wait_text(ROW)
        app.settle(1.0)
        for key in ("j", "j", "k", "\x1b[6~", "G", "g"):
            app.bytes_for(key)
        mebibyte = 1 << 20
        detail = f"{app.rss() / mebibyte:.0f} MiB, bare {bare / mebibyte:.0f} MiB"
        yield Line("resident memory with 1,000,000 tickets, to a bare application", app.rss() / bare, 2.2, detail=detail)
        app.settle(1.0)
        moves = max(app.bytes_for(key, 0.4) for key in "jjkj")
        yield Line("bytes at 120x40: cursor move in the queue", moves, 500, "B")
        before = len(app.output)
        end = time.perf_counter() + 10
        while time.perf_counter() < end:
            app.pump(0.1)
        yield Line("bytes at 120x40: idle queue with 40 running clocks, a second", (len(app.output) - before) / 10, 500, "B")
        app.send("n")
        app.settle(0.5)
        app.send("i")
        app.settle(1.0)
        typed = [app.bytes_for(letter, 0.3) for letter in "the printer"]
        yield Line("bytes at 120x40: a character typed in a form, median", statistics.median(typed), 150, "B")
