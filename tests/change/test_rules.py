"""The arithmetic of votes and of what is decided on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.change.fields import MATERIAL
from deskterm.change.rules import Ballot, BoardRule, Decision, content_of, counted, material_changes, tally

A, M, Y = BoardRule.ALL, BoardRule.MAJORITY, BoardRule.ANY


@pytest.mark.parametrize(
    ("rule", "quorum", "seats", "votes", "decision"),
    [
        (A, 1, 3, "yy", "pending"),
        (A, 1, 3, "yyy", "approved"),
        (A, 1, 3, "n", "rejected"),
        (A, 1, 3, "yya", "approved"),
        (A, 1, 2, "aa", "rejected"),
        (M, 1, 3, "y", "pending"),
        (M, 1, 3, "yy", "approved"),
        (M, 3, 3, "yy", "pending"),
        (M, 3, 3, "yya", "approved"),
        (M, 1, 4, "yynn", "rejected"),
        (M, 1, 4, "nn", "rejected"),
        (M, 1, 5, "aaa", "rejected"),
        (Y, 1, 5, "y", "approved"),
        (Y, 2, 5, "y", "pending"),
        (Y, 2, 5, "ny", "approved"),
        (Y, 9, 2, "ya", "approved"),
        (Y, 1, 2, "nn", "rejected"),
        (Y, 1, 2, "n", "pending"),
        (M, 1, 0, "", "pending"),
    ],
)
def test_what_votes_come_to(rule: BoardRule, quorum: int, seats: int, votes: str, decision: str) -> None:
    words = {"y": "approve", "n": "reject", "a": "abstain"}
    found = tally(rule, quorum, seats, [Ballot(i, i, words[vote]) for i, vote in enumerate(votes)])
    assert (found.decision.value, bool(found.why)) == (decision, True)


ballots = st.lists(st.sampled_from(["approve", "reject", "abstain"]), max_size=7)


@given(st.sampled_from(list(BoardRule)), st.integers(1, 8), st.integers(1, 7), ballots)
def test_a_decision_stands_whatever_is_voted_afterwards_and_a_full_board_has_decided(
    rule: BoardRule, quorum: int, seats: int, votes: list[str]
) -> None:
    cast = [Ballot(i, i, vote) for i, vote in enumerate(votes[:seats])]
    states = [tally(rule, quorum, seats, cast[:n]).decision for n in range(len(cast) + 1)]
    decided = [state for state in states if state is not Decision.PENDING]
    if len(cast) == seats:
        assert decided, "all granted yet still pending"
    if rule is not BoardRule.ALL and decided and decided[0] is Decision.REJECTED:
        assert set(decided) == {Decision.REJECTED}
    if cast and all(ballot.vote == "approve" for ballot in cast) and len(cast) == seats:
        assert states[-1] is Decision.APPROVED


def test_a_members_own_vote_counts_before_that_of_a_substitute_and_the_newest_before_older_ones() -> None:
    votes = [(1, 9, "approve"), (1, 1, "reject"), (1, 9, "approve"), (2, 2, "reject"), (2, 2, "approve"), (3, 3, "reject")]
    assert counted(votes, [1, 2, 4]) == (Ballot(1, 1, "reject"), Ballot(2, 2, "approve"))


def test_the_content_is_the_material_fields_and_nothing_else() -> None:
    one = {"plan": "a", "cis": [2, 1], "assignee": 7, "review": "x", "disruption": ""}
    assert content_of(one, MATERIAL) == content_of({**one, "assignee": 8, "review": None, "disruption": None}, MATERIAL)
    for name in MATERIAL:
        assert content_of({**one, name: "other"}, MATERIAL) != content_of(one, MATERIAL), name
        assert material_changes(one, {**one, name: "other"}, MATERIAL) == (name,)


@pytest.mark.parametrize(
    ("for_it", "said"), [(1, "2 more votes for it are needed, 3 are open"), (2, "1 more vote for it is needed, 2 are open")]
)
def test_what_is_still_needed_is_told_in_whole_sentences(for_it: int, said: str) -> None:
    ballots = [Ballot(seat, seat, "approve") for seat in range(for_it)]
    assert tally(BoardRule.MAJORITY, 1, 4, ballots).why == said
