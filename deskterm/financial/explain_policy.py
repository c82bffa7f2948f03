"""What a rule of allocation hands to whom, how a budget burns, what a run charges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.queries import finance as q
from deskterm.clock import format_instant
from deskterm.explanations import Part
from deskterm.fields import show_cents
from deskterm.financial import ledger
from deskterm.financial.amounts import amount, may_read, text
from deskterm.financial.asked_period import AskedPeriod
from deskterm.financial.cost_rules import day
from deskterm.financial.line_data import line_data

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

Found = tuple[Part | tuple[Part, ...], Any]
MOST_LINES = 200


def shares(desk: Desk, view: RecordView, period: str = "") -> Found | None:
    """Return what a rule says, version by version, and what it handed to whom in a period: this month if none is asked for."""
    from deskterm.financial.rule_book import Book

    may_read(desk)
    asked = AskedPeriod.read(desk, period)
    with desk.database.read() as connection:
        book = Book.read(connection)
        found = ledger.reckon(connection, asked.start, asked.end, asked.currency, asked.method)
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
    rows = tuple((to, f"v{one.version}", one.why, one.element, amount(one.amount)) for to, one in went)
    parts = (
        Part("what it says", ("version", "from", "until", "driver", "shares"), said),
        Part(
            f"what it handed out in {asked.label()}, {found.spend.currency}",
            ("to", "by", "why", "element", "amount"),
            rows,
            (4,),
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
        found = budgets.burns(connection, rows, desk.moment, lines=True)
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
        "counts": one.counts,
        "lines": [
            {"source": line.source, "title": line.what, "why": line.why, "rule": line.rule or None,
             "element": line.element or None, "amount": text(line.amount)}
            for line in one.lines
        ],
    }  # fmt: skip
    behind = tuple(
        (line.source, line.why if line.rule else line.what, line.rule, line.element, amount(line.amount))
        for line in one.lines[:MOST_LINES]
    )
    if len(one.lines) > MOST_LINES:
        behind = (*behind, ("", f"and {len(one.lines) - MOST_LINES} smaller lines; --json has them", "", "", ""))
    counted = Part(f"it counts {one.counts}", ("from", "what", "rule", "element", "amount"), behind, (4,))
    return (Part(title, ("what", ""), told, (1,)), counted), data


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
