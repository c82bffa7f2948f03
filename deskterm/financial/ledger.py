"""What was spent in a period, read from costs and assets and brought into one currency; and who bears it, reckoned from that.

A cost counts on its day, or spread evenly over its stretch of time. Capital cost of a CI that is written off is not spent again:
the period has its depreciation instead, and what disposing of it lost or gained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Connection

from data.queries import finance as q
from data.queries.configuration import TYPES
from deskterm import desk_settings
from deskterm.desk_settings import DeskSettings
from deskterm.errors import InvalidInput
from deskterm.financial.allocation_rules import Allocation
from deskterm.financial.assets import Held, year_end_of
from deskterm.financial.attribution import Attribution, Facts, Item, attribute
from deskterm.financial.elements import Elements
from deskterm.financial.exchange_rates import Rate, factor
from deskterm.financial.months import Segments, date_at, month_of
from deskterm.financial.rule_book import Book
from deskterm.financial.rules import money
from deskterm.financial.serving import Serving

CHUNK = 500


@dataclass(slots=True)
class Money:
    """Amounts of any currency in one, by the rates of the desk."""

    into: str
    rates: tuple[Rate, ...]
    _factors: dict[tuple[str, date], Fraction] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection, into: str) -> Money:
        """Read the rates that are in use."""
        rates = tuple(
            Rate(row.currency, row.into, Decimal(row.rate), date_at(row.valid_from)) for row in connection.execute(q.RATES)
        )
        return cls(into, rates)

    def exact(self, amount: Fraction, currency: str, on: date, what: str = "") -> Fraction:
        """Return an amount in the currency of the reckoning, not rounded.

        Raises:
            InvalidInput: there is no rate for that day; the message names both currencies, and what it is needed for.
        """
        if currency == self.into:
            return amount
        key = (currency, on)
        if key not in self._factors:
            try:
                self._factors[key] = factor(currency, self.into, on, self.rates)
            except InvalidInput as problem:
                said = f"{what}: {problem.message}" if what else problem.message
                example = f"deskterm new exchange-rate currency={currency} into={self.into} rate=… valid_from={on}"
                raise InvalidInput(f"{said}, such as: {example}", fields=problem.fields) from None
        return amount * self._factors[key]


@dataclass(frozen=True, slots=True)
class Spend:
    """What was spent in a period, and what stands behind it."""

    start: int
    end: int
    currency: str
    items: tuple[Item, ...]
    capitalised: Decimal
    """Capital cost that is not spent in the period but written off over a life."""
    segments: Segments
    book: Book
    settings: DeskSettings


def read_spend(connection: Connection, start: int, end: int, currency: str | None = None) -> Spend:
    """Read what was spent in a period.

    Raises:
        InvalidInput: a currency has no rate.
    """
    settings = desk_settings.load(connection)
    into = currency or settings.currency
    book = Book.read(connection)
    segments = Segments.of(start, end, book.boundaries())
    purse = Money.read(connection, into)
    assets = held(connection, settings)
    items: list[Item] = []
    capitalised = Fraction(0)
    written = {one.ci_id for one in assets}
    for row in connection.execute(q.COSTS, {"start": start, "end": end}):
        exact = _exact(row)
        if row.nature == "capital" and row.ci_id in written:
            if row.on_at >= start:  # one that is spread is written off once, from its first day on
                capitalised += purse.exact(exact, row.currency, date_at(row.on_at), row.number)
            continue
        items += _pieces(row, exact, segments, purse)
    for one in assets:
        items += _depreciation(one, segments, purse)
    return Spend(start, end, into, tuple(items), money(capitalised), segments, book, settings)


def held(connection: Connection, settings: DeskSettings) -> list[Held]:
    """Return every CI that is written off."""
    year_end = year_end_of(settings.financial_year_end)
    rows = connection.execute(q.ASSETS).all()
    elements = Elements(connection.execute(TYPES) if rows else ())
    return [Held.of(row, settings.currency, year_end, elements) for row in rows]


def _exact(row: Any) -> Fraction:
    return Fraction(row.exact) if row.exact is not None else Fraction(row.amount, 100)


def _pieces(row: Any, exact: Fraction, segments: Segments, purse: Money) -> Iterator[Item]:
    """Yield what of a cost falls into each stretch of the period."""

    def item(at: int, amount: Fraction, until: int | None = None) -> Item:
        value = purse.exact(amount, row.currency, date_at(at), row.number)
        return Item(
            row.number, row.title, at, value, row.element, "cost", row.service_id, row.ci_id, row.centre_id, until,
            row.directness == "direct", row.behaviour == "fixed",
        )  # fmt: skip

    if row.until_at is None:
        yield item(row.on_at, exact)
        return
    whole = row.until_at - row.on_at
    for place in range(len(segments)):
        start, end = segments.bounds(place)
        seconds = min(end, row.until_at) - max(start, row.on_at)
        if seconds > 0:
            yield item(max(start, row.on_at), exact * seconds / whole, min(end, row.until_at))


def _depreciation(one: Held, segments: Segments, purse: Money) -> Iterator[Item]:
    """Yield what each stretch of the period takes of an asset; each day belongs to the stretch that it begins in."""
    for place in range(len(segments)):
        start, end = segments.bounds(place)
        first, last = _first_day(start), _first_day(end)
        if last <= one.asset.in_service:
            continue
        taken, lost = one.taken(first, last), one.loss(first, last)
        for amount, sort in ((taken, "depreciation"), (lost, "disposal")):
            if amount:
                value = purse.exact(Fraction(amount), one.currency, date_at(start), one.number)
                title = f"{one.name}, {sort}"
                yield Item(one.number, title, start, value, one.element, sort, None, one.ci_id, None, end)


def _first_day(at: int) -> date:
    """Return the first day that begins at an instant or after it."""
    return date_at(at + 86_399)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A spend and who bears it."""

    spend: Spend
    attribution: Attribution
    names: Mapping[int, tuple[str, str]]
    """Number and name, by id."""
    serving: Serving


def reckon(connection: Connection, start: int, end: int, currency: str | None = None, method: str | None = None) -> Reckoning:
    """Reckon who bears what was spent in a period.

    Raises:
        InvalidInput: a currency has no rate, rules make a closed loop, or there is no such method.
    """
    spend = read_spend(connection, start, end, currency)
    return attributed(connection, spend, method)


def attributed(connection: Connection, spend: Spend, method: str | None = None) -> Reckoning:
    """Reckon who bears a spend that was read."""
    named = method or spend.settings.allocation_method
    if named not in [one.value for one in Allocation]:
        known = ", ".join(one.value for one in Allocation)
        raise InvalidInput(f"costs are passed on {known}, not {named!r}", fields={"method": "unknown"})
    targets = connection.execute(q.NUMBERED_TARGETS).all()
    services = frozenset(row.id for row in targets if row.kind == "service")
    names = {row.id: (row.number, row.title) for row in targets}
    cis = {item.ci for item in spend.items if item.ci is not None} | set(spend.book.by_source)
    rules = {one.rule_id for some in spend.book.by_source.values() for one in some}
    names |= named_of(connection, (cis | rules) - names.keys())
    serving = Serving(connection.execute(q.SERVING, {"start": spend.start}), services)
    facts = Facts(
        spend.book, serving, names, services, {row.number: row.id for row in targets}, spend.segments.starts,
        spend.segments.place, _drivers(connection), Allocation(named),
    )  # fmt: skip
    return Reckoning(spend, attribute(spend.items, facts), names, serving)


def named_of(connection: Connection, ids: set[int]) -> dict[int, tuple[str, str]]:
    """Return number and name of records."""
    wanted = sorted(ids)
    found = {}
    for place in range(0, len(wanted), CHUNK):
        for row in connection.execute(q.NAMED, {"ids": wanted[place : place + CHUNK]}):
            found[row.id] = (str(row.number), str(row.title))
    return found


def _drivers(connection: Connection) -> Any:
    @cache
    def of_month(driver: str, start: int, end: int) -> dict[int, int]:
        return {row.subject: row.units for row in connection.execute(q.DRIVERS[driver], {"start": start, "end": end})}

    return lambda driver, at: of_month(driver, *month_of(at))
