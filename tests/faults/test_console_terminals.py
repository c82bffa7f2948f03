"""Fault 18: terminals that are tiny, change their size without end, can do little, or are none at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskterm.job_runs import status
from tests.desks import Cast
from tests.faults.real_console import ENTER, ESCAPE, Homes, desk_of_now, opened, start
from tests.pty_harness import PtyApp

SGR = re.compile(rb"\x1b\[([0-9;]*)m")
COLOUR = re.compile(rb"(?:^|;)(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;|$)")
NUMBER = "INC-00001"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Cast]:
    """One incident of bob's, with letters that not every terminal has."""
    with desk_of_now(tmp_path) as cast:
        cast.incident(assignee="bob", team="network", summary="Zoë: Prüfung → läuft ░ nicht 日本")
        yield cast


def processor_seconds(app: PtyApp) -> float:
    """How long the process has computed so far."""
    fields = Path(f"/proc/{app.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def led(cast: Cast) -> bool:
    """Whether the console leads the jobs and has run each: what it does once it has done by then."""
    found = status(cast.database)
    return found.leader is not None and all(job.runs for job in found.jobs)


def use(app: PtyApp, looks_for: str = "response") -> None:
    """Open the record, look at it, go back, ask for help, leave."""
    app.send(ENTER)
    app.wait_text(looks_for)
    app.send(ESCAPE)
    app.wait_text("1 found")
    app.send("?")
    app.wait_text(" Keys ")
    app.settle()
    app.send(ESCAPE)
    app.wait_until(lambda: " Keys " not in app.text and "1 found" in app.text, "the queue again")
    app.settle()
    app.send("q")
    assert app.wait() == 0
    assert b"Traceback" not in app.output


def test_twenty_by_five_is_enough_to_work(desk: Cast, tmp_path: Path) -> None:
    with start(desk, Homes(tmp_path), rows=5, columns=20) as app:
        app.wait_text(NUMBER)
        app.settle()
        use(app, looks_for="resolut")
    with start(desk, Homes(tmp_path), rows=5, columns=20) as app:
        app.wait_text(NUMBER)
        app.settle()
        app.send("r")
        app.wait_text("Reply: ")
        app.settle()
        app.send("Hello\x13")
        app.wait_until(lambda: "Hello" in [line.text for line in desk.ada.show(NUMBER).journal], "the reply to be sent")


def test_a_size_that_changes_fifty_times_leaves_a_whole_screen_and_a_resting_process(desk: Cast, tmp_path: Path) -> None:
    with start(desk, Homes(tmp_path)) as app:
        opened(app, NUMBER)
        whole = [line for line in app.lines if NUMBER in line]
        for i in range(50):
            app.resize(3 + (i * 7) % 40, 10 + (i * 13) % 150)
            app.pump(0)
        app.resize(30, 110)
        app.settle()
        app.send("\x0c")  # pyte keeps what it cut off otherwise
        app.wait_until(lambda: [line for line in app.lines if NUMBER in line] == whole, "the same rows as before")
        app.wait_until(lambda: led(desk), "the jobs to have been run once")
        app.settle()
        before = processor_seconds(app)
        app.settle(quiet=5, limit=1.5)
        assert processor_seconds(app) - before < 0.6, "it spins"
        use(app)


@pytest.mark.parametrize("term", ["vt100", "linux", "screen"])
def test_plain_terminals_are_served_in_their_own_colours(desk: Cast, tmp_path: Path, term: str) -> None:
    with start(desk, Homes(tmp_path), environ={"TERM": term, "COLORTERM": ""}) as app:
        opened(app, NUMBER)
        use(app)
        assert app.output.isascii() == (term != "screen")
        many = [codes for codes in SGR.findall(app.output) if re.search(rb"(?:38|48);[25]", codes)]
        assert many == [], "more colours than sixteen"


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LANG": "", "LC_ALL": "POSIX"}, {"LANG": "de_DE.ISO-8859-1"}])
def test_without_utf_8_every_byte_is_ascii(desk: Cast, tmp_path: Path, locale: dict[str, str]) -> None:
    with start(desk, Homes(tmp_path), environ={"LC_ALL": "", "LC_CTYPE": "", **locale}) as app:
        opened(app, NUMBER)
        assert "Zoe: Prufung ? lauft" in app.text
        use(app)
        assert app.output.isascii()


def test_no_color_sends_no_colour(desk: Cast, tmp_path: Path) -> None:
    with start(desk, Homes(tmp_path), environ={"NO_COLOR": "1"}) as app:
        opened(app, NUMBER)
        use(app)
        coloured = {codes for codes in SGR.findall(app.output) if COLOUR.search(codes)}
        assert coloured == set()


def test_a_dumb_terminal_is_refused_with_a_sentence(desk: Cast, tmp_path: Path) -> None:
    with start(desk, Homes(tmp_path), environ={"TERM": "dumb"}) as app:
        assert app.wait() == 2
        words = app.output.decode()
        assert words.startswith("error: this terminal (TERM=dumb) cannot place text")
        assert words.count("\n") == 1
        assert "\x1b" not in words


def test_without_a_terminal_it_is_refused(desk: Cast, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deskterm", "--database", str(desk.database.path), "--as", "bob"]
    environ = {name: value for name, value in {**os.environ, **Homes(tmp_path).environ}.items() if value}
    ended = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, env=environ, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: the console needs a terminal")
    assert ended.stderr.count("\n") == 1


def test_a_redirected_error_stream_is_refused(desk: Cast, tmp_path: Path) -> None:
    """The console draws on it."""
    told = tmp_path / "told"
    line = f'exec "{sys.executable}" -m deskterm --database "{desk.database.path}" --as bob 2>"{told}"'
    with PtyApp(["/bin/sh", "-c", line], environ=Homes(tmp_path).environ) as app:
        assert app.wait() == 2
        assert app.output == b""
    assert told.read_text().startswith("error: the console needs a terminal")


def test_a_size_in_the_environment_is_not_taken_for_the_terminals(desk: Cast, tmp_path: Path) -> None:
    with start(desk, Homes(tmp_path), rows=30, columns=110, environ={"LINES": "10", "COLUMNS": "40"}) as app:
        opened(app, NUMBER)
        app.wait_until(lambda: "help" in app.lines[29], "the keys in the terminal's last line")
