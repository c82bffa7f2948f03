"""What the tests of the SLA clock share: short ways to say calendar, policy, phase and instant (UTC)."""

from __future__ import annotations

from dataclasses import replace

from data.vocab import Metric, Unit
from deskterm.calendars import Calendar
from deskterm.clock import parse_instant
from deskterm.service_level.policy import Policy
from deskterm.service_level.rules import History, Phase, PhaseState, Reading, read_clock

HOUR = 3600
WEEK = ("mon", "tue", "wed", "thu", "fri")


def office(opens: str, closes: str, tz: str = "UTC", days: tuple[str, ...] = WEEK, **more: object) -> Calendar:
    return Calendar.from_json({"tz": tz, "hours": {day: [[opens, closes]] for day in days}, **more})


def hours_policy(calendar: Calendar, seconds: int, **more: int | tuple[int, ...]) -> Policy:
    return replace(Policy(Metric.RESOLUTION, Unit.BUSINESS_HOURS, calendar, seconds), **more)  # type: ignore[arg-type]


def at(text: str) -> int:
    return parse_instant(f"{text}Z")


def paused(start: str, end: str | None, reason: str = "caller") -> Phase:
    return Phase(at(start), None if end is None else at(end), PhaseState.PAUSED, reason)


def stopped(start: str, end: str | None) -> Phase:
    return Phase(at(start), None if end is None else at(end), PhaseState.STOPPED, "resolved")


def show(policy: Policy, history: History, now: str) -> Reading:
    return read_clock(policy, history, at(now))


# 2026-11-23 is a Monday.
TEN_TO_SIX = office("10:00", "18:00")
FOUR_HOURS = hours_policy(office("08:00", "18:00"), 4 * HOUR, warn_percent=(75,))
TWO_DAYS = Policy(Metric.RESOLUTION, Unit.BUSINESS_DAYS, office("08:00", "18:00"), days=2, warn_percent=(50,))
WITH_HOLIDAY = hours_policy(office("08:00", "18:00", holidays={"2026-11-24": "Foundation Day"}), 4 * HOUR)
