"""What lies below a line of the finance screen: the lines of a service, the charges of a run, the years of an asset. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from screens import finance_rows as rows_of
from widgets.columns import Column

if TYPE_CHECKING:
    from deskterm.financial.budgets import Burn
    from deskterm.financial.cases import CaseFlow, CaseLine
    from deskterm.financial.depreciation import Charge
    from deskterm.financial.reading import AssetLine, RunLine, ServiceLine
    from deskterm.financial.sorts import ElementTotal


@dataclass(slots=True)
class Level:
    """A list that is shown, with where its cursor was left."""

    title: str
    columns: list[Column[Any]]
    rows: Sequence[Any]
    cursor: int = 0


def lines_below(row: ServiceLine | Burn) -> Level | None:
    """Return the lines behind a service or a budget, the elements of a spend; None where there is none."""
    if elements := getattr(row, "elements", ()):
        titles = ("element", "of all", "direct", "indirect", "fixed", "variable", "total")
        return Level(
            "by element", [*rows_of.shown_columns(titles, (2, 3, 4, 5, 6), 13)], [_element(one, row) for one in elements]
        )
    return Level(row.name, [*rows_of.line_columns()], row.lines) if row.lines else None


def _element(one: ElementTotal, spend: Any) -> rows_of.Shown:
    part = one.part_of(spend.total)
    share = "" if part is None else f"{float(part) * 100:.1f} %"
    figures = tuple(rows_of.money(each) for each in (one.direct, one.indirect, one.fixed, one.variable, one.total))
    direct, indirect, fixed, variable, total = figures
    pane = (
        (f"{one.element}: {total}{f', {share} of all that was spent' if share else ''}", "strong"),
        (f"direct {direct} + indirect {indirect}; fixed {fixed} + variable {variable}", ""),
    )
    return rows_of.Shown(one.element, (one.element, share, *figures), "", pane)


def years_below(row: AssetLine) -> Level | None:
    """Return the years by which an asset is written off."""
    titles = ("year", "of its cost", "written off", "book value")
    years = [_year(row, one) for one in row.charges]
    return Level(row.name, [*rows_of.shown_columns(titles, (2, 3))], years) if years else None


def _year(row: AssetLine, one: Charge) -> rows_of.Shown:
    """Return a year of an asset, and what is left of it then."""
    part = f"{float(one.amount / row.cost) * 100:.1f} %" if row.cost else ""
    off, left = rows_of.money(one.amount), rows_of.money(one.book_value)
    pane = (
        (
            f"{row.name} in the financial year {one.year}: {off} {row.currency} of {rows_of.money(row.cost)}, as {row.element}",
            "strong",
        ),
        (f"book value at its end {left}; today {rows_of.money(row.book)}", ""),
    )
    return rows_of.Shown(str(one.year), (str(one.year), part, off, left), row.number, pane)


def flows_below(row: CaseLine) -> Level | None:
    """Return what each period of a business case brings."""
    titles = (row.step, "", "flow", "balance", "today", "worth")
    return Level(row.name, [*rows_of.shown_columns(titles, (2, 3, 4, 5))], [_flow(row, one) for one in row.flows])


def _flow(case: CaseLine, one: CaseFlow) -> rows_of.Shown:
    flow, balance, today, worth = (rows_of.money(each) for each in (one.flow, one.balance, one.today, one.worth))
    pane = (
        (f"{case.step} {one.period}: {flow} {case.currency}, worth {today} today at {case.rate} % a {case.step}", "strong"),
        (f"so far {balance}, discounted {worth}", ""),
    )
    return rows_of.Shown(f"{one.period}", (f"{one.period}", "", flow, balance, today, worth), case.number, pane)


def charges_below(row: RunLine) -> Level | None:
    """Return what a charge run charges whom, and its credit notes."""
    titles = ("customer", "service", "price", "cost", "amount")
    return Level(row.name, [*rows_of.shown_columns(titles, (3, 4))], _charged(row)) if row.customers else None


def details_below(row: rows_of.Shown) -> Level | None:
    """Return what a charge is made of."""
    titles = ("from", "what", "CI", "rule", "element", "amount")
    return Level(row.cells[1], [*rows_of.shown_columns(titles, (5,), first=11)], row.below) if row.below else None


def _charged(run: RunLine) -> list[rows_of.Shown]:
    """Return the lines of a charge run, and its credit notes."""
    found: list[rows_of.Shown] = []
    for one in run.customers:
        for line in one.lines:
            units = f"{line['quantity'] or ''} {line['unit']}".strip()
            cells = (one.customer, line["service"], line["price"], _amount(line["cost"]), _amount(line["amount"]))
            pane = (
                (f"{one.customer} is charged {cells[4]} {run.currency} for {line['service']}", "strong"),
                (f"{_priced(line)}{f', {units}' if units else ''}, of a cost of {cells[3]}", ""),
                ("enter shows what that cost is made of: records, CIs, rules and their versions", "muted"),
            )
            below = tuple(
                rows_of.Shown(
                    f"{place}", (detail["source"], detail["title"] if detail["kind"] == "direct" else detail["why"],
                                 detail["ci_name"] or "", _version(detail), detail["element"] or "", _part(detail)),
                    detail["source"],
                    ((f"{detail['source']} {detail['title']}: {_part(detail)}", "strong"), (_why(detail), "")),
                )
                for place, detail in enumerate(line["detail"])
            )  # fmt: skip
            found.append(rows_of.Shown(f"{one.customer} {line['position']}", cells, run.number, pane, below))
        for note in one.credits:
            cells = (one.customer, f"credit {note['number']}", note["reason"], "", _amount(-note["amount"]))
            found.append(rows_of.Shown(note["number"], cells, note["number"], ((note["reason"], ""),)))
    return found


def _amount(hundredths: int) -> str:
    return rows_of.money(Decimal(hundredths).scaleb(-2))


def _priced(line: dict[str, Any]) -> str:
    """Say what decided the price of a charge."""
    return "at cost: no price was agreed" if line["price"] == line["method"] else f"{line['method']} by {line['price']}"


def _part(detail: dict[str, Any]) -> str:
    return rows_of.money(Decimal(detail["amount"]))


def _why(detail: dict[str, Any]) -> str:
    return " · ".join(one for one in (detail["why"], detail["element"]) if one)


def _version(detail: dict[str, Any]) -> str:
    return f"{detail['rule']} v{detail['rule_version']}" if detail["rule"] else ""
