"""The line of the finance screen that says which period is shown, and what was spent in it."""

from __future__ import annotations

from widgets.line_bar import LineBar, Piece


class SpendBar(LineBar):
    """Which period is shown, and what was spent in it."""

    told = ""
    figures = ""
    trouble = False

    def pieces(self, width: int) -> list[Piece]:
        """The period, the figures, and how to move."""
        room = max(1, width - len(self.told) - len(self.figures) - 5)
        style = "breach" if self.trouble else ""
        return [Piece(f" {self.told}", "strong"), Piece("   "), Piece(self.figures, style), Piece(" " * room)]

    def show(self, told: str, figures: str, *, trouble: bool = False) -> None:
        """Say another one."""
        self.told, self.figures, self.trouble = told, figures, trouble
        self.refresh()
