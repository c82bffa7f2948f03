"""What the board costs a slow line while nobody touches it and ten clocks tick: bytes, which are the same on every machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from data.engine import Database
from deskterm.clock import SystemClock
from deskterm.job_runs import status
from tests.desks import cast_on, sqlite_file
from tests.pty_harness import PtyApp
from tests.screens.test_board import SUMMARIES
from tests.stopwatch import Stopwatch

SECONDS = 6


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """A desk of the present, around the clock: ten incidents whose responses are due within a quarter of an hour."""
    place, now = sqlite_file(tmp_path), SystemClock().now()
    with cast_on(place, now=now) as cast:
        every_day = {
            "name": "Always",
            "tz": "UTC",
            "hours": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        }
        cast.ada.create("calendar", every_day)
        cast.ada.edit(cast.ada.page(cast.ada.prepare(("agreement",), "*")).rows[0].number, {"calendar": "Always"})
        for i, summary in enumerate(SUMMARIES[:10]):
            cast.incident(summary=summary, team=("network", "desk")[i % 2], assignee="sue", occurred_at=now - 3300 + i * 60)
    return place


def watched(desk: str) -> bool:
    """Whether the console has run every job once: what they find moves the board."""
    database = Database(desk)
    try:
        return all(job.runs for job in status(database).jobs)
    finally:
        database.close()


@pytest.mark.parametrize("size", [(24, 80), (40, 120)], ids=["80x24", "120x40"])
def test_an_idle_board_sends_less_than_half_a_kilobyte_a_second(desk: str, tmp_path: Path, size: tuple[int, int]) -> None:
    rows, columns = size
    home = str(tmp_path)
    environ = {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "DESKTERM_THIN": "on"}
    arguments = [sys.executable, "-m", "deskterm", "--database", desk, "--as", "sue"]
    with PtyApp(arguments, rows=rows, columns=columns, environ=environ) as app:
        app.wait_text("found")
        app.send("6")
        app.wait_text("agreement")
        app.wait_text("! 0:")
        app.wait_until(lambda: watched(desk), "the clocks to be looked at for the first time")
        app.settle(1.0)
        before, watch = len(app.output), Stopwatch()
        while watch.wall_seconds < SECONDS:
            app.pump(0.1)
        sent = len(app.output) - before
        assert 0 < sent / SECONDS <= 500
