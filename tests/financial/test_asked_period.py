"""The period that a figure of money is explained for: as it is asked, and agreeing with what the report says of it."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput
from deskterm.explanations import explain
from deskterm.fields import show_cents
from deskterm.financial.asked_period import AskedPeriod
from deskterm.financial.months import asked_as, period_named
from deskterm.financial.statements import statements
from tests.desks import Cast
from tests.financial.spending import by_service, report, rule, spent


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11", "2026-11-01", "2026-12-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-Q1", "2026-01-01", "2026-04-01"),
        ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("2026-10-15..2026-12-01", "2026-10-15", "2026-12-01"),
        ("2026-10-15T08:30:01Z..2026-12-01", "2026-10-15T08:30:01Z", "2026-12-01"),
        ("2026-10-15..2026-10-15T00:00:01Z", "2026-10-15", "2026-10-15T00:00:01Z"),
    ],
)
def test_a_period_has_both_its_ends(text: str, start: str, end: str) -> None:
    assert period_named(text) == (parse_instant(start), parse_instant(end))
    assert period_named(asked_as(*period_named(text))) == period_named(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-Q5",
        "2026-W4",
        "26",
        "soon",
        "..",
        "2026-10-02..2026-10-01",
        "2026-10-01..2026-10-01",
        "9999",
        "2026-10-01T25:00:00Z..2026-10-03",
        "2026-10-01T08:30:00Z",
    ],
)
def test_what_is_no_period_is_refused_by_name(cast: Cast, text: str) -> None:
    with pytest.raises(InvalidInput, match="is no period: write 2026-11, 2026-Q4, 2026 or"):
        explain(cast.ada, "SVC-00001", f"cost:{text}")


def test_what_follows_a_period_is_a_method_or_a_currency(cast: Cast) -> None:
    asked = AskedPeriod.read(cast.ada, "2026-Q4:direct:USD")
    assert (asked.method, asked.currency, asked.label()) == ("direct", "USD", "2026-Q4 so far, passed on direct")
    assert AskedPeriod.read(cast.ada, "").label() == "2026-11 so far"
    assert AskedPeriod.read(cast.ada, "2026-10").label() == "2026-10"
    for strange in ("2026:magic", "2026:usd", "2026:direct:step-down"):
        with pytest.raises(InvalidInput, match="after a period comes direct, step-down, reciprocal or a currency, not"):
            AskedPeriod.read(cast.ada, strange)


@pytest.fixture
def books(cast: Cast) -> Cast:
    """Costs of half a year, a part of them passed on in two steps."""
    for month in range(7, 12):
        spent(cast.ada, f"{month}00.10", centre="Hall", element="accommodation", on=f"2026-{month:02d}-01")
        spent(cast.ada, "33.33", centre="Desk", element="people", on=f"2026-{month:02d}-01")
        spent(cast.ada, "250", service="Payroll", element="software", on=f"2026-{month:02d}-02")
    rule(cast.ada, "Hall", {"Desk": 0.5, "Payroll": 0.25})
    rule(cast.ada, "Desk", {"Payroll": 0.5, "Hall": 0.25})
    return cast


@pytest.mark.parametrize("period", ["2026-10", "2026-Q3", "2026-Q4", "2026", "2026-07-15..2026-09-02"])
@pytest.mark.parametrize("method", ["", "direct", "step-down"])
def test_an_explanation_says_what_the_report_of_the_same_period_says(books: Cast, period: str, method: str) -> None:
    told = report(books.ada, period=period, **({"method": method} if method else {}))
    row = next(one for one in told["rows"] if one["number"] == "SVC-00002")
    figure = f"cost:{period}{f':{method}' if method else ''}"
    found: Any = explain(books.ada, "SVC-00002", figure).data["cost"]
    assert {name: found[name] for name in ("direct", "shared", "total", "lines")} == {
        name: row[name] for name in ("direct", "shared", "total", "lines")
    }
    assert (found["period"], found["method"]) == (period, method or "reciprocal")
    centre: Any = explain(books.ada, "CEN-00001", figure).data["cost"]
    went = {one["rule"]: one["amount"] for one in found["lines"] if one["source"] == "CEN-00001"}
    assert {one["rule"]: one["amount"] for one in centre["went"] if one["to"] == "Payroll"} == went


def test_a_rule_tells_what_it_handed_out_in_the_period(books: Cast) -> None:
    found: Any = explain(books.ada, "ALC-00001", "shares:2026-Q3").data["shares"]
    assert {one["element"] for one in found["handed"] if one["element"]} == {"accommodation", "people"}
    told = explain(books.ada, "ALC-00001", "shares:2026-Q3")
    assert told.parts[1].title == "what it handed out in 2026-Q3, EUR"


def test_a_charge_run_at_any_hour_is_explained_to_the_second(books: Cast) -> None:
    """What a run charges and what an explanation of its time says are one reckoning: no whole days are made of it."""
    ada, start, end = books.ada, "2026-10-02T08:30:00Z", "2026-11-02T17:45:11Z"
    books.clock.at = parse_instant("2026-11-20")
    ada.edit("SVC-00002", {"customer": "Acme"})
    ada.edit("CI-00001", {"cost": "4800", "life_years": 4, "in_service_at": "2026-01-01", "service": "Payroll"})
    spent(ada, "1000.01", service="Payroll", on="2026-09-17T03:00:00Z", until="2026-12-24T05:06:07Z")
    spent(ada, "20", service="Payroll", on="2026-10-02T08:29:59Z")
    spent(ada, "70", service="Payroll", on="2026-11-02T17:45:10Z")
    spent(ada, "500", service="Payroll", on=end)
    number = ada.create("charge-run", {"starts_at": start, "ends_at": end}).number
    ada.act(number, "issue")
    found = statements(ada, number)
    charge = next(line for one in found.customers for line in one.lines if line["service"] == "Payroll")
    told: Any = explain(ada, "SVC-00002", f"cost:{found.asked}").data["cost"]
    assert (told["period"], told["from"], told["to"]) == (f"{start}..{end}", start, end)
    assert told["total"] == show_cents(charge["cost"]) == by_service(report(ada, period=f"{start}..{end}"))["Payroll"]
    assert told["lines"] == charge["detail"]
    direct = [(one["source"], one["on"], one["amount"]) for one in charge["detail"] if one["title"] == "Something"]
    assert [on for _, on, _ in direct] == [start, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "2026-11-02T17:45:10Z"]
    spread = next(source for source, on, _ in direct if on == start)
    borne: Any = explain(ada, spread, f"cost:{found.asked}").data["cost"]["borne"]
    assert [one["amount"] for one in borne] == [amount for source, _, amount in direct if source == spread]


def test_a_spread_cost_is_explained_from_its_first_month_to_its_last_or_for_a_period(cast: Cast) -> None:
    number = spent(cast.ada, "365", service="Payroll", on="2026-01-01", until="2027-01-01")
    whole: Any = explain(cast.ada, number, "cost")
    assert whole.parts[0].title == "365.00 EUR from 2026-01-01 to 2027-01-01; 365.00 EUR of it in 2026-01-01/2027-01-01"
    assert sum(float(one["amount"]) for one in whole.data["cost"]["borne"]) == 365
    month: Any = explain(cast.ada, number, "cost:2026-09").data["cost"]
    assert (month["counted"], [one["amount"] for one in month["borne"]]) == ("30.00", ["30.00"])


def test_a_capital_cost_says_that_its_depreciation_is_spent_instead(cast: Cast) -> None:
    cast.ada.edit("CI-00001", {"cost": "4800", "life_years": 4, "in_service_at": "2026-01-01"})
    number = spent(cast.ada, "4800", ci="CI-00001", nature="capital", on="2026-01-01")
    assert "its depreciation is what is spent" in explain(cast.ada, number, "cost").parts[0].title
