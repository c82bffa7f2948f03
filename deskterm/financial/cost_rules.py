"""What costs, budgets and rates check and derive while they are written."""

from __future__ import annotations

from sqlalchemy import select

from data.queries import finance as q
from data.tables.core import record
from deskterm import desk_settings
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.fields import show_cents
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

TARGETS = ("service", "ci", "centre")
MOST_SPREAD = 50 * 366 * 86_400
"""Seconds over which a cost may be spread."""


def desk_currency(unit: Unit) -> str:
    """Return the currency of an amount that names none."""
    return unit.once("settings", lambda: desk_settings.load(unit.connection)).currency


def currency(unit: Unit, draft: Draft) -> None:
    """Say in what currency an amount is, where nobody does."""
    if not draft.get("currency"):
        draft.new["currency"] = desk_currency(unit)


def day(at: int) -> str:
    """Return the date of an instant."""
    return format_instant(at)[:10]


def ordered(draft: Draft, start: str, end: str, what: str) -> None:
    """Refuse what ends before it begins.

    Raises:
        InvalidInput: it does.
    """
    first, last = draft.get(start), draft.get(end)
    if first is not None and last is not None and last <= first:
        raise InvalidInput(f"{what} ends after it begins", fields={end: f"not after {start}"})


def _cost_is_for(unit: Unit, draft: Draft) -> None:
    """A cost of a record is for what the record is about, unless it says otherwise; a cost that a hand changed is exact."""
    about = draft.get("record")
    if about is not None and not any(draft.get(name) for name in TARGETS):
        found = unit.connection.execute(select(record.c.service_id, record.c.ci_id).where(record.c.id == about)).one()
        if found.ci_id is not None:
            draft.new["ci"] = found.ci_id
        elif found.service_id is not None:
            draft.new["service"] = found.service_id
    if not draft.get("directness"):
        draft.new["directness"] = "indirect" if draft.get("centre") else "direct"
    if not draft.creating and "amount" in draft.given:
        draft.new["exact"] = None


def _one_target(unit: Unit, draft: Draft) -> None:
    named = [name for name in TARGETS if draft.get(name) is not None]
    if len(named) > 1:
        said = f"a cost is for one of service, CI or cost centre, not for {' and '.join(named)}; make two costs of it"
        raise InvalidInput(said, fields=dict.fromkeys(named[1:], "more than one"))
    ordered(draft, "on", "until", "a cost")
    start, end = draft.get("on"), draft.get("until")
    if start is not None and end is not None and end - start > MOST_SPREAD:
        raise InvalidInput("a cost is spread over fifty years at most", fields={"until": "too far"})


COST = Rules(complete=(currency, _cost_is_for), check=(_one_target,))


def _budget(unit: Unit, draft: Draft) -> None:
    ordered(draft, "starts_at", "ends_at", "a budget")
    if draft.get("service") is not None and draft.get("centre") is not None:
        raise InvalidInput("a budget is for a service or for a cost centre; make two of it", fields={"centre": "more than one"})
    if (draft.get("amount") or 0) < 0:
        raise InvalidInput("a budget is not negative", fields={"amount": "must be 0 or more"})


BUDGET = Rules(complete=(currency,), check=(_budget,))


def in_force_stands(unit: Unit, draft: Draft, *names: str) -> None:
    """Refuse to rewrite what figures were reckoned with: from its first day on it stands, and another one takes over.

    Raises:
        WorkflowRefused: what is in force would say something else.
    """
    changed = sorted({*names, "valid_from"} & draft.changed.keys())
    if draft.creating or not changed or draft.state == "retired":
        return
    since = draft.old.get("valid_from")
    if since is not None and since <= unit.at and unit.what != "undo":
        said = (
            f"{draft.number} has held since {day(since)} and figures stand on it; enter another {draft.kind.name} with its own "
            "valid_from, or retire this one if it was wrong"
        )
        raise WorkflowRefused(said, fields=dict.fromkeys(changed, "in force"))


def _rate_name(unit: Unit, draft: Draft) -> None:
    if "name" not in draft.given or not draft.get("name"):
        draft.new["name"] = f"{draft.get('currency')} in {draft.get('into')} from {day(draft.get('valid_from') or unit.at)}"


def _rate(unit: Unit, draft: Draft) -> None:
    if draft.get("currency") == draft.get("into"):
        raise InvalidInput("a rate is between two currencies", fields={"into": "the same currency"})
    in_force_stands(unit, draft, "currency", "into", "rate")
    pair = {"currency": draft.get("currency"), "into": draft.get("into"), "valid_from": draft.get("valid_from")}
    twin = unit.connection.execute(q.SAME_RATE, {**pair, "own": draft.id}).scalar()
    if twin is not None and draft.state != "retired":
        raise InvalidInput(
            f"{twin} says already what {pair['currency']} is in {pair['into']} from that day on; retire it first",
            fields={"valid_from": f"{twin} has it"},
        )


RATE = Rules(complete=(_rate_name,), check=(_rate,))


def _labour_name(unit: Unit, draft: Draft) -> None:
    currency(unit, draft)
    if draft.get("name") and ("name" in draft.given or not draft.creating):
        return
    whose = next((draft.get(name) for name in ("agent", "team") if draft.get(name) is not None), None)
    named = unit.connection.execute(select(record.c.title).where(record.c.id == whose)).scalar() if whose else None
    amount = f"{show_cents(draft.get('amount') or 0)} {draft.get('currency')}"
    draft.new["name"] = f"{named or draft.get('role') or 'anybody'} {amount} an hour"


def _labour(unit: Unit, draft: Draft) -> None:
    named = [name for name in ("agent", "team", "role") if draft.get(name) is not None]
    if len(named) > 1:
        raise InvalidInput(
            f"an hourly rate is of an agent, a team or a role, not of {' and '.join(named)}",
            fields=dict.fromkeys(named[1:], "more than one"),
        )
    if (draft.get("amount") or 0) < 0:
        raise InvalidInput("an hour of work does not cost less than nothing", fields={"amount": "must be 0 or more"})
    in_force_stands(unit, draft, "agent", "team", "role", "amount", "currency")


LABOUR = Rules(complete=(_labour_name,), check=(_labour,))
