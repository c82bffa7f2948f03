"""What services, cost centres and single costs come to in a period, line by line: who bears what, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from data.queries import finance as q
from deskterm.clock import format_instant
from deskterm.explanations import Explained, Part
from deskterm.financial import ledger
from deskterm.financial.amounts import amount, may_read, text
from deskterm.financial.asked_period import AskedPeriod
from deskterm.financial.attribution import Item, Line
from deskterm.financial.line_data import line_data
from deskterm.financial.months import date_at, month_of, name_of
from deskterm.financial.rules import money

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

MOST_LINES = 200
"""Lines of a table; all of them are in the data."""
HEADER = ("from", "what", "CI", "rule", "element", "amount")


def line_rows(lines: Sequence[dict[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Return lines, as data, as the rows of a table under `HEADER`."""
    rows = [
        (
            one["source"], one["title"] if one["kind"] == "direct" else one["why"], one["ci_name"] or "",
            f"{one['rule']} v{one['rule_version']}" if one["rule"] else "", one["element"] or "", amount(Decimal(one["amount"])),
        )
        for one in lines
    ]  # fmt: skip
    if len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], ("", f"and {len(rows) - MOST_LINES} more lines; --json has them all", "", "", "", "")]
    return tuple(rows)


def of_service(desk: Desk, view: RecordView, period: str = "") -> Explained:
    """Return what a service bears in a period."""
    may_read(desk)
    asked = AskedPeriod.read(desk, period)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, asked.start, asked.end, asked.currency, asked.method)
    row = next((one for one in found.attribution.rows if one.service == view.id), None)
    currency = found.spend.currency
    direct, shared, lines = (row.direct, row.shared, row.lines) if row is not None else (Decimal("0.00"), Decimal("0.00"), ())
    told = [line_data(one, found.names) for one in lines]
    title = (
        f"cost in {asked.label()}: nothing was attributed to it"
        if row is None
        else f"cost in {asked.label()}: {amount(row.total, currency)}, direct {amount(direct)}, shared {amount(shared)}"
    )
    more = "" if period else f"; other periods: deskterm explain {view.number} cost:2026-Q4"
    data = {
        **_period_data(asked, found.spend),
        "direct": text(direct), "shared": text(shared), "total": text(direct + shared), "lines": told,
    }  # fmt: skip
    return (Part(title + more, HEADER, line_rows(told), (5,)),), data


def _period_data(asked: AskedPeriod, spend: ledger.Spend) -> dict[str, Any]:
    return {
        "period": asked.name, "from": format_instant(asked.start), "to": format_instant(asked.end), "currency": spend.currency,
        "method": asked.method or spend.settings.allocation_method,
    }  # fmt: skip


def _borne(found: ledger.Reckoning, source: str) -> list[tuple[str, Line]]:
    """Return the lines that come from one source, each with who bears it."""
    result, names = found.attribution, found.names
    lines = [(names[row.service][1], one) for row in result.rows for one in row.lines if one.source == source]
    lines += [("idle", one) for one in result.idle_lines if one.source == source]
    return lines + [("unallocated", one) for one in result.unallocated_lines if one.source == source]


def of_centre(desk: Desk, view: RecordView, period: str = "") -> Explained:
    """Return what gathered on a cost centre in a period, and where it went."""
    may_read(desk)
    asked = AskedPeriod.read(desk, period)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, asked.start, asked.end, asked.currency, asked.method)
    own = [item for item in found.spend.items if item.centre == view.id]
    currency, spent = found.spend.currency, _sum(item.exact for item in own)
    gross = found.attribution.gross.get(view.id)
    went = _borne(found, view.number)
    handed = Decimal(0) if gross is None else gross - spent
    title = f"cost in {asked.label()}: {amount(spent, currency)} of its own, {amount(handed)} handed on to it"
    came = tuple((item.key, item.title, item.element, amount(money(item.exact))) for item in own[:MOST_LINES])
    rows = tuple(
        (to, line.why, "" if line.rule is None else f"{found.names[line.rule][0]} v{line.version}", line.element,
         amount(line.amount))
        for to, line in went
    )  # fmt: skip
    data = {
        **_period_data(asked, found.spend),
        "own": text(spent),
        "gross": text(gross),
        "costs": [
            {"number": item.key, "title": item.title, "element": item.element, "amount": text(money(item.exact))} for item in own
        ],
        "went": [{"to": to, **line_data(line, found.names)} for to, line in went],
    }
    return (
        Part(title, ("from", "what", "element", "amount"), came, (3,)),
        Part("where it went", ("to", "why", "rule", "element", "amount"), rows, (4,)),
    ), data


def _sum(amounts: Iterable[Fraction]) -> Decimal:
    return money(sum(amounts, Fraction(0)))


def of_cost(desk: Desk, view: RecordView, period: str = "") -> Explained:
    """Return who bears a cost, and of an imported one the lines of its bill.

    A cost is told in its own currency, from the first month that it falls into to the last, unless a period is asked for.
    """
    on, until, own = view.values["on"], view.values.get("until"), view.values["currency"]
    if period:
        asked = AskedPeriod.read(desk, period)
    else:
        start, end = month_of(on)[0], month_of(on if until is None else until - 1)[1]
        asked = AskedPeriod(name_of(start, end), start, end, None, own)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, asked.start, asked.end, asked.currency, asked.method)
        bill = [dict(row._mapping) for row in connection.execute(q.LINES_OF, {"cost": view.id})]
    rows, items = _borne(found, view.number), [item for item in found.spend.items if item.key == view.number]
    counted, currency = _sum(item.exact for item in items), found.spend.currency
    told = amount(counted, currency)
    share = "" if until is None and own == currency and items else f"; {told} of it in {asked.name}"
    part = Part(
        f"{_what_it_is(view)}{share}{_where(view, found, items)}",
        ("borne by", "why", "element", "amount"),
        tuple((to, one.why, one.element, amount(one.amount)) for to, one in rows),
        (3,),
    )
    data = {
        **_period_data(asked, found.spend),
        "counted": text(counted),
        "borne": [{"by": to, **line_data(one, found.names)} for to, one in rows],
        "bill": [
            {name: one[name] for name in ("line", "billed", "effective", "category", "description", "resource")} for one in bill
        ],
    }
    return ((part, _bill_part(bill)) if bill else (part,)), data


def _what_it_is(view: RecordView) -> str:
    on, until = view.values["on"], view.values.get("until")
    when = f"on {date_at(on)}" if until is None else f"from {date_at(on)} to {date_at(until)}"
    return f"{amount(Decimal(view.values['amount']).scaleb(-2), view.values['currency'])} {when}"


def _where(view: RecordView, found: ledger.Reckoning, items: Sequence[Item]) -> str:
    """Say where a cost is that no service bears by itself."""
    if not items and view.values["nature"] == "capital" and view.values.get("ci") is not None:
        return "; the CI is written off instead: its depreciation is what is spent"
    centre = next((item.centre for item in items), None)
    return "" if centre is None else f"; it gathers on {found.names[centre][1]}: deskterm explain {found.names[centre][0]} cost"


def _bill_part(bill: Sequence[dict[str, Any]]) -> Part:
    lines = tuple((str(one["line"]), one["category"], one["description"], one["effective"] or one["billed"]) for one in bill)
    return Part(f"{len(bill)} lines of its bill", ("line", "sort", "what", "cost"), lines[:MOST_LINES], (0, 3))
