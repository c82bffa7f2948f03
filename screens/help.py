"""Help that follows the focus: the keys that work just here and now, as they are bound, with what each does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from screens import keys
from screens.base import DeskModal, DeskScreen
from screens.filter_line import QueryInput
from screens.scrolled_lines import Line, ScrolledLines, wrapped
from widgets.key_bar import KeyBar, KeyHint
from widgets.line_bar import Piece
from widgets.safe_text import fit, visible

if TYPE_CHECKING:
    from screens.session import Session

KEY_CELLS = 12
_PLAIN = str.maketrans({"✖": "X", "▏": "|", "‖": "=", "◆": "*"})
"""The signs that stand for others where only ASCII can be shown."""
QUERY = (
    ("vpn gateway", "both words, anywhere"),
    ("state:open priority:1..2", "fields; open is every state that is not finished"),
    ("team:mine assignee:me", "your teams; you"),
    ("due:<4h created:>2d", "due within four hours or overdue; older than two days"),
    ("-tag:noise", "not"),
    ("vpn OR wifi", "one of them; AND is what stands side by side"),
    ("mine unassigned breached at-risk", "words that stand alone"),
)
"""The query language in seven lines; docs/query.md tells the rest."""


class HelpModal(DeskModal[None]):
    """The keys, by where they work."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter,question_mark,f1", "close", "close", id="help.close", show=False, priority=True)
    ]
    DEFAULT_CSS = """
    HelpModal {
        & > .window { height: 92%; }
        & ScrolledLines { height: 1fr; background: $surface; }
    }
    """

    def __init__(self, session: Session, about: Screen[Any]) -> None:
        """Tell the keys of a screen as its focus is now."""
        super().__init__(session)
        self._sections = sections(about)
        self._legend = about.LEGEND if isinstance(about, DeskScreen) else ()
        self._query = isinstance(about.focused, QueryInput)
        self._typing = isinstance(about.focused, Input)

    def compose(self) -> ComposeResult:
        """The keys, and the way out."""
        ascii_only = self.session.ascii_only
        with Vertical(classes="window") as window:
            window.border_title = Content("Keys")
            yield ScrolledLines()
            yield KeyBar((KeyHint("esc", "close", keep=True),), ascii_only=ascii_only)

    def on_mount(self) -> None:
        """Write the lines."""
        lines = self.query_one(ScrolledLines)
        lines.focus()
        lines.show(self._lines)

    def _show_keys(self, _: object) -> None:
        """The keys do not change while the window stands."""

    def _lines(self, width: int) -> list[Line]:
        ascii_only = self.session.ascii_only
        lines: list[Line] = []
        if self._query:
            lines.append([Piece(" The query language", "accent")])
            lines += [[Piece(f" {fit(text, 34)} ", "strong"), Piece(visible(said, width - 37), "muted")] for text, said in QUERY]
            lines.append([])
        elif self._typing:
            lines += [[Piece(" Letters type here; they are keys again outside the field.", "muted")], []]
        for title, rows in self._sections.items():
            if title == keys.AREAS["app"]:
                lines += self._signs(width)
            lines.append([Piece(f" {title}", "accent")])
            for bound, said in rows:
                told = wrapped(said, width - KEY_CELLS - 3, most=3, ascii_only=ascii_only)
                lines.append(
                    [Piece(f" {fit(bound, KEY_CELLS, ascii_only=ascii_only)} ", "strong"), Piece(told[0] if told else "")]
                )
                lines += [[Piece(" " * (KEY_CELLS + 2)), Piece(more)] for more in told[1:]]
            lines.append([])
        return lines

    def _signs(self, width: int) -> list[Line]:
        """What the screen shows in signs."""
        if not self._legend:
            return []
        ascii_only = self.session.ascii_only
        lines: list[Line] = [[Piece(" What the signs mean", "accent")]]
        for sign, said in self._legend:
            head = fit(sign.translate(_PLAIN) if ascii_only else sign, KEY_CELLS, ascii_only=ascii_only)
            told = wrapped(said, width - KEY_CELLS - 3, most=3, ascii_only=ascii_only)
            lines += [
                [Piece(f" {head if place == 0 else ' ' * KEY_CELLS} ", "strong"), Piece(row)] for place, row in enumerate(told)
            ]
        return [*lines, []]


def sections(screen: Screen[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the keys that work on a screen now: title of the section, then keys and what they do."""
    bound: dict[str, list[str]] = {}
    said: dict[str, tuple[str, str]] = {}
    for key, active in screen.active_bindings.items():
        declared = keys.BY_ID.get(active.binding.id or "")
        if declared is None:
            continue  # Textual's own, which nobody needs to be told
        bound.setdefault(declared.id, []).append(keys.shown(key))
        said[declared.id] = (keys.AREAS[declared.area], declared.help)
    found: dict[str, list[tuple[str, str]]] = {}
    everywhere = keys.AREAS["app"]
    order = [*(title for title in keys.AREAS.values() if title != everywhere), everywhere]
    for title in order:
        rows = [(" ".join(bound[name]), what) for name, (where, what) in said.items() if where == title]
        if rows:
            found[title] = rows
    return found
