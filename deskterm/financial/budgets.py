"""Budgets: what of them belongs to a period, what was spent of them so far, and whether that is faster than time goes by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data.queries import finance as q
from deskterm.errors import InvalidInput
from deskterm.financial import ledger
from deskterm.financial.attribution import Line
from deskterm.financial.cost_lines import CostLine, listed
from deskterm.financial.months import asked_as, date_at
from deskterm.financial.rules import money, settle
from deskterm.intervals import Spans


@dataclass(frozen=True, slots=True)
class Burn:
    """How far a budget is used."""

    id: int
    number: str
    name: str
    about: str
    """The service or cost centre, or all."""
    currency: str
    starts_at: int
    ends_at: int
    amount: Decimal
    spent: Decimal | None
    """None where a currency has no rate: `why` says which."""
    elapsed: Fraction
    """The part of its time that has passed."""
    why: str = ""
    lines: tuple[CostLine, ...] = ()
    """What was spent of it, where that was asked for: the largest first."""
    counts: str = ""
    """What of a spend is counted."""

    @property
    def asked(self) -> str:
        """Return its time and currency, as an explanation is asked for them."""
        return f"{asked_as(self.starts_at, self.ends_at)}:{self.currency}"

    @property
    def variance(self) -> Decimal | None:
        """Return what is left; negative where more was spent."""
        return None if self.spent is None else self.amount - self.spent

    @property
    def used(self) -> Fraction | None:
        """Return the part of it that was spent; None where there is nothing to spend."""
        return None if self.spent is None or not self.amount else Fraction(self.spent) / Fraction(self.amount)

    @property
    def burn(self) -> Fraction | None:
        """Return how fast it is spent: 1 uses it up exactly when its time is over. None before it begins."""
        return None if self.used is None or not self.elapsed else self.used / self.elapsed

    @property
    def word(self) -> str:
        """Return how it stands."""
        if self.variance is None:
            return "unknown"
        if self.variance < 0:
            return "overspent"
        return "fast" if self.burn is not None and self.burn > Fraction(11, 10) and self.elapsed >= Fraction(1, 10) else "on plan"


def by_service(connection: Connection, spend: ledger.Spend) -> dict[int, Decimal]:
    """Return what the budgets of services give each for a period: of each the part that its time has in common with it.

    A service whose budgets leave out a part of the period has no figure: what it cost then is not to be held against them.
    """
    found: dict[int, Fraction] = defaultdict(Fraction)
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    lacking: set[int] = set()
    purse = ledger.Money.read(connection, spend.currency)
    for row in connection.execute(q.BUDGETS, {"start": spend.start, "end": spend.end}):
        if row.service_id is None or row.element is not None:
            continue
        common = max(row.starts_at, spend.start), min(row.ends_at, spend.end)
        covered[row.service_id].append(common)
        part = Fraction(row.amount, 100) * (common[1] - common[0]) / (row.ends_at - row.starts_at)
        try:
            found[row.service_id] += purse.exact(part, row.currency, date_at(row.starts_at), row.number)
        except InvalidInput:
            lacking.add(row.service_id)  # without a rate there is no figure, rather than a wrong one
    whole = spend.end - spend.start
    known = {service for service, spans in covered.items() if Spans.of(spans).seconds == whole} - lacking
    return {service: money(found[service]) for service in sorted(known)}


def burns(connection: Connection, rows: Sequence[Any], now: int, *, lines: bool = False) -> list[Burn]:
    """Return how far budgets are used; those of the same time are reckoned together.

    Args:
        connection: to the desk.
        rows: of budgets.
        now: costs count up to and with this instant.
        lines: whether to tell what was spent, line by line.
    """
    together: dict[tuple[int, int, str], list[Any]] = defaultdict(list)
    for row in rows:
        together[row.starts_at, row.ends_at, row.currency].append(row)
    centres = {row.centre_id for row in rows if row.centre_id is not None}
    services = {row.service_id for row in rows if row.service_id is not None}
    names = ledger.named_of(connection, centres | services)
    found: dict[int, Burn] = {}
    for (start, end, currency), some in together.items():
        reached = min(end, now + 1)
        why, reckoning = "", None
        if reached > start:
            try:
                reckoning = ledger.reckon(connection, start, reached, currency)
            except InvalidInput as problem:
                why = problem.message
        for row in some:
            counted = () if reckoning is None else _counted(row, reckoning)
            spent = None if why else sum((one.amount for one in counted), Decimal("0.00"))
            told = listed(counted, reckoning.names) if lines and reckoning is not None else ()
            about = names.get(row.service_id or row.centre_id, ("", "all"))[1] + (f", {row.element}" if row.element else "")
            elapsed = Fraction(max(0, min(now, end) - start), end - start)
            amount = Decimal(row.amount).scaleb(-2)
            found[row.id] = Burn(
                row.id, row.number, row.title, about, currency, start, end, amount, spent, elapsed, why, told, _counts(row)
            )  # fmt: skip
    return [found[row.id] for row in rows]


def _counts(row: Any) -> str:
    """Say what of a spend a budget is held against."""
    of = f", {row.element} alone" if row.element else ""
    if row.service_id is not None:
        return f"what the service bears: its own cost and what rules pass on to it{of}"
    if row.centre_id is not None:
        return f"what the cost centre spends itself{of}, not what is handed on to it"
    return f"all that is spent{of}"


def _counted(row: Any, reckoning: ledger.Reckoning) -> Sequence[Line]:
    """Return what counts against a budget, line by line.

    That of a service is for what the service bears, passed on or not: what is passed on keeps its element of cost. That of a
    cost centre is for what it spends itself, which is what whoever answers for it can hold back; so is that of everybody.
    """
    if row.service_id is not None:
        borne = next((one.lines for one in reckoning.attribution.rows if one.service == row.service_id), ())
        return [one for one in borne if row.element in (None, one.element)]
    items = [
        item for item in reckoning.spend.items if row.centre_id in (None, item.centre) and row.element in (None, item.element)
    ]
    amounts = settle([item.exact for item in items])
    return [
        Line("direct", item.key, item.title, item.at, item.element, item.ci, None, None, "spent", amount)
        for item, amount in zip(items, amounts, strict=True)
    ]
