"""What Olga and her colleagues look into: causes that are known, one that is mended, one that is new, and what recurs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.demo.case import APPLICATIONS, DATABASE, NETWORK, WORKPLACE
from deskterm.desk import Desk
from deskterm.kinds import Registry
from deskterm.service_desk import contacts
from deskterm.service_desk.schema import Contact

DAY, HOUR = 86_400, 3_600
GATHERED = 24
"""Incidents of its sort that are linked to a problem."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something done to a problem, so many days ago."""

    days_ago: float
    who: str
    do: str
    """A workflow action, `edit` or `note`."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A problem as it is told."""

    summary: str
    days_ago: float
    who: str
    values: Mapping[str, Any]
    steps: tuple[Step, ...]
    alike: str = ""
    """Query that finds the incidents of its sort; empty: none is linked yet."""


def _why(text: str, *whys: dict[str, Any], verdict: str = "confirmed", evidence: str = "") -> dict[str, Any]:
    return {"text": text, "verdict": verdict, "evidence": evidence or None, "whys": list(whys)}


CASES = (
    Case(
        "VPN sessions end after ten minutes on vpn-gw-2", 23, "mei",
        {"service": "VPN", "ci": "vpn-gw-2", "category": "network", "impact": 2, "urgency": 2, "team": NETWORK, "assignee": "mei",
         "symptoms": "Thrown out of VPN again and again, every ten minutes; the little lock is grey", "versions": ["9.16.3"]},
        (
            Step(23, "mei", "investigate"),
            Step(22, "mei", "set-whys", {"whys": [_why(
                "The gateway says 'dead peer' although the peer is there",
                _why("It waits ten seconds for a keep-alive, clients send one every thirty",
                     _why("The profile was copied from the old gateway", evidence="compared both profiles")),
                _why("Lines at home drop packets", verdict="rejected", evidence="same calls are fine on vpn-gw-1"),
            )]}),
            Step(20, "mei", "edit", {"workaround": "Choose vpn-gw-1 in the client (Details, Gateway). It stays for good."}),
            Step(14, "mei", "edit", {
                "root_cause": "Keep-alive limit of vpn-gw-2 (10 s) is below the interval of the clients (30 s)",
                "root_cause_code": "configuration", "fix_seconds": 4 * HOUR}),
        ),
        'vpn (drops OR thrown)',
    ),
    Case(
        "Label printers at the dock print blank labels", 9, "lukas",
        {"service": "Printing", "category": "printing", "impact": 2, "urgency": 2, "team": WORKPLACE, "assignee": "lukas",
         "symptoms": "Label printer prints blanks; labels one line too low, scanner cannot read them"},
        (
            Step(9, "lukas", "investigate"),
            Step(8, "lukas", "set-whys", {"whys": [_why(
                "The head prints beside the label",
                _why("The gap sensor does not see where a label begins",
                     _why("The new rolls have a thinner backing", verdict="open"),
                     _why("Dust of the hall", verdict="open"), verdict="confirmed", evidence="reads 40 of 100 on new rolls"),
            )]}),
            Step(6, "samira", "note", {"text": "The rolls come from another supplier now. Asked them for one."}),
        ),
        'label* (blank* OR "one line")',
    ),
    Case(
        "Both mail servers stand on one disk shelf", 35, "olga",
        {"service": "Mail", "ci": "mail-01", "category": "mail", "impact": 1, "urgency": 2, "team": DATABASE, "assignee": "olga"},
        (
            Step(34, "olga", "investigate"),
            Step(33, "olga", "edit", {
                "root_cause": "The shelf's second controller was left in maintenance for ten weeks; its alarm was muted",
                "root_cause_code": "procedure",
                "workaround": "Mails wait at their senders; the web mail of the spare server reads what is there.",
                "fix_seconds": 9 * HOUR}),
            Step(12, "olga", "resolve", {"solution": "mail-02 stands on shelf 1; mutes end by themselves after a day."}),
        ),
    ),
    Case(
        "Payroll export needs a second run after month end", 4, "grace",
        {"service": "Payroll", "ci": "app-pay-02", "category": "software", "impact": 1, "urgency": 2, "team": APPLICATIONS,
         "assignee": "grace"},
        (Step(3, "grace", "investigate"),),
    ),
    Case(
        "Guest wireless takes the air from the wards in the afternoon", 60, "tarik",
        {"service": "Network", "ci": "wlc-1", "category": "network", "team": NETWORK, "assignee": "tarik"},
        (
            Step(59, "tarik", "investigate"),
            Step(55, "tarik", "edit", {
                "root_cause": "One radio serves guests and wards; there is no second one on the corridors",
                "root_cause_code": "capacity",
                "workaround": "Guests are limited to 5 Mbit/s for each device from 14:00 to 19:00.", "fix_seconds": 120 * HOUR}),
            Step(40, "olga", "accept-risk", {"risk_reason": "New radios come when Haus A is rebuilt next year."}),
        ),
    ),
)  # fmt: skip


RECURS = (
    (6.2, "bob", "Torsten Kuhl", "Till 3 freezes when a voucher is scanned", "Restarted the till."),
    (
        4.1,
        "eve",
        "Viktor Hahn",
        "Till freezes when a voucher is scanned",
        "Restarted the till; the voucher went through by hand.",
    ),
    (2.3, "bob", "Detlef Schramm", "Till 1 freezes when a voucher is scanned", "Restarted, vouchers are typed for now."),
    (1.2, "eve", "Torsten Kuhl", "Till freezes: voucher scanned", "Restarted the till."),
)
"""What nobody has put together yet: days ago, who took it, who called, what for, what was done."""


def problems(database: Database, registry: Registry, now: int) -> None:
    """Let problems be looked into up to `now`, link the incidents of their sort, and let come in what recurs besides."""
    for case in CASES:
        _tell(database, registry, case, now)
    for days_ago, who, caller, summary, solution in RECURS:
        _came(database, registry, now - int(days_ago * DAY), who, caller, summary, solution)


def _came(database: Database, registry: Registry, at: int, who: str, caller: str, summary: str, solution: str) -> None:
    """Let an incident come in and be solved on the telephone."""
    desk = desk_of(database, who, clock=FrozenClock(at), registry=registry)
    given = {"service": "Scanning", "category": "software", "impact": 2, "urgency": 2}
    taken = contacts.take(desk, Contact(summary, caller, details=given, handle_seconds=420))
    desk = desk_of(database, who, clock=FrozenClock(at + 420), registry=registry)
    desk.act(taken.record, "resolve", {"code": "workaround", "solution": solution})


def _tell(database: Database, registry: Registry, case: Case, now: int) -> None:
    def desk(who: str, days_ago: float) -> Desk:
        return desk_of(database, who, clock=FrozenClock(now - int(days_ago * DAY)), registry=registry)

    number = desk(case.who, case.days_ago).create("problem", {"summary": case.summary, **case.values}).number
    for step in case.steps:
        one = desk(step.who, step.days_ago)
        if step.do == "edit":
            one.edit(number, step.values)
        elif step.do == "note":
            one.note(number, str(step.values["text"]))
        else:
            one.act(number, step.do, step.values)
    if case.alike:
        lately = desk(case.who, 0)
        found = lately.page(lately.prepare(("incident",), case.alike, "-created_at"), limit=GATHERED).rows
        if found:
            lately.act(number, "gather", {"incidents": [row.number for row in found]})
