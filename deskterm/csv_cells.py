"""Cells of a CSV file that no spreadsheet takes for a formula, and that read back as what they were.

A text that begins with `= + - @` (of either width), a tab, a carriage return or a line feed is written with an apostrophe
before it; so is one that begins with apostrophes before such a character, so that reading is unambiguous: one apostrophe is
taken off wherever what begins with it would be guarded. Numbers are written bare. (OWASP, *CSV Injection*.)
"""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guard(text: str) -> str:
    """Return a text as a cell that is harmless in a spreadsheet."""
    return f"'{text}" if _is_guarded(text) else text


def unguard(cell: str) -> str:
    """Return the text that `guard` made a cell of; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _is_guarded(cell) else cell


def _is_guarded(text: str) -> bool:
    return text.lstrip("'").startswith(_STARTS)
