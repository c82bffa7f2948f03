"""What happens to a resource while it is written: thresholds are checked, each change of capacity is dated and kept."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from data.queries import capacity as q
from deskterm import desk_settings
from deskterm.capacity import raising
from deskterm.capacity.rules import Capacity, effective
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.fields import write_number
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

THRESHOLDS = ("warn", "critical", "rearm")
MOST_PERCENT = 1000
"""More of a capacity is a slip of the pen."""


def _service(unit: Unit, draft: Draft) -> None:
    """Be for the service of its CI, where nobody says for which."""
    if draft.get("service") is None and draft.get("ci") is not None:
        ci = store.load(unit.connection, unit.registry.kind("ci"), [draft.get("ci")])
        draft.new["service"] = ci[draft.get("ci")].get("service")


def _defaults(unit: Unit, draft: Draft) -> None:
    """Read an amount as a share of capacity, and money in the desk's currency where nobody says in which."""
    capacity = draft.get("capacity")
    before = draft.old.get("capacity")
    for name in THRESHOLDS:
        value = draft.get(name)
        if value is None:
            continue
        if name in draft.given:
            if capacity and 100 < value <= capacity:
                draft.new[name] = 100 * value / capacity
        elif not draft.creating and capacity and before is None:  # it was an amount, and shall not turn into so many percent
            draft.new[name] = 100 * value / capacity
        elif before and capacity is None:
            draft.new[name] = value * before / 100
    if draft.get("upgrade_cost") is not None and not draft.get("currency"):
        draft.new["currency"] = unit.once("settings", lambda: desk_settings.load(unit.connection)).currency
    if draft.get("collect") and not draft.get("collect_host"):
        import socket

        draft.new["collect_host"] = socket.gethostname()


def _thresholds(unit: Unit, draft: Draft) -> None:
    """Refuse thresholds that could never be crossed in their order."""
    warn, critical, rearm = draft.get("warn"), draft.get("critical"), draft.get("rearm")
    down = draft.get("direction") == "down"
    side = "at least" if down else "at most"
    first = warn if warn is not None else critical
    if warn is not None and critical is not None and (warn < critical if down else warn > critical):
        rule = f"the warning is {side} the critical threshold ({write_number(critical)}) of a resource that goes {_way(draft)}"
        raise InvalidInput(rule, fields={"warn": rule})
    if rearm is not None and first is None:
        raise InvalidInput("a re-arm mark needs a warning or a critical threshold", fields={"rearm": "no threshold"})
    if rearm is not None and first is not None and (rearm <= first if down else rearm >= first):
        beyond = "above" if down else "below"
        rule = f"the re-arm mark lies {beyond} the first threshold ({write_number(first)}), or a breach would never be over"
        raise InvalidInput(rule, fields={"rearm": rule})
    for name in THRESHOLDS:
        if draft.get("capacity") and (draft.get(name) or 0) > MOST_PERCENT:
            rule = f"{name} is percent of the capacity, {MOST_PERCENT} at most, or an amount within it"
            raise InvalidInput(rule, fields={name: rule})
    if draft.get("role") == "driver" and draft.get("capacity") is not None:
        raise InvalidInput("a driver has no capacity; it fills others", fields={"capacity": "not of a driver"})
    if draft.get("collect_path") and draft.get("collect") != "disk":
        raise InvalidInput("only a disk is measured at a path; set collect=disk", fields={"collect_path": "collect is not disk"})


def _way(draft: Draft) -> str:
    return str(draft.get("direction"))


def _keep_history(unit: Unit, draft: Draft) -> None:
    """Append what is installed now, where that differs from what the history says of this instant."""
    amount = draft.get("capacity")
    if amount is None or ("capacity" not in draft.changed and not draft.creating):
        return
    held = installed(unit, draft.id)
    if effective(held, unit.at) != amount or not held:
        append(unit, draft.id, Capacity(unit.at, amount))


def append(unit: Unit, resource_id: int, step: Capacity, reason: str | None = None, change_id: int | None = None) -> None:
    """Append a row to the history of what is installed."""
    row = {"resource_id": resource_id, "from_at": step.from_at, "amount": step.amount, "reason": reason, "change_id": change_id}
    unit.connection.execute(q.INSTALL, {**row, "recorded_at": unit.recorded_at, "actor": unit.actor.login})


def installed(unit: Unit, resource_id: int) -> list[Capacity]:
    """Return the history of what is installed, as written."""
    rows = unit.connection.execute(q.INSTALLED, {"resource": resource_id})
    return [Capacity(row.from_at, row.amount) for row in rows]


def _set_capacity(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Say what is installed from an instant on; the field tells what is installed now."""
    if draft.get("role") == "driver":
        raise InvalidInput("a driver has no capacity; it fills others", fields={"amount": "not of a driver"})
    given = inputs.get("from_at")
    at = unit.at if given is None else int(given)
    if at > unit.at:
        rule = f"{format_instant(at)} is still to come; what is planned is an option of a capacity plan"
        raise InvalidInput(rule, fields={"from_at": "in the future"})
    amount = inputs["amount"]
    if not isfinite(amount):
        raise InvalidInput("amount must be finite", fields={"amount": "must be finite"})
    change = inputs.get("change")
    if change is not None and not isinstance(change, int):
        change = resolve.one_of(unit.connection, change, ("change",))
    append(unit, draft.id, Capacity(at, amount), inputs.get("reason"), change)
    text = f"Installed since {format_instant(at)}: {write_number(amount)} {draft.get('unit') or ''}".rstrip()
    said = f"{text}. {inputs['reason']}" if inputs.get("reason") else f"{text}."
    unit.journal(Entry(draft.id, draft.version, What.NOTE, "capacity", new=amount, text=said))
    draft.new["capacity"] = effective(installed(unit, draft.id), unit.at)
    draft.reason = str(inputs.get("reason") or "")[:255]


COMPLETE = (_service, _defaults)
CHECK = (_thresholds,)
AFTER = (_keep_history,)
HANDLERS = {"set-capacity": _set_capacity, "raise-problem": raising.raise_problem, "raise-change": raising.raise_change}
RULES = Rules(COMPLETE, CHECK, AFTER, handlers=HANDLERS)
