"""A chart in the terminal: a curve in braille dots, what is expected with its band, thresholds as lines; all of it in ASCII too.

Shapes carry the meaning, not colours: dots are measured, a shade is the band, dashes are thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from typing import Final

from textual.geometry import Size
from textual.strip import Strip

from widgets.line_bar import LineBar, Piece
from widgets.row_painter import paint
from widgets.safe_text import fit, visible

BRAILLE: Final = 0x2800
_DOTS: Final = ((0x40, 0x80), (0x04, 0x20), (0x02, 0x10), (0x01, 0x08))
"""Bits of a braille cell, the lowest row first, left and right."""
AXIS_CELLS: Final = 8
"""Cells of the labels of the upright axis."""
ROWS_A_TICK: Final = 3
ROUND: Final = (1, 2, 2.5, 5, 10, 20)
"""Steps of an axis that are read at a glance, in powers of ten; the last takes up what rounding leaves."""
NARROW: Final = 50
FEWEST_ROWS: Final = 4


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected at an instant, and between what."""

    at: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A level that matters: a threshold, what is installed."""

    value: float
    label: str
    style: str = "soon"


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows."""

    history: tuple[tuple[float, float], ...] = ()
    """Instants and values, in order."""
    expected: tuple[Expected, ...] = ()
    """In order; begins about now."""
    marks: tuple[Mark, ...] = ()
    """Those first that must be readable."""
    steps: tuple[tuple[float, float], ...] = ()
    """From when on so much was installed."""
    now: float | None = None
    empty: str = ""
    """What to say where there is nothing to draw."""


@dataclass(slots=True)
class _Grid:
    """The cells of the plot while it is drawn, the top row first."""

    width: int
    height: int
    from_at: float
    to_at: float
    low: float
    high: float
    dots: list[list[int]]
    cells: list[list[tuple[str, str]]]

    def column(self, at: float, per_cell: int = 1) -> int:
        """Return the column of an instant."""
        span = self.to_at - self.from_at
        last = self.width * per_cell - 1
        return max(0, min(last, round((at - self.from_at) / span * last))) if span > 0 else 0

    def row(self, value: float, per_cell: int = 1) -> int:
        """Return the row of a value, counted from the bottom; outside the plot it is off it."""
        last = self.height * per_cell - 1
        share = (value - self.low) / (self.high - self.low)
        return round(share * last) if -2 < share < 3 else (-1 if share < 0 else last + 1)

    def put(self, column: int, row: int, text: str, style: str, *, over: bool = True) -> None:
        """Put a character on a cell."""
        if 0 <= column < self.width and 0 <= row < self.height and (over or self.cells[self.height - 1 - row][column][0] == " "):
            self.cells[self.height - 1 - row][column] = (text, style)

    def dot(self, x: int, y: int) -> None:
        """Set a dot of the curve."""
        if 0 <= x < self.width * 2 and 0 <= y < self.height * 4:
            self.dots[self.height - 1 - y // 4][x // 2] |= _DOTS[y % 4][x % 2]


def chart_lines(
    data: ChartData, width: int, height: int, *, ascii_only: bool = False, when: Callable[[float], str] = lambda at: f"{at:g}",
    amount: Callable[[float], str] = lambda value: f"{value:.4g}",
) -> list[list[Piece]]:  # fmt: skip
    """Draw a chart.

    Args:
        data: What it shows.
        width: Cells.
        height: Lines, two of them for the axis below.
        ascii_only: Draw with ASCII.
        when: Says an instant in a few cells.
        amount: Says a value in a few cells.

    Returns:
        As many lines as `height`.
    """
    axis = AXIS_CELLS if width >= NARROW else 0
    plot_width, plot_height = width - axis - (1 if axis else 0), height - 2
    known = [at for at, _ in data.history] + [one.at for one in data.expected]
    if not known or plot_width < 8 or plot_height < FEWEST_ROWS:
        said = data.empty if not known else "There is no room for a chart here."
        lines = [[Piece(visible(line, max(1, width), ascii_only=ascii_only), "muted")] for line in said.splitlines()]
        return (lines + [[] for _ in range(height)])[:height]
    grid = _grid(data, plot_width, plot_height, known)
    _band(grid, data.expected, ascii_only=ascii_only)
    _marks(grid, data, ascii_only=ascii_only)
    _curve(grid, data, ascii_only=ascii_only)
    _labels(grid, data.marks, ascii_only=ascii_only)
    return [*_framed(grid, axis, amount, ascii_only=ascii_only), *_below(grid, data, axis, when, ascii_only=ascii_only)]


def _grid(data: ChartData, width: int, height: int, known: Sequence[float]) -> _Grid:
    values = [value for _, value in data.history] + [one.value for one in data.expected] + [value for _, value in data.steps]
    levels = [mark.value for mark in data.marks]
    top = max([*values, *levels, 0.0])
    wide = [one.high for one in data.expected if isfinite(one.high)]
    top = max(top, min(max(wide, default=top), top * 1.15))
    bottom = min([0.0, *values, *levels])
    least = min([*(value for _, value in data.history), *(one.value for one in data.expected), *levels])
    if bottom == 0 and least > top / 2:  # all of it lies far above nothing: what differs would not be seen
        bottom = max(0.0, least - (top - least) / 3)
    top = top if top > bottom else bottom + 1
    room = (top - bottom) * 0.04
    blank = [[(" ", "")] * width for _ in range(height)]
    dots = [[0] * width for _ in range(height)]
    return _Grid(width, height, min(known), max(known), bottom, top + room, dots, blank)


def _band(grid: _Grid, expected: Sequence[Expected], *, ascii_only: bool) -> None:
    shade = ":" if ascii_only else "░"
    for column in range(grid.width):
        at = grid.from_at + (grid.to_at - grid.from_at) * column / max(1, grid.width - 1)
        found = _between(expected, at)
        if found is None:
            continue
        low, high = (max(0, grid.row(found[0])), min(grid.height - 1, grid.row(found[1])))
        for row in range(low, high + 1):
            grid.put(column, row, shade, "muted")


def _between(expected: Sequence[Expected], at: float) -> tuple[float, float] | None:
    """Return the band at an instant, between the two that are nearest; None outside."""
    for before, after in pairwise(expected):
        if before.at <= at <= after.at:
            share = (at - before.at) / (after.at - before.at) if after.at > before.at else 0.0
            return before.low + share * (after.low - before.low), before.high + share * (after.high - before.high)
    return None


def _marks(grid: _Grid, data: ChartData, *, ascii_only: bool) -> None:
    dash = "-" if ascii_only else "╌"
    for mark in data.marks:
        for column in range(grid.width):
            grid.put(column, grid.row(mark.value), dash, mark.style)
    line = "=" if ascii_only else "━"
    ends = [*(at for at, _ in data.steps[1:]), data.now if data.now is not None else grid.to_at]
    for (at, value), end in zip(data.steps, ends, strict=False):
        for column in range(grid.column(max(at, grid.from_at)), grid.column(max(end, grid.from_at)) + 1):
            if end > grid.from_at:
                grid.put(column, grid.row(value), line, "strong", over=False)


def _labels(grid: _Grid, marks: Sequence[Mark], *, ascii_only: bool) -> None:
    """Name each threshold on its line, where the curve leaves room: as far left as there is some."""
    dash = "-" if ascii_only else "╌"
    taken: set[int] = set()
    for mark in marks:
        row = grid.row(mark.value)
        text = visible(f" {mark.label} ", max(1, grid.width - 4), ascii_only=ascii_only)
        if row in taken or not 0 <= row < grid.height:
            continue
        cells = grid.cells[grid.height - 1 - row]
        free = [cell[0] in (dash, "━", "=", "░", ":", " ") for cell in cells]
        start = next((at for at in range(1, grid.width - len(text)) if all(free[at : at + len(text)])), None)
        if start is not None:
            taken.add(row)
            for place, letter in enumerate(text):
                grid.put(start + place, row, letter, mark.style)


def _curve(grid: _Grid, data: ChartData, *, ascii_only: bool) -> None:
    told = [(one.at, one.value) for one in data.expected]
    if ascii_only:
        for at, value in _dense(told, grid.width):
            grid.put(grid.column(at), grid.row(value), "o", "accent")
        for at, value in data.history:
            grid.put(grid.column(at), grid.row(value), "*", "")
        return
    for points, style in ((told, "accent"), (data.history, "")):
        grid.dots = [[0] * grid.width for _ in range(grid.height)]
        places = [(grid.column(at, 2), grid.row(value, 4)) for at, value in points]
        for place in places:
            grid.dot(*place)
        for before, after in pairwise(places):
            if after[0] - before[0] <= max(8, grid.width // 6) * 2:
                _join(grid, before, after)
        for row, line in enumerate(grid.dots):
            for column, bits in enumerate(line):
                if bits:
                    grid.cells[row][column] = (chr(BRAILLE | bits), style)


def _dense(points: Sequence[tuple[float, float]], width: int) -> list[tuple[float, float]]:
    """Return points with others between them, so that a line of letters has no gaps."""
    found = list(points)
    for (at, value), (later, then) in pairwise(points):
        found += [(at + (later - at) * i / width, value + (then - value) * i / width) for i in range(1, width)]
    return found


def _join(grid: _Grid, before: tuple[int, int], after: tuple[int, int]) -> None:
    steps = max(abs(after[0] - before[0]), abs(after[1] - before[1]))
    for step in range(1, steps):
        grid.dot(
            before[0] + round((after[0] - before[0]) * step / steps), before[1] + round((after[1] - before[1]) * step / steps)
        )


def _framed(grid: _Grid, axis: int, amount: Callable[[float], str], *, ascii_only: bool) -> list[list[Piece]]:
    stem = "|" if ascii_only else "┤"
    named = {grid.row(value): value for value in ticks(grid.low, grid.high, grid.height // ROWS_A_TICK)}
    lines = []
    for place, cells in enumerate(grid.cells):
        row = grid.height - 1 - place
        pieces: list[Piece] = []
        if axis:
            label = fit(amount(named[row]), axis - 1, ascii_only=ascii_only).strip() if row in named else ""
            pieces.append(Piece(f"{label:>{axis - 1}}{stem if label else '|' if ascii_only else '│'}", "muted"))
        for text, style in cells:
            pieces.append(Piece(text, style))
        lines.append(pieces)
    return lines


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return round values to name on an axis.

    Args:
        low: The lowest value of the axis.
        high: The highest, above `low`.
        most: So many at most, two at least.
    """
    rough = (high - low) / max(most, 2)
    size = 10.0 ** floor(log10(rough))
    step = next(size * one for one in ROUND if size * one >= rough)
    first = ceil(low / step - 1e-9)
    return [place * step for place in range(first, first + max(most, 2) + 1) if place * step <= high + step * 1e-9]


def _below(grid: _Grid, data: ChartData, axis: int, when: Callable[[float], str], *, ascii_only: bool) -> list[list[Piece]]:
    flat, corner, tick = ("-", "+", "+") if ascii_only else ("─", "└", "┴")
    now = None if data.now is None or not grid.from_at <= data.now <= grid.to_at else grid.column(data.now)
    line = "".join(tick if column == now else flat for column in range(grid.width))
    corner_piece = [Piece(f"{'':>{axis - 1}}{corner}", "muted")] if axis else []
    words = [" "] * grid.width

    def write(text: str, start: int) -> None:
        start = max(0, min(start, grid.width - len(text)))
        if all(letter == " " for letter in words[max(0, start - 1) : start + len(text) + 1]):
            words[start : start + len(text)] = list(text)

    if now is not None:
        write("now", now - 1)
    write(when(grid.from_at), 0)
    last = when(grid.to_at)
    write(last, grid.width - len(last))
    return [[*corner_piece, Piece(line, "muted")], [Piece(f"{'':{axis}}{''.join(words)}", "muted")]]


class Chart(LineBar):
    """A chart as large as its place. Give it data with `show`."""

    DEFAULT_CSS = "Chart { height: 1fr; min-height: 6; }"

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Show nothing yet."""
        super().__init__(ascii_only=ascii_only, id=id)
        self.data = ChartData()
        self.when: Callable[[float], str] = lambda at: f"{at:g}"
        self.amount: Callable[[float], str] = lambda value: f"{value:.4g}"
        self._drawn: tuple[tuple[int, int], list[list[Piece]]] | None = None

    def show(self, data: ChartData, when: Callable[[float], str], amount: Callable[[float], str]) -> None:
        """Show other data."""
        if data != self.data or self._drawn is None:
            self.data, self.when, self.amount = data, when, amount
            self._drawn = None
            self.refresh()

    def lines(self) -> list[list[Piece]]:
        """The lines at the size it has."""
        size = (self.size.width, self.size.height)
        if self._drawn is None or self._drawn[0] != size:
            drawn = chart_lines(self.data, *size, ascii_only=self.ascii_only, when=self.when, amount=self.amount)
            self._drawn = (size, drawn)
        return self._drawn[1]

    def pieces(self, width: int) -> list[Piece]:
        """The first line."""
        return self.lines()[0] if self.lines() else []

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width, plain = self.size.width, self.rich_style
        lines = self.lines()
        pieces = lines[y] if y < len(lines) else []
        return paint([(piece.text, self._style(piece.style)) for piece in pieces], width, plain)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All there is."""
        return container.height
