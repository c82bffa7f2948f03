"""What a calendar says: zone, weekly hours, holidays and single days; read from JSON, checked, and written back.

How the saying turns into instants is the business of `deskterm.calendars`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from deskterm.civil_time import DAY_SECONDS, zone_named
from deskterm.errors import InvalidInput, repeated

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[tuple[int, int], ...]
"""The intervals of one day, sorted, as seconds of wall-clock time since midnight; 86400 is `24:00`."""

_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEYS = frozenset({"tz", "hours", "holidays", "days"})


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One definition of working time, checked. Make one with `read_opening_hours`."""

    tz: str
    """IANA name of the zone that the wall clock of this calendar keeps."""
    week: tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
    """Monday to Sunday."""
    holidays: tuple[tuple[date, str], ...] = ()
    """Closed dates with their names, sorted; a holiday without a name has an empty one."""
    days: tuple[tuple[date, Hours], ...] = ()
    """Dates with hours of their own, sorted; they prevail over the week and over holidays, no hours means closed."""
    zone: ZoneInfo = field(init=False, compare=False, repr=False)
    _days: dict[date, Hours] = field(init=False, compare=False, repr=False)
    _holidays: dict[date, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", zone_named(self.tz))
        object.__setattr__(self, "_days", dict(self.days))
        object.__setattr__(self, "_holidays", dict(self.holidays))

    def hours_on(self, day: date) -> Hours:
        """Return the working intervals of a date: its own, else none on a holiday, else its weekday's."""
        own = self._days.get(day)
        if own is not None:
            return own
        return () if day in self._holidays else self.week[day.weekday()]

    def holiday_on(self, day: date) -> str | None:
        """Return the name of the holiday that closes this date; empty if it has none, None if it is no holiday."""
        return None if day in self._days else self._holidays.get(day)

    def to_json(self) -> dict[str, object]:
        """Write the definition as JSON; `read_opening_hours` reads it back as an equal one."""
        named = any(name for _, name in self.holidays)
        holidays: object = {str(day): name for day, name in self.holidays}
        return {
            "tz": self.tz,
            "hours": {weekday: _write(hours) for weekday, hours in zip(WEEKDAYS, self.week, strict=True) if hours},
            "holidays": holidays if named else [str(day) for day, _ in self.holidays],
            "days": {str(day): _write(hours) for day, hours in self.days},
        }


def read_opening_hours(definition: object) -> OpeningHours:
    """Read `{"tz", "hours", "holidays", "days"}` as `deskterm calc` and the calendar record write it.

    `hours` maps `mon` … `sun` to lists of `["HH:MM", "HH:MM"]`, where `24:00` may end one; `holidays` is a list of
    dates or an object of date to name; `days` maps a date to the hours it has instead.

    Raises:
        InvalidInput: anything else; `fields` names every place that is wrong.
    """
    if not isinstance(definition, Mapping):
        raise InvalidInput("a calendar is an object with tz and hours", fields={"calendar": "must be an object"})
    problems: dict[str, str] = {str(key): "is not part of a calendar" for key in definition if key not in _KEYS}
    tz = _read_zone(definition.get("tz"), problems)
    hours = _read_table(definition.get("hours"), "hours", problems)
    for weekday in hours.keys() - set(WEEKDAYS):
        problems[f"hours.{weekday}"] = f"is not a weekday; use {', '.join(WEEKDAYS)}"
    days: dict[date, Hours] = {}
    for text, own in _read_table(definition.get("days"), "days", problems).items():
        day = _read_date(text, f"days.{text}", problems)
        if day is not None:
            days[day] = own
    holidays = _read_holidays(definition.get("holidays"), problems)
    if not problems and not any(hours.values()) and not any(days.values()):
        problems["hours"] = "must hold some working time: no clock on this calendar could ever run"
    if problems:
        place, wrong = next(iter(problems.items()))
        raise InvalidInput(f"calendar: {place} {wrong}", fields=problems)
    mon, tue, wed, thu, fri, sat, sun = (hours.get(weekday, ()) for weekday in WEEKDAYS)
    return OpeningHours(tz, (mon, tue, wed, thu, fri, sat, sun), tuple(sorted(holidays.items())), tuple(sorted(days.items())))


def _read_zone(given: object, problems: dict[str, str]) -> str:
    if not isinstance(given, str):
        problems["tz"] = "must be an IANA time zone such as Europe/Berlin"
        return ""
    try:
        zone_named(given)
    except InvalidInput as refusal:
        problems["tz"] = f"is unknown: {refusal.message}"
    return given


def _read_table(given: object, place: str, problems: dict[str, str]) -> dict[str, Hours]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        problems[place] = 'must be an object such as {"mon": [["08:00", "18:00"]]}'
        return {}
    return {str(key): _read_hours(hours, f"{place}.{key}", problems) for key, hours in given.items()}


def _read_hours(given: object, place: str, problems: dict[str, str]) -> Hours:
    if not isinstance(given, list | tuple):
        problems[place] = 'must be a list of intervals such as [["08:00", "12:00"], ["13:00", "18:00"]]'
        return ()
    hours: list[tuple[int, int]] = []
    for pair in given:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            problems[place] = f'holds {repeated(pair)}, which is not an interval such as ["08:00", "18:00"]'
            return ()
        start, end = _read_time(pair[0]), _read_time(pair[1])
        if start is None or end is None:
            wrong = pair[0] if start is None else pair[1]
            problems[place] = f"holds {repeated(wrong)}, which is not a time from 00:00 to 24:00"
            return ()
        if end <= start:
            problems[place] = (
                f"ends at {pair[1]}, not after its start at {pair[0]}; a shift over midnight is two intervals, "
                "one up to 24:00 and one from 00:00 of the next day"
            )
            return ()
        hours.append((start, end))
    hours.sort()
    for (_, end), (start, _) in pairwise(hours):
        if start < end:
            problems[place] = f"has intervals that overlap between {_clock(start)} and {_clock(end)}"
    return tuple(hours)


def _read_time(given: object) -> int | None:
    found = _TIME.fullmatch(given) if isinstance(given, str) else None
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    seconds = hour * 3600 + minute * 60
    return seconds if minute < 60 and seconds <= DAY_SECONDS else None


def _read_date(given: object, place: str, problems: dict[str, str]) -> date | None:
    try:
        if isinstance(given, str) and _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:  # the 30th of February: told below like any other text that is no date
        pass
    problems[place] = f"{repeated(given)} is not a date; write 2026-12-24"
    return None


def _read_holidays(given: object, problems: dict[str, str]) -> dict[date, str]:
    if given is None:
        return {}
    named: Iterable[tuple[object, object]]
    if isinstance(given, Mapping):
        named = given.items()
    elif isinstance(given, list | tuple):
        named = ((day, "") for day in given)
    else:
        problems["holidays"] = "must be a list of dates, or an object of dates and names"
        return {}
    holidays: dict[date, str] = {}
    for text, name in named:
        place = f"holidays.{text[:40]}" if isinstance(text, str) else "holidays"
        day = _read_date(text, place, problems)
        if not isinstance(name, str):
            problems[place] = "has a name that is not text"
        elif day is not None:
            holidays[day] = name
    return holidays


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def _write(hours: Hours) -> list[list[str]]:
    return [[_clock(start), _clock(end)] for start, end in hours]
