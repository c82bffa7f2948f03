"""Nothing leads out of the desk, and it ends in order whatever ends it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from tests.pty_harness import PtyApp
from tests.widgets.kitchen import Kitchen
from widgets.hardened_app import HardenedApp


async def test_addresses_are_shown_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url, *_: opened.append(url))
    app = Kitchen()
    async with app.run_test(notifications=True) as pilot:
        app.open_url("http://example.org/\x1b[31m[/b]")
        await pilot.pause()
        assert opened == []
        assert [note.message for note in app._notifications] == ["http://example.org/␛[31m[/b]"]


async def test_no_command_and_no_action_writes_pictures_or_suspends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    stopped: list[int] = []
    monkeypatch.setattr("os.kill", lambda pid, number: stopped.append(number))
    app = Kitchen()
    async with app.run_test() as pilot:
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "Quit" in titles
        assert not [title for title in titles if "creenshot" in title]
        await app.run_action("app.screenshot")
        await app.run_action("app.suspend_process")
        await pilot.pause()
    assert os.listdir(tmp_path) == []
    assert stopped == []


async def test_what_cannot_be_encoded_can_be_copied() -> None:
    app = Kitchen()
    async with app.run_test():
        app.copy_to_clipboard("a\ud800b")
        assert app.clipboard == "a?b"


async def test_a_hang_up_saves_once_and_ends(tmp_path: Path) -> None:
    app = Kitchen()
    app.saved = tmp_path / "draft"
    async with app.run_test() as pilot:
        app.hang_up("test", 129)
        app.saved.unlink()
        app.hang_up("test", 143)
        await pilot.pause()
    assert not app.saved.exists()
    assert app.return_code == 129


def kitchen(*arguments: str, thin: str = "on") -> PtyApp:
    return PtyApp([sys.executable, "-m", "tests.widgets.kitchen", *arguments], environ={"DESKTERM_THIN": thin})


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_saves_the_draft_and_gives_the_terminal_back(number: signal.Signals, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    with kitchen("all", "100", str(draft)) as app:
        app.wait_text("READY")
        app.settle()
        app.kill(number)
        assert app.wait() == 128 + number
        assert draft.read_text().startswith("13:31 swapped cable")
        assert b"\x1b[?1049l" in app.output
        assert b"Traceback" not in app.output


OUT_OF_ORDER = """
from textual import events
from textual.geometry import Size
from textual.widgets import Static
from widgets.hardened_app import HardenedApp

class OutOfOrder(HardenedApp):
    def compose(self):
        yield Static("", id="size")
    def on_resize(self, event):
        self.query_one("#size", Static).update(f"{event.size.width} by {event.size.height}")
    def on_key(self, event):
        self.post_message(events.Resize(Size(40, 10), Size(40, 10)))

OutOfOrder().run()
"""


def test_an_older_size_that_arrives_last_is_put_right() -> None:
    with PtyApp([sys.executable, "-c", OUT_OF_ORDER], rows=24, columns=80) as app:
        app.wait_text("80 by 24")
        app.settle()
        before = len(app.output)
        app.send("k")
        app.wait_until(lambda: b"40 by 10" in app.output[before:], "the older size to be taken")
        app.wait_text("80 by 24")


def test_a_lost_terminal_saves_the_draft(tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    with kitchen("all", "100", str(draft)) as app:
        app.wait_text("READY")
        app.settle()
        app.hang_up()
        assert app.wait() == 129
        assert draft.read_text().startswith("13:31 swapped cable")


def test_a_lost_terminal_is_noticed_where_the_signal_is_ignored(tmp_path: Path) -> None:
    """As under nohup: only the look at the terminal itself tells."""
    draft = tmp_path / "draft"
    script = tmp_path / "deaf.py"
    script.write_text(
        "import sys\n"
        "import widgets.hardened_app as h\n"
        "h.SIGNALS = ()\n"
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from tests.widgets.kitchen import main\n"
        "main(sys.argv[1:])\n"
    )
    with PtyApp([sys.executable, str(script), "all", "100", str(draft)]) as app:
        app.wait_text("READY")
        app.settle()
        app.hang_up()
        assert app.wait() == 129
        assert draft.exists()


class Crashing(HardenedApp[None]):
    """Fails with a value that would set the title and the clipboard of the terminal."""

    def compose(self) -> ComposeResult:
        yield Static("READY")

    def key_x(self) -> None:
        hostile = "\x1b]0;owned\x07\x1b]52;c;cm0=\x07\x9b31m"
        raise RuntimeError(hostile)


def test_the_last_words_of_a_crash_are_clean_too() -> None:
    with PtyApp([sys.executable, "-c", "from tests.widgets.test_hardened_app import Crashing; Crashing().run()"]) as app:
        app.wait_text("READY")
        app.settle()
        before = len(app.output)
        app.send("x")
        app.wait()
        words = bytes(app.output[before:]).split(b"\x1b[?1004l")[-1]
        assert b"RuntimeError" in words
        assert b"\x1b]" not in words
        assert "\x9b".encode() not in words
