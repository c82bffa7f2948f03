"""The bar above figures of a period: which period it is, and how to choose another."""

from __future__ import annotations

from widgets.line_bar import LineBar, Piece, spread


class PeriodBar(LineBar):
    """The period on the left, the keys on the right."""

    told = ""
    """The period, in words."""
    warning = ""
    """What is amiss now, whatever the period."""

    def __init__(self, hint: str, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        """Make a bar that tells by which keys another period is chosen."""
        super().__init__(ascii_only=ascii_only, id=id)
        self.hint = hint

    def pieces(self, width: int) -> list[Piece]:
        """The period, what is amiss, and the keys; of a narrow bar the keys are cut."""
        warning = [Piece(f"   {self.warning}", "breach")] if self.warning else []
        return spread([Piece(f" {self.told}", "strong"), *warning], [Piece(f"{self.hint} ", "muted")], width)

    def show(self, told: str) -> None:
        """Say another one."""
        self.told = told
        self.refresh()

    def warn(self, warning: str) -> None:
        """Say what is amiss now; nothing if empty."""
        self.warning = warning
        self.refresh()
