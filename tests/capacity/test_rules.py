"""Use of capacity: nothing installed is not 0 %, an upgrade splits the history, roll-ups tell measured values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.capacity.rules import Capacity, changes_of, order_by, roll_up, used_percent
from deskterm.errors import InvalidInput


def test_no_capacity_has_no_percentage() -> None:
    assert used_percent(5, 0) is used_percent(5, None) is None
    assert used_percent(5, 20) == 25
    assert used_percent(30, 20) == 150
    with pytest.raises(InvalidInput, match="capacity"):
        used_percent(5, -1)


def test_an_upgrade_splits_the_history_and_a_confirmation_does_not() -> None:
    assert changes_of([]) == changes_of([Capacity(0, 100)]) == []
    assert changes_of([Capacity(25, 200), Capacity(0, 100), Capacity(15, 200)]) == [Capacity(15, 200)]
    assert changes_of([Capacity(0, 100), Capacity(15, 200), Capacity(15, 100)]) == [], "the later word of one instant counts"


@given(st.lists(st.floats(-1e6, 1e6), max_size=60))
def test_a_roll_up_is_made_of_its_samples(values: list[float]) -> None:
    found = roll_up(values)
    if found is None:
        assert not values
        return
    assert (found.samples, found.least, found.most) == (len(values), min(values), max(values))
    assert found.p95 in values
    assert sum(value <= found.p95 for value in values) >= 0.95 * len(values)
    assert sum(value < found.p95 for value in values) < 0.95 * len(values)
    assert min(values) - 1e-6 <= found.mean <= max(values) + 1e-6


def test_p95_of_a_hundred_is_the_ninety_fifth() -> None:
    found = roll_up([float(value) for value in range(1, 101)])
    assert found is not None
    assert (found.p95, found.mean) == (95, 50.5)


def test_an_order_leaves_time_for_what_it_takes() -> None:
    assert order_by(1000, 500.9, 200) == 1300
    assert order_by(1000, 100, 200) == 900
    assert order_by(1000, None, 200) is None
