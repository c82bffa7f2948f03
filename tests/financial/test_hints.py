"""What stands beside a form of money while it is typed: the same figures that saving it comes to."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.forms.hints import hints_for
from deskterm.forms.schema import Hint
from tests.desks import Cast
from tests.financial.spending import rule

FLOWS = [-15000, 1500, 2500, 3500, 4500, 6000]


def told(cast: Cast, kind: str, **values: Any) -> tuple[Hint, ...]:
    return hints_for(cast.ada, cast.ada.registry.kind(kind), values)


def test_a_business_case_is_appraised_while_it_is_typed(cast: Cast) -> None:
    (hint,) = told(cast, "business-case", flows=FLOWS, rate="5")
    assert (hint.title, hint.tone) == ("NPV 122.89", "good")
    assert hint.lines == ("IRR 5.24 %", "pays back after 4.50 periods", "ROI 20.0 %")
    (several,) = told(cast, "business-case", flows=[-100, 230, -132], rate="5 %")
    assert "several: 2 rates" in several.lines[0]
    (none,) = told(cast, "business-case", flows=[100, 200], rate="5")
    assert none.lines[1:] == ("pays back after 0.00 periods", "ROI n/a")


@pytest.mark.parametrize("rate", [None, "", "nan", "1e999999999", "-100", "soon"])
def test_a_rate_that_is_none_yet_says_nothing(cast: Cast, rate: str | None) -> None:
    assert told(cast, "business-case", flows=FLOWS, rate=rate) == ()


def test_a_list_that_is_none_says_so_and_a_long_one_waits_until_it_is_saved(cast: Cast) -> None:
    (hint,) = told(cast, "business-case", flows={"a": 1}, rate="5")
    assert "must be a list of amounts" in hint.lines[0]
    assert told(cast, "business-case", flows=[-1, 2] * 60, rate="5") == ()


def test_a_cost_says_who_would_bear_it(cast: Cast) -> None:
    ada = cast.ada
    ada.create("cost-centre", {"name": "Hall"})
    ada.create("ci", {"name": "spare", "type": "server"})
    assert told(cast, "cost", service="Payroll")[0].title == "Borne by the service itself"
    assert told(cast, "cost", ci="vpn-gw-1")[0].lines == ("Workplace",)
    assert told(cast, "cost", ci="spare")[0].lines == ("its CI serves no service that day",)
    assert told(cast, "cost", centre="Hall")[0].title == "Stays unallocated"
    made = rule(ada, "Hall", {"Payroll": 1})
    (passed,) = told(cast, "cost", centre="Hall", currency="EUR")
    assert (passed.title, passed.lines) == ("Passed on", (f"{made} v1 Hall by shares",))
    missing, _ = told(cast, "cost", centre="Hall", currency="USD")
    assert (missing.title, missing.tone) == ("No rate for USD", "risk")
    ada.create("exchange-rate", {"currency": "USD", "into": "EUR", "rate": "0.92", "valid_from": "2026-01-01"})
    assert told(cast, "cost", centre="Hall", currency="USD")[0].title == "1 USD is 0.92 EUR that day"


def test_a_rule_says_what_it_hands_to_whom(cast: Cast) -> None:
    (hint,) = told(cast, "allocation-rule", shares={"SVC-00002": 30, "Workplace": 50}, capacity="100")
    assert hint.lines == ("50.0 % Workplace", "30.0 % Payroll", "20.0 % idle")
    (left,) = told(cast, "allocation-rule", shares={"Payroll": "0.6"})
    assert (left.lines, left.tone) == (("60.0 % Payroll", "40.0 % stays unallocated"), "soon")
    (over,) = told(cast, "allocation-rule", shares={"Payroll": 30}, capacity="20")
    assert over.title == "More than there is"
    (wrong,) = told(cast, "allocation-rule", shares={"Payroll": "much"})
    assert "must be a number such as 0.6" in wrong.lines[0]
    assert told(cast, "allocation-rule", shares={"Payroll": 1}, driver="incidents") == ()


def test_other_kinds_and_other_people_are_told_nothing(cast: Cast) -> None:
    assert told(cast, "budget", amount=1) == ()
    maria = cast.as_("maria")
    cast.ada.edit("SVC-00002", {"downtime_cost_per_hour": "1"})
    assert hints_for(maria, maria.registry.kind("cost"), {"service": "Payroll"}) == ()
