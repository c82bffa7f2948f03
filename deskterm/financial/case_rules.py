"""What a business case checks and works out while it is written: with the functions of `investment`, which `calc` uses too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deskterm.errors import InvalidInput
from deskterm.financial.cost_rules import currency
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def _appraise(unit: Unit, draft: Draft) -> None:
    """Work the figures out again where what they follow from has changed."""
    currency(unit, draft)
    if not draft.creating and not {"flows", "rate", "currency"} & draft.changed.keys():
        return
    if not draft.get("flows") or draft.get("rate") is None:
        return
    from deskterm.financial.investment import appraise  # late: nobody who reads a queue appraises anything
    from deskterm.financial.rules import money

    flows = [Decimal(one) for one in draft.get("flows")]
    found = appraise(flows, Fraction(Decimal(draft.get("rate"))) / 100)
    draft.new |= {
        "npv": int(money(found.npv).scaleb(2)),
        "irr": None if found.irr is None else f"{found.irr * 100:.4f} %",
        "irr_reason": found.irr_reason,
        "payback": "n/a" if found.payback is None else f"{float(found.payback):.2f}",
        "roi": "n/a" if found.roi is None else f"{float(found.roi) * 100:.2f} %",
        "tco": int(-sum((flow for flow in flows if flow < 0), Decimal(0)).scaleb(2)),
    }


def _decided_stands(unit: Unit, draft: Draft) -> None:
    """Refuse to change the figures that somebody decided on."""
    changed = {"flows", "rate", "step", "currency"} & draft.changed.keys()
    if changed and not draft.creating and draft.state_before in ("approved", "rejected") and unit.what != "undo":
        raise InvalidInput(
            f"{draft.number} was decided on with these figures; revise it first: deskterm do {draft.number} revise",
            fields=dict.fromkeys(sorted(changed), "decided on"),
        )


def _decide(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["decision"] = inputs.get("decision")


RULES = Rules(complete=(_appraise,), check=(_decided_stands,), handlers={"approve": _decide, "reject": _decide})
