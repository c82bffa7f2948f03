"""Stretches of time that figures of money are reckoned in: months in UTC, cut where something else begins to hold. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from deskterm.clock import format_instant, parse_instant
from deskterm.errors import InvalidInput


def date_at(at: int) -> date:
    """Return the UTC date of an instant."""
    return datetime.fromtimestamp(at, UTC).date()


def instant_of(day: date) -> int:
    """Return the instant at which a UTC date begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def month_of(at: int) -> tuple[int, int]:
    """Return the instants at which the month of an instant begins and ends."""
    day = date_at(at)
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return instant_of(day.replace(day=1)), instant_of(after)


def month_named(text: str) -> tuple[int, int]:
    """Return the instants at which a month such as 2026-11 begins and ends.

    Raises:
        ValueError: it is no month.
    """
    day = date.fromisoformat(f"{text}-01")
    return month_of(instant_of(day))


def period_named(text: str) -> tuple[int, int]:
    """Return the instants at which a period begins and ends: `2026-11`, `2026-Q4`, `2026` or `2026-10-15..2026-12-01`.

    Of two days, the second is the first one after the period; either may be an instant, such as `2026-10-15T08:30:00Z`.

    Raises:
        ValueError: it is none, or it ends before it begins.
    """
    first, dots, last = text.partition("..")
    if dots:
        start, end = (_end_named(one) for one in (first, last))
        if end <= start:
            raise ValueError(f"{text} ends before it begins")
        return start, end
    year, dash, part = text.partition("-")
    if not re.fullmatch(r"[0-9]{4}", year):
        raise ValueError(f"{text!r} is no period")
    if not dash:
        return instant_of(date(int(year), 1, 1)), instant_of(date(int(year) + 1, 1, 1))
    if re.fullmatch(r"Q[1-4]", part):
        first_month = 3 * int(part[1]) - 2
        return instant_of(date(int(year), first_month, 1)), month_of(instant_of(date(int(year), first_month + 2, 1)))[1]
    return month_named(text)


def _end_named(text: str) -> int:
    try:
        return parse_instant(text)
    except InvalidInput as problem:
        raise ValueError(problem.message) from None


def asked_as(start: int, end: int) -> str:
    """Return how an explanation of a period is asked for, to the second; `period_named` reads it back."""
    return name_of(start, end).replace("/", "..")


def name_of(start: int, end: int) -> str:
    """Return what a period is called: 2026-11 for a month, else both ends."""
    if month_of(start) == (start, end):
        return date_at(start).isoformat()[:7]
    return f"{_spelt(start)}/{_spelt(end)}"


def _spelt(at: int) -> str:
    return date_at(at).isoformat() if at % 86_400 == 0 else format_instant(at)


@dataclass(frozen=True, slots=True)
class Segments:
    """A period cut into stretches within which one set of rules holds."""

    starts: tuple[int, ...]
    end: int

    @classmethod
    def of(cls, start: int, end: int, cuts: Iterable[int] = ()) -> Segments:
        """Cut a period at the beginnings of months and where told."""
        found = {start, *(cut for cut in cuts if start < cut < end)}
        at = month_of(start)[1]
        while at < end:
            found.add(at)
            at = month_of(at)[1]
        return cls(tuple(sorted(found)), end)

    def place(self, at: int) -> int:
        """Return in which stretch an instant is; what is before the first belongs to it."""
        return max(0, bisect_right(self.starts, at) - 1)

    def bounds(self, place: int) -> tuple[int, int]:
        """Return both ends of a stretch."""
        return self.starts[place], self.starts[place + 1] if place + 1 < len(self.starts) else self.end

    def __len__(self) -> int:
        return len(self.starts)
