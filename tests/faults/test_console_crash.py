"""Fault 38: an error that nobody foresaw, in a key, in a conversation, in a thread that reads. Draft kept, nothing quoted."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.desks import Cast
from tests.faults.real_console import CROWDED, PROMISED_SECONDS, Homes, desk_of_now, go_on, opened, start, write_reply
from tests.faults.test_console_ends import assert_given_back, faults, written
from tests.pty_harness import PtyApp
from tests.stopwatch import Stopwatch

SECRET = "hunter2"
"""A password that stands in a variable and in the error's own words."""

FAILING = """
import sys
from textual.binding import Binding
from screens.app import DeskApp

PASSWORD = "hun" "ter2"

class Failing(DeskApp):
    BINDINGS = [Binding(f"f{n}", f"fail('{how}')", priority=True) for n, how in ((6, "key"), (7, "talk"), (8, "read"))]
    def fail(self):
        secret = PASSWORD
        raise RuntimeError(f"postgresql://desk:{secret}@host/desk refused\\x1b]0;owned\\x07")
    async def talk(self):
        self.fail()
    def action_fail(self, how):
        words = PASSWORD
        if how == "key":
            self.fail()
        screen = self.screen_stack[0]
        if how == "talk":
            screen.converse(self.talk())
        screen.read("fails", self.fail, print)

app = Failing(sys.argv[1], "bob")
app.run()
sys.exit(app.return_code or 0)
"""
KEYS = {"key": "\x1b[17~", "talk": "\x1b[18~", "read": "\x1b[19~"}


def failing(cast: Cast, homes: Homes) -> PtyApp:
    return PtyApp([sys.executable, "-c", FAILING, str(cast.database.path)], rows=30, columns=110, environ=homes.environ)


@pytest.mark.parametrize("where", KEYS)
def test_a_fault_of_the_program_ends_it_in_order(tmp_path: Path, where: str) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast:
        number = cast.incident(assignee="bob", team="network")
        before = written(cast)
        with failing(cast, homes) as app:
            write_reply(opened(app, number), "Dear Maria, half")
            seen = len(app.output)
            watch = Stopwatch()
            app.send(KEYS[where])
            assert app.wait() == 1
            assert watch.seconds < PROMISED_SECONDS * CROWDED
            assert_given_back(app)
            words = bytes(app.output[seen:]).rpartition(b"\x1b[?1049l")[2].decode()
            log = homes.folder / "state" / "deskterm" / "errors.log"
            error_id = re.search(r"report it with id ([0-9a-f]{8})", " ".join(words.split()))
            assert error_id is not None, words
            logged = log.read_text()
            assert f"{error_id[1]} deskterm" in logged
            assert "in fail" in logged, "the log says where"
            for text in (bytes(app.output).decode(), logged):
                assert SECRET not in text
                assert "owned" not in text
            assert "Traceback" not in words
            assert len(words.strip().splitlines()) <= 4, words
        assert written(cast) == before
        assert faults(cast) == []
        with start(cast, homes) as app:
            go_on(app)
            app.send("r")
            app.wait_text("Dear Maria, half")
