"""What happens if the data centre burns: impact analyses, backups, plans, two exercises and the night they were needed.

Payroll's plan works and was shown to; that of the patient records was shown once and its machines changed since; mail has no plan
yet, and its big outage says how that goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.desk import Desk
from deskterm.kinds import Registry
from deskterm.records import store, writing
from deskterm.records.unit import Unit

MANAGER = "sami"
MINUTE, HOUR, DAY = 60, 3_600, 86_400

ANALYSES: tuple[dict[str, Any], ...] = (
    {"service": "Payroll", "rto_seconds": "4h", "rpo_seconds": "1h", "wrt_seconds": "6h", "peak": "the 20th to the 25th",
     "impacts": {"financial": [["0", 1], ["4h", 2], ["1d", 4]], "reputation": [["0", 0], ["1d", 3], ["3d", 5]]},
     "minimum": "The bank file of last month can be sent again by hand."},
    {"service": "Patient records", "rto_seconds": "2h", "rpo_seconds": "15m", "wrt_seconds": "2h", "peak": "ward rounds, 7 to 10",
     "impacts": {"safety": [["0", 2], ["1h", 3], ["4h", 5]], "law": [["0", 1], ["1d", 4]]},
     "minimum": "Medication plans as PDF, printed on each ward at six."},
    {"service": "Web shop", "rto_seconds": "6h", "rpo_seconds": "1h", "wrt_seconds": "1h", "peak": "Thursdays from 18:00",
     "impacts": {"financial": [["0", 1], ["6h", 3], ["12h", 4]]}},
    {"service": "ERP", "rto_seconds": "8h", "rpo_seconds": "4h", "wrt_seconds": "18h",
     "impacts": {"financial": [["0", 0], ["8h", 2], ["1d", 4]]}},
    {"service": "Mail", "rto_seconds": "4h", "rpo_seconds": "24h", "wrt_seconds": "1h",
     "impacts": {"reputation": [["0", 1], ["4h", 3], ["12h", 4]]}},
    {"service": "Identity", "rto_seconds": "3h", "rpo_seconds": "24h",
     "impacts": {"operations": [["0", 2], ["3h", 4]]}},
    {"service": "Printing", "impacts": {"operations": [["0", 0], ["1d", 2]]}},
)  # fmt: skip
BACKUPS: tuple[dict[str, Any], ...] = (
    {"name": "Payroll, log shipping", "ci": "db-pay-1", "interval_seconds": "15m", "duration_seconds": "2m", "place": "Luckenau"},
    {"name": "Patient records, replica", "ci": "db-kis-1", "interval_seconds": "5m", "lag_seconds": "1m", "place": "Haus C"},
    {"name": "Shop, nightly", "ci": "db-shop-1", "interval_seconds": "24h", "duration_seconds": "40m", "place": "nas-backup"},
    {"name": "ERP, by day", "ci": "db-erp-1", "interval_seconds": "3h", "duration_seconds": "35m", "place": "nas-backup"},
    {"name": "Mail, nightly", "service": "Mail", "interval_seconds": "22h", "duration_seconds": "90m", "place": "nas-backup"},
)  # fmt: skip
CALLS = (
    "Sami Rashid, crisis lead, +49 30 23125-900\n"
    "  Tarık Özdemir, directory and network, +49 30 23125-901\n"  # noqa: RUF001 - as he spells it
    "    Karin Kvist, Nordlink, +49 30 23125-990\n"
    "  Olga Petrowa, applications, +49 30 23125-902\n"
    "    Grace Okafor, customers, +49 30 23125-903"
)
Step = tuple[str, int, tuple[str, ...], str, str]
PLANS: tuple[tuple[dict[str, Any], str, tuple[Step, ...]], ...] = (
    (
        {"name": "Payroll recovery", "services": ["Payroll"], "call_tree": CALLS, "site": "Luckenau, works 2",
         "trigger": "The hall in Potsdam is lost, or payroll is down for an hour between the 20th and the 25th.",
         "description": "Assumes that the lines to Luckenau stand and the copies there are whole."},
        "warm",
        (
            ("Call the crisis team", 15, (), "crisis lead", "By the call tree; the bridge is +49 30 23125-999."),
            ("Start hosts in Luckenau", 40, ("Call the crisis team",), "operator", "Power first, then storage, then the hosts."),
            ("Restore the payroll database", 55, ("Start hosts in Luckenau",), "database",
             "Roll the shipped logs forward to the newest.\nNote the instant of the last one: it is the newest data."),
            ("Bring up the directory", 30, ("Start hosts in Luckenau",), "network", "dc-02 takes the roles of dc-01."),
            ("Start payroll", 20, ("Restore the payroll database", "Bring up the directory"), "applications",
             "app-pay-01 first; two of three suffice."),
            ("Tell the customers", 10, ("Start payroll",), "customers", "Template: payroll is back."),
        ),
    ),
    (
        {"name": "Patient records on the wards", "services": ["Patient records"], "call_tree": CALLS, "site": "Haus C",
         "trigger": "No ward can open a record for ten minutes."},
        "hot",
        (
            ("Print the medication plans", 20, (), "ward", "Every ward prints what it has, at once."),
            ("Turn to the replica", 15, (), "database", "Promote db-kis-1 in Haus C."),
            ("Start the record servers", 25, ("Turn to the replica",), "applications", "app-kis-01, then app-kis-02."),
            ("Check laboratory and pictures", 30, ("Start the record servers",), "applications", "One finding of each."),
        ),
    ),
    (
        {"name": "Web shop from the copy", "services": ["Web shop"], "trigger": "The shop is down on a Thursday evening."},
        "",
        (
            ("Restore the shop database", 240, (), "database", "From nas-backup-1."),
            ("Start the shop servers", 45, ("Restore the shop database",), "applications", ""),
            ("Order something", 15, ("Start the shop servers",), "customers", "One basket, one payment, then cancel it."),
        ),
    ),
)  # fmt: skip
"""Fields, the strategy with which it is approved (none: it is a draft), steps: name, minutes, waits for, role, instructions."""
RISKS: tuple[dict[str, Any], ...] = (
    {"summary": "san-01 below everything: one store of disks, no second", "likelihood": 3, "impact": 5, "ci": "san-01",
     "treatment": "reduce", "measures": "A second store is in the budget of next year.", "owner": MANAGER},
    {"summary": "The river Nuthe reaches the cellar of the hall", "likelihood": 2, "impact": 5, "treatment": "transfer",
     "measures": "Insured; the hosts stand on the first floor.", "owner": MANAGER},
    {"summary": "Nordlink loses both lines to Wustermark at once", "likelihood": 3, "impact": 3, "service": "Network"},
    {"summary": "Two people know how payroll is restored", "likelihood": 4, "impact": 3, "service": "Payroll", "owner": "olga"},
)  # fmt: skip


def founded(database: Database, registry: Registry, now: int) -> None:
    """Rate services, note backups, write and approve plans, enter risks: seven weeks ago, before what follows touched them."""
    with _unit(database, registry, now - 49 * DAY, "rate services") as unit:
        for values in ANALYSES:
            _make(unit, "impact-analysis", values)
        for values in BACKUPS:
            _make(unit, "backup-schedule", values)
        for values in RISKS:
            _make(unit, "risk", values)
    with _unit(database, registry, now - 47 * DAY, "write plans") as unit:
        for values, strategy, steps in PLANS:
            _plan(unit, values, strategy, steps)


def _plan(unit: Unit, values: Mapping[str, Any], strategy: str, steps: Sequence[Step]) -> None:
    plan = _make(unit, "continuity-plan", {**values, "owner": MANAGER, "deputy": "olga", "evidence_days": 180})
    for name, minutes, after, role, instructions in steps:
        given = {"plan": plan, "name": name, "minutes": minutes, "after": list(after), "role": role, "instructions": instructions}
        _make(unit, "recovery-step", given)
    if strategy:
        unit.flush()
        writing.act(unit, store.load(unit.connection, unit.registry.kind("continuity-plan"), [plan])[plan], "approve",
                    {"strategy": strategy, "review_at": unit.at + 200 * DAY})  # fmt: skip


def drilled(database: Database, registry: Registry, now: int) -> None:
    """Exercise payroll twice, and run the plan of the patient records in earnest one night: 27, 16 and 7 days ago."""
    people = ("tarik", "olga", "grace")
    told: dict[str, Any] = {"scenario": "The hall is taken to be lost; nothing in Potsdam may be used.", "lead": MANAGER}
    review = "Rolling the logs forward took twice as long as planned: nobody knew the password of the store."
    _run(database, registry, now - 27 * DAY, "BCP-00001", 1.75, people, "nina", told, data_ago=40 * MINUTE, review=review)
    told = {"type": "invocation", "scenario": "Controller of the records' storage failed at night.", "lead": "olga"}
    review = "The replica took over; the pictures came half an hour later."
    _run(database, registry, now - 16 * DAY, "BCP-00002", 1.1, ("olga", "piet"), "grace", told, data_ago=360, review=review)
    told = {"scenario": "The same again, with the password in the safe.", "lead": MANAGER}
    review = "In time. The directory came up before the hosts were asked for it."
    _run(database, registry, now - 7 * DAY, "BCP-00001", 0.9, people, "nina", told, data_ago=18 * MINUTE, review=review)
    desk = desk_of(database, MANAGER, clock=FrozenClock(now - DAY), registry=registry)
    desk.create(
        "exercise", {"plan": "BCP-00002", "planned_at": now + 12 * DAY, "lead": "olga", "scenario": "Haus A without power."}
    )


def _run(
    database: Database, registry: Registry, at: int, plan: str, pace: float, people: Sequence[str], verifier: str,
    values: Mapping[str, Any], *, data_ago: int, review: str,
) -> None:  # fmt: skip
    """Live through a run: every step starts when those before it are done and takes so much of its planned time."""
    with _unit(database, registry, at, "run a plan") as unit:
        key = _make(unit, "exercise", {"plan": plan, **values})
        draft = store.load(unit.connection, unit.registry.kind("exercise"), [key])[key]
        _act(unit, draft.id, "begin", {})
        _step_by_step(unit, draft.id, at + 12 * MINUTE, pace, people)
        newest = at - data_ago
    clock = FrozenClock(_over_at(database, draft.id) + 10 * MINUTE)
    desk = desk_of(database, verifier, clock=clock, registry=registry)
    desk.act(draft.number, "verify", {"newest_data_at": newest})
    clock.advance(DAY)
    desk_of(database, MANAGER, clock=clock, registry=registry).act(draft.number, "close", {"review": review})


def _step_by_step(unit: Unit, key: int, begin: int, pace: float, people: Sequence[str]) -> None:
    from deskterm.continuity.run_steps import rows_of

    ends: dict[str, int] = {}
    moves: list[tuple[int, str, dict[str, Any]]] = []
    for place, step in enumerate(rows_of(unit.connection, key)):
        start = max((ends[name] for name in step.after), default=begin)
        ends[step.name] = start + int(step.seconds * pace)
        moves.append((start, "start-step", {"step": step.name, "who": people[place % len(people)]}))
        moves.append((ends[step.name], "finish-step", {"step": step.name}))
    for at, action, given in sorted(moves, key=lambda move: (move[0], move[1] != "finish-step")):
        unit.flush()
        unit.at = unit.recorded_at = at
        _act(unit, key, action, given)


def _over_at(database: Database, key: int) -> int:
    from deskterm.continuity.run_steps import rows_of

    with database.read() as connection:
        return max(one.finished_at or 0 for one in rows_of(connection, key))


@contextmanager
def _unit(database: Database, registry: Registry, at: int, what: str) -> Iterator[Unit]:
    desk: Desk = desk_of(database, MANAGER, clock=FrozenClock(at), registry=registry)
    with desk.unit(what) as unit:
        yield unit


def _make(unit: Unit, kind: str, values: Mapping[str, Any]) -> int:
    return writing.create(unit, unit.registry.kind(kind), values).id


def _act(unit: Unit, key: int, action: str, values: Mapping[str, Any]) -> None:
    draft = store.load(unit.connection, unit.registry.kind("exercise"), [key], locked=True)[key]
    writing.act(unit, draft, action, values)
