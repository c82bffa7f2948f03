"""Error budgets of availability objectives, and what few records prove."""

from __future__ import annotations

from fractions import Fraction
from math import comb, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.service_level.error_budget import Fate, at_least, burn, fate_of


def test_worked_example_e() -> None:
    budget = burn(0.999, 30 * 86_400, 50 * 60)
    assert budget.budget_seconds == 43.2 * 60
    assert budget.remaining_ratio == pytest.approx(-0.1574, abs=5e-5)
    assert budget.burn_rate == pytest.approx(1.157, abs=5e-4)


def test_without_a_budget_there_is_no_ratio() -> None:
    nothing = burn(1, 86_400, 0)
    assert (nothing.budget_seconds, nothing.remaining_ratio, nothing.burn_rate) == (0, None, None)


def test_before_any_time_has_passed_there_is_no_rate() -> None:
    assert burn(0.99, 86_400, 0, elapsed_seconds=0).burn_rate is None


def test_a_rate_of_one_uses_the_budget_up_at_the_end() -> None:
    assert burn(0.9, 1000, 50, elapsed_seconds=500).burn_rate == 1
    assert burn(0.9, 1000, 50, elapsed_seconds=500).remaining_ratio == 0.5


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ((99.9, 100, 1), "objective"),
        ((0.9, 0, 0), "period_seconds"),
        ((0.9, 100, -1), "bad_seconds"),
        ((0.9, 100, 60, 50), "bad_seconds"),
        ((0.9, 100, 0, 101), "elapsed_seconds"),
    ],
)
def test_a_figure_out_of_range_is_named(figures: tuple[float, int, int], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        burn(*figures)
    assert field in refusal.value.fields


@pytest.mark.parametrize(
    ("objective", "met", "missed", "fate"),
    [
        (0.9, 0, 0, Fate.UNJUDGED),
        (0.9, 1, 1, Fate.KEPT),  # a tenth of two records is none; one may be late all the same
        (0.9, 8, 2, Fate.SHORT),
        (0.9, 90, 10, Fate.KEPT),
        (0.9, 85, 15, Fate.SHORT),
        (0.9, 80, 20, Fate.MISSED),
        (0.9, 0, 3, Fate.MISSED),
        (1, 100, 1, Fate.MISSED),
        (1, 100, 0, Fate.KEPT),
        (0, 0, 100, Fate.KEPT),
    ],
)
def test_few_records_prove_little(objective: float, met: int, missed: int, fate: Fate) -> None:
    assert fate_of(objective, met, missed) is fate


def _tail(least: int, of: int, chance: Fraction) -> Fraction:
    return sum((comb(of, hit) * chance**hit * (1 - chance) ** (of - hit) for hit in range(least, of + 1)), Fraction(0))


@given(of=st.integers(1, 60), percent=st.integers(1, 99), data=st.data())
def test_the_tail_is_that_of_the_binomial(of: int, percent: int, data: st.DataObject) -> None:
    chance = Fraction(percent, 100)
    above = floor(of * chance) + 1
    least = data.draw(st.integers(min(above, of), of))
    assert at_least(least, of, float(chance)) == pytest.approx(float(_tail(least, of, chance)), rel=1e-9)


@given(met=st.integers(0, 400), missed=st.integers(0, 400), percent=st.integers(0, 100))
def test_more_late_is_never_better(met: int, missed: int, percent: int) -> None:
    worse = fate_of(percent / 100, met, missed + 1)
    assert worse >= fate_of(percent / 100, met, missed)
    assert fate_of(percent / 100, met + 1, missed) <= max(fate_of(percent / 100, met, missed), Fate.KEPT)
