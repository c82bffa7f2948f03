"""Money as the console shows it: a period's services, charge runs, budgets and assets, each line with what is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from data.queries import finance as q
from deskterm import desk_settings
from deskterm.financial import budgets, ledger
from deskterm.financial.amounts import may_read
from deskterm.financial.budgets import Burn
from deskterm.financial.cost_lines import CostLine, listed
from deskterm.financial.depreciation import Charge
from deskterm.financial.months import date_at, month_of
from deskterm.financial.sorts import ElementTotal, by_element

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.financial.statements import Statement


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """What one service bears; or, without a number, idle capacity, what is unallocated, the spend."""

    number: str
    name: str
    sort: str
    """service, idle, unallocated or spend."""
    direct: Decimal | None
    shared: Decimal | None
    total: Decimal
    part: Fraction | None
    """Of the spend; None where nothing was spent."""
    budget: Decimal | None
    lines: tuple[CostLine, ...]
    more: int = 0
    """Lines that are not listed."""
    elements: tuple[ElementTotal, ...] = ()
    """Of the spend: what it was for."""

    @property
    def left(self) -> Decimal | None:
        """Return what is left of its budget."""
        return None if self.budget is None else self.budget - self.total


@dataclass(frozen=True, slots=True)
class Costs:
    """A period."""

    start: int
    end: int
    currency: str
    method: str
    spend: Decimal
    attributed: Decimal
    unallocated: Decimal
    idle: Decimal
    capitalised: Decimal
    rows: tuple[ServiceLine, ...]


@dataclass(frozen=True, slots=True)
class AssetLine:
    """A CI that is written off."""

    number: str
    name: str
    currency: str
    cost: Decimal
    book: Decimal
    this_month: Decimal
    method: str
    years: str
    in_service: str
    disposed: str
    element: str
    charges: tuple[Charge, ...]

    @property
    def written_off(self) -> Decimal:
        """Return what it lost so far."""
        return self.cost - self.book


@dataclass(frozen=True, slots=True)
class RunLine:
    """A charge run."""

    number: str
    name: str
    state: str
    currency: str
    notional: bool
    asked: str
    """Its period and currency, as an explanation is asked for them."""
    total: str
    uncharged: str
    credited: str
    customers: tuple[Statement, ...]
    intact: bool | None


def costs(desk: Desk, start: int, end: int, method: str | None = None) -> Costs:
    """Return what services cost in a period.

    Raises:
        InvalidInput: a currency has no rate, or rules make a closed loop.
    """
    may_read(desk)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, start, end, None, method)
        planned = budgets.by_service(connection, found.spend)
    result, names = found.attribution, found.names
    rows = []
    for row in result.rows:
        number, name = names[row.service]
        lines = listed(row.lines, names)
        part = _part(row.total, result.spend)
        rows.append(ServiceLine(
            number, name, "service", row.direct, row.shared, row.total, part, planned.get(row.service), lines,
            len(row.lines) - len(lines),
        ))  # fmt: skip
    spent = {row.service for row in result.rows}
    zero = Decimal("0.00")
    for service in planned.keys() - spent:
        rows.append(ServiceLine(*names[service], "service", zero, zero, zero, _part(zero, result.spend), planned[service], ()))
    rows.sort(key=lambda one: (-one.total, one.name))
    other = result.unallocated - result.idle
    for sort, name, total, behind in (
        ("idle", "Idle capacity", result.idle, result.idle_lines),
        ("unallocated", "Unallocated", other, result.unallocated_lines),
    ):
        shown = listed(behind, names)
        rows.append(ServiceLine(
            "", name, sort, None, None, total, _part(total, result.spend), None, shown, len(behind) - len(shown)
        ))  # fmt: skip
    rows.append(ServiceLine(
        "", "Spend", "spend", None, None, result.spend, _part(result.spend, result.spend), None, (), 0,
        by_element(found.spend.items),
    ))  # fmt: skip
    return Costs(
        start, end, found.spend.currency, method or found.spend.settings.allocation_method, result.spend, result.attributed,
        result.unallocated, result.idle, found.spend.capitalised, tuple(rows),
    )  # fmt: skip


def _part(total: Decimal, spend: Decimal) -> Fraction | None:
    return Fraction(total) / Fraction(spend) if spend else None


def all_budgets(desk: Desk) -> tuple[Burn, ...]:
    """Return every budget whose time is not over by more than a year, with how far it is used and by what."""
    may_read(desk)
    with desk.database.read() as connection:
        rows = connection.execute(q.BUDGETS, {"start": desk.moment - 366 * 86_400, "end": q.ENDLESS}).all()
        return tuple(budgets.burns(connection, rows, desk.moment, lines=True))


def assets(desk: Desk) -> tuple[AssetLine, ...]:
    """Return every CI that is written off, those of the largest book value first."""
    may_read(desk)
    with desk.database.read() as connection:
        settings = desk_settings.load(connection)
        held = ledger.held(connection, settings)
    today = date_at(desk.moment)
    first, last = (date_at(at) for at in month_of(desk.moment))
    found = [
        AssetLine(
            one.number, one.name, one.currency, one.asset.cost, one.book_value(today), one.taken(first, last), one.method.value,
            str(one.asset.years), one.asset.in_service.isoformat(),
            "" if one.disposed_on is None else one.disposed_on.isoformat(), one.element, one.charges,
        )
        for one in held
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.book, one.name)))


def runs(desk: Desk) -> tuple[RunLine, ...]:
    """Return the charge runs that are not dropped, the newest first, each with its statements."""
    from deskterm.financial.statements import statements

    may_read(desk)
    page = desk.page(desk.prepare(("charge-run",), "-state:void", "-ends_at"), limit=50)
    found = []
    for row in page.rows:
        one = statements(desk, row.number)
        credited = sum(statement.credited for statement in one.customers)
        found.append(RunLine(
            one.number, one.name, one.state, one.currency, one.notional, one.asked, _amount(one.total), _amount(one.uncharged),
            _amount(credited), one.customers, one.intact,
        ))  # fmt: skip
    return tuple(found)


def _amount(hundredths: int) -> str:
    return f"{Decimal(hundredths).scaleb(-2):,.2f}"
