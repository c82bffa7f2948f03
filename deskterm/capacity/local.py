"""Measuring this host itself, for resources that ask for it; nothing is measured unasked.

No package is needed (docs/decisions/0012-measured-with-the-standard-library.md): a disk is asked of the operating system, memory
of Linux' `/proc/meminfo`, and the processors' share is the load average of the last minute over their number.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

from data.queries import capacity as q
from deskterm.capacity import samples
from deskterm.errors import InvalidInput
from deskterm.jobs import JobContext
from deskterm.records import store
from deskterm.records.unit import Unit

MEMINFO = Path("/proc/meminfo")
UNITS = {
    "b": 1, "bytes": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip


def cpu_percent() -> float:
    """Return how many processes wanted a processor in the last minute, in percent of the processors; more than 100 wait.

    Raises:
        InvalidInput: this system keeps no load average.
    """
    try:
        return 100 * os.getloadavg()[0] / (os.cpu_count() or 1)
    except (AttributeError, OSError):
        raise InvalidInput("this system tells no load average; import samples of its processors instead") from None


def memory_percent(source: Path = MEMINFO) -> float:
    """Return what of the memory is not available to a new process, in percent.

    Raises:
        InvalidInput: the system does not say.
    """
    try:
        lines = source.read_text(encoding="ascii", errors="replace").splitlines()
        found = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if rest.split()}
        return 100 * (found["MemTotal"] - found["MemAvailable"]) / found["MemTotal"]
    except (OSError, KeyError, ValueError, ZeroDivisionError):
        raise InvalidInput(f"memory is measured where {source} tells of it; import samples of it instead") from None


def disk_used(path: str, unit: str, *, free: bool = False) -> float:
    """Return what is used (or free) of the file system that a path lies on.

    Args:
        path: any file or folder on it.
        unit: % or B, KB, MB, GB, TB, KiB … TiB.
        free: what is left instead.

    Raises:
        InvalidInput: there is no such path, or the unit is none of these.
    """
    try:
        usage = shutil.disk_usage(path)
    except OSError as problem:
        raise InvalidInput(f"{path} cannot be measured: {problem.strerror}", fields={"collect_path": "unreadable"}) from None
    amount = usage.free if free else usage.used
    if unit.strip() in ("%", ""):
        return 100 * amount / (usage.used + usage.free)
    size = UNITS.get(unit.strip().casefold())
    if size is None:
        raise InvalidInput(f"a disk is measured in % or in B, KB … TB, KiB … TiB, not in {unit!r}", fields={"unit": "unknown"})
    return amount / size


def collect(context: JobContext) -> int:
    """Measure what resources ask of this host."""
    with context.database.read() as connection:
        rows = connection.execute(q.COLLECTED, {"host": socket.gethostname()}).all()
    return context.each([row.id for row in rows], _measure)


def _measure(unit: Unit, ids: Sequence[int]) -> int:
    count = 0
    for draft in store.load(unit.connection, unit.registry.kind("resource"), ids).values():
        down = draft.get("direction") == "down"
        match draft.get("collect"):
            case "cpu":
                value = cpu_percent()
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
