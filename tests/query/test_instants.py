"""Times: the table of the module, both days on which the clocks change, and comparisons that partition the line of time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.clock import parse_instant
from deskterm.errors import BadQuery
from deskterm.query import Direction, Interval, Op, Test, Value, instant, instants, parse
from deskterm.query.instants import Stretch

BERLIN = "Europe/Berlin"
NOW = parse_instant("2026-11-22T13:00:00Z")


def local(text: str, tz: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp())


def read(text: str, direction: Direction = "past", tz: str = BERLIN) -> list[tuple[int | None, int | None]]:
    test = parse(f"at:{text}")
    assert isinstance(test, Test)
    found = instants(test.op, test.values, now=NOW, tz=tz, direction=direction)
    assert all(not stretch.low_open and stretch.high_open is (stretch.high is not None) for stretch in found)
    return [(stretch.low, stretch.high) for stretch in found]


@pytest.mark.parametrize("direction", ["future", "past"])
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-01", "2026-11-01", "2026-11-02"),
        (">=2026-11-01", "2026-11-01", None),
        (">2026-11-01", "2026-11-02", None),
        ("<2026-11-01", None, "2026-11-01"),
        ("<=2026-11-01", None, "2026-11-02"),
        ("2026-11-01..2026-11-03", "2026-11-01", "2026-11-04"),
        ("2026-11-01..2026-11-01", "2026-11-01", "2026-11-02"),
        ("2026-11-01..", "2026-11-01", None),
        ("..2026-11-01", None, "2026-11-02"),
        ("2026-11", "2026-11-01", "2026-12-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2028-02-29", "2028-02-29", "2028-03-01"),
        ("2026-11-01T14:02", "2026-11-01T14:02", "2026-11-01T14:03"),
        ('"2026-11-01 14:02"', "2026-11-01T14:02", "2026-11-01T14:03"),
        ("2026-11-01t14:02:07", "2026-11-01T14:02:07", "2026-11-01T14:02:08"),
        ("2026-11-01T14:02Z", "2026-11-01T15:02", "2026-11-01T15:03"),
        ("2026-11-01T14:02-05:30", "2026-11-01T20:32", "2026-11-01T20:33"),
        ("today", "2026-11-22", "2026-11-23"),
        ("Yesterday", "2026-11-21", "2026-11-22"),
        ("tomorrow", "2026-11-23", "2026-11-24"),
        ("week", "2026-11-16", "2026-11-23"),
        (">=now-1h", "2026-11-22T13:00", None),
        ("<now+30m", None, "2026-11-22T14:30"),
        ("now..now+4h", "2026-11-22T14:00", "2026-11-22T18:00:01"),
        ("now", "2026-11-22T14:00", "2026-11-22T14:00:01"),
        (">=now-1d", "2026-11-21T14:00", None),
    ],
)
def test_times_mean_the_same_in_both_directions(text: str, start: str, end: str, direction: Direction) -> None:
    assert read(text, direction) == [(start and local(start), end and local(end))]


@pytest.mark.parametrize(
    ("text", "direction", "start", "end"),
    [
        ("<4h", "future", None, "2026-11-22T18:00"),
        ("<=4h", "future", None, "2026-11-22T18:00:01"),
        (">4h", "future", "2026-11-22T18:00:01", None),
        (">=4h", "future", "2026-11-22T18:00", None),
        ("1h..4h", "future", "2026-11-22T15:00", "2026-11-22T18:00:01"),
        ("..4h", "future", None, "2026-11-22T18:00:01"),
        ("<4h", "past", "2026-11-22T10:00:01", None),
        ("<=4h", "past", "2026-11-22T10:00", None),
        (">2d", "past", None, "2026-11-20T14:00"),
        (">=2d", "past", None, "2026-11-20T14:00:01"),
        ("1h..4h", "past", "2026-11-22T10:00", "2026-11-22T13:00:01"),
        ("4h..", "past", None, "2026-11-22T10:00:01"),
    ],
)
def test_a_bare_length_is_a_distance_from_now(text: str, direction: Direction, start: str, end: str) -> None:
    assert read(text, direction) == [(start and local(start), end and local(end))]


def test_a_list_holds_one_stretch_each() -> None:
    days = [("2026-11-01", "2026-11-02"), ("2026-11-22", "2026-11-23")]
    assert read("2026-11-01,today") == [(local(start), local(end)) for start, end in days]


@pytest.mark.parametrize(
    ("tz", "day", "hours"),
    [
        (BERLIN, "2025-03-30", 23),
        (BERLIN, "2025-10-26", 25),
        (BERLIN, "2025-11-01", 24),
        ("America/Havana", "2025-11-02", 25),
        ("America/Havana", "2025-03-09", 23),
        ("Australia/Lord_Howe", "2025-04-06", 24.5),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_is_as_long_as_it_was(tz: str, day: str, hours: float) -> None:
    start, end = instant(Value(day), now=NOW, tz=tz)
    assert end - start == hours * 3_600


def test_today_is_the_person_s_today() -> None:
    evening = parse_instant("2026-11-22T23:30:00Z")
    assert instant(Value("today"), now=evening, tz=BERLIN).start == local("2026-11-23")
    assert instant(Value("today"), now=evening, tz="America/New_York").start == local("2026-11-22", "America/New_York")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4h", "write <4h or >4h"),
        ("today,4h", "write <4h or >4h"),
        ("now..4h", "cannot mix"),
        ("4h..1h", "backwards; write '1h'..'4h'"),
        ("2026-11-03..2026-11-01", "backwards"),
        ("now+4h..now", "backwards"),
        ("tomorrow..today", "backwards"),
        ("2026*", "star"),
        ("2026-13-01", "not a time"),
        ("2026-02-29", "not a time"),
        ("2026-11-01T25:00", "not a time"),
        ("2026-11-01T14:00+99:00", "not a time"),
        ("0000-01-01", "not a time"),
        ("9999-12-31", "not a time"),
        ("20261101", "not a time"),
        ("2026-W44", "not a time"),
        ("\u0662\u0660\u0662\u0666-11-01", "not a time"),
        ("soon", "not a time"),
        ("now-", "like now-1h"),
        ("now*1h", "star"),
        ("nowish", "like now-1h"),
        ("<now-9999w", "century"),
    ],
)
def test_what_is_no_time(text: str, says: str) -> None:
    with pytest.raises(BadQuery) as refusal:
        read(text)
    assert says in refusal.value.message
    assert refusal.value.column >= 4


@pytest.mark.parametrize("text", ["2026-12-01..now", "now..2026-11-01", "tomorrow..week", "2026-12-01..today"])
def test_a_saved_range_that_is_backwards_for_now_holds_nothing(text: str) -> None:
    ((start, end),) = read(text)
    assert start is not None
    assert end is not None
    assert start >= end


def test_the_far_ends_of_the_calendar_are_times_or_refused() -> None:
    for tz in (BERLIN, "Pacific/Kiritimati", "America/Adak"):
        for day in ("0001-01-01", "0001-01-02", "9999-12-30", "0001-01", "9999-11"):
            assert isinstance(instant(Value(day), now=NOW, tz=tz), Stretch)


DISTANCES = st.integers(0, 10**7).map(lambda seconds: Value(f"{seconds}s"))
DATES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda at: Value(at.date().isoformat()))  # noqa: DTZ001
WORDS = st.sampled_from(["now", "today", "yesterday", "tomorrow", "week", "now-1h", "now+30m"]).map(Value)
DIRECTIONS = st.sampled_from(["future", "past"])
ZONES = st.sampled_from([BERLIN, "UTC", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"])


@given(DISTANCES | DATES | WORDS, DIRECTIONS, ZONES, st.integers(-(10**7), 10**7))
def test_every_instant_is_on_one_side_of_every_comparison(value: Value, direction: Direction, tz: str, offset: int) -> None:
    at = NOW + offset

    def holds(op: Op) -> bool:
        (stretch,) = instants(op, [value], now=NOW, tz=tz, direction=direction)
        return inside(stretch, at)

    assert holds(Op.LT) is not holds(Op.GE)
    assert holds(Op.GT) is not holds(Op.LE)
    assert holds(Op.LE) or not holds(Op.LT)
    assert not (holds(Op.LT) and holds(Op.GT))


@given(DATES, DATES, ZONES, st.integers(-(10**7), 10**7))
def test_a_range_is_both_comparisons(low: Value, high: Value, tz: str, offset: int) -> None:
    low, high = sorted((low, high), key=lambda value: value.text)
    at = instant(low, now=NOW, tz=tz).start + offset

    def holds(op: Op, *values: Value) -> bool:
        return any(inside(found, at) for found in instants(op, values, now=NOW, tz=tz, direction="past"))

    assert holds(Op.BETWEEN, low, high) is (holds(Op.GE, low) and holds(Op.LE, high))


def inside(stretch: Interval[int], at: int) -> bool:
    return (stretch.low is None or stretch.low <= at) and (stretch.high is None or at < stretch.high)


def test_the_now_of_these_tests_is_two_in_the_afternoon() -> None:
    assert datetime.fromtimestamp(NOW, UTC).astimezone(ZoneInfo(BERLIN)).strftime("%a %H:%M") == "Sun 14:00"
