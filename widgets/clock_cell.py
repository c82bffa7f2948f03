"""The text of a running clock in the left column of a list: a glyph and a word carry what colour carries too.

Pure. Thresholds of an agreement are not known here: whether a clock is at risk is told by whoever reads the record.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
CLOSE_SECONDS: Final = 15 * MINUTE
"""Inside this the clock ticks by the second."""
SOON_SECONDS: Final = 2 * HOUR
"""Inside this a clock that is not at risk is marked as coming up."""
LONG_SECONDS: Final = 10 * DAY
"""From here on hours say nothing any more."""
WIDTH: Final = 9
"""Cells that hold every text."""


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


class ClockText(NamedTuple):
    """What to show for a clock."""

    text: str
    style: str
    """Name of the style: `breach`, `risk`, `soon`, `paused`, `good`, `muted`, or empty."""
    next_change_seconds: int | None
    """Seconds until the text changes; `None` when it will not by itself."""


class _Signs(NamedTuple):
    breached: str
    risk: str
    soon: str
    paused: str
    met: str
    minus: str


_UNICODE: Final = _Signs("✖", "!", "▏", "‖", "✓", "−")  # noqa: RUF001 - a real minus is as wide as a digit
_ASCII: Final = _Signs("X", "!", "|", "=", "+", "-")


def clock_text(
    due_at: int | None,
    now: int,
    *,
    state: ClockState | str = ClockState.RUNNING,
    at_risk: bool = False,
    ascii_only: bool = False,
) -> ClockText:
    """Show a clock.

    Args:
        due_at: The instant it is due, seconds since the epoch; `None` when it has none.
        now: The present instant, seconds since the epoch.
        state: How it stands; a running clock past its due is shown as breached.
        at_risk: Whether its warning threshold has passed.
        ascii_only: Use ASCII signs.

    Returns:
        Sign and text, such as `✖ -0:42` (42 minutes late, with a real minus), `! 0:28`, `▏ 1:40`, `‖ paused`, `  3:12` and
        `  2d 4h` (days and hours, from ten days on days alone); inside the last quarter of an hour with seconds,
        `! 0:07:31`. What is left and what is overdue are both cut to the whole of the smallest unit shown.
    """
    signs = _ASCII if ascii_only else _UNICODE
    if state == ClockState.PAUSED:
        return ClockText(f"{signs.paused} paused", "paused", None)
    if state == ClockState.MET:
        return ClockText(f"{signs.met} met", "good", None)
    if state == ClockState.CANCELLED or due_at is None:
        return ClockText("  –" if not ascii_only else "  -", "muted", None)  # noqa: RUF001
    left = due_at - now
    if left < 0:
        text, change = _late(-left)
        return ClockText(f"{signs.breached} {signs.minus}{text}", "breach", change)
    text, change = _left(left)
    if at_risk or left < CLOSE_SECONDS:
        return ClockText(f"{signs.risk} {text}", "risk", change)
    if left < SOON_SECONDS:
        return ClockText(f"{signs.soon} {text}", "soon", change)
    return ClockText(f"  {text}", "", change)


def _left(seconds: int) -> tuple[str, int]:
    """What remains, and for how many seconds that is so."""
    if seconds < CLOSE_SECONDS:
        return f"0:{seconds // MINUTE:02}:{seconds % MINUTE:02}", 1
    return _coarse(seconds), seconds % _step(seconds) + 1


def _late(seconds: int) -> tuple[str, int]:
    """What is overdue, and for how many seconds that is so."""
    step = _step(seconds)
    return _coarse(seconds), step - seconds % step


def _step(seconds: int) -> int:
    """By what a length of this size is counted."""
    if seconds < DAY:
        return MINUTE
    return HOUR if seconds < LONG_SECONDS else DAY


def _coarse(seconds: int) -> str:
    if seconds < DAY:
        return f"{seconds // HOUR}:{seconds % HOUR // MINUTE:02}"
    days = seconds // DAY
    return f"{days}d {seconds % DAY // HOUR}h" if seconds < LONG_SECONDS else f"{days}d"
