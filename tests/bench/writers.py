"""Eight processes that write one SQLite file at once: no lock error, no lost update."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from deskterm.bootstrap import open_desk
from tests.bench.measure import Line
from tests.desks import cast_on

PROCESSES = 8
WRITES = 60


def _write(path: str, number: str, results: multiprocessing.Queue[str]) -> None:
    desk = open_desk(path, "bob")
    try:
        for i in range(WRITES):
            desk.act(number, "affect")
            desk.note(number, f"write {i}")
    except BaseException as problem:
        results.put(repr(problem))
        raise
    results.put("")


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "desk.db")
        with cast_on(path) as cast:
            number = cast.incident()
            context = multiprocessing.get_context("spawn")
            results: multiprocessing.Queue[str] = context.Queue()
            start = time.perf_counter()
            workers = [context.Process(target=_write, args=(path, number, results)) for _ in range(PROCESSES)]
            for worker in workers:
                worker.start()
            problems = [problem for _ in workers if (problem := results.get(timeout=300))]
            for worker in workers:
                worker.join(60)
            spent = time.perf_counter() - start
            affected = cast.ada.show(number).values["affected"]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    detail = f"{PROCESSES * WRITES * 2 / spent:.0f} transactions/s, start of the processes included"
    yield Line("eight writing processes, errors", len(problems), 0, "", detail)
    yield Line("eight writing processes, lost updates", 1 + PROCESSES * WRITES - affected, 0, "")
