"""Promises behind promises: worked examples, and the worst beginning against trying every minute."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.vocab import Metric, Unit
from deskterm.calendars import Calendar
from deskterm.clock import format_instant, parse_instant
from deskterm.service_level.chain_rules import spare, walk, worst
from deskterm.service_level.policy import Policy

HOUR, DAY = 3_600, 86_400
MONDAY = parse_instant("2026-11-02T00:00:00Z")
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Calendar.from_json({"tz": "UTC", "hours": {day: [["08:00", "18:00"]] for day in WEEK}})
LUNCH = Calendar.from_json({"tz": "UTC", "hours": {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in WEEK}})
AROUND = Calendar.from_json({"tz": "UTC", "hours": {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")}})
ALL = {"office": OFFICE, "lunch": LUNCH, "around": AROUND}


def hours(amount: float, calendar: Calendar = OFFICE, unit: Unit = Unit.BUSINESS_HOURS) -> Policy:
    return Policy(Metric.RESOLUTION, unit, calendar, int(amount * HOUR))


def days(amount: int, calendar: Calendar = OFFICE) -> Policy:
    return Policy(Metric.RESOLUTION, Unit.BUSINESS_DAYS, calendar, days=amount)


@pytest.mark.parametrize(
    ("promise", "chain", "margin", "start", "end", "limit"),
    [
        (hours(4, AROUND), [hours(2, AROUND)], 2 * HOUR, "02T00:00:00", "02T02:00:00", "02T04:00:00"),
        (hours(8), [hours(4), hours(4)], 0, "02T00:00:00", "02T16:00:00", "02T16:00:00"),
        (hours(8), [hours(4), hours(5)], -63 * HOUR, "06T09:00:01", "09T08:00:01", "06T17:00:01"),
        (hours(4, AROUND), [hours(4)], -62 * HOUR, "06T14:00:01", "09T08:00:01", "06T18:00:01"),
        (hours(24, AROUND), [hours(2)], -40 * HOUR, "06T16:00:01", "09T08:00:01", "07T16:00:01"),
        (days(2), [days(1), hours(10)], 0, "02T08:00:01", "04T08:00:01", "04T08:00:01"),
    ],
    ids=["around the clock", "to the second", "an hour too much", "24x7 on 8x5", "a Friday afternoon", "in working days"],
)
def test_what_fits_and_what_does_not(promise: Policy, chain: list[Policy], margin: int, start: str, end: str, limit: str) -> None:
    found = worst(promise, chain, MONDAY, MONDAY + 14 * DAY)
    assert (found.margin_seconds, found.fits) == (margin, margin >= 0)
    assert found.limit_at is not None
    assert found.ends[-1] is not None
    told = [format_instant(at) for at in (found.start_at, found.ends[-1], found.limit_at)]
    assert told == [f"2026-11-{text}Z" for text in (start, end, limit)]


HALVES = st.integers(1, 60).map(lambda count: count / 2)
POLICIES = st.builds(hours, HALVES, st.sampled_from(list(ALL.values())))


@settings(max_examples=40, deadline=None)
@given(POLICIES, st.lists(POLICIES, max_size=2))
def test_no_beginning_is_worse_than_the_one_that_is_found(promise: Policy, chain: list[Policy]) -> None:
    found = worst(promise, chain, MONDAY, MONDAY + 7 * DAY)
    assert found == walk(promise, chain, found.start_at), "it is a way that can be gone"
    margin = found.margin_seconds
    assert margin is not None
    for at in range(MONDAY, MONDAY + 7 * DAY, 20 * 60):
        tried = walk(promise, chain, at).margin_seconds
        assert tried is not None
        assert margin <= tried, format_instant(at)


@given(POLICIES)
def test_a_promise_fits_behind_itself(promise: Policy) -> None:
    assert worst(promise, [promise], MONDAY, MONDAY + 7 * DAY).margin_seconds == 0


def test_what_a_calendar_never_reaches_does_not_fit() -> None:
    empty = Calendar.from_json([
        {"valid_from": None, "tz": "UTC", "hours": {"mon": [["08:00", "18:00"]]}},
        {"valid_from": "2026-11-03T00:00:00Z", "tz": "UTC", "hours": {"mon": [["08:00", "08:01"]]}},
    ])  # fmt: skip
    found = worst(hours(4, AROUND), [hours(20, empty)], MONDAY, MONDAY + 7 * DAY)
    assert (found.fits, found.margin_seconds, found.ends) == (False, None, (None,))
    assert worst(hours(20, empty), [hours(20)], MONDAY, MONDAY + 7 * DAY).fits, "what is never due is never late"


@pytest.mark.parametrize(
    ("objective", "behind", "left"), [(99.5, [99.9, 99.8], 0.2), (99.9, [99.5], -0.4), (99.0, [], 1.0), (99.9, [99.95, 99.95], 0)]
)
def test_availabilities_in_a_row_add_up_what_they_may_lose(objective: float, behind: list[float], left: float) -> None:
    assert spare(objective, behind) == pytest.approx(left)
