"""Why a figure of money is what it is: what records, services, centres and CIs cost, what rules hand to whom, a budget's burn."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from data.queries import finance as q
from deskterm.clock import format_instant
from deskterm.explanations import Part
from deskterm.fields import show_duration
from deskterm.financial import ledger
from deskterm.financial.amounts import amount, may_read, month_so_far, text
from deskterm.financial.line_data import line_data
from deskterm.financial.months import month_of, name_of
from deskterm.financial.rules import money

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

WORKED_ON = ("incident", "request", "problem", "known-error", "change", "work-order", "release")
MOST_LINES = 200


def cost(desk: Desk, view: RecordView) -> tuple[tuple[Part, ...], Any] | None:
    """Return what something costs, and what that is made of; None for what has no cost."""
    if desk.actor.restricted:
        return None  # what the desk's work costs is the desk's own affair
    if view.kind in WORKED_ON:
        return _of_record(desk, view)
    if view.kind in ("service", "cost-centre"):
        may_read(desk)
        return _of_service(desk, view) if view.kind == "service" else _of_centre(desk, view)
    if view.kind == "cost":
        return _of_cost(desk, view)
    return None


# Records.


def _of_record(desk: Desk, view: RecordView) -> tuple[tuple[Part, ...], Any] | None:
    from deskterm.financial import record_cost
    from deskterm.problem import dossier

    time: tuple[Part, Any] | None = None
    if view.kind in ("problem", "known-error"):
        problem = view if view.kind == "problem" else dossier.problem_of(desk, view)
        if problem is None:
            return None
        view, time = problem, dossier.explain_cost(desk, problem)
    with desk.database.read() as connection:
        ids = record_cost.records_of_problem(connection, view.id) if view.kind == "problem" else [view.id]
        found = record_cost.cost_of_records(connection, desk.registry, ids, desk.moment)
        names = ledger.named_of(connection, set(ids))
    parts = (*((time[0],) if time else ()), *_record_parts(found, names, len(ids) > 1))
    data = {**(time[1] if time else {}), **_record_data(found, names)}
    return parts, data


def _record_parts(found: Any, names: dict[int, tuple[str, str]], several: bool) -> tuple[Part, ...]:
    total, currency = found.total, found.currency
    said = f"work {amount(found.labour)}, parts {amount(found.spent)}, downtime {amount(found.lost)}"
    title = f"cost {amount(total, currency)}: {said}" + "".join(f"; {gap}" for gap in found.gaps)
    rows = [
        (names[one.record][0], f"{one.what} {one.who}", show_duration(one.seconds), one.rate or "no rate", amount(one.cost))
        for one in found.work
    ]
    rows += [(names[one.record][0], f"part {one.number} {one.title}", "", "", amount(one.cost)) for one in found.parts]
    rows += [
        (names[one.record][0], f"downtime of {one.service}", show_duration(one.seconds), one.number, amount(one.cost))
        for one in found.downtime
    ]
    if len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], ("", f"and {len(rows) - MOST_LINES} more lines; --json has them all", "", "", "")]
    return (Part(title, ("record", "what", "time", "rate", "cost"), tuple(rows), (2, 4)),)


def _record_data(found: Any, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    return {
        "currency": found.currency,
        "total": text(found.total),
        "labour": text(found.labour),
        "parts": text(found.spent),
        "downtime": text(found.lost),
        "worked_seconds": found.seconds,
        "unrated_seconds": found.unrated_seconds,
        "gaps": found.gaps,
        "work": [
            {
                "record": names[one.record][0],
                "what": one.what,
                "who": one.who,
                "at": format_instant(one.at),
                "seconds": one.seconds,
                "rate": one.rate or None,
                "cost": text(one.cost),
            }
            for one in found.work
        ],
        "part_lines": [
            {"record": names[one.record][0], "number": one.number, "title": one.title, "cost": text(one.cost)}
            for one in found.parts
        ],
        "downtime_lines": [
            {
                "record": names[one.record][0],
                "service": one.service,
                "number": one.number,
                "seconds": one.seconds,
                "cost": text(one.cost),
            }
            for one in found.downtime
        ],
        "money_formula": "time at the rate of an hour that held, and parts, and downtime at what an hour of it costs",
    }


# Services, centres, costs.


def _of_service(desk: Desk, view: RecordView) -> tuple[tuple[Part, ...], Any]:
    start, end = month_so_far(desk)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, start, end)
    row = next((one for one in found.attribution.rows if one.service == view.id), None)
    name, currency = name_of(*month_of(start)), found.spend.currency
    if row is None:
        title = f"cost in {name} so far: nothing was attributed to it"
        return (Part(title, (), ()),), {"period": name, "currency": currency, "total": "0.00", "lines": []}
    lines = [line_data(one, found.names) for one in row.lines]
    title = (
        f"cost in {name} so far: {amount(row.total, currency)}, direct {amount(row.direct)}, shared {amount(row.shared)}; "
        "other periods: deskterm report finance period=…"
    )
    data = {
        "period": name,
        "from": format_instant(start),
        "to": format_instant(end),
        "currency": currency,
        "direct": text(row.direct),
        "shared": text(row.shared),
        "total": text(row.total),
        "lines": lines,
    }
    return (Part(title, ("from", "what", "CI", "rule", "amount"), _rows(lines), (4,)),), data


def _rows(lines: list[dict[str, Any]]) -> tuple[tuple[str, ...], ...]:
    rows = [
        (
            one["source"], one["title"] if one["kind"] == "direct" else one["why"], one["ci_name"] or "",
            f"{one['rule']} v{one['rule_version']}" if one["rule"] else "", amount(Decimal(one["amount"])),
        )
        for one in lines
    ]  # fmt: skip
    if len(rows) > MOST_LINES:
        rows = [*rows[:MOST_LINES], ("", f"and {len(rows) - MOST_LINES} more lines; --json has them all", "", "", "")]
    return tuple(rows)


def _of_centre(desk: Desk, view: RecordView) -> tuple[tuple[Part, ...], Any]:
    """Return what gathered on a cost centre, and where it went."""
    start, end = month_so_far(desk)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, start, end)
    own = [item for item in found.spend.items if item.centre == view.id]
    currency, name = found.spend.currency, name_of(*month_of(start))
    spent = sum((item.exact for item in own), Fraction(0))
    gross = found.attribution.gross.get(view.id)
    went: list[tuple[str, Any]] = []
    for row in found.attribution.rows:
        went += [(found.names[row.service][1], one) for one in row.lines if one.source == view.number]
    went += [("idle", one) for one in found.attribution.idle_lines if one.source == view.number]
    went += [("unallocated", one) for one in found.attribution.unallocated_lines if one.source == view.number]
    handed = Decimal(0) if gross is None else gross - money(spent)
    title = f"cost in {name} so far: {amount(money(spent), currency)} of its own, {amount(handed)} handed on to it"
    came = tuple((item.key, item.title, amount(money(item.exact))) for item in own[:MOST_LINES])
    rows = tuple(
        (to, line.why, "" if line.rule is None else f"{found.names[line.rule][0]} v{line.version}", amount(line.amount))
        for to, line in went
    )
    data = {
        "period": name,
        "currency": currency,
        "own": text(money(spent)),
        "gross": text(gross),
        "costs": [{"number": item.key, "title": item.title, "amount": text(money(item.exact))} for item in own],
        "went": [{"to": to, **line_data(line, found.names)} for to, line in went],
    }
    return (
        Part(title, ("from", "what", "amount"), came, (2,)),
        Part("where it went", ("to", "why", "rule", "amount"), rows, (3,)),
    ), data


def _of_cost(desk: Desk, view: RecordView) -> tuple[tuple[Part, ...], Any]:
    """Return who bears a cost, and of an imported one the lines of its bill."""
    at = view.values["on"]
    start, end = month_of(at)
    with desk.database.read() as connection:
        found = ledger.reckon(connection, start, end, view.values["currency"])
        bill = [dict(row._mapping) for row in connection.execute(q.LINES_OF, {"cost": view.id})]
    rows = [
        (found.names[row.service][1], one) for row in found.attribution.rows for one in row.lines if one.source == view.number
    ]
    rows += [("unallocated", one) for one in found.attribution.unallocated_lines if one.source == view.number]
    centre = next((item.centre for item in found.spend.items if item.key == view.number), None)
    where = f"; it gathers on {found.names[centre][1]}: deskterm explain {found.names[centre][0]} cost" if centre else ""
    title = f"{amount(Decimal(view.values['amount']).scaleb(-2), view.values['currency'])} in {name_of(start, end)}{where}"
    parts = [Part(title, ("borne by", "why", "amount"), tuple((to, one.why, amount(one.amount)) for to, one in rows), (2,))]
    if bill:
        lines = tuple((str(one["line"]), one["category"], one["description"], one["effective"] or one["billed"]) for one in bill)
        parts.append(Part(f"{len(bill)} lines of its bill", ("line", "sort", "what", "cost"), lines[:MOST_LINES], (0, 3)))
    data = {
        "period": name_of(start, end),
        "currency": view.values["currency"],
        "borne": [{"by": to, **line_data(one, found.names)} for to, one in rows],
        "bill": [
            {name: one[name] for name in ("line", "billed", "effective", "category", "description", "resource")} for one in bill
        ],
    }
    return tuple(parts), data
