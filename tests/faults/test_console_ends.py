"""Fault 2: the line is cut, the process is told to end, or it is killed, while somebody types."""

from __future__ import annotations

import sys
import termios
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.tables.core import journal
from deskterm.doctor import examine
from tests.desks import Cast
from tests.faults.real_console import (
    CROWDED,
    CTRL_S,
    PROMISED_SECONDS,
    Homes,
    desk_of_now,
    end,
    go_on,
    opened,
    start,
    write_reply,
)
from tests.pty_harness import PtyApp
from tests.stopwatch import Stopwatch

WAYS = ("SIGHUP", "SIGTERM", "hang-up", "SIGKILL")

REST = " we looked into it and found it loose"

WITH_FORM = """
import sys
from textual.binding import Binding
from deskterm.drafts import Subject
from screens.app import DeskApp
from screens.form import FormScreen

class WithForm(DeskApp):
    BINDINGS = [Binding("f12", "open_form", priority=True)]
    def action_open_form(self):
        self.push_screen(FormScreen(self.session, Subject("new", "incident")))

app = WithForm(sys.argv[1], "bob")
app.run()
sys.exit(app.return_code or 0)
"""


def written(cast: Cast) -> int:
    """How many lines the journals of all records have."""
    with cast.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(journal)).scalar_one())


def faults(cast: Cast) -> list[str]:
    """What the doctor finds broken; that whoever led the jobs was killed is no more than a warning."""
    return [one.message for one in examine(cast.database, clock=cast.clock) if one.severity == "error"]


def assert_given_back(app: PtyApp) -> None:
    """The terminal is as it was before: no alternate screen, a cursor, and what is typed is echoed, line by line."""
    assert app.output.rfind(b"\x1b[?1049l") > app.output.rfind(b"\x1b[?1049h")
    assert app.output.rfind(b"\x1b[?25h") > app.output.rfind(b"\x1b[?25l")
    for mode in (b"1000", b"1003", b"2004"):
        assert app.output.rfind(b"\x1b[?" + mode + b"l") > app.output.rfind(b"\x1b[?" + mode + b"h"), mode
    local = termios.tcgetattr(app._fd)[3]
    assert local & termios.ECHO
    assert local & termios.ICANON


@pytest.mark.parametrize("how", WAYS)
def test_a_half_typed_reply_comes_back(tmp_path: Path, how: str) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast:
        number = cast.incident(assignee="bob", team="network")
        before = written(cast)
        with start(cast, homes) as app:
            write_reply(opened(app, number), "Dear Maria")
            seen = type_on(app, "Dear Maria", REST) if how == "SIGKILL" else type_out(app, "Dear Maria", REST)
            took = end(app, how)
            assert took < PROMISED_SECONDS * CROWDED
            if how == "SIGTERM":
                assert_given_back(app)
            assert b"Traceback" not in app.output
        assert written(cast) == before, "nothing was sent"
        assert faults(cast) == []
        [draft] = homes.drafts()
        kept = draft["content"]["text"]
        assert kept.startswith(seen), "what stood on the screen a second before is kept"
        assert f"Dear Maria{REST}".startswith(kept)
        with start(cast, homes) as app:
            go_on(app)
            app.send("r")
            app.wait_text(kept[:40])
            app.settle()
            app.send(CTRL_S)
            app.wait_until(lambda: written(cast) > before, "the reply to be sent")
            app.wait_until(lambda: homes.drafts() == [], "the draft to be done with")
        assert [line.text for line in cast.ada.show(number).journal if line.text] == [kept.strip()]


def type_out(app: PtyApp, before: str, text: str) -> str:
    """Type on at once; return what stands on the screen. Who is told to end must keep every letter of it."""
    app.send(text)
    app.wait_text(before + text)
    return before + text


def type_on(app: PtyApp, before: str, text: str) -> str:
    """Type on at twenty keys a second; return what stood on the screen a second before the last key."""
    watch = Stopwatch()
    shown: list[tuple[float, str]] = [(watch.seconds, before)]
    for i, key in enumerate(text, 1):
        app.send(key)
        tick = Stopwatch()
        while tick.wall_seconds < 0.05:
            app.pump(0.01)
        if before + text[:i].rstrip() in app.text:
            shown.append((watch.seconds, before + text[:i].rstrip()))
    app.wait_text(before + text)
    end = watch.seconds
    return max((words for at, words in shown if at <= end - PROMISED_SECONDS), key=len, default=before)


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_a_half_filled_form_is_offered_to_the_next_console(tmp_path: Path, how: str) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast:
        number = cast.incident(assignee="bob", team="network")
        before = written(cast)
        command = [sys.executable, "-c", WITH_FORM, str(cast.database.path)]
        with PtyApp(command, rows=30, columns=110, environ=homes.environ) as app:
            opened(app, number).send("\x1b[24~")
            app.wait_text("ummary")
            app.settle()
            app.send("Monitor stays dark")
            app.wait_text("Monitor stays dark")
            if how == "SIGKILL":
                watch = Stopwatch()
                app.wait_until(lambda: any("stays dark" in str(one) for one in homes.drafts()), "a draft")
                assert watch.seconds < PROMISED_SECONDS * CROWDED
            assert end(app, how) < PROMISED_SECONDS * CROWDED
            if how == "SIGTERM":
                assert_given_back(app)
        assert written(cast) == before
        assert faults(cast) == []
        with PtyApp(command, rows=30, columns=110, environ=homes.environ) as app:
            go_on(app)
            app.wait_text("Monitor stays dark")
