"""The columns of the finance screen, and what its pane says of a line. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from deskterm.financial.months import date_at
from widgets.bar import bar_pieces
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.financial.budgets import Burn
    from deskterm.financial.cases import CaseLine
    from deskterm.financial.cost_lines import CostLine
    from deskterm.financial.reading import AssetLine, Costs, RunLine, ServiceLine

MONEY = 12
BAR = 14
SIGNS = {
    "on plan": ("✓", "+", "good"), "fast": ("!", "!", "soon"), "overspent": ("✖", "X", "breach"), "unknown": ("?", "?", "risk"),
    "approved": ("✓", "+", "good"), "rejected": ("✖", "X", "muted"),
    "draft": ("·", ".", "muted"), "issued": ("✓", "+", "good"), "credited": ("↶", "<", "paused"), "void": ("-", "-", "muted"),
}  # fmt: skip
"""Glyph, that in ASCII, and style of each word."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a list below the first level: cells, the record it leads to, what the pane says, what lies below."""

    key: str
    cells: tuple[str, ...]
    number: str = ""
    pane: tuple[tuple[str, str], ...] = ()
    below: tuple[Shown, ...] = ()


def money(value: Decimal | None, nothing: str = "") -> str:
    """Return an amount with its thousands set apart."""
    return nothing if value is None else f"{value:,.2f}"


def sign(word: str, *, ascii_only: bool) -> Cell:
    """Return a word with its glyph, in its style."""
    glyph, plain, style = SIGNS[word]
    return f"{plain if ascii_only else glyph} {word}", style


def gauge(used: Fraction | None, *, ascii_only: bool) -> str:
    """Return a bar of what is used; past its end it is drawn in another pattern."""
    if used is None:
        return ""
    return "".join(piece.text for piece in bar_pieces(float(used), 1.0, BAR, ascii_only=ascii_only))


def _money_column(key: str, title: str, value: Callable[[Any], Decimal | None], **more: Any) -> Column[Any]:
    def cell(row: Any, _: int) -> Cell:
        found = value(row)
        style = "breach" if found is not None and found < 0 and key in ("left", "variance", "npv") else ""
        return (money(found), style) if style else money(found)

    return Column(key, title, MONEY, cell, align="right", **more)


def service_columns() -> list[Column[ServiceLine]]:
    """Return the columns of services."""

    def name(row: ServiceLine, _: int) -> Cell:
        return (row.name, {"service": "", "spend": "strong"}.get(row.sort, "muted" if not row.total else "soon"))

    def part(row: ServiceLine, _: int) -> Cell:
        return "" if row.part is None or row.sort == "spend" else f"{float(row.part) * 100:.1f} %"

    return [
        Column("name", "service", 24, name, min_width=16, grow=1),
        _money_column("total", "total", lambda row: row.total),
        _money_column("direct", "direct", lambda row: row.direct, priority=2),
        _money_column("shared", "shared", lambda row: row.shared, priority=2),
        Column("part", "of all", 7, part, align="right", priority=3),
        _money_column("budget", "budget", lambda row: row.budget, priority=4),
        _money_column("left", "left", lambda row: row.left, priority=1),
    ]


def line_columns() -> list[Column[CostLine]]:
    """Return the columns of what is behind a service."""
    return [
        Column("source", "from", 11, lambda row, _: row.source),
        Column("what", "what", 26, lambda row, _: row.what if not row.rule else (row.why, "accent"), min_width=14, grow=1),
        Column("ci", "CI", 16, lambda row, _: row.ci, priority=2),
        Column("element", "element", 13, lambda row, _: row.element, priority=4),
        Column("rule", "rule", 13, lambda row, _: row.rule, priority=1),
        _money_column("amount", "amount", lambda row: row.amount),
    ]


def run_columns(*, ascii_only: bool) -> list[Column[RunLine]]:
    """Return the columns of charge runs."""
    return [
        Column("number", "number", 10, lambda row, _: row.number),
        Column("name", "name", 24, lambda row, _: row.name, min_width=14, grow=1),
        Column("state", "state", 10, lambda row, _: sign(row.state, ascii_only=ascii_only)),
        Column("sort", "sort", 8, lambda row, _: "notional" if row.notional else "real", priority=3),
        Column("total", "charged", MONEY, lambda row, _: row.total, align="right"),
        Column("credited", "credited", MONEY, lambda row, _: row.credited, align="right", priority=2),
        Column("uncharged", "borne by none", 13, lambda row, _: row.uncharged, align="right", priority=1),
        Column("currency", "", 3, lambda row, _: row.currency, priority=4),
    ]


def budget_columns(*, ascii_only: bool) -> list[Column[Burn]]:
    """Return the columns of budgets."""

    def used(row: Burn, _: int) -> Cell:
        style = SIGNS[row.word][2]
        return gauge(row.used, ascii_only=ascii_only), style

    def percent(row: Burn, _: int) -> Cell:
        return "n/a" if row.used is None else f"{float(row.used) * 100:.0f} %"

    return [
        Column("name", "budget", 22, lambda row, _: row.name, min_width=14, grow=1),
        Column("about", "for", 16, lambda row, _: row.about, priority=3),
        _money_column("amount", "budget", lambda row: row.amount, priority=2),
        _money_column("spent", "spent", lambda row: row.spent, priority=1),
        _money_column("variance", "left", lambda row: row.variance),
        Column("bar", "used", BAR, used, priority=2),
        Column("used", "", 6, percent, align="right"),
        Column("word", "burn", 11, lambda row, _: sign(row.word, ascii_only=ascii_only)),
    ]


def asset_columns() -> list[Column[AssetLine]]:
    """Return the columns of assets."""

    def method(row: AssetLine, _: int) -> Cell:
        word = {"straight-line": "straight", "declining-balance": "declining"}[row.method]
        return ("disposed", "muted") if row.disposed else f"{word} {row.years} y"

    return [
        Column("name", "asset", 24, lambda row, _: row.name, min_width=14, grow=1),
        Column("since", "in use since", 12, lambda row, _: row.in_service, priority=2),
        Column("method", "method", 13, method, priority=1),
        Column("element", "element", 13, lambda row, _: row.element, priority=4),
        _money_column("cost", "cost", lambda row: row.cost),
        _money_column("off", "written off", lambda row: row.written_off, priority=3),
        _money_column("book", "book value", lambda row: row.book),
        _money_column("month", "this month", lambda row: row.this_month, priority=2),
    ]


def case_columns(*, ascii_only: bool) -> list[Column[CaseLine]]:
    """Return the columns of business cases."""
    return [
        Column("name", "business case", 24, lambda row, _: row.name, min_width=14, grow=1),
        Column("state", "state", 10, lambda row, _: sign(row.state, ascii_only=ascii_only), priority=1),
        _money_column("npv", "NPV", lambda row: row.npv),
        Column("irr", "IRR", 11, lambda row, _: row.irr or ("n/a", "muted"), align="right"),
        Column("payback", "payback", 8, lambda row, _: row.payback, align="right"),
        Column("roi", "ROI", 10, lambda row, _: row.roi, align="right", priority=2),
        _money_column("tco", "TCO", lambda row: row.tco, priority=3),
        Column("currency", "", 3, lambda row, _: row.currency, priority=4),
    ]


def shown_columns(titles: tuple[str, ...], right: tuple[int, ...], first: int = 0) -> list[Column[Shown]]:
    """Return the columns of a list below the first level; the first two grow, but for a first one that is given its cells."""

    def cell(place: int) -> Callable[[Shown, int], Cell]:
        return lambda row, _: row.cells[place] if place < len(row.cells) else ""

    def column(place: int, title: str) -> Column[Shown]:
        fixed = MONEY if place in right else first if place == 0 else 0
        return Column(
            f"c{place}", title, fixed or (26 if place == 1 else 16), cell(place), min_width=fixed or 14,
            grow=int(place < 2 and not fixed), align="right" if place in right else "left",
            priority=0 if place < 2 or place == len(titles) - 1 else place,
        )  # fmt: skip

    return [column(place, title) for place, title in enumerate(titles)]


# The pane.


def service_pane(row: ServiceLine, found: Costs) -> tuple[tuple[str, str], ...]:
    """Say what makes up a line."""
    if row.sort == "spend":
        capital = f" · {money(found.capitalised)} capital cost is written off over its life instead" if found.capitalised else ""
        return (
            (f"{money(found.attributed)} attributed + {money(found.unallocated)} unallocated = {money(found.spend)}", "strong"),
            (" · ".join(f"{one.element} {money(one.total)}" for one in row.elements), ""),
            (f"passed on {found.method} (m) · enter by element{capital}", "muted"),
        )
    if row.sort != "service":
        why = {line.why for line in row.lines}
        told = "; ".join(sorted(why)[:3]) or "nothing"
        return ((f"{row.name}: {money(row.total)}", "strong"), (told, ""), ("enter shows each line", "muted"))
    largest = row.lines[0] if row.lines else None
    budget = "no budget" if row.budget is None else f"budget {money(row.budget)}, left {money(row.left)}"
    lines = [(f"{row.number} {row.name}: {money(row.total)} = direct {money(row.direct)} + shared {money(row.shared)}", "strong")]
    lines.append((budget, "breach" if row.left is not None and row.left < 0 else ""))
    if largest is not None:
        lines.append((f"most of it: {money(largest.amount)} {(largest.rule and largest.why) or largest.what}", "muted"))
    return tuple(lines)


def line_pane(row: CostLine) -> tuple[tuple[str, str], ...]:
    """Say where a line comes from."""
    through = f" · CI {row.ci}" if row.ci else ""
    rule = f" · {row.rule}" if row.rule else ""
    return (
        (f"{row.source} {row.what}: {money(row.amount)}", "strong"),
        (f"{row.why}{through}{rule}", ""),
        (f"{date_at(row.at)}{f' · {row.element}' if row.element else ''} · r opens {row.source}", "muted"),
    )


def budget_pane(row: Burn) -> tuple[tuple[str, str], ...]:
    """Say how a budget burns."""
    rate = "n/a" if row.burn is None else f"{float(row.burn):.2f}"
    passed = f"{float(row.elapsed) * 100:.0f} % of its time has passed"
    return (
        (f"{row.number} {row.name}, {row.about}: {money(row.spent, 'n/a')} of {money(row.amount)} {row.currency}", "strong"),
        (f"{date_at(row.starts_at)} to {date_at(row.ends_at)}, {passed} · burn rate {rate}", ""),
        (row.why, "risk") if row.why else (f"it counts {row.counts}", "muted"),
    )


def asset_pane(row: AssetLine) -> tuple[tuple[str, str], ...]:
    """Say how an asset is written off."""
    gone = f", disposed of on {row.disposed}" if row.disposed else ""
    years = "  ".join(f"{one.year} {money(one.amount)}" for one in row.charges[:6])
    return (
        (f"{row.number} {row.name}: cost {money(row.cost)} {row.currency}, book value {money(row.book)}", "strong"),
        (f"{row.method} over {row.years} years from {row.in_service}, as {row.element}{gone}", ""),
        (years + ("  …" if len(row.charges) > 6 else ""), "muted"),
    )


def assets_told(rows: Sequence[AssetLine]) -> str:
    """Say how many assets there are and what they are worth together, currency by currency."""
    worth: dict[str, Decimal] = {}
    for row in rows:
        worth[row.currency] = worth.get(row.currency, Decimal("0.00")) + row.book
    told = " + ".join(f"{money(value)} {currency}" for currency, value in sorted(worth.items()))
    return f"{len(rows)} asset{'' if len(rows) == 1 else 's'}, book value {told} today" if rows else ""


def run_pane(row: RunLine) -> tuple[tuple[str, str], ...]:
    """Say what a run charges whom."""
    customers = ", ".join(f"{one.customer} {money(Decimal(one.charged).scaleb(-2))}" for one in row.customers[:4]) or "nobody"
    intact = {True: "its lines are those that were issued", False: "its lines are NOT those that were issued",
              None: "reckoned from costs and prices as they stand"}[row.intact]  # fmt: skip
    return (
        (f"{row.number} {row.name}: {row.total} {row.currency}, {row.state}", "strong"),
        (customers, ""),
        (
            f"{intact} · enter whom, P page, r record",
            "breach" if row.intact is False else "muted",
        ),
    )


def case_pane(row: CaseLine) -> tuple[tuple[str, str], ...]:
    """Say what an investment comes to, or why it has no internal rate."""
    about = f" for {row.about}" if row.about else ""
    irr = f"IRR {row.irr}" if row.irr else f"no IRR, {row.irr_reason}"
    decided = f"{row.state}{f': {row.decision}' if row.decision else ''}"
    return (
        (f"{row.number} {row.name}{about}: NPV {money(row.npv, 'n/a')} {row.currency} at {row.rate} % a {row.step}", "strong"),
        (f"{irr} · pays itself back after {row.payback} {row.step}s" if row.payback != "n/a" else f"{irr} · never pays back", ""),
        (f"{decided} · enter flows, = the arithmetic", "muted"),
    )
