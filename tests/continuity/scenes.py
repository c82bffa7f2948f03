"""Desks for pictures and stories: services that stand well and badly, a plan with its parts, a run under way."""

from __future__ import annotations

from deskterm.desk import Desk
from tests.continuity.planning import HOUR, approved, managed, rated
from tests.desks import Cast

CALLS = (
    "Grace Okafor, crisis lead, +49 30 555 100\n  Tarik Demir, directory, +49 30 555 101\n  Ute Sommer, network, +49 30 555 102"
)
DAY = 86_400


def stage(cast: Cast) -> tuple[Desk, str, str]:
    """Make a desk with all there is to see; return who manages it, the plan's number and that of the run under way."""
    desk, ada = managed(cast), cast.ada
    for name, kind in (("db-pay-1", "database"), ("app-pay-1", "application")):
        ada.create("ci", {"name": name, "type": kind, "service": "Payroll"})
    host = ada.create("ci", {"name": "host-01", "type": "server"}).number
    ada.link("CI-00002", "runs-on", host)
    ada.link("CI-00003", "depends-on", "CI-00002")
    ada.link("CI-00001", "depends-on", host)
    ada.create("service", {"name": "Identity", "criticality": "high"})
    ada.link("CI-00003", "depends-on", "SVC-00003")
    rated(desk, rto_seconds="3h", rpo_seconds="30m", wrt_seconds="6h")
    desk.create("impact-analysis", {"service": "Workplace", "rto_seconds": "8h", "rpo_seconds": "24h"})
    desk.create("impact-analysis", {"service": "Identity", "rto_seconds": "12h", "mtpd_seconds": "24h", "wrt_seconds": "14h"})
    desk.create(
        "backup-schedule", {"name": "Nightly dump", "ci": "db-pay-1", "interval_seconds": "24h", "duration_seconds": "40m"}
    )
    plan = approved(desk, call_tree=CALLS, trigger="The data centre is lost, or payroll is down for an hour.", site="Luckenau")
    desk.act(plan, "revise", {"reason": "instructions"})
    desk.edit(
        "STP-00001", {"instructions": "Mount the newest dump from nas-backup-1.\nRun restore.sh as postgres.", "ci": "db-pay-1"}
    )
    desk.act(plan, "approve")
    now = cast.clock.now()
    for ago, took in ((40 * DAY, 190 * 60), (12 * DAY, 120 * 60)):
        stamps = {"disrupted_at": now - ago, "invoked_at": now - ago + 1500, "newest_data_at": now - ago - 1200}
        desk.create("exercise", {"plan": plan, **stamps, "verified_at": now - ago + took})
    desk.create("risk", {"summary": "The cellar floods", "likelihood": 2, "impact": 5, "owner": "max", "plan": plan})
    desk.create("risk", {"summary": "The supplier goes bankrupt", "likelihood": 3, "impact": 2})
    run = desk.create(
        "exercise", {"plan": plan, "type": "invocation", "scenario": "Fire in the data centre", "lead": "max"}
    ).number
    desk.act(run, "begin")
    cast.clock.advance(900)
    desk.act(run, "start-step", {"step": "1", "who": "bob"})
    cast.as_("eve").act(run, "start-step", {"step": "2"})
    cast.clock.advance(35 * 60)
    cast.as_("bob").act(run, "finish-step", {"step": "1", "note": "dump of 02:00"})
    cast.clock.advance(HOUR // 6 + 7)
    return desk, plan, run
