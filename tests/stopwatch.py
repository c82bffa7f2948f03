"""Measures promises of a second on machines that others use as well: what counts is the time in which nobody had to wait.

The kernel counts for how long some program waited for a processor or a disk (`/proc/pressure`), and for how long the machine
below took the processor away (`steal`). Less those, a promise may be asserted as it was given.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Final

_WAITED: Final = re.compile(r"^some .*total=(\d+)", re.MULTILINE)
_STOLEN_COLUMN: Final = 8


def _disturbed() -> float:
    """For how many seconds so far programs of this machine have waited for others."""
    total = 0.0
    for what in ("cpu", "io"):
        pressure = Path("/proc/pressure", what)
        found = _WAITED.search(pressure.read_text()) if pressure.exists() else None
        total += int(found[1]) / 1e6 if found else 0.0
    stolen = int(Path("/proc/stat").read_text().splitlines()[0].split()[_STOLEN_COLUMN])
    return total + stolen / os.sysconf("SC_CLK_TCK")


class Stopwatch:
    """Runs from the moment it is made."""

    def __init__(self) -> None:
        self._began, self._disturbed = time.monotonic(), _disturbed()

    @property
    def wall_seconds(self) -> float:
        """How long it has run: for limits of patience."""
        return time.monotonic() - self._began

    @property
    def seconds(self) -> float:
        """For how long it ran while no program waited for another: for promises."""
        return max(0.0, self.wall_seconds - (_disturbed() - self._disturbed))
