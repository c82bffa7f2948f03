"""Shows a printed page: scrolled like a list, never written anywhere; files are the command line's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from screens.base import DeskModal
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session


class PageModal(DeskModal[None]):
    """A page of text.

    | Key | Does |
    | --- | --- |
    | `j`, `k`, `pagedown`, `pageup` | scroll |
    | `escape`, `q` | close |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "down", id="page.down", show=False),
        Binding("up,k", "scroll(-1)", "up", id="page.up", show=False),
        Binding("pagedown,ctrl+d", "scroll(10)", "page down", id="page.page_down", show=False),
        Binding("pageup,ctrl+u", "scroll(-10)", "page up", id="page.page_up", show=False),
        Binding("q", "close", "close", id="page.close", show=False),
    ]

    DEFAULT_CSS = """
    PageModal {
        & > .window { width: 86; height: 94%; }
        & VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & Static { width: auto; height: auto; }
    }
    """

    page = query_one(VerticalScroll)

    def __init__(self, session: Session, title: str, text: str, *, told: str = "") -> None:
        """Show a page.

        Args:
            session: The session.
            title: What it is.
            text: Its lines.
            told: One sentence below it.
        """
        super().__init__(session)
        self._title, self._text, self._told = title, text, told

    def compose(self) -> ComposeResult:
        """The page, and how to leave it."""
        ascii_only = self.session.ascii_only
        with Vertical(classes="window") as window:
            window.border_title = Content(visible(self._title, 70))
            with VerticalScroll(can_focus=False):
                yield Static(Content("\n".join(visible(line, ascii_only=ascii_only) for line in self._text.splitlines())))
            yield Static(Content(visible(self._told, 84)), classes="hint")
            yield KeyBar((KeyHint("j k", "scroll"), KeyHint("esc", "close", keep=True)), ascii_only=ascii_only)

    def _show_keys(self, _: object) -> None:
        """The keys do not change."""

    def action_scroll(self, lines: int) -> None:
        """Scroll by some lines."""
        self.page.scroll_relative(y=lines, animate=False)
