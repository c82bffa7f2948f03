"""What a forecast leads to: a problem to look into, or a request for change that adds capacity, each linked and raised once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.capacity import outlook
from deskterm.capacity.explaining import number, title_of
from deskterm.capacity.options import option_of, said_of
from deskterm.capacity.watching import CATEGORY, RAISED
from deskterm.clock import format_instant
from deskterm.errors import WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.workflow import Phase

HORIZON_DAYS = 365
"""An upgrade that is asked for lasts so long."""


def raise_problem(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Make a problem of a resource: why does it fill up?"""
    one = _outlook(unit, draft)
    values = {
        "summary": inputs.get("summary") or f"{one.name} fills up: {_brief(one)}"[:255], "description": _facts(one),
        "category": CATEGORY, "ci": one.ci_id, "service": one.service_id, "impact": 2, "urgency": 2,
    }  # fmt: skip
    _raise(unit, draft, "problem", values)


def raise_change(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Make a request for change that adds capacity, with the forecast as its reason."""
    one = _outlook(unit, draft)
    option = option_of(one, HORIZON_DAYS)
    plan = said_of(option, unit.at) if option is not None else "Say how much is added, and how."
    values = {
        "summary": inputs.get("summary") or f"More capacity for {one.name}"[:255], "reason": _facts(one), "plan": plan,
        "cis": [] if one.ci_id is None else [one.ci_id], "service": one.service_id,
    }  # fmt: skip
    _raise(unit, draft, "change", values)


def _outlook(unit: Unit, draft: Draft) -> outlook.Outlook:
    return outlook.read_all(unit.connection, unit.at, {draft.id}, ("resource", "driver"))[0]


def _brief(one: outlook.Outlook) -> str:
    return f"used up {format_instant(one.exhausted_at)[:10]}" if one.exhausted_at is not None else str(one.forecast.withheld)


def _facts(one: outlook.Outlook) -> str:
    lines = [
        f"{one.number} {one.name}{f' on {one.ci}' if one.ci else ''}: {number(one.latest, one.unit)} of "
        f"{number(one.capacity, one.unit)} at the newest sample.",
        f"{title_of(one, one.forecast.withheld)[0].upper()}{title_of(one, one.forecast.withheld)[1:]}.",
    ]
    return "\n".join(lines)


def _raise(unit: Unit, draft: Draft, kind_name: str, values: Mapping[str, Any]) -> None:
    kind = unit.registry.kind(kind_name)
    unit.require("create", kind)
    for row in store.load(unit.connection, kind, _raised(unit, draft, kind_name)).values():
        if row.phase in (Phase.ACTIVE, Phase.WAITING):
            rule = f"{row.number} was raised for {draft.number} and is {row.state}; work on that, or cancel it first"
            raise WorkflowRefused(rule)
    given = {name: value for name, value in values.items() if value not in (None, [])}
    made = writing.create(unit, kind, given)
    if store.connect(unit, draft.id, RAISED, made.id):
        store.journal_link(unit, What.LINK, draft.id, RAISED, made.id)
    unit.journal(Entry(draft.id, draft.version, What.NOTE, CATEGORY, new=made.id, text=f"Raised {made.number}."))


def _raised(unit: Unit, draft: Draft, kind_name: str) -> list[int]:
    from data.queries import capacity as q

    rows = unit.connection.execute(q.RAISED, {"source": draft.id, "relation": RAISED, "kind": kind_name})
    return [row.id for row in rows]
