"""While money is typed: who would bear a cost, what a rule hands to whom, what an investment comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sqlalchemy import Connection

from data.queries import finance as q
from deskterm import desk_settings
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.financial.ledger import Money, named_of
from deskterm.financial.months import date_at
from deskterm.financial.rule_book import Book
from deskterm.financial.serving import Serving
from deskterm.financial.shares import hand_out, read_share
from deskterm.forms.hints import Values, told_by
from deskterm.forms.schema import Hint
from deskterm.kinds import Kind
from deskterm.records import resolve

SHOWN = 6
MOST_FLOWS = 60
"""Flows that are appraised while they are typed; counting the rates of more may take a second."""


def hints(desk: Desk, kind: Kind, values: Values) -> list[Hint]:
    """Return the hints of a cost, a rule of allocation or a business case; the other kinds have none."""
    return told_by({"cost": _cost, "allocation-rule": _rule, "business-case": _case}, desk, kind, values)


def _exact(given: object, low: str, high: str) -> Fraction | None:
    """Return a figure that is typed; None while it is none, or out of its bounds."""
    try:
        figure = Decimal(str(given).strip().removesuffix("%").strip())
        return Fraction(figure) if figure.is_finite() and Decimal(low) <= figure <= Decimal(high) else None
    except InvalidOperation:
        return None


def _cost(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """Who bears it, as services are served and rules hold on its day; and whether its currency has a rate then."""
    at = values.get("on")
    at = at if isinstance(at, int) else desk.moment
    currency = values.get("currency")
    settings = desk_settings.load(connection)
    if isinstance(currency, str) and currency and currency != settings.currency:
        try:
            worth = Money.read(connection, settings.currency).exact(Fraction(1), currency, date_at(at))
            yield Hint(f"1 {currency} is {float(worth):.4g} {settings.currency} that day")
        except InvalidInput as problem:
            yield Hint(f"No rate for {currency}", (problem.message,), tone="risk")
    book = Book.read(connection)
    for name, kinds in (("service", ("service",)), ("ci", ("ci",)), ("centre", ("cost-centre",))):
        key = resolve.meant(connection, values.get(name), *kinds)
        if key is not None:
            yield _borne(connection, book, name, key, at)
            return


def _borne(connection: Connection, book: Book, name: str, key: int, at: int) -> Hint:
    rule = book.at(key, at)
    if rule is not None:
        number, title = named_of(connection, {rule.rule_id})[rule.rule_id]
        return Hint("Passed on", (f"{number} v{rule.version} {title}",), tone="good")
    if name == "service":
        return Hint("Borne by the service itself", tone="good")
    if name == "centre":
        return Hint("Stays unallocated", ("no rule passes on what this cost centre gathers that day",), tone="soon")
    services = frozenset(row.id for row in connection.execute(q.SERVICES))
    served = Serving(connection.execute(q.SERVING, {"start": at}), services).services_of(key, at)
    if not served:
        return Hint("Stays unallocated", ("its CI serves no service that day",), tone="soon")
    names = sorted(title for _, title in named_of(connection, set(served)).values())
    parts = f"in {len(names)} equal parts" if len(names) > 1 else "through its CI"
    return Hint(f"Borne {parts}", _few(names), tone="good")


def _few(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[:SHOWN]) if len(names) <= SHOWN else (*names[:SHOWN], f"and {len(names) - SHOWN} more")


def _rule(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """What of each unit of cost fixed shares hand to whom, what is idle, and what nobody bears."""
    shares = values.get("shares")
    if values.get("driver", "fixed") != "fixed" or not isinstance(shares, Mapping) or not shares:
        return
    try:
        weights = {str(name): read_share(value) for name, value in shares.items()}
    except ValueError as problem:
        yield Hint("Shares", (str(problem),), tone="risk")
        return
    capacity = _exact(values.get("capacity"), "0", "1000000000000")
    used = sum(weights.values(), Fraction(0))
    if capacity is not None and used > capacity:
        yield Hint(
            "More than there is", (f"the shares add up to {float(used):g}, the capacity is {float(capacity):g}",), tone="breach"
        )
        return
    handed = hand_out(weights, capacity)
    named = {name: _title(connection, name) for name in handed.to}
    told = [f"{_percent(one)} {named[name]}" for name, one in sorted(handed.to.items(), key=lambda pair: -pair[1])]
    if handed.idle:
        told.append(f"{_percent(handed.idle)} idle")
    if handed.left:
        told.append(f"{_percent(handed.left)} stays unallocated")
    yield Hint("Of what gathers", _few(told), tone="soon" if handed.left else "good")


def _title(connection: Connection, name: str) -> str:
    key = resolve.meant(connection, name, "service", "cost-centre")
    return name if key is None else named_of(connection, {key})[key][1]


def _percent(part: Fraction) -> str:
    return f"{float(part) * 100:.1f} %"


def _case(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """What the flows come to at the rate, by the function that the case is appraised with."""
    from deskterm.financial.flows import read_flows
    from deskterm.financial.investment import appraise
    from deskterm.financial.rules import money

    rate = _exact(values.get("rate"), "-99", "10000")
    if not values.get("flows") or rate is None:
        return
    try:
        flows = [Decimal(one) for one in read_flows(values["flows"])]
        if len(flows) > MOST_FLOWS:
            return
        found = appraise(flows, rate / 100)
    except InvalidInput as problem:
        yield Hint("Flows", (problem.message,), tone="risk")
        return
    irr = f"IRR {found.irr * 100:.2f} %" if found.irr is not None else f"no IRR, {found.irr_reason}"
    payback = "never pays back" if found.payback is None else f"pays back after {float(found.payback):.2f} periods"
    roi = "ROI n/a" if found.roi is None else f"ROI {float(found.roi) * 100:.1f} %"
    worth = money(found.npv)
    yield Hint(f"NPV {worth:,.2f}", (irr, payback, roi), tone="good" if worth >= 0 else "risk")
