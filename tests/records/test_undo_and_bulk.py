"""Bulk acts with their preview, and undo of edits, actions and bulk acts."""

from __future__ import annotations

import pytest

from deskterm.desk import acting, editing
from deskterm.errors import InvalidInput, NotAllowed, NotFound
from tests.desks import Cast


def test_a_preview_says_what_would_come_of_each_and_keeps_nothing(any_cast: Cast) -> None:
    numbers = [any_cast.incident() for _ in range(5)]
    bob = any_cast.as_("bob")
    bob.act(numbers[2], "cancel", {"reason": "twice"})
    step = acting("assign", {"team": "network"})
    outcomes = bob.bulk([*numbers, "INC-404"], "assign", step, preview=True)
    assert [o.ok for o in outcomes] == [True, True, False, True, True, False]
    assert "not possible while cancelled" in outcomes[2].message
    assert outcomes[0].changes["state"] == ("new", "assigned")
    assert bob.show(numbers[0]).state == "new"
    with pytest.raises(InvalidInput, match="1 of 5 refuse, nothing was changed") as refusal:
        bob.bulk(numbers, "assign", step)
    assert list(refusal.value.fields) == [numbers[2]]
    assert {bob.show(n).state for n in numbers} == {"new", "cancelled"}
    assert not [line for line in bob.show(numbers[0]).journal if line.what != "created"]


def test_undo_takes_a_bulk_act_back_but_not_what_changed_since(any_cast: Cast) -> None:
    numbers = [any_cast.incident() for _ in range(4)]
    bob, eve = any_cast.as_("bob"), any_cast.as_("eve")
    bob.bulk(numbers, "edit", editing({"impact": 1, "category": "network"}))
    eve.edit(numbers[1], {"impact": 2})
    report = bob.undo()
    assert set(report.undone) == {numbers[0], numbers[2], numbers[3]}
    [kept] = report.kept
    assert (kept.number, kept.message) == (numbers[1], "eve changed impact since, eve changed priority since")
    view = bob.show(numbers[0])
    assert (view.values["impact"], view.values["category"], view.values["priority"]) == (3, None, 4)
    assert bob.show(numbers[1]).values["impact"] == 2


def test_undo_of_an_action_restores_the_state(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network"), any_cast.as_("bob")
    bob.act(number, "resolve", {"code": "solved", "solution": "rebooted"})
    bob.undo()
    view = bob.show(number)
    assert (view.state, view.values["solution"], view.values["resolved_at"]) == ("assigned", None, None)
    assert view.extra["done_at"] is None
    assert view.extra["open_since"] is not None


def test_nobody_undoes_the_work_of_others_but_a_supervisor(any_cast: Cast) -> None:
    number, bob = any_cast.incident(), any_cast.as_("bob")
    done = bob.edit(number, {"impact": 1}).operation
    with pytest.raises(NotFound, match="nothing of yours"):
        any_cast.as_("eve").undo()
    with pytest.raises(NotAllowed, match="done by bob"):
        any_cast.as_("eve").undo(done)
    any_cast.as_("sue").undo(done)
    with pytest.raises(NotFound, match="undone already"):
        bob.undo(done)


def test_what_was_said_stays_and_what_was_made_is_withdrawn(cast: Cast) -> None:
    bob = cast.as_("bob")
    worked_on, number = cast.incident(), cast.incident()
    bob.note(number, "called back")
    [kept] = bob.undo().kept
    assert "journal keeps every word" in kept.message
    assert bob.undo().undone == (number,)
    assert bob.show(number).state == "cancelled"
    bob.edit(worked_on, {"impact": 1})
    bob.undo()
    [kept] = bob.undo().kept
    assert "worked on since" in kept.message


def test_merge_and_split_lose_nothing_and_can_be_undone(any_cast: Cast) -> None:
    one, two, bob = any_cast.incident(summary="No mail"), any_cast.incident(summary="Mail is down"), any_cast.as_("bob")
    bob.note(one, "it began at nine")
    bob.act(one, "merge", {"into": two})
    merged = bob.show(one)
    assert (merged.state, [line.text for line in merged.journal if line.what == "note"]) == ("cancelled", ["it began at nine"])
    assert bob.show(two).values["affected"] == 2
    assert ("merged-into", one) in [(link.relation, link.number) for link in bob.show(two).links if link.inverse]
    assert set(bob.undo().undone) == {one, two}
    assert (bob.show(one).state, bob.show(two).values["affected"]) == ("new", 1)
    assert not [link for link in bob.show(two).links if link.valid_until is None]
    bob.act(one, "split", {"summary": "And the calendar is gone"})
    second = bob.show("INC-00003")
    assert (second.title, second.values["requester"]) == ("And the calendar is gone", bob.show(one).values["requester"])
    bob.undo()
    assert bob.show("INC-00003").state == "cancelled"


def test_two_merges_into_each_other_never_close_both(any_cast: Cast) -> None:
    from deskterm.errors import WorkflowRefused

    one, two, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    bob.act(one, "merge", {"into": two})
    with pytest.raises(WorkflowRefused, match="cancelled; merge into one that is open"):
        bob.act(two, "merge", {"into": one})


def test_a_caller_rates_what_was_done(cast: Cast) -> None:
    number, bob = cast.incident(), cast.as_("bob")
    bob.act(number, "resolve", {"code": "solved", "solution": "x"})
    cast.as_("maria").act(number, "rate", {"score": 5, "comment": "quick"})
    assert bob.show(number).values["satisfaction"] == 5
    with pytest.raises(InvalidInput):
        cast.as_("maria").act(number, "rate", {"score": 6})


def test_links_are_undone(any_cast: Cast) -> None:
    one, two, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    assert bob.link(one, "child-of", two)
    assert not bob.link(one, "child-of", two), "linking again changes nothing"
    assert [link.relation for link in bob.show(two).links if link.valid_until is None] == ["child-of"]
    bob.undo()
    assert not [link for link in bob.show(two).links if link.valid_until is None]


def test_undo_breaks_no_rule_and_says_which_one_it_would_have_broken(any_cast: Cast) -> None:
    ada, number = any_cast.ada, {"ada": "AGT-00001", "bob": "AGT-00002"}
    promoted = ada.edit(number["bob"], {"roles": ["administrator"]}).operation
    bob = any_cast.as_("bob")
    bob.edit(number["ada"], {"roles": ["agent"]})
    [kept] = bob.undo(promoted).kept
    assert (kept.number, kept.ok) == (number["bob"], False)
    assert "last administrator" in kept.message
    assert bob.show(number["bob"]).values["roles"] == ["administrator"]


def test_undo_gives_no_name_back_that_somebody_else_has_by_now(any_cast: Cast) -> None:
    ada = any_cast.ada
    team = ada.create("team", {"name": "storage"}).number
    renamed = ada.edit(team, {"name": "disks"}).operation
    ada.create("team", {"name": "Storage"})
    [kept] = ada.undo(renamed).kept
    assert "names are unique" in kept.message
    assert ada.show(team).title == "disks"


def test_an_undone_link_is_journalled_on_both_ends_and_one_that_was_ended_goes_on(any_cast: Cast) -> None:
    one, two, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    bob.link(one, "related", two, group="a", need=1)
    any_cast.clock.advance(60)
    bob.unlink(one, "related", two)
    assert set(bob.undo().undone) == {one, two}
    [link] = bob.show(one).links
    assert (link.valid_from, link.valid_until, link.group, link.need) == (any_cast.clock.now() - 60, None, "a", 1)
    for number in (one, two):
        assert [line.what for line in bob.show(number).journal if "link" in line.what] == ["link", "unlink", "link"]


def test_an_escalation_to_a_manager_is_journalled_on_both_ends_and_undone(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network"), any_cast.as_("bob")
    bob.act(number, "escalate", {"to": "sue", "reason": "the boss calls"})
    assert ("link", "watches of") in [(line.what, line.field) for line in bob.show(number).journal]
    [manager] = [link.number for link in bob.show(number).links]
    assert [line.new for line in any_cast.ada.show(manager).journal if line.field == "watches"] == [number]
    bob.undo()
    assert bob.show(number).links[0].valid_until is not None


def test_a_membership_is_journalled_on_both_ends_and_undone_on_both(any_cast: Cast) -> None:
    ada = any_cast.ada
    team, agent = ada.create("team", {"name": "storage"}).number, "AGT-00005"
    ada.edit(team, {"members": [agent]})
    assert ("link", "member-of", team) in [(line.what, line.field, line.new) for line in ada.show(agent).journal]
    assert set(ada.undo().undone) == {team, agent}
    assert not ada.show(team).values["members"]
    ada.edit(agent, {"teams": [team]})
    assert ("link", "member-of of", agent) in [(line.what, line.field, line.new) for line in ada.show(team).journal]


def test_a_refused_attempt_is_nothing_to_undo_and_a_refused_undo_is_journalled(any_cast: Cast) -> None:
    number, bob, ron = any_cast.incident(), any_cast.as_("bob"), any_cast.as_("ron")
    done = bob.edit(number, {"category": "x"}).operation
    with pytest.raises(NotAllowed):
        bob.edit(number, {"impact": 1, "priority": 1, "priority_reason": "x"})
    with pytest.raises(NotAllowed, match="done by bob"):
        ron.undo(done)
    with pytest.raises(NotFound, match="nothing of yours"):
        ron.undo()
    own = bob.rows(["AGT-00006", "AGT-00007", "AGT-00005", "AGT-00004"])
    refused = [line for row in own for line in any_cast.ada.show(row.number).journal if line.what == "refused"]
    assert [line.actor for line in refused] == ["ron"]
    assert bob.undo().undone == (number,)


def test_what_was_made_stays_once_somebody_else_spoke_of_it(any_cast: Cast) -> None:
    number = any_cast.incident()
    any_cast.as_("eve").note(number, "I know her")
    [kept] = any_cast.as_("bob").undo().kept
    assert "worked on since" in kept.message
