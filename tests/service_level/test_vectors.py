"""The 145 public business-hours vectors (see VECTORS.md), each run against the calendar or named as not ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from deskterm.business_days import add_working_days, business_days_due
from deskterm.calendars import Calendar
from deskterm.civil_time import instant_of, zone_named
from deskterm.clock import format_instant, parse_instant
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans
from deskterm.opening_hours import WEEKDAYS

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = VECTORS["cases"]

NOT_OURS = {
    **dict.fromkeys(
        (f"biz-{number:03}" for number in (28, 29, 32, 33, 34, 35)),
        "asks whether an instant is a break: ours is the gap between two intervals, not a thing of its own",
    ),
    **dict.fromkeys(
        (f"biz-{number:03}" for number in range(11, 16)),
        "walks business days back: the desk asks when a target is due, never when it would have had to begin",
    ),
    **dict.fromkeys(
        (f"working_hours-{number:03}" for number in range(65, 70)),
        "counts working days between two dates: no figure of the desk is in such days",
    ),
    "working_hours-073": "a reversed interval is refused by the calendar and 0 in calc, never negative",
}
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}


def calendar_of(case: dict[str, Any]) -> Calendar:
    """Our calendar for a case: shifts and breaks become days of their own, a holiday keeps a date closed."""
    given = VECTORS["calendars"][case["calendar"]]
    hours, shifts, breaks = given.get("hours", {}), given.get("shifts", {}), given.get("breaks", {})
    days = {}
    for day in (shifts.keys() | breaks.keys()) - set(given.get("holidays", ())):
        usual = hours.get(WEEKDAYS[date.fromisoformat(day).weekday()], [])
        days[day] = written(minutes(shifts.get(day, usual)) - minutes(breaks.get(day, [])))
    return Calendar.from_json({"tz": given["tz"], "hours": hours, "holidays": given.get("holidays", []), "days": days})


def minutes(hours: list[list[str]]) -> Spans:
    return Spans.of((int(a[:2]) * 60 + int(a[3:]), int(b[:2]) * 60 + int(b[3:])) for a, b in hours)


def written(spans: Spans) -> list[list[str]]:
    return [[f"{edge // 60:02}:{edge % 60:02}" for edge in interval] for interval in spans]


def within(case: dict[str, Any]) -> dict[str, Any]:
    first, last = parse_instant(case["input"]["from"]), parse_instant(case["input"]["to"])
    calendar = calendar_of(case)
    if last < first:  # what calc answers; the calendar itself refuses
        with pytest.raises(InvalidInput):
            calendar.elapsed(first, last)
        return {"seconds": 0}
    return {"seconds": calendar.elapsed(first, last)}


def add_time(case: dict[str, Any], direction: int = 1) -> dict[str, Any]:
    start, amount = parse_instant(case["input"]["from"]), case["input"]["amount"] * UNITS[case["input"]["unit"]]
    calendar = calendar_of(case)
    forward = amount * direction >= 0 and direction > 0
    at = calendar.due(start, amount) if forward else calendar.before(start, abs(amount))
    return {"time": format_instant(at)}


def business_days(case: dict[str, Any], move: Callable[[Calendar, int, int], int]) -> dict[str, Any]:
    at = move(calendar_of(case), parse_instant(case["input"]["from"]), case["input"]["amount"])
    return {"time": format_instant(at)}


def at_instant(case: dict[str, Any], find: Callable[[Calendar, int], int | None]) -> dict[str, Any]:
    at = find(calendar_of(case), parse_instant(case["input"]["at"]))
    assert at is not None
    return {"time": format_instant(at)}


def periods_after(case: dict[str, Any]) -> dict[str, Any]:
    start = parse_instant(case["input"]["from"])
    spans = calendar_of(case).spans(start, start + 60 * 86_400)
    periods = [[format_instant(a), format_instant(b)] for a, b in islice(spans, case["input"]["take"])]
    return {"periods": periods}


def local_time_on_date(case: dict[str, Any]) -> dict[str, Any]:
    wall = datetime.fromisoformat(f"{case['input']['date']}T{case['input']['time']}")
    zone = zone_named(VECTORS["calendars"][case["calendar"]]["tz"])
    return {"time": format_instant(instant_of(wall, zone))}


def on_holiday(case: dict[str, Any]) -> dict[str, Any]:
    calendar = calendar_of(case)
    day = calendar.date_at(parse_instant(case["input"]["at"]))
    return {"value": calendar.day(day).holiday is not None}


def add_days(case: dict[str, Any]) -> dict[str, Any]:
    start = date.fromisoformat(case["input"]["from"])
    return {"date": str(add_working_days(calendar_of(case), start, case["input"]["days"]))}


def next_closing(calendar: Calendar, at: int) -> int | None:
    return next((end for _, end in calendar.spans(at, at + 60 * 86_400) if end > at), None)


ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "within": within,
    "time_after": add_time,
    "time_before": lambda case: add_time(case, direction=-1),
    "add_time": add_time,
    "business_days_after": lambda case: business_days(case, business_days_due),
    "in_hours": lambda case: {"value": calendar_of(case).is_open(parse_instant(case["input"]["at"]))},
    "on_holiday": on_holiday,
    "periods_after": periods_after,
    "local_time_on_date": local_time_on_date,
    "add_days": add_days,
    "advance_to_working_time": lambda case: at_instant(case, lambda calendar, at: calendar.due(at, 0)),
    "return_to_working_time": lambda case: at_instant(case, lambda calendar, at: calendar.before(at, 0)),
    "advance_to_closing_time": lambda case: at_instant(case, next_closing),
    "next_opening": lambda case: at_instant(case, Calendar.next_opening),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES if case["id"] not in NOT_OURS])
def test_vector(case: dict[str, Any]) -> None:
    assert ANSWERS[case["function"]](case) == case["expected"], case.get("note")


def test_every_vector_is_run_or_excluded_with_a_reason() -> None:
    ids = {case["id"] for case in CASES}
    assert len(CASES) == len(ids) == 145
    assert ids >= NOT_OURS.keys()
    assert all(NOT_OURS.values())
    unanswered = {case["id"] for case in CASES if case["function"] not in ANSWERS}
    assert unanswered <= NOT_OURS.keys()
