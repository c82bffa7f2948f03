"""The chart: every cell within its bounds, whatever the figures; shapes that speak without colours, in ASCII too."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widgets.chart import ChartData, Expected, Mark, chart_lines, ticks
from widgets.line_bar import Piece, width_of

DATA = ChartData(
    history=tuple((float(i), 50.0 + i) for i in range(20)),
    expected=tuple(Expected(20.0 + i, 70.0 + i, 65.0 + i * 0.5, 75.0 + i * 1.5) for i in range(21)),
    marks=(Mark(100, "installed 100", "strong"), Mark(90, "critical 90", "breach")),
    now=20.0,
)


def text(lines: list[list[Piece]]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


def test_a_chart_tells_what_was_what_comes_and_what_is_installed() -> None:
    drawn = text(chart_lines(DATA, 60, 14))
    assert len(drawn) == 14
    assert all(len(line) <= 60 for line in drawn)
    whole = "\n".join(drawn)
    assert "installed 100" in whole
    assert "critical 90" in whole
    assert "░" in whole
    assert any("⠀" < letter <= "⣿" for letter in whole)
    assert drawn[-2].endswith("─") or "┴" in drawn[-2]
    assert "now" in drawn[-1]
    styles = {piece.style for line in chart_lines(DATA, 60, 14) for piece in line}
    assert {"accent", "breach", "strong", "muted"} <= styles


def test_without_unicode_it_is_drawn_with_ascii_and_says_the_same() -> None:
    drawn = "\n".join(text(chart_lines(DATA, 60, 14, ascii_only=True)))
    assert drawn.isascii()
    for sign in ("*", "o", ":", "-", "critical 90", "now", "|", "+"):
        assert sign in drawn


def test_a_capacity_that_grew_is_a_step() -> None:
    data = ChartData(tuple((float(i), 40.0) for i in range(40)), steps=((0.0, 60.0), (20.0, 90.0)), now=39.0)
    drawn = text(chart_lines(data, 60, 16))
    rows = [row for row, line in enumerate(drawn) if "━" in line]
    assert len(rows) == 2
    assert drawn[rows[0]].index("━") > drawn[rows[1]].index("━")


@pytest.mark.parametrize(
    ("data", "size", "says"),
    [
        (ChartData(empty="Nothing yet.\nm tells one"), (60, 12), "Nothing yet."),
        (DATA, (6, 12), "There i"[:6]),
        (DATA, (60, 4), "There is no room for a chart here."),
    ],
)  # fmt: skip
def test_where_there_is_nothing_to_draw_or_no_room_it_says_so(data: ChartData, size: tuple[int, int], says: str) -> None:
    drawn = text(chart_lines(data, *size))
    assert len(drawn) == size[1]
    assert drawn[0].startswith(says[: size[0] - 1])


figures = st.floats(-1e15, 1e15, allow_nan=False)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    history=st.lists(st.tuples(st.floats(0, 2e9), figures), max_size=30),
    ahead=st.lists(st.tuples(st.floats(0, 2e9), figures, figures, figures), max_size=10),
    marks=st.lists(figures, max_size=3),
    width=st.integers(0, 130),
    height=st.integers(0, 45),
    plain=st.booleans(),
)
def test_no_figures_break_it(
    history: list[tuple[float, float]],
    ahead: list[tuple[float, float, float, float]],
    marks: list[float],
    width: int,
    height: int,
    plain: bool,
) -> None:
    data = ChartData(
        tuple(sorted(history)),
        tuple(Expected(at, value, min(one, other), max(one, other)) for at, value, one, other in sorted(ahead)),
        tuple(Mark(value, f"mark {value:g}") for value in marks),
        now=1e9,
    )
    lines = chart_lines(data, width, height, ascii_only=plain)
    assert len(lines) == height
    assert all(width_of(line) <= max(width, 8) for line in lines)
    assert not plain or all(line.isascii() for line in text(lines))


@pytest.mark.parametrize(("low", "high", "most", "found"), [
    (456, 1046, 6, [500, 600, 700, 800, 900, 1000]), (0, 1, 4, [0, 0.25, 0.5, 0.75, 1]), (-3, 3, 3, [-2, 0, 2]),
    (0, 104, 5, [0, 25, 50, 75, 100]), (7.01, 7.02, 2, [7.01, 7.015, 7.02]), (0, 9e14, 2, [0, 5e14]),
])  # fmt: skip
def test_an_axis_names_round_values(low: float, high: float, most: int, found: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(found)


@given(st.floats(-1e12, 1e12), st.floats(1e-3, 1e12), st.integers(0, 12))
def test_round_values_lie_on_the_axis_and_are_no_more_than_wanted(low: float, length: float, most: int) -> None:
    found = ticks(low, low + length, most)
    assert all(low - length * 1e-6 <= value <= low + length * (1 + 1e-6) for value in found)
    assert len(found) <= max(most, 2) + 1
