"""Error budgets of availability objectives."""

from __future__ import annotations

import pytest

from deskterm.errors import InvalidInput
from deskterm.service_level.error_budget import burn


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
