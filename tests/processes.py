"""Real processes for tests: started as users start them, killed and frozen as fate does, and gone when the test ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 90.0
"""For what must happen on a machine that others use too; figures that are promised are asserted by themselves."""

T = TypeVar("T")


def eventually(condition: Callable[[], T | None], seconds: float = PATIENCE_SECONDS, *, what: str = "") -> T:
    """Return the first true value of a condition; fail if there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or condition}"
        time.sleep(0.02)


class Process:
    """A Python process of a test."""

    def __init__(self, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self._popen = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._popen.pid

    def kill(self) -> None:
        """Kill it as `kill -9` does, and return once it is gone."""
        self._popen.kill()
        self._popen.wait()

    def freeze(self) -> None:
        self._popen.send_signal(signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)

    def thaw(self) -> None:
        self._popen.send_signal(signal.SIGCONT)

    def ask_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self._popen.send_signal(number)

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def finish(self, seconds: float = PATIENCE_SECONDS) -> tuple[int, str, str]:
        """Wait for its end; return its status and what it wrote on standard output and error."""
        out, err = self._popen.communicate(timeout=seconds)
        return self._popen.returncode, out, err

    def line(self) -> str:
        """Return the next line of its standard output."""
        assert self._popen.stdout is not None
        return self._popen.stdout.readline().strip()

    def close(self) -> None:
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGCONT)
            self._popen.kill()
        self._popen.communicate()


@contextmanager
def processes(*commands: tuple[str, ...]) -> Iterator[list[Process]]:
    """Start processes, and see to it that none outlives the test."""
    started: list[Process] = []
    try:
        for command in commands:
            started.append(Process(*command))
        yield started
    finally:
        for process in started:
            process.close()
