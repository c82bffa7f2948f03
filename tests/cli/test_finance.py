"""Money by the command line: what scripts write and read, the worked examples by process and by `calc`, refusals in words."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def books(shell: Shell) -> Shell:
    """A desk with three services."""
    shell.ok("init", "--admin", "ada")
    for name in ("A", "B", "C"):
        shell.ok("new", "service", f"name={name}")
    return shell


def total(shell: Shell, *options: str) -> dict[str, str]:
    """Return the report's total by service, once it adds up."""
    data = shell.read("report", "finance", "period=2026-10", *options)
    assert Decimal(data["attributed"]) + Decimal(data["unallocated"]) == Decimal(data["spend"])
    assert sum((Decimal(row["total"]) for row in data["rows"]), Decimal(0)) == Decimal(data["attributed"])
    assert {"period", "currency", "spend", "attributed", "unallocated", "idle", "rows"} <= data.keys()
    for row in data["rows"]:
        assert {"service", "direct", "shared", "total", "lines"} <= row.keys()
    return {row["service"]: row["total"] for row in data["rows"]}


def cost(shell: Shell, amount: str, *more: str) -> str:
    return shell.ok("new", "cost", "name=x", "element=hardware", f"amount={amount}", "currency=EUR", "on=2026-10-05", *more)


def test_example_a_service_departments_through_the_process_and_calc(books: Shell) -> None:
    cost(books, "7260", "centre=Y")
    cost(books, "4000", "centre=Z")
    rules = {"Y": {"Z": 0.2, "A": 0.5, "B": 0.3}, "Z": {"Y": 0.3, "A": 0.3, "C": 0.4}}
    for source, shares in rules.items():
        books.ok("new", "allocation-rule", f"from={source}", f"shares={json.dumps(shares)}", "valid_from=2026-01-01")
    assert total(books) == {"A": "6240.00", "B": "2700.00", "C": "2320.00"}
    question = {"costs": {"Y": 7260, "Z": 4000}, "shares": rules, "method": "reciprocal"}
    answer = json.loads(books.ok("calc", "allocate", stdin=json.dumps(question)))
    assert answer["gross"] == {"Y": 9000, "Z": 5800}
    assert {name: f"{one:.2f}" for name, one in answer["totals"].items()} == total(books)
    assert total(books, "method=direct") != total(books)


def test_example_b_a_hundred_over_three(books: Shell) -> None:
    cost(books, "100.00", "centre=Shared")
    books.ok("new", "allocation-rule", "from=Shared", 'shares={"A": 1, "B": 1, "C": 1}', "valid_from=2026-01-01")
    assert total(books) == {"A": "33.34", "B": "33.33", "C": "33.33"}
    assert json.loads(books.ok("calc", "split", stdin='{"amount": 100, "weights": [1, 1, 1]}'))["parts"] == [33.34, 33.33, 33.33]


def test_example_c_an_asset_explained_year_by_year(books: Shell) -> None:
    facts = ("type=server", "service=A", "cost=100000", "life_years=5", "in_service_at=2010-03-04")
    number = books.ok("new", "ci", "name=mainframe", *facts)
    schedule = books.read("explain", number, "value")["value"]["schedule"]
    assert [(one["year"], one["amount"]) for one in schedule] == [
        (2010, "16500.00"), *((year, "20000.00") for year in range(2011, 2015)), (2015, "3500.00"),
    ]  # fmt: skip


def test_example_d_a_business_case(books: Shell) -> None:
    number = books.ok("new", "business-case", "name=x", "flows=[-15000, 1500, 2500, 3500, 4500, 6000]", "rate=5")
    assert books.read("show", number)["npv"] == "122.89"


def test_direct_cost_through_the_graph_and_negative_amounts(books: Shell) -> None:
    books.ok("new", "ci", "name=db", "type=server")
    books.ok("link", "SVC-00001", "depends-on", "CI-00001", "--from", "2026-01-01")
    cost(books, "10.01", "ci=CI-00001")
    cost(books, "-3.00", "service=A")
    cost(books, "0.01", "service=B")
    assert total(books) == {"A": "7.01", "B": "0.01"}


def test_refusals_name_the_rule(books: Shell) -> None:
    cost(books, "5", "service=A")
    books.ok("new", "cost", "name=y", "amount=5", "currency=USD", "on=2026-10-05", "service=A")
    assert "there is no rate from USD to EUR on 2026-10-05" in books.refused("report", "finance", "period=2026-10")
    assert "period ends after it begins" in books.refused("report", "finance", "--from", "2026-10-02", "--to", "2026-10-01")
    assert "direct, step-down, reciprocal" in books.refused("report", "finance", "period=2026-09", "method=magic")
    assert "YYYY-MM" in json.loads(books("--json", "report", "finance", "period=soon").out)["error"]["fields"]["period"]
    books.ok("new", "cost-centre", "name=P")
    books.ok("new", "cost-centre", "name=Q")
    books.ok("new", "allocation-rule", "from=P", 'shares={"Q": 1}', "valid_from=2026-01-01")
    assert "a closed loop" in books.refused("new", "allocation-rule", "from=Q", 'shares={"P": 1}', "valid_from=2026-01-01")


def test_a_statement_in_every_format(books: Shell) -> None:
    books.ok("new", "organisation", "name=Acme")
    books.ok("edit", "SVC-00001", "customer=Acme")
    cost(books, "250.10", "service=A")
    paid = ("name=y", "element=people", "amount=49.90", "currency=EUR", "on=2026-10-06")
    books.ok("new", "cost", *paid, "service=A")
    number = books.ok("new", "charge-run", "starts_at=2026-10-01", "ends_at=2026-11-01")
    books.ok("do", number, "issue")
    assert books.read("statement", number)["customers"][0]["due"] == "300.00"
    rows = list(csv.DictReader(io.StringIO(books.ok("statement", number, "--format", "csv"))))
    assert [(row["element"], row["line_amount"]) for row in rows] == [("hardware", "250.10"), ("people", "49.90")]
    assert [(row["cost"], row["amount"]) for row in rows] == [("300.00", "300.00"), ("", "")], "the column adds up"
    page = books.ok("statement", number, "Acme", "--format", "md")
    assert "## Acme" in page
    assert "| From | What | CI | Rule | Element | Amount |" in page
    assert "| people | 49.90 |" in page
    assert "cost that no customer bears: 0.00" in books.ok("statement", number)
    assert "is no charge run" in books.refused("statement", "COST-00001")
    assert "usage" not in books.refused("statement", number, "--format", "pdf", status=2)


def test_what_is_exported_reads_back(books: Shell) -> None:
    cost(books, "-12.34", "centre=Shared")
    books.ok("new", "allocation-rule", "from=Shared", 'shares={"A": "1/3", "B": "0.5"}', "valid_from=2026-01-01")
    for kind in ("cost", "allocation-rule", "cost-centre"):
        for form in ("csv", "jsonl"):
            path = books.folder / f"{kind}.{form}"
            path.write_text(books.ok("export", kind, "--format", form) + "\n", encoding="utf-8")
            mapping = books.folder / "mapping.toml"
            mapping.write_text(f'kind = "{kind}"\n', encoding="utf-8")
            done = books.read("import", form, str(path), "--mapping", str(mapping))
            assert (done["created"], done["updated"]) == (0, 0), (kind, form, done)
