"""Priority from impact and urgency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.incident.rules import DEFAULT_MATRIX, PriorityMatrix, priority_of


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [(1, 1, 1), (1, 2, 2), (1, 3, 3), (2, 1, 2), (2, 2, 3), (2, 3, 4), (3, 1, 3), (3, 2, 4), (3, 3, 5)],
)
def test_the_default_matrix(impact: int, urgency: int, priority: int) -> None:
    assert priority_of(impact, urgency) == PriorityMatrix().priority(impact, urgency) == priority


@pytest.mark.parametrize(("impact", "urgency"), [(0, 1), (4, 1), (-1, 1), (True, 1), ("1", 1), (1.0, 1), (None, 1)])
def test_a_level_out_of_range_is_refused_by_name(impact: object, urgency: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        priority_of(impact, urgency)  # type: ignore[arg-type]
    assert refusal.value.fields == {"impact": "must be a whole number from 1 (high) to 3 (low)"}
    with pytest.raises(InvalidInput) as refusal:
        priority_of(urgency, impact)  # type: ignore[arg-type]
    assert refusal.value.fields.keys() == {"urgency"}


def test_both_wrong_levels_are_named() -> None:
    with pytest.raises(InvalidInput) as refusal:
        priority_of(9, 0)
    assert refusal.value.fields.keys() == {"impact", "urgency"}


@pytest.mark.parametrize(
    ("matrix", "rule"),
    [
        (None, "list of rows"),
        ({"1": [1]}, "list of rows"),
        ([1, 2, 3], "list of rows"),
        ([], "at least one"),
        ([[]], "at least one"),
        ([[1, 2], [1]], "as many columns"),
        ([[1, 2], [2, "3"]], "whole numbers"),
        ([[True]], "whole numbers"),
        ([[0]], "whole numbers"),
        ([[10]], "whole numbers"),
        ([[1] * 10], "at most 9 levels"),
    ],
)
def test_a_matrix_that_is_none_is_refused(matrix: object, rule: str) -> None:
    with pytest.raises(InvalidInput, match=rule) as refusal:
        PriorityMatrix.parse(matrix)
    assert "matrix" in refusal.value.fields


def test_a_matrix_of_another_shape_has_its_own_levels() -> None:
    matrix = PriorityMatrix.parse([[1, 1, 2, 3], [1, 2, 3, 4]])
    assert matrix.priority(2, 4) == 4
    with pytest.raises(InvalidInput, match=r"impact .* to 2"):
        matrix.priority(3, 1)


def test_the_default_is_a_matrix_that_parse_accepts() -> None:
    assert PriorityMatrix.parse([list(row) for row in DEFAULT_MATRIX]) == PriorityMatrix()


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_more_impact_and_urgency_never_lower_the_priority(a: int, b: int, c: int, d: int) -> None:
    assert priority_of(min(a, c), min(b, d)) <= priority_of(a, b) <= priority_of(max(a, c), max(b, d))
