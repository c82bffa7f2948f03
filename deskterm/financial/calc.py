"""What `deskterm calc` can work out about money, with the very functions that the process uses. Amounts are in cents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from deskterm.financial.allocation_rules import allocate
from deskterm.financial.depreciation import schedule
from deskterm.financial.investment import appraise
from deskterm.financial.rules import money, split
from deskterm.financial.schema import AllocateQuestion, DepreciationQuestion, InvestmentQuestion, SplitQuestion
from deskterm.questions import number


def allocated(given: Mapping[str, Any]) -> dict[str, object]:
    """Pass the costs of service centres on to those they serve."""
    question = AllocateQuestion.read(given)
    found = allocate(question.costs, question.the_shares(), question.method, question.the_order())
    return {
        "totals": {name: number(amount) for name, amount in found.totals.items()},
        "gross": {name: number(amount) for name, amount in found.gross.items()},
        "unallocated": number(found.unallocated),
    }


def parts(given: Mapping[str, Any]) -> dict[str, object]:
    """Split an amount in proportion to weights, to the cent."""
    question = SplitQuestion.read(given)
    return {"parts": [number(part) for part in split(question.amount, [Fraction(weight) for weight in question.weights])]}


def depreciation(given: Mapping[str, Any]) -> dict[str, object]:
    """Work out what each financial year takes of an asset."""
    question = DepreciationQuestion.read(given)
    asset, year_end = question.the_asset(), question.the_year_end()
    charges = schedule(asset, question.method, year_end=year_end, rate=question.the_rate())
    return {"schedule": [[charge.year, number(charge.amount)] for charge in charges]}


def investment(given: Mapping[str, Any]) -> dict[str, object]:
    """Appraise an investment; `irr_reason` says why there is no internal rate."""
    question = InvestmentQuestion.read(given)
    found = appraise(question.flows, Fraction(question.rate))
    return {
        "npv": number(money(found.npv)),
        "irr": found.irr,
        "irr_reason": found.irr_reason,
        "payback": number(found.payback),
        "roi": number(found.roi),
    }


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
    "allocate": allocated,
    "split": parts,
    "depreciation": depreciation,
    "investment": investment,
}
