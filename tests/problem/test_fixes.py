"""The change that mends a problem: its success resolves the problem, any other end takes it back; incidents are only offered."""

from __future__ import annotations

import pytest

from deskterm.errors import WorkflowRefused
from tests.change.changing import board, implementing, rfc
from tests.desks import Cast
from tests.problem.test_problems import CAUSE, HELP, error_of, problem


def fixing(cast: Cast, change: str, **values: str | None) -> str:
    """A known error that waits for a change."""
    bob = cast.as_("bob")
    number = problem(bob, root_cause=CAUSE, workaround=HELP, **values)
    with pytest.raises(WorkflowRefused, match="fix needs change"):
        bob.act(number, "fix")
    bob.edit(number, {"change": change})
    bob.act(number, "fix")
    return number


@pytest.mark.parametrize(
    ("code", "state", "error"),
    [
        ("successful", "resolved", "resolved"),
        ("successful-with-issues", "resolved", "resolved"),
        ("backed-out", "known-error", "known-error"),
        ("failed", "known-error", "known-error"),
    ],
)
def test_a_problem_goes_where_its_change_ends(any_cast: Cast, code: str, state: str, error: str) -> None:
    bob = any_cast.as_("bob")
    board(any_cast, "sue")
    change = implementing(any_cast)
    number = fixing(any_cast, change)
    other = problem(bob, root_cause=CAUSE, workaround=HELP, change=change)
    incident = any_cast.incident(problem=number)
    bob.act(change, "complete", {"code": code, "review": "done"})
    assert bob.show(number).state == "fix-in-progress", "a change under review has not ended"
    bob.act(change, "close")
    view = bob.show(number)
    assert (view.state, bob.show(error_of(bob, number) or "").state) == (state, error)
    assert bob.show(other).state == "known-error", "it does not wait for a fix"
    assert bob.show(incident).state == "new", "its incidents are offered, not touched"
    moved = next(line for line in reversed(view.journal) if line.what == "state")
    assert change in (moved.text or "")
    if state == "resolved":
        assert view.values["solution"] == f"{change}: New firmware for the VPN gateway"
        assert view.values["root_cause_code"] == "unknown"
        bob.act(number, "resolve-incidents")
        assert bob.show(incident).values["solution"] == f"{number}: {view.values['solution']}"


def test_a_change_that_is_called_off_takes_the_problem_back(cast: Cast) -> None:
    bob = cast.as_("bob")
    change = rfc(bob)
    number = fixing(cast, change)
    bob.edit(number, {"workaround": None})
    bob.act(change, "cancel", {"why": "too dear"})
    assert bob.show(number).state == "investigating", "without a workaround no error is known"
