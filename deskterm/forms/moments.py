"""Instants as people write them in a form (`now`, `14:30`, `tomorrow 9:00`, `+2h`, ISO 8601), and as a form shows them. Pure.

With `now` = Sun 2026-11-22 14:00 in Europe/Berlin:

| written                          | past field            | future field          |
| -------------------------------- | --------------------- | --------------------- |
| `now`                            | 14:00                 | 14:00                 |
| `+2h`, `in 2h`, `now+2h`         | 16:00                 | 16:00                 |
| `-30m`, `30m ago`, `now-30m`     | 13:30                 | 13:30                 |
| `2h`                             | 12:00, it is an age   | 16:00, it is a wait   |
| `13:30`                          | today 13:30           | tomorrow 13:30        |
| `14:30`, `2:30pm`                | yesterday 14:30       | today 14:30           |
| `yesterday 9:00`, `tomorrow`     | as it says; a day without a time is its midnight |
| `fri`, `friday 9:00`             | the Friday before     | the Friday to come    |
| `24.12. 9:00`, `24 Dec`          | the last 24 December  | the next one          |
| `2026-12-24`, `2026-12-24 09:00` | as it says, local time unless it carries an offset or `Z` |

Local times that a change of the clocks skips or repeats are decided by `deskterm.civil_time`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskterm.civil_time import EARLIEST, LATEST, instant_of, read_instant, wall_of, zone_named
from deskterm.errors import InvalidInput
from deskterm.fields import parse_duration

EXAMPLES = "now, 14:30, tomorrow 9:00, +2h or 2026-11-22 14:30"
"""What an error suggests."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
# Every repetition is bounded: a pasted megabyte is refused by its length, and costs nothing here.
_LONGEST = 60
_LENGTH = r"((?:\d{1,6}\s?[smhdw]\s?){1,4})"
_DISTANCE = re.compile(rf"(?:now\s?)?([+-])\s?{_LENGTH}")
_AHEAD = re.compile(rf"in\s{_LENGTH}")
_AGO = re.compile(rf"{_LENGTH}\s?ago")
_BARE = re.compile(_LENGTH)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2})(?::(\d{2}))?)?\s?(am|pm)?")
_NUMERIC_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
_NAMED_DAY = re.compile(r"(\d{1,2})\.?\s([a-z]{3,9})(?:\s(\d{4}))?")


def read_moment(text: str, *, now: int, tz: str, future: bool = False) -> int:
    """Return the instant that a person means, in whole seconds since the epoch.

    Args:
        text: What they wrote.
        now: The present instant.
        tz: Their time zone, by its IANA name.
        future: Whether the field looks ahead: decides what a bare time, weekday or length means.

    Raises:
        InvalidInput: it is none of the forms above, or outside the years 1900 to 2199.
    """
    word = " ".join(text.strip().casefold().split())
    if not word or len(word) > _LONGEST:
        raise _unclear(text)
    zone = zone_named(tz)
    at = _distance(word, now, future)
    if at is None:
        at = _civil(word, now, zone, future)
    if at is None:
        try:
            at = read_instant(word.upper(), zone)
        except (InvalidInput, OverflowError):
            raise _unclear(text) from None
    if not EARLIEST <= at <= LATEST:
        raise InvalidInput(f"{text.strip()!r} lies outside the years 1900 to 2199")
    return at


def _unclear(text: str) -> InvalidInput:
    shown = text.strip()
    shown = f"{shown[:20]}…" if len(shown) > 20 else shown
    return InvalidInput(f"{shown!r} is no time; write {EXAMPLES}")


def _distance(word: str, now: int, future: bool) -> int | None:
    """Read what counts from now, or return None."""
    if word == "now":
        return now
    if found := _DISTANCE.fullmatch(word):
        return now + parse_duration(found[2]) * (1 if found[1] == "+" else -1)
    if found := _AHEAD.fullmatch(word):
        return now + parse_duration(found[1])
    if found := _AGO.fullmatch(word):
        return now - parse_duration(found[1])
    if found := _BARE.fullmatch(word):
        return now + parse_duration(found[1]) * (1 if future else -1)
    return None


def _civil(word: str, now: int, zone: ZoneInfo, future: bool) -> int | None:
    """Read a day, a time of day, or both; return None where it is neither."""
    here = wall_of(now, zone)
    at_time, rest = _split_time(word)
    if not rest:
        if at_time is None:
            return None
        return _nearest([here.date() + timedelta(days=n) for n in (-1, 0, 1)], at_time, now, zone, future)
    if rest in _NEAR:
        return instant_of(datetime.combine(here.date() + timedelta(days=_NEAR[rest]), at_time or time()), zone)
    if len(rest) >= 3 and (weekday := next((i for i, name in enumerate(_DAYS) if name.startswith(rest)), None)) is not None:
        ahead = (weekday - here.weekday()) % 7
        days = [here.date() + timedelta(days=ahead + n) for n in (-7, 0, 7)]
        return _nearest(days, at_time or time(), now, zone, future)
    written = _day_of(rest)
    if written is None:
        return None
    day, month, year = written
    years = (year,) if year is not None else (here.year - 1, here.year, here.year + 1)
    found = [made for one in years if (made := _date(one, month, day)) is not None]
    if not found:
        return None
    if year is not None:
        return instant_of(datetime.combine(found[0], at_time or time()), zone)
    return _nearest(found, at_time or time(), now, zone, future)


def _split_time(word: str) -> tuple[time | None, str]:
    """Part a time of day at the end from what stands before it."""
    before, _, last = word.rpartition(" ")
    if last in ("am", "pm") and before:
        before, _, hours = before.rpartition(" ")
        last = hours + last
    found = _TIME.fullmatch(last)
    if found is None or not (found[2] or found[4]):
        return None, word
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= 12:
            return None, word
        hour = hour % 12 + (12 if found[4] == "pm" else 0)
    minute, second = int(found[2] or 0), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None, word
    return time(hour, minute, second), before.removesuffix(" at")


def _day_of(word: str) -> tuple[int, int, int | None] | None:
    """Read `24.12.`, `24.12.2026`, `24 dec` or `24 december 2026` as day, month and year."""
    if found := _NUMERIC_DAY.fullmatch(word):
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    if (found := _NAMED_DAY.fullmatch(word)) and found[2][:3] in _MONTHS:
        return int(found[1]), _MONTHS.index(found[2][:3]) + 1, int(found[3]) if found[3] else None
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(days: list[date], at_time: time, now: int, zone: ZoneInfo, future: bool) -> int:
    """Return the first of these that is still to come, or the last that has been."""
    instants = [instant_of(datetime.combine(day, at_time), zone) for day in days]
    if future:
        return next((at for at in instants if at > now), instants[-1])
    return next((at for at in reversed(instants) if at <= now), instants[0])


def write_moment(at: int, tz: str) -> str:
    """Write an instant as a form shows it, in local time; reading it again gives the same instant."""
    zone = zone_named(tz)
    wall = wall_of(at, zone)
    text = f"{wall:%Y-%m-%d %H:%M}" + (f":{wall:%S}" if wall.second else "")
    if instant_of(wall, zone) == at:
        return text
    offset = datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%z")
    return f"{wall:%Y-%m-%d %H:%M:%S}{offset[:3]}:{offset[3:5]}"


def say_moment(at: int, *, now: int, tz: str) -> str:
    """Say how an instant was understood: `Wed 25 Nov 14:02, in 3 h`."""
    wall, here = wall_of(at, zone_named(tz)), wall_of(now, zone_named(tz))
    year = "" if wall.year == here.year else f" {wall.year}"
    day = f"{_DAYS[wall.weekday()][:3].capitalize()} {wall.day} {_MONTHS[wall.month - 1].capitalize()}{year}"
    return f"{day} {wall:%H:%M}, {say_distance(at - now)}"


def say_distance(seconds: int) -> str:
    """Say how far away something is, in one unit of which there are at least two: `in 3 h`, `20 min ago`, `now`."""
    size = abs(seconds)
    if size < 60:
        return "now"
    unit, name = next((pair for pair in ((86_400, "d"), (3_600, "h")) if size >= 2 * pair[0]), (60, "min"))
    amount = f"{size // unit} {name}"
    return f"in {amount}" if seconds > 0 else f"{amount} ago"
