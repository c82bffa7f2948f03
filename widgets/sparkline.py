"""A small curve in one line of blocks, for a trend beside a figure."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import ClassVar, Final

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.row_painter import paint

BLOCKS: Final = "▁▂▃▄▅▆▇█"
LETTERS: Final = "_.-:=+*#"
"""The same eight heights in ASCII."""


def spark(
    values: Sequence[float | None],
    width: int,
    *,
    low: float | None = None,
    high: float | None = None,
    ascii_only: bool = False,
) -> str:
    """Draw values as blocks of eight heights.

    Args:
        values: Oldest first; `None` or a value that is no number leaves a gap.
        width: Cells. More values than cells are averaged in groups, fewer stand on the right.
        low: The value of the lowest block; by default the least of the values.
        high: The value of the full block; by default the greatest.
        ascii_only: Draw with ASCII.

    Returns:
        Exactly `width` cells.
    """
    steps = LETTERS if ascii_only else BLOCKS
    points = _grouped([value if value is not None and isfinite(value) else None for value in values], width)
    known = [value for value in points if value is not None]
    if not known or width <= 0:
        return " " * max(0, width)
    bottom = min(known) if low is None else low
    span = (max(known) if high is None else high) - bottom
    top = len(steps) - 1

    def block(value: float | None) -> str:
        if value is None:
            return " "
        # A curve that does not move is drawn at half height: neither nothing nor all.
        share = (value - bottom) / span if span > 0 else 0.5
        return steps[max(0, min(top, int(share * top + 0.5)))]

    return "".join(map(block, points)).rjust(width)


def _grouped(values: Sequence[float | None], width: int) -> list[float | None]:
    count = len(values)
    if count <= width or width <= 0:
        return list(values)
    groups = [values[count * cell // width : count * (cell + 1) // width] for cell in range(width)]
    means: list[float | None] = []
    for group in groups:
        known = [value for value in group if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return means


class Sparkline(Widget):
    """A curve as wide as the widget. Give it `values`."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"sparkline--curve"}
    DEFAULT_CSS = """
    Sparkline { height: 1; width: 1fr; & > .sparkline--curve { color: $text-primary; } }
    """

    values: reactive[tuple[float | None, ...]] = reactive(())
    """Oldest first; `None` is a gap."""
    ascii_only: reactive[bool] = reactive(False)
    """Draw with ASCII only."""

    def __init__(
        self,
        values: Sequence[float | None] = (),
        *,
        low: float | None = None,
        high: float | None = None,
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Show values; the other arguments are those of `spark`."""
        super().__init__(name=name, id=id, classes=classes)
        self._low, self._high = low, high
        self.set_reactive(Sparkline.values, tuple(values))
        self.set_reactive(Sparkline.ascii_only, ascii_only)

    def render_line(self, y: int) -> Strip:
        """Paint the curve on the first line."""
        width, plain = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, plain)
        text = spark(self.values, width, low=self._low, high=self._high, ascii_only=self.ascii_only)
        return paint([(text, self.get_component_rich_style("sparkline--curve"))], width, plain)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1
