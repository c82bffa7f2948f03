"""What a CI is worth and has cost altogether, and what each further nine of a service is worth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from data.queries import finance as q
from deskterm import desk_settings
from deskterm.explanations import Part
from deskterm.fields import show_cents
from deskterm.financial import ledger
from deskterm.financial.amounts import amount, may_read, text
from deskterm.financial.months import date_at
from deskterm.financial.rules import money

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

NINES = ("90", "99", "99.9", "99.99", "99.999")
YEAR_HOURS = 8_760
Found = tuple[Part | tuple[Part, ...], Any]


def value(desk: Desk, view: RecordView) -> Found | None:
    """Return what a CI is worth in the books, and the years by which it is written off."""
    may_read(desk)
    with desk.database.read() as connection:
        settings = desk_settings.load(connection)
        held = next((one for one in ledger.held(connection, settings) if one.ci_id == view.id), None)
    if held is None:
        return None
    today = date_at(desk.moment)
    book = held.book_value(today)
    gone = f", disposed of on {held.disposed_on} for {amount(held.proceeds)}" if held.disposed_on else ""
    title = (
        f"book value {amount(book, held.currency)} on {today}: cost {amount(held.asset.cost)}, salvage "
        f"{amount(held.asset.salvage)}, {held.method.value} over {held.asset.years} years from {held.asset.in_service}, "
        f"as {held.element}{gone}"
    )
    rows = tuple((str(one.year), amount(one.amount), amount(one.book_value)) for one in held.charges)
    data = {
        "currency": held.currency,
        "book_value": text(book),
        "on": today.isoformat(),
        "cost": text(held.asset.cost),
        "salvage": text(held.asset.salvage),
        "method": held.method.value,
        "element": held.element,
        "years": str(held.asset.years),
        "in_service": held.asset.in_service.isoformat(),
        "schedule": [{"year": one.year, "amount": text(one.amount), "book_value": text(one.book_value)} for one in held.charges],
    }
    return Part(title, ("year", "written off", "book value"), rows, (1, 2)), data


def tco(desk: Desk, view: RecordView) -> Found | None:
    """Return what a CI has cost altogether: to buy, to run, and what its incidents and changes cost."""
    from deskterm.financial import record_cost

    may_read(desk)
    with desk.database.read() as connection:
        settings = desk_settings.load(connection)
        purse = ledger.Money.read(connection, settings.currency)
        bought = Fraction(view.values.get("cost") or 0, 100)
        since = view.values.get("in_service_at") or view.values.get("purchased_at") or view.created_at
        total = purse.exact(bought, view.values.get("currency") or settings.currency, date_at(since), view.number)
        ids = [row.id for row in connection.execute(q.ABOUT_CI, {"ids": [view.id]})]
        run = Fraction(0)
        costs = connection.execute(q.COSTS_ON_CI, {"ids": [view.id]}).all()
        for row in costs:
            if (row.nature == "capital" and bought) or row.about_id in ids:
                continue  # what it cost to buy is counted once, and so are the parts of its records
            exact = Fraction(row.exact) if row.exact is not None else Fraction(row.amount, 100)
            run += purse.exact(exact, row.currency, date_at(row.on_at), row.number)
        worked = record_cost.cost_of_records(connection, desk.registry, ids, desk.moment)
    if not (bought or costs or worked.total):
        return None
    spent = [("bought", money(total)), ("run and repaired", money(run))]
    records = worked.total
    whole = sum((one for _, one in spent), records or Decimal("0.00"))
    rows = [(name, amount(one)) for name, one in spent]
    rows.append((f"{len(ids)} records about it: incidents, requests, problems, work orders", amount(records)))
    title = f"total cost of ownership so far: {amount(whole, settings.currency)}"
    data = {
        "currency": settings.currency,
        "total": text(whole),
        "bought": text(spent[0][1]),
        "run": text(spent[1][1]),
        "records": text(records),
        "gaps": worked.gaps if ids else [],
    }
    return Part(title, ("what", "cost"), tuple(rows), (1,)), data


def nines(desk: Desk, view: RecordView) -> Found | None:
    """Return what downtime costs at each level of availability, and what each further nine may cost a year at most."""
    rate = view.values.get("downtime_cost_per_hour")
    if rate is None:
        return None
    from deskterm.availability.measuring import measure

    year = 365 * 86_400
    with desk.database.read() as connection:
        settings = desk_settings.load(connection)
        start = max(desk.moment - year, view.created_at)
        found = (
            measure(connection, desk.registry, nodes=[view.id], start=start, end=desk.moment, now=desk.moment)
            if (desk.moment > start)
            else {}
        )
        cases = connection.execute(q.CASES_OF, {"ids": [view.id]}).all()
    an_hour = Decimal(rate).scaleb(-2)
    measured = found[view.id].availability if view.id in found else None
    levels = [(level, Fraction(level)) for level in NINES]
    steps: list[tuple[str, Fraction, Decimal, Decimal | None]] = []
    before: Decimal | None = None
    for name, level in levels:
        hours = YEAR_HOURS * (1 - level / 100)
        lost = money(Fraction(an_hour) * hours)
        steps.append((name, hours, lost, None if before is None else before - lost))
        before = lost
    rows = [
        (f"{name} %", f"{float(hours):.2f} h", amount(lost), amount(saved) if saved is not None else "")
        for name, hours, lost, saved in steps
    ]
    if measured is not None:
        hours = YEAR_HOURS * (1 - measured / 100)
        rows.append((f"{float(measured):.4f} % measured", f"{float(hours):.2f} h", amount(money(Fraction(an_hour) * hours)), ""))
    title = f"an hour without it costs {amount(an_hour, settings.currency)}: a further nine is worth at most what it saves a year"
    offers = [_offer(case, measured, an_hour) for case in cases]
    parts = [Part(title, ("availability", "down a year", "costs a year", "worth at most"), tuple(rows), (1, 2, 3))]
    if offers:
        told = tuple(
            (one["number"], one["name"], one["objective"], amount_of(one["saves"]), amount_of(one["npv"])) for one in offers
        )
        parts.append(
            Part("business cases that would bring more", ("case", "what", "percent", "saves a year", "NPV"), told, (2, 3, 4))
        )
    data = {
        "currency": settings.currency,
        "hour": text(an_hour),
        "measured": None if measured is None else float(measured),
        "levels": [
            {"availability": float(Fraction(name)), "down_hours": float(hours), "cost": text(lost), "worth": text(saved)}
            for name, hours, lost, saved in steps
        ],
        "cases": offers,
    }
    return tuple(parts), data


def amount_of(given: str | None) -> str:
    """Return an amount that is data as a person reads it."""
    return "n/a" if given is None else f"{Decimal(given):,.2f}"


def _offer(case: Any, measured: Fraction | None, an_hour: Decimal) -> dict[str, Any]:
    saves = None
    if measured is not None:
        hours = YEAR_HOURS * (Fraction(case.objective) - measured) / 100
        saves = f"{money(Fraction(an_hour) * hours):.2f}"
    npv = None if case.npv is None else show_cents(case.npv)
    return {"number": case.number, "name": case.title, "objective": case.objective, "saves": saves, "npv": npv}
