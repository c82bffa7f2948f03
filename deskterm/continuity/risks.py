"""What holds for a risk: its score, its level, and that nobody accepts one that nobody answers for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.continuity.rules import risk_level
from deskterm.errors import InvalidInput
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def _scored(unit: Unit, draft: Draft) -> None:
    likelihood, impact = draft.get("likelihood"), draft.get("impact")
    if likelihood is None or impact is None:
        return
    draft.new["score"] = likelihood * impact
    draft.new["level"] = risk_level(likelihood, impact)


def _measures_for_treatment(unit: Unit, draft: Draft) -> None:
    """Refuse a risk that is called treated while nothing is done about it."""
    if draft.state == "treated" and draft.get("treatment") != "accept" and not draft.get("measures"):
        raise InvalidInput("a risk that is treated says by which measures", fields={"measures": "required while treated"})


def _because(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.reason = str(inputs["reason"])


def _accept(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["treatment"] = "accept"
    _because(unit, draft, inputs)


RULES = Rules(
    complete=(_scored,),
    check=(_measures_for_treatment,),
    handlers={"accept": _accept, "reopen": _because, "close": _because},
)
