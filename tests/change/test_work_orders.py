"""The steps of a change: planned within it, moved with it, timed as they are done; and the meeting that decides on it."""

from __future__ import annotations

import pytest

from deskterm.change import meeting
from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from tests.change.changing import HOUR, RFC, assessing, board, implementing
from tests.desks import Cast

START, END = RFC["window_start"], RFC["window_end"]


def order(cast: Cast, change: str, **values: object) -> str:
    return cast.as_("bob").create("work-order", {"summary": "Flash", "change": change, **values}).number


def test_a_step_takes_its_place_in_the_change_and_its_times_are_kept(any_cast: Cast) -> None:
    number = implementing(any_cast, assignee="eve")
    first, second = order(any_cast, number, ci="vpn-gw-1"), order(any_cast, number, step="verify")
    values = any_cast.ada.show(second).values
    assert (values["position"], values["planned_start"], values["planned_end"]) == (2, START, END)
    assert any_cast.ada.show(first).names[values["assignee"]].title == "eve"
    bob = any_cast.as_("bob")
    bob.act(first, "start")
    any_cast.clock.advance(600)
    with pytest.raises(WorkflowRefused, match=f"work goes on: {first} Flash"):
        bob.act(number, "complete", {"code": "successful"})
    bob.act(first, "finish", {"result": "Version 4.3"})
    done = any_cast.ada.show(first)
    assert (done.state, done.values["actual_end"] - done.values["actual_start"]) == ("done", 600)
    bob.act(number, "complete", {"code": "successful"})
    assert any_cast.ada.show(second).state == "cancelled"


def test_what_no_step_may_be(cast: Cast) -> None:
    cast.ada.create("ci", {"name": "core-sw", "type": "network-device"})
    number = assessing(cast.as_("bob"))
    for values, said in (
        ({"planned_start": END, "planned_end": START}, "ends after it starts"),
        ({"planned_start": START - 1}, "outside the window"),
        ({"planned_end": END + 1}, "outside the window"),
        ({"ci": "core-sw"}, "does not change that CI"),
    ):
        with pytest.raises(InvalidInput, match=said):
            order(cast, number, **values)
    early = order(cast, number, step="prepare", planned_start=START - HOUR)
    cast.as_("bob").act(early, "start")
    with pytest.raises(WorkflowRefused, match="take its action implement"):
        cast.as_("bob").act(order(cast, number), "start")
    cast.as_("bob").act(number, "cancel", {"why": "not needed"})
    assert [cast.ada.show(one).state for one in (early, "WO-00002")] == ["in-progress", "cancelled"]
    with pytest.raises(WorkflowRefused, match="takes no more work orders"):
        order(cast, number)


def test_moving_the_window_moves_the_steps_that_have_not_begun_where_one_asks_for_it(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    moving, begun = order(cast, number, planned_end=START + HOUR), order(cast, number, step="prepare")
    cast.as_("bob").act(begun, "start")
    cast.as_("sue").act(number, "approve")
    cast.as_("sue").act(number, "schedule", {"window_start": START + HOUR, "window_end": END + HOUR, "move_work_orders": True})
    times = [(cast.ada.show(one).values["planned_start"], cast.ada.show(one).values["planned_end"]) for one in (moving, begun)]
    assert times == [(START + HOUR, START + 2 * HOUR), (START, END)]
    cast.as_("sue").act(number, "schedule", {"window_start": START, "window_end": END})
    assert cast.ada.show(moving).values["planned_start"] == START + HOUR


def test_a_window_moves_with_its_steps_and_the_votes_on_another_window_are_void(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    step = order(cast, number)
    board(cast, "sue", "sam", name="Late board", rule="all")
    cast.as_("bob").edit(number, {"board": "Late board"})
    cast.as_("sue").act(number, "approve")
    later = {"window_start": START + HOUR, "window_end": END + HOUR}
    cast.as_("bob").act(number, "move", later)
    assert cast.ada.show(step).values["planned_start"] == START + HOUR
    assert "votes of sue are void" in str([line.text for line in cast.ada.show(number).journal])
    for login in ("sam", "sue"):
        cast.as_(login).act(number, "approve")
    with pytest.raises(NotAllowed, match="override"):
        cast.as_("bob").act(number, "move", {"window_start": START, "window_end": END})
    moved = cast.as_("sue").act(number, "move", {"window_start": START, "window_end": END, "work_orders": False})
    assert (moved.state, cast.ada.show(step).values["planned_start"]) == ("approved", START + HOUR)
    cast.ada.create("freeze", {"summary": "Year end", "starts_at": START, "ends_at": END})
    with pytest.raises(WorkflowRefused, match="FRZ-00001"):
        cast.as_("sue").act(number, "move", {"window_start": START + 1, "window_end": END})


def test_a_meeting_has_an_agenda_sheets_and_minutes_that_stay(any_cast: Cast) -> None:
    board(any_cast, "sue", "sam", rule="all")
    board(any_cast, "sue", name="ECAB", type="ecab", rule="any")
    later = assessing(any_cast.as_("bob"), window_start=START + 9 * HOUR, window_end=START + 10 * HOUR)
    first = assessing(any_cast.as_("bob"))
    sue = any_cast.as_("sue")
    agenda, other = meeting.agendas(sue)
    assert (agenda.board, agenda.changes, other.changes) == ("CAB", (first, later), ())
    sheet = meeting.sheet(sue, first)
    assert (sheet.author, sheet.cis, sheet.breaks, sheet.refusal, sheet.mine) == ("bob", ("vpn-gw-1",), ("Workplace",), "", "")
    assert dict(sheet.texts)["Back-out plan"] == RFC["backout_plan"]
    assert "bob raised" in meeting.sheet(any_cast.as_("bob"), first).refusal
    assert "does not sit on CAB" in meeting.sheet(any_cast.as_("eve"), first).refusal
    assert "may not act" in meeting.sheet(any_cast.as_("ron"), first).refusal
    meeting.vote(sue, first, "approve", "good plan", sheet.content)
    meeting.vote(any_cast.as_("sam"), first, "approve", "", sheet.content)
    meeting.vote(sue, later, "reject", "", meeting.sheet(sue, later).content)
    assert meeting.sheet(sue, first).refusal == f"{first} is approved; there is nothing to vote on any more."
    began = any_cast.clock.at
    any_cast.clock.advance(HOUR)
    receipt, text = meeting.close_meeting(sue, agenda, agenda.changes, began, {first: "Tell the night shift."})
    assert f"{first} New firmware for the VPN gateway: approved" in text
    assert "  sue: approve, good plan\n  sam: approve\n  Tell the night shift." in text
    assert f"{later} New firmware for the VPN gateway: rejected" in text
    assert (receipt.state, any_cast.ada.show(receipt.number).values["minutes"]) == ("closed", text)
    with pytest.raises(WorkflowRefused, match="minutes of a meeting stay"):
        any_cast.ada.edit(receipt.number, {"minutes": "Nothing happened"})
    with pytest.raises(InvalidInput, match="is no change"):
        meeting.sheet(sue, receipt.number)
    with pytest.raises(NotAllowed):
        meeting.close_meeting(any_cast.as_("ron"), agenda, (), began, {})
