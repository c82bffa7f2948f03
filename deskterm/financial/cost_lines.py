"""A line behind a figure of money as the console lists it, with the names of what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.financial.attribution import Line

MOST_LINES = 2_000
"""Lines behind one figure that the console lists; all of them are in the report."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line behind a service, a budget, or what nobody bears."""

    key: str
    source: str
    what: str
    ci: str
    rule: str
    """Number and version of the rule that passed it on; empty for direct cost."""
    rule_number: str
    element: str
    at: int
    why: str
    amount: Decimal


def listed(lines: Sequence[Line], known: Mapping[int, tuple[str, str]]) -> tuple[CostLine, ...]:
    """Return the largest lines, the largest first.

    Args:
        lines: as they were reckoned.
        known: number and name of rules and CIs by id.
    """
    chosen = sorted(lines, key=lambda one: -abs(one.amount))[:MOST_LINES]
    found = []
    for place, one in enumerate(chosen):
        rule = known[one.rule] if one.rule is not None else ("", "")
        ci = known[one.ci][1] if one.ci is not None and one.ci in known else ""
        version = f"{rule[0]} v{one.version}" if one.rule is not None else ""
        key = f"{place} {one.source}"
        found.append(CostLine(key, one.source, one.title, ci, version, rule[0], one.element, one.at, one.why, one.amount))
    return tuple(found)
