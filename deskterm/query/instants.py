"""What raw values mean for a field that holds a point in time: stretches of whole seconds, half open, in UTC.

A value names a stretch, not a tick: a date is the whole local day (23 or 25 hours twice a year), a minute is sixty seconds.
A bare length of time is a distance from now, ahead for a field that looks into the future (`due`), back for one that
records the past (`created`, `updated`, `occurred`), where it reads as an age. `now` plus or minus a length is always
that instant. With `now` = 2026-11-22 14:00 in Europe/Berlin (UTC+1), [from, to):

| written                          | direction | holds the instants                                       |
| -------------------------------- | --------- | -------------------------------------------------------- |
| `2026-11-01`                     | either    | [11-01 00:00, 11-02 00:00)                               |
| `>=2026-11-01`  `>2026-11-01`    | either    | from 11-01 00:00 on; from 11-02 00:00 on                 |
| `<2026-11-01`  `<=2026-11-01`    | either    | before 11-01 00:00; before 11-02 00:00                   |
| `2026-11-01..2026-11-03`         | either    | [11-01 00:00, 11-04 00:00): both ends belong to it       |
| `2026-11`  `2026-11-01T14:02`    | either    | the whole month; the minute, local without `Z` or offset |
| `today` `yesterday` `tomorrow`   | either    | the local day                                            |
| `week`                           | either    | Monday 00:00 to Monday 00:00 around now (ISO 8601)       |
| `>=now-1h`  `<now+30m`           | either    | from 13:00 on; before 14:30                              |
| `<4h`                            | future    | before 18:00, what is overdue included                   |
| `>4h`                            | future    | after 18:00                                              |
| `now..now+4h`                    | either    | [14:00, 18:00]: due within four hours, not overdue       |
| `<4h`                            | past      | after 10:00: less than four hours old                    |
| `>2d`                            | past      | before 11-20 14:00: more than two days old               |
| `1h..4h`                         | future    | [15:00, 18:00]                                           |
| `1h..4h`                         | past      | [10:00, 13:00]: one to four hours old                    |
| `4h`  `1h,4h`                    | either    | refused: a distance needs `<`, `>` or a range            |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from deskterm.errors import BadQuery
from deskterm.query.readings import Interval, backwards, duration, no_number, unit_seconds
from deskterm.query.terms import Op, Value, brief

Direction: TypeAlias = Literal["future", "past"]

# Every repetition has a fixed count, so a match looks at each of at most 25 characters once.
_DATE = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?)?)?", re.ASCII | re.IGNORECASE
)
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


class Stretch(NamedTuple):
    """Whole seconds since the epoch, from `start` up to but without `end`."""

    start: int
    end: int


def instants(op: Op, values: Sequence[Value], *, now: int, tz: str, direction: Direction) -> tuple[Interval[int], ...]:
    """Turn a comparison into stretches of time of which one must hold the field.

    Args:
        op: any operator but EMPTY and PRESENT, which have no values.
        values: what was written.
        now: the present in whole seconds since the epoch.
        tz: the IANA name of the person's time zone, already known to exist.
        direction: which way a bare length of time counts from now.

    Raises:
        BadQuery: a value is no time, or a range mixes times and distances or runs backwards whatever the time is. One that
            is backwards only now, as `2026-12-01..now` in November, is an interval that holds nothing.
    """
    if op is Op.LIKE:
        raise no_number(values)
    distances = [unit_seconds(value.text) is not None for value in values]
    if any(distances):
        return (_distance(op, values, distances, now, direction),)
    stretches = [instant(value, now=now, tz=tz) for value in values]
    first, last = stretches[0], stretches[-1]
    match op:
        case Op.EQ | Op.IN:
            return tuple(_between(start, end) for start, end in stretches)
        case Op.LT:
            return (_between(None, first.start),)
        case Op.LE:
            return (_between(None, first.end),)
        case Op.GT:
            return (_between(first.end, None),)
        case Op.GE:
            return (_between(first.start, None),)
    if first.start >= last.end and len({_anchor(value) for value in values}) == 1:
        raise backwards(values)
    return (_between(first.start, last.end),)


def _anchor(value: Value) -> str:
    """Say what a time moves with; two that move together keep their order for ever, so a saved query stays as good as it was."""
    word = value.text.lower()
    if word.startswith("now"):
        return "now"
    return "day" if word in _DAYS else "week" if word == "week" else "calendar"


def _between(start: int | None, end: int | None) -> Interval[int]:
    return Interval(start, end, high_open=end is not None)


def _distance(op: Op, values: Sequence[Value], distances: Sequence[bool], now: int, direction: Direction) -> Interval[int]:
    if op in (Op.EQ, Op.IN):
        text = brief(values[distances.index(True)].text).strip("'")
        column = values[distances.index(True)].column
        raise BadQuery(f"a distance from now needs a comparison; write <{text} or >{text}", column=column)
    if not all(distances):
        raise BadQuery(
            "a range cannot mix times and distances; write both ends the same way, as in now..now+4h",
            column=values[0].column,
        )
    near, far = duration(values[0]), duration(values[-1])
    if near > far:
        raise backwards(values)
    point = now + near if direction == "future" else now - near
    # An age grows as the instant gets earlier, so for the past each comparison turns round.
    match op if direction == "future" else _TURNED[op]:
        case Op.LT:
            return _between(None, point)
        case Op.LE:
            return _between(None, point + 1)
        case Op.GT:
            return _between(point + 1, None)
        case Op.GE:
            return _between(point, None)
    start, end = (now + near, now + far) if direction == "future" else (now - far, now - near)
    return _between(start, end + 1)


_TURNED = {Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE, Op.BETWEEN: Op.BETWEEN}


def instant(value: Value, *, now: int, tz: str) -> Stretch:
    """Read a time as the stretch it names: a month, a day, a minute, a second, `now`, `today`, `week` and so on.

    Raises:
        BadQuery: it is no time, or outside the years 1 to 9999.
    """
    word = value.text.lower()
    try:
        if word.startswith("now"):
            moment = _from_now(value, word, now)
            return Stretch(moment, moment + 1)
        zone = ZoneInfo(tz)
        today = datetime.fromtimestamp(now, zone).date()
        if word in _DAYS:
            first = today + timedelta(days=_DAYS[word])
            return _days(first, first + timedelta(days=1), zone)
        if word == "week":
            monday = today - timedelta(days=today.weekday())
            return _days(monday, monday + timedelta(days=7), zone)
        return _calendar(value, zone)
    except (ValueError, OverflowError) as problem:
        raise BadQuery(f"{brief(value.text)} is not a time: {problem}", column=value.column) from None


def _from_now(value: Value, word: str, now: int) -> int:
    if word == "now":
        return now
    sign, seconds = word[3], unit_seconds(word[4:])
    if sign not in "+-" or seconds is None:
        raise BadQuery(f"{brief(value.text)} is not a time; write it like now-1h or now+30m", column=value.column)
    length = duration(Value(word[4:], column=value.column))
    return now + length if sign == "+" else now - length


def _days(first: date, behind: date, zone: ZoneInfo) -> Stretch:
    midnights = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, behind))
    start, end = (int(midnight.timestamp()) for midnight in midnights)
    return Stretch(start, end)


def _calendar(value: Value, zone: ZoneInfo) -> Stretch:
    written = _DATE.fullmatch(value.text)
    if not written:
        raise BadQuery(
            f"{brief(value.text)} is not a time; write 2026-11-01, 2026-11-01T14:00, today, now-1h or a length as in <4h",
            column=value.column,
        )
    year, month, day, hour, minute, second, offset = written.groups()
    if day is None:
        first = date(int(year), int(month), 1)
        return _days(first, (first + timedelta(days=31)).replace(day=1), zone)
    if hour is None:
        first = date(int(year), int(month), int(day))
        return _days(first, first + timedelta(days=1), zone)
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    if offset:
        moment = moment.replace(tzinfo=_zone_of(offset))
    start = int(moment.timestamp())
    return Stretch(start, start + (60 if second is None else 1))


def _zone_of(offset: str) -> timezone:
    if offset in "Zz":
        return UTC
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return timezone(-ahead if offset[0] == "-" else ahead)
