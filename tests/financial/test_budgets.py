"""What counts against a budget: of a service whatever it bears, of a cost centre what it spends itself, of one element alone."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.explanations import explain
from deskterm.financial.reading import all_budgets
from tests.desks import Cast
from tests.financial.spending import by_service, report, rule, spent

NOVEMBER = {"starts_at": "2026-11-01", "ends_at": "2026-12-01"}


@pytest.fixture
def books(any_cast: Cast) -> Cast:
    """A hall that costs rent and people, half of it for payroll through a second centre."""
    ada = any_cast.ada
    spent(ada, "100", centre="Hall", element="accommodation")
    spent(ada, "60", centre="Hall", element="people")
    spent(ada, "9.99", centre="Desk", element="people")
    spent(ada, "40", service="Payroll", element="people")
    spent(ada, "25", service="Payroll", element="software")
    rule(ada, "Hall", {"Payroll": 0.5, "Desk": 0.5})
    rule(ada, "Desk", {"Payroll": 1})
    return any_cast


def _budget(cast: Cast, **values: Any) -> Any:
    number = cast.ada.create("budget", {"name": "x", "amount": "120", **NOVEMBER, **values}).number
    return explain(cast.ada, number, "burn").data["burn"]


def test_a_budget_of_a_service_and_an_element_counts_what_is_passed_on_of_it(books: Cast) -> None:
    found = _budget(books, service="Payroll", element="people")
    assert found["spent"] == "109.99"  # 40 of its own, 30 and 30 + 9.99 of people in the hall and at the desk
    assert [(one["source"], one["rule"], one["element"], one["amount"]) for one in found["lines"]] == [
        ("COST-00004", None, "people", "40.00"),
        ("CEN-00002", "ALC-00002 v1", "people", "39.99"),
        ("CEN-00001", "ALC-00001 v1", "people", "30.00"),
    ]
    assert found["counts"] == "what the service bears: its own cost and what rules pass on to it, people alone"
    assert _budget(books, service="Payroll", element="accommodation")["spent"] == "100.00"
    assert _budget(books, service="Payroll", element="software")["spent"] == "25.00"
    assert _budget(books, service="Payroll")["spent"] == "234.99"
    assert _budget(books, service="Payroll", element="hardware")["spent"] == "0.00"


def test_a_budget_of_a_cost_centre_counts_what_it_spends_itself(books: Cast) -> None:
    found = _budget(books, centre="Desk")
    assert (found["spent"], [one["source"] for one in found["lines"]]) == ("9.99", ["COST-00003"])
    assert found["counts"] == "what the cost centre spends itself, not what is handed on to it"
    assert _budget(books, centre="Hall", element="people")["spent"] == "60.00"


def test_a_budget_of_everybody_counts_all_that_is_spent_of_its_element(books: Cast) -> None:
    assert _budget(books, element="people")["spent"] == "109.99"
    assert _budget(books)["spent"] == "234.99"


def test_what_counts_is_listed_line_by_line_and_adds_up(books: Cast) -> None:
    for values in ({"service": "Payroll"}, {"centre": "Hall"}, {"element": "people"}, {}):
        _budget(books, **values)
    for one in all_budgets(books.ada):
        assert sum(line.amount for line in one.lines) == one.spent
    shown = explain(books.ada, "BUD-00001", "burn").parts[1]
    assert shown.title == "it counts what the service bears: its own cost and what rules pass on to it"
    assert ("CEN-00001", "Hall, by its shares", "ALC-00001 v1", "accommodation", "50.00") in shown.rows


def test_a_budget_of_a_part_of_the_period_is_not_held_against_all_of_it(books: Cast) -> None:
    """Compared is like with like: a quarter with budgets for the whole of it, or with none."""
    spent(books.ada, "500", service="Payroll", on="2026-10-05")

    def told(period: str) -> tuple[str | None, str | None]:
        row = by_service(report(books.ada, period=period), "budget"), by_service(report(books.ada, period=period), "variance")
        return row[0].get("Payroll"), row[1].get("Payroll")

    _budget(books, service="Payroll", amount="300")
    assert told("2026-11") == ("300.00", "65.01")
    assert told("2026-Q4") == (None, None)
    _budget(books, service="Payroll", amount="620", starts_at="2026-10-01", ends_at="2026-11-01")
    _budget(books, service="Payroll", amount="100", starts_at="2026-12-01", ends_at="2027-01-01")
    assert told("2026-Q4") == ("1020.00", "285.01")
    _budget(books, service="Payroll", amount="10", currency="CHF")
    assert told("2026-Q4") == (None, None), "without a rate there is no figure"
