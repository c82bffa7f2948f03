"""The capacity plan as a document, made of what the desk knows now: summary, scenarios, forecasts, options, cost, advice.

Its parts follow ITIL's contents of a capacity plan. What people write (scope, assumptions, options of their own, advice) comes
from the plan's fields; every figure is reckoned. A document is plain JSON, so that a frozen one reads as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from deskterm.capacity import outlook, scenarios
from deskterm.capacity.history import DAY_SECONDS
from deskterm.capacity.options import Option, option_of, said_of
from deskterm.capacity.outlook import Outlook
from deskterm.capacity.scoring import scores
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.fields import cents_of, show_cents
from deskterm.records import resolve
from deskterm.reports.capacity import FORMULAS, row_of

OPTION_KEYS = ("option", "resource", "adds", "cost", "currency", "effect")
OPTION_EXAMPLE = '[{"option": "move archives to tape", "resource": "fs-01 /data", "cost": "1200.00", "currency": "EUR"}]'


def checked_options(value: object) -> object:
    """Check the options that people write into a plan.

    Raises:
        InvalidInput: it is no list of objects with an option each, or a cost is no amount.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise InvalidInput(f"options are a list such as {OPTION_EXAMPLE}")
    found = []
    for one in value:
        strange = sorted(set(one) - set(OPTION_KEYS))
        if strange or not str(one.get("option") or "").strip():
            said = f"has no {strange[0]!r}" if strange else "needs an option: what could be done"
            raise InvalidInput(f"an option {said}; it holds {', '.join(OPTION_KEYS)}")
        kept = {name: str(text)[:400] for name, text in one.items() if text not in (None, "")}
        if "cost" in kept:
            try:
                kept["cost"] = show_cents(cents_of(kept["cost"]))
            except ValueError as problem:
                raise InvalidInput(f"the cost of an option {problem}") from None
        found.append(kept)
    return found


def build(connection: Connection, now: int, plan: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return the document of a plan as of an instant.

    Args:
        connection: to read with.
        now: the instant.
        plan: the plan's fields, and its number.
        currency: of costs that name none.
    """
    horizon, own = int(plan["horizon_days"]), list(plan.get("options") or ())
    found = sorted(outlook.read_all(connection, now, None, ("resource",)), key=_by_date)
    scored = scores(connection, now)
    names = resolve.names(connection, {one.service_id for one in found if one.service_id})
    return {
        "number": plan.get("number"), "title": plan.get("name"), "at": format_instant(now), "horizon_days": horizon,
        "scope": plan.get("scope"), "assumptions": plan.get("assumptions"),
        "services": _services(found, {key: name.title for key, name in names.items()}),
        "scenarios": [one.as_json() for one in scenarios.read(connection, now)],
        "resources": [row_of(one, scored.get(one.id)) for one in found],
        "own_options": own, "own_recommendations": plan.get("recommendations"), "formulas": FORMULAS,
        **figures(found, now, horizon, own, currency),
    }  # fmt: skip


def figures(
    found: Sequence[Outlook], now: int, horizon_days: int, own: Sequence[Mapping[str, Any]], currency: str
) -> dict[str, Any]:
    """Return what a plan reckons: summary, options, cost, recommendations.

    Args:
        found: the outlook of every resource.
        now: as of when.
        horizon_days: so far the plan looks.
        own: the options that people wrote into it.
        currency: of costs that name none.
    """
    found = sorted(found, key=_by_date)
    options = [option for option in (option_of(one, horizon_days) for one in found) if option is not None]
    return {
        "summary": _summary(found, now, horizon_days),
        "options": [option.as_json() for option in options],
        "cost": _cost(options, own, currency),
        "recommendations": [*(said_of(option, now) for option in options), *_advice(found, options, now, horizon_days)],
    }


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document, by which it is known unchanged."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _by_date(one: Outlook) -> tuple[bool, int, str]:
    return one.exhausted_at is None, one.exhausted_at or 0, one.name


def _summary(found: Sequence[Outlook], now: int, horizon_days: int) -> dict[str, Any]:
    end = now + horizon_days * DAY_SECONDS
    full = [one for one in found if one.exhausted_at is not None and one.exhausted_at <= end]
    over = [one for one in found if one.is_used_up]
    late = [one for one in found if one.order_at is not None and one.order_at <= now]
    return {
        "resources": len(found), "used_up_within_horizon": len(full), "used_up_already": len(over), "order_overdue": len(late),
        "no_forecast": sum(one.exhausted_at is None for one in found) - len(over),
        "critical": sum(one.level == "critical" for one in found), "warning": sum(one.level == "warning" for one in found),
    }  # fmt: skip


def _services(found: Sequence[Outlook], names: Mapping[int, str]) -> list[dict[str, Any]]:
    by_service: dict[str, list[Outlook]] = {}
    for one in found:
        by_service.setdefault(names.get(one.service_id or 0, "no service"), []).append(one)
    rows = []
    for name, some in sorted(by_service.items()):
        first = min((one for one in some if one.exhausted_at is not None), key=lambda one: one.exhausted_at or 0, default=None)
        full = first.exhausted_at if first is not None else None
        rows.append({
            "service": name, "resources": len(some), "first_used_up": None if first is None else first.name,
            "exhausted_on": None if full is None else format_instant(full),
        })  # fmt: skip
    return rows


def _cost(options: Sequence[Option], own: Sequence[Mapping[str, Any]], currency: str) -> dict[str, Any]:
    sums: Counter[str] = Counter()
    for option in options:
        if option.cost_cents is not None:
            sums[option.currency or currency] += option.cost_cents
    for one in own:
        if "cost" in one:
            sums[str(one.get("currency") or currency)] += cents_of(one["cost"])
    unknown = sum(option.cost_cents is None for option in options) + sum("cost" not in one for one in own)
    return {"totals": {code: show_cents(cents) for code, cents in sorted(sums.items())}, "without_cost": unknown}


def _advice(found: Sequence[Outlook], options: Sequence[Option], now: int, horizon_days: int) -> list[str]:
    """Return what else should be done: what is full, what nobody said an upgrade of, what is not measured."""
    offered = {option.number for option in options}
    said = []
    for one in found:
        if one.is_used_up and one.number in offered:
            continue
        if one.is_used_up:
            said.append(f"{one.name} is used up: add capacity, or use less of it, now.")
        elif one.latest_at is None:
            said.append(f"Measure {one.name}: there are no samples.")
        elif one.exhausted_at is not None and one.number not in offered:
            days = (one.exhausted_at - now) / DAY_SECONDS
            if days <= horizon_days:
                said.append(f"{one.name} is used up in {days:.0f} days: say what one upgrade adds and costs, or raise a change.")
    return said
