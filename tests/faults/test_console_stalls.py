"""Fault 19: whoever reads the screen stops reading, as with ctrl+s or on a dead slow line. Jobs go on; no key is lost."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import time
from pathlib import Path

from sqlalchemy import select

from data.tables.core import journal
from deskterm.clock import SystemClock
from deskterm.job_runs import status
from tests.desks import Cast
from tests.faults.real_console import ESCAPE, Homes, desk_of_now, opened, start
from tests.processes import eventually, processes
from tests.pty_harness import PtyApp

STALL_SECONDS = 4.0
WRITER = """
import sys
from deskterm.bootstrap import open_desk
desk = open_desk(sys.argv[1], "sue")
for i in range(int(sys.argv[2])):
    desk.create("incident", {"summary": f"Written meanwhile {i}", "assignee": "bob"})
"""
WRITTEN = 12
TYPED = " assignee:bob meanwhile"


def waiting(app: PtyApp) -> int:
    """How many bytes the terminal holds that nobody has read."""
    return int(struct.unpack("i", fcntl.ioctl(app._fd, termios.FIONREAD, b"\0" * 4))[0])


def breached(cast: Cast, number: str) -> bool:
    """Whether the desk's job has written down that a clock of the record ran out."""
    key = cast.ada.show(number).id
    with cast.database.read() as connection:
        found = connection.execute(select(journal.c.new).where(journal.c.record_id == key, journal.c.what == "clock")).scalars()
        return any("breach" in str(one) or "100" in str(one) for one in found)


def late_soon(cast: Cast) -> str:
    """Log an incident whose response is due within a few seconds."""
    cast.clock.at = SystemClock().now()
    ada = cast.ada
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    ada.create("calendar", {"name": "Always", "tz": "UTC", "hours": always})
    ada.create("agreement", {"name": "Quick", "calendar": "Always", "service": "Payroll", "valid_from": "2020-01-01"})
    ada.create("target", {"agreement": "Quick", "metric": "response", "amount_seconds": 3, "unit": "elapsed"})
    return cast.incident(summary="Soon too late", service="Payroll", assignee="bob")


def test_a_stalled_reader_loses_no_key_and_stops_no_job(tmp_path: Path) -> None:
    with desk_of_now(tmp_path) as cast:
        first = cast.incident(summary="First of all", assignee="bob")
        with start(cast, Homes(tmp_path)) as app:
            opened(app, first)
            app.wait_until(lambda: status(cast.database).leader is not None, "the console to lead the jobs")
            app.send("/")
            app.settle()
            began = time.monotonic()
            os.write(app._fd, b"\x0c" * 150)  # paint anew, far more than a terminal holds
            eventually(lambda: waiting(app) > 2000, what="output that waits")
            late = late_soon(cast)
            with processes(("-c", WRITER, str(cast.database.path), str(WRITTEN))) as [writer]:
                assert writer.finish()[0] == 0
            os.write(app._fd, TYPED.encode())
            eventually(lambda: breached(cast, late), what="the breach")
            eventually(lambda: time.monotonic() - began > STALL_SECONDS)
            held = waiting(app)
            assert app.pump(0) >= 0
            assert held > 2000, "it was stalled to the end"
            app.wait_text(TYPED)
            app.wait_text("Written meanwhile")
            app.send("\r")
            app.wait_text(f"{WRITTEN} found")
            app.send(ESCAPE)
            app.wait_text("Soon too late")
            app.settle()
            app.send("q")
            assert app.wait() == 0
