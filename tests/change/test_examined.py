"""What the doctor says of changes: nothing of those that were only used, the right thing of each that was meddled with."""

from __future__ import annotations

import pytest

from deskterm.doctor import examine
from tests.change.changing import HOUR, RFC, assessing, board, implementing
from tests.desks import MONDAY, Cast


def codes(cast: Cast) -> set[str]:
    found = examine(cast.database, clock=cast.clock, registry=cast.ada.registry)
    return {one.code for one in found if one.subject.startswith(("CHG", "WO"))} - {"value", "state", "version"}


def _used(cast: Cast) -> str:
    """A board with a substitute, an approval that was moved, one that was voided and given again, one that is over, a draft."""
    ada, bob, sue = cast.ada, cast.as_("bob"), cast.as_("sue")
    ada.create("ci", {"name": "core-sw", "type": "network-device"})
    without_board = assessing(bob)
    sue.act(without_board, "approve")
    number_of_board = board(cast, "sue")
    over = implementing(cast)
    step = bob.create("work-order", {"summary": "Flash", "change": over}).number
    bob.act(step, "start")
    cast.clock.advance(600)
    bob.act(step, "finish")
    bob.act(over, "complete", {"code": "successful"})
    bob.act(over, "close", {"review": "Fine."})
    sue.act(number_of_board, "substitute", {"substitute": "sam", "until": MONDAY + 9_000 * HOUR})
    later = {"window_start": cast.clock.now() + 20 * HOUR, "window_end": cast.clock.now() + 22 * HOUR}
    again = assessing(bob, **later)
    cast.as_("sam").act(again, "approve")
    bob.act(again, "schedule")
    bob.edit(again, {"cis": ["vpn-gw-1", "core-sw"]})
    sue.act(again, "approve")
    bob.act(again, "schedule")
    assessing(bob, **later)
    bob.create("change", {"summary": "An idea"})
    return again


MEDDLED = {
    "content": "UPDATE change SET content = 'x' WHERE id = {id}",
    "risk": "UPDATE change SET risk = 1 WHERE id = {id}",
    "approval": "UPDATE change SET reason = 'Another one' WHERE id = {id}",
    "vote": "UPDATE change SET author_id = (SELECT max(voter_id) FROM change_vote WHERE change_id = {id}) WHERE id = {id}",
    "work-order": "UPDATE work_order SET actual_end = NULL",
}


@pytest.mark.parametrize("code", MEDDLED)
def test_what_was_meddled_with_is_found_and_what_was_only_used_is_not(any_cast: Cast, code: str) -> None:
    number = _used(any_cast)
    assert codes(any_cast) == set()
    key = any_cast.ada.show(number).id
    with any_cast.database.write() as connection:
        for statement in MEDDLED[code].format(number=number, id=key).split("; "):
            connection.exec_driver_sql(statement)
    assert code in codes(any_cast)


def test_an_approval_without_its_votes_and_a_vote_from_beside_the_board_are_found(any_cast: Cast) -> None:
    board(any_cast, "sue")
    number = assessing(any_cast.as_("bob"))
    any_cast.as_("sue").act(number, "approve")
    assert codes(any_cast) == set()
    with any_cast.database.write() as connection:
        connection.exec_driver_sql("UPDATE link SET valid_from = valid_until WHERE relation = 'sits-on'")
    assert codes(any_cast) == {"vote"}
    with any_cast.database.write() as connection:
        connection.exec_driver_sql("UPDATE change SET approval_round = approval_round + 1")
    assert codes(any_cast) == {"approval"}
    assert RFC["reason"] == any_cast.ada.show(number).values["reason"], "the doctor changes nothing"
