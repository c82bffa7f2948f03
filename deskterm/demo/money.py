"""What the demo desk costs: four months of bills and salaries, how they are passed on, budgets, prices, charge runs, a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.demo.case import APPLICATIONS, DATABASE, DESK, NETWORK, WORKPLACE
from deskterm.demo.cast import CLINIC, SHOPS
from deskterm.desk import Desk
from deskterm.financial.months import month_of
from deskterm.kinds import Registry
from deskterm.records import writing

MANAGER = "henrik"
DAY = 86_400
HALL, LINES, PEOPLE, OVERHEAD = "Data centre", "Lines and wireless", "Service desk", "Overheads"
MONTHS = 4

CENTRES = {
    HALL: ("sami", "Rent, power and cooling of the hall in Potsdam."),
    LINES: ("mei", "What Nordlink and the wireless cost."),
    PEOPLE: ("nina", "The first line and the people behind it."),
    OVERHEAD: (MANAGER, "Premises, training, licences of our own tools."),
}

RULES: tuple[dict[str, Any], ...] = (
    {"from": HALL, "shares": {"ERP": 24, "Payroll": 10, "Patient records": 22, "File shares": 18, "Mail": 9, "Web shop": 8},
     "capacity": 120, "unit": "rack units", "position": 10},
    {"from": LINES, "shares": {"Network": 0.5, "VPN": 0.2, "Telephony": 0.2, "Web shop": 0.1}, "position": 20},
    {"from": PEOPLE, "driver": "incidents", "position": 30},
    {"from": OVERHEAD, "shares": {PEOPLE: 0.4, HALL: 0.3, LINES: 0.2}, "position": 5},
)  # fmt: skip
"""A tenth of the overheads is left over: somebody has to decide about it."""

# name, element, amount, for what, more
MONTHLY: tuple[tuple[str, str, str, Mapping[str, str], Mapping[str, Any]], ...] = (
    ("Rent of the hall", "accommodation", "9800.00", {"centre": HALL}, {}),
    ("Power and cooling", "accommodation", "6240.35", {"centre": HALL}, {"behaviour": "variable"}),
    ("Lines of Nordlink", "external", "7415.00", {"centre": LINES}, {"supplier": "Nordlink"}),
    ("Salaries, first line", "people", "31200.00", {"centre": PEOPLE}, {}),
    ("Salaries, applications", "people", "14600.00", {"centre": PEOPLE}, {}),
    ("Office and training", "accommodation", "5120.00", {"centre": OVERHEAD}, {}),
    ("ERP maintenance", "software", "8900.00", {"service": "ERP"}, {"supplier": "Unikorn"}),
    ("Payroll software", "software", "3450.00", {"service": "Payroll"}, {}),
    ("Archive of pictures", "external", "2780.40", {"service": "Patient records"}, {"behaviour": "variable"}),
    ("Hosting of the web shop", "external", "4310.77", {"service": "Web shop"}, {"currency": "USD", "behaviour": "variable"}),
    ("Mail filter", "external", "1190.00", {"service": "Mail"}, {"currency": "USD"}),
    ("Toner and paper", "hardware", "640.18", {"service": "Printing"}, {"behaviour": "variable"}),
)

ONCE: tuple[tuple[int, dict[str, Any]], ...] = (
    (75, {"name": "Overhaul of the uninterruptible supply", "element": "external", "amount": "4200.00", "centre": HALL}),
    (52, {"name": "Second firewall support", "element": "external", "amount": "1850.00", "ci": "fw-edge-1"}),
    (40, {"name": "Credit for the line outage", "element": "external", "amount": "-1200.00", "centre": LINES,
          "supplier": "Nordlink"}),
    (12, {"name": "New fan trays for the core switch", "element": "hardware", "amount": "389.90", "ci": "sw-core-1"}),
    (9, {"name": "Consultant for the identity roll-out", "element": "people", "amount": "6400.00", "service": "Identity"}),
    (3, {"name": "Forgotten invoice, nobody claims it", "element": "external", "amount": "312.50"}),
)  # fmt: skip
"""Days ago, and what."""

RATES = ((DESK, "46.00"), (WORKPLACE, "52.00"), (NETWORK, "68.00"), (APPLICATIONS, "74.00"), (DATABASE, "74.00"))


def money(database: Database, registry: Registry, now: int) -> None:
    """Record the quarter's money up to `now`, and let the financial manager charge for it."""
    start = _month_back(now, MONTHS - 1)
    with _manager(database, registry, now).unit("set up finance") as unit:
        unit.remembered = {}
        for kind, values in _policy(start, now):
            writing.create(unit, registry.kind(kind), values)
        for values in _costs(start, now):
            writing.create(unit, registry.kind("cost"), values)
    _charge(_manager(database, registry, now), start, now)


def _manager(database: Database, registry: Registry, now: int) -> Desk:
    return desk_of(database, MANAGER, clock=FrozenClock(now), registry=registry)


def _month_back(now: int, count: int) -> int:
    at = month_of(now)[0]
    for _ in range(count):
        at = month_of(at - 1)[0]
    return at


def _policy(start: int, now: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, (manager, note) in CENTRES.items():
        yield "cost-centre", {"name": name, "manager": manager, "note": note}
    for rule in RULES:
        yield "allocation-rule", {**rule, "valid_from": start}
    for back, rate in ((MONTHS - 1, "0.9120"), (1, "0.8975")):
        yield "exchange-rate", {"currency": "USD", "into": "EUR", "rate": rate, "valid_from": _month_back(now, back)}
    for team, amount in RATES:
        yield "labour-rate", {"team": team, "amount": amount, "valid_from": start}
    yield "labour-rate", {"amount": "50.00", "valid_from": start}
    yield "price", {"method": "cost", "basis": "users", "valid_from": start}
    yield "price", {"service": "Web shop", "customer": SHOPS, "method": "cost-plus", "markup": 8, "valid_from": start}
    yield "price", {"service": "Patient records", "customer": CLINIC, "method": "cost-plus", "markup": 5, "valid_from": start}
    yield "price", {"service": "Mail", "method": "unit", "amount": "4.50", "basis": "users", "valid_from": start}
    first, last = month_of(now)
    year = {"starts_at": start, "ends_at": last}
    yield "budget", {"name": "Hall, four months", "centre": HALL, "amount": "71000", **year}
    yield "budget", {"name": "Lines, four months", "centre": LINES, "amount": "29500", **year}
    yield "budget", {"name": "ERP, this month", "service": "ERP", "amount": "30000", "starts_at": first, "ends_at": last}
    yield (
        "budget",
        {"name": "Identity, this month", "service": "Identity", "amount": "20000", "starts_at": first, "ends_at": last},
    )
    yield "business-case", {
        "name": "A second radio for the wards", "record": "Network", "flows": [-28_000, 9_500, 9_500, 9_500, 9_500], "rate": "6",
        "objective": "99.95", "description": "Guests and wards share one radio; the cost of its outages is the return.",
    }  # fmt: skip


def _costs(start: int, now: int) -> Iterator[dict[str, Any]]:
    at = start
    while at < now:
        first, last = month_of(at)
        for place, (name, element, amount, target, more) in enumerate(MONTHLY):
            day = first + (place % 9) * DAY
            if day < now:
                yield {"name": name, "element": element, "amount": amount, "on": day, **target, **more}
        at = last
    for days, values in ONCE:
        yield {**values, "on": now - days * DAY}
    year = {"on": start, "until": start + 365 * DAY}
    yield {"name": "Licences of the reports, a year", "element": "software", "amount": "18250.00", "service": "BI", **year}


def _charge(desk: Desk, start: int, now: int) -> None:
    """Issue the first two months, with a credit for the first; last month waits as a draft."""
    at = start
    for place in range(MONTHS - 1):
        first, last = month_of(at)
        number = desk.create("charge-run", {"starts_at": first, "ends_at": last, "notional": False}).number
        desk.act(number, "issue" if place < MONTHS - 2 else "reckon")
        if not place:
            given = {"customer": SHOPS, "amount": "450.00", "reason": "The web shop was away on a Saturday"}
            desk.act(number, "credit", given)
        at = last
