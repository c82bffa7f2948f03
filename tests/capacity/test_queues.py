"""Erlang C against its textbook sum in exact fractions, at sizes where factorials overflow, and its laws."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.capacity.queues import Load, agents_needed, erlang_c
from deskterm.errors import InvalidInput

TARGET = Fraction(20)


def load(calls: int, handle_seconds: int = 180) -> Load:
    return Load(Fraction(calls), Fraction(1800), Fraction(handle_seconds))


def by_the_book(traffic: Fraction, agents: int) -> float:
    last = traffic**agents / factorial(agents) * agents / (agents - traffic)
    return float(last / (sum(traffic**k / factorial(k) for k in range(agents)) + last))


@given(st.integers(0, 500), st.integers(1, 900), st.integers(1, 30))
def test_it_is_the_textbook_s_formula(calls: int, handle: int, spare: int) -> None:
    one = load(calls, handle)
    agents = int(one.traffic) + spare
    if agents <= 120:
        assert erlang_c(one, agents, TARGET).p_wait == pytest.approx(by_the_book(one.traffic, agents), rel=1e-9)


@pytest.mark.parametrize("hundreds", [1, 5, 20, 100])
def test_it_is_stable_for_many_agents(hundreds: int) -> None:
    one = load(1000 * hundreds)
    found = [erlang_c(one, 100 * hundreds + spare, TARGET) for spare in (1, 10, 50)]
    assert all(0 < queue.p_wait < 1 and 0 <= queue.service_level < 1 and queue.mean_wait_seconds > 0 for queue in found)
    assert [queue.p_wait for queue in found] == sorted((queue.p_wait for queue in found), reverse=True)


def test_more_agents_never_hurt_and_the_fewest_that_do_are_found() -> None:
    one = load(100)
    levels = [erlang_c(one, agents, TARGET).service_level for agents in range(11, 40)]
    assert levels == sorted(levels)
    found = agents_needed(one, TARGET, 0.8)
    assert found.agents == 14
    assert found.service_level == pytest.approx(0.88835, abs=5e-6)
    assert erlang_c(one, 13, TARGET).service_level < 0.8
    assert found == erlang_c(one, 14, TARGET)


def test_without_calls_nobody_waits() -> None:
    queue = erlang_c(load(0), 1, TARGET)
    assert (queue.traffic, queue.p_wait, queue.service_level, queue.mean_wait_seconds, queue.occupancy) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize("agents", [1, 9, 10])
def test_an_unstable_queue_is_refused_by_name(agents: int) -> None:
    with pytest.raises(InvalidInput, match="unstable, take 11 or more"):
        erlang_c(load(100), agents, TARGET)


@pytest.mark.parametrize(("level", "seconds"), [(1.0, 20), (-0.1, 20), (0.8, -1)])
def test_a_staffing_that_nobody_can_meet_is_refused(level: float, seconds: int) -> None:
    with pytest.raises(InvalidInput):
        agents_needed(load(100), Fraction(seconds), level)
