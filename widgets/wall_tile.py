"""A tile that can be read from across the room: its figure in blocks, five lines high."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.reactive import reactive
from textual.strip import Strip

from widgets.row_painter import paint
from widgets.safe_text import fit, visible
from widgets.tile import Tile

_PIXELS: Final = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "+": ("   ", " # ", "###", " # ", "   "),
    "–": ("   ", "   ", "###", "   ", "   "),  # noqa: RUF001
    "-": ("   ", "   ", "###", "   ", "   "),
}
ROWS: Final = 5


def blocks(text: str, *, ascii_only: bool = False) -> tuple[str, ...] | None:
    """A figure five lines high, each point of it two cells wide; `None` where it holds what is not a figure."""
    if not text or any(character not in _PIXELS for character in text):
        return None
    ink = "##" if ascii_only else "██"
    rows = []
    for row in range(ROWS):
        digits = ("".join(ink if point == "#" else "  " for point in _PIXELS[character][row]) for character in text)
        rows.append("  ".join(digits))
    return tuple(rows)


class WallTile(Tile):
    """A tile; with `wall` its figure is drawn in blocks where there is room for them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set()
    DEFAULT_CSS = """
    WallTile.-wall { height: 8; }
    """

    wall: reactive[bool] = reactive(False)
    """Whether it is to be read from afar; then it takes no focus."""

    def watch_wall(self, wall: bool) -> None:
        """Grow or shrink."""
        self.can_focus = not wall
        self.set_class(wall, "-wall")

    def render_line(self, y: int) -> Strip:
        """Paint the figure in blocks and the label below it, or as every tile."""
        width, height = self.size.width, self.size.height
        drawn = blocks(self.number, ascii_only=self.ascii_shown) if self.wall and height > ROWS else None
        sign = f"{visible(self.sign, 1, ascii_only=self.ascii_shown)}  " if self.sign else ""
        if drawn is None or len(drawn[0]) + len(sign) > width:
            return super().render_line(y)
        plain = self.rich_style
        if y < ROWS:
            tone = self.get_component_rich_style(f"tile--{self.tone}") if self.tone in self.TONES else plain
            lead = sign if y == ROWS // 2 else " " * len(sign)
            return paint([(fit(f"{lead}{drawn[y]}", width, ascii_only=self.ascii_shown), tone)], width, plain)
        if y == ROWS:
            return paint(
                [(fit(self.label, width, ascii_only=self.ascii_shown), self.get_component_rich_style("tile--label"))],
                width,
                plain,
            )
        return Strip.blank(width, plain)
