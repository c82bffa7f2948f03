"""What a rule of allocation hands to whom, how a budget burns, what a run charges, what a business case is worth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from data.queries import finance as q
from deskterm.clock import format_instant
from deskterm.explanations import Part
from deskterm.fields import show_cents
from deskterm.financial import ledger
from deskterm.financial.amounts import amount, may_read, month_so_far, text
from deskterm.financial.cost_rules import day
from deskterm.financial.line_data import line_data
from deskterm.financial.months import month_of, name_of
from deskterm.financial.rules import money

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

Found = tuple[Part | tuple[Part, ...], Any]


def shares(desk: Desk, view: RecordView) -> Found | None:
    """Return what a rule says, version by version, and what it handed to whom this month."""
    from deskterm.financial.rule_book import Book

    may_read(desk)
    start, end = month_so_far(desk)
    with desk.database.read() as connection:
        book = Book.read(connection)
        found = ledger.reckon(connection, start, end)
        targets = {row.number: row.title for row in connection.execute(q.NUMBERED_TARGETS)}
    versions = sorted(
        (one for some in book.by_source.values() for one in some if one.rule_id == view.id), key=lambda one: one.start
    )
    said = tuple(
        (
            f"v{one.version}", day(one.start), "" if one.end is None else day(one.end), one.driver,
            ", ".join(f"{targets.get(number, number)} {share}" for number, share in one.shares.items()) or "all services",
        )
        for one in versions
    )  # fmt: skip
    went = [(found.names[row.service][1], one) for row in found.attribution.rows for one in row.lines if one.rule == view.id]
    went += [
        (one.sort, one) for one in (*found.attribution.idle_lines, *found.attribution.unallocated_lines) if one.rule == view.id
    ]
    rows = tuple((to, f"v{one.version}", one.why, amount(one.amount)) for to, one in went)
    parts = (
        Part("what it says", ("version", "from", "until", "driver", "shares"), said),
        Part(
            f"what it handed out in {name_of(*month_of(start))} so far, {found.spend.currency}",
            ("to", "by", "why", "amount"),
            rows,
            (3,),
        ),
    )
    data = {
        "versions": [
            {
                "version": one.version,
                "from": format_instant(one.start),
                "until": None if one.end is None else format_instant(one.end),
                "driver": one.driver,
                "shares": dict(one.shares),
                "capacity": one.capacity,
            }
            for one in versions
        ],
        "handed": [{"to": to, **line_data(one, found.names)} for to, one in went],
    }
    return parts, data


def burn(desk: Desk, view: RecordView) -> Found | None:
    """Return how far a budget is used, and whether that is faster than its time goes by."""
    from deskterm.financial import budgets

    may_read(desk)
    with desk.database.read() as connection:
        rows = [row for row in connection.execute(q.BUDGETS, {"start": 0, "end": q.ENDLESS}) if row.id == view.id]
        found = budgets.burns(connection, rows, desk.moment)
    if not found:
        return None
    one = found[0]
    used = None if one.used is None else float(one.used) * 100
    pace = None if one.burn is None else float(one.burn)
    told = (
        ("budget", amount(one.amount, one.currency)),
        ("spent", amount(one.spent)),
        ("left", amount(one.variance)),
        ("used", "n/a" if used is None else f"{used:.1f} %"),
        ("of its time", f"{float(one.elapsed) * 100:.1f} %"),
        ("burn rate", "n/a" if pace is None else f"{pace:.2f}"),
    )
    why = f"; {one.why}" if one.why else ""
    title = f"{one.word}: a burn rate of 1 uses it up exactly when its time is over{why}"
    data = {
        "currency": one.currency,
        "budget": text(one.amount),
        "spent": text(one.spent),
        "variance": text(one.variance),
        "used_percent": used,
        "elapsed_percent": float(one.elapsed) * 100,
        "burn_rate": pace,
        "word": one.word,
        "why": one.why or None,
    }
    return Part(title, ("what", ""), told, (1,)), data


def charges(desk: Desk, view: RecordView) -> Found:
    """Return what a charge run charges whom, and what that is made of."""
    from deskterm.financial import statements

    found = statements.statements(desk, view.number)
    parts = []
    for one in found.customers:
        rows = tuple(
            (line["service"], line["price"], f"{line['quantity'] or ''} {line['unit']}".strip(), show_cents(line["cost"]),
             show_cents(line["amount"]))
            for line in one.lines
        )  # fmt: skip
        title = f"{one.customer}: {show_cents(one.charged)} {found.currency}" + (
            f", credited {show_cents(one.credited)}" if one.credits else ""
        )
        parts.append(Part(title, ("service", "price", "units", "cost", "amount"), rows, (3, 4)))
    intact = {None: "", True: ", its lines are those that were issued", False: ", its lines are NOT those that were issued"}
    head = f"{found.name}, {found.state}{intact[found.intact]}: {show_cents(found.total)} {found.currency} charged"
    parts.insert(0, Part(f"{head}, {show_cents(found.uncharged)} of the spend is borne by no customer", (), ()))
    return tuple(parts), statements.data(found)


def worth(desk: Desk, view: RecordView) -> Found:
    """Return the flows of a business case, discounted one by one."""
    rate = Fraction(Decimal(view.values["rate"])) / 100
    flows = [Decimal(one) for one in view.values["flows"]]
    rows, sum_ = [], Fraction(0)
    for place, flow in enumerate(flows):
        now = Fraction(flow) / (1 + rate) ** place
        sum_ += now
        rows.append((str(place), amount(flow), amount(money(now)), amount(money(sum_))))
    irr = view.values.get("irr") or f"no internal rate of return ({view.values.get('irr_reason')})"
    npv = Decimal(view.values["npv"]).scaleb(-2)
    title = (
        f"NPV {amount(npv, view.values['currency'])} at {view.values['rate']} % a {view.values['step']}; IRR {irr}; "
        f"payback {view.values['payback']} {view.values['step']}s; ROI {view.values['roi']}; "
        f"TCO {amount(Decimal(view.values['tco']).scaleb(-2))}"
    )
    data = {
        "npv": text(npv),
        "irr": view.values.get("irr"),
        "irr_reason": view.values.get("irr_reason"),
        "payback": view.values.get("payback"),
        "roi": view.values.get("roi"),
        "currency": view.values["currency"],
        "flows": [
            {"period": int(row[0]), "flow": text(flow), "discounted": row[2]} for row, flow in zip(rows, flows, strict=True)
        ],
    }
    return Part(title, ("period", "flow", "today", "in all"), tuple(rows), (0, 1, 2, 3)), data
