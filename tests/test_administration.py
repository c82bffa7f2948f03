"""The policy of the desk and its jobs: who may change them, what is refused, and that every change is journalled."""

from __future__ import annotations

from dataclasses import fields

import pytest

from deskterm.administration import MEANINGS, change, reset, run_now, set_apart, settings
from deskterm.desk_settings import DeskSettings
from deskterm.errors import InvalidInput, NotAllowed
from tests.desks import Cast


def test_every_setting_has_a_meaning() -> None:
    assert set(MEANINGS) == {item.name for item in fields(DeskSettings)} - {"changed"}


def test_a_setting_is_changed_journalled_and_put_back(any_cast: Cast) -> None:
    change(any_cast.ada, "priority_matrix", [[1, 1, 2], [2, 2, 3], [3, 3, 4]])
    found = {one.name: one for one in settings(any_cast.as_("ron"))}
    assert found["priority_matrix"].value == ((1, 1, 2), (2, 2, 3), (3, 3, 4))
    assert found["priority_matrix"].is_changed
    assert not found["categories"].is_changed
    assert any_cast.ada.show(any_cast.incident(impact=1, urgency=2)).values["priority"] == 1
    reset(any_cast.ada, "priority_matrix")
    assert not any(one.is_changed for one in settings(any_cast.ada))
    said = [line.text or "" for line in any_cast.ada.show("AGT-00001").journal if "priority_matrix" in (line.text or "")]
    assert len(said) == 2


def test_the_same_value_again_is_not_worth_a_word(cast: Cast) -> None:
    change(cast.ada, "warn_percent", [75, 90])
    assert not [line for line in cast.ada.show("AGT-00001").journal if line.what == "note"]


WRONG = [
    ("priority_matrix", [[1, 2], [3]], "as many columns"),
    ("priority_matrix", "nonsense", "list of rows"),
    ("auto_close_seconds", -1, "not negative"),
    ("auto_close_seconds", "soon", "whole number"),
    ("desk_name", "", "one line"),
    ("desk_name", "two\nlines", "one line"),
    ("desk_name", "\x1b[2J", "one line"),
    ("desk_name", "x" * 81, "one line"),
    ("categories", [], "at least one word"),
    ("categories", ["a\x00b"], "at least one word"),
    ("categories", 7, "at least one word"),
    ("warn_percent", [0], "from 1 to 99"),
    ("warn_percent", ["many"], "from 1 to 99"),
    ("warn_percent", None, "from 1 to 99"),
    ("nothing_like_it", 1, "no setting"),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_what_breaks_the_rule_of_a_setting_is_refused(cast: Cast, name: str, value: object, says: str) -> None:
    before = settings(cast.ada)
    with pytest.raises(InvalidInput, match=says):
        change(cast.ada, name, value)
    assert settings(cast.ada) == before


@pytest.mark.parametrize("login", ["bob", "sue", "sam", "ron", "maria"])
def test_only_who_manages_the_desk_changes_its_policy_or_runs_its_jobs(cast: Cast, login: str) -> None:
    desk = cast.as_(login)
    for attempt in (lambda: change(desk, "desk_name", "Mine"), lambda: reset(desk, "desk_name"), lambda: run_now(desk, "x")):
        with pytest.raises(NotAllowed, match="may not manage a desk setting"):
            attempt()
    refused = [line for line in cast.ada.show(_number(cast, login)).journal if line.what == "refused"]
    assert len(refused) == 3


def _number(cast: Cast, login: str) -> str:
    return cast.ada.page(cast.ada.prepare(("agent",), f"login:{login}")).rows[0].number


def test_a_requester_does_not_read_the_policy(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        settings(cast.as_("maria"))


def test_a_job_is_run_once_now(cast: Cast) -> None:
    number = cast.incident()
    cast.ada.act(number, "resolve", {"code": "solved", "solution": "x"})
    cast.clock.advance(30 * 86400)
    run = run_now(cast.ada, "auto-close")
    assert (run.name, run.error) == ("auto-close", None)
    assert cast.ada.show(number).state == "closed"
    assert list(set_apart(cast.ada, "auto-close")) == []
    with pytest.raises(InvalidInput, match="there is no job"):
        run_now(cast.ada, "make-coffee")
