"""The last gate where a terminal shows no Unicode: whatever a widget drew or a record says leaves in ASCII, as wide as before.

Widgets that know the terminal draw better ASCII themselves; this one catches borders, scroll bars and fields that do not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from widgets.safe_text import visible

_DRAWN: Final = (
    ("-", "─━═╌┄┈╍┅┉▔▁⎺⎽"),
    ("|", "│┃║╎┆┊╏┇┋▌▐▎▏▕▊▋▍▉"),
    ("+", "┌┐└┘╭╮╰╯┏┓┗┛╔╗╚╝├┤┬┴┼┣┫┳┻╋╠╣╦╩╬┠┨┡┩"),
    ("#", "█▓▒"),
    (":", "░"),
    (" ", "▂▃▄▅▆▇▀"),  # the ends of scroll bars: their ground tells them
    (">", "▶▸►→\u203a\u276f"),
    ("<", "◀◂◄←\u2039"),
    ("^", "▲▴↑"),
    ("v", "▼▾↓"),
    ("*", "•●◉★"),
    ("o", "○◌⭘"),
    (".", "·"),
    ("~", "…"),
    ("x", "✓✔✗✘☒☑"),
)
_LIKENESS: Final = {drawn: plain for plain, all_drawn in _DRAWN for drawn in all_drawn}


class AsciiLineFilter(LineFilter):
    """Lets nothing but ASCII through."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Spell out one line.

        Args:
            segments: The segments of the line.
            background: Unused; part of Textual's signature.

        Returns:
            The same list when there was nothing to do.
        """
        if all(text.isascii() for text, _, _ in segments):
            return segments
        return [
            Segment(text if text.isascii() else "".join(map(_plain, text)), style, control) for text, style, control in segments
        ]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character in ASCII, as wide as the layout believed it to be."""
    if character.isascii():
        return character
    width = get_character_cell_size(character)
    plain = _LIKENESS.get(character) or visible(character, ascii_only=True)
    return (plain if plain != "?" else "?" * width)[:width].ljust(width)
