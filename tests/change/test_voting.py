"""Boards and their votes: who may, what counts, when it is decided, and that nothing of it can be edited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete, exc, select, text, update

from data.tables.change import change_vote
from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, NotAllowed, WorkflowRefused
from tests.change.changing import HOUR, RFC, assessing, board, rfc
from tests.desks import Cast


def test_a_board_decides_exactly_when_its_rule_is_met(any_cast: Cast) -> None:
    board(any_cast, "sue", "sam", "eve", rule="all")
    number = assessing(any_cast.as_("bob"))
    assert any_cast.ada.show(number).names[any_cast.ada.show(number).values["board"]].title == "CAB"
    assert any_cast.as_("sue").act(number, "approve").state == "assessing"
    assert any_cast.as_("sam").act(number, "vote", {"vote": "abstain", "comment": "not my trade"}).state == "assessing"
    assert any_cast.as_("eve").act(number, "approve").state == "approved"
    reasons = [line.text for line in any_cast.ada.show(number).journal if line.what == "state"]
    assert reasons[-1] == "CAB: every seat has voted and none is against"


def test_a_refusal_moves_the_change(cast: Cast) -> None:
    board(cast, "sue", "sam", "eve", rule="majority")
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "reject", {"comment": "too late in the year"})
    assert cast.as_("sam").act(number, "reject").state == "rejected"
    assert cast.as_("bob").act(number, "revise").state == "draft"


def test_nobody_votes_for_another_nor_on_their_own_request_nor_without_a_seat(cast: Cast) -> None:
    board(cast, "bob", "sue", rule="all")
    number = assessing(cast.as_("bob"))
    with pytest.raises(NotAllowed, match="bob raised CHG-00001"):
        cast.as_("bob").act(number, "approve")
    for login in ("eve", "ada"):
        with pytest.raises(NotAllowed, match="does not sit on CAB, nor substitutes for a member; sue decide"):
            cast.as_(login).act(number, "approve")
    with pytest.raises(InvalidInput, match="does not take"):
        cast.as_("eve").act(number, "vote", {"vote": "approve", "seat": "sue"})
    with pytest.raises(NotAllowed):
        cast.as_("ron").act(number, "approve")
    assert cast.as_("sue").act(number, "approve").state == "approved", "the author has no seat to wait for"
    refused = [line.text for line in cast.ada.show(number).journal if line.what == "refused"]
    assert len(refused) == 4


def test_nobody_votes_on_what_they_asked_for(cast: Cast) -> None:
    cast.ada.create("agent", {"login": "mia", "roles": ["agent"], "person": "Hank Scorpio"})
    board(cast, "mia", "sue")
    number = assessing(cast.as_("bob"), requester="Hank Scorpio")
    with pytest.raises(NotAllowed, match="asked for"):
        cast.as_("mia").act(number, "approve")


def test_a_substitute_votes_while_the_member_is_away_and_once(cast: Cast) -> None:
    number = board(cast, "sue", "sam", rule="all")
    until = {"until": cast.clock.at + HOUR}
    sue, eve = cast.as_("sue"), cast.as_("eve")
    with pytest.raises(InvalidInput, match="no member of CAB"):
        eve.act(number, "substitute", {"substitute": "bob", **until})
    with pytest.raises(InvalidInput, match="votes for themselves"):
        sue.act(number, "substitute", {"substitute": "sam", **until})
    with pytest.raises(NotAllowed, match="manage"):
        eve.act(number, "substitute", {"substitute": "bob", "member": "sue", **until})
    sue.act(number, "substitute", {"substitute": "eve", **until})
    with pytest.raises(InvalidInput, match="two votes"):
        cast.as_("sam").act(number, "substitute", {"substitute": "eve", **until})
    change = assessing(cast.as_("bob"))
    eve.act(change, "approve")
    said = [line.text for line in cast.ada.show(change).journal if line.what == "signed"]
    assert said == ["voted approve for sue, whose substitute they are"]
    cast.clock.advance(HOUR)
    later = assessing(cast.as_("bob"))
    with pytest.raises(NotAllowed, match="nor substitutes"):
        eve.act(later, "approve")
    assert cast.as_("sam").act(change, "approve").state == "approved", "what a substitute voted in time goes on counting"


def test_a_material_edit_voids_votes_before_and_a_vote_on_what_is_gone_is_refused(cast: Cast) -> None:
    board(cast, "sue", "sam", rule="all")
    number = assessing(cast.as_("bob"))
    read_before = str(cast.ada.show(number).values["content"])
    cast.as_("sue").act(number, "approve")
    cast.clock.advance(60)
    cast.as_("bob").edit(number, {"plan": "Something quite different"})
    with pytest.raises(WorkflowRefused, match="was edited since you read it"):
        cast.as_("sam").act(number, "approve", {"seen": read_before})
    now = str(cast.ada.show(number).values["content"])
    assert cast.as_("sam").act(number, "approve", {"seen": now[:12]}).state == "assessing"
    assert cast.as_("sue").act(number, "approve").state == "approved"


def test_back_to_draft_voids_votes_even_where_nothing_was_edited(cast: Cast) -> None:
    board(cast, "sue", "sam", rule="all")
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    for action in ("revise", "submit", "assess"):
        cast.as_("bob").act(number, action)
    assert cast.as_("sam").act(number, "approve").state == "assessing"


def test_an_emergency_goes_before_its_committee_at_once_and_a_normal_change_does_not(cast: Cast) -> None:
    board(cast, "sue", "sam", rule="all")
    board(cast, "sam", "sue", name="ECAB", type="ecab", rule="any")
    normal, emergency = rfc(cast.as_("bob")), rfc(cast.as_("bob"), type="emergency")
    for number in (normal, emergency):
        cast.as_("bob").act(number, "submit")
    with pytest.raises(WorkflowRefused, match="not assessed yet"):
        cast.as_("sue").act(normal, "approve")
    assert cast.as_("sam").act(emergency, "approve").state == "approved"
    with pytest.raises(WorkflowRefused, match="take it back to draft to change the type"):
        cast.as_("bob").edit(normal, {"type": "emergency"})


def test_a_vote_is_not_undone(cast: Cast) -> None:
    board(cast, "sue", rule="any")
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    assert [outcome.number for outcome in cast.as_("sue").undo().kept] == [number]
    assert cast.ada.show(number).state == "approved"


def test_a_board_without_anybody_who_may_vote_says_so(cast: Cast) -> None:
    board(cast, "bob")
    number = assessing(cast.as_("bob"))
    with pytest.raises(WorkflowRefused, match="nobody who may vote sits on CAB"):
        cast.as_("sue").act(number, "approve")
    with pytest.raises(InvalidInput, match="quorum of 3 cannot be reached by 2"):
        board(cast, "sue", "sam", name="Other", quorum=3)


def test_members_who_vote_in_the_same_instant_decide_together(any_cast: Cast) -> None:
    """Each sees the votes before their own: all have granted it, so it is not pending any more."""
    logins = ("sue", "sam", "eve")
    board(any_cast, *logins, rule="all")
    number = assessing(any_cast.as_("bob"))
    desks, gate = [any_cast.as_(login) for login in logins], Barrier(len(logins))

    def vote(desk: Desk) -> str:
        gate.wait()
        return desk.act(number, "approve").state

    with ThreadPoolExecutor(len(logins)) as pool:
        states = list(pool.map(vote, desks))
    assert sorted(states) == ["approved", "assessing", "assessing"]
    assert any_cast.ada.show(number).state == "approved"


def test_sql_cannot_edit_a_vote(any_cast: Cast) -> None:
    number = assessing(any_cast.as_("bob"), **RFC)
    any_cast.as_("sue").act(number, "approve")
    for statement in (update(change_vote).values(vote="reject"), delete(change_vote)):
        with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
            connection.execute(statement)
    if any_cast.database.dialect == "postgresql":
        with pytest.raises(exc.DBAPIError, match="append-only"), any_cast.database.write() as connection:
            connection.execute(text("TRUNCATE change_vote"))
    with any_cast.database.read() as connection:
        assert connection.execute(select(change_vote.c.vote)).scalars().all() == ["approve"]
