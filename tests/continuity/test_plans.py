"""Plans: steps wait for steps of their own plan, circles are named, an approval freezes what was approved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exc, text

from deskterm.continuity.call_tree import read_calls
from deskterm.continuity.recovery_plans import Step, schedule
from deskterm.errors import DeskError, InvalidInput, WorkflowRefused
from deskterm.explanations import explain
from tests.continuity.planning import approved, managed, planned, rated
from tests.desks import Cast


def test_the_worked_example_through_the_process(any_cast: Cast) -> None:
    desk = managed(any_cast)
    number = planned(desk)
    data = explain(desk, number, "recovery").data["recovery"]
    assert (data["elapsed_seconds"], data["effort_seconds"]) == (105 * 60, 135 * 60)
    assert [(one["step"], one["running_seconds"]) for one in data["critical_path"]] == [
        ("Start hosts", 45 * 60),
        ("Check payslips", 105 * 60),
    ]
    assert data["rto_seconds"] is None
    assert data["gap_seconds"] is None


def test_planned_time_is_compared_with_the_rto_before_any_disaster(cast: Cast) -> None:
    desk = managed(cast)
    number = planned(desk)
    rated(desk, rto_seconds="1h")
    assert explain(desk, number, "recovery").data["recovery"]["gap_seconds"] == 45 * 60


def test_a_circle_is_refused_by_name(any_cast: Cast) -> None:
    desk = managed(any_cast)
    planned(desk)
    with pytest.raises(InvalidInput, match="Check payslips → Restore database → Check payslips"):
        desk.edit("STP-00001", {"after": ["Check payslips"]})
    with pytest.raises(InvalidInput, match="Start hosts → Start hosts"):
        desk.edit("STP-00002", {"after": "STP-00002"})
    assert desk.show("STP-00001").values["after"] in (None, [])


def test_a_step_waits_for_steps_of_its_own_plan_alone(cast: Cast) -> None:
    desk = managed(cast)
    first = planned(desk)
    second = desk.create("continuity-plan", {"name": "Workplace recovery", "services": ["Workplace"]}).number
    with pytest.raises(InvalidInput, match=rf"STP-00001 \(Restore database\) is a step of {first} .*, not of {second}"):
        desk.create("recovery-step", {"plan": second, "name": "Laptops", "minutes": 5, "after": ["STP-00001"]})
    with pytest.raises(InvalidInput, match=f"is a step of {first}"):
        desk.create("recovery-step", {"plan": second, "name": "Laptops", "minutes": 5, "after": ["start hosts"]})
    with pytest.raises(InvalidInput, match="has no step 'Nonsense'; its other steps are: none yet"):
        desk.create("recovery-step", {"plan": second, "name": "Laptops", "minutes": 5, "after": ["Nonsense"]})
    with pytest.raises(InvalidInput, match="stays in its plan"):
        desk.edit("STP-00001", {"plan": second})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "RESTORE database"}, "STP-00001 is called Restore database already"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": None}, "minutes"),
        ({"plan": "nothing"}, "there is no continuity-plan"),
    ],
)
def test_bad_steps_are_refused(cast: Cast, values: dict[str, Any], said: str) -> None:
    desk = managed(cast)
    number = planned(desk)
    with pytest.raises(DeskError, match=said):
        desk.create("recovery-step", {"plan": number, "name": "New", "minutes": 5, **values})


def test_a_renamed_step_is_waited_for_under_its_new_name(cast: Cast) -> None:
    desk = managed(cast)
    planned(desk)
    desk.edit("STP-00002", {"name": "Start the hosts"})
    assert desk.show("STP-00003").values["after"] == ["Restore database", "Start the hosts"]
    with pytest.raises(WorkflowRefused, match="Check payslips waits for Start the hosts"):
        desk.act("STP-00002", "retire")
    desk.edit("STP-00003", {"after": ["STP-00001"]})
    desk.act("STP-00002", "retire")
    assert explain(desk, "BCP-00001", "recovery").data["recovery"]["effort_seconds"] == 90 * 60


def test_what_is_approved_stands_until_it_is_revised(any_cast: Cast) -> None:
    desk = managed(any_cast)
    number = approved(desk)
    view = desk.show(number)
    assert (view.state, view.values["plan_version"], view.values["approved_by"]) == ("approved", 1, "max")
    with pytest.raises(WorkflowRefused, match=f"{number} .* is approved, its steps stand; take its action revise first"):
        desk.edit("STP-00001", {"minutes": 10})
    with pytest.raises(WorkflowRefused, match="is approved"):
        desk.create("recovery-step", {"plan": number, "name": "More", "minutes": 1})
    with pytest.raises(WorkflowRefused, match="approved as version 1"):
        desk.edit(number, {"services": ["Workplace"]})
    with pytest.raises(WorkflowRefused, match="stands; take the action revise"):
        desk.undo()
    desk.edit(number, {"evidence_days": 30})
    desk.act(number, "revise", {"reason": "new hosts"})
    desk.edit("STP-00001", {"minutes": 10})
    assert desk.show(number).values["plan_version"] == 2
    desk.act(number, "approve")
    assert desk.show(number).state == "approved"
    act = "UPDATE plan_version SET version = 9", "DELETE FROM plan_version"
    for statement in act:
        with pytest.raises((exc.DBAPIError, DeskError), match="approved version"), any_cast.database.write() as connection:
            connection.execute(text(statement))


def test_a_plan_needs_steps_and_something_to_bring_back(cast: Cast) -> None:
    desk = managed(cast)
    empty = desk.create("continuity-plan", {"name": "Empty", "services": ["Workplace"]}).number
    with pytest.raises(WorkflowRefused, match="strategy, owner"):
        desk.act(empty, "approve")
    with pytest.raises(WorkflowRefused, match="has no step; add one with"):
        desk.act(empty, "approve", {"strategy": "cold", "owner": "max"})
    desk.act(empty, "approve", {"strategy": "do-nothing", "owner": "max"})
    nothing = desk.create("continuity-plan", {"name": "Nothing"}).number
    desk.create("recovery-step", {"plan": nothing, "name": "One", "minutes": 1})
    with pytest.raises(WorkflowRefused, match="brings back nothing"):
        desk.act(nothing, "approve", {"strategy": "cold", "owner": "max"})
    with pytest.raises(DeskError, match="continuity-manager"):
        cast.as_("sue").act(nothing, "approve", {"strategy": "cold", "owner": "max"})


def test_call_trees_are_read_by_their_indents() -> None:
    found = read_calls("Grace, lead, +49 1\n  Tarik, directory, +49 2\n    Ute\n  Olga, , +49 3\n")
    assert [(one.depth, one.name, one.role, one.phone) for one in found] == [
        (0, "Grace", "lead", "+49 1"),
        (1, "Tarik", "directory", "+49 2"),
        (2, "Ute", "", ""),
        (1, "Olga", "", "+49 3"),
    ]
    for text_ in ("  Grace", "Grace\n    Tarik", "Grace\n Tarik"):
        with pytest.raises(InvalidInput, match="indent by two blanks"):
            read_calls(text_)
    with pytest.raises(InvalidInput, match="names nobody"):
        read_calls(", lead, +49")


NAMES = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(NAMES, st.integers(0, 10_000), st.sets(NAMES)), min_size=1, unique_by=lambda one: one[0]))
def test_the_critical_path_never_exceeds_the_effort(drawn: list[tuple[str, int, set[str]]]) -> None:
    earlier: list[str] = []
    steps = []
    for name, seconds, after in drawn:  # each waits for some that came before it, so that there is no circle
        steps.append(Step(name, seconds, tuple(sorted(after & set(earlier)))))
        earlier.append(name)
    found = schedule(steps)
    assert max(step.seconds for step in steps) <= found.elapsed_seconds <= found.effort_seconds
    by_name = {step.name: step for step in steps}
    assert sum(by_name[name].seconds for name in found.critical_path) == found.elapsed_seconds
