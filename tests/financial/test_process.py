"""Costs, rules, rates, assets and budgets on a desk: what the report says of them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from deskterm.explanations import explain
from tests.desks import MONDAY, Cast
from tests.financial.spending import by_service, report, rule, spent

DAY = 86_400


@pytest.fixture
def desk(any_cast: Cast) -> Cast:
    any_cast.ada.create("service", {"name": "Email"})
    return any_cast


def test_direct_and_shared_cost_with_every_line_to_its_record_its_ci_and_its_rule(desk: Cast) -> None:
    ada = desk.ada
    own = spent(ada, "250.10", service="Payroll", element="software")
    through = spent(ada, "99.99", ci="vpn-gw-1")
    spent(ada, "100", centre="Facilities", element="accommodation")
    made = rule(ada, "Facilities", {"Payroll": 1, "Workplace": 1, "Email": 1})
    data = report(ada)
    assert by_service(data) == {"Payroll": "283.43", "Workplace": "133.33", "Email": "33.33"}
    payroll = next(row for row in data["rows"] if row["service"] == "Payroll")
    assert [(one["kind"], one["source"], one["rule"], one["rule_version"]) for one in payroll["lines"]] == [
        ("direct", own, None, None), ("shared", "CEN-00001", made, 1),
    ]  # fmt: skip
    workplace = next(row for row in data["rows"] if row["service"] == "Workplace")
    assert (workplace["lines"][0]["source"], workplace["lines"][0]["ci_name"]) == (through, "vpn-gw-1")
    assert (data["period"], data["currency"], data["spend"]) == ("2026-11", "EUR", "450.09")


def test_an_edit_of_a_rule_does_not_rewrite_what_was(desk: Cast) -> None:
    ada = desk.ada
    spent(ada, "10", centre="Facilities", on="2026-10-15")
    made = rule(ada, "Facilities", {"Payroll": 1})
    before = report(ada, period="2026-10")
    ada.edit(made, {"shares": {"Email": 1}})
    spent(ada, "20", centre="Facilities", on="2026-11-05")
    assert report(ada, period="2026-10")["rows"] == before["rows"]
    now = report(ada)
    assert by_service(now) == {"Email": "20.00"}
    assert now["rows"][0]["lines"][0]["rule_version"] == 2
    ada.act(made, "retire")
    spent(ada, "5", centre="Facilities", on="2026-11-06")
    assert report(ada)["unallocated"] == "25.00"  # money goes by days: today nothing passes it on any more


def test_undoing_an_edit_of_a_rule_puts_back_what_held(desk: Cast) -> None:
    ada = desk.ada
    spent(ada, "10", centre="Facilities")
    made = rule(ada, "Facilities", {"Payroll": 1})
    ada.edit(made, {"shares": {"Email": 1}, "valid_from": "2026-06-01"})
    assert by_service(report(ada)) == {"Email": "10.00"}
    ada.undo()
    assert by_service(report(ada)) == {"Payroll": "10.00"}


def test_drivers_count_what_each_service_had_in_the_month(desk: Cast) -> None:
    for service, times in (("Payroll", 3), ("Workplace", 1)):
        for _ in range(times):
            desk.incident(service=service)
    spent(desk.ada, "80", centre="Service desk", element="people")
    rule(desk.ada, "Service desk", None, driver="incidents")
    assert by_service(report(desk.ada)) == {"Payroll": "60.00", "Workplace": "20.00"}
    spent(desk.ada, "80", centre="Service desk", on="2026-10-02")
    october = report(desk.ada, period="2026-10")
    assert (october["attributed"], october["unallocated_lines"][0]["why"]) == ("0.00", "its driver has nothing")


def test_currencies_meet_at_the_rate_of_the_day_or_are_refused_by_name(desk: Cast) -> None:
    ada = desk.ada
    number = spent(ada, "100", service="Payroll", currency="USD")
    with pytest.raises(InvalidInput, match=rf"{number}: there is no rate from USD to EUR on 2026-11-02"):
        report(ada)
    ada.create("exchange-rate", {"currency": "USD", "into": "EUR", "rate": "0.9", "valid_from": "2026-01-01"})
    assert report(ada)["spend"] == "90.00"
    ada.create("exchange-rate", {"currency": "USD", "into": "EUR", "rate": "0.5", "valid_from": "2026-11-02"})
    assert report(ada)["spend"] == "50.00"
    assert report(ada, currency="USD")["spend"] == "100.00"
    with pytest.raises(WorkflowRefused, match="has held since 2026-01-01"):
        ada.edit("FXR-00001", {"rate": "0.8"})
    with pytest.raises(InvalidInput, match="FXR-00002 says already"):
        ada.create("exchange-rate", {"currency": "USD", "into": "EUR", "rate": "0.6", "valid_from": "2026-11-02"})


def test_an_asset_is_written_off_by_months_that_add_up_to_its_years(desk: Cast) -> None:
    """Worked example c: 100000 over 5 years, in use since 2010-03-04."""
    ada = desk.ada
    given: dict[str, Any] = {"cost": "100000", "life_years": 5, "in_service_at": "2010-03-04", "service": "Payroll"}
    ada.create("ci", {"name": "mainframe", "type": "server", **given})
    spent(ada, "100000", ci="mainframe", nature="capital", on="2010-03-04")
    years = []
    for year in range(2010, 2017):
        months = [report(ada, period=f"{year}-{month:02d}")["spend"] for month in range(1, 13)]
        years.append(sum(round(float(one) * 100) for one in months) / 100)
    assert years == [16500, 20000, 20000, 20000, 20000, 3500, 0]
    first = report(ada, period="2010-03")
    assert (first["capitalised"], first["rows"][0]["lines"][0]["title"]) == ("100000.00", "mainframe, depreciation")


def test_disposing_of_an_asset_ends_it_and_books_what_was_lost(desk: Cast) -> None:
    given = {"cost": "1200", "life_years": 1, "in_service_at": "2026-01-01", "service": "Payroll"}
    desk.ada.create("ci", {"name": "old", "type": "server", **given, "disposed_at": "2026-07-01", "proceeds": "700"})
    assert [report(desk.ada, period=f"2026-{month:02d}")["spend"] for month in (6, 7, 8)] == ["100.00", "-100.00", "0.00"]


@pytest.mark.parametrize(
    ("facts", "element"),
    [
        ({"type": "server"}, "hardware"),
        ({"type": "application"}, "software"),
        ({"type": "licence"}, "software"),
        ({"type": "location"}, "accommodation"),
        ({"type": "laser"}, "hardware"),
        ({"type": "clinic"}, "accommodation"),
        ({"type": "cluster"}, "hardware"),
        ({"type": "server", "cost_element": "external"}, "external"),
    ],
)
def test_depreciation_counts_as_what_the_asset_is(desk: Cast, facts: dict[str, Any], element: str) -> None:
    """A type of one's own takes after what it stands below; what the CI says itself goes before all."""
    ada = desk.ada
    ada.create("ci-type", {"name": "laser", "parent": "printer"})
    ada.create("ci-type", {"name": "clinic", "parent": "location"})
    given = {"cost": "1200", "life_years": 1, "in_service_at": "2026-01-01", "service": "Payroll"}
    number = ada.create("ci", {"name": "asset", **given, **facts}).number
    budget = {"amount": "500", "starts_at": "2026-11-01", "ends_at": "2026-12-01", "service": "Payroll", "element": element}
    planned = ada.create("budget", {"name": "Of its element", **budget}).number
    assert [line["element"] for line in report(ada, period="2026-10")["rows"][0]["lines"]] == [element]
    value: Any = explain(ada, number, "value")
    assert (value.data["value"]["element"], f"as {element}" in value.parts[0].title) == (element, True)
    burned: Any = explain(ada, planned, "burn").data["burn"]
    assert float(burned["spent"]) == sum(float(line["amount"]) for line in burned["lines"]) > 0


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"cost_element": "gold"}, "hardware, software"),
        ({"depreciation": "straight-line", "depreciation_rate": "20"}, "goes with depreciation=declining-balance alone"),
        ({"depreciation_rate": "20"}, "goes with depreciation=declining-balance alone"),
        ({"depreciation": "declining-balance", "depreciation_rate": "0"}, "is above 0"),
        ({"purchased_at": "2026-02-01", "disposed_at": "2026-01-01"}, "is disposed of after it was bought"),
        ({"in_service_at": "2026-02-01", "disposed_at": "2026-01-01"}, "is disposed of after it went into service"),
    ],
)
def test_facts_about_an_assets_value_that_cannot_be_are_refused(desk: Cast, facts: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        desk.ada.create("ci", {"name": "asset", "type": "server", "cost": "1200", "life_years": 3, **facts})


def test_a_cost_is_spread_over_its_time(desk: Cast) -> None:
    spent(desk.ada, "365", service="Email", on="2026-01-01", until="2027-01-01")
    assert [report(desk.ada, period=month)["spend"] for month in ("2026-02", "2026-11", "2027-01")] == ["28.00", "30.00", "0.00"]


REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("cost", {"name": "x", "amount": "1", "service": "Payroll", "centre": "Ops"}, "one of service, CI or cost centre"),
    ("cost", {"name": "x", "amount": "0.001"}, "must not be finer than a hundredth"),
    ("cost", {"name": "x", "amount": "1", "on": "2026-11-02", "until": "2026-11-01"}, "a cost ends after it begins"),
    ("cost", {"name": "x", "amount": "1", "currency": "euro"}, "the code of a currency"),
    ("cost", {"name": "x", "amount": "1", "centre": "CEN-00099"}, "there is no cost-centre"),
    ("budget", {"name": "x", "amount": "1", "starts_at": "2026-11-02", "ends_at": "2026-11-01"}, "a budget ends after it begins"),
    ("budget", {"name": "x", "amount": "-1", "starts_at": "2026-11-02", "ends_at": "2026-12-01"}, "a budget is not negative"),
    ("allocation-rule", {"from": "Ops"}, "give shares"),
    ("allocation-rule", {"from": "Ops", "shares": {"Payrol": 1}}, "there is no service or cost-centre 'Payrol'"),
    ("allocation-rule", {"from": "Ops", "shares": {"Payroll": -1}}, "must be 0 or more"),
    ("allocation-rule", {"from": "Ops", "shares": {"Payroll": 30}, "capacity": 20}, "more than the capacity of 20"),
    ("allocation-rule", {"from": "Ops", "shares": {"Ops": 1}}, "it is among its own shares"),
    ("allocation-rule", {"from": "Ops", "shares": {"Payroll": 1}, "valid_until": "2020-01-01"}, "a rule ends after it begins"),
    ("exchange-rate", {"currency": "EUR", "into": "EUR", "rate": 1}, "between two currencies"),
    ("exchange-rate", {"currency": "USD", "into": "EUR", "rate": 0}, "a figure such as 0.92"),
    ("labour-rate", {"amount": "60", "team": "network", "role": "agent"}, "an agent, a team or a role"),
    ("business-case", {"name": "x", "flows": "[1, 2", "rate": 5}, "JSON"),
    ("business-case", {"name": "x", "flows": [], "rate": 5}, "from 1 to 400"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "says"), REFUSED)
def test_what_makes_no_sense_is_refused_in_words(desk: Cast, kind: str, values: dict[str, Any], says: str) -> None:
    desk.ada.create("cost-centre", {"name": "Ops"})
    with pytest.raises(InvalidInput) as refusal:
        desk.ada.create(kind, values)
    assert says in refusal.value.message


def test_rules_that_would_go_round_for_ever_are_refused_when_they_are_made(desk: Cast) -> None:
    for name in ("Ops", "Hall"):
        desk.ada.create("cost-centre", {"name": name})
    rule(desk.ada, "Ops", {"Hall": 1})
    with pytest.raises(InvalidInput, match="a closed loop"):
        rule(desk.ada, "Hall", {"Ops": 1})
    rule(desk.ada, "Hall", {"Ops": 0.9, "Payroll": 0.1})
    spent(desk.ada, "100", centre="Ops")
    assert by_service(report(desk.ada)) == {"Payroll": "100.00"}


def test_agents_read_figures_and_the_financial_manager_keeps_them(desk: Cast) -> None:
    bob = desk.as_("bob")
    assert report(bob)["spend"] == "0.00"
    with pytest.raises(NotAllowed, match="financial-manager"):
        spent(bob, "1")
    desk.ada.create("agent", {"login": "fay", "roles": ["financial-manager"]})
    assert spent(desk.as_("fay"), "1") == "COST-00001"


def test_a_part_is_for_what_its_record_is_about(desk: Cast) -> None:
    number = desk.incident(service="Payroll")
    spent(desk.ada, "40", record=number)
    assert by_service(report(desk.ada)) == {"Payroll": "40.00"}


def test_a_budget_stands_beside_what_its_service_cost(desk: Cast) -> None:
    spent(desk.ada, "130", service="Payroll")
    year = {"starts_at": "2026-11-01", "ends_at": "2026-12-01", "amount": "100"}
    desk.ada.create("budget", {"name": "Payroll", "service": "Payroll", **year})
    row = report(desk.ada)["rows"][0]
    assert (row["budget"], row["variance"]) == ("100.00", "-30.00")
    desk.clock.at = MONDAY + DAY


def test_a_business_case_says_what_it_comes_to(desk: Cast) -> None:
    """Worked example d, and rates that are none or several."""
    ada = desk.ada
    flows = [-15000, 1500, 2500, 3500, 4500, 6000]
    number = ada.create("business-case", {"name": "Second line", "flows": flows, "rate": 5}).number
    values = ada.show(number).values
    assert (values["npv"], values["irr"], values["payback"], values["roi"], values["tco"]) == (
        12289, "5.2433 %", "4.50", "20.00 %", 1500000,
    )  # fmt: skip
    ada.edit(number, {"flows": [-100, 230, -132]})
    assert ada.show(number).values["irr_reason"] == "several: 2 rates make these flows worth 0"
    ada.edit(number, {"flows": [100, 10]})
    assert ada.show(number).values["irr_reason"].startswith("none")
    ada.act(number, "approve", {"decision": "Go."})
    with pytest.raises(InvalidInput, match="revise it first"):
        ada.edit(number, {"rate": 6})


def test_a_capital_cost_is_written_off_once_whatever_it_is_spread_over(desk: Cast) -> None:
    desk.ada.edit("CI-00001", {"cost": "1200", "life_years": 1, "in_service_at": "2026-01-01"})
    spent(desk.ada, "1200", ci="CI-00001", nature="capital", on="2026-01-01", until="2027-01-01")
    months = ["2026-01", "2026-02", "2026-11"]
    assert [report(desk.ada, period=month)["capitalised"] for month in months] == ["1200.00", "0.00", "0.00"]
    assert [report(desk.ada, period=month)["spend"] for month in months] == ["100.00"] * 3
