"""What is on the screen before anything is loaded: the queue's frame, empty, painted by one widget that needs nothing else.

It stands for the moment between the start of the process and the queue itself, whose screen is imported behind it.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

TABS = "1 Mine │ 2 Team │ 3 Unassigned │ 4 Breaching │ 5 Major │ 6 All open"
HEADINGS = "  due       P number     summary"


class FrontScreen(Screen[None]):
    """The first frame; whoever thinks better of it may leave at once."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,ctrl+q", "app.leave", id="app.quit", show=False)]

    def __init__(self, login: str, *, ascii_only: bool = False) -> None:
        """Make the frame.

        Args:
            login: Who works here.
            ascii_only: Draw with plain characters.
        """
        super().__init__()
        self._login = login
        self._ascii_only = ascii_only

    def render(self) -> Content:
        """Draw the bar on top, the tabs, the headings of the list and that it is loading."""
        width = max(self.size.width, 40)
        trail = " DeskTerm > Queue" if self._ascii_only else " DeskTerm ▸ Queue"
        top = f"{trail}{self._login[:16]:>{width - len(trail) - 1}} "
        tabs = TABS.replace("│", "|") if self._ascii_only else TABS
        lines = (top, f" {tabs}"[:width], HEADINGS[:width], "  Loading…" if not self._ascii_only else "  Loading...")
        return Content("\n").join(Content(line) for line in lines)
