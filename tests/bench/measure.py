"""Measuring on noisy machines: two things in turns within one run, compared by their medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the benchmark table."""

    what: str
    value: float
    bar: float
    unit: str = "x"
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the bar is kept."""
        return self.value <= self.bar

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "OVER"
        return f"{mark} {self.what:<62} {self.value:>9.2f} {self.unit:<2} (bar {self.bar:g})  {self.detail}"


def medians(*calls: Callable[[], object], rounds: int = 200) -> list[float]:
    """Return the median seconds of each call, run in turns so that noise hits all alike."""
    for call in calls:
        for _ in range(5):
            call()
    times: list[list[float]] = [[] for _ in calls]
    gc.collect()
    for _ in range(rounds):
        for call, spent in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            spent.append(time.perf_counter() - start)
    return [statistics.median(spent) for spent in times]


def milliseconds(seconds: float) -> str:
    """Return a time for the detail column."""
    return f"{seconds * 1000:.2f} ms"
