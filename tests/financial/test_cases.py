"""Business cases as they are read, and the arithmetic behind what they come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import NotAllowed
from deskterm.explanations import explain
from deskterm.financial.cases import cases, flows_of
from deskterm.financial.investment import npv, payback
from deskterm.financial.rules import money
from tests.desks import Cast

EXAMPLE = ["-15000", "1500", "2500", "3500", "4500", "6000"]


def test_the_worked_example_flow_by_flow() -> None:
    """Worked example d: NPV 122.89 at 5 %."""
    found = flows_of(EXAMPLE, "5")
    assert [one.today for one in found] == [Decimal(one) for one in (
        "-15000.00", "1428.57", "2267.57", "3023.43", "3702.16", "4701.16",
    )]  # fmt: skip
    assert (found[-1].worth, found[-1].balance) == (Decimal("122.89"), Decimal(3000))


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2).map(str), min_size=1, max_size=30),
    st.decimals(-99, 1000, places=2).map(str),
)
def test_flows_add_up_to_the_figures_of_the_case(flows: list[str], rate: str) -> None:
    found, exact = flows_of(flows, rate), [Fraction(one) for one in flows]
    assert found[-1].worth == money(npv(exact, Fraction(Decimal(rate)) / 100))
    assert found[-1].balance == sum(map(Decimal, flows), Decimal(0))
    first = next((one.period for one in found if one.balance >= 0), None)
    assert (payback(exact) is None) is (first is None)


def _made(cast: Cast, flows: Any = EXAMPLE, **values: Any) -> str:
    return cast.ada.create("business-case", {"name": "Second line", "flows": flows, "rate": 5, **values}).number


def _told(cast: Cast, number: str) -> dict[str, tuple[str, str]]:
    found: Any = explain(cast.ada, number, "worth").data["worth"]
    return {one["figure"]: (one["value"], one["how"]) for one in found["arithmetic"]}


def test_each_figure_is_explained_by_its_arithmetic(any_cast: Cast) -> None:
    number = _made(any_cast, record="SVC-00002")
    assert _told(any_cast, number) == {
        "NPV": ("122.89", "flow x factor, added up; factor 1/(1+rate)^n"),
        "IRR": ("5.2433 %", "the rate at which they are worth 0 (-0.01)"),
        "payback": ("4.50", "4 + 3,000.00 / 6,000.00"),
        "ROI": ("20.00 %", "(18,000.00 - 15,000.00) / 15,000.00"),
        "TCO": ("15,000.00", "all outlays, not discounted"),
    }
    (line,) = cases(any_cast.ada)
    assert (line.number, line.about, line.npv, line.irr, line.payback) == (
        number,
        "Payroll",
        Decimal("122.89"),
        "5.2433 %",
        "4.50",
    )


def test_what_never_pays_back_and_rates_that_are_none_or_several_are_said_so(cast: Cast) -> None:
    never = _made(cast, [-100, 30])
    assert _told(cast, never)["payback"] == ("n/a", "never: 70.00 are missing at the end")
    several = _made(cast, [-100, 230, -132])
    assert (
        explain(cast.ada, several, "worth")
        .parts[0]
        .title.endswith("no internal rate of return, several: 2 rates make these flows worth 0")
    )
    assert _told(cast, several)["IRR"] == ("n/a", "")
    gift = _made(cast, [100, 10])
    assert _told(cast, gift)["payback"] == ("0.00", "nothing is owed in period 0")
    assert _told(cast, gift)["ROI"] == ("n/a", "nothing is laid out")


def test_cases_are_listed_until_they_are_retired_and_only_to_the_desk(cast: Cast) -> None:
    first, second = _made(cast), _made(cast)
    cast.ada.act(first, "retire")
    assert [one.number for one in cases(cast.ada)] == [second]
    with pytest.raises(NotAllowed):
        cases(cast.as_("maria"))
