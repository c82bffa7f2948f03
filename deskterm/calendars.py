"""Working-time calendars: what counts between two instants, when a target is due, and why an hour did not count.

A calendar is a history of definitions (`deskterm.opening_hours`), so that editing one never moves a past deadline.

Which definition governs: each civil date is governed by the revision in force at that date's start. Put exactly, a
revision takes over at the first midnight of its own zone at or after its `valid_from`, and until that instant the one
before it governs; so a change made during a day leaves that day alone, and a change of zone neither loses nor repeats
an instant. What came before the first revision is governed by the first.

Summer time follows `deskterm.civil_time`: each day opens and closes by its wall clock, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from deskterm.calendar_pages import PAGE_SECONDS, Page
from deskterm.civil_days import CivilDay, Label, Stretch, civil_day, civil_days, joined, stretches
from deskterm.civil_time import (
    DAY_SECONDS,
    EARLIEST,
    LATEST,
    ONE_DAY,
    date_of,
    midnight,
    read_instant,
    require_reckonable,
)
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.intervals import Interval, Spans
from deskterm.opening_hours import WEEKDAYS, OpeningHours, read_opening_hours

__all__ = ["ALWAYS", "HORIZON_SECONDS", "Calendar", "CivilDay", "Label", "Revision", "Stretch", "Unreachable"]

HORIZON_SECONDS = 3653 * DAY_SECONDS
"""Ten years: a target that a calendar does not reach within them, counted from the last pause, has no due instant."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A definition and the instant from which it holds; None: since ever."""

    valid_from_at: int | None
    hours: OpeningHours


class Unreachable(InvalidInput):
    """The calendar does not hold the time asked for within ten years: it has hardly any working time left."""


class _Reign(NamedTuple):
    """The instants that one revision governs."""

    start: int
    end: int
    hours: OpeningHours


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time through the years. Immutable, hashable, equal to any calendar with the same revisions.

    Pages and days once reckoned are kept inside; threads may share a calendar, at worst both work out the same one.
    Instants outside the years 1900 to 2199 are refused.
    """

    revisions: tuple[Revision, ...]
    """In order of `valid_from_at`, at least one."""
    _reigns: tuple[_Reign, ...] = field(init=False, compare=False, repr=False)
    _pages: dict[int, Page] = field(init=False, compare=False, repr=False, default_factory=dict)
    _days: dict[date, CivilDay] = field(init=False, compare=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        starts = [_valid_from(revision) for revision in self.revisions]
        if not starts or any(later <= earlier for earlier, later in pairwise(starts)):
            message = "a calendar needs one definition or more, in order, each valid from an instant of its own"
            raise InvalidInput(message, fields={"valid_from": "must differ from that of every other definition"})
        object.__setattr__(self, "_reigns", _reigns(self.revisions))

    @classmethod
    def of(cls, hours: OpeningHours) -> Calendar:
        """Make a calendar that has always had these hours."""
        return cls((Revision(None, hours),))

    @classmethod
    def from_json(cls, given: object) -> Calendar:
        """Read a definition, or a list of definitions that each carry `valid_from` (null for the first).

        Raises:
            InvalidInput: a definition is wrong (`fields` says where), or two hold from the same instant.
        """
        if not isinstance(given, list | tuple):
            return cls.of(read_opening_hours(given))
        return cls(tuple(sorted((_read_revision(one) for one in given), key=_valid_from)))

    def to_json(self) -> list[dict[str, object]]:
        """Write all revisions; `from_json` reads them back as an equal calendar."""
        return [
            {
                "valid_from": None if revision.valid_from_at is None else format_instant(revision.valid_from_at),
                **revision.hours.to_json(),
            }
            for revision in self.revisions
        ]

    def elapsed(self, from_at: int, to_at: int, pauses: Spans = Spans.EMPTY) -> int:
        """Return the working seconds in `[from_at, to_at)`; a pause takes away only the working time within it.

        Raises:
            InvalidInput: the interval is inverted, or outside the years that calendars reckon with.
        """
        require_reckonable(from_at=from_at, to_at=to_at)
        if to_at < from_at:
            raise InvalidInput(f"time runs from {format_instant(from_at)} to {format_instant(to_at)}, which is backwards")
        return self._worked(from_at, to_at) - sum(self._worked(a, b) for a, b in pauses.clip(from_at, to_at))

    def due(self, from_at: int, amount_seconds: int, pauses: Spans = Spans.EMPTY) -> int:
        """Return the earliest instant at which `elapsed(from_at, …, pauses)` reaches the amount.

        A target used up exactly at closing time is due at closing time, not at the next opening. An amount of 0 is due
        at the first instant that would count, which is where ever smaller amounts lead.

        Raises:
            InvalidInput: the amount is negative.
            Unreachable: ten years of calendar do not hold the amount.
        """
        require_reckonable(from_at=from_at)
        if amount_seconds < 0:
            raise InvalidInput("a target cannot be negative", fields={"amount_seconds": "must be 0 or more"})
        wanted, at = max(amount_seconds, 1), from_at
        for start, end in pauses.clip(from_at, LATEST):
            running = self._worked(at, start)
            if wanted <= running:
                break
            wanted, at = wanted - running, end
        found = self._advance(at, wanted)
        if found is None:
            message = f"this calendar does not hold {amount_seconds} s of working time in the ten years after the start"
            raise Unreachable(message, fields={"amount_seconds": "cannot be reached within ten years"})
        # In whole seconds, the first instant that counts is the one before the first second has passed.
        return found if amount_seconds else found - 1

    def before(self, at: int, seconds: int, pauses: Spans = Spans.EMPTY) -> int:
        """Walk working time back: the latest instant from which `seconds` of it are left until `at`.

        For warnings. 0 seconds lead to the last instant of work before `at`: itself within hours or at closing time.

        Raises:
            InvalidInput: the seconds are negative.
            Unreachable: the ten years before do not hold them.
        """
        require_reckonable(at=at)
        if seconds < 0:
            raise InvalidInput("time to walk back cannot be negative", fields={"seconds": "must be 0 or more"})
        wanted, end = max(seconds, 1), at
        for pause in reversed(pauses.clip(EARLIEST, at).intervals):
            running = self._worked(pause.end, end)
            if wanted <= running:
                break
            wanted, end = wanted - running, pause.start
        found = self._retreat(end, wanted)
        if found is None:
            message = f"this calendar does not hold {seconds} s of working time in the ten years before"
            raise Unreachable(message, fields={"seconds": "cannot be reached within ten years"})
        return found if seconds else found + 1

    def is_open(self, at: int) -> bool:
        """Say whether an instant is working time; the closing instant is not."""
        return self._worked(at, at + 1) == 1

    def next_opening(self, after_at: int) -> int | None:
        """Return the first instant after this one at which work begins; None if it does not in ten years."""
        return next((a for a, _ in self._spells(after_at) if a > after_at), None)

    def spans(self, from_at: int, to_at: int) -> Spans:
        """Return the working time of `[from_at, to_at)`."""
        require_reckonable(from_at=from_at, to_at=to_at)
        return Spans(tuple(self._spells(from_at, to_at)))

    def stretches(self, from_at: int, to_at: int) -> list[Stretch]:
        """Label every instant of `[from_at, to_at)`: open, outside service hours, or holiday with its name.

        The pieces follow one another without gaps; the open ones add up to `elapsed(from_at, to_at)`.
        """
        require_reckonable(from_at=from_at, to_at=to_at)
        return joined(piece for day in self._civil_days(from_at, to_at) for piece in stretches(day))

    def zone_at(self, at: int) -> ZoneInfo:
        """Return the zone whose wall clock the calendar keeps at an instant."""
        return self._reign(at).hours.zone

    def date_at(self, at: int) -> date:
        """Return the civil date of an instant."""
        return date_of(at, self.zone_at(at))

    def day(self, day: date) -> CivilDay:
        """Return a civil date with its working time, by the revision that governs it."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._governed_day(day)
        return known

    def _governed_day(self, day: date) -> CivilDay:
        for reign in reversed(self._reigns):
            whole = civil_day(reign.hours, day)
            if whole.start >= reign.start:
                return whole.clip(whole.start, reign.end)
        return civil_day(self._reigns[0].hours, day)

    def _reign(self, at: int) -> _Reign:
        return next((reign for reign in self._reigns if at < reign.end), self._reigns[-1])

    def _civil_days(self, start: int, end: int) -> Iterator[CivilDay]:
        for reign in self._reigns:
            first, last = max(start, reign.start), min(end, reign.end)
            if first < last:
                yield from civil_days(reign.hours, first, last)

    def _page(self, number: int) -> Page:
        page = self._pages.get(number)
        if page is None:
            start = number * PAGE_SECONDS
            days = self._civil_days(start, start + PAGE_SECONDS)
            page = self._pages[number] = Page.of(Spans.of(spell for day in days for spell in day.open))
        return page

    def _worked(self, start: int, end: int) -> int:
        """Working seconds of `[start, end)`; nothing where it is empty or inverted."""
        if end <= start:
            return 0
        first, last = start // PAGE_SECONDS, end // PAGE_SECONDS
        before = self._page(first).passed(start)
        if first == last:
            return self._page(first).passed(end) - before
        between = sum(self._page(number).seconds for number in range(first, last))
        return between - before + self._page(last).passed(end)

    def _advance(self, start: int, seconds: int) -> int | None:
        """Earliest instant after `seconds` (1 or more) of work, if ten years hold them."""
        limit = min(start + HORIZON_SECONDS, LATEST)
        number = start // PAGE_SECONDS
        page = self._page(number)
        wanted = seconds + page.passed(start)
        while wanted > page.seconds:
            wanted -= page.seconds
            number += 1
            if number * PAGE_SECONDS > limit:
                return None
            page = self._page(number)
        found = page.earliest(wanted)
        return found if found <= limit else None

    def _retreat(self, end: int, seconds: int) -> int | None:
        """Latest instant before `seconds` (1 or more) of work, if ten years hold them."""
        limit = max(end - HORIZON_SECONDS, EARLIEST)
        number = end // PAGE_SECONDS
        page = self._page(number)
        left = page.passed(end) - seconds
        while left < 0:
            if number * PAGE_SECONDS < limit:
                return None
            number -= 1
            page = self._page(number)
            left += page.seconds
        found = page.latest(left)
        return found if found >= limit else None

    def _spells(self, from_at: int, to_at: int | None = None) -> Iterator[Interval]:
        """Working intervals from an instant on, whole ones even where pages meet; over ten years unless told."""
        end = min(from_at + HORIZON_SECONDS, LATEST) if to_at is None else to_at
        held: Interval | None = None
        for number in range(from_at // PAGE_SECONDS, -(-end // PAGE_SECONDS)):
            for spell in Spans(self._page(number).intervals).clip(from_at, end):
                if held and held.end == spell.start:
                    held = Interval(held.start, spell.end)
                else:
                    if held:
                        yield held
                    held = spell
        if held:
            yield held


def _valid_from(revision: Revision) -> int:
    return EARLIEST if revision.valid_from_at is None else revision.valid_from_at


def _read_revision(given: object) -> Revision:
    if not isinstance(given, Mapping):
        raise InvalidInput("a calendar is an object with tz and hours", fields={"calendar": "must be an object"})
    hours = read_opening_hours({key: value for key, value in given.items() if key != "valid_from"})
    valid_from = given.get("valid_from")
    if valid_from is None:
        return Revision(None, hours)
    if not isinstance(valid_from, str):
        raise InvalidInput("calendar: valid_from must be an instant", fields={"valid_from": "must be an instant"})
    return Revision(read_instant(valid_from, hours.zone), hours)


def _reigns(revisions: Sequence[Revision]) -> tuple[_Reign, ...]:
    """Say from when to when each revision governs; one overtaken before its first midnight never does."""
    handovers = [_first_midnight(_valid_from(revision), revision.hours.zone) for revision in revisions[1:]]
    reigns: list[_Reign] = []
    end = LATEST + PAGE_SECONDS
    for revision, start in zip(reversed(revisions), [*reversed(handovers), EARLIEST - PAGE_SECONDS], strict=True):
        if start < end:
            reigns.append(_Reign(start, end, revision.hours))
            end = start
    return tuple(reversed(reigns))


def _first_midnight(at: int, zone: ZoneInfo) -> int:
    today = date_of(at, zone)
    start = midnight(today, zone)
    return start if start == at else midnight(today + ONE_DAY, zone)


ALWAYS = Calendar.of(read_opening_hours({"tz": "UTC", "hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}}))
"""Every second counts, around the clock: for the unit `elapsed`."""
