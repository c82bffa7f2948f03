r"""Stored text on its way to somebody's terminal or spreadsheet: nothing in it is obeyed, and every cell is measured.

The console has its own filter for what it paints; this one is for lines that a command prints, where no width is promised
and a character that would be obeyed can be spelled out (`\x1b`, `\u202e`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

MARKS = 8
"""Combining marks kept on one character: enough for any script, too few to flood the lines above."""

_SPELLED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SELECTORS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_DROPPED = frozenset("\u200d") | frozenset(map(chr, _SELECTORS))
"""Joiners and variation selectors: they change a picture's width from terminal to terminal, and nothing is lost without them."""
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Categories that are obeyed, invisible or unknown: controls, bidi overrides, surrogates, private and unassigned characters."""
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def visible(text: str) -> str:
    """Return a text of one line in which whatever a terminal would obey, or nobody would see, is spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(text))


def visible_lines(text: str) -> list[str]:
    """Return a text's own lines, each made visible; only line feeds part lines."""
    return [visible(line) for line in text.replace("\r\n", "\n").split("\n")]


def _spelled(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MARKS:
            yield _spell(character)


@lru_cache(maxsize=4096)
def _spell(character: str) -> str:
    if character in _DROPPED:
        return ""
    if character not in _BLANK_LETTERS and unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    short = _SPELLED.get(character)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def width(text: str) -> int:
    """Return how many cells of a terminal a visible text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if _is_mark(character) or "\u1160" <= character <= "\u11ff":  # vowels and finals of a Hangul syllable stand in its cell
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, cells: int) -> str:
    """Return a visible text that takes at most so many cells; one that was cut ends in `…`."""
    if width(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…" if cells > 0 else ""


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """Return a visible text filled with blanks to so many cells."""
    room = " " * (cells - width(text))
    return room + text if right else text + room


def aligned(rows: Iterable[Iterable[str]], *, right: frozenset[int] = frozenset(), limit: int | None = None) -> list[str]:
    """Return rows of cells as lines with aligned columns, two blanks between them.

    Args:
        right: columns that are aligned to the right.
        limit: cells of a line; the widest columns are cut until it fits.
    """
    cells = [[visible(cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    if limit is not None:
        widths = _narrowed(widths, limit)
    lines = []
    for row in cells:
        parts = [pad(cut(cell, wide), wide, right=i in right) for i, (cell, wide) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(parts).rstrip())
    return lines


NARROWEST = 8
"""No column is cut below so many cells: a line that is still too long is left so."""


def _narrowed(widths: list[int], limit: int) -> list[int]:
    widths = list(widths)
    excess = sum(widths) + 2 * (len(widths) - 1) - limit
    while excess > 0:
        widest = max(range(len(widths)), key=widths.__getitem__)
        next_widest = max((wide for i, wide in enumerate(widths) if i != widest), default=0)
        step = min(excess, widths[widest] - max(next_widest - 1, NARROWEST))
        if step <= 0:
            break
        widths[widest] -= step
        excess -= step
    return widths
