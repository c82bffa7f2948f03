"""What an incident's own actions promise: families end together if one says so, major ones end with a review, nothing is idle."""

from __future__ import annotations

import pytest

from deskterm.errors import InvalidInput, WorkflowRefused
from tests.desks import Cast

SOLVED = {"code": "fixed", "solution": "Replaced the switch."}


def refusals(cast: Cast, number: str) -> dict[str, str]:
    return {action.name: action.refusal for action in cast.as_("sue").actions(number)}


def test_resolving_a_parent_takes_its_open_children_along_if_asked_and_never_touches_closed_ones(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    parent, waiting, fresh, closed, cancelled, stranger = (any_cast.incident() for _ in range(6))
    for child in (waiting, fresh, closed, cancelled):
        bob.link(child, "child-of", parent)
    with pytest.raises(InvalidInput, match=f"link {stranger} child-of {parent}"):
        bob.link(parent, "parent-of", stranger)
    bob.act(waiting, "pend", {"reason": "supplier"})
    bob.act(closed, "resolve", {"code": "solved", "solution": "It went away."})
    bob.act(closed, "close")
    bob.act(cancelled, "cancel", {"reason": "logged twice"})
    untouched = [(number, bob.show(number).version) for number in (closed, cancelled, stranger)]

    bob.act(parent, "resolve", SOLVED)
    assert [bob.show(number).state for number in (waiting, fresh)] == ["pending", "new"]
    bob.act(parent, "reopen", {"reason": "not yet"})

    bob.act(parent, "resolve", {**SOLVED, "children": True})
    for number in (waiting, fresh):
        view = bob.show(number)
        assert (view.state, view.values["solution"]) == ("resolved", "Replaced the switch.")
    assert [(number, bob.show(number).version) for number in (closed, cancelled, stranger)] == untouched

    bob.undo()
    assert [bob.show(number).state for number in (parent, waiting, fresh)] == ["in-progress", "pending", "new"]


def test_what_would_change_nothing_is_not_offered_and_says_why(cast: Cast) -> None:
    number, sue = cast.incident(), cast.as_("sue")
    version = sue.show(number).version
    for action, values, why in (
        ("wake", {}, "it is not snoozed"),
        ("end-major", {"reason": "a mistake"}, "it is no major incident"),
    ):
        assert refusals(cast, number)[action] == why
        with pytest.raises(WorkflowRefused, match=f"{action} is not possible: {why}"):
            sue.act(number, action, values)
    assert sue.show(number).version == version
    sue.act(number, "snooze", {"until": cast.clock.now() + 3600})
    sue.act(number, "declare-major")
    assert refusals(cast, number)["declare-major"] == "it is a major incident already"
    assert (refusals(cast, number)["wake"], refusals(cast, number)["end-major"]) == ("", "")
    sue.act(number, "wake")
    sue.act(number, "end-major", {"reason": "one user only"})
    assert refusals(cast, number)["wake"] == "it is not snoozed"


def test_a_major_incident_closes_with_a_review_and_an_ordinary_one_has_none(cast: Cast) -> None:
    major, plain, sue = cast.incident(), cast.incident(), cast.as_("sue")
    sue.act(major, "declare-major")
    for number in (major, plain):
        sue.act(number, "resolve", SOLVED)
    assert refusals(cast, plain)["review"] == "it is no major incident"
    sue.act(plain, "close")
    with pytest.raises(WorkflowRefused, match="closes with a review"):
        sue.act(major, "close")
    sue.act(major, "review", {"review": "One switch is not enough."})
    sue.act(major, "close")
    assert sue.show(major).state == "closed"


def test_nobody_is_counted_twice_among_those_affected(any_cast: Cast) -> None:
    cast = any_cast
    number = cast.incident()
    for caller in ("Maria Lopez", "Hank Scorpio", "Hank Scorpio"):
        cast.as_("bob").act(number, "affect", {"caller": caller})
    view = cast.ada.show(number)
    assert (view.values["affected"], view.values["contacts"]) == (2, 3)
    told = [line.text for line in view.journal if line.what == "note"]
    assert told == ["They called again", "Hank Scorpio called again"]
    cast.as_("bob").act(number, "affect", {})
    assert cast.ada.show(number).values["affected"] == 3, "whoever is not named cannot be known"
