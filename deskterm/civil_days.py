"""Single days of a definition turned into instants: when a date begins, opens, closes and ends, and under which label.

`deskterm.calendars` puts them together over years and revisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from deskterm.civil_time import DAY_SECONDS, ONE_DAY, date_of, midnight
from deskterm.intervals import Spans
from deskterm.opening_hours import OpeningHours


class Label(StrEnum):
    """Why time counts or not."""

    OPEN = "open"
    CLOSED = "outside service hours"
    HOLIDAY = "holiday"


class Stretch(NamedTuple):
    """A piece of time under one label."""

    start: int
    end: int
    label: Label
    name: str
    """The holiday's name, where it has one."""


class CivilDay(NamedTuple):
    """A local date: `[start, end)` is 23, 24 or 25 hours as a rule, and nothing for a date that the zone left out."""

    date: date
    zone: ZoneInfo
    start: int
    end: int
    open: Spans
    holiday: str | None
    """The name of the holiday that closes it; empty for a nameless one, None if it is no holiday."""

    def clip(self, start: int, end: int) -> CivilDay:
        """Return the day as far as it lies within `[start, end)`."""
        if start <= self.start and self.end <= end:
            return self
        first = max(self.start, start)
        return self._replace(start=first, end=max(first, min(self.end, end)), open=self.open.clip(start, end))


def civil_day(hours: OpeningHours, day: date) -> CivilDay:
    """Return a date by one definition."""
    start, end = midnight(day, hours.zone), midnight(day + ONE_DAY, hours.zone)
    spells = ((_instant(day, opens, hours.zone), _instant(day, closes, hours.zone)) for opens, closes in hours.hours_on(day))
    # A spell within the hour that spring takes away may close before it opens: it has no time.
    working = Spans.of((max(opens, start), min(closes, end)) for opens, closes in spells if max(opens, start) < min(closes, end))
    return CivilDay(day, hours.zone, start, end, working, hours.holiday_on(day))


def civil_days(hours: OpeningHours, start: int, end: int) -> Iterator[CivilDay]:
    """Yield the days of `[start, end)` by one definition, the first and last cut to it."""
    day = date_of(start, hours.zone)
    while True:
        whole = civil_day(hours, day)
        if whole.start >= end:
            return
        yield whole.clip(start, end)
        day += ONE_DAY


def stretches(day: CivilDay) -> Iterator[Stretch]:
    """Yield a day's labelled pieces, which fill it; a holiday is one piece from midnight to midnight."""
    if day.holiday is not None:
        yield Stretch(day.start, day.end, Label.HOLIDAY, day.holiday)
        return
    at = day.start
    for opens, closes in day.open:
        if at < opens:
            yield Stretch(at, opens, Label.CLOSED, "")
        yield Stretch(opens, closes, Label.OPEN, "")
        at = closes
    if at < day.end:
        yield Stretch(at, day.end, Label.CLOSED, "")


def joined(pieces: Iterable[Stretch]) -> list[Stretch]:
    """Join pieces that touch under the same label: one night is one stretch, not two halves."""
    whole: list[Stretch] = []
    for piece in pieces:
        if piece.start >= piece.end:
            continue
        last = whole[-1] if whole else None
        if last and last.end == piece.start and (last.label, last.name) == (piece.label, piece.name):
            whole[-1] = last._replace(end=piece.end)
        else:
            whole.append(piece)
    return whole


def _instant(day: date, second: int, zone: ZoneInfo) -> int:
    if second == DAY_SECONDS:
        return midnight(day + ONE_DAY, zone)
    hour, rest = divmod(second, 3600)
    return int(datetime(day.year, day.month, day.day, hour, rest // 60, tzinfo=zone).timestamp())
