"""The screen of a desk that cannot be opened: what is wrong, what to do, try again or leave."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible


class TroubleScreen(Screen[bool]):
    """Says one sentence. Answers `True` to try again, `False` to leave.

    | Key | Does |
    | --- | --- |
    | `r`, `enter` | try again |
    | `q`, `escape` | leave |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "dismiss(True)", "try again", id="trouble.again"),
        Binding("q,escape,ctrl+q", "dismiss(False)", "quit", id="trouble.quit"),
    ]

    DEFAULT_CSS = """
    TroubleScreen {
        align: center middle;
        & > Vertical { width: 76; max-width: 96%; height: auto; padding: 1 2; border: round $error; }
        & #title { text-style: bold; margin-bottom: 1; }
        & #what { margin-bottom: 1; }
        & #cure { color: $text-muted; }
        & KeyBar { dock: bottom; }
    }
    """

    def __init__(self, sentence: str, location: str, *, ascii_only: bool = False) -> None:
        """Show why a desk does not open.

        Args:
            sentence: What is wrong and what to do.
            location: Which desk; a password in it is not shown.
            ascii_only: Whether the terminal shows ASCII only.
        """
        super().__init__()
        self._sentence = sentence
        self._location = location
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """The sentence, and where the desk was looked for."""
        with Vertical():
            yield Static(Content("The desk cannot be opened"), id="title")
            yield Static(Content(visible(self._sentence, 600, ascii_only=self._ascii)), id="what")
            yield Static(Content(visible(f"Looked for: {self._location}", 200, ascii_only=self._ascii)), id="cure")
        yield KeyBar((KeyHint("r", "try again"), KeyHint("q", "quit", keep=True)), ascii_only=self._ascii)
