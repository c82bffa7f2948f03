"""What stands beside a form of continuity while it is typed: the same figures that saving it comes to."""

from __future__ import annotations

from typing import Any

from deskterm.explanations import explain
from deskterm.forms.hints import hints_for
from deskterm.forms.schema import Hint
from tests.continuity.planning import HOUR, IMPACTS, at, managed, planned, rated
from tests.desks import Cast


def told(cast: Cast, kind: str, **values: Any) -> tuple[Hint, ...]:
    desk = cast.ada
    return hints_for(desk, desk.registry.kind(kind), values)


def test_a_step_says_what_it_does_to_its_plan(cast: Cast) -> None:
    desk = managed(cast)
    plan = planned(desk)
    new = {"plan": plan, "name": "Tell the customers", "minutes": 90, "after": ["check payslips"]}
    (hint,) = told(cast, "recovery-step", **new)
    assert hint.title == "The plan takes 3:15"
    assert hint.lines == (
        "no RTO to meet", "1:30 more than now", "critical path: Start hosts → Check payslips → Tell the customers",
    )  # fmt: skip
    rated(desk, rto_seconds="3h")
    (late,) = told(cast, "recovery-step", **new)
    assert (late.lines[0], late.tone) == ("RTO 3:00: 0:15 beyond it", "breach")
    number = desk.create("recovery-step", new).number
    found: Any = explain(desk, plan, "recovery").data["recovery"]
    assert (found["elapsed_seconds"], found["gap_seconds"]) == (195 * 60, 900), "as it was told"
    (edited,) = told(cast, "recovery-step", **{**new, "number": number, "minutes": 60})
    assert (edited.title, edited.lines[1], edited.tone) == ("The plan takes 2:45", "0:30 less than now", "good")
    assert told(cast, "recovery-step", plan=plan, name="x") == ()


def test_a_circle_is_named_before_it_is_saved(cast: Cast) -> None:
    plan = planned(managed(cast))
    circle = {"number": "STP-00002", "plan": plan, "name": "Start hosts", "minutes": 45, "after": "Check payslips"}
    (hint,) = told(cast, "recovery-step", **circle)
    assert (hint.title, hint.tone) == ("It cannot be run so", "breach")
    assert "in a circle: Check payslips → Start hosts → Check payslips" in hint.lines[0]


def test_an_analysis_says_what_its_impacts_come_to_and_who_needs_it_sooner(cast: Cast) -> None:
    desk = managed(cast)
    given = {"service": "Workplace", "impacts": IMPACTS, "unacceptable": 4, "rto_seconds": 20 * HOUR, "wrt_seconds": 6 * HOUR}
    (hint,) = told(cast, "impact-analysis", **given)
    assert (hint.title, hint.tone) == ("MTPD 24:00", "breach")
    assert hint.lines == ("from the impacts", "RTO + WRT is 26:00: 2:00 too long")
    (fits,) = told(cast, "impact-analysis", **{**given, "wrt_seconds": 4 * HOUR})
    assert (fits.lines[1], fits.tone) == ("RTO + WRT is 24:00: it fits", "good")
    rated(desk, rto_seconds="3h")
    cast.ada.link("SVC-00002", "depends-on", "SVC-00001")
    *_, late = told(cast, "impact-analysis", **given)
    assert late.title == "RTO inversion: 17:00 later than asked"
    assert late.lines == ("Payroll must be back within 3:00", "through Payroll → Workplace")
    (wrong,) = told(cast, "impact-analysis", impacts={"money": 7})
    assert wrong.tone == "risk"


def test_a_backup_schedule_says_whom_it_is_too_rare_for(cast: Cast) -> None:
    desk = managed(cast)
    cast.ada.create("ci", {"name": "db-1", "type": "server", "service": "Payroll"})
    nightly = {"ci": "db-1", "interval_seconds": 24 * HOUR, "duration_seconds": 2 * HOUR}
    (nobody,) = told(cast, "backup-schedule", **nightly)
    assert (nobody.title, nobody.tone) == ("Loses 26:00 at worst", "")
    rated(desk, rpo_seconds="1h")
    (late,) = told(cast, "backup-schedule", **nightly)
    assert (late.lines, late.tone) == (("Payroll: RPO 1:00, 25:00 beyond it",), "breach")
    (fine,) = told(cast, "backup-schedule", ci="db-1", interval_seconds=600)
    assert (fine.lines, fine.tone) == (("Payroll: RPO 1:00, within it",), "good")


def test_a_run_that_is_told_afterwards_says_how_it_went(cast: Cast) -> None:
    desk = managed(cast)
    rated(desk, rto_seconds="3h", rpo_seconds="30m")
    stamps = {"plan": planned(desk), "disrupted_at": at("10:00"), "invoked_at": at("10:25"), "newest_data_at": at("09:40")}
    rto, rpo = told(cast, "exercise", **stamps, verified_at=at("13:10"))
    assert (rto.title, rto.lines, rto.tone) == ("RTO actual 3:10", ("of 3:00: missed by 0:10",), "breach")
    assert (rpo.title, rpo.lines, rpo.tone) == ("RPO actual 0:20", ("of 0:30: met",), "good")
    (wrong,) = told(cast, "exercise", **stamps, verified_at=at("09:00"))
    assert wrong.lines == ("verified_at is before the disruption", "newest_data_at is after it was verified")


def test_a_risk_says_what_it_is_called(cast: Cast) -> None:
    assert told(cast, "risk", likelihood=4, impact=5)[0].title == "Risk 20: extreme"
    assert told(cast, "risk", likelihood=4) == ()
    assert told(cast, "continuity-plan", name="x") == ()
