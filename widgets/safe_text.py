"""Text from outside, made harmless: the filter every painted line passes, and the helpers for one-line display.

The filter is the last gate before the terminal and knows nothing of widgets. Markup is not its business: text from outside
goes into `Content(text)`, which parses nothing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

Align = Literal["left", "right", "center"]

MAX_COMBINING: Final = 8
"""Marks kept on one character: enough for any script, too few to flood a line."""

_CONTROL: Final = "\x00-\x1f\x7f-\x9f"
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SEPARATOR: Final = "\u2028\u2029"
_SURROGATE: Final = "\ud800-\udfff"
_INVISIBLE: Final = (
    "\u034f\u115f\u1160\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
)
"""Fillers, joiners, selectors, skin tones and tags: terminals disagree about their width, so none is sent."""
_SOFT_HYPHEN: Final = "\xad"
_FLAG_LETTERS: Final = "\U0001f1e6-\U0001f1ff"
_MARKS: Final = "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
_MARKS_TOO: Final = "\u20d0-\u20ff\ufe20-\ufe2f"

_SUSPECT: Final = re.compile(
    f"[{_CONTROL}{_BIDI}{_SEPARATOR}{_SURROGATE}{_INVISIBLE}{_SOFT_HYPHEN}{_FLAG_LETTERS}{_MARKS}{_MARKS_TOO}]"
)
# The rest is compiled when a text first asks for it, and kept by `re`: most desks never do, and the first frame does not wait.
_JOINED: Final = "(?s:\u200d.?)"
_TOO_MANY_MARKS: Final = f"([{_MARKS}{_MARKS_TOO}]{{{MAX_COMBINING}}})[{_MARKS}{_MARKS_TOO}]+"
_REPLACE: Final = f"[{_CONTROL}{_BIDI}{_SEPARATOR}{_SURROGATE}{_INVISIBLE}{_SOFT_HYPHEN}{_FLAG_LETTERS}]"


def _blank(match: re.Match[str]) -> str:
    """The stand-in for one character: as wide as the layout believed it to be."""
    character = match.group()
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return chr(ord(character) - 0x1F1E6 + ord("A"))
    if character == _SOFT_HYPHEN:
        return "-"
    return " " * get_character_cell_size(character)


def harmless(text: str) -> str:
    """Take out of a text what a terminal would obey or measure differently, keeping its width in cells.

    Args:
        text: Any text, also with lone surrogates.

    Returns:
        A text of the same cell width without controls, bidi overrides, surrogates, joiners and selectors. A joined
        emoji becomes its first picture, a flag its two letters.
    """
    if _SUSPECT.search(text) is None:
        return text
    # A joiner takes the next character with it, because the layout counted the pair as one picture.
    clean = re.sub(_REPLACE, _blank, re.sub(_JOINED, "", text))
    clean = re.sub(_TOO_MANY_MARKS, r"\1", clean)
    width = cell_len(text)
    return clean if cell_len(clean) == width else set_cell_size(clean, width)


class SafeLineFilter(LineFilter):
    """The choke point: no line of any widget reaches the terminal with a control character or a link in it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Clean one line.

        Args:
            segments: The segments of the line.
            background: Unused; part of Textual's signature.

        Returns:
            The same list when there was nothing to do, so that its caches hold.
        """
        if not any(
            control is not None or _SUSPECT.search(text) or (style is not None and style.link)
            for text, style, control in segments
        ):
            return segments
        return [
            Segment(harmless(text), style.update_link(None) if style is not None and style.link else style)
            for text, style, control in segments
            if control is None
        ]


_NAMED: Final = {0x09: " ", 0x7F: "\u2421", 0xAD: "-", 0x2028: "\u2424", 0x2029: "\u2424"}
_NAMED_ASCII: Final = {0x09: " ", 0x7F: "^?", 0xAD: "-", 0x2028: "^J", 0x2029: "^J"}
_UNSEEN: Final = f"[{_INVISIBLE}]"


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in _NAMED:
        return _NAMED[code]
    if code < 0x20:
        return chr(0x2400 + code)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return chr(code - 0x1F1E6 + ord("A"))
    return "" if re.match(_UNSEEN, match.group()) else "\ufffd"


def _caret(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in _NAMED_ASCII:
        return _NAMED_ASCII[code]
    if code < 0x20:
        return "^" + chr(code + 0x40)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return chr(code - 0x1F1E6 + ord("A"))
    return "" if re.match(_UNSEEN, match.group()) else "?"


_NOT_TYPED: Final = f"[{_CONTROL}{_BIDI}{_SEPARATOR}{_SURROGATE}]"
_STRAY_JOINERS: Final = r"\u200d+(?![^\s\u200d])|(?<![^\s\u200d])\u200d+"
"""Joiners with nothing to join on one side: the layout lets them swallow the blank behind them."""
_LINE_ENDS: Final = "\r\n?|[\x0b\x0c\x85\u2028\u2029]"


def typed(text: str, *, lines: bool) -> tuple[str, int]:
    """A text as a field may hold it: no controls, no bidi overrides, no stray joiners, nothing a database refuses to store.

    Args:
        text: What was typed or pasted.
        lines: Whether the field holds several lines; otherwise line ends and tabs become blanks.

    Returns:
        The text, and how many characters were taken out.
    """
    if "\u200d" in text:
        text = re.sub(_STRAY_JOINERS, "", text)
    if re.search(_NOT_TYPED, text) is None:
        return text, 0
    text = re.sub(_LINE_ENDS, "\n", text)
    if not lines:
        text = text.strip("\n").replace("\n", " ").replace("\t", " ")
    clean = re.sub(_NOT_TYPED, lambda match: match.group() if lines and match.group() in "\n\t" else "", text)
    return clean, len(text) - len(clean)


_SPELLED: Final = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"'}
    | {"\u201d": '"', "\u2026": "...", "\xb7": ".", "\xdf": "ss", "\xe6": "ae", "\xc6": "AE", "\xf8": "o", "\xd8": "O"}
    | {"\u0142": "l", "\u0141": "L", "\u0131": "i"}
)


def _spelled(text: str) -> str:
    """A text in ASCII as a person would spell it: letters without their accents, `?` where there is no likeness."""
    letters = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    return "".join(letter if letter.isascii() else "?" for letter in letters if not unicodedata.combining(letter))


def visible(text: str, width: int | None = None, *, ascii_only: bool = False) -> str:
    """A text for one line, its controls shown as pictures (`␛`, `␊`; bidi overrides and the like as `�`).

    Args:
        text: Any text, of any length.
        width: The most cells it may take; a longer text ends in `…`. `None` does not cut.
        ascii_only: Use caret notation (`^[`), `?` and `~` instead, for terminals without Unicode.

    Returns:
        A text without control characters.
    """
    cut = False
    if width is not None:
        if width <= 0:
            return ""
        # A megabyte is not scanned to show forty cells of it; marks and joiners take none, hence the allowance.
        reach = width * (MAX_COMBINING + 2) + 64
        cut = len(text) > reach
        text = text[:reach]
    if _SUSPECT.search(text) is not None:
        text = re.sub(_REPLACE, _caret if ascii_only else _picture, re.sub(_JOINED, "", text))
        text = re.sub(_TOO_MANY_MARKS, r"\1", text)
    if ascii_only and not text.isascii():
        text = _spelled(text)
    if width is None or (not cut and cell_len(text) <= width):
        return text
    return set_cell_size(text, width - 1).rstrip() + ("~" if ascii_only else "\u2026")


def fit(text: str, width: int, align: Align = "left", *, ascii_only: bool = False) -> str:
    """A one-line text of exactly `width` cells: cut with `…` or padded with blanks.

    Args:
        text: Any text.
        width: Cells to fill.
        align: Where the text stands in them.
        ascii_only: As for `visible`.
    """
    if width <= 0:
        return ""
    shown = visible(text, width, ascii_only=ascii_only)
    room = width - cell_len(shown)
    if room <= 0:
        return shown
    if align == "right":
        return " " * room + shown
    if align == "center":
        return " " * (room // 2) + shown + " " * (room - room // 2)
    return shown + " " * room
