"""Statements of a charge run, customer by customer, with what stands behind each line; printed as Markdown or CSV.

The statement of a draft is reckoned while it is read; that of an issued run is read from what was frozen, to the last line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from data.queries import finance as q
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound
from deskterm.fields import show_cents
from deskterm.financial import charging
from deskterm.financial.assets import cents
from deskterm.financial.months import asked_as, name_of
from deskterm.permissions import require
from deskterm.records import reading, resolve

CSV_HEADINGS = (
    "customer", "service", "price", "quantity", "unit", "cost", "amount", "kind", "source", "title", "ci", "rule", "rule_version",
    "element", "line_amount",
)  # fmt: skip

DETAILS = ("kind", "source", "title", "ci_name", "rule", "rule_version", "element", "amount")
"""What the last columns are taken from."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one customer is charged."""

    customer: str
    lines: tuple[dict[str, Any], ...]
    credits: tuple[dict[str, Any], ...]

    @property
    def charged(self) -> int:
        """Return what the lines come to, in hundredths."""
        return sum(line["amount"] for line in self.lines)

    @property
    def credited(self) -> int:
        """Return what was given back, in hundredths."""
        return sum(one["amount"] for one in self.credits)


@dataclass(frozen=True, slots=True)
class Statements:
    """A charge run as it is read."""

    number: str
    name: str
    state: str
    period: str
    asked: str
    """The same, and the currency, as an explanation is asked for it."""
    currency: str
    notional: bool
    issued_at: int | None
    issued_by: str
    total: int
    cost: int
    uncharged: int
    intact: bool | None
    """Whether the lines are those that were issued, by their digest; None for a draft."""
    customers: tuple[Statement, ...]


def statements(desk: Desk, number: str, customer: str | None = None) -> Statements:
    """Return the statements of a charge run, or that of one customer.

    Raises:
        NotFound: there is no such run, or it charges this customer nothing.
    """
    with desk.database.read() as connection:
        draft = reading.find(connection, desk.registry, desk.actor, number)
        if draft.kind.name != "charge-run":
            raise NotFound(f"{number} is no charge run; list them with: deskterm list charge-run")
        require(desk.actor, "read", draft.kind.family, draft.kind.process, draft.kind.name)
        start, end, currency = draft.get("starts_at"), draft.get("ends_at"), draft.get("currency")
        only = None
        if customer is not None:
            try:
                only = resolve.one_of(connection, customer, ("organisation",))
            except ValueError as problem:
                raise InvalidInput(f"customer: {problem}", fields={"customer": str(problem)}) from None
        intact = None
        if draft.state == "draft":
            found = charging.reckon(connection, start, end, currency)
            rows = [charging.row_of(line, draft.id, place) for place, line in enumerate(found.lines)]
            figures = (found.total, found.cost, found.uncharged)
        else:
            rows = [dict(row._mapping) for row in connection.execute(q.CHARGES, {"run": draft.id})]
            figures = tuple(draft.get(name) or 0 for name in ("total", "cost", "uncharged"))  # type: ignore[assignment]
            intact = charging.digest(rows) == draft.get("digest") if draft.get("digest") else None
        notes = [dict(row._mapping) for row in connection.execute(q.CREDITS, {"run": draft.id})]
    chosen = [row for row in rows if only in (None, row["customer_id"])]
    if only is not None and not chosen:
        raise NotFound(f"{draft.number} charges {customer} nothing")
    return Statements(
        draft.number, str(draft.get("name")), draft.state, name_of(start, end), f"{asked_as(start, end)}:{currency}",
        str(currency), bool(draft.get("notional")), draft.get("issued_at"), str(draft.get("issued_by") or ""), *figures, intact,
        tuple(_by_customer(chosen, notes)),
    )  # fmt: skip


def _by_customer(rows: Sequence[dict[str, Any]], notes: Sequence[dict[str, Any]]) -> Iterator[Statement]:
    by_name: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows:
        by_name.setdefault((row["customer"], row["customer_id"]), []).append(row)
    for (name, key), lines in sorted(by_name.items()):
        yield Statement(name, tuple(lines), tuple(one for one in notes if one["customer_id"] == key))


def data(found: Statements) -> dict[str, Any]:
    """Return statements as data."""
    return {
        "number": found.number,
        "name": found.name,
        "state": found.state,
        "period": found.period,
        "currency": found.currency,
        "notional": found.notional,
        "issued_at": None if found.issued_at is None else format_instant(found.issued_at),
        "issued_by": found.issued_by or None,
        "intact": found.intact,
        "total": show_cents(found.total),
        "cost": show_cents(found.cost),
        "uncharged": show_cents(found.uncharged),
        "customers": [_statement_data(one) for one in found.customers],
    }


def _statement_data(one: Statement) -> dict[str, Any]:
    lines = [
        {
            "service": line["service"], "price": line["price"], "method": line["method"], "quantity": line["quantity"],
            "unit": line["unit"] or None, "cost": show_cents(line["cost"]), "amount": show_cents(line["amount"]),
            "lines": line["detail"],
        }
        for line in one.lines
    ]  # fmt: skip
    given_back = [
        {"number": note["number"], "amount": show_cents(note["amount"]), "reason": note["reason"],
         "issued_at": format_instant(note["issued_at"])}
        for note in one.credits
    ]  # fmt: skip
    return {
        "customer": one.customer, "charged": show_cents(one.charged), "credited": show_cents(one.credited),
        "due": show_cents(one.charged - one.credited), "lines": lines, "credits": given_back,
    }  # fmt: skip


def csv_rows(found: Statements) -> Iterator[list[Any]]:
    """Yield the rows of a CSV table: one for each line behind each charge.

    What a charge comes to stands on the first of its lines alone, so that a spreadsheet may add up the column.
    """
    for one in found.customers:
        for line in one.lines:
            charge = [line["quantity"], line["unit"], cents(line["cost"]), cents(line["amount"])]
            for place, detail in enumerate(line["detail"] or [{}]):
                head = [one.customer, line["service"], line["price"], *(charge if place == 0 else [""] * len(charge))]
                named = (detail.get(name) for name in DETAILS)
                told = ["" if value is None else value for value in named]
                yield [*head, *told[:-1], Decimal(told[-1]) if told[-1] else ""]
        for note in one.credits:
            head = [one.customer, "", note["number"], "", "", "", cents(-note["amount"])]
            yield [*head, "credit", note["number"], note["reason"], *[""] * (len(DETAILS) - 3)]


def markdown(found: Statements) -> str:
    """Return statements as a document, one chapter for each customer."""
    from deskterm.exchange.export_markdown import inline, table

    word = "notional charges" if found.notional else "charges"
    issued = "draft, nothing of it is charged yet" if found.issued_at is None else (
        f"issued {format_instant(found.issued_at)[:10]} by {found.issued_by}"
    )  # fmt: skip
    parts = [
        f"# {inline(found.name)} ({found.number})",
        "",
        f"{word.capitalize()} for {found.period}, {found.currency}; {issued}.",
    ]
    for one in found.customers:
        parts += ["", f"## {inline(one.customer)}", ""]
        rows = [
            (line["service"], line["price"], f"{line['quantity'] or ''} {line['unit']}".strip(), show_cents(line["cost"]),
             show_cents(line["amount"]))
            for line in one.lines
        ]  # fmt: skip
        rows += [
            (f"Credit note {note['number']}: {note['reason']}", "", "", "", show_cents(-note["amount"])) for note in one.credits
        ]
        rows.append(("Due" if not found.notional else "In all", "", "", "", show_cents(one.charged - one.credited)))
        parts += table(["Service", "Price", "Units", "Cost", "Amount"], rows)
        for line in one.lines:
            if line["detail"]:
                parts += ["", f"### {inline(line['service'])}: what its cost is made of", ""]
                parts += table(
                    ["From", "What", "CI", "Rule", "Element", "Amount"], (_behind(detail) for detail in line["detail"])
                )
    return "\n".join(parts) + "\n"


def _behind(detail: dict[str, Any]) -> tuple[str, ...]:
    rule = f"{detail['rule']} v{detail['rule_version']}" if detail.get("rule") else ""
    return (
        detail["source"], detail["title"], detail.get("ci_name") or "", rule, detail.get("element") or "", detail["amount"],
    )  # fmt: skip
