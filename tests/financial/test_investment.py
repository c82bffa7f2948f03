"""Investments: net present values by hand, internal rates that are one, none or several, counted without a miss."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.financial.investment import MOST_FLOWS, appraise, npv, payback
from deskterm.financial.rules import money


def told(*flows: int, rate: str = "0.1") -> tuple[float | None, str | None]:
    found = appraise([Decimal(flow) for flow in flows], Fraction(rate))
    return found.irr, found.irr_reason


def test_d() -> None:
    found = appraise([Decimal(flow) for flow in (-15_000, 1500, 2500, 3500, 4500, 6000)], Fraction("0.05"))
    assert money(found.npv) == Decimal("122.89")
    assert (found.payback, found.roi) == (Fraction(9, 2), Fraction(1, 5))


def _flows_with(roots: list[Fraction]) -> list[Fraction]:
    """Make flows whose polynomial in 1 / (1 + rate) has these roots and no others."""
    flows = [Fraction(-1)]
    for root in roots:
        longer = [Fraction(0)] * (len(flows) + 1)
        for power, value in enumerate(flows):
            longer[power] += value
            longer[power + 1] -= value / root
        flows = longer
    return flows


@given(st.lists(st.fractions("0.1", 5, max_denominator=12), min_size=1, max_size=6), st.integers(0, 2))
def test_the_rates_are_counted_as_they_were_made(roots: list[Fraction], later: int) -> None:
    exact = _flows_with(roots)
    scale = Fraction(1)
    for flow in exact:
        scale *= flow.denominator
    flows = [Decimal(0)] * later + [Decimal(int(flow * scale)) for flow in exact]
    found = appraise(flows, Fraction(1, 10))
    if len(set(roots)) == 1:
        assert found.irr == pytest.approx(float(1 / roots[0] - 1), abs=1e-12)
        assert found.irr_reason is None
    else:
        assert found.irr is None
        assert found.irr_reason == f"several: {len(set(roots))} rates make these flows worth 0"


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12))
def test_a_rate_that_is_told_makes_the_flows_worth_nothing(flows: list[int]) -> None:
    irr, reason = told(*flows)
    assert (irr is None) is not (reason is None)
    if irr is not None and -0.5 < irr < 100:
        exact = [Fraction(flow) for flow in flows]
        assert abs(npv(exact, Fraction(irr))) < Fraction(sum(abs(flow) for flow in flows) * 2 ** len(flows), 10**9)


def test_none_and_extremes() -> None:
    assert told(-100) == told(-100, -5) == (None, "none: the flows never change sign, so no rate makes them worth 0")
    assert told(100, -200, 150) == (None, "none: no rate makes these flows worth 0")
    assert told(-100, 220, -121) == (0.1, None)
    assert told(-100, 0, 0, 100) == (0, None)
    assert told(-(10**9), 1)[0] == pytest.approx(-1 + 1e-9)
    assert told(-1, 10**9)[0] == pytest.approx(10**9 - 1)
    assert told(0, -100, 110)[0] == pytest.approx(0.1)


def test_thirty_years_of_months() -> None:
    irr, reason = told(-200_000, *[1200] * 360)
    assert reason is None
    assert irr == pytest.approx(0.00502, abs=1e-4)
    wild = [(-1) ** period * (1000 + period) for period in range(360)]
    assert told(*wild) == (None, "not counted: 359 changes of sign in 360 flows, of which 150 can be searched")


@pytest.mark.parametrize(
    ("flows", "periods"),
    [
        ((-100, 100), 1),
        ((-100, 50, 100), Fraction(3, 2)),
        ((-100, 50), None),
        ((5,), 0),
        ((0, 0), 0),
        ((-100, 0, 200, -200), Fraction(3, 2)),
    ],
)
def test_payback(flows: tuple[int, ...], periods: Fraction | None) -> None:
    assert payback([Fraction(flow) for flow in flows]) == periods


def test_a_return_needs_a_cost() -> None:
    assert appraise([Decimal(5)], Fraction(0)).roi is None


@pytest.mark.parametrize(("count", "rate"), [(0, "0.1"), (MOST_FLOWS + 1, "0.1"), (2, "-1"), (2, "-2")])
def test_what_cannot_be_discounted_is_refused(count: int, rate: str) -> None:
    with pytest.raises(InvalidInput):
        appraise([Decimal(1)] * count, Fraction(rate))
