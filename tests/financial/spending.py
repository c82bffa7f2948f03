"""A desk that spends money, as tests make it; and what a report of it must always say."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from deskterm.desk import Desk
from deskterm.reports import Period, run

NOVEMBER = {"period": "2026-11"}


def spent(desk: Desk, amount: str, **values: Any) -> str:
    """Record a cost and return its number."""
    return desk.create("cost", {"name": "Something", "amount": amount, "on": "2026-11-02", **values}).number


def rule(desk: Desk, source: str, shares: Mapping[str, object] | None, **values: Any) -> str:
    """Make a rule of allocation and return its number."""
    given = {"from": source, "valid_from": "2026-01-01", **values}
    return desk.create("allocation-rule", given | ({"shares": dict(shares)} if shares else {})).number


def report(desk: Desk, **options: str) -> dict[str, Any]:
    """Return the report of a period as data, and check that it adds up."""
    data = dict(run(desk, "finance", Period(), {**NOVEMBER, **options}).data)
    adds_up(data)
    return data


def adds_up(data: Mapping[str, Any]) -> None:
    """Check the invariant, down to each line."""
    assert Decimal(data["attributed"]) + Decimal(data["unallocated"]) == Decimal(data["spend"])
    assert total(data["rows"], "total") == Decimal(data["attributed"])
    assert total(data["idle_lines"], "amount") == Decimal(data["idle"])
    assert total(data["unallocated_lines"], "amount") + Decimal(data["idle"]) == Decimal(data["unallocated"])
    for row in data["rows"]:
        for kind in ("direct", "shared"):
            assert total([one for one in row["lines"] if one["kind"] == kind], "amount") == Decimal(row[kind])
        assert Decimal(row["direct"]) + Decimal(row["shared"]) == Decimal(row["total"])


def total(rows: Any, name: str) -> Decimal:
    """Add up a figure of rows."""
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def by_service(data: Mapping[str, Any], name: str = "total") -> dict[str, str]:
    """Return a figure of each service."""
    return {row["service"]: row[name] for row in data["rows"]}
