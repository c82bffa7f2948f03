"""The real console as a process on a terminal of its own, with folders of its own, on a desk of the test's."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from deskterm.clock import SystemClock
from tests.desks import Cast, cast_on
from tests.pty_harness import PtyApp
from tests.stopwatch import Stopwatch

PROMISED_SECONDS: Final = 1.0
"""A process that is told to end is gone within so long; a colleague's work is seen within so long."""
CROWDED: Final = 3.0
"""Times as long as promised, for a machine that runs other tests beside this one; by the stopwatch, that is."""
CTRL_S, ESCAPE, ENTER = "\x13", "\x1b", "\r"


@contextmanager
def desk_of_now(folder: Path) -> Iterator[Cast]:
    """Make a desk that lives by the machine's clock, founded an hour ago."""
    with cast_on(str(folder / "desk.db"), now=SystemClock().now() - 3600) as cast:
        cast.clock.at = SystemClock().now()
        yield cast


class Homes:
    """Where a person's consoles keep what is theirs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def environ(self) -> dict[str, str]:
        """Variables that keep a console within the folder of the test."""
        names = {"HOME": "home", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data"}
        names |= {"XDG_CACHE_HOME": "cache", "XDG_RUNTIME_DIR": "run"}
        for name in names.values():
            (self.folder / name).mkdir(exist_ok=True)
        told = {variable: str(self.folder / name) for variable, name in names.items()}
        return told | {"DESKTERM_STATE": "", "DESKTERM_CONFIG": "", "DESKTERM_DATABASE": "", "DESKTERM_AGENT": ""}

    def drafts(self) -> list[dict[str, Any]]:
        """What is kept of drafts."""
        return [json.loads(path.read_bytes()) for path in self.folder.glob("state/**/*.draft")]


def start(
    cast: Cast, homes: Homes, login: str = "bob", *, rows: int = 30, columns: int = 110, environ: Mapping[str, str] | None = None
) -> PtyApp:
    """Start the console as a person does."""
    command = [sys.executable, "-m", "deskterm", "--database", str(cast.database.path), "--as", login]
    return PtyApp(command, rows=rows, columns=columns, environ={**homes.environ, **(environ or {})})


def opened(app: PtyApp, shown: str) -> PtyApp:
    """Wait until the queue shows a text."""
    app.wait_text(shown)
    app.settle()
    return app


def go_on(app: PtyApp) -> None:
    """Take up the one draft that a console offers when it starts."""
    opened(app, "What you were typing").send("\r")
    opened(app, "Go on with it").send("\r")
    app.settle()


def write_reply(app: PtyApp, text: str) -> None:
    """Begin a reply to the record under the cursor, and leave it half typed."""
    app.send("r")
    app.wait_text("keep for later")
    app.settle()
    app.send(text)
    app.wait_text(text)


def end(app: PtyApp, how: str) -> float:
    """End a console as fate does, and wait until its process is gone; return how long it took."""
    watch = Stopwatch()
    if how == "hang-up":
        app.hang_up()
    else:
        app.kill(signal.Signals[how])
    app.wait()
    return watch.seconds
