"""Charge runs: who is charged what by which price, frozen once issued, given back by credit notes and by nothing else."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import exc, text

from deskterm.errors import DeskError, InvalidInput, NotFound, WorkflowRefused
from deskterm.financial.statements import Statements, csv_rows, data, markdown, statements
from tests.desks import MONDAY, Cast
from tests.financial.spending import rule, spent

OCTOBER = {"starts_at": "2026-10-01", "ends_at": "2026-11-01"}


@pytest.fixture
def desk(any_cast: Cast) -> Cast:
    """Payroll is Globex' own, Workplace is used by three people of Acme and one of Globex; 100 were spent on a centre."""
    ada = any_cast.ada
    for name in ("Ann", "Ben"):
        ada.create("person", {"name": name, "organisation": "Acme"})
    ada.edit("SVC-00002", {"customer": "Globex"})
    spent(ada, "100", centre="Facilities", on="2026-10-05")
    rule(ada, "Facilities", {"Payroll": 1, "Workplace": 1})
    return any_cast


def run(cast: Cast, **values: Any) -> str:
    return cast.ada.create("charge-run", {**OCTOBER, **values}).number


def amounts(found: Statements) -> dict[tuple[str, str], str]:
    return {(one["customer"], line["service"]): line["amount"] for one in data(found)["customers"] for line in one["lines"]}


def test_cost_is_divided_by_people_and_a_service_of_ones_own_is_ones_own(desk: Cast) -> None:
    number = run(desk)
    desk.ada.act(number, "reckon")
    found = statements(desk.ada, number)
    assert amounts(found) == {("Acme", "Workplace"): "37.50", ("Globex", "Workplace"): "12.50", ("Globex", "Payroll"): "50.00"}
    values = desk.ada.show(number).values
    assert (values["total"], values["cost"], values["uncharged"]) == (10000, 10000, 0)
    line = found.customers[0].lines[0]["detail"][0]
    assert (line["source"], line["rule"], line["rule_version"], line["amount"]) == ("CEN-00001", "ALC-00001", 1, "37.50")


PRICES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"service": "Workplace", "method": "cost-plus", "markup": 10}, "41.25"),
    ({"service": "Workplace", "method": "cost-plus", "markup": "-50"}, "18.75"),
    ({"service": "Workplace", "method": "unit", "amount": "12.50", "basis": "users"}, "37.50"),
    ({"service": "Workplace", "method": "free"}, "0.00"),
    ({"service": "Workplace", "method": "cost", "basis": "shares", "shares": {"Acme": "1/5", "Globex": "4/5"}}, "10.00"),
    ({"customer": "Acme", "method": "cost-plus", "markup": 100}, "75.00"),
    ({"method": "cost", "valid_until": "2026-02-01"}, "37.50"),
)


@pytest.mark.parametrize(("policy", "acme"), PRICES)
def test_prices_are_cost_cost_plus_by_unit_or_free(desk: Cast, policy: dict[str, Any], acme: str) -> None:
    desk.ada.create("price", {"valid_from": "2026-01-01", **policy})
    assert amounts(statements(desk.ada, run(desk)))["Acme", "Workplace"] == acme


def test_the_most_particular_price_holds_and_an_older_one_stands(desk: Cast) -> None:
    ada = desk.ada
    for values in (
        {"markup": 1},
        {"service": "Workplace", "markup": 10},
        {"service": "Workplace", "customer": "Acme", "markup": 20},
    ):
        ada.create("price", {"method": "cost-plus", "valid_from": "2026-01-01", **values})
    found = amounts(statements(ada, run(desk)))
    assert found == {("Acme", "Workplace"): "45.00", ("Globex", "Workplace"): "13.75", ("Globex", "Payroll"): "50.50"}
    with pytest.raises(WorkflowRefused, match="has held since 2026-01-01"):
        ada.edit("PRC-00001", {"markup": 3})


def test_incidents_divide_by_use_and_what_nobody_used_stays_uncharged(desk: Cast) -> None:
    ada = desk.ada
    ada.create("price", {"service": "Workplace", "method": "cost", "basis": "incidents", "valid_from": "2026-01-01"})
    number = run(desk)
    assert ("Acme", "Workplace") not in amounts(statements(ada, number))
    ada.act(number, "reckon")
    assert ada.show(number).values["uncharged"] == 5000
    for requester in ("Maria Lopez", "Maria Lopez", "Hank Scorpio"):
        desk.incident(service="Workplace", requester=requester, occurred_at="2026-10-07")
    assert amounts(statements(ada, number))["Acme", "Workplace"] == "33.33"


def test_an_issued_run_is_frozen_to_the_last_line(desk: Cast) -> None:
    ada = desk.ada
    number = run(desk)
    ada.act(number, "issue")
    before = data(statements(ada, number))
    assert before["intact"] is True
    spent(ada, "1000", service="Payroll", on="2026-10-07")
    ada.edit("ALC-00001", {"shares": {"Payroll": 1}, "valid_from": "2026-01-01"})
    assert data(statements(ada, number)) == before
    with pytest.raises(WorkflowRefused, match="stands as it is"):
        ada.edit(number, {"ends_at": "2026-12-01"})
    for statement in ("UPDATE charge_line SET amount = 1", "DELETE FROM charge_line", "UPDATE charge_run SET total = 1"):
        with pytest.raises((exc.DBAPIError, DeskError), match="is a record"), desk.database.write() as connection:
            connection.execute(text(statement))
    ada.act(number, "credit", {"reason": "Wrong rule"})
    with pytest.raises(WorkflowRefused, match="it is credited"):
        ada.undo()
    assert ada.show(number).state == "credited"


def test_credit_notes_give_back_a_part_or_all_and_never_more(desk: Cast) -> None:
    ada = desk.ada
    number = run(desk)
    ada.act(number, "issue")
    ada.act(number, "credit", {"reason": "Outage", "customer": "Acme", "amount": "10"})
    assert ada.show(number).state == "issued"
    with pytest.raises(InvalidInput, match=r"27\.50 is left"):
        ada.act(number, "credit", {"reason": "More", "customer": "Acme", "amount": "30"})
    with pytest.raises(InvalidInput, match="name them"):
        ada.act(number, "credit", {"reason": "More", "amount": "3"})
    ada.act(number, "credit", {"reason": "All of it"})
    found = data(statements(ada, number))
    assert [(one["customer"], one["charged"], one["due"]) for one in found["customers"]] == [
        ("Acme", "37.50", "0.00"), ("Globex", "62.50", "0.00"),
    ]  # fmt: skip
    assert ada.show(number).state == "credited"
    with pytest.raises(InvalidInput, match="written by its charge run"):
        ada.create("credit-note", {})
    ada.create("charge-run", {**OCTOBER, "name": "Again"})
    ada.act("CRN-00002", "issue")


def test_a_time_is_not_charged_twice_nor_before_it_is_over(desk: Cast) -> None:
    ada = desk.ada
    ada.act(run(desk), "issue")
    with pytest.raises(WorkflowRefused, match="CRN-00001 was issued for part of that time already"):
        ada.act(run(desk, starts_at="2026-09-01"), "issue")
    with pytest.raises(WorkflowRefused, match="issued once that is over"):
        ada.act(run(desk, starts_at="2026-11-01", ends_at="2026-12-01"), "issue")
    with pytest.raises(InvalidInput, match="a charge run ends after it begins"):
        run(desk, ends_at="2026-10-01")
    desk.clock.at = MONDAY


def test_it_prints_as_a_document_and_as_a_table(desk: Cast) -> None:
    ada = desk.ada
    number = run(desk)
    ada.act(number, "issue")
    ada.act(number, "credit", {"reason": "Outage", "customer": "Acme", "amount": "10"})
    found = statements(ada, number, "Acme")
    page = markdown(found)
    assert "## Acme" in page
    assert "Globex" not in page
    assert "ALC\\-00001 v1" in page
    out = io.StringIO()
    csv.writer(out).writerows(csv_rows(found))
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert [row[0] for row in rows] == ["Acme", "Acme"]
    assert sum(Decimal(row[6]) for row in rows) == Decimal("27.50")
    ada.create("organisation", {"name": "Nobody"})
    with pytest.raises(NotFound, match="charges Nobody nothing"):
        statements(ada, number, "Nobody")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"method": "cost-plus"}, "needs a markup"),
        ({"method": "unit", "amount": "3"}, "needs its amount and its service"),
        ({"basis": "shares"}, "needs shares by customer"),
        ({"basis": "shares", "shares": {"Nobody": 1}}, "there is no organisation 'Nobody'"),
    ],
)
def test_a_price_that_says_too_little_is_refused(cast: Cast, values: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        cast.ada.create("price", values)


def test_the_doctor_tells_what_was_meddled_with(cast: Cast) -> None:
    from deskterm.doctor.finance import finance

    ada = cast.ada
    spent(ada, "100", service="Payroll", on="2026-10-05")
    ada.act(run(cast), "issue")
    rule(ada, "Facilities", {"Payroll": 1})
    with cast.database.read() as connection:
        assert list(finance(connection)) == []
    with cast.database.write() as connection:
        for name in ("charge_line_update_guard", "allocation_revision_no_delete"):
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE charge_line SET amount = amount + 1"))
        connection.execute(text("DELETE FROM allocation_revision"))
    with cast.database.read() as connection:
        found = [(one.code, one.message) for one in finance(connection)]
    assert [code for code, _ in found] == ["guard", "charge-run", "charge-run", "allocation-rule"]
    assert "not what its digest was taken of" in found[1][1]


def test_a_customer_that_is_named_twice_is_refused(cast: Cast) -> None:
    number = cast.ada.create("organisation", {"name": "Twice Ltd"}).number
    with pytest.raises(InvalidInput, match=f"{number} is named twice"):
        cast.ada.create("price", {"basis": "shares", "shares": {"Twice Ltd": 1, number: 2}})
