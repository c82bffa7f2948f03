"""The way of a change from the request to its end, and every refusal on it."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.change.cover import covering
from deskterm.change.workflow import RFC as DEMANDED
from deskterm.errors import DeskError, InvalidInput, NotAllowed, WorkflowRefused
from deskterm.records import store
from tests.change.changing import HOUR, RFC, assessing, implementing, rfc
from tests.desks import MONDAY, Cast


def test_a_normal_change_goes_its_whole_way(any_cast: Cast) -> None:
    bob, sue = any_cast.as_("bob"), any_cast.as_("sue")
    number = rfc(bob)
    for action, desk, values, state in (
        ("submit", bob, {}, "submitted"),
        ("assess", bob, {}, "assessing"),
        ("approve", sue, {"comment": "fine"}, "approved"),
        ("schedule", bob, {}, "scheduled"),
        ("implement", bob, {}, "implementing"),
        ("complete", bob, {"code": "successful"}, "review"),
        ("review", sue, {"review": "As planned"}, "review"),
        ("close", sue, {}, "closed"),
    ):
        any_cast.clock.advance(60)
        assert desk.act(number, action, values).state == state
    view = any_cast.ada.show(number)
    assert view.values["author"] == bob.actor.agent_id
    assert view.values["approved_content"] == view.values["content"]
    assert view.values["actual_end"] - view.values["actual_start"] == 60
    told = [line.text for line in view.journal if line.what == "signed"]
    assert told == ["voted approve: fine"]
    assert [line.new for line in view.journal if line.what == "state"] == [
        "submitted", "assessing", "approved", "scheduled", "implementing", "review", "closed",
    ]  # fmt: skip


def test_submitting_lists_all_that_is_missing(cast: Cast) -> None:
    number = cast.ada.create("change", {"summary": "Something"}).number
    with pytest.raises(WorkflowRefused) as refused:
        cast.ada.act(number, "submit")
    assert set(refused.value.fields) == set(DEMANDED)
    assert cast.ada.show(number).state == "draft"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"window_end": RFC["window_start"]}, "ends before it starts"),
        ({"window_end": RFC["window_start"] - 1}, "ends before it starts"),
        ({"downtime_seconds": "9h"}, "longer than the window"),
        ({"risk_answers": {}}, "at least one question"),
        ({"risk_answers": {"users": "legion"}}, "users is one of"),
        ({"category": "enormous"}, "one of minor, significant, major"),
        ({"cis": ["nothing-like-it"]}, "there is no ci"),
    ],
)
def test_what_no_request_may_say(cast: Cast, values: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        rfc(cast.ada, **values)


def test_a_retired_ci_is_refused_when_it_is_named_and_when_the_request_moves_on(cast: Cast) -> None:
    number = rfc(cast.as_("bob"))
    cast.ada.edit("CI-00001", {"status": "retired"})
    with pytest.raises(InvalidInput, match="CI-00001 vpn-gw-1 is retired"):
        cast.as_("bob").act(number, "submit")
    with pytest.raises(InvalidInput, match="is retired"):
        rfc(cast.ada)


def test_nobody_decides_on_their_own_request_and_not_everybody_on_that_of_others(cast: Cast) -> None:
    number = assessing(cast.ada)
    with pytest.raises(NotAllowed, match="ada raised CHG-00001; nobody votes on their own"):
        cast.ada.act(number, "approve")
    with pytest.raises(NotAllowed, match="eve may not override"):
        cast.as_("eve").act(number, "approve")
    assert cast.ada.show(number).state == "assessing"
    assert cast.as_("sam").act(number, "reject").state == "rejected"


def test_back_to_draft_voids_the_decision(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    cast.as_("bob").act(number, "revise", {"why": "forgot the switch"})
    view = cast.ada.show(number)
    assert (view.state, view.values["approved_at"], view.values["approval_round"]) == ("draft", None, 2)
    with pytest.raises(WorkflowRefused):
        cast.as_("bob").act(number, "schedule")


def test_a_material_edit_takes_the_decision_back_and_any_other_does_not(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    assert cast.as_("bob").edit(number, {"assignee": "eve", "tags": ["vpn"]}).state == "approved"
    assert cast.as_("bob").edit(number, {"plan": "Flash it without draining"}).state == "assessing"
    said = [line.text for line in cast.ada.show(number).journal if line.text]
    assert "plan changed: the votes of sue are void" in said
    assert cast.as_("bob").undo().undone == (number,), "the text that was decided on is back, and with it the decision"
    assert cast.as_("bob").act(number, "schedule").state == "scheduled"


def test_a_link_by_hand_does_not_get_a_ci_past_the_decision(cast: Cast) -> None:
    cast.ada.create("ci", {"name": "core-sw", "type": "network-device"})
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    with pytest.raises(InvalidInput, match="set that"):
        cast.ada.link(number, "changes", "CI-00002")
    with cast.ada.unit("as links were made before") as unit:
        store.connect(unit, cast.ada.show(number).id, "changes", cast.ada.show("CI-00002").id)
    with pytest.raises(WorkflowRefused, match="not what was decided on"):
        cast.as_("bob").act(number, "schedule")


def test_moving_an_approved_window_is_for_who_may_decide(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    later = {"window_start": MONDAY + 30 * HOUR, "window_end": MONDAY + 31 * HOUR}
    with pytest.raises(NotAllowed, match="override"):
        cast.as_("bob").act(number, "schedule", later)
    assert cast.as_("sue").act(number, "schedule", later).state == "scheduled"
    assert cast.as_("bob").act(number, "implement").state == "implementing"


def test_work_under_way_is_not_rewritten_and_not_cancelled(cast: Cast) -> None:
    number = implementing(cast)
    with pytest.raises(WorkflowRefused, match="stays as it was decided"):
        cast.ada.edit(number, {"plan": "Something else"})
    with pytest.raises(WorkflowRefused, match="not possible while implementing"):
        cast.ada.act(number, "cancel")
    with pytest.raises(WorkflowRefused, match="complete needs code"):
        cast.ada.act(number, "complete")
    kept = cast.as_("bob").undo().kept
    assert "no undo takes back" in kept[0].message


@pytest.mark.parametrize("values", [{"type": "emergency"}, {"code": "failed"}, {"code": "backed-out"}])
def test_emergencies_and_failures_close_with_a_review(cast: Cast, values: dict[str, str]) -> None:
    number = implementing(cast, type=values.get("type", "normal"))
    cast.as_("bob").act(number, "complete", {"code": values.get("code", "successful")})
    for action in ("review", "close"):
        with pytest.raises(WorkflowRefused, match="needs a post-implementation review"):
            cast.as_("bob").act(number, action)
    cast.as_("bob").act(number, "review", {"review": "The image was the wrong one"})
    assert cast.as_("bob").act(number, "close").state == "closed"


def test_a_standard_change_goes_straight_onto_the_schedule_and_only_as_its_template_says(cast: Cast) -> None:
    plans = {name: RFC[name] for name in ("reason", "category", "plan", "backout_plan", "test_plan", "risk_answers", "cis")}
    template = cast.ada.create("change-template", {"name": "Reboot a gateway", "duration_seconds": "30m", **plans}).number
    bob = cast.as_("bob")
    given = {"summary": "Reboot", "template": "Reboot a gateway", "window_start": MONDAY + HOUR}
    with pytest.raises(WorkflowRefused, match="CTP-00001 is draft"):
        bob.act(bob.create("change", given).number, "submit")
    with pytest.raises(NotAllowed):
        bob.act(template, "approve")
    cast.ada.act(template, "approve")
    with pytest.raises(WorkflowRefused, match="approved as it is"):
        cast.ada.edit(template, {"plan": "Pull the plug"})
    number = bob.create("change", given).number
    assert bob.show(number).values["window_end"] == MONDAY + HOUR + 1_800
    assert bob.act(number, "submit").state == "scheduled"
    with pytest.raises(DeskError):
        cast.ada.act(number, "approve")
    unnamed = bob.create("change", {name: value for name, value in given.items() if name != "summary"}).number
    assert bob.show(unnamed).title == "Reboot a gateway"
    other = bob.create("change", {**given, "plan": "Pull the plug"}).number
    with pytest.raises(WorkflowRefused, match="plan differ from CTP-00001"):
        bob.act(other, "submit")
    bare = rfc(bob, type="standard")
    with pytest.raises(WorkflowRefused, match="comes from a pre-approved template"):
        bob.act(bare, "submit")


def test_an_incident_names_its_changes_and_is_found_by_them(cast: Cast) -> None:
    number = rfc(cast.ada)
    incident = cast.incident(caused_by=number)
    cast.as_("bob").edit(incident, {"change": number})
    found = cast.ada.page(cast.ada.prepare(("incident",), f"caused_by:{number} change:{number}")).rows
    assert [row.number for row in found] == [incident]
    with pytest.raises(InvalidInput, match="there is no change"):
        cast.incident(caused_by="CHG-99999")


def test_what_an_approved_change_covers(any_cast: Cast) -> None:
    any_cast.ada.create("ci", {"name": "core-sw", "type": "network-device"})
    with any_cast.database.read() as connection:
        ids = [draft.id for draft in any_cast.ada.rows(["CI-00001", "CI-00002"])]
        assert covering(connection, ids, RFC["window_start"]) == {}
    number = assessing(any_cast.as_("bob"))
    any_cast.as_("sue").act(number, "approve")
    start, end = RFC["window_start"], RFC["window_end"]
    expected = {start - 1: {}, start: {ids[0]: number}, end - 1: {ids[0]: number}, end: {}}
    with any_cast.database.read() as connection:
        assert {at: covering(connection, ids, at) for at in expected} == expected
    any_cast.as_("bob").act(number, "schedule")
    any_cast.as_("bob").act(number, "implement")  # hours before its window
    with any_cast.database.read() as connection:
        assert covering(connection, ids, MONDAY) == {ids[0]: number}
    any_cast.clock.advance(HOUR)
    any_cast.as_("bob").act(number, "complete", {"code": "successful"})
    with any_cast.database.read() as connection:
        assert covering(connection, ids, MONDAY + HOUR // 2) == {ids[0]: number}
        assert covering(connection, ids, MONDAY + HOUR) == {}
        assert covering(connection, [], MONDAY) == {}
