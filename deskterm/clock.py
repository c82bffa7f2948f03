"""The only reader of the clock. Instants are whole seconds since 1970-01-01T00:00:00Z, durations are whole seconds.

Whole seconds keep every figure exact: elapsed plus remaining is the target, and segments add up to what is shown.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Protocol

from deskterm.errors import InvalidInput, repeated


class Clock(Protocol):
    """Says what time it is; the system's clock in production, a frozen one in tests."""

    def now(self) -> int:
        """Return the present instant in whole seconds since the epoch."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Return the present instant in whole seconds since the epoch."""
        return int(time.time())


class FrozenClock:
    """A clock that stands still until it is told to move: for tests, demos and back-dated imports."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        """Return the instant it was last set to."""
        return self.at

    def advance(self, seconds: int) -> None:
        """Move by `seconds`, backwards if negative."""
        self.at += seconds


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")


def parse_instant(text: str) -> int:
    """Read an ISO 8601 instant; without an offset it is UTC, a fraction of a second is dropped.

    Raises:
        InvalidInput: the text is not an ISO 8601 date or instant.
    """
    stripped = text.strip()
    if not _ISO.fullmatch(stripped):
        raise InvalidInput(f"{repeated(text)} is not an instant; write 2026-11-22T14:02:00Z")
    try:
        moment = datetime.fromisoformat(stripped)
    except ValueError as problem:
        raise InvalidInput(f"{repeated(text)} is not an instant: {problem}") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not 1900 <= moment.year < 2200:
        raise InvalidInput(f"{repeated(text)} lies outside the years 1900 to 2199, with which the desk reckons")
    return int(moment.timestamp() // 1)


def format_instant(at: int) -> str:
    """Write an instant as ISO 8601 UTC with `Z`, as JSON and reports show it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
