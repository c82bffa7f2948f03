"""Business days: the same time of day N working days later, and what moves it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.business_days import add_working_days, business_days_due, is_working_day
from deskterm.calendars import ALWAYS, Calendar
from deskterm.civil_time import read_instant
from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput

OFFICE = Calendar.from_json(
    {
        "tz": "Europe/Berlin",
        "hours": {
            **{day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu")},
            "fri": [["08:00", "14:00"]],
        },
        "holidays": ["2026-11-11"],
    }
)


def local(text: str) -> int:
    return parse_instant(f"{text}+01:00")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-02T09:30:15", 2, "2026-11-04T09:30:15"),
        ("2026-11-06T09:00:00", 1, "2026-11-09T09:00:00"),  # over the weekend
        ("2026-11-10T09:00:00", 1, "2026-11-12T09:00:00"),  # over the holiday
        ("2026-11-02T17:00:00", 1, "2026-11-03T17:00:00"),  # closing time stays closing time
        ("2026-11-02T17:00:01", 1, "2026-11-04T08:00:00"),  # after it: the next opening
        ("2026-11-02T12:00:00", 1, "2026-11-03T12:00:00"),  # so does the start of the break
        ("2026-11-02T12:30:00", 1, "2026-11-03T13:00:00"),
        ("2026-11-02T06:00:00", 1, "2026-11-03T08:00:00"),
        ("2026-11-05T16:00:00", 1, "2026-11-09T08:00:00"),  # Friday closes at two
        ("2026-11-07T15:00:00", 1, "2026-11-10T08:00:00"),  # Saturday counts as Monday morning
        ("2026-11-07T15:00:00", 0, "2026-11-09T08:00:00"),
        ("2026-11-02T09:00:00", 0, "2026-11-02T09:00:00"),
    ],
)
def test_due(start: str, days: int, due: str) -> None:
    assert business_days_due(OFFICE, local(start), days) == local(due)


def test_the_time_of_day_is_the_walls_across_a_change_of_clocks() -> None:
    assert business_days_due(OFFICE, parse_instant("2026-10-23T10:00:00Z"), 1) == parse_instant("2026-10-26T11:00:00Z")


def test_a_day_count_needs_a_working_day_ahead() -> None:
    once = Calendar.from_json({"tz": "UTC", "days": {"2026-01-05": [["08:00", "09:00"]]}})
    with pytest.raises(InvalidInput, match="no working day"):
        business_days_due(once, parse_instant("2026-01-05T08:00:00Z"), 1)


@pytest.mark.parametrize("days", [-1, 4000])
def test_a_day_count_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        business_days_due(OFFICE, 0, days)
    assert "days" in refusal.value.fields


def test_round_the_clock_a_business_day_is_a_day() -> None:
    assert business_days_due(ALWAYS, 1_000_000, 3) == 1_000_000 + 3 * 86_400


spring_to_autumn = st.integers(parse_instant("2026-03-01T00:00:00Z"), parse_instant("2026-12-01T00:00:00Z"))


@given(spring_to_autumn, st.integers(0, 100_000), st.integers(0, 12))
def test_a_later_start_is_never_due_earlier(start: int, later: int, days: int) -> None:
    due = business_days_due(OFFICE, start, days)
    assert start <= due <= business_days_due(OFFICE, start + later, days)
    assert due < business_days_due(OFFICE, start, days + 1)
    assert OFFICE.is_open(due) or OFFICE.is_open(due - 1)


dates = st.dates(date(2026, 1, 1), date(2027, 1, 1))


@given(dates, st.integers(1, 30))
def test_adding_days_and_counting_them_agree(day: date, days: int) -> None:
    ahead = add_working_days(OFFICE, day, days)
    first = add_working_days(OFFICE, day, 0)
    between = [first + timedelta(days=one) for one in range(1, (ahead - first).days + 1)]
    assert sum(is_working_day(OFFICE, one) for one in between) == days
    assert add_working_days(OFFICE, ahead, -days) == first


def test_a_time_of_day_that_spring_skips_falls_after_the_change() -> None:
    night = Calendar.from_json({"tz": "Europe/Berlin", "hours": {day: [["00:00", "24:00"]] for day in ("sat", "sun")}})
    zone = night.zone_at(0)
    saturday, sunday = read_instant("2026-03-28T02:30", zone), read_instant("2026-03-29T03:30", zone)
    assert business_days_due(night, saturday, 1) == sunday
