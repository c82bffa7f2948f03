"""Asks yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.base import DeskModal
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session


class AskModal(DeskModal[bool]):
    """A question with its reason. Answers `True`, or `None` for no.

    | Key | Does |
    | --- | --- |
    | `y`, `enter` | yes |
    | `n`, `escape` | no |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "dismiss(True)", "yes", id="ask.yes"),
        Binding("n", "close", "no", id="ask.no"),
    ]

    def __init__(self, session: Session, title: str, text: str, *, yes: str = "yes", no: str = "no") -> None:
        """Ask.

        Args:
            session: The session.
            title: The question.
            text: What hangs on it; lines are kept.
            yes: A word for yes.
            no: A word for no.
        """
        super().__init__(session)
        self._title, self._text = title, text
        self._hints = (KeyHint("y", yes), KeyHint("n", no, keep=True))

    def compose(self) -> ComposeResult:
        """The question, and the two answers."""
        with Vertical(classes="window") as window:
            window.border_title = Content(visible(self._title, 70))
            yield Static(Content("\n".join(visible(line, 300) for line in self._text.splitlines())))
            yield KeyBar(self._hints, ascii_only=self.session.ascii_only)

    def on_mount(self) -> None:
        """Show the words of this question, not those of the keys."""
        self.query_one(KeyBar).hints = self._hints

    def _show_keys(self, _: object) -> None:
        """The words stay those of this question."""
