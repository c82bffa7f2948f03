"""A line of an attribution as data, for reports, statements and what is kept of an issued charge run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.clock import format_instant
from deskterm.financial.attribution import Line


def line_data(line: Line, names: Mapping[int, tuple[str, str]]) -> dict[str, Any]:
    """Return a line as data: what it is, and the record, the CI and the version of the rule behind it."""
    ci = names.get(line.ci) if line.ci is not None else None
    rule = names.get(line.rule) if line.rule is not None else None
    return {
        "kind": line.sort,
        "source": line.source,
        "title": line.title,
        "on": format_instant(line.at),
        "element": line.element or None,
        "ci": None if ci is None else ci[0],
        "ci_name": None if ci is None else ci[1],
        "rule": None if rule is None else rule[0],
        "rule_version": line.version,
        "why": line.why,
        "amount": f"{line.amount:.2f}",
    }
