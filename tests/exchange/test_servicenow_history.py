"""From rows to a history, without a desk: steps between states, what becomes known when, and time that never runs back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.exchange.servicenow_history import History
from deskterm.exchange.servicenow_rows import LogRow
from deskterm.incident.workflow import WORKFLOW
from deskterm.journal import What
from deskterm.workflow import Phase

OPENED = 1_000
STATES = ("new", "in-progress", "pending caller", "pending supplier", "pending problem", "resolved", "closed", "")


def row(state: str, at: int, *, resolved_at: int | None = None, closed_at: int | None = None, **values: object) -> LogRow:
    name, _, waits_for = state.partition(" ")
    known = {"impact": 2, "urgency": 2, "priority": 3, "symptom": "S", "category": "C", "subcategory": None}
    links = dict.fromkeys(("problem", "change", "caused_by", "ci", "vendor"))
    every = {**known, **links, "team": None, "tags": [], **values}
    return LogRow(2, at, "ann", name, waits_for, every, OPENED, "opener", resolved_at, "resolver", closed_at, "code 6")


def history(*rows: LogRow) -> History:
    told = History.begin(7, WORKFLOW, lambda impact, urgency: 3, {}, rows[0])
    for one in rows[1:]:
        told.update(one)
    return told


def steps(told: History) -> list[str]:
    return [f"{entry.new} {entry.text}" if entry.text else str(entry.new) for entry in told.entries if entry.what is What.STATE]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("new", "in-progress", ["in-progress"]),
        ("new", "closed", ["resolved", "closed"]),
        ("pending caller", "pending supplier", ["in-progress", "pending waiting for supplier"]),
        ("pending caller", "pending caller", []),
        ("resolved", "pending caller", ["in-progress", "pending waiting for caller"]),
        ("resolved", "in-progress", ["in-progress"]),
        ("closed", "in-progress", ["in-progress"]),
        ("pending caller", "closed", ["resolved", "closed"]),
        ("pending caller", "", []),
    ],
)
def test_steps_that_nobody_saved_are_filled_in(before: str, after: str, expected: list[str]) -> None:
    told = history(row(before, 1_100), row(after, 1_200))
    known = len(steps(history(row(before, 1_100))))
    assert steps(told)[known:] == expected


def test_what_lies_ahead_becomes_known_when_its_time_has_come() -> None:
    told = history(row("resolved", 1_100, resolved_at=1_300, closed_at=1_400))
    assert (told.values.get("resolved_at"), told.values.get("code"), told.done_at) == (None, None, 1_100)
    told.update(row("in-progress", 1_200, resolved_at=1_300, closed_at=1_400))
    assert (told.open_since, told.done_at) == (OPENED, None)
    told.update(row("resolved", 1_300, resolved_at=1_300, closed_at=1_400))
    assert (told.values["resolved_at"], told.values["code"], told.done_at) == (1_300, "code 6", 1_300)
    assert [entry.actor for entry in told.entries if entry.new == "resolved"] == ["ann", "resolver"]


def test_an_unknown_resolution_stays_unknown_and_the_code_comes_with_the_end() -> None:
    told = history(row("resolved", 1_100, closed_at=1_400), row("closed", 1_400, closed_at=1_400))
    assert (told.values.get("resolved_at"), told.values["code"]) == (None, "code 6")


def test_a_link_stays_and_a_team_goes() -> None:
    told = history(row("new", 1_100, problem="P", team=4), row("new", 1_200))
    assert (told.values["problem"], told.values["team"]) == ("P", None)
    assert [(entry.field, entry.old, entry.new) for entry in told.entries] == [("team", 4, None)]


def test_a_priority_of_its_own_says_where_it_comes_from() -> None:
    assert history(row("new", 1_100, priority=4)).values["priority_reason"] == "as it was in the imported log"
    assert history(row("new", 1_100)).values["priority_reason"] is None


def test_a_row_that_says_nothing_new_is_no_version() -> None:
    told = history(row("new", 1_100), row("new", 1_200))
    assert (told.version, told.entries, told.updated_at) == (1, [], 1_200)


@given(st.lists(st.tuples(st.sampled_from(STATES), st.integers(900, 2_000)), min_size=1, max_size=12))
def test_whatever_the_rows_the_journal_holds_together(told: list[tuple[str, int]]) -> None:
    story = history(*(row(state, at, resolved_at=1_500, closed_at=1_800) for state, at in told))
    moves = [(entry.old, entry.new) for entry in story.entries if entry.what is What.STATE]
    assert [before for before, _ in moves] == ["new", *(after for _, after in moves)][: len(moves)]
    allowed = {(source, action.target) for action in WORKFLOW.actions for source in action.sources}
    assert set(moves) <= allowed | {("closed", "in-progress"), ("closed", "resolved"), ("closed", "new"), *back_to_new()}
    times = [OPENED, *(entry.at or 0 for entry in story.entries)]
    assert times == sorted(times)
    versions = [entry.version for entry in story.entries]
    assert all(after - before in (0, 1) for before, after in pairwise([1, *versions]))
    assert story.version == max(versions, default=1)
    is_open = WORKFLOW.phase(story.state) in (Phase.ACTIVE, Phase.WAITING)
    assert (story.open_since is not None, story.done_at is None) == (is_open, is_open)
    replayed = dict(story.facts)
    for entry in story.entries:
        if entry.what is What.FIELD:
            assert replayed.get(str(entry.field)) == entry.old
            replayed[str(entry.field)] = entry.new
    assert {name: value for name, value in replayed.items() if value} == {k: v for k, v in story.values.items() if v}


def back_to_new() -> set[tuple[str, str]]:
    """Steps that no workflow has and a log may still tell: it is history, and history is not refused."""
    return {(state.name, "new") for state in WORKFLOW.states}
