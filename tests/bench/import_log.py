"""A real desk's event log, loaded by the command line as a person would: seconds, memory, the ratio to Python's csv module."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import Line
from tests.exchange.logs import WHOLE, generated

PUBLISHED = WHOLE / "incident_event_log.csv"
BAR_SECONDS, BAR_MEBIBYTES = 60, 500
"""For the published log of 119,998 events."""
QUIET = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
GENERATED_INCIDENTS = 20_000
"""Where the published log is not at hand, one of its shape and size is made up."""


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    with TemporaryDirectory() as folder:
        log = PUBLISHED
        if not log.exists():
            log = Path(folder) / "log.csv"
            log.write_text(generated(GENERATED_INCIDENTS), encoding="utf-8")
        rows, plain = _read(log)
        seconds, mebibytes = _loaded(folder, log)
        again, _ = _loaded(folder, log)
    yield Line(f"event log of {rows:,} rows, import", seconds, BAR_SECONDS, "s", f"{seconds / plain:.0f} x reading it with csv")
    yield Line("event log, peak memory of the import", mebibytes, BAR_MEBIBYTES, "MiB")
    yield Line("event log, the same file again", again, BAR_SECONDS, "s", f"{again / plain:.0f} x reading it with csv")


def _read(log: Path) -> tuple[int, float]:
    """Return how many rows a log has, and the seconds that Python's csv module takes to read them."""
    start = time.perf_counter()
    with log.open(encoding="utf-8", newline="") as text:
        rows = sum(1 for _ in csv.DictReader(text))
    return rows, time.perf_counter() - start


def _loaded(folder: str, log: Path) -> tuple[float, float]:
    """Import a log into the desk in a folder, in a process of its own; return its seconds and its peak memory in MiB."""
    desk = [sys.executable, "-m", "deskterm", "--database", str(Path(folder) / "desk.db"), "--as", "ada"]
    subprocess.run([*desk, "init", "--admin", "ada"], check=True, stdout=subprocess.DEVNULL)
    start = time.perf_counter()
    pid = os.posix_spawn(desk[0], [*desk, "import", "servicenow-log", str(log)], os.environ, file_actions=[QUIET])
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("the import failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024
