"""Runs: stamps in order, steps that wait, verification by somebody else, objectives that are kept with what they judged."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import exc, text

from deskterm.continuity.reading import run_view
from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, WorkflowRefused
from deskterm.explanations import explain
from tests.continuity.planning import HOUR, approved, at, drill, managed, planned, rated, running
from tests.desks import Cast


def do(desk: Desk, number: str, action: str, step: str, **values: Any) -> None:
    """Take an action on a step."""
    desk.act(number, action, {"step": step, **values})


def test_the_worked_example_through_the_process(any_cast: Cast) -> None:
    desk = managed(any_cast)
    rated(desk, rto_seconds="3h", rpo_seconds="30m")
    number = drill(desk, planned(desk))
    view = desk.show(number)
    assert (view.title, view.state) == ("Exercise of Payroll recovery", "verified")
    values = view.values
    assert (values["rto_actual_seconds"], values["rpo_actual_seconds"]) == (190 * 60, 20 * 60)
    assert values["from_invocation_seconds"] == 165 * 60
    assert (values["rto_seconds"], values["result"]) == (3 * HOUR, "missed")
    assert explain(desk, number, "recovery").data["recovery"]["result"] == "missed"


def test_what_a_run_was_judged_by_stays_with_it(cast: Cast) -> None:
    desk = managed(cast)
    analysis = rated(desk, rto_seconds="4h")
    number = drill(desk, planned(desk))
    assert desk.show(number).values["result"] == "met"
    desk.edit(analysis, {"rto_seconds": "1h"})
    desk.edit(number, {"scenario": "the cellar is flooded"})
    assert desk.show(number).values["result"] == "met"
    assert desk.show(number).values["rto_seconds"] == 4 * HOUR


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ({"verified_at": at("09:00"), "newest_data_at": None}, "verified_at is before the disruption"),
        ({"verified_at": at("10:10")}, "verified_at is before the invocation"),
        ({"invoked_at": at("09:59")}, "invoked_at is before the disruption"),
        ({"newest_data_at": at("13:30")}, "newest_data_at is after it was verified"),
        ({"verified_at": "2027-01-01"}, "verified_at is in the future"),
        ({"disrupted_at": None}, "say when the service failed"),
    ],
)
def test_an_end_before_its_start_is_refused(cast: Cast, stamps: dict[str, Any], said: str) -> None:
    desk = managed(cast)
    number = planned(desk)
    with pytest.raises(InvalidInput, match=said):
        drill(desk, number, **stamps)


def test_data_newer_than_the_failure_lost_nothing(cast: Cast) -> None:
    desk = managed(cast)
    number = drill(desk, planned(desk), newest_data_at=at("10:05"))
    assert desk.show(number).values["rpo_actual_seconds"] == 0
    number = drill(desk, "BCP-00001", newest_data_at=None)
    assert desk.show(number).values["rpo_actual_seconds"] is None


def test_a_run_goes_step_by_step(any_cast: Cast) -> None:
    desk = managed(any_cast)
    rated(desk, rto_seconds="3h")
    number = running(desk, approved(desk), type="invocation")
    bob = any_cast.as_("bob")
    any_cast.clock.advance(600)
    do(bob, number, "start-step", "Restore database")
    do(desk, number, "start-step", "2", who="eve")
    view = run_view(desk, number)
    assert (view.state, view.progress) == ("running", "0 of 3 steps done, 2 running")
    assert view.invoked_at == any_cast.clock.now()
    assert view.due_at == any_cast.clock.now() - 600 + 3 * HOUR
    assert view.critical == {"Start hosts", "Check payslips"}
    any_cast.clock.advance(1800)
    assert run_view(desk, number).left_seconds == (15 + 60) * 60
    with pytest.raises(WorkflowRefused, match=r"Check payslips waits for Restore database \(running\), Start hosts \(running\)"):
        do(desk, number, "start-step", "STP-00003")
    do(bob, number, "finish-step", "Restore database", note="from last night")
    do(desk, number, "start-step", "STP-00003", override="the clock runs out", who="bob")
    steps = {one.name: one for one in run_view(desk, number).steps}
    assert steps["Check payslips"].override == "the clock runs out"
    assert "before Start hosts: the clock runs out" in str([line.text for line in desk.show(number).journal])
    do(bob, number, "finish-step", "Start hosts")
    with pytest.raises(WorkflowRefused, match="Check payslips is running; finish or skip it first"):
        desk.act(number, "verify")
    do(bob, number, "finish-step", "Check payslips")
    any_cast.clock.advance(600)
    for login, did in (("bob", "Restore database, Check payslips"), ("eve", "Start hosts")):
        with pytest.raises(WorkflowRefused, match=f"{login} restored it .{did}.; somebody else verifies it"):
            any_cast.as_(login).act(number, "verify")
    any_cast.as_("sue").act(number, "reject", {"reason": "no payslips yet"})
    any_cast.as_("sue").act(number, "verify", {"newest_data_at": any_cast.clock.now() - 2 * HOUR, "note": "three payslips"})
    view = run_view(desk, number)
    assert (view.state, view.verified_by, view.result) == ("verified", "sue", "met")
    assert (view.rto_actual_seconds, view.from_invocation_seconds) == (3000, 2400)
    assert view.rpo_actual_seconds == 2 * HOUR - 3000
    with pytest.raises(WorkflowRefused, match="restored it"):
        desk.edit(number, {"verified_by": "bob"})
    with pytest.raises(WorkflowRefused, match="close needs review"):
        desk.act(number, "close")
    desk.act(number, "close", {"review": "Hosts took too long."})
    with pytest.raises((exc.DBAPIError, DeskError), match="steps of a run"), any_cast.database.write() as connection:
        connection.execute(text("UPDATE exercise_step SET who = 'nobody'"))


def test_whoever_restored_it_does_not_verify_it_after_the_fact_either(cast: Cast) -> None:
    desk = managed(cast)
    number = planned(desk)
    with pytest.raises(WorkflowRefused, match="bob restored it; somebody else verifies it"):
        drill(desk, number, restored_by="bob", verified_by="bob")
    with pytest.raises(WorkflowRefused, match="max restored it"):
        drill(desk, number, restored_by="max")
    kept = drill(desk, number, restored_by="max", verified_by="bob")
    with pytest.raises(WorkflowRefused, match="bob restored it"):
        desk.edit(kept, {"restored_by": "bob"})


@pytest.mark.parametrize(
    ("action", "step", "values", "said"),
    [
        ("finish-step", "Restore database", {}, "it was not started; start it first"),
        ("repeat-step", "Restore database", {"reason": "x"}, "cannot be repeated: it is waiting"),
        ("start-step", "Nonsense", {}, "runs no step 'Nonsense'; its steps are: Restore database"),
        ("start-step", "STP-00004", {}, r"STP-00004 \(Laptops\) is a step of BCP-00002 .*; EXE-00001 runs BCP-00001"),
        ("start-step", "laptops", {}, "is a step of BCP-00002"),
        ("skip-step", "Restore database", {}, "skip-step needs reason"),
        ("start-step", "Restore database", {"who": "nobody"}, "there is no agent 'nobody'"),
    ],
)
def test_steps_are_refused_by_name(cast: Cast, action: str, step: str, values: dict[str, Any], said: str) -> None:
    desk = managed(cast)
    number = planned(desk)
    other = desk.create("continuity-plan", {"name": "Workplace recovery", "services": ["Workplace"]}).number
    desk.create("recovery-step", {"plan": other, "name": "Laptops", "minutes": 5})
    run = running(desk, number)
    with pytest.raises(DeskError, match=said):
        do(desk, run, action, step, **values)
    assert {one.state for one in run_view(desk, run).steps} == {"waiting"}


def test_a_run_keeps_the_steps_it_began_with(cast: Cast) -> None:
    desk = managed(cast)
    plan = approved(desk)
    desk.act(plan, "revise")
    desk.edit("STP-00001", {"minutes": 300, "name": "Restore everything"})
    names = [one.name for one in run_view(desk, running(desk, plan)).steps]
    assert names == ["Restore database", "Start hosts", "Check payslips"]  # what was approved, while the draft is worked on
    rehearsal = running(desk, plan, of_draft=True)
    assert run_view(desk, rehearsal).steps[0].seconds == 300 * 60
    assert run_view(desk, rehearsal).plan_version == 2
    desk.edit("STP-00001", {"minutes": 1})
    assert run_view(desk, rehearsal).steps[0].seconds == 300 * 60


def test_steps_are_skipped_and_repeated(cast: Cast) -> None:
    desk = managed(cast)
    run = running(desk, planned(desk))
    do(desk, run, "skip-step", "Restore database", reason="the database is fine")
    do(desk, run, "start-step", "Start hosts")
    with pytest.raises(WorkflowRefused, match=r"running since .*, max is on it"):
        do(desk, run, "start-step", "Start hosts")
    do(desk, run, "assign-step", "Start hosts", who="bob")
    do(desk, run, "finish-step", "Start hosts")
    do(desk, run, "repeat-step", "Start hosts", reason="one did not come up")
    step = run_view(desk, run).steps[1]
    assert (step.state, step.who, step.finished_at, step.hands) == ("running", "bob", None, ("max", "bob"))
    do(desk, run, "finish-step", "Start hosts")
    do(desk, run, "skip-step", "Check payslips", reason="night")
    with pytest.raises(WorkflowRefused, match="max restored it"):
        desk.act(run, "verify")
    with pytest.raises(WorkflowRefused, match="stands; repeat the step"):
        desk.undo()
    cast.as_("eve").act(run, "verify")
    assert run_view(desk, run).progress == "3 of 3 steps done, 2 skipped"


def test_an_invocation_begins_when_its_incident_did(cast: Cast) -> None:
    desk = managed(cast)
    incident = cast.incident(service="Payroll", occurred_at=cast.clock.now() - 900)
    run = running(desk, planned(desk), type="invocation", incident=incident)
    assert run_view(desk, run).disrupted_at == cast.clock.now() - 900


def test_a_retired_plan_is_not_run(cast: Cast) -> None:
    desk = managed(cast)
    number = planned(desk)
    desk.act(number, "retire")
    with pytest.raises(InvalidInput, match="is retired; restore it first"):
        desk.create("exercise", {"plan": number})


def test_a_cancelled_run_is_no_evidence(cast: Cast) -> None:
    desk = managed(cast)
    run = running(desk, planned(desk))
    desk.act(run, "cancel", {"reason": "real fire"})
    view = run_view(desk, run)
    assert (view.state, view.rto_actual_seconds, view.result) == ("cancelled", None, "")
