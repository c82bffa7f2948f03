"""Where the costs of service departments go: direct, step-down or reciprocal allocation. Pure.

A *service centre* is a centre that serves others and passes its cost on by shares; every other one is final. Direct: to
final centres alone. Step-down: one service centre after another, each to those that have not had their turn. Reciprocal: all
at once, `x = c + Pᵀx` (Kaplan, "Variable and self-service costs in reciprocal allocation models", 1973), solved exactly.

What a service centre's shares leave over is unallocated, and so is all of it if it has none. Nothing vanishes:
`sum(totals) + unallocated = sum(costs)`, to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from deskterm.errors import InvalidInput
from deskterm.financial.linear import solve
from deskterm.financial.rules import CENTS, money, settle

Shares = Mapping[str, Mapping[str, Fraction]]
"""By service centre and target: which fraction of its cost goes there; 1 at most in all."""


class Allocation(StrEnum):
    """How service centres pass their costs on."""

    DIRECT = "direct"
    STEP_DOWN = "step-down"
    RECIPROCAL = "reciprocal"


@dataclass(frozen=True, slots=True)
class Allocated:
    """Where the costs went."""

    totals: dict[str, Decimal]
    """By final centre: its own cost and what it was charged."""
    gross: dict[str, Decimal]
    """By service centre: its own cost and what it was charged, before it passed all on. Rounded one by one."""
    unallocated: Decimal


def allocate(
    costs: Mapping[str, Decimal], shares: Shares, method: Allocation, order: Sequence[str] | None = None, places: int = CENTS
) -> Allocated:
    """Pass the costs of service centres on.

    Args:
        costs: by centre, what it spent itself; a centre that is missing spent nothing.
        shares: by service centre, who uses how much of it.
        method: how.
        order: of the service centres, for step-down; that of `shares` unless given.
        places: decimals of the currency.

    Raises:
        InvalidInput: shares are negative or exceed 1, service centres pass their costs round in a closed loop, or the
            order does not name each of them once.
    """
    own = {name: Fraction(amount) for name, amount in costs.items()}
    gross, flows = pass_on(own, shares, method, order)
    final = dict.fromkeys([*own, *(target for targets in shares.values() for target in targets)])
    names = [name for name in final if name not in shares]
    exact = [own.get(name, Fraction(0)) + sum((flow.get(name, Fraction(0)) for flow in flows), Fraction(0)) for name in names]
    left_over = sum(own.values(), Fraction(0)) - sum(exact, Fraction(0))
    *totals, unallocated = settle([*exact, left_over], places)
    return Allocated(dict(zip(names, totals, strict=True)), {name: money(gross[name], places) for name in shares}, unallocated)


def pass_on(
    own: Mapping[str, Fraction], shares: Shares, method: Allocation, order: Sequence[str] | None = None
) -> tuple[dict[str, Fraction], list[dict[str, Fraction]]]:
    """Return, exactly, what each service centre costs before it passes that on, and what it hands to whom.

    The flows come one for each service centre: in the order of their turns for step-down, else in that of `shares`.

    Raises:
        InvalidInput: as `allocate` does.
    """
    _check(shares)
    if method is Allocation.RECIPROCAL:
        return _reciprocal(own, shares)
    turns = _turns(shares, order) if method is Allocation.STEP_DOWN else list(shares)
    return _in_turn(own, shares, turns, chained=method is Allocation.STEP_DOWN)


def _check(shares: Shares) -> None:
    wrong = {}
    for centre, targets in shares.items():
        for target, share in targets.items():
            if not 0 <= share <= 1:
                wrong[f"shares.{centre}.{target}"] = "must be from 0 to 1"
        if sum(targets.values()) > 1:
            wrong.setdefault(f"shares.{centre}", "must not add up to more than 1")
    for place, rule in wrong.items():
        raise InvalidInput(f"{place} {rule}", fields=wrong)


def _turns(shares: Shares, order: Sequence[str] | None) -> list[str]:
    if order is None:
        return list(shares)
    if sorted(order) != sorted(shares):
        message = f"must name each service centre once: {', '.join(shares)}"
        raise InvalidInput(f"order {message}", fields={"order": message})
    return list(order)


def _in_turn(
    own: Mapping[str, Fraction], shares: Shares, turns: Sequence[str], *, chained: bool
) -> tuple[dict[str, Fraction], list[dict[str, Fraction]]]:
    """Let each service centre pass its cost on once; what it owes to those out of reach goes to the others in proportion."""
    gross = {name: own.get(name, Fraction(0)) for name in shares}
    flows = []
    for turn, centre in enumerate(turns):
        later = set(turns[turn + 1 :]) if chained else set[str]()
        open_to = {target: share for target, share in shares[centre].items() if target not in shares or target in later}
        passed_on, weight = sum(shares[centre].values(), Fraction(0)), sum(open_to.values(), Fraction(0))
        flow = {target: gross[centre] * passed_on * share / weight for target, share in open_to.items() if weight}
        for target in later & flow.keys():
            gross[target] += flow[target]
        flows.append(flow)
    return gross, flows


def _reciprocal(own: Mapping[str, Fraction], shares: Shares) -> tuple[dict[str, Fraction], list[dict[str, Fraction]]]:
    """Solve for what each service centre costs when all charge one another, itself included."""
    refuse_closed_loop(shares)
    names = list(shares)
    matrix = [[Fraction(to == by) - shares[by].get(to, Fraction(0)) for by in names] for to in names]
    gross = dict(zip(names, solve(matrix, [own.get(name, Fraction(0)) for name in names]), strict=True))
    return gross, [{target: gross[centre] * share for target, share in shares[centre].items()} for centre in names]


def refuse_closed_loop(shares: Shares) -> None:
    """Refuse shares with which costs go round and never come out.

    Raises:
        InvalidInput: it names the service centres of the loop.
    """
    closed = _closed_loop(shares)
    if closed:
        message = f"{' and '.join(closed)} pass all their costs to one another: a closed loop, of which nothing ever comes out"
        raise InvalidInput(message, fields={f"shares.{name}": "is part of a closed loop" for name in closed})


def _closed_loop(shares: Shares) -> list[str]:
    """Return the service centres from which no cost ever gets out, whatever the way."""
    leaking = {
        centre
        for centre, targets in shares.items()
        if sum(targets.values()) < 1 or any(share and target not in shares for target, share in targets.items())
    }
    while True:
        fresh = {
            centre
            for centre, targets in shares.items()
            if centre not in leaking and any(share and target in leaking for target, share in targets.items())
        }
        if not fresh:
            return [centre for centre in shares if centre not in leaking]
        leaking |= fresh
