"""How answers make a maturity: worked examples and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.assessment.rules import LEVELS, Graded, Word, maturity, next_steps, of_count, of_share, overall

YES, NO, UNKNOWN = Word.YES, Word.NO, Word.UNKNOWN
ANSWERS = st.lists(st.builds(Graded, st.sampled_from(list(LEVELS)), st.sampled_from(list(Word))), max_size=12)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ([], None),
        ([(1, UNKNOWN), (2, UNKNOWN)], None),
        ([(1, NO)], 0),
        ([(1, YES)], 1),
        ([(1, YES), (2, NO), (3, YES)], 1),
        ([(1, YES), (2, YES), (2, UNKNOWN), (3, YES)], 3),
        ([(1, YES), (2, UNKNOWN), (3, YES)], 1),
        ([(1, YES), (3, YES), (5, NO)], 3),
        ([(level, YES) for level in LEVELS], 5),
    ],
)
def test_levels_are_climbed_one_by_one(answers: list[tuple[int, Word]], level: int | None) -> None:
    assert maturity(Graded(*one) for one in answers) == level


@pytest.mark.parametrize(
    ("part", "whole", "least", "word"),
    [(0, 0, 90, UNKNOWN), (9, 10, 90, YES), (89, 100, 90, NO), (0, 5, 0, YES), (1, 3, 34, NO), (1, 3, 33, YES)],
)
def test_a_share_of_nothing_is_neither_yes_nor_no(part: int, whole: int, least: int, word: Word) -> None:
    assert of_share(part, whole, least) is word
    assert of_count(0, 1) is NO


@given(ANSWERS)
def test_more_yeses_never_lower_it_and_a_no_never_raises_it(answers: list[Graded]) -> None:
    before = maturity(answers)
    assert before is None or 0 <= before <= 5
    for place, one in enumerate(answers):
        better = maturity([*answers[:place], one._replace(word=YES), *answers[place + 1 :]])
        worse = maturity([*answers[:place], one._replace(word=NO), *answers[place + 1 :]])
        assert better is not None
        assert better >= (before or 0)
        assert worse is not None
        assert worse <= (before or 0)


@given(ANSWERS)
def test_what_comes_next_are_the_noes_of_one_level_above_what_is_reached(answers: list[Graded]) -> None:
    steps = next_steps(answers)
    assert all(answers[place].word is NO for place in steps)
    assert len({answers[place].level for place in steps}) <= 1
    if steps:
        assert answers[steps[0]].level > (maturity(answers) or 0)
    else:
        assert not any(one.word is NO for one in answers)


@given(st.lists(st.none() | st.integers(0, 5)))
def test_what_has_no_maturity_is_not_counted_as_nothing(levels: list[int | None]) -> None:
    known = [level for level in levels if level is not None]
    found = overall(levels)
    assert (found is None) == (not known)
    assert found is None or min(known) <= found <= max(known)
