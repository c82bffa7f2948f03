"""Creating, editing, acting and noting: what is derived, what is refused and what the journal then says."""

from __future__ import annotations

import pytest

from deskterm.errors import Conflict, InvalidInput, NotAllowed, NotFound, WorkflowRefused
from tests.desks import MONDAY, Cast


def test_a_new_incident_is_numbered_prioritised_and_assigned(any_cast: Cast) -> None:
    number = any_cast.incident(impact=1, urgency="high", team="network", service="Workplace")
    view = any_cast.ada.show(number)
    assert number == "INC-00001"
    assert (view.state, view.version, view.values["priority"]) == ("assigned", 1, 1)
    assert view.names[view.values["customer"]].title == "Acme", "the customer comes from the caller"
    assert view.values["occurred_at"] == MONDAY
    [created] = view.journal[:1]
    assert created.what == "created"
    assert isinstance(created.new, dict)
    assert created.new["requester"] == "Maria Lopez"
    assert created.new["state"] == "assigned"


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        cast.as_("bob").create("incident", {"impact": 7, "urgency": "soon", "channel": "pigeon", "requester": "Nobody"})
    assert set(refusal.value.fields) == {"impact", "urgency", "channel", "requester"}
    assert "one of phone, walk-in" in refusal.value.fields["channel"]
    with pytest.raises(InvalidInput) as refusal:
        cast.as_("bob").create("incident", {})
    assert refusal.value.fields == {"summary": "required"}


@pytest.mark.parametrize(("field", "hint"), [("sumary", "did you mean summary?"), ("version", "worked out by the desk")])
def test_unknown_and_derived_fields_are_refused_with_a_hint(cast: Cast, field: str, hint: str) -> None:
    with pytest.raises(InvalidInput, match=hint.replace("?", r"\?")):
        cast.as_("bob").create("incident", {"summary": "x", field: 1})


def test_an_override_of_the_priority_needs_the_right_and_a_reason(cast: Cast) -> None:
    number = cast.incident(impact=3, urgency=3)
    with pytest.raises(NotAllowed):
        cast.as_("bob").edit(number, {"priority": 1, "priority_reason": "the boss"})
    with pytest.raises(InvalidInput, match="give priority 5"):
        cast.as_("sam").edit(number, {"priority": 1})
    cast.as_("sam").edit(number, {"priority": 1, "priority_reason": "the boss"})
    cast.as_("bob").edit(number, {"urgency": 2})
    assert cast.ada.show(number).values["priority"] == 1, "an override stays when its inputs change"
    cast.as_("sam").edit(number, {"priority": None})
    view = cast.ada.show(number)
    assert (view.values["priority"], view.values["priority_reason"]) == (4, None)


def test_different_fields_merge_and_the_same_field_asks(any_cast: Cast) -> None:
    number = any_cast.incident()
    bob, eve = any_cast.as_("bob"), any_cast.as_("eve")
    seen = bob.show(number).version
    bob.edit(number, {"impact": 1}, base_version=seen)
    eve.edit(number, {"category": "network"}, base_version=seen)
    view = bob.show(number)
    assert (view.values["impact"], view.values["category"], view.version) == (1, "network", seen + 2)
    with pytest.raises(Conflict) as conflict:
        eve.edit(number, {"impact": 2, "category": "network"}, base_version=seen)
    [clash] = conflict.value.clashes
    assert (clash.field, clash.base, clash.theirs, clash.yours, clash.by) == ("impact", 3, 1, 2, "bob")
    eve.edit(number, {"impact": 1}, base_version=seen)
    assert bob.show(number).version == seen + 2, "wanting what is already so is no conflict and no change"


def test_two_agents_take_one_ticket_and_the_second_reads_who(any_cast: Cast) -> None:
    number = any_cast.incident(team="network")
    seen = any_cast.ada.show(number).version
    any_cast.as_("bob").act(number, "take", base_version=seen)
    with pytest.raises(Conflict, match="bob set assignee to bob"):
        any_cast.as_("eve").act(number, "take", base_version=seen)
    view = any_cast.ada.show(number)
    assert view.names[view.values["assignee"]].title == "bob"


def test_actions_refuse_with_the_rule_and_what_is_missing(cast: Cast) -> None:
    number = cast.incident()
    bob = cast.as_("bob")
    with pytest.raises(WorkflowRefused, match="close is not possible while new; it is possible while resolved"):
        bob.act(number, "close")
    with pytest.raises(WorkflowRefused) as refusal:
        bob.act(number, "resolve", {"code": "solved"})
    assert set(refusal.value.fields) == {"solution"}
    with pytest.raises(WorkflowRefused) as refusal:
        bob.act(number, "pend", {"until": "2026-11-03"})
    assert set(refusal.value.fields) == {"reason"}
    with pytest.raises(WorkflowRefused, match="needs a message"):
        bob.act(number, "pend", {"reason": "caller"})
    with pytest.raises(InvalidInput, match="does not take colour"):
        bob.act(number, "start", {"colour": "red"})
    with pytest.raises(WorkflowRefused, match="there is no action 'explode'"):
        bob.act(number, "explode")


def test_an_incident_goes_its_whole_way(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network"), any_cast.as_("bob")
    bob.act(number, "start")
    bob.act(number, "pend", {"reason": "caller", "message": "Does it happen on wifi, too?"})
    any_cast.clock.advance(600)
    any_cast.as_("maria").note(number, "Yes, it does.", public=True)
    view = bob.show(number)
    assert (view.state, view.values["pending_reason"], view.values["contacts"]) == ("in-progress", None, 2)
    bob.act(number, "resolve", {"code": "solved", "solution": "New firmware."})
    any_cast.clock.advance(60)
    bob.act(number, "reopen", {"reason": "still drops"})
    view = bob.show(number)
    assert (view.state, view.values["reopens"], view.values["resolved_at"]) == ("in-progress", 1, None)
    bob.act(number, "resolve", {"solution": "New cable."})
    bob.act(number, "close")
    with pytest.raises(WorkflowRefused, match="reopen is not possible while closed"):
        bob.act(number, "reopen")
    states = [line.new for line in bob.show(number).journal if line.what == "state"]
    assert states == ["in-progress", "pending", "in-progress", "resolved", "in-progress", "resolved", "closed"]


def test_a_requester_sees_and_says_only_what_is_their_own(any_cast: Cast) -> None:
    mine = any_cast.incident()
    theirs = any_cast.incident(requester="Hank Scorpio")
    any_cast.as_("bob").note(mine, "he is always like that")
    maria = any_cast.as_("maria")
    assert [line.what for line in maria.show(mine).journal] == []
    for number in (theirs, "INC-99999"):
        with pytest.raises(NotFound, match=f"there is no record '{number}'"):
            maria.show(number)
        with pytest.raises(NotFound):
            maria.note(number, "hello", public=True)
    with pytest.raises(NotAllowed):
        maria.edit(mine, {"impact": 1})
    page = maria.page(maria.prepare(["incident"], ""))
    assert [row.number for row in page.rows] == [mine]
    assert [row.number for row in maria.search("VPN")] == [mine]


def test_what_is_refused_for_want_of_a_right_is_journalled(any_cast: Cast) -> None:
    number = any_cast.incident()
    with pytest.raises(NotAllowed, match="ron may not edit an incident"):
        any_cast.as_("ron").edit(number, {"impact": 1})
    refused = [line for line in any_cast.ada.show(number).journal if line.what == "refused"]
    assert [(line.actor, line.text is not None) for line in refused] == [("ron", True)]


def test_names_are_unique_whatever_their_case_and_accents(any_cast: Cast) -> None:
    any_cast.ada.create("team", {"name": "Büro"})
    with pytest.raises(InvalidInput, match="names are unique"):
        any_cast.ada.create("team", {"name": "BURO"})


def test_a_reference_that_names_several_is_refused(cast: Cast) -> None:
    cast.ada.create("person", {"name": "Maria Lopez"})
    with pytest.raises(InvalidInput, match="names several"):
        cast.incident()


def test_backfill_needs_the_right_and_lies_in_the_past(cast: Cast) -> None:
    bob, sue = cast.as_("bob"), cast.as_("sue")
    bob.at = sue.at = MONDAY - 3600
    with pytest.raises(NotAllowed, match="backdate"):
        bob.create("incident", {"summary": "x"})
    number = sue.create("incident", {"summary": "x"}).number
    line = cast.ada.show(number).journal[0]
    assert (line.at, line.recorded_at) == (MONDAY - 3600, MONDAY)
    sue.at = MONDAY + 1
    with pytest.raises(NotAllowed, match="future"):
        sue.create("incident", {"summary": "x"})


@pytest.mark.parametrize("text", ["\x00", "a\ud800b"])
def test_text_that_no_database_can_store_is_refused(any_cast: Cast, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        any_cast.incident(summary=f"x{text}y")
    assert set(refusal.value.fields) == {"summary"}


def test_hostile_text_is_stored_as_it_came(any_cast: Cast) -> None:
    text = "[/b][@click=app.quit]x\x1b]52;c;AAAA\x07 \u202egpj.exe"
    number = any_cast.incident(summary=text)
    assert any_cast.ada.show(number).title == text


def test_search_puts_what_is_open_first_and_the_log_of_contacts_last(any_cast: Cast) -> None:
    bob, ada = any_cast.as_("bob"), any_cast.ada
    for _ in range(3):
        bob.create("interaction", {"caller": "Maria Lopez", "summary": "Plotter", "outcome": "information"})
    done, waiting = any_cast.incident(summary="Plotter"), any_cast.incident(summary="Nothing to plot with: plotter is gone")
    bob.act(done, "resolve", {"code": "solved", "solution": "Paper."})
    article = ada.create("knowledge", {"summary": "How to calm a plotter that has been running all night", "body": "Paper."})
    found = [(row.number, row.kind) for row in bob.search("plotter")]
    assert {number for number, _ in found[:2]} == {waiting, article.number}
    assert found[2] == (done, "incident")
    assert [kind for _, kind in found[3:]] == ["interaction"] * 3
    assert [row.kind for row in bob.search("plotter", limit=1)] != ["interaction"]
