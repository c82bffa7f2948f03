"""FOCUS bills: to the last decimal, each row once, bad rows named, and each row to whom the mapping says."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.tables.core import record
from data.tables.finance import cost, cost_line
from deskterm.errors import ImportRefused, InvalidInput, NotAllowed
from deskterm.exchange.importing import ImportResult, run_import
from deskterm.explanations import explain
from tests.desks import Cast
from tests.financial.spending import by_service, report

BILL = Path(__file__).with_name("focus.csv")
TOTAL = Decimal("-2.05799816890")
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "finops-focus"


def load(cast: Cast, path: Path = BILL, **options: Any) -> ImportResult:
    return run_import(cast.ada, "focus", path, **options)


def exact(cast: Cast) -> Decimal:
    with cast.database.read() as connection:
        rows = connection.execute(select(cost.c.exact).join(record, record.c.id == cost.c.id).where(record.c.state == "active"))
        return sum((Decimal(row.exact) for row in rows), Decimal(0))


def changed(folder: Path, edit: Callable[[list[dict[str, str]]], object]) -> Path:
    """Return a copy of the bill in which something was edited."""
    with BILL.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    edit(rows)
    path = folder / "bill.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_bill_is_kept_to_its_last_decimal_and_once(any_cast: Cast) -> None:
    assert load(any_cast, dry_run=True) == ImportResult(12)
    assert load(any_cast) == ImportResult(12)
    assert load(any_cast) == ImportResult(unchanged=12)
    assert exact(any_cast) == TOTAL
    september = report(any_cast.ada, period="2024-09", currency="USD")
    assert (september["spend"], september["unallocated"]) == ("-2.06", "-2.06")


def test_rows_go_to_services_by_names_and_tags(cast: Cast) -> None:
    mapping = {
        "to": [
            {"service": "Payroll", "tags": {"application": "zoommap*"}},
            {"service": "Workplace", "provider": "Microsoft"},
            {"ci": "vpn-gw-1", "service_name": "Elastic Load *"},
        ],
        "centre": "Cloud",
    }
    load(cast, mapping=mapping)
    found = report(cast.ada, period="2024-09", currency="USD")
    assert by_service(found) == {"Payroll": "0.02", "Workplace": "-0.01"}
    assert found["unallocated_lines"][0]["title"] == "Cloud"
    number = next(one["source"] for row in found["rows"] if row["service"] == "Payroll" for one in row["lines"])
    bill = explain(cast.ada, number, "cost").data["cost"]["bill"]
    assert sum((Decimal(one["billed"]) for one in bill), Decimal(0)) == Decimal("0.0245617284")


def test_the_effective_cost_may_be_what_counts(cast: Cast) -> None:
    load(cast, mapping={"cost": "effective"})
    assert exact(cast) == Decimal("-3.01286892000")


BAD: tuple[tuple[str, str, str], ...] = (
    ("BilledCost", "12,34", "'12,34' is no amount"),
    ("BilledCost", "NULL", "is empty; a charge has a cost"),
    ("BilledCost", "NaN", "is no amount"),
    ("ChargePeriodEnd", "2024-09-01T30:00:00Z", "'2024-09-01T30:00:00Z' is no date or instant"),
    ("ChargePeriodEnd", "2020-01-01", "is not after ChargePeriodStart"),
    ("ChargePeriodStart", "5/1/25", "'5/1/25' is no date or instant"),
    ("BillingCurrency", "dollars", "is no currency such as USD"),
    ("Tags", "{broken", "is no JSON"),
)


@pytest.mark.parametrize(("column", "value", "says"), BAD)
def test_a_bad_row_is_named_and_the_rest_waits_for_a_decision(
    cast: Cast, tmp_path: Path, column: str, value: str, says: str
) -> None:
    path = changed(tmp_path, lambda rows: rows[4].update({column: value}))
    with pytest.raises(ImportRefused) as refusal:
        load(cast, path)
    assert [(row.line, row.field) for row in refusal.value.rows] == [(6, column)]
    assert says in refusal.value.rows[0].message
    assert exact(cast) == 0
    assert load(cast, path, skip_bad=True) == ImportResult(11, skipped=1)
    assert load(cast).created == 1
    assert exact(cast) == TOTAL


def test_a_corrected_bill_replaces_what_it_no_longer_says(cast: Cast, tmp_path: Path) -> None:
    load(cast)
    path = changed(tmp_path, lambda rows: (rows[1].update(BilledCost="0.50"), rows.pop(2)))
    assert load(cast, path, mapping={"whole_bills": True}).created == 1
    assert exact(cast) == TOTAL + Decimal("0.16") - Decimal("0.01111111110")


def test_an_import_that_was_undone_can_be_done_again(cast: Cast) -> None:
    load(cast)
    cast.ada.undo()
    assert exact(cast) == 0
    assert load(cast) == ImportResult(12)
    assert exact(cast) == TOTAL


def test_what_was_paid_ahead_is_spread_over_what_it_was_paid_for(cast: Cast, tmp_path: Path) -> None:
    def a_year(rows: list[dict[str, str]]) -> None:
        del rows[1:]
        rows[0] |= {"BilledCost": "365", "ChargePeriodStart": "2025-01-01", "ChargePeriodEnd": "2026-01-01"}

    load(cast, changed(tmp_path, a_year))
    spend = [report(cast.ada, period=month, currency="USD")["spend"] for month in ("2025-01", "2025-02")]
    assert spend == ["31.00", "28.00"]


def test_what_the_mapping_cannot_mean_is_refused(cast: Cast) -> None:
    for mapping, says in (
        ({"to": [{"service": "Nobody"}]}, "there is no service 'Nobody'"),
        ({"to": [{"service": "Payroll", "centre": "x"}]}, "names one of service, ci and centre"),
        ({"elements": "x"}, "is not known here"),
        ({"element": "water"}, "one of hardware"),
    ):
        with pytest.raises(InvalidInput, match=says):
            load(cast, mapping=mapping)
    with pytest.raises(NotAllowed):
        run_import(cast.as_("bob"), "focus", BILL)


def test_a_file_without_the_columns_of_a_bill_is_refused(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        load(cast, path)
    assert [row.field for row in refusal.value.rows] == ["BilledCost", "ChargeCategory", "ChargePeriodEnd", "ChargePeriodStart"]


def test_the_published_sample_comes_to_its_published_sums(cast: Cast) -> None:
    """A thousand rows of real billing, where the sample is at hand; the excerpt beside this file otherwise."""
    path, sums = SAMPLE / "focus_sample_1000.csv", SAMPLE / "expected_aggregates.json"
    expected: dict[str, Any] = {"rows": 12, "BilledCost": str(TOTAL), "BilledCost_by_service_category": {}}
    if path.exists():
        expected = json.loads(sums.read_text(encoding="utf-8"))
    assert load(cast, path if path.exists() else BILL).created == expected["rows"]
    assert exact(cast) == Decimal(expected["BilledCost"])
    by_category: dict[str, Decimal] = defaultdict(Decimal)
    by_provider: dict[str, Decimal] = defaultdict(Decimal)
    with cast.database.read() as connection:
        for row in connection.execute(select(cost_line.c.category, cost_line.c.billed, cost.c.supplier).join(
            cost, cost.c.id == cost_line.c.cost_id
        )):  # fmt: skip
            by_category[row.category] += Decimal(row.billed)
            by_provider[row.supplier] += Decimal(row.billed)
    assert {name: by_category[name] for name in expected["BilledCost_by_service_category"]} == {
        name: Decimal(one) for name, one in expected["BilledCost_by_service_category"].items()
    }
    assert {name: by_provider[name] for name in expected.get("BilledCost_by_provider", {})} == {
        name: Decimal(one) for name, one in expected.get("BilledCost_by_provider", {}).items()
    }
