"""How columns share a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.sample import COLUMNS
from widgets.columns import Column, place


def column(key: str, width: int, *, least: int = 0, priority: int = 0, grow: int = 0) -> Column[int]:
    return Column[int](key, key, width, lambda row, _: str(row), min_width=least, priority=priority, grow=grow)


def keys(width: int) -> list[str]:
    return [placed.column.key for placed in place(COLUMNS, width)]


def test_a_queue_folds_by_priority() -> None:
    assert keys(78) == ["due", "priority", "number", "summary", "who", "state"]
    assert keys(50) == ["due", "priority", "number", "summary", "state"]
    assert keys(40) == ["due", "priority", "number", "summary"]
    assert keys(30) == ["due", "priority", "number", "summary"]


def test_spare_cells_go_to_what_grows() -> None:
    placed = place([column("a", 5), column("b", 5, grow=1), column("c", 5, grow=3)], 37)
    assert [(at.x, at.width) for at in placed] == [(0, 5), (6, 10), (17, 20)]


def test_before_growing_each_gets_what_it_would_like() -> None:
    placed = place([column("a", 10, least=4), column("b", 6, least=3, grow=1)], 12)
    assert [(at.x, at.width) for at in placed] == [(0, 8), (9, 3)]


def test_of_equals_the_rightmost_folds() -> None:
    kept = place([column("a", 5, priority=1), column("b", 5), column("c", 5, priority=1)], 12)
    assert [at.column.key for at in kept] == ["a", "b"]


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30), st.integers(0, 3), st.integers(0, 2)), max_size=8),
    st.integers(1, 150),
)
def test_nothing_overlaps_or_sticks_out(shapes: list[tuple[int, int, int, int]], width: int) -> None:
    columns = [
        column(str(n), wide, least=min(least, wide), priority=priority, grow=grow)
        for n, (wide, least, priority, grow) in enumerate(shapes)
    ]
    placed = place(columns, width)
    end = -1
    for at in placed:
        assert at.x == end + 1
        assert at.width >= 1
        end = at.x + at.width
    assert end <= width
    if any(at.column.grow for at in placed) and sum(column.least + 1 for column in columns) <= width:
        assert end == width
