"""Changes of the demo: those that are over, one that failed and what it broke, tonight's, an agenda, an emergency, a freeze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.civil_time import date_of
from deskterm.clock import FrozenClock
from deskterm.demo.cast import ADMINISTRATOR
from deskterm.demo.roster import BERLIN, wall
from deskterm.desk import Desk
from deskterm.kinds import Registry

HOUR, DAY = 3_600, 86_400
BOARD, COMMITTEE = "Change advisory board", "Emergency committee"
MEMBERS, FEW = ("ada", "grace", "mei", "olga", "lukas"), ("ada", "grace", "olga")
CALM = {
    "complexity": "low",
    "experience": "often",
    "users": "few",
    "tested": "fully",
    "backout_tested": "yes",
    "timing": "outside-hours",
}
BOLD = {
    "complexity": "high",
    "experience": "never",
    "users": "many",
    "tested": "partly",
    "backout_tested": "no",
    "timing": "edge",
}


@dataclass(frozen=True, slots=True)
class Story:
    """One change as it is told: who raises it, on what, when, why and how."""

    author: str
    summary: str
    cis: tuple[str, ...]
    reason: str
    plan: str
    backout: str
    test: str
    answers: Mapping[str, str] = field(default_factory=lambda: CALM)
    category: str = "minor"
    type: str = "normal"
    disruption: str = "down"


PAST = (
    (21, "successful", Story(
        "mei", "Newer firmware on the edge firewalls", ("fw-edge-1", "fw-edge-2"), "Two holes that the maker has closed.",
        "1. Standby first\n2. Fail over\n3. The other one", "Boot the old image, it stays on the second slot",
        "A call, a mail and an order from outside")),
    (16, "successful-with-issues", Story(
        "sami", "Move mail databases 4 and 5 to shelf 1", ("mail-02",), "After the bad Tuesday: not all on one shelf again.",
        "1. Seed a copy\n2. Switch over at night\n3. Drop the old one", "Switch back; the old copy stays for a week",
        "Send and receive for one mailbox of each database", category="significant")),
    (9, "successful", Story(
        "olga", "Patch the payroll servers, one at a time", ("app-pay-01", "app-pay-02", "app-pay-03"), "Patches of the quarter.",
        "One server a night, the others carry on", "Snapshot from before", "Trial run for one employee", disruption="degraded")),
)  # fmt: skip
"""Days ago, how it ended, and the change."""
ISSUE = "Done within the window, but one database took twice as long to seed as its test had."

FAILED = Story(
    "tarik", "Spanning tree on the access switches", (), "Loops by patched telephones brought a floor down twice.",
    "Turn it on switch by switch, from the core outwards", "Restore the saved configuration over the serial line",
    "Ring a telephone behind each switch", answers=BOLD, category="significant",
)  # fmt: skip
REVIEW = (
    "What: the edge ports were not marked, so every telephone waited half a minute for its line and gave up.\n"
    "Why: tried on one switch in the cellar, which has no telephones.\n"
    "What we change: the test place gets telephones; the plan lists the edge ports; back-out is tried before, not during."
)
TONIGHT = Story(
    "sami", "Swap the controller of mail shelf 3", ("mail-01",), "The spare from Berlin was a loan and goes back on Friday.",
    "1. Move what runs to mail-02\n2. Swap\n3. Scrub\n4. Move back", "Put the loan back in; it stays in the rack until Friday",
    "Read and write on all five databases", category="significant",
)  # fmt: skip
STEPS = (
    ("prepare", "Tell the clinics' night porters", "eve", -2 * HOUR, -HOUR),
    ("implement", "Move mailboxes to mail-02 and swap the controller", "sami", 0, 2 * HOUR),
    ("verify", "Read and write on all five databases", "olga", 2 * HOUR, 3 * HOUR),
)
AGENDA = (
    (0, 22, 2, Story(
        "olga", "New virus patterns engine for the mail gateway", ("mailgate-01",), "The old engine ends with this month.",
        "Install beside the old one, switch, keep the old one a day", "Switch back", "The test virus, a large mail, a signed one",
        answers=CALM)),
    (4, 21, 5, Story(
        "olga", "Raise ERP to 8.4", ("app-erp-01", "app-erp-02", "db-erp-1"), "8.2 is out of support in spring.",
        "1. Freeze orders\n2. Back up\n3. Raise the schema\n4. Both servers", "Restore the backup: two hours",
        "Fifty orders of last week, played again", answers=BOLD, category="major")),
    (6, 5, 2, Story(
        "mei", "Second line for Haus B", ("sw-haus-b-1",), "One digger is enough to cut the pharmacy off.",
        "Patch, bring up, let routing settle", "Pull the new line", "Pull the old line for a minute",
        answers={**CALM, "experience": "once"}, disruption="degraded")),
)  # fmt: skip
"""Days ahead, hour, hours long, and the change. The first meets tonight's: mail goes through the gateway."""
URGENT = Story(
    "mei", "Close the hole in the VPN gateways", ("vpn-gw-1", "vpn-gw-2"), "Two neighbours lost their files today.",
    "Patch the standby, fail over, patch the other", "Fail back to the one that is not patched yet, block the countries",
    "Log in from outside with a second factor", answers={**CALM, "tested": "no", "users": "many"}, category="significant",
    type="emergency",
)  # fmt: skip
TEMPLATE = {
    "name": "Restart the print queue server", "cis": ["print-01"], "service": "Printing", "category": "minor",
    "reason": "The queue hangs and swallows labels", "plan": "Stop the queue, restart, print a page on each floor",
    "backout_plan": "Start the standby queue", "test_plan": "A label on dock 4", "risk_answers": CALM, "duration_seconds": "30m",
    "disruption": "down",
}  # fmt: skip


class _Stage:
    """The people of the demo, each at the instant at which they act."""

    def __init__(self, database: Database, registry: Registry, now: int) -> None:
        self.now = now
        self.clock = FrozenClock(now)
        self._desks: dict[str, Desk] = {}
        self._database, self._registry = database, registry

    def at(self, login: str, at: int) -> Desk:
        """Return somebody's desk at an instant, the present at the latest."""
        self.clock.at = min(at, self.now)
        if login not in self._desks:
            self._desks[login] = desk_of(self._database, login, clock=self.clock, registry=self._registry)
        return self._desks[login]

    def wall(self, days: int, hour: int) -> int:
        """Return an instant by the clock on the wall, so many days from today."""
        return wall(date_of(self.now, BERLIN) + timedelta(days=days), hour)

    def raise_(self, story: Story, at: int, start: int, end: int) -> str:
        """Raise a change and submit it."""
        desk = self.at(story.author, at)
        values: dict[str, Any] = {
            "summary": story.summary, "type": story.type, "category": story.category, "cis": list(story.cis),
            "reason": story.reason, "plan": story.plan, "backout_plan": story.backout, "test_plan": story.test,
            "risk_answers": dict(story.answers),
            "disruption": story.disruption, "window_start": start, "window_end": end, "assignee": story.author,
        }  # fmt: skip
        number = desk.create("change", values).number
        desk.act(number, "submit")
        return number

    def decide(self, story: Story, number: str, at: int) -> None:
        """Assess a change and vote for it, until the board has agreed."""
        if story.type == "normal":
            self.at("grace", at).act(number, "assess")
        for place, login in enumerate([one for one in (MEMBERS if story.type == "normal" else FEW) if one != story.author][:3]):
            desk = self.at(login, at + (place + 1) * 600)
            if desk.show(number).state in ("submitted", "assessing"):
                desk.act(number, "approve")

    def carry_out(self, story: Story, number: str, start: int, end: int, code: str, review: str = "") -> None:
        """Schedule, do, review and close a change that was decided for."""
        self.at("grace", start - DAY).act(number, "schedule")
        self.at(story.author, start).act(number, "implement")
        self.at(story.author, end).act(number, "complete", {"code": code, **({"review": review} if review else {})})
        self.at("grace", end + 10 * HOUR).act(number, "close")


def changes(database: Database, registry: Registry, now: int) -> None:
    """Tell the changes of the quarter."""
    stage = _Stage(database, registry, now)
    _rules(stage)
    for days, code, story in PAST:
        start = stage.wall(-days, 21)
        number = stage.raise_(story, start - 9 * DAY, start, start + 3 * HOUR)
        stage.decide(story, number, start - 5 * DAY)
        stage.carry_out(story, number, start, start + 3 * HOUR - 900, code, "" if code == "successful" else ISSUE)
    _failure(stage)
    _tonight(stage)
    for days, hour, hours, story in AGENDA:
        start = max(stage.wall(days, hour), now + HOUR)
        number = stage.raise_(story, now - 3 * DAY, start, start + hours * HOUR)
        stage.at("grace", now - DAY).act(number, "assess")
        if days:
            stage.at("lukas", now - 5 * HOUR).act(number, "approve", {"comment": "Nothing of mine is on it."})
    stage.raise_(URGENT, now - HOUR // 2, now + 4 * HOUR, now + 6 * HOUR)
    values = {
        "summary": "Print queue, after the labels of Tuesday",
        "template": TEMPLATE["name"],
        "window_start": stage.wall(1, 6),
    }
    standard = stage.at("samira", now - HOUR).create("change", values).number
    stage.at("samira", now - HOUR).act(standard, "submit")


def _rules(stage: _Stage) -> None:
    """Set up the boards, what is approved once for all, and the freeze around the payroll run."""
    chief = stage.at(ADMINISTRATOR[0], stage.now - 60 * DAY)
    for name, sort, members, rule, quorum in ((BOARD, "cab", MEMBERS, "majority", 3), (COMMITTEE, "ecab", FEW, "majority", 2)):
        values = {"name": name, "type": sort, "members": list(members), "rule": rule, "quorum": quorum, "chair": "grace"}
        chief.create("board", values)
    template = chief.create("change-template", TEMPLATE).number
    chief.act(template, "approve")
    begin = stage.wall(3, 0)
    chief.create("freeze", {
        "summary": "Payroll run", "starts_at": begin, "ends_at": begin + 2 * DAY, "services": ["Payroll"],
        "reason": "The bank closes at 16:00; nobody touches what pays people.",
    })  # fmt: skip


def _failure(stage: _Stage) -> None:
    """Let a change fail, and an incident of those days name it as its cause."""
    desk = stage.at("grace", stage.now)
    rows = desk.page(
        desk.prepare(("incident",), "ci:any -state:closed -state:cancelled service:Network", "occurred_at"), limit=1
    ).rows
    found = desk.show(rows[0].number) if rows else None
    ended = (found.values["occurred_at"] if found is not None else stage.now - 2 * DAY) - HOUR
    story = FAILED
    ci = found.names[found.values["ci"]].title if found is not None else "sw-haus-a-1"
    told = Story(
        story.author, story.summary, (ci,), story.reason, story.plan, story.backout, story.test, story.answers, story.category
    )
    start = ended - 3 * HOUR
    number = stage.raise_(told, start - 8 * DAY, start, start + 2 * HOUR)
    stage.decide(told, number, start - 3 * DAY)
    stage.carry_out(told, number, start, ended, "failed", REVIEW)
    if found is not None:
        stage.at("grace", stage.now).edit(found.number, {"caused_by": number})


def _tonight(stage: _Stage) -> None:
    """Schedule a change for the coming night, with its steps."""
    start = stage.wall(0, 22) if stage.wall(0, 22) > stage.now + HOUR else stage.wall(1, 22)
    number = stage.raise_(TONIGHT, stage.now - 6 * DAY, start, start + 4 * HOUR)
    stage.decide(TONIGHT, number, stage.now - 2 * DAY)
    stage.at("grace", stage.now - DAY).act(number, "schedule")
    desk = stage.at("sami", stage.now - DAY)
    for step, summary, login, begin, end in STEPS:
        values = {"summary": summary, "change": number, "step": step, "assignee": login, "planned_start": start + begin}
        desk.create("work-order", {**values, "planned_end": start + end})
