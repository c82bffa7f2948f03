"""Business days: "the same time of day, N working days later".

A working day is a civil date on which the calendar has any working time. The rule for a deadline:

- Day 0 is the date of the start if that is a working day, with the start's time of day. Otherwise day 0 is the next
  working day, from its first moment: what comes in on Saturday counts as in the post on Monday morning.
- The deadline is that time of day on the Nth working day after day 0.
- Within hours, or exactly at a closing time, it stays. Before an opening or in a break it moves on to the opening,
  after the last closing to the next opening.

So a later start never has an earlier deadline.
"""

from __future__ import annotations

from datetime import date, datetime, time

from deskterm.calendars import HORIZON_SECONDS, Calendar, Unreachable
from deskterm.civil_time import DAY_SECONDS, ONE_DAY, instant_of, require_reckonable, wall_of
from deskterm.errors import InvalidInput

_HORIZON_DAYS = HORIZON_SECONDS // DAY_SECONDS


def business_days_due(calendar: Calendar, from_at: int, days: int) -> int:
    """Return the deadline `days` working days after an instant, by the rule above; with 0 days, the start moved on.

    Raises:
        InvalidInput: `days` is negative or more than ten years have.
        Unreachable: ten years of calendar do not hold them.
    """
    require_reckonable(from_at=from_at)
    _require_natural(days)
    day = calendar.date_at(from_at)
    wall = wall_of(from_at, calendar.zone_at(from_at)).time()
    if not is_working_day(calendar, day):
        day, wall = _nearest_working_day(calendar, day, 1), time.min
    target = calendar.day(add_working_days(calendar, day, days))
    at = instant_of(datetime.combine(target.date, wall), target.zone)
    return at if _within_or_closing(calendar, at) else calendar.due(at, 0)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether the calendar has any working time on a date."""
    return bool(calendar.day(day).open)


def add_working_days(calendar: Calendar, day: date, days: int) -> date:
    """Return the date `days` working days after (negative: before) a date; a day off first moves on (back) to one.

    Raises:
        Unreachable: the calendar has no working day for ten years.
    """
    step = -1 if days < 0 else 1
    if not is_working_day(calendar, day):
        day = _nearest_working_day(calendar, day, step)
    for _ in range(abs(days)):
        day = _nearest_working_day(calendar, day, step)
    return day


def _nearest_working_day(calendar: Calendar, day: date, step: int) -> date:
    """Next working day after a date (`step` 1) or the last before it (-1)."""
    for distance in range(1, _HORIZON_DAYS + 1):
        candidate = day + ONE_DAY * (step * distance)
        if is_working_day(calendar, candidate):
            return candidate
    message = f"this calendar has no working day within ten years of {day}"
    raise Unreachable(message, fields={"days": "cannot be reached within ten years"})


def _within_or_closing(calendar: Calendar, at: int) -> bool:
    return calendar.is_open(at) or calendar.is_open(at - 1)


def _require_natural(days: int) -> None:
    if not 0 <= days <= _HORIZON_DAYS:
        message = f"must be a whole number from 0 to {_HORIZON_DAYS}"
        raise InvalidInput(f"days {message}", fields={"days": message})
