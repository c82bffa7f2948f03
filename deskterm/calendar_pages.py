"""Working time worked out once and looked up ever after: four weeks to a page, with running totals.

A page turns "how much working time" and "which instant" into two binary searches. Calendars keep their pages;
nobody else needs them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from deskterm.intervals import Interval, Spans

PAGE_SECONDS = 28 * 86_400
"""Four weeks of UTC: big enough that a year is thirteen look-ups, small enough to be made in a fraction of a ms."""


@dataclass(frozen=True, slots=True)
class Page:
    """The working time of `[number · PAGE_SECONDS, (number + 1) · PAGE_SECONDS)`."""

    intervals: tuple[Interval, ...]
    starts: tuple[int, ...]
    through: tuple[int, ...]
    """Seconds worked from the start of the page to the end of each interval."""
    seconds: int
    """Working time of the whole page."""

    @classmethod
    def of(cls, spans: Spans) -> Page:
        """Make the page of the spans within it."""
        through = tuple(accumulate(interval.seconds for interval in spans))
        return cls(spans.intervals, tuple(a for a, _ in spans), through, through[-1] if through else 0)

    def passed(self, at: int) -> int:
        """Return the seconds worked on this page before an instant."""
        found = bisect_right(self.starts, at) - 1
        if found < 0:
            return 0
        return self.through[found] - max(0, self.intervals[found].end - at)

    def earliest(self, worked: int) -> int:
        """Return the earliest instant by which `worked` seconds (1 … `seconds`) of the page have passed."""
        found = bisect_left(self.through, worked)
        return self.intervals[found].end - (self.through[found] - worked)

    def latest(self, worked: int) -> int:
        """Return the latest instant by which no more than `worked` seconds (0 … `seconds` - 1) have passed."""
        found = bisect_right(self.through, worked)
        return self.intervals[found].end - (self.through[found] - worked)
