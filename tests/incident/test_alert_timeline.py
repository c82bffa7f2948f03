"""When an alert fired, by a table of cases and by laws; and the fingerprint, which is Alertmanager's own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.base import NEVER
from deskterm.incident.alert_messages import LONGEST_GROUP_KEY, bounded_group_key, fingerprint_of
from deskterm.incident.alert_timeline import episodes, flaps, in_reach, trouble
from deskterm.intervals import Interval


@pytest.mark.parametrize(
    ("fired", "ends", "expected"),
    [
        ({}, [], []),
        ({}, [5], []),
        ({0: None}, [], [(0, NEVER)]),
        ({0: 10}, [10], [(0, 10)]),
        ({0: None}, [10], [(0, 10)]),
        ({0: None, 5: None}, [10], [(0, 10)]),
        ({0: None, 5: 10}, [10], [(0, 10)]),
        ({0: 10, 10: None}, [10], [(0, 10), (10, NEVER)]),
        ({0: 10, 20: 30}, [10, 30], [(0, 10), (20, 30)]),
        ({0: None, 20: 30}, [30], [(0, 30)]),
        ({0: None, 20: 30}, [10, 30], [(0, 10), (20, 30)]),
        ({10: None}, [10], [(10, NEVER)]),
        ({10: 10}, [10], [(10, 11)]),
        ({0: 40, 10: 20}, [20, 40], [(0, 40)]),
    ],
)
def test_when_it_fired(fired: dict[int, int | None], ends: list[int], expected: list[tuple[int, int]]) -> None:
    assert list(episodes(fired, ends)) == [Interval(*pair) for pair in expected]


facts = st.dictionaries(st.integers(0, 100), st.none() | st.integers(1, 50), max_size=8)


@given(facts, st.lists(st.integers(0, 150), max_size=4))
def test_episodes_are_in_order_apart_and_cover_every_beginning(told: dict[int, int | None], ends: list[int]) -> None:
    fired = {start: None if length is None else start + length for start, length in told.items()}
    every_end = sorted([*ends, *(end for end in fired.values() if end is not None)])
    found = episodes(fired, every_end)
    assert all(earlier.end <= later.start for earlier, later in pairwise(found))
    assert all(any(one.start <= start < one.end for one in found) for start in fired)
    assert {one.start for one in found} <= fired.keys()
    assert all(one.end == NEVER or one.end in every_end for one in found)
    assert 0 <= flaps(found, 10) <= flaps(found, 1_000) <= max(0, len(found) - 1)
    assert trouble([found, found]).seconds == sum(one.seconds for one in found)


def test_what_is_in_reach() -> None:
    assert in_reach(Interval(30, 40), 0, 10, 20)
    assert not in_reach(Interval(31, 40), 0, 10, 20)
    assert in_reach(Interval(0, 10), 30, NEVER, 20)
    assert not in_reach(Interval(0, 9), 30, NEVER, 20)


def test_the_fingerprint_is_alertmanagers() -> None:
    assert fingerprint_of({}) == "cbf29ce484222325"  # the offset basis of FNV-1a
    assert fingerprint_of({"a": "b"}) != fingerprint_of({"b": "a"}) != fingerprint_of({"ab": ""})
    assert fingerprint_of({"b": "2", "a": "1"}) == fingerprint_of({"a": "1", "b": "2", "prometheus_replica": "x"})


@given(st.text(max_size=600))
def test_a_group_key_is_bounded_and_tells_groups_apart(key: str) -> None:
    bounded = bounded_group_key(key.encode("utf-8", "replace").decode())
    assert len(bounded) <= LONGEST_GROUP_KEY
    assert bounded_group_key("x" * 300 + "a") != bounded_group_key("x" * 300 + "b")
