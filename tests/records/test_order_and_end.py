"""What comes too late or too early: a backfill out of order, an edit of what is over, a login that has a past."""

from __future__ import annotations

import pytest

from deskterm.errors import InvalidInput, WorkflowRefused
from tests.desks import MONDAY, Cast


def test_a_backfill_goes_on_where_the_story_stands(any_cast: Cast) -> None:
    number, sue = any_cast.incident(team="network"), any_cast.as_("sue")
    any_cast.clock.advance(600)
    any_cast.as_("bob").act(number, "start")
    any_cast.clock.advance(600)
    sue.at = MONDAY - 60
    with pytest.raises(InvalidInput, match="began at"):
        sue.note(number, "seen")
    sue.at = MONDAY + 300
    with pytest.raises(InvalidInput, match="is in-progress since"):
        sue.act(number, "resolve", {"code": "solved", "solution": "x"})
    sue.at = MONDAY + 700
    sue.act(number, "resolve", {"code": "solved", "solution": "x"})


def test_what_is_over_is_not_edited_and_what_a_state_needs_is_not_cleared(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network"), any_cast.as_("bob")
    with pytest.raises(WorkflowRefused, match="needs team"):
        bob.edit(number, {"team": None})
    bob.act(number, "resolve", {"code": "solved", "solution": "x"})
    with pytest.raises(WorkflowRefused, match="needs solution"):
        bob.edit(number, {"solution": ""})
    bob.edit(number, {"solution": "y"})
    bob.act(number, "close")
    with pytest.raises(WorkflowRefused, match="is closed; link a new record instead"):
        bob.edit(number, {"solution": "z"})


@pytest.mark.parametrize("login", ["desk", "System", "a b", "a\u00a0b"])
def test_some_logins_are_nobodys(cast: Cast, login: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        cast.ada.create("agent", {"login": login})
    assert set(refusal.value.fields) == {"login"}


def test_a_login_that_was_used_stays(any_cast: Cast) -> None:
    any_cast.incident()
    with pytest.raises(InvalidInput, match="that login: it stays"):
        any_cast.ada.edit("AGT-00002", {"login": "robert"})
    any_cast.ada.edit("AGT-00003", {"login": "eva"})
