"""A few lines of text below a list: what stands under the cursor, in full. Each has its own style and is cut, not wrapped."""

from __future__ import annotations

from textual.strip import Strip

from widgets.line_bar import LineBar, Piece
from widgets.row_painter import paint


class TextPane(LineBar):
    """Lines of text; as high as the style sheet says."""

    DEFAULT_CSS = "TextPane { height: 4; }"

    texts: tuple[tuple[str, str], ...] = ()
    """Texts with the names of their styles, a line each."""

    def show(self, texts: tuple[tuple[str, str], ...]) -> None:
        """Show other texts."""
        if texts != self.texts:
            self.texts = texts
            self.refresh()

    def pieces(self, width: int) -> list[Piece]:
        """The first line."""
        return [Piece(f" {self.clean(text, max(1, width - 2))}", style) for text, style in self.texts[:1]]

    def render_line(self, y: int) -> Strip:
        """Paint one of them."""
        width, plain = self.size.width, self.rich_style
        text, style = self.texts[y] if y < len(self.texts) else ("", "")
        return paint([(f" {self.clean(text, max(1, width - 2))}", self._style(style) if style else plain)], width, plain)
