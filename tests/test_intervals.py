"""The interval engine against plain Python sets of seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.intervals import Interval, Spans, at_least, intersection, overlay, union

instants = st.integers(0, 40)
pairs = st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair))), max_size=8)
spans = pairs.map(Spans.of)
several = st.lists(spans, max_size=5)


def seconds(of: Spans) -> set[int]:
    return {at for start, end in of for at in range(start, end)}


def is_normal(of: Spans) -> bool:
    edges = [edge for interval in of for edge in interval]
    return edges == sorted(set(edges))


def test_touching_and_overlapping_merge_and_empty_vanish() -> None:
    assert Spans.of([(5, 9), (1, 3), (3, 4), (7, 12), (2, 2)]).intervals == (Interval(1, 4), Interval(5, 12))


def test_half_open() -> None:
    one = Spans.between(10, 20)
    assert (9 in one, 10 in one, 19 in one, 20 in one) == (False, True, True, False)


def test_an_inverted_interval_is_refused() -> None:
    with pytest.raises(InvalidInput, match="before it starts"):
        Spans.of([(3, 2)])


def test_nothing_is_false_and_has_no_length() -> None:
    assert not Spans.EMPTY
    assert Spans.between(3, 3) == Spans.between(4, 3) == Spans.of([]) == Spans.EMPTY
    assert Spans.EMPTY.seconds == len(Spans.EMPTY) == 0


def test_two_halves_meet_and_stay_reached_at_the_end_of_the_first() -> None:
    two = Spans.of([(0, 10), (20, 30)])
    assert two.reach(10) == 10
    assert two.reach(11) == 21
    assert two.reach(20) == 30
    assert two.reach(21) is None


def test_one_of_two_and_both() -> None:
    """The parts of section 7 example a: A down 10:00-11:00, B down 10:30-11:30."""
    a, b = Spans.between(600, 660), Spans.between(630, 690)
    assert union([a, b]).seconds == 90
    assert at_least(2, [a, b]) == Spans.between(630, 660)


def test_at_least_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ask for 1 or more"):
        at_least(0, [Spans.EMPTY])


@given(pairs)
def test_of_is_normal_and_keeps_every_second(given_pairs: list[tuple[int, int]]) -> None:
    made = Spans.of(given_pairs)
    assert is_normal(made)
    assert seconds(made) == {at for start, end in given_pairs for at in range(start, end)}
    assert Spans.of(made) == made


@given(spans, spans)
def test_the_algebra_is_that_of_sets(a: Spans, b: Spans) -> None:
    for ours, theirs in (
        (a | b, seconds(a) | seconds(b)),
        (a & b, seconds(a) & seconds(b)),
        (a - b, seconds(a) - seconds(b)),
    ):
        assert is_normal(ours)
        assert seconds(ours) == theirs
    assert (a | b).seconds <= a.seconds + b.seconds
    assert (a - b).seconds + (a & b).seconds == a.seconds
    assert (a - b) | (a & b) == a


@given(spans, instants, instants)
def test_what_is_clipped_and_what_is_left_fill_the_bounds(a: Spans, start: int, end: int) -> None:
    inside, outside = a.clip(start, end), Spans.between(start, end) - a
    assert seconds(inside) == seconds(a) & set(range(start, end))
    assert inside | outside == Spans.between(start, end)
    assert not inside & outside
    assert all((at in a) == (at in seconds(a)) for at in range(-1, 42))


@given(several, st.integers(1, 6))
def test_at_least_counts_the_active_sets(sets: list[Spans], k: int) -> None:
    found = at_least(k, sets)
    assert is_normal(found)
    assert seconds(found) == {at for at in range(41) if sum(at in one for one in sets) >= k}


@given(several)
def test_union_intersection_and_overlay_agree(sets: list[Spans]) -> None:
    assert union(sets) == (at_least(1, sets) if sets else Spans.EMPTY)
    assert seconds(intersection(sets)) == (set.intersection(*map(seconds, sets)) if sets else set())
    layers = list(overlay(sets))
    assert Spans.of((layer.start, layer.end) for layer in layers) == union(sets)
    for layer in layers:
        for at in range(layer.start, layer.end):
            assert layer.active == {which for which, one in enumerate(sets) if at in one}


@given(several, spans)
def test_an_overlay_within_is_the_overlay_cut(sets: list[Spans], within: Spans) -> None:
    layers = list(overlay(sets, within))
    assert Spans.of((layer.start, layer.end) for layer in layers) == within
    for layer in layers:
        for at in range(layer.start, layer.end):
            assert layer.active == {which for which, one in enumerate(sets) if at in one}


@given(spans, st.integers(1, 60))
def test_reach_is_the_earliest(a: Spans, wanted: int) -> None:
    members = sorted(seconds(a))
    assert a.reach(wanted) == (members[wanted - 1] + 1 if wanted <= len(members) else None)
