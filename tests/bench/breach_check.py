"""The breach check with a million open clocks of which a hundred are due, against the same with a thousand clocks."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from data.engine import Database
from deskterm import scheduler
from deskterm.clock import FrozenClock
from deskterm.kinds import declared
from tests.bench.generate import desk_with_clocks
from tests.bench.measure import Line, milliseconds
from tests.desks import MONDAY

ROUNDS = 3
BREACHED = """
SELECT count(DISTINCT clock.record_id) FROM clock_event JOIN clock ON clock.id = clock_event.clock_id WHERE threshold = 100
"""


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    sources = [desk_with_clocks(1_000_000, 100), desk_with_clocks(1_000, 100)]
    spent: list[list[float]] = [[], []]
    with TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            for source, times in zip(sources, spent, strict=True):
                times.append(_check(source, Path(folder) / f"{turn}.db"))
    large, small = (statistics.median(times) for times in spent)
    detail = f"{milliseconds(large)} at 1,000,000 clocks, {milliseconds(small)} at 1,000"
    yield Line("breach check, 100 due of 1,000,000 open clocks, to of 1,000", large / small, 3, detail=detail)


def _check(source: Path, copy: Path) -> float:
    shutil.copyfile(source, copy)
    database = Database(str(copy))
    start = time.perf_counter()
    scheduler.run_due(database, declared(), FrozenClock(MONDAY), "breach-check")
    spent = time.perf_counter() - start
    with database.read() as connection:
        fired = connection.exec_driver_sql(BREACHED).scalar_one()
    database.close()
    copy.unlink()
    if fired != 100:
        raise RuntimeError(f"the check fired {fired} records' breaches, not 100's")
    return spent
