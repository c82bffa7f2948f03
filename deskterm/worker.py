"""The worker: the scheduler without a console, for a server that shall run the desk's jobs while nobody is logged in.

It writes what happens to standard error, one line each, and ends cleanly on SIGTERM, SIGINT and SIGHUP. While the database is
away it waits and tries again; it ends by itself only where waiting would not help.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from data import migrate
from data.engine import Database
from deskterm.clock import SystemClock, format_instant
from deskterm.errors import DatabaseError, NotADesk, ReadOnlyDatabase, SchemaMismatch
from deskterm.scheduler import Scheduler

RETRY_SECONDS = 2.0
"""How often to try again while the database is away at the start."""
STOP_SECONDS = 5.0
"""How long the end of a job's present transaction is waited for."""

log = logging.getLogger("deskterm.worker")


class _Lines(logging.Formatter):
    """`2026-11-22T14:02:00Z leading: running the shared jobs`; no traceback, since those may hold what nobody should read."""

    def format(self, entry: logging.LogRecord) -> str:
        said = " ".join(entry.getMessage().split())
        word = "" if entry.levelno < logging.WARNING else f"{entry.levelname.lower()}: "
        return f"{format_instant(SystemClock().now())} {word}{said}"


def main(location: str) -> int:
    """Run the shared jobs of a desk until a signal ends it; return the exit status.

    0 after a signal; 3 where there is no desk this program can work with, which waiting would not change.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger("deskterm")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    stop = threading.Event()
    before = {number: signal.signal(number, _setter(stop)) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        return _run(location, stop)
    finally:
        for number, was in before.items():
            signal.signal(number, was)
        root.removeHandler(handler)


def _setter(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    return told


def _run(location: str, stop: threading.Event) -> int:
    try:
        database = Database(location)
        if not _reach(database, stop):
            return 0
    except DatabaseError as problem:
        log.error("%s", problem.message)
        return problem.exit_status
    scheduler = Scheduler(database)
    scheduler.start()
    log.info("the worker runs on %s", database.label)
    # A wait without a time-out would keep Python from running the signal's handler on some systems.
    while not stop.wait(60):
        pass
    if not scheduler.stop(STOP_SECONDS):
        log.warning("a job did not end in time; what it had not committed is undone")
    database.close()
    log.info("the worker has ended")
    return 0


def _reach(database: Database, stop: threading.Event) -> bool:
    """Wait until the desk is there; false where a signal ended the wait.

    Raises:
        NotADesk, SchemaMismatch, ReadOnlyDatabase: waiting would not help.
    """
    said = ""
    while not stop.is_set():
        try:
            migrate.require_current(database)
        except (NotADesk, SchemaMismatch, ReadOnlyDatabase):
            raise
        except DatabaseError as problem:
            if problem.message != said:
                log.warning("%s; trying again", problem.message)
            said = problem.message
            stop.wait(RETRY_SECONDS)
        else:
            return True
    return False
