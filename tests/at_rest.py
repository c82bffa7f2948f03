"""When an application under test is at rest: seen in its loop and its threads, and not in how much processor it gets.

Textual's pilot takes a process that uses no processor for one that has nothing to do. On a busy machine that is wrong: it
waits for its turn. `use` puts the answer of this module in its place, for every test that pauses or presses a key.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from pathlib import Path
from typing import Final

import textual.app
import textual.pilot

LOOK_SECONDS: Final = 1 / 50
"""How long nothing may happen, and the longest a timer of the screen's refreshing takes."""
IDLE_SECONDS: Final = LOOK_SECONDS / 20
"""Processor time that looking alone may cost; Textual's own measure."""
PATIENCE_SECONDS: Final = 20.0
"""After so long what never rests is taken as it is; the assertion that follows says what is missing."""


def states(pid: int | str, but: int = 0) -> set[str]:
    """Return the states of a process's threads, less one: `R` runs or would, `D` waits for a disk, `S` waits to be told."""
    found = set()
    for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
        if stat.parent.name != str(but):
            with contextlib.suppress(OSError):
                found.add(stat.read_text().rpartition(")")[2].split()[0])
    return found


def wants_processor(pid: int | str, but: int = 0) -> bool:
    """Return whether a thread of a process runs, or would if a processor or a disk were free."""
    return not states(pid, but).isdisjoint("RD")


async def wait_for_idle(min_sleep: float = LOOK_SECONDS, max_sleep: float = PATIENCE_SECONDS) -> None:
    """Wait until the loop has nothing to do next, and no other thread is at work or waits for a processor.

    Args:
        min_sleep: kept for the sake of its callers; it looks no sooner than `LOOK_SECONDS`.
        max_sleep: likewise; the patience is the same for all.
    """
    loop, own = asyncio.get_running_loop(), threading.get_native_id()
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        before = time.process_time()
        await asyncio.sleep(LOOK_SECONDS)
        # What a message leads to is ready as soon as the message was handled: a chain of them never leaves this empty.
        ready = loop._ready  # type: ignore[attr-defined]
        if not ready and time.process_time() - before < IDLE_SECONDS and not wants_processor("self", own):
            return


def use() -> None:
    """Let the pilot and the application wait in this way."""
    textual.pilot.wait_for_idle = wait_for_idle  # type: ignore[attr-defined]
    textual.app.wait_for_idle = wait_for_idle  # type: ignore[attr-defined]
