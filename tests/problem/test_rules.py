"""The arithmetic: outlines, the test for recurrence against numbers reckoned elsewhere, likeness of texts, Pareto."""

from __future__ import annotations

import math
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.problem.likeness import ALIKE, MOST_TERMS, groups, terms
from deskterm.problem.rules import CHANCE, DEEPEST, Recurrence, digest, numbered, pareto, read_outline, set_key, vital_few

WEEK = 7 * 86400


@pytest.mark.parametrize(
    ("recent", "past", "windows", "chance"),
    [
        (3, 0, (1, 12), Fraction(1, 13) ** 3),
        (2, 1, (1, 3), Fraction(3 * 3 + 1, 64)),
        (0, 5, (1, 1), Fraction(1)),
        (5, 5, (1, 1), Fraction(638, 1024)),
        (10, 0, (1, 1), Fraction(1, 1024)),
    ],
)
def test_chance_is_the_exact_binomial_tail(recent: int, past: int, windows: tuple[int, int], chance: Fraction) -> None:
    tested = Recurrence(recent, past, windows[0] * WEEK, windows[1] * WEEK)
    assert tested.chance == pytest.approx(float(chance), rel=1e-9)


def test_what_has_no_past_is_no_pattern_and_what_is_twice_as_often_with_too_few_is_none_either() -> None:
    assert Recurrence(9, 0, WEEK, 0).chance == 1.0
    assert not Recurrence(9, 0, WEEK, 0).recurs(1)
    assert not Recurrence(2, 0, WEEK, 100 * WEEK).recurs(1), "two are no pattern, however rare"
    assert not Recurrence(1_500, 10_000, WEEK, 10 * WEEK).recurs(1), "certain, but half as often again is no news"
    assert Recurrence(3, 0, WEEK, 12 * WEEK).recurs(20)
    assert not Recurrence(3, 0, WEEK, 12 * WEEK).recurs(200), "among many subjects one is bound to look odd"


@given(st.integers(0, 60), st.integers(0, 400), st.integers(1, 10**7), st.integers(1, 10**7))
@settings(max_examples=200)
def test_more_is_never_likelier_by_chance(recent: int, past: int, lately: int, before: int) -> None:
    one, more = Recurrence(recent, past, lately, before), Recurrence(recent + 1, past, lately, before)
    assert 0.0 <= more.chance <= one.chance + 1e-12 <= 1.0 + 1e-12
    assert one.expected == pytest.approx(past * lately / before)
    if one.recurs(1):
        assert one.chance <= CHANCE


def test_texts_that_tell_of_the_same_are_one_group_and_no_chain() -> None:
    texts = {
        1: ["vpn", "gateway", "drops", "session"],
        2: ["vpn", "gateway", "drops", "every", "session"],
        3: ["vpn", "gateway", "drops", "session", "berlin"],
        4: ["printer", "prints", "blank", "labels"],
        5: ["printer", "prints", "blank", "pages"],
        6: ["laptop", "battery", "swollen"],
        7: [],
    }
    (found,) = groups(texts, fewest=3)
    assert (found.keys, set(found.words) & {"vpn", "gateway", "drops"} != set()) == ((1, 2, 3), True)
    assert ALIKE <= found.likeness <= 1.0
    assert {group.keys for group in groups(texts, fewest=2)} == {(1, 2, 3), (4, 5)}
    assert groups({}, fewest=2) == ()


@given(st.dictionaries(st.integers(1, 40), st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=24))
@settings(max_examples=150)
def test_groups_are_disjoint_and_do_not_depend_on_the_order(texts: dict[int, list[str]]) -> None:
    found = groups(texts, fewest=2)
    keys = [key for group in found for key in group.keys]
    assert len(keys) == len(set(keys))
    assert set(keys) <= texts.keys()
    assert all(ALIKE <= group.likeness <= 1.0 + 1e-9 for group in found)
    assert groups(dict(reversed(list(texts.items()))), fewest=2) == found


def test_two_thousand_texts_of_the_same_few_words_are_looked_through_in_time() -> None:
    words = ["vpn", "mail", "slow", "printer", "login", "error", "screen"]
    texts = {key: [f"sort{key % 40}", f"of{key % 40}", words[key % 7], words[key % 5]] for key in range(2_000)}
    began = time.process_time()
    assert groups(texts, fewest=3)
    assert time.process_time() - began < 6.0
    assert len(terms([f"w{n}" for n in range(100)])) == MOST_TERMS


def test_an_outline_is_numbered_as_it_is_read() -> None:
    rows = [(7, None, 2), (3, None, 1), (4, 3, 1), (9, 3, 2), (5, 9, 1)]
    assert numbered(rows) == {3: "1", 4: "1.1", 9: "1.2", 5: "1.2.1", 7: "2"}


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({}, "list of answers"),
        ([{"verdict": "open"}], "without a text"),
        ([{"text": " "}], "without a text"),
        ([{"text": "x", "verdict": "perhaps"}], "none of open, confirmed, rejected"),
        ([{"text": "x", "whys": "y"}], "no list"),
        ([{"text": "x", "why": []}], "no answer with text"),
        ([{"text": "x\x00y"}], "without a text"),
        ([{"text": "x"}] * 201, "more than 200"),
    ],
)
def test_an_outline_from_outside_is_looked_at(given_: object, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_outline(given_)


def test_an_outline_has_a_bottom() -> None:
    deep: list[object] = []
    for _ in range(DEEPEST + 1):
        deep = [{"text": "because", "whys": deep}]
    with pytest.raises(InvalidInput, match="deeper than 8"):
        read_outline(deep)


def test_pareto_adds_up_and_wordings_differ_by_words_alone() -> None:
    bars = pareto({"a": 2, "b": 5, "c": 2, "d": 1})
    assert [(bar.name, bar.count, bar.cumulative_percent) for bar in bars] == [
        ("b", 5, 50),
        ("a", 2, 70),
        ("c", 2, 90),
        ("d", 1, 100),
    ]
    assert math.isclose(sum(bar.percent or 0 for bar in bars), 100)
    assert pareto({}) == ()
    assert vital_few(bars) == (2, 70)
    assert vital_few(()) is None
    some = pareto({"a": 9, "b": 1}, {"no CI named": 990, "nobody": 0})
    assert [(bar.name, bar.percent) for bar in some] == [("a", 90), ("b", 10), ("no CI named", None)]
    assert vital_few(some) == (1, 90)
    assert vital_few(pareto({}, {"no CI named": 3})) is None
    assert digest("Log  in\nthrough 2") == digest("Log in through 2") != digest("Log in through 3")
    assert set_key("ci", "4", [3, 1]) == set_key("ci", "4", (1, 3)) != set_key("ci", "5", (1, 3))
