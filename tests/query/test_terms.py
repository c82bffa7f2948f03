"""The value grammar as a table, and what values mean for each type of field."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import BadQuery
from deskterm.query import (
    Interval,
    Op,
    Reference,
    Value,
    choices,
    duration,
    intervals,
    like_pieces,
    number,
    reference,
    truth,
    whole,
)
from deskterm.query.readings import MAX_DURATION_SECONDS, unit_seconds
from deskterm.query.terms import Condition, read_value


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("new", [(Op.EQ, "new")]),
        ('"a, b"', [(Op.EQ, "a, b")]),
        ("<4h", [(Op.LT, "4h")]),
        ("<=4h", [(Op.LE, "4h")]),
        (">4", [(Op.GT, "4")]),
        (">=2026-11-01", [(Op.GE, "2026-11-01")]),
        ('>="2026-11-01 14:00"', [(Op.GE, "2026-11-01 14:00")]),
        ("1..2", [(Op.BETWEEN, "1", "2")]),
        ('"a".."b"', [(Op.BETWEEN, "a", "b")]),
        ("1..", [(Op.GE, "1")]),
        ("1..*", [(Op.GE, "1")]),
        ("..2", [(Op.LE, "2")]),
        ("*..2", [(Op.LE, "2")]),
        ("-5..5", [(Op.BETWEEN, "-5", "5")]),
        ("1.5..2.5", [(Op.BETWEEN, "1.5", "2.5")]),
        ("a,b,c", [(Op.IN, "a", "b", "c")]),
        ('a,"b c"', [(Op.IN, "a", "b c")]),
        ("1,3..4", [(Op.EQ, "1"), (Op.BETWEEN, "3", "4")]),
        ("a,none", [(Op.EQ, "a"), (Op.EMPTY,)]),
        ("vpn*", [(Op.LIKE, "vpn*")]),
        ("*gate*", [(Op.LIKE, "*gate*")]),
        ('"vpn gate"*', [(Op.LIKE, "vpn gate")]),
        ('"vpn*"', [(Op.EQ, "vpn*")]),
        ("none", [(Op.EMPTY,)]),
        ("any", [(Op.PRESENT,)]),
        ("*", [(Op.PRESENT,)]),
        ("None", [(Op.EQ, "None")]),
        ('"none"', [(Op.EQ, "none")]),
        ("2026-11-01T14:00:00+01:00", [(Op.EQ, "2026-11-01T14:00:00+01:00")]),
        ("fe80::1", [(Op.EQ, "fe80::1")]),
        (r"CORP\ada", [(Op.EQ, r"CORP\ada")]),
    ],
)
def test_value_grammar(text: str, conditions: list[tuple[Op, *tuple[str, ...]]]) -> None:
    assert [(found.op, *(value.text for value in found.values)) for found in read_value(text, 0, len(text))] == conditions


def test_values_are_read_in_place() -> None:
    text = 'x team:a,"b c"* y'
    assert read_value(text, 7, 15) == (Condition(Op.EQ, (Value("a"),)), Condition(Op.LIKE, (Value("b c", True),)))
    places = [(value.column, value.length) for found in read_value(text, 7, 15) for value in found.values]
    assert places == [(8, 1), (10, 5)]


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        (Value("vpn*"), ("vpn", "")),
        (Value("*gate*"), ("", "gate", "")),
        (Value("a*b"), ("a", "b")),
        (Value("50% *", True), ("50% *", "")),
    ],
)
def test_like_pieces(value: Value, pieces: tuple[str, ...]) -> None:
    assert like_pieces(value) == pieces


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("4h", 14_400), ("2d", 172_800), ("1w", 604_800), ("1h30m", 5_400), ("4H", 14_400), ("0s", 0)],
)
def test_durations(text: str, seconds: int) -> None:
    assert duration(Value(text)) == unit_seconds(text) == seconds


def test_a_bare_number_is_seconds_but_names_no_unit() -> None:
    assert duration(Value("3600")) == 3_600
    assert unit_seconds("3600") is None


@pytest.mark.parametrize("text", ["", "h", "4x", "4h3", "-4h", "1.5h", "4 h", "\u0664h", "1mo", "h4"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(BadQuery, match="length of time") as refusal:
        duration(Value(text, column=7))
    assert refusal.value.column == 7


@pytest.mark.parametrize("text", ["101d" * 900, "9" * 17, "9" * 3_000 + "s", "5300w"], ids=["sum", "bare", "digits", "weeks"])
def test_durations_end_at_a_century(text: str) -> None:
    with pytest.raises(BadQuery, match=r"at most|century"):
        duration(Value(text))


@given(st.integers(0, MAX_DURATION_SECONDS))
def test_seconds_written_out_are_read_back(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    assert duration(Value(f"{minutes}m{rest}s")) == duration(Value(str(seconds))) == seconds


@pytest.mark.parametrize(("text", "read"), [("4", "4"), ("-4", "-4"), ("12.50", "12.50"), ("-0.1", "-0.1"), ("007", "7")])
def test_numbers(text: str, read: str) -> None:
    assert number(Value(text)) == Decimal(read)


@pytest.mark.parametrize("text", ["", "-", "4.", ".5", "1e9", "NaN", "inf", "1_000", "\u0664", "--4", "+4", "4,5", "high"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(BadQuery, match="not a number"):
        number(Value(text))


def test_numbers_fit_the_database() -> None:
    assert -(2**63) < whole(Value("-" + "9" * 18)) < whole(Value("9" * 18)) < 2**63
    for text in ("9" * 19, "1." + "9" * 19):
        with pytest.raises(BadQuery, match="18 digits"):
            number(Value(text))
    with pytest.raises(BadQuery, match="not a whole number"):
        whole(Value("1.5"))


def test_truth() -> None:
    assert [truth(Value(word)) for word in ("yes", "TRUE", "1", "no", "False", "0")] == [True] * 3 + [False] * 3
    with pytest.raises(BadQuery, match="neither yes nor no"):
        truth(Value("maybe"))


@pytest.mark.parametrize(
    ("op", "texts", "found"),
    [
        (Op.EQ, ["4"], [Interval(4, 4)]),
        (Op.IN, ["4", "6"], [Interval(4, 4), Interval(6, 6)]),
        (Op.LT, ["4"], [Interval(None, 4, high_open=True)]),
        (Op.LE, ["4"], [Interval(None, 4)]),
        (Op.GT, ["4"], [Interval(4, None, low_open=True)]),
        (Op.GE, ["4"], [Interval(4, None)]),
        (Op.BETWEEN, ["4", "4"], [Interval(4, 4)]),
        (Op.BETWEEN, ["4", "6"], [Interval(4, 6)]),
    ],
)
def test_intervals(op: Op, texts: list[str], found: list[Interval[int]]) -> None:
    assert list(intervals(op, [Value(text) for text in texts], whole)) == found


def test_a_range_runs_forwards_and_a_star_is_no_number() -> None:
    with pytest.raises(BadQuery, match=r"backwards; write '4'\.\.'6'") as refusal:
        intervals(Op.BETWEEN, [Value("6", column=5), Value("4", column=8)], whole)
    assert refusal.value.column == 5
    with pytest.raises(BadQuery, match="star needs a field of text"):
        intervals(Op.LIKE, [Value("4*")], whole)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Value("me"), Reference("me", is_me=True)),
        (Value("me", True), Reference("me")),
        (Value("inc-20412"), Reference("INC-20412", may_be_number=True)),
        (Value("KE-0031", True), Reference("KE-0031")),
        (Value("Network"), Reference("Network")),
        (Value("vm-214-b"), Reference("vm-214-b")),
        (Value("-12"), Reference("-12")),
        (Value("2026-11"), Reference("2026-11")),
    ],
)
def test_references(value: Value, read: Reference) -> None:
    assert reference(value) == read


STATES = {"new": ["new"], "assigned": ["assigned"], "pending": ["pending"], "Open": ["new", "assigned", "pending"]}


@pytest.mark.parametrize(
    ("op", "texts", "stored"),
    [
        (Op.EQ, ["new"], ["new"]),
        (Op.EQ, ["NEW"], ["new"]),
        (Op.EQ, ["open"], ["new", "assigned", "pending"]),
        (Op.IN, ["pending", "open"], ["pending", "new", "assigned"]),
        (Op.LIKE, ["*e*n*"], ["pending", "new", "assigned"]),
        (Op.LIKE, ["ass*ed"], ["assigned"]),
        (Op.LIKE, ["n*w"], ["new"]),
    ],
)
def test_choices(op: Op, texts: list[str], stored: list[str]) -> None:
    assert sorted(choices(op, [Value(text) for text in texts], STATES)) == sorted(stored)
    if op is not Op.LIKE:
        assert list(choices(op, [Value(text) for text in texts], STATES)) == stored


@pytest.mark.parametrize(
    ("op", "text", "says"),
    [
        (Op.EQ, "asigned", r"'asigned' is not known here; did you mean assigned\?"),
        (Op.EQ, "xyz", "choose from Open, assigned, new, pending"),
        (Op.LIKE, "x*", "choose from"),
        (Op.LIKE, "ne*ew", "not known"),
        (Op.LT, "new", "no larger or smaller"),
        pytest.param(Op.EQ, "x" * 4_000, "x…' is not known", id="long"),
    ],
)
def test_what_is_no_choice(op: Op, text: str, says: str) -> None:
    with pytest.raises(BadQuery, match=says) as refusal:
        choices(op, [Value(text, column=9)], STATES)
    assert refusal.value.column == 9
    assert len(refusal.value.message) < 160
