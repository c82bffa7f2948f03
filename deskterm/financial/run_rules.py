"""What price policies, charge runs and credit notes check and do while they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries import finance as q
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.fields import show_cents
from deskterm.financial.cost_rules import currency, day, in_force_stands, ordered
from deskterm.financial.named_shares import shares_by_number
from deskterm.kinds import Rules
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

FROZEN = ("starts_at", "ends_at", "currency", "notional", "name")


def _price_name(unit: Unit, draft: Draft) -> None:
    if draft.get("method") == "unit":
        currency(unit, draft)
    shares = draft.get("shares")
    if shares and shares != draft.old.get("shares"):
        draft.new["shares"] = shares_by_number(unit, shares, ("organisation",), '{"Acme": 3}')
    if draft.get("name") and ("name" in draft.given or not draft.creating):
        return
    ids = [draft.get(name) for name in ("service", "customer") if draft.get(name) is not None]
    names = resolve.names(unit.connection, set(ids))
    what = ", ".join(names[key].title for key in ids) or "every service"
    how = {"cost-plus": f"cost + {draft.get('markup')} %", "unit": f"{show_cents(draft.get('amount') or 0)} each"}
    draft.new["name"] = f"{what}: {how.get(str(draft.get('method')), draft.get('method'))}"[:160]


def _price(unit: Unit, draft: Draft) -> None:
    method = draft.get("method")
    if method == "cost-plus" and draft.get("markup") is None:
        raise InvalidInput("cost-plus needs a markup in percent", fields={"markup": "required for cost-plus"})
    if method == "unit" and (draft.get("amount") is None or draft.get("service") is None):
        raise InvalidInput("a unit price needs its amount and its service", fields={"amount": "required for unit"})
    if draft.get("basis") == "shares" and not draft.get("shares"):
        raise InvalidInput("the basis shares needs shares by customer", fields={"shares": "required for the basis shares"})
    if method == "unit" and draft.get("basis") == "shares":
        raise InvalidInput("shares are no units that a price could be for", fields={"basis": "not with the method unit"})
    ordered(draft, "valid_from", "valid_until", "a price")
    in_force_stands(unit, draft, "service", "customer", "method", "markup", "amount", "currency", "basis", "shares")


PRICE = Rules(complete=(_price_name,), check=(_price,))


def _run_name(unit: Unit, draft: Draft) -> None:
    currency(unit, draft)
    if not draft.get("name") and draft.get("starts_at") is not None and draft.get("ends_at") is not None:
        from deskterm.financial.months import name_of

        draft.new["name"] = f"Charges {name_of(draft.get('starts_at'), draft.get('ends_at'))}"


def _run(unit: Unit, draft: Draft) -> None:
    ordered(draft, "starts_at", "ends_at", "a charge run")
    moved = sorted(set(FROZEN) & draft.changed.keys())
    if moved and draft.state_before not in ("", "draft"):
        raise WorkflowRefused(
            f"{draft.number} is {draft.state_before} and stands as it is; write a credit note and make another run",
            fields=dict.fromkeys(moved, "frozen"),
        )


def _reckon(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Note what the run would come to now."""
    from deskterm.financial import charging

    found = charging.reckon(unit.connection, draft.get("starts_at"), draft.get("ends_at"), draft.get("currency"))
    draft.new |= {"total": found.total, "cost": found.cost, "uncharged": found.uncharged, "reckoned_at": unit.at}


def _issue(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Reckon for the last time and freeze every line."""
    from deskterm.financial import charging

    if draft.get("ends_at") > unit.at:
        raise WorkflowRefused(
            f"{draft.number} is for a time up to {day(draft.get('ends_at'))}; it is issued once that is over",
            fields={"ends_at": "not over yet"},
        )
    over = {"start": draft.get("starts_at"), "end": draft.get("ends_at"), "own": draft.id, "notional": draft.get("notional")}
    other = unit.connection.execute(q.ISSUED_OVER, over).scalar()
    if other is not None:
        raise WorkflowRefused(f"{other} was issued for part of that time already; credit it first", fields={"starts_at": other})
    found = charging.reckon(unit.connection, draft.get("starts_at"), draft.get("ends_at"), draft.get("currency"))
    if not found.lines:
        raise WorkflowRefused(f"{draft.number} charges nobody: no service with a cost or a price has a customer")
    rows = [charging.row_of(line, draft.id, place) for place, line in enumerate(found.lines)]
    for start in range(0, len(rows), 200):
        unit.connection.execute(q.ADD_CHARGES, rows[start : start + 200])
    draft.new |= {
        "total": found.total, "cost": found.cost, "uncharged": found.uncharged, "reckoned_at": unit.at, "issued_at": unit.at,
        "issued_by": unit.actor.login, "digest": charging.digest(rows), "credited": 0, "line_count": len(rows),
    }  # fmt: skip


def _credit(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Write a credit note for a customer, or for every one."""
    left = open_amounts(unit, draft)
    customer, amount = inputs.get("customer"), inputs.get("amount")
    if customer is None and amount is not None:
        raise InvalidInput("a part is given back to one customer; name them", fields={"customer": "required with an amount"})
    if customer is not None and customer not in left:
        raise NotFound(f"{draft.number} charges this customer nothing")
    chosen = {key: rest for key, rest in left.items() if customer in (None, key) and rest}
    if not chosen:
        raise WorkflowRefused(f"all of {draft.number} is given back already", fields={"customer": "nothing left"})
    for key, rest in chosen.items():
        given = rest if amount is None else amount
        if not (0 < given <= rest or rest <= given < 0):
            raise InvalidInput(
                f"of what they were charged {show_cents(rest)} is left to give back",
                fields={"amount": f"up to {show_cents(rest)}"},
            )
        _write_note(unit, draft, key, given, inputs["reason"])
        left[key] = rest - given
        draft.new["credited"] = (draft.get("credited") or 0) + given
    if not any(left.values()):
        draft.state = "credited"


def open_amounts(unit: Unit, draft: Draft) -> dict[int, int]:
    """Return what each customer was charged and not given back, in hundredths."""
    left: dict[int, int] = {}
    for line in unit.connection.execute(q.CHARGES, {"run": draft.id}):
        left[line.customer_id] = left.get(line.customer_id, 0) + line.amount
    for note in unit.connection.execute(q.CREDITS, {"run": draft.id}):
        left[note.customer_id] -= note.amount
    return left


def _write_note(unit: Unit, draft: Draft, customer: int, amount: int, reason: str) -> None:
    name = resolve.names(unit.connection, {customer})[customer].title
    values = {
        "name": f"Credit on {draft.number} for {name}"[:160], "run": draft.id, "customer": customer, "amount": amount,
        "currency": draft.get("currency"), "reason": reason, "issued_at": unit.at, "issued_by": unit.actor.login,
    }  # fmt: skip
    kind = unit.registry.kind("credit-note")
    store.insert_draft(unit, Draft(kind, {}, values, state=kind.workflow.initial))


def _stands(draft: Draft, fields: frozenset[str]) -> str:
    if fields & {"issued_at", "credited"}:
        return f"{draft.number} was issued; what was issued is not taken back, it is credited"
    return ""


RUN = Rules(
    complete=(_run_name,),
    check=(_run,),
    handlers={"reckon": _reckon, "issue": _issue, "credit": _credit},
    lasting=(_stands,),
)


def _not_by_hand(unit: Unit, draft: Draft) -> None:
    if draft.creating:
        raise InvalidInput("a credit note is written by its charge run: deskterm do CRN-00001 credit reason=…")
    if draft.changed or draft.state != draft.state_before:
        raise WorkflowRefused(f"{draft.number} was issued and stands as it is")


NOTE = Rules(check=(_not_by_hand,))
