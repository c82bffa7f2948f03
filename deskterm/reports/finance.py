"""What services cost in a period: direct, shared, what nobody bears; each line to the cost, the CI and the rule behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.financial import budgets, ledger
from deskterm.financial.attribution import Attribution, Row
from deskterm.financial.line_data import line_data
from deskterm.financial.months import name_of, period_named
from deskterm.financial.sorts import by_element
from deskterm.permissions import require
from deskterm.records import resolve
from deskterm.reports import Column, Options, Period, Report

TAKES = ("period", "currency", "method", "service", "by")
COLUMNS = (
    Column("service", "Service"),
    Column("direct", "Direct", "number"),
    Column("shared", "Shared", "number"),
    Column("total", "Total", "number"),
    Column("budget", "Budget", "number"),
    Column("variance", "Left", "number"),
)
ELEMENT_COLUMNS = (
    Column("element", "Element"),
    Column("direct", "Direct", "number"),
    Column("indirect", "Indirect", "number"),
    Column("fixed", "Fixed", "number"),
    Column("variable", "Variable", "number"),
    Column("total", "Total", "number"),
)
_EMPTY = dict.fromkeys(("direct", "shared", "budget", "variance"), "")
FORMULAS = {
    "spend": "costs of the period, each on its day or spread evenly from on to until, and what CIs were written off in it, in "
    "one currency at the rate of the day; capital cost of a CI that is written off is not counted again",
    "direct": "spent on the service, or on CIs that served it then: a CI that served several is borne in equal parts, unless a "
    "rule passes its cost on",
    "shared": "passed on by rules of allocation, in the versions that held, by the method named",
    "attributed": "the totals of all services; attributed + unallocated = spend, to the cent, by largest remainder",
    "unallocated": "what no service bears: no service behind a CI, no rule for a cost centre, a driver of nothing, shares that "
    "leave something over, and idle capacity",
    "elements": "the spend by element of cost: direct and indirect, fixed and variable; depreciation is direct and fixed",
    "idle": "of what is unallocated, capacity that nobody used: (capacity - used) / capacity of the cost that is passed on",
    "variance": "budget - actual; budgets of services for their part of the period, by time; null where they leave some out",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return who bears what was spent in a period.

    Options: `period` (such as 2026-11, 2026-Q4 or 2026, instead of two dates), `currency`, `method` (direct, step-down,
    reciprocal), `service` (its lines alone), `by` (`element`: the table tells the spend by element of cost; the data have both).
    """
    strange = sorted(options.keys() - set(TAKES))
    if strange:
        raise InvalidInput(
            f"this report does not take {strange[0]!r}; it takes {', '.join(TAKES)}", fields={strange[0]: "unknown"}
        )
    if options.get("by", "service") not in ("service", "element"):
        raise InvalidInput("by is service or element", fields={"by": "service or element"})
    kind = desk.registry.kind("cost")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    start, end = bounds(desk, period, options)
    with desk.database.read() as connection:
        only = None
        if "service" in options:
            try:
                only = resolve.one_of(connection, options["service"], ("service",))
            except ValueError as problem:
                raise InvalidInput(f"service: {problem}", fields={"service": str(problem)}) from None
        found = ledger.reckon(connection, start, end, options.get("currency"), options.get("method"))
        planned = budgets.by_service(connection, found.spend)
    return _printed(found, planned, only, options)


def bounds(desk: Desk, period: Period, options: Options) -> tuple[int, int]:
    """Return both ends of the period that is asked for.

    Raises:
        InvalidInput: it is no period, or ends before it begins.
    """
    if "period" not in options:
        return period.settled(desk.moment)
    if period.from_at is not None or period.to_at is not None:
        raise InvalidInput("give a period or two dates, not both", fields={"period": "with --from or --to"})
    try:
        return period_named(options["period"])
    except ValueError:
        raise InvalidInput(
            "period is one such as 2026-11, 2026-Q4 or 2026", fields={"period": "YYYY-MM, YYYY-Qn or YYYY"}
        ) from None


def _printed(found: ledger.Reckoning, planned: dict[int, Decimal], only: int | None, options: Options) -> Report:
    spend, result = found.spend, found.attribution
    spent = {row.service for row in result.rows}
    nothing = tuple(Row(one, Decimal("0.00"), Decimal("0.00"), ()) for one in planned if one not in spent)
    rows = [_row(one, found, planned) for one in (*result.rows, *nothing) if only in (None, one.service)]
    name = name_of(spend.start, spend.end)
    elements = by_element(spend.items)
    tail = [
        {"service": "Idle capacity", **_EMPTY, "total": result.idle},
        {"service": "Unallocated, other", **_EMPTY, "total": result.unallocated - result.idle},
        {"service": "Spend", **_EMPTY, "total": result.spend},
    ]
    data = {
        "period": name,
        "from": format_instant(spend.start),
        "to": format_instant(spend.end),
        "currency": spend.currency,
        "method": options.get("method") or spend.settings.allocation_method,
        **totals(result),
        "capitalised": f"{spend.capitalised:.2f}",
        "elements": [one.data() for one in elements],
        "rows": rows,
        "unallocated_lines": [line_data(one, found.names) for one in result.unallocated_lines],
        "idle_lines": [line_data(one, found.names) for one in result.idle_lines],
        "formulas": FORMULAS,
    }
    if options.get("by") == "element":
        spent_on = [{column.name: getattr(one, column.name) for column in ELEMENT_COLUMNS} for one in elements]
        return Report(f"Cost by element, {name}, {spend.currency}", ELEMENT_COLUMNS, tuple(spent_on), data)
    shown = [*(_figures(row) for row in rows), *(tail if only is None else ())]
    return Report(f"Cost of services, {name}, {spend.currency}", COLUMNS, tuple(shown), data)


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a row as numbers, which no spreadsheet takes for anything else."""
    figures = {column.name: row[column.name] for column in COLUMNS[1:]}
    return {"service": row["service"], **{name: None if one is None else Decimal(one) for name, one in figures.items()}}


def totals(result: Attribution) -> dict[str, str]:
    """Return the figures that add up."""
    return {
        "spend": f"{result.spend:.2f}",
        "attributed": f"{result.attributed:.2f}",
        "unallocated": f"{result.unallocated:.2f}",
        "idle": f"{result.idle:.2f}",
    }


def _row(row: Row, found: ledger.Reckoning, planned: dict[int, Decimal]) -> dict[str, Any]:
    number, name = found.names[row.service]
    budget = planned.get(row.service)
    return {
        "service": name,
        "number": number,
        "direct": f"{row.direct:.2f}",
        "shared": f"{row.shared:.2f}",
        "total": f"{row.total:.2f}",
        "budget": None if budget is None else f"{budget:.2f}",
        "variance": None if budget is None else f"{budget - row.total:.2f}",
        "lines": [line_data(one, found.names) for one in row.lines],
    }
