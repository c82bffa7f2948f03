"""The base of the one-line bars: pieces of text in a row, each with a style and perhaps something it stands for when clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.row_painter import paint
from widgets.safe_text import visible

LONGEST: Final = 200
"""Cells of a text in a bar; what is longer is cut before it is measured."""


class Piece(NamedTuple):
    """A stretch of a bar."""

    text: str
    style: str = ""
    """One of the bar's styles, or empty."""
    hit: int | None = None
    """What a click on it means; `None` means nothing."""


def width_of(pieces: Sequence[Piece]) -> int:
    """Cells that pieces fill."""
    return sum(cell_len(piece.text) for piece in pieces)


def spread(said: Sequence[Piece], told: Sequence[Piece], width: int) -> list[Piece]:
    """Put some pieces on the left and some on the right of a bar.

    Of what does not fit, the last piece on the right goes first, then the last on the left; one of each stays.

    Args:
        said: What stands on the left.
        told: What stands on the right.
        width: Cells of the bar.
    """
    left, right = list(said), list(told)
    while len(right) > 1 and width_of(left) + width_of(right) > width - 2:
        right.pop()
    while len(left) > 1 and width_of(left) + width_of(right) > width - 1:
        left.pop()
    return [*left, Piece(" " * max(1, width - width_of(left) - width_of(right))), *right]


class LineBar(Widget):
    """One line of pieces. Subclasses give `pieces`."""

    ALLOW_SELECT = False
    STYLES: ClassVar[tuple[str, ...]] = ("muted", "strong", "active", "accent", "good", "soon", "risk", "breach", "paused")
    """Names a piece may give for its style."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line-bar--{name}" for name in STYLES}
    DEFAULT_CSS = """
    LineBar {
        height: 1;
        width: 1fr;
        & > .line-bar--muted { color: $text-muted; }
        & > .line-bar--strong { text-style: bold; }
        & > .line-bar--active { background: $primary-muted; text-style: bold; }
        & > .line-bar--accent { color: $text-accent; }
        & > .line-bar--good { color: $text-success; }
        & > .line-bar--soon { color: $text-warning; }
        & > .line-bar--risk { color: $text-warning; text-style: bold; }
        & > .line-bar--breach { color: $text-error; text-style: bold; }
        & > .line-bar--paused { color: $text-muted; text-style: italic; }
    }
    """

    ascii_only: reactive[bool] = reactive(False)
    """Draw with ASCII only."""

    def __init__(
        self,
        *,
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.set_reactive(LineBar.ascii_only, ascii_only)

    def pieces(self, width: int) -> list[Piece]:
        """The bar at a width, left to right; what stands beyond the width is cut."""
        raise NotImplementedError

    def clean(self, text: str, width: int | None = None) -> str:
        """A text from outside, fit for one line and no longer than any line is."""
        return visible(text, LONGEST if width is None else width, ascii_only=self.ascii_only)

    def hit_at(self, x: int) -> int | None:
        """What a click on a cell means."""
        for piece in self.pieces(self.size.width):
            width = cell_len(piece.text)
            if x < width:
                return piece.hit
            x -= width
        return None

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        width, plain = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, plain)
        return paint([(piece.text, self._style(piece.style)) for piece in self.pieces(width)], width, plain)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"line-bar--{name}") if name in self.STYLES else self.rich_style

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1
