"""Calendars: definitions and their refusals, summer time, revisions, and the arithmetic against a slow oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.calendars import ALWAYS, Calendar, Label
from deskterm.civil_time import date_of, midnight, read_instant
from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans
from deskterm.opening_hours import read_opening_hours

WORK = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
BERLIN = {"tz": "Europe/Berlin", "hours": WORK, "holidays": {"2026-12-25": "Christmas Day"}}
ROUND = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
LUNCH = {
    "tz": "America/New_York",
    "hours": {
        "sun": [["00:00", "04:00"], ["20:00", "24:00"]],
        "mon": [["00:00", "00:30"], ["08:00", "12:00"], ["13:00", "17:00"]],
        "sat": [["22:15", "24:00"]],
        "fri": [["00:00", "24:00"]],
    },
    "holidays": ["2024-03-15"],
    "days": {"2024-02-29": [["06:00", "06:01"]], "2024-11-01": []},
}


def at(text: str) -> int:
    return parse_instant(text)


def calendar(**changes: object) -> Calendar:
    return Calendar.from_json({**BERLIN, **changes})


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"tz": "Europe/Atlantis"}, "tz", "not an IANA time zone"),
        ({"tz": "../../etc/passwd"}, "tz", "not an IANA time zone"),
        ({"tz": "localtime"}, "tz", "not an IANA time zone"),
        ({"tz": None}, "tz", "must be an IANA time zone"),
        ({"hours": {"mon": [["08:00", "12:00"], ["11:59", "18:00"]]}}, "hours.mon", "overlap between 11:59 and 12:00"),
        ({"hours": {"mon": [["22:00", "06:00"]]}}, "hours.mon", "two intervals"),
        ({"hours": {"mon": [["08:00", "08:00"]]}}, "hours.mon", "not after its start"),
        ({"hours": {"monday": [["08:00", "18:00"]]}}, "hours.monday", "not a weekday"),
        ({"hours": {"mon": [["08:00", "24:01"]]}}, "hours.mon", "24:01"),
        ({"hours": {"mon": [["8", "18:00"]]}}, "hours.mon", "not a time"),
        ({"hours": {"mon": [["08:60", "18:00"]]}}, "hours.mon", "not a time"),
        ({"hours": {"mon": ["08:00", "18:00"]}}, "hours.mon", "not an interval"),
        ({"hours": {"mon": "08:00-18:00"}}, "hours.mon", "list of intervals"),
        ({"hours": []}, "hours", "must be an object"),
        ({"hours": {}}, "hours", "working time"),
        ({"hours": {"mon": []}, "days": {"2026-01-01": []}}, "hours", "working time"),
        ({"holidays": ["2026-02-29"]}, "holidays.2026-02-29", "not a date"),
        ({"holidays": ["20261225"]}, "holidays.20261225", "not a date"),
        ({"holidays": [20261225]}, "holidays", "not a date"),
        ({"holidays": "2026-12-25"}, "holidays", "list of dates"),
        ({"holidays": {"2026-12-25": 1}}, "holidays.2026-12-25", "not text"),
        ({"days": {"Friday": []}}, "days.Friday", "not a date"),
        ({"breaks": {}}, "breaks", "not part of a calendar"),
    ],
)
def test_a_wrong_definition_names_the_field(changes: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        calendar(**changes)
    assert words in refusal.value.fields[field]
    assert field in refusal.value.message


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Calendar.from_json({"tz": "X", "hours": {"mo": [["25:00", "26:00"]]}, "days": {"x": []}})
    assert refusal.value.fields.keys() == {"tz", "hours.mo", "days.x"}


@pytest.mark.parametrize("given_json", [None, 7, "Europe/Berlin", [], [7]])
def test_what_is_no_calendar_is_refused(given_json: object) -> None:
    with pytest.raises(InvalidInput):
        Calendar.from_json(given_json)


def test_json_round_trip() -> None:
    revisions = [{**LUNCH, "valid_from": None}, {**BERLIN, "valid_from": "2026-05-01T00:00:00Z", "days": {}}]
    made = Calendar.from_json(revisions)
    assert made.to_json() == revisions
    assert Calendar.from_json(made.to_json()) == made
    assert hash(Calendar.from_json(made.to_json())) == hash(made)
    hours = read_opening_hours(LUNCH)
    assert read_opening_hours(hours.to_json()) == hours


def test_a_day_of_its_own_prevails_over_a_holiday_and_an_empty_one_closes() -> None:
    made = calendar(days={"2026-12-25": [["10:00", "12:00"]], "2026-12-28": []})
    assert made.elapsed(at("2026-12-24T23:00:00Z"), at("2026-12-29T00:00:00Z")) == 2 * 3600


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-30", 24)])
def test_a_day_round_the_clock_has_as_many_hours_as_the_sun_gave_it(day: str, hours: int) -> None:
    made = Calendar.from_json({"tz": "Europe/Berlin", "hours": ROUND})
    whole = made.day(date.fromisoformat(day))
    assert whole.end - whole.start == whole.open.seconds == made.elapsed(whole.start, whole.end) == hours * 3600


@pytest.mark.parametrize(
    ("spell", "spring", "autumn"),
    [
        (["01:00", "04:00"], 2 * 3600, 4 * 3600),
        (["02:30", "03:15"], 0, 105 * 60),  # 02:30 becomes 03:30, after closing; the first 02:30, the only 03:15
        (["01:00", "02:30"], 90 * 60, 90 * 60),  # closes at 03:30 summer time; closes at the first 02:30
        (["02:30", "04:00"], 30 * 60, 150 * 60),
        (["08:00", "18:00"], 36_000, 36_000),
    ],
)
def test_hours_that_touch_a_change_of_clocks_follow_the_rule(spell: list[str], spring: int, autumn: int) -> None:
    made = Calendar.from_json({"tz": "Europe/Berlin", "hours": {"sun": [spell]}})
    assert made.day(date(2026, 3, 29)).open.seconds == spring
    assert made.day(date(2026, 10, 25)).open.seconds == autumn


def test_a_date_that_a_zone_left_out_has_no_working_time() -> None:
    made = Calendar.from_json({"tz": "Pacific/Apia", "hours": {"fri": [["00:00", "24:00"]]}})
    assert not made.day(date(2011, 12, 30)).open
    assert made.elapsed(at("2011-12-29T00:00:00Z"), at("2012-01-04T00:00:00Z")) == 0


@pytest.mark.parametrize("key", ["America/St_Johns", "America/Toronto", "America/Sao_Paulo", "Pacific/Apia"])
def test_civil_days_cover_all_time_once_even_where_clocks_change_at_midnight(key: str) -> None:
    zone = ZoneInfo(key)
    for start in (at("2010-11-01T00:00:00Z"), at("1919-03-20T00:00:00Z"), at("2011-12-25T00:00:00Z")):
        for instant in range(start, start + 15 * 86_400, 1800):
            day = date_of(instant, zone)
            assert midnight(day, zone) <= instant < midnight(day + timedelta(days=1), zone)


def test_text_without_an_offset_is_local_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read_instant("2026-07-01T09:00", berlin) == at("2026-07-01T07:00:00Z")
    assert read_instant("2026-07-01T09:00:00+01:00", berlin) == at("2026-07-01T08:00:00Z")
    assert read_instant("2026-07-01", berlin) == at("2026-06-30T22:00:00Z")
    assert read_instant("2026-03-29 02:30", berlin) == at("2026-03-29T01:30:00Z")


def test_a_revision_made_during_a_day_leaves_that_day_alone() -> None:
    made = Calendar.from_json(
        [{**BERLIN, "valid_from": None}, {**BERLIN, "hours": {"tue": [["09:00", "10:00"]]}, "valid_from": "2026-06-01T12:00:00"}]
    )
    assert made.day(date(2026, 6, 1)).open.seconds == 36_000
    assert made.day(date(2026, 6, 2)).open.seconds == 3600
    assert made.elapsed(at("2026-05-31T22:00:00Z"), at("2026-06-03T22:00:00Z")) == 36_000 + 3600


def test_a_revision_from_midnight_holds_that_day() -> None:
    made = Calendar.from_json([BERLIN, {**BERLIN, "hours": {"mon": [["09:00", "10:00"]]}, "valid_from": "2026-06-01"}])
    assert made.day(date(2026, 6, 1)).open.seconds == 3600


def test_editing_a_calendar_moves_no_deadline_of_the_past() -> None:
    before = Calendar.from_json(BERLIN)
    after = Calendar.from_json([BERLIN, {**BERLIN, "hours": {"mon": [["09:00", "10:00"]]}, "valid_from": "2026-06-01"}])
    start = at("2026-05-20T10:00:00Z")
    assert after.due(start, 40_000) == before.due(start, 40_000)


def test_of_two_revisions_on_one_day_the_later_takes_over() -> None:
    first = {**BERLIN, "hours": {"tue": [["01:00", "02:00"]]}, "valid_from": "2026-06-01T09:00"}
    second = {**BERLIN, "hours": {"tue": [["01:00", "04:00"]]}, "valid_from": "2026-06-01T10:00"}
    assert Calendar.from_json([second, BERLIN, first]).day(date(2026, 6, 2)).open.seconds == 3 * 3600


def test_two_revisions_from_one_instant_are_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Calendar.from_json([{**BERLIN, "valid_from": "2026-06-01"}, {**BERLIN, "valid_from": "2026-05-31T22:00:00Z"}])
    assert "valid_from" in refusal.value.fields


@pytest.mark.parametrize(("old", "new"), [("Asia/Tokyo", "America/New_York"), ("America/New_York", "Asia/Tokyo")])
def test_a_change_of_zone_neither_loses_nor_repeats_an_instant(old: str, new: str) -> None:
    revisions = [{"tz": old, "hours": ROUND}, {"tz": new, "hours": ROUND, "valid_from": "2026-01-10T00:00:00"}]
    made = Calendar.from_json(revisions)
    first, last = at("2026-01-01T00:00:00Z"), at("2026-01-20T00:00:00Z")
    assert made.elapsed(first, last) == last - first
    assert made.spans(first, last) == Spans.between(first, last)
    handover = at("2026-01-10T00:00:00" + ("-05:00" if new.startswith("America") else "+09:00"))
    assert (made.zone_at(handover - 1).key, made.zone_at(handover).key) == (old, new)


def test_stretches_label_every_instant_and_name_the_holiday() -> None:
    first, last = at("2026-12-24T16:00:00Z"), at("2026-12-28T08:00:00Z")
    found = [(piece.label, piece.name, (piece.end - piece.start) / 3600) for piece in calendar().stretches(first, last)]
    assert found == [
        (Label.OPEN, "", 1),
        (Label.CLOSED, "", 6),
        (Label.HOLIDAY, "Christmas Day", 24),
        (Label.CLOSED, "", 56),
        (Label.OPEN, "", 1),
    ]


def test_a_target_used_up_at_closing_time_is_due_then() -> None:
    made = calendar()
    assert made.due(at("2026-06-01T07:00:00Z"), 9 * 3600) == at("2026-06-01T16:00:00Z")
    assert made.due(at("2026-06-01T07:00:00Z"), 9 * 3600 + 1) == at("2026-06-02T06:00:01Z")


def test_a_target_of_nothing_is_due_at_the_first_instant_that_counts() -> None:
    made = calendar()
    assert made.due(at("2026-06-01T07:00:00Z"), 0) == at("2026-06-01T07:00:00Z")
    assert made.due(at("2026-06-06T07:00:00Z"), 0) == at("2026-06-08T06:00:00Z")


def test_what_ten_years_do_not_hold_is_refused() -> None:
    only_once = Calendar.from_json({"tz": "UTC", "days": {"2026-01-05": [["08:00", "09:00"]]}})
    start = at("2026-01-01T00:00:00Z")
    assert only_once.due(start, 3600) == at("2026-01-05T09:00:00Z")
    with pytest.raises(InvalidInput, match="ten years"):
        only_once.due(start, 3601)
    with pytest.raises(InvalidInput, match="ten years"):
        only_once.before(start, 1)
    assert only_once.next_opening(at("2026-01-05T08:00:00Z")) is None


def test_a_pause_of_eleven_years_does_not_hide_the_due_instant() -> None:
    pause = Spans.between(at("2010-01-01T00:00:00Z"), at("2021-01-01T00:00:00Z"))
    assert ALWAYS.due(at("2010-01-01T00:00:00Z"), 60, pause) == at("2021-01-01T00:01:00Z")


def test_time_that_runs_backwards_is_refused() -> None:
    with pytest.raises(InvalidInput, match="backwards"):
        ALWAYS.elapsed(10, 9)
    with pytest.raises(InvalidInput, match="negative"):
        ALWAYS.due(10, -1)
    with pytest.raises(InvalidInput, match="negative"):
        ALWAYS.before(10, -1)


@pytest.mark.parametrize("outside", ["1899-12-31T23:59:59Z", "2200-01-02T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_years_that_calendars_do_not_reckon_with_are_refused(outside: str) -> None:
    with pytest.raises(InvalidInput, match="1900 to 2199"):
        ALWAYS.due(at(outside), 60)


def test_always_never_closes() -> None:
    assert ALWAYS.next_opening(0) is None
    assert ALWAYS.elapsed(0, 10**9) == 10**9


# The oracle: a second counts if the wall clock then reads within the hours of its date. It knows nothing of pages,
# and no interval of LUNCH begins or ends within an hour that the clocks skip or repeat.
ZONE = ZoneInfo("America/New_York")
WINDOWS = tuple(
    at(day) for day in ("2024-03-09T12:00:00Z", "2024-11-02T12:00:00Z", "2024-02-28T20:00:00Z", "2024-03-14T20:00:00Z")
)
"""Spring forward, fall back, 29 February, a holiday; each followed by two days."""
lunch = Calendar.from_json(LUNCH)


def counts(instant: int) -> bool:
    wall = datetime.fromtimestamp(instant, UTC).astimezone(ZONE)
    hours: Any = LUNCH["hours"]
    day = str(wall.date())
    if day in LUNCH["days"]:
        spells = LUNCH["days"][day]  # type: ignore[index]
    elif day in LUNCH["holidays"]:
        spells = []
    else:
        spells = hours.get(("mon", "tue", "wed", "thu", "fri", "sat", "sun")[wall.weekday()], [])
    return any(start <= f"{wall:%H:%M}" < end for start, end in spells)


ORACLE = {window: [counts(instant) for instant in range(window, window + 2 * 86_400)] for window in WINDOWS}
moments = st.integers(0, 2 * 86_400 - 1)
pauses = st.lists(st.tuples(moments, st.integers(0, 20_000)), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WINDOWS), moments, moments, pauses, st.integers(0, 90_000))
def test_the_arithmetic_agrees_with_counting_seconds(
    window: int, one: int, other: int, held: list[tuple[int, int]], amount: int
) -> None:
    first, last = sorted((one, other))
    paused = Spans.of((window + start, window + start + length) for start, length in held)
    running = [second for second in range(first, last) if ORACLE[window][second] and window + second not in paused]
    assert lunch.elapsed(window + first, window + last, paused) == len(running)
    if 1 <= amount <= len(running):
        assert lunch.due(window + first, amount, paused) == window + running[amount - 1] + 1
        assert lunch.before(window + last, amount, paused) == window + running[-amount]
    if running:
        assert lunch.due(window + first, 0, paused) == window + running[0]
        assert lunch.before(window + last, 0, paused) == window + running[-1] + 1
    assert lunch.is_open(window + first) == ORACLE[window][first]


far = st.integers(at("2015-01-01T00:00:00Z"), at("2035-01-01T00:00:00Z"))


@given(far, st.integers(1, 4_000_000), st.integers(0, 4_000_000))
def test_due_and_elapsed_are_each_others_inverse_and_grow_together(start: int, amount: int, more: int) -> None:
    due = lunch.due(start, amount)
    assert lunch.elapsed(start, due) == amount
    assert lunch.elapsed(start, due - 1) == amount - 1
    assert lunch.due(start, amount + more) >= due
    assert lunch.due(start + more, amount) >= due
    back = lunch.before(due, amount)
    assert start <= back
    assert lunch.elapsed(back, due) == amount


@given(far, st.integers(0, 40 * 86_400), st.integers(0, 40 * 86_400))
def test_elapsed_adds_up_and_equals_the_open_stretches(start: int, first: int, second: int) -> None:
    middle, end = start + first, start + first + second
    assert lunch.elapsed(start, middle) + lunch.elapsed(middle, end) == lunch.elapsed(start, end)
    stretches = lunch.stretches(start, end)
    opened = Spans.of((piece.start, piece.end) for piece in stretches if piece.label is Label.OPEN)
    assert opened == lunch.spans(start, end)
    assert opened.seconds == lunch.elapsed(start, end)
    assert sum(piece.end - piece.start for piece in stretches) == end - start
