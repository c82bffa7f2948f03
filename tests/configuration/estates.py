"""A small estate for tests: Payroll runs on a cluster of which two of three nodes suffice, and on one database."""

from __future__ import annotations

from typing import Any

from tests.desks import Cast


def ci(cast: Cast, name: str, **values: Any) -> str:
    """Make a CI and return its number."""
    return cast.ada.create("ci", {"name": name, "type": "server", **values}).number


def payroll(cast: Cast) -> dict[str, str]:
    """Make the estate; return numbers by name."""
    numbers = {name: ci(cast, name) for name in ("cluster", "node-1", "node-2", "node-3", "db-pay", "rack", "report")}
    numbers["Payroll"] = "SVC-00002"
    link = cast.ada.link
    link(numbers["Payroll"], "depends-on", numbers["cluster"])
    for name in ("node-1", "node-2", "node-3"):
        link(numbers["cluster"], "depends-on", numbers[name], group="nodes", need=2)
        link(numbers[name], "runs-on", numbers["rack"])
    link(numbers["cluster"], "depends-on", numbers["db-pay"])
    link(numbers["report"], "uses", numbers["db-pay"])
    return numbers
