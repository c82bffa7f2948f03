"""What was spent by element of cost: direct and indirect, fixed and variable, adding up to the spend to the cent. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deskterm.financial.attribution import Item
from deskterm.financial.rules import settle, settle_to, total_of
from deskterm.financial.vocab import ELEMENTS


@dataclass(frozen=True, slots=True)
class ElementTotal:
    """What was spent of one element; `direct + indirect` and `fixed + variable` are the total."""

    element: str
    direct: Decimal
    indirect: Decimal
    fixed: Decimal
    variable: Decimal
    total: Decimal

    def part_of(self, spend: Decimal) -> Fraction | None:
        """Return its part of a spend; None of nothing."""
        return Fraction(self.total) / Fraction(spend) if spend else None

    def data(self) -> dict[str, Any]:
        """Return it as data."""
        figures = {name: getattr(self, name) for name in ("direct", "indirect", "fixed", "variable", "total")}
        return {"element": self.element, **{name: f"{one:.2f}" for name, one in figures.items()}}


def by_element(items: Sequence[Item]) -> tuple[ElementTotal, ...]:
    """Return what was spent of each element that anything was spent of; the totals add up to the spend, rounded once."""
    exact: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        exact[item.element].append(item)
    names = [name for name in ELEMENTS if name in exact]
    totals = settle([total_of(item.exact for item in exact[name]) for name in names])
    found = []
    for name, total in zip(names, totals, strict=True):
        direct, indirect = _halves([(item.exact, item.direct) for item in exact[name]], total)
        fixed, variable = _halves([(item.exact, item.fixed) for item in exact[name]], total)
        found.append(ElementTotal(name, direct, indirect, fixed, variable, total))
    return tuple(found)


def _halves(amounts: Sequence[tuple[Fraction, bool]], total: Decimal) -> list[Decimal]:
    """Return what of a total is of one sort, and what is not."""
    return settle_to([total_of(exact for exact, is_so in amounts if is_so is wanted) for wanted in (True, False)], total)
