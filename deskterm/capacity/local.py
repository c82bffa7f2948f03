"""Measuring this host itself, for resources that ask for it; nothing is measured unasked.

`psutil` asks each system in its own way (docs/decisions/0014-this-host-by-psutil.md); it is loaded when something is measured.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from functools import partial

from data.queries import capacity as q
from deskterm.capacity import samples
from deskterm.errors import InvalidInput
from deskterm.jobs import JobContext
from deskterm.records import store
from deskterm.records.unit import Unit

FIRST_SECONDS = 1.0
"""Over how long the processors are watched where nothing was read before."""
UNITS = {
    "b": 1, "bytes": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip


class Processors:
    """How busy the processors of this host were, all of them together, since they were last asked about."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._lock = threading.Lock()
        self._before: tuple[float, float] | None = None

    def percent(self) -> float:
        """Return the share of the time in which they were at work, from 0 to 100; the first answer takes `FIRST_SECONDS`."""
        with self._lock:
            before = self._before
            if before is None:
                before = _spent()
                time.sleep(FIRST_SECONDS)
            self._before = _spent()
            busy, whole = (now - then for now, then in zip(self._before, before, strict=True))
            return min(100.0, max(0.0, float(100 * busy / whole))) if whole > 0 else 0.0


PROCESSORS = Processors()
"""Those of the host this process runs on."""


def _spent() -> tuple[float, float]:
    """Return for how many seconds the processors were at work since this host started, and how many there were."""
    import psutil

    times = psutil.cpu_times()
    whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)  # Linux counts guests as users, too
    return whole - times.idle - getattr(times, "iowait", 0.0), whole


def memory_percent() -> float:
    """Return what of the memory is not available to a new process, in percent."""
    import psutil

    return float(psutil.virtual_memory().percent)


def disk_used(path: str, unit: str, *, free: bool = False) -> float:
    """Return what is used (or free) of the file system that a path lies on.

    Args:
        path: any file or folder on it.
        unit: % or B, KB, MB, GB, TB, KiB … TiB.
        free: what is left instead.

    Raises:
        InvalidInput: there is no such path, or the unit is none of these.
    """
    import psutil

    try:
        usage = psutil.disk_usage(path)
    except OSError as problem:
        raise InvalidInput(f"{path} cannot be measured: {problem.strerror}", fields={"collect_path": "unreadable"}) from None
    amount = usage.free if free else usage.used
    if unit.strip() in ("%", ""):
        return float(100 * amount / (usage.used + usage.free))
    size = UNITS.get(unit.strip().casefold())
    if size is None:
        raise InvalidInput(f"a disk is measured in % or in B, KB … TB, KiB … TiB, not in {unit!r}", fields={"unit": "unknown"})
    return float(amount) / size


def collect(context: JobContext) -> int:
    """Measure what resources ask of this host."""
    with context.database.read() as connection:
        rows = connection.execute(q.COLLECTED, {"host": socket.gethostname()}).all()
    # Before the unit of work: watching them may take a second, in which nobody else could write.
    processors = PROCESSORS.percent() if any(row.collect == "cpu" for row in rows) else 0.0
    return context.each([row.id for row in rows], partial(_measure, processors=processors))


def _measure(unit: Unit, ids: Sequence[int], *, processors: float) -> int:
    count = 0
    for draft in store.load(unit.connection, unit.registry.kind("resource"), ids).values():
        down = draft.get("direction") == "down"
        match draft.get("collect"):
            case "cpu":
                value = processors
            case "memory":
                value = memory_percent()
            case "disk":
                value = disk_used(draft.get("collect_path") or "/", draft.get("unit") or "%", free=down)
            case _:
                continue
        if down and draft.get("collect") != "disk":
            value = 100 - value
        samples.put(unit.connection, draft.id, [(unit.at, value)])
        count += 1
    return count
