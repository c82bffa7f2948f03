"""How continuity stands: objectives through the graph, gaps, evidence that grows stale, major incidents as unplanned drills."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.continuity.health import LEVELS, health
from deskterm.continuity.schema import ServiceLine
from deskterm.continuity.standing import standing
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.explanations import explain
from deskterm.forms.hints import hints_for
from deskterm.health import Word
from deskterm.reports import Period, run
from screens.continuity_rows import GAP_WORDS
from tests.continuity.planning import HOUR, approved, at, drill, managed, planned, rated, running
from tests.desks import Cast

DAY = 86_400


def line(desk: Desk, service: str = "Payroll") -> ServiceLine:
    """Return how one service stands."""
    return next(one for one in standing(desk).services if one.service == service)


def codes(desk: Desk, service: str = "Payroll") -> dict[str, int | None]:
    """Return the gaps of one service."""
    return {gap.code: gap.seconds for gap in line(desk, service).gaps}


def ci(desk: Desk, name: str, **values: Any) -> str:
    """Make a CI."""
    return desk.create("ci", {"name": name, "type": "server", **values}).number


def test_the_report_reads_as_acceptance_expects(any_cast: Cast) -> None:
    desk = managed(any_cast)
    rated(desk, rto_seconds="3h", rpo_seconds="30m", wrt_seconds="22h")
    number = approved(desk)
    drill(desk, number)
    drill(desk, number, disrupted_at=at("14:00"), invoked_at=at("14:00"), newest_data_at=at("14:00"), verified_at=at("15:30"))
    data = run(desk, "continuity", Period(), {"service": "Payroll"}).data
    (row,) = data["rows"]
    wanted = {
        "service": "Payroll", "rto_seconds": 3 * HOUR, "rpo_seconds": 1800, "mtpd_seconds": 24 * HOUR,
        "planned_seconds": 105 * 60, "critical_path": ["Start hosts", "Check payslips"],
        "drills": 2, "met": 1, "worst_seconds": 190 * 60,
        "latest_seconds": 90 * 60, "stale": False,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert {gap["code"]: gap["seconds"] for gap in row["gaps"]} == {"mtpd": HOUR, "no-backup": None}
    (row,) = run(desk, "continuity", Period(at("14:00"), at("16:00")), {}).data["rows"]
    assert (row["drills"], row["met"]) == (1, 1)
    with pytest.raises(InvalidInput, match="it takes service"):
        run(desk, "continuity", Period(), {"by": "team"})
    with pytest.raises(InvalidInput, match="there is no service"):
        run(desk, "continuity", Period(), {"service": "nothing"})
    with pytest.raises(NotAllowed):
        run(any_cast.as_("maria"), "continuity", Period(), {})


def test_nothing_is_neither_met_nor_missed(cast: Cast) -> None:
    desk = managed(cast)
    assert run(desk, "continuity", Period(), {}).data["rows"] == []
    planned(desk)
    (row,) = run(desk, "continuity", Period(), {}).data["rows"]
    for name in ("rto_seconds", "rpo_seconds", "mtpd_seconds", "met", "worst_seconds", "latest_seconds", "stale"):
        assert row[name] is None, name
    assert row["drills"] == 0
    assert set(codes(desk)) == {"unrated", "not-approved", "never-shown"}
    drill(desk, "BCP-00001")
    (row,) = run(desk, "continuity", Period(), {}).data["rows"]
    assert (row["drills"], row["met"], row["worst_seconds"]) == (1, None, 190 * 60)


def test_a_ci_inherits_the_tightest_objective_of_what_depends_on_it(any_cast: Cast) -> None:
    desk = managed(any_cast)
    database, host, printer = ci(any_cast.ada, "db-1", service="Payroll"), ci(any_cast.ada, "host-1"), ci(any_cast.ada, "print-1")
    any_cast.ada.link(database, "runs-on", host)
    any_cast.ada.link("CI-00001", "depends-on", host)  # a part of Workplace
    any_cast.ada.link(database, "uses", printer)
    rated(desk, rto_seconds="4h")
    assert explain(desk, host, "objectives").data["objectives"][0]["rto_seconds"] == 4 * HOUR
    rated(desk, service="Workplace", rto_seconds=0)
    (told,) = explain(desk, host, "objectives").data["objectives"]
    assert (told["rto_seconds"], told["path"]) == (0, ["Workplace", "vpn-gw-1", "host-1"])
    assert explain(desk, printer).data.get("objectives") is None  # what is merely used degrades its user at worst
    plan = planned(desk)
    scope = {one["name"]: one["rto_seconds"] for one in explain(desk, plan, "objectives").data["objectives"]}
    assert scope == {"Payroll": 4 * HOUR, "db-1": 4 * HOUR, "host-1": 0}


def test_a_dependency_slower_than_its_dependant_is_listed(cast: Cast) -> None:
    desk = managed(cast)
    database = ci(cast.ada, "db-1", service="Payroll")
    cast.ada.link(database, "depends-on", "SVC-00001")  # Workplace
    rated(desk, rto_seconds="2h")
    rated(desk, service="Workplace", rto_seconds="8h")
    (found,) = standing(desk).inversions
    assert (found["part"], found["dependant"], found["gap_seconds"]) == ("Workplace", "Payroll", 6 * HOUR)
    assert found["path"] == ["Payroll", "db-1", "Workplace"]
    assert codes(desk)["inversion"] == 6 * HOUR
    assert "inversion" not in codes(desk, "Workplace")
    cast.ada.unlink(database, "depends-on", "SVC-00001")
    cast.clock.advance(60)
    assert standing(desk).inversions == ()


def test_circles_in_the_graph_are_no_trouble(cast: Cast) -> None:
    desk = managed(cast)
    one, other = ci(cast.ada, "db-1", service="Payroll"), ci(cast.ada, "db-2")
    cast.ada.link(one, "depends-on", other)
    cast.ada.link(other, "depends-on", one)
    rated(desk, rto_seconds="2h")
    assert {row["name"] for row in explain(desk, planned(desk), "objectives").data["objectives"]} == {"Payroll", "db-1", "db-2"}


def test_backups_are_held_against_the_rpo(cast: Cast) -> None:
    desk = managed(cast)
    database, files = ci(cast.ada, "db-1", service="Payroll"), ci(cast.ada, "fs-1", service="Payroll")
    rated(desk, rto_seconds="9h", rpo_seconds="1h")
    nightly = {"interval_seconds": "24h", "duration_seconds": "2h", "lag_seconds": "30m"}
    desk.create("backup-schedule", {"name": "Nightly", "ci": database, **nightly})
    assert codes(desk)["backup"] == 25 * HOUR + 1800
    desk.create("backup-schedule", {"name": "Log shipping", "ci": database, "interval_seconds": "5m"})
    assert "backup" not in codes(desk)
    assert line(desk).loses_seconds == 300  # of one CI the best
    desk.create("backup-schedule", {"name": "Files", "ci": files, "interval_seconds": "2h"})
    assert codes(desk)["backup"] == HOUR  # of several the worst
    with pytest.raises(InvalidInput, match="every 0 seconds"):
        desk.create("backup-schedule", {"name": "Always", "ci": files, "interval_seconds": 0})


def test_a_backup_schedule_says_what_it_loses_and_who_asks_for_less(any_cast: Cast) -> None:
    desk = managed(any_cast)
    database = ci(any_cast.ada, "db-1", service="Payroll")
    nightly = {"interval_seconds": "24h", "duration_seconds": "2h", "lag_seconds": "30m"}
    number = desk.create("backup-schedule", {"name": "Nightly", "ci": database, **nightly}).number
    nobody: Any = explain(desk, number, "loses")
    assert "nobody who needs it says how much may be lost" in nobody.parts[0].title
    rated(desk, rto_seconds="9h", rpo_seconds="1h")
    desk.create("impact-analysis", {"service": "Workplace", "rpo_seconds": "30h"})
    any_cast.ada.link("SVC-00001", "uses", "SVC-00002")  # what is merely used passes nothing on
    desk.create("backup-schedule", {"name": "Log shipping", "ci": database, "interval_seconds": "5m"})
    found: Any = explain(desk, number)
    data = found.data["loses"]
    assert (data["loses_seconds"], data["best_seconds"]) == (26 * HOUR + 1800, 300)
    (payroll,) = data["asked_by"]
    assert (payroll["name"], payroll["rpo_seconds"], payroll["gap_seconds"]) == ("Payroll", HOUR, 25 * HOUR + 1800)
    assert payroll["path"] == ["Payroll", "db-1"]
    assert found.parts[0].title == (
        "loses 26:30 at worst: every 24:00 + takes 2:00 + lag 0:30; another schedule of the same loses only 0:05"
    )
    assert found.parts[0].rows[0][-1] == "25:30 beyond it"


def test_a_wrt_that_nobody_rated_is_not_zero(cast: Cast) -> None:
    """Without it nobody knows whether RTO + WRT fits the MTPD; an RTO that alone is beyond it is a gap all the same."""
    desk = managed(cast)
    number = rated(desk, rto_seconds="20h", rpo_seconds="1h")
    assert "unrated" in codes(desk)
    assert "mtpd" not in codes(desk)
    desk.edit(number, {"rto_seconds": "25h"})
    assert codes(desk)["mtpd"] == HOUR
    assert next(gap.text for gap in line(desk).gaps if gap.code == "mtpd").endswith("too long at least")
    desk.edit(number, {"wrt_seconds": "2h"})
    assert codes(desk)["mtpd"] == 3 * HOUR
    assert "unrated" not in codes(desk)


def test_evidence_goes_stale_with_age(cast: Cast) -> None:
    desk = managed(cast)
    rated(desk, rto_seconds="4h")
    number = planned(desk, evidence_days=30)
    drill(desk, number)
    assert line(desk).evidence.stale is False
    assert line(desk).evidence.stands_until == at("13:10") + 30 * DAY
    cast.clock.advance(30 * DAY)
    shown = line(desk).evidence
    assert (shown.stale, shown.why) == (True, "EXE-00001 is older than 30 days")
    assert "stale" in codes(desk)


def test_evidence_goes_stale_when_a_part_changes(any_cast: Cast) -> None:
    ada, desk = any_cast.ada, managed(any_cast)
    database = ci(ada, "db-1", service="Payroll")
    rated(desk, rto_seconds="4h")
    plan = planned(desk)
    any_cast.clock.advance(DAY)
    drill(desk, plan, disrupted_at=any_cast.clock.now() - HOUR, invoked_at=None, newest_data_at=None,
          verified_at=any_cast.clock.now())  # fmt: skip
    any_cast.clock.advance(60)
    ada.edit(database, {"asset_number": "4711", "cost": "12.00"})
    assert line(desk).evidence.stale is False  # nothing that is brought back otherwise
    ada.edit(database, {"installed_version": "16"})
    shown = line(desk).evidence
    assert (shown.stale, shown.stands_until) == (True, any_cast.clock.now())
    assert shown.why == "installed version of db-1 changed"
    any_cast.clock.advance(60)
    drill(desk, plan, disrupted_at=any_cast.clock.now() - HOUR, invoked_at=None, newest_data_at=None,
          verified_at=any_cast.clock.now())  # fmt: skip
    assert line(desk).evidence.stale is False
    any_cast.clock.advance(60)
    ada.link(database, "runs-on", ci(ada, "host-1"))
    assert line(desk).evidence.stale is True


def test_evidence_goes_stale_with_a_newer_version_of_the_plan(cast: Cast) -> None:
    desk = managed(cast)
    plan = approved(desk)
    drill(desk, plan)
    desk.act(plan, "revise")
    assert line(desk).evidence.stale is False
    cast.clock.advance(60)
    desk.act(plan, "approve")
    assert line(desk).evidence.why == "version 2 of the plan was approved"


def test_a_major_incident_scores_as_an_unplanned_drill(any_cast: Cast) -> None:
    desk = managed(any_cast)
    analysis = rated(desk, rto_seconds="3h", rpo_seconds="1h")
    began = any_cast.clock.now()
    number = any_cast.incident(service="Payroll", occurred_at=began)
    any_cast.clock.advance(1800)
    any_cast.as_("sue").act(number, "declare-major")
    any_cast.clock.advance(1800)
    assert line(desk).evidence.drills == ()  # not over yet
    any_cast.as_("bob").act(number, "resolve", {"code": "fixed", "solution": "Database restored"})
    (found,) = line(desk).evidence.drills
    assert (found.number, found.kind, found.met) == (number, "major incident", True)
    assert (found.rto_actual_seconds, found.from_invocation_seconds, found.rpo_actual_seconds) == (HOUR, 1800, None)
    desk.edit(analysis, {"rto_seconds": "30m"})
    assert line(desk).evidence.met == 1  # judged by what was asked then
    other = any_cast.incident(service="Workplace")
    any_cast.as_("sue").act(other, "declare-major")
    any_cast.ada.link(other, "affects", "SVC-00002")
    any_cast.clock.advance(HOUR)
    any_cast.as_("bob").act(other, "resolve", {"code": "fixed", "solution": "x"})
    assert [one.number for one in line(desk).evidence.drills] == [number, other]
    assert line(desk).evidence.met == 1


def major(cast: Cast, **values: Any) -> str:
    """Let payroll fail for an hour by the stamps of a major incident, and tell of it."""
    number = cast.incident(service="Payroll", occurred_at=cast.clock.now(), **values)
    cast.as_("sue").act(number, "declare-major")
    cast.clock.advance(HOUR)
    cast.as_("bob").act(number, "resolve", {"code": "fixed", "solution": "Database restored"})
    return number


def test_the_review_of_a_major_incident_says_what_it_lost(any_cast: Cast) -> None:
    desk, began = managed(any_cast), any_cast.clock.now()
    rated(desk, rto_seconds="3h", rpo_seconds="5m")
    number = major(any_cast)
    with pytest.raises(InvalidInput, match="before it was over"):
        any_cast.as_("sue").act(number, "review", {"review": "x", "newest_data_at": began + 2 * HOUR})
    any_cast.as_("sue").act(number, "review", {"review": "Logs were shipped late.", "newest_data_at": began - 1200})
    (found,) = line(desk).evidence.drills
    assert (found.rpo_seconds, found.rpo_actual_seconds) == (300, 1200)
    assert codes(desk)["lost"] == 900
    any_cast.ada.edit(number, {"newest_data_at": began + 60})
    assert line(desk).evidence.drills[0].rpo_actual_seconds == 0, "nothing from before it was lost"


def test_outages_say_when_a_service_failed_and_was_back(any_cast: Cast) -> None:
    """Two parts failed one after the other: from the first second of the one to the last of the other."""
    ada, desk = any_cast.ada, managed(any_cast)
    first, second = ci(ada, "db-1", service="Payroll"), ci(ada, "db-2")
    ada.link(first, "runs-on", second)
    rated(desk, rto_seconds="3h")
    any_cast.clock.advance(DAY)
    began = any_cast.clock.now()
    number = major(any_cast)
    any_cast.clock.advance(DAY)
    ada.create("outage", {"ci": first, "incident": number, "started_at": began - 1800, "ended_at": began})
    open_one = ada.create("outage", {"ci": second, "incident": number, "started_at": began - 600}).number
    assert line(desk).evidence.drills == (), "it is down to this day"
    ada.edit(open_one, {"ended_at": began + HOUR + 600})
    (found,) = line(desk).evidence.drills
    assert (found.failed_at, found.verified_at) == (began - 1800, began + HOUR + 600)
    assert (found.rto_actual_seconds, found.from_invocation_seconds) == (HOUR + 2400, HOUR + 600)
    assert found.told_by == "OUT-00001, OUT-00002"


def test_an_outage_that_others_stood_in_for_is_no_failure_of_the_service(cast: Cast) -> None:
    ada, desk, began = cast.ada, managed(cast), cast.clock.now()
    database = ci(ada, "db-1", service="Payroll")
    for name in ("host-1", "host-2"):
        ada.link(database, "runs-on", ci(ada, name), valid_from=0, group="hosts", need=1)
    rated(desk, rto_seconds="3h")
    number = major(cast)
    cast.clock.advance(DAY)
    ada.create("outage", {"ci": "host-1", "incident": number, "started_at": began - 1800, "ended_at": began + 9 * HOUR})
    (found,) = line(desk).evidence.drills
    assert (found.rto_actual_seconds, found.told_by) == (HOUR, ""), "its own stamps, since no outage took the service down"


def test_a_major_incident_of_a_part_scores_for_whatever_it_took_down(any_cast: Cast) -> None:
    """Nobody named a service: what hung on the CI then, and went down with it, had an unplanned drill."""
    ada, desk = any_cast.ada, managed(any_cast)
    host = ci(ada, "host-1")
    database = ci(ada, "db-1", service="Payroll")
    ada.link(database, "runs-on", host, valid_from=0)
    for name in ("spare-1", "spare-2"):
        ada.link("SVC-00001", "depends-on", ci(ada, name), valid_from=0, group="spares", need=1)
    rated(desk, rto_seconds="30m")
    desk.create("impact-analysis", {"service": "Workplace", "rto_seconds": "30m"})
    any_cast.clock.advance(DAY)
    for name in ("host-1", "spare-1"):
        began = any_cast.clock.now()
        number = any_cast.incident(ci=name, impact=1, urgency=1, occurred_at=began)
        any_cast.as_("sue").act(number, "declare-major")
        any_cast.clock.advance(HOUR)
        any_cast.as_("bob").act(number, "resolve", {"code": "fixed", "solution": "New power supply"})
        any_cast.clock.advance(HOUR)
    (found,) = line(desk).evidence.drills
    assert (found.kind, found.rto_actual_seconds, found.met) == ("major incident", HOUR, False)
    assert codes(desk)["missed"] == 1800
    assert line(desk, "Workplace").evidence.drills == (), "the other spare stood in: nothing of it was down"
    ada.unlink(database, "runs-on", host)
    assert len(line(desk).evidence.drills) == 1, "the graph is that of then"


def test_a_major_incident_that_a_run_answered_is_told_of_once(cast: Cast) -> None:
    desk, began = managed(cast), cast.clock.now()
    rated(desk, rto_seconds="3h", rpo_seconds="1h")
    plan = planned(desk)
    number = major(cast)
    assert [one.number for one in line(desk).evidence.drills] == [number]
    run_ = drill(desk, plan, incident=number, type="invocation", disrupted_at=began, invoked_at=began + 60,
                 newest_data_at=began - 60, verified_at=began + 1800)  # fmt: skip
    (found,) = line(desk).evidence.drills
    assert (found.number, found.rpo_actual_seconds) == (run_, 60), "verified by somebody, with the data that were lost"
    desk.edit(run_, {"incident": None})
    assert [one.number for one in line(desk).evidence.drills] == [run_, number], "it was another night"


def test_a_change_says_which_plans_it_makes_stale(cast: Cast) -> None:
    desk = managed(cast)
    database, host = ci(cast.ada, "db-1", service="Payroll"), ci(cast.ada, "host-1")
    cast.ada.link(database, "runs-on", host)
    plan = planned(desk)
    kind = cast.ada.registry.kind("change")

    def told() -> list[str]:
        return [one.title for one in hints_for(cast.as_("bob"), kind, {"cis": [host]}) if "stale" in one.title]

    assert told() == []  # nothing was ever shown, so that there is nothing to end
    drill(desk, plan)
    assert told() == [f"Makes stale: {plan}"]
    assert [one.title for one in hints_for(cast.as_("bob"), kind, {"cis": ["vpn-gw-1"]}) if "stale" in one.title] == []
    change = cast.as_("bob").create("change", {"summary": "New host", "cis": [host]}).number
    (found,) = explain(cast.as_("bob"), change, "continuity").data["continuity"]
    assert (found["plan"], found["through"], found["latest"], found["stale"]) == (plan, "Payroll", "EXE-00001", True)


def test_health_names_the_worst(cast: Cast) -> None:
    desk = managed(cast)
    assert health(desk).word is Word.QUIET
    rated(desk, rto_seconds="1h")
    found = health(desk)
    assert (found.word, found.worst.title if found.worst else "") == (Word.WATCH, "Payroll")
    plan = approved(desk)
    found = health(desk)
    assert found.worst is not None
    assert (found.word, "0:45 beyond the RTO" in found.worst.why) == (Word.TROUBLE, True)
    run_number = running(desk, plan, type="invocation")
    found = health(desk)
    assert (found.word, found.worst.number if found.worst else "") == (Word.TROUBLE, run_number)


def test_no_gap_is_green_on_the_overview(cast: Cast) -> None:
    """Every sort of gap has a verdict: what was lost in a run that was in time, too."""
    assert {code for code, _, _ in LEVELS} == set(GAP_WORDS)
    desk = managed(cast)
    rated(desk, rto_seconds="3h", rpo_seconds="5m", wrt_seconds="1h")
    desk.create("backup-schedule", {"name": "Log shipping", "service": "Payroll", "interval_seconds": "1m"})
    drill(desk, approved(desk), verified_at=at("11:00"))
    assert codes(desk) == {"lost": 900}
    found = health(desk)
    assert (found.word, found.worst.why if found.worst else "") == (Word.WATCH, line(desk).gaps[0].text)


def test_the_evidence_is_told_in_a_line(cast: Cast) -> None:
    desk = managed(cast)
    rated(desk, rto_seconds="3h")
    plan = planned(desk)
    assert explain(desk, plan, "evidence").parts[0].title == "evidence: nothing was ever shown"
    drill(desk, plan)
    assert (
        explain(desk, plan, "evidence")
        .parts[0]
        .title.startswith("evidence: met RTO in 0 of 1; worst 3:10; latest 3:10; stands until")
    )
