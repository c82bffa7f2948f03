"""What a record has cost: hours at their rates, parts, downtime through the graph; and each figure explained to its facts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import NotFound
from deskterm.explanations import explain
from deskterm.financial.labour import HourlyRate, Worker, rate_at
from tests.desks import MONDAY, Cast
from tests.financial.spending import rule, spent

HOUR = 3_600
BOB = Worker(7, "bob", frozenset({"agent"}), ((50, 0, 1_000), (51, 500, 2_000)))


def rate(number: str, valid_from: int = 0, **whose: Any) -> HourlyRate:
    from decimal import Decimal

    who = {"agent": None, "team": None, "role": None, **whose}
    return HourlyRate(number, who["agent"], who["team"], who["role"], Decimal(60), "EUR", valid_from)


RATES = (
    rate("anybody"), rate("role", role="agent"), rate("team-50", team=50), rate("team-51", team=51), rate("bob", 900, agent=7),
    rate("newer", 600, role="agent"), rate("other", agent=8),
)  # fmt: skip


@pytest.mark.parametrize(
    ("at", "team", "number"),
    [(100, None, "team-50"), (100, 50, "team-50"), (600, 51, "team-51"), (950, 51, "bob"), (3_000, None, "bob")],
)
def test_the_most_particular_rate_of_the_day_holds(at: int, team: int | None, number: str) -> None:
    found = rate_at(RATES, BOB, at, team)
    assert found is not None
    assert found.number == number


@given(st.integers(0, 3_000))
def test_somebody_unknown_has_the_rate_of_anybody(at: int) -> None:
    found = rate_at(RATES, Worker(None, "x", frozenset(), ()), at)
    assert found is not None
    assert found.number == "anybody"
    assert rate_at((), BOB, at) is None


@pytest.fixture
def down(cast: Cast) -> str:
    """A gateway that brought Workplace down for half an hour, on which bob worked."""
    ada = cast.ada
    ada.edit("SVC-00001", {"downtime_cost_per_hour": "1200"})
    number = cast.incident(summary="Down", ci="vpn-gw-1", team="network", service="Workplace")
    cast.clock.advance(2 * HOUR)
    given = {"ci": "vpn-gw-1", "state": "down", "cause": "unplanned", "incident": number}
    ada.create("outage", {**given, "started_at": MONDAY, "ended_at": MONDAY + HOUR // 2})
    return number


def test_work_parts_and_downtime_add_up_line_by_line(cast: Cast, down: str) -> None:
    ada = cast.ada
    assert explain(ada, down, "cost").data["cost"]["labour"] is None  # time is known, what an hour costs is not
    ada.create("labour-rate", {"amount": "60", "team": "network", "valid_from": "2026-01-01"})
    spent(ada, "40.00", record=down, name="Power supply")
    found = explain(ada, down, "cost").data["cost"]
    assert (found["labour"], found["parts"], found["downtime"], found["total"]) == ("5.00", "40.00", "600.00", "645.00")
    assert [(one["who"], one["seconds"], one["rate"]) for one in found["work"]] == [("bob", 300, "LAB-00001")]
    assert [(one["service"], one["seconds"]) for one in found["downtime_lines"]] == [("Workplace", 1800)]
    assert found["gaps"] == []


def test_a_downtime_of_nothing_says_why_it_is_nothing(cast: Cast) -> None:
    """One of two gateways was down, which took no service with it: the figure is known, and it is zero."""
    ada = cast.ada
    ada.edit("SVC-00001", {"downtime_cost_per_hour": "1200"})
    for name in ("gate-a", "gate-b"):
        made = ada.create("ci", {"name": name, "type": "network-device"}).number
        ada.link("SVC-00001", "depends-on", made, group="gates", need=1)
    number = cast.incident(summary="One is down", ci="gate-a", service="Workplace")
    cast.clock.advance(HOUR)
    ada.create("outage", {"ci": "gate-a", "state": "down", "cause": "unplanned", "incident": number,
                          "started_at": MONDAY, "ended_at": MONDAY + HOUR // 2})  # fmt: skip
    found = explain(ada, number, "cost").data["cost"]
    assert (found["downtime"], found["downtime_lines"]) == ("0.00", [])
    assert "something stood in" in found["notes"][0]


def test_what_is_not_known_is_never_zero(cast: Cast) -> None:
    number = cast.incident(summary="Question")
    found = explain(cast.ada, number, "cost").data["cost"]
    assert (found["total"], found["downtime"], found["parts"]) == (None, None, None)
    assert len(found["gaps"]) == 2


def test_a_part_in_a_currency_without_a_rate_is_told_and_left_out(cast: Cast) -> None:
    number = cast.incident(summary="Disk")
    spent(cast.ada, "40.00", record=number, currency="USD")
    found = explain(cast.ada, number, "cost").data["cost"]
    assert found["parts"] is None
    assert "COST-00001: there is no rate from USD to EUR on 2026-11-02" in found["gaps"][0]


def test_a_requester_is_not_told_what_work_costs(cast: Cast) -> None:
    number = cast.incident(summary="Mine", requester="Maria Lopez")
    assert "cost" not in explain(cast.as_("maria"), number).data
    with pytest.raises(NotFound):
        explain(cast.as_("maria"), number, "cost")


def test_a_problem_costs_what_its_incidents_cost_and_overlaps_count_once(cast: Cast, down: str) -> None:
    ada = cast.ada
    ada.create("labour-rate", {"amount": "60", "valid_from": "2026-01-01"})
    other = cast.incident(summary="Down too", ci="vpn-gw-1", occurred_at=MONDAY)
    span = {"started_at": MONDAY + HOUR // 4, "ended_at": MONDAY + HOUR, "state": "down", "cause": "unplanned"}
    ada.create("outage", {"ci": "vpn-gw-1", **span, "incident": other})
    problem = ada.create("problem", {"summary": "Why", "fix_seconds": "1h"}).number
    for one in (down, other):
        ada.edit(one, {"problem": problem})
    found = explain(ada, problem, "cost").data["cost"]
    assert found["incidents"] == 2
    assert found["downtime"] == "1200.00"  # an hour, not an hour and a quarter
    assert {one["record"] for one in found["work"]} >= {down, other, problem}


def test_a_change_costs_the_time_of_its_work_orders(cast: Cast) -> None:
    from tests.change.changing import board, implementing

    board(cast, "sue")
    cast.ada.create("labour-rate", {"amount": "90", "agent": "bob", "valid_from": "2026-01-01"})
    number = implementing(cast)
    order = cast.as_("bob").create("work-order", {"summary": "Flash", "change": number, "assignee": "bob"}).number
    cast.as_("bob").act(order, "start")
    cast.clock.advance(HOUR)
    cast.as_("bob").act(order, "finish")
    lines = explain(cast.ada, number, "cost").data["cost"]["work"]
    assert [(one["seconds"], one["cost"]) for one in lines if one["what"] == f"work order {order}"] == [(HOUR, "90.00")]


def test_every_figure_of_money_is_explained(cast: Cast, down: str) -> None:
    ada = cast.ada
    spent(ada, "80", centre="Facilities")
    rule(ada, "Facilities", {"Payroll": 30, "Workplace": 50}, capacity="100", unit="users")
    given = {"cost": "1000", "life_years": 2, "in_service_at": "2026-01-01"}
    ada.edit("CI-00001", given)
    ada.create(
        "budget", {"name": "B", "centre": "Facilities", "amount": "70", "starts_at": "2026-11-01", "ends_at": "2026-12-01"}
    )
    case = {"name": "Second gateway", "record": "SVC-00001", "objective": "99.99", "flows": [-500, 400, 400], "rate": 5}
    ada.create("business-case", case)
    ada.create("charge-run", {"starts_at": "2026-11-01", "ends_at": "2026-12-01"})

    def figure(number: str, name: str) -> Any:
        found = explain(ada, number, name)
        assert all(part.title for part in found.parts)
        return found.data[name]

    assert figure("SVC-00001", "cost")["lines"][0]["source"] == "CI-00001"
    assert [one["to"] for one in figure("CEN-00001", "cost")["went"]] == ["Workplace", "Payroll", "idle"]
    assert figure("ALC-00001", "shares")["versions"][0]["capacity"] == "100"
    assert figure("COST-00001", "cost")["borne"] == []
    value = figure("CI-00001", "value")
    assert (value["schedule"][0], value["in_service"]) == (
        {"year": 2026, "amount": "500.00", "book_value": "500.00"},
        "2026-01-01",
    )
    assert figure("CI-00001", "tco")["bought"] == "1000.00"
    assert figure("BUD-00001", "burn")["word"] == "overspent"
    assert figure("BC-00001", "worth")["npv"] == "243.76"
    assert figure("CRN-00001", "charges")["number"] == "CRN-00001"
    nines = figure("SVC-00001", "nines")
    assert (nines["levels"][2]["cost"], nines["cases"][0]["number"]) == ("10512.00", "BC-00001")
    with pytest.raises(NotFound):
        explain(ada, "SVC-00002", "nines")
