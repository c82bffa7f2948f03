"""Days and months (UTC's) that availability is summed up by. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from deskterm.clock import format_instant

DAY, MONTH = "day", "month"
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Stretch:
    """One day or one month."""

    period: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """Return `2026-11-03` or `2026-11`."""
        return format_instant(self.start)[: 10 if self.period == DAY else 7]


def stretches(period: str, start: int, end: int) -> Iterator[Stretch]:
    """Yield the whole days or months that lie within two instants. Pure."""
    at = floor(period, start)
    while True:
        after = following(period, at)
        if after > end:
            return
        if at >= start:
            yield Stretch(period, at, after)
        at = after


def floor(period: str, at: int) -> int:
    """Return when the day or the month began that an instant lies in."""
    day = at - at % DAY_SECONDS
    return day if period == DAY else int(datetime.fromtimestamp(day, UTC).replace(day=1).timestamp())


def following(period: str, at: int) -> int:
    """Return when the day or the month ends that begins at an instant."""
    if period == DAY:
        return at + DAY_SECONDS
    first = datetime.fromtimestamp(at, UTC)
    return int(first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1).timestamp())
