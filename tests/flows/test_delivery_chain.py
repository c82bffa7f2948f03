"""Service delivery as one chain, by keyboard: an alert, its outage, the recovery, what it cost, what the customer hears."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deskterm.clock import format_instant
from deskterm.doctor import examine
from deskterm.exchange.importing import run_import
from deskterm.explanations import explain
from deskterm.job_runs import run_job
from deskterm.reports import Period, run
from deskterm.service_level.jobs import JOBS
from deskterm.service_level.review_reading import read_review
from screens.board import BoardScreen
from screens.continuity import ContinuityScreen
from screens.form import FormScreen
from screens.kind_list import KindListScreen
from screens.modals.page import PageModal
from screens.queue import QueueScreen
from screens.record import RecordScreen
from screens.recovery_run import RunScreen
from tests.continuity.planning import approved, managed, rated
from tests.desks import MONDAY, Cast
from tests.flows.hands import Hands
from tests.screens.consoles import LARGE, SMALL, console, settled, until

MINUTE, HOUR, DAY = 60, 3_600, 86_400
INCIDENT, OUTAGE, PLAN, RUN, REVIEW, ACTION = "INC-00001", "OUT-00001", "BCP-00001", "EXE-00001", "REV-00001", "IMP-00001"


class Delivery:
    """The people of the story and what they do, a chapter each."""

    def __init__(self, cast: Cast, size: tuple[int, int], folder: Path) -> None:
        self.cast, self.size, self.folder = cast, size, folder

    @asynccontextmanager
    async def at_the_console(self, login: str) -> AsyncIterator[Hands]:
        """Yield the hands of somebody who has just come to a console."""
        async with console(self.cast, login, size=self.size) as pilot:
            yield Hands(pilot)

    def state(self, number: str) -> str:
        """Return the state of a record."""
        return self.cast.ada.show(number).state

    def explained(self, number: str, what: str) -> Any:
        """Return what stands behind a figure of a record."""
        return explain(self.cast.ada, number, what).data[what]

    def prepare(self) -> None:
        """Before the story: payroll stands on a server, is promised to be up, has a plan, and an hour of it has a price."""
        ada, max_ = self.cast.ada, managed(self.cast)
        for login, role in (("lea", "service-level-manager"), ("avi", "availability-manager")):
            ada.create("agent", {"login": login, "roles": ["agent", role]})
        ada.create("ci", {"name": "pay-1", "type": "server", "service": "Payroll"})
        ada.edit("SVC-00002", {"downtime_cost_per_hour": "1200"})
        ada.create("labour-rate", {"amount": "60", "valid_from": "2026-01-01"})
        ada.create("agreement", {"name": "Payroll up", "calendar": "Office", "service": "Payroll", "valid_from": "2020-01-01"})
        up = {"agreement": "Payroll up", "metric": "availability", "amount_seconds": "1h", "objective": "99.5"}
        ada.create("target", up)
        rated(max_, rto_seconds="3h", rpo_seconds="24h")
        assert approved(max_) == PLAN

    def alert(self, status: str, at: int) -> None:
        """Let monitoring tell that the server is down, or up again."""
        labels = {"alertname": "HostDown", "instance": "pay-1:9100", "severity": "critical"}
        ends_at = format_instant(at) if status == "resolved" else "0001-01-01T00:00:00Z"
        one = {
            "status": status, "labels": labels, "annotations": {"summary": "pay-1 does not answer"}, "fingerprint": "f1",
            "startsAt": format_instant(MONDAY), "endsAt": ends_at, "generatorURL": "https://prometheus.example/",
        }  # fmt: skip
        whole = {
            "version": "4", "status": status, "receiver": "desk", "alerts": [one], "groupLabels": {}, "commonLabels": labels,
            "commonAnnotations": {}, "externalURL": "https://alerts.example", "groupKey": "g", "truncatedAlerts": 0,
        }  # fmt: skip
        path = self.folder / f"{status}.json"
        path.write_text(json.dumps(whole), encoding="utf-8")
        run_import(self.cast.as_("sue"), "alertmanager", path)

    async def an_alert_becomes_an_incident(self) -> None:
        self.alert("firing", MONDAY)
        self.cast.clock.advance(5 * MINUTE)
        async with self.at_the_console("bob") as bob:
            await bob.press("app.queue")
            await bob.at(QueueScreen)
            await bob.press("queue.view_after", "queue.view_after")
            await bob.see(INCIDENT, "pay-1 does not answer")
            await bob.open(INCIDENT)
            await bob.press("ticket.take")
            await bob.act("Start")
            await until(bob.pilot, lambda: self.state(INCIDENT) == "in-progress")
        values = self.cast.ada.show(INCIDENT).values
        assert (values["priority"], values["occurred_at"]) == (1, MONDAY), "it began when monitoring says, not when it was read"

    async def the_outage_is_recorded(self) -> None:
        async with self.at_the_console("avi") as avi:
            await avi.press("app.new")
            await avi.choose("outage")
            await avi.at(FormScreen)
            await avi.save(ci="pay-1", started_at="2026-11-02T09:00Z", incident=INCIDENT)
            await avi.see(OUTAGE)
        assert self.state(OUTAGE) == "down"

    async def the_plan_is_invoked(self) -> None:
        async with self.at_the_console("max") as max_:
            await max_.press("app.continuity")
            await max_.at(ContinuityScreen)
            await max_.see("Payroll")
            await max_.press("continuity.tab_after")
            await max_.see(PLAN)
            await max_.press("continuity.run")
            await max_.see(f"Run {PLAN}")
            await max_.pilot.press("down", "enter")
            await max_.see("It begins now unless you say when it was disrupted.")
            await max_.save(disrupted_at="2026-11-02T09:00Z", incident=INCIDENT)
            await max_.at(RunScreen)
            await max_.see("invocation  0 of 3 done")
            for _ in range(3):
                await max_.press("run.start")
                await max_.see("1 running")
                self.cast.clock.advance(20 * MINUTE)
                await max_.press("run.finish")
                await settled(max_.pilot)
                await max_.press("list.down")
            await max_.see("3 of 3 done")
        async with self.at_the_console("bob") as bob:
            await bob.open(RUN)
            await bob.at(RunScreen)
            await bob.press("run.verify")
            await bob.see("You confirm that the service works.")
            await bob.press("form.submit")
            await bob.see("invocation, verified")
        values = self.cast.ada.show(RUN).values
        assert (values["result"], values["rto_actual_seconds"]) == ("met", 65 * MINUTE), "of the three hours that were allowed"

    async def it_is_over(self) -> None:
        self.alert("resolved", self.cast.clock.now())
        async with self.at_the_console("avi") as avi:
            await avi.open(OUTAGE)
            await avi.act("End")
            await until(avi.pilot, lambda: self.cast.ada.show(OUTAGE).values["ended_at"] == self.cast.clock.now())
        async with self.at_the_console("bob") as bob:
            await bob.open(INCIDENT)
            if self.state(INCIDENT) == "in-progress":
                await bob.act("Resolve", code="solved", solution="Brought back by the plan")
            await until(bob.pilot, lambda: self.state(INCIDENT) == "resolved")

    def minutes_are_attributed(self) -> None:
        """An hour and five minutes of payroll, all of it by the server."""
        report = run(self.cast.ada, "availability", Period(MONDAY, MONDAY + 10 * HOUR), {})
        row = next(one for one in report.data["rows"] if one.get("service") == "Payroll")
        assert (row["downtime_seconds"], row["outages"]) == (65 * MINUTE, 1)
        assert [(one["ci"], one["seconds"]) for one in row["attribution"]] == [("pay-1", 65 * MINUTE)]

    async def what_it_cost_is_explained(self) -> None:
        async with self.at_the_console("bob") as bob:
            await bob.open(INCIDENT)
            await bob.press("ticket.figures")
            await bob.at(PageModal)
            await bob.see("downtime 1,300.00")
        assert self.explained(INCIDENT, "cost")["downtime"] == "1300.00", "65 minutes at 1200.00 an hour"

    async def the_customer_hears_of_it(self) -> None:
        self.cast.clock.at = MONDAY + 5 * DAY
        async with self.at_the_console("lea") as lea:
            await lea.press("app.levels")
            await lea.at(BoardScreen)
            await lea.press("board.reviews")
            await lea.at(KindListScreen)
            await lea.press("kinds.create")
            await lea.at(FormScreen)
            await lea.save(
                service="Payroll", from_at="2026-11-02T00:00Z", to_at="2026-11-07T00:00Z", comments="We are sorry for Monday."
            )
            await lea.see(REVIEW)
            await lea.press("app.back")
            await lea.at(BoardScreen)
            await lea.press("board.programme")
            await lea.at(KindListScreen)
            await lea.press("kinds.create")
            await lea.at(FormScreen)
            await lea.save(
                summary="A second payroll server", review=REVIEW, owner="bob", finish_by="2026-12-01",
                measure="minutes of downtime a month", before="65", wanted="5",
            )  # fmt: skip
            await lea.see(ACTION)
            await lea.open(ACTION)
            await lea.act("Approve")
            await until(lea.pilot, lambda: self.state(ACTION) == "approved")
        self.cast.clock.at = MONDAY + 6 * DAY
        async with self.at_the_console("lea") as lea:
            await lea.open(REVIEW)
            await lea.at(RecordScreen)
            await lea.act("Publish")
            await until(lea.pilot, lambda: self.state(REVIEW) == "published")
            await lea.press("ticket.explain")
            await lea.at(PageModal)
            await lea.see("Achieved against agreed")
            await lea.pilot.press("pagedown")
            await lea.see("Availability", "not kept")

    def tell(self) -> None:
        """The review says all of it, sealed; and the desk is whole."""
        found = read_review(self.cast.ada, REVIEW)
        assert (found.intact, found.since) == (True, ())
        measured = found.content["availability"][0]
        assert (measured["service"], measured["downtime_seconds"], measured["verdict"]) == ("Payroll", 65 * MINUTE, "not kept")
        assert [one["number"] for one in found.content["actions"]] == [ACTION]
        assert found.content["comments"] == "We are sorry for Monday."
        for job in JOBS:
            run_job(job, self.cast.database, self.cast.ada.registry, self.cast.clock.now())
        findings = examine(self.cast.database, clock=self.cast.clock, registry=self.cast.ada.registry)
        assert [one for one in findings if one.code != "job-overdue"] == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_from_an_alert_to_what_the_customer_hears(cast: Cast, size: tuple[int, int], tmp_path: Path) -> None:
    story = Delivery(cast, size, tmp_path)
    story.prepare()
    await story.an_alert_becomes_an_incident()
    await story.the_outage_is_recorded()
    await story.the_plan_is_invoked()
    await story.it_is_over()
    story.minutes_are_attributed()
    await story.what_it_cost_is_explained()
    await story.the_customer_hears_of_it()
    story.tell()
