"""What lies below a line of the finance screen: the lines of a service, the charges of a run, the years of an asset. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from screens import finance_rows as rows_of
from widgets.columns import Column


@dataclass(slots=True)
class Level:
    """A list that is shown, with where its cursor was left."""

    title: str
    columns: list[Column[Any]]
    rows: Sequence[Any]
    cursor: int = 0


def rows_below(row: Any) -> Level | None:
    """Return the list behind a line; None where there is none."""
    if isinstance(row, rows_of.Shown):
        titles = ("from", "what", "CI", "rule", "amount")
        return Level(row.cells[1], [*rows_of.shown_columns(titles, (4,))], row.below) if row.below else None
    charges = getattr(row, "charges", None)
    if charges:
        years = [
            rows_of.Shown(
                str(one.year), (str(one.year), "", rows_of.money(one.amount), rows_of.money(one.book_value)), row.number
            )
            for one in charges
        ]
        return Level(row.name, [*rows_of.shown_columns(("year", "", "written off", "book value"), (2, 3))], years)
    customers = getattr(row, "customers", None)
    if customers:
        return Level(
            row.name, [*rows_of.shown_columns(("customer", "service", "price", "cost", "amount"), (3, 4))], _charged(row)
        )
    lines = getattr(row, "lines", None)
    return Level(row.name, [*rows_of.line_columns()], lines) if lines else None


def _charged(run: Any) -> list[rows_of.Shown]:
    """Return the lines of a charge run, and its credit notes."""
    found = []
    for one in run.customers:
        for line in one.lines:
            units = f"{line['quantity'] or ''} {line['unit']}".strip()
            cells = (one.customer, line["service"], line["price"], _amount(line["cost"]), _amount(line["amount"]))
            pane = (
                (f"{one.customer} is charged {cells[4]} {run.currency} for {line['service']}", "strong"),
                (f"{line['method']} by {line['price']}{f', {units}' if units else ''}, of a cost of {cells[3]}", ""),
                ("enter shows what that cost is made of: records, CIs, rules and their versions", "muted"),
            )
            below = tuple(
                rows_of.Shown(
                    f"{place}", (detail["source"], detail["title"] if detail["kind"] == "direct" else detail["why"],
                                 detail["ci_name"] or "", _version(detail), detail["amount"]), detail["source"],
                    ((f"{detail['source']} {detail['title']}: {detail['amount']}", "strong"), (detail["why"], "")),
                )
                for place, detail in enumerate(line["detail"])
            )  # fmt: skip
            found.append(rows_of.Shown(f"{one.customer} {line['position']}", cells, run.number, pane, below))
        for note in one.credits:
            cells = (one.customer, f"credit note {note['number']}", note["reason"], "", _amount(-note["amount"]))
            found.append(rows_of.Shown(note["number"], cells, note["number"], ((note["reason"], ""),)))
    return found


def _amount(hundredths: int) -> str:
    return rows_of.money(Decimal(hundredths).scaleb(-2))


def _version(detail: dict[str, Any]) -> str:
    return f"{detail['rule']} v{detail['rule_version']}" if detail["rule"] else ""
