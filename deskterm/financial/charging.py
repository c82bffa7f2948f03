"""What customers are charged for a period: what services cost, divided among those who use them, by the prices that held.

A service with a customer of its own is theirs. Any other is divided by the basis of its price policy: people, incidents, requests
or contacts of each customer, or fixed shares. A customer is charged the cost they bear, something on top of it, or a price for
each unit. What nobody bears is told, not spread silently: charged cost and what is uncharged are the spend.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data.queries import finance as q
from deskterm.financial import ledger
from deskterm.financial.attribution import Line, Row
from deskterm.financial.line_data import line_data
from deskterm.financial.months import date_at, month_of
from deskterm.financial.rules import money, settle_to, split
from deskterm.financial.shares import read_share

MOST_DETAIL = 2_000
"""Lines behind one charge that are kept one by one; those of the smallest amounts beyond are kept as their sum."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A price policy as it held."""

    number: str
    version: int
    service: int | None
    customer: int | None
    method: str
    markup: Fraction
    amount: Fraction
    currency: str
    basis: str
    shares: Mapping[str, str]
    valid_from: int

    @property
    def label(self) -> str:
        """Return how a statement names it."""
        return f"{self.number} v{self.version}" if self.number else "cost"


USUAL = Policy("", 0, None, None, "cost", Fraction(0), Fraction(0), "", "users", {}, 0)
"""Where nothing was agreed: the cost, divided by people."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What one customer is charged for one service."""

    customer_id: int
    customer: str
    service_id: int
    service: str
    policy: Policy
    quantity: Fraction | None
    unit: str
    cost: Decimal
    amount: Decimal
    detail: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Charged:
    """A reckoned run; amounts in hundredths."""

    lines: tuple[Charge, ...]
    total: int
    cost: int
    uncharged: int
    spend: int


def reckon(connection: Connection, start: int, end: int, currency: str | None) -> Charged:
    """Reckon what every customer is charged for a period.

    Raises:
        InvalidInput: a currency has no rate, or rules make a closed loop.
    """
    found = ledger.reckon(connection, start, end, currency)
    policies = _policies(connection, start)
    users = Users(connection, start, end)
    owners = {row.id: row.customer_id for row in connection.execute(q.SERVICES)}
    rows = {row.service: row for row in found.attribution.rows}
    priced = [one.service for one in policies if one.method == "unit" and one.service is not None and one.service not in rows]
    rows |= {key: Row(key, Decimal("0.00"), Decimal("0.00"), ()) for key in priced}
    purse = ledger.Money.read(connection, found.spend.currency)
    lines: list[Charge] = []
    for service in sorted(rows, key=lambda key: found.names[key][1].casefold()):
        lines += _of_service(rows[service], owners.get(service), policies, users, found, purse)
    total, cost = (sum((getattr(one, name) for one in lines), Decimal("0.00")) for name in ("amount", "cost"))
    spend = found.attribution.spend
    return Charged(tuple(lines), _cents(total), _cents(cost), _cents(spend - cost), _cents(spend))


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _policies(connection: Connection, at: int) -> list[Policy]:
    """Return the price policies in force at an instant."""
    return [
        Policy(
            row.number, row.version, row.service_id, row.customer_id, row.method, Fraction(Decimal(row.markup or 0)) / 100,
            Fraction(row.amount or 0, 100), row.currency or "", row.basis, row.shares or {}, row.valid_from,
        )
        for row in connection.execute(q.PRICES)
        if row.valid_from <= at and (row.valid_until is None or at < row.valid_until)
    ]  # fmt: skip


def policy_for(policies: Sequence[Policy], service: int, customer: int | None) -> Policy:
    """Return the policy that holds: customer and service beat service, that beats customer; then the newest."""
    fit = [one for one in policies if one.service in (None, service) and one.customer in (None, customer)]
    return max(
        fit, key=lambda one: (one.service is not None, one.customer is not None, one.valid_from, one.number), default=USUAL
    )


class Users:
    """How many of what each customer had, read once for each basis."""

    def __init__(self, connection: Connection, start: int, end: int) -> None:
        self._connection, self._bounds = connection, {"start": start, "end": end}
        self._counts: dict[str, dict[tuple[int, int | None], int]] = {}
        rows = connection.execute(q.CUSTOMERS).all()
        self.names = {row.id: row.title for row in rows}
        self.ids = {row.number: row.id for row in rows}
        self.months = _months(start, end)

    def of(self, basis: str, service: int) -> dict[int, int]:
        """Return how many each customer had of a service."""
        if basis not in self._counts:
            if basis == "users":
                people = self._connection.execute(q.PEOPLE_OF)
                self._counts[basis] = {(row.customer_id, None): row.units for row in people}
            else:
                rows = self._connection.execute(q.USED_BY[basis], self._bounds)
                self._counts[basis] = {(row.customer_id, row.service_id): row.units for row in rows}
        wanted = None if basis == "users" else service
        return {customer: units for (customer, about), units in self._counts[basis].items() if about == wanted}


def _months(start: int, end: int) -> Fraction:
    """Return how many months a period has; of one that it has a part of, that part."""
    total, at = Fraction(0), start
    while at < end:
        first, last = month_of(at)
        total += Fraction(min(last, end) - at, last - first)
        at = last
    return total


def _of_service(
    row: Row, owner: int | None, policies: Sequence[Policy], users: Users, found: ledger.Reckoning, purse: ledger.Money
) -> list[Charge]:
    """Divide a service among its customers, and price what each bears."""
    general = policy_for(policies, row.service, None)
    weights: dict[int, Fraction]
    if owner is not None:
        weights = {owner: Fraction(1)}
    elif general.basis == "shares":
        weights = {users.ids[number]: read_share(one) for number, one in general.shares.items() if number in users.ids}
    else:
        weights = {customer: Fraction(units) for customer, units in users.of(general.basis, row.service).items()}
    weights = {key: one for key, one in sorted(weights.items()) if one}
    if not weights:
        return []
    whole = sum(weights.values(), Fraction(0))
    costs = split(row.total, list(weights.values()))
    return [
        _charge(row, customer, part / whole, cost, policy_for(policies, row.service, customer), users, found, purse)
        for (customer, part), cost in zip(weights.items(), costs, strict=True)
    ]


def _charge(
    row: Row, customer: int, part: Fraction, cost: Decimal, policy: Policy, users: Users, found: ledger.Reckoning,
    purse: ledger.Money,
) -> Charge:  # fmt: skip
    quantity, unit = None, ""
    if policy.method == "unit":
        units = users.of(policy.basis, row.service).get(customer, 0)
        quantity = Fraction(units) * (users.months if policy.basis == "users" else 1)
        unit = "user months" if policy.basis == "users" else policy.basis
        price = purse.exact(policy.amount, policy.currency, date_at(found.spend.start), policy.number)
        amount = money(price * quantity)
    elif policy.method == "free":
        amount = Decimal("0.00")
    else:
        amount = money(Fraction(cost) * (1 + (policy.markup if policy.method == "cost-plus" else 0)))
    service = found.names[row.service][1]
    detail = _detail(row.lines, part, cost, found.names)
    return Charge(customer, users.names[customer], row.service, service, policy, quantity, unit, cost, amount, detail)


def _detail(lines: Sequence[Line], part: Fraction, cost: Decimal, names: Any) -> tuple[dict[str, Any], ...]:
    """Return what of each line behind a service is borne, adding up to the cost that is."""
    amounts = settle_to([Fraction(one.amount) * part for one in lines], cost) if lines else []
    shared = [one._replace(amount=amount) for one, amount in zip(lines, amounts, strict=True)]
    if len(shared) > MOST_DETAIL:
        shared.sort(key=lambda one: -abs(one.amount))
        rest = shared[MOST_DETAIL - 1 :]
        summed = sum((one.amount for one in rest), Decimal("0.00"))
        shared = shared[: MOST_DETAIL - 1]
        shared.append(rest[0]._replace(source="", title=f"{len(rest)} smaller lines", ci=None, rule=None, amount=summed, why=""))
    return tuple(line_data(one, names) for one in shared)


def row_of(line: Charge, run: int, place: int) -> dict[str, Any]:
    """Return a charge as it is kept."""
    return {
        "run_id": run, "position": place, "customer_id": line.customer_id, "customer": line.customer,
        "service_id": line.service_id, "service": line.service, "price": line.policy.label, "method": line.policy.method,
        "quantity": None if line.quantity is None else f"{float(line.quantity):.4f}".rstrip("0").rstrip("."),
        "unit": line.unit, "cost": _cents(line.cost), "amount": _cents(line.amount), "detail": list(line.detail),
    }  # fmt: skip


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of the lines of a run, whatever its number is."""
    told = [{name: value for name, value in row.items() if name not in ("id", "run_id")} for row in rows]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
