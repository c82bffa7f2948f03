"""A record's journal as a conversation: what was said stands out, replies to the caller most of all, changes fold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from deskterm.records.schema import JournalLine
from screens import wording
from screens.scrolled_lines import Line, wrapped
from screens.when import day, local, short
from widgets.line_bar import Piece
from widgets.safe_text import visible

if TYPE_CHECKING:
    from deskterm.kinds import Kind

FOLDED_LINES = 12
"""Lines shown of a text while changes are folded."""
INDENT = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """How a journal is shown."""

    kind: Kind
    now: int
    tz: str
    unfolded: bool = False
    ascii_only: bool = False
    earlier: bool = False
    """There are older entries than the first here."""
    description: str = ""
    """What the record was logged with."""


def journal_lines(journal: Sequence[JournalLine], manner: Manner, width: int) -> list[Line]:
    """Return the lines of a journal, the oldest entry first, with a line for each new day."""
    lines: list[Line] = []
    if manner.earlier:
        lines.append([Piece(" older entries load when you go up to here", "muted")])
    today = ""
    for entries in _grouped(journal, manner):
        its_day = day(entries[0].at, manner.tz)
        if its_day != today and local(entries[0].at, manner.tz).date() != local(manner.now, manner.tz).date():
            rule = "-" if manner.ascii_only else "─"
            lines.append([Piece(f" {rule * 2} {its_day} {rule * max(0, width - len(its_day) - 6)}", "muted")])
        today = its_day
        first = entries[0]
        if first.what in wording.SAID:
            lines += _said(first, manner, width)
        elif first.what == "created":
            lines += _created(first, manner, width)
        elif manner.unfolded:
            for entry in entries:
                lines += _changed(entry, manner, width)
        else:
            lines.append(_folded(entries, manner, width))
    return lines


def _grouped(journal: Sequence[JournalLine], manner: Manner) -> Iterator[list[JournalLine]]:
    """Yield what was said one by one, and what changed by who did it in one go."""

    def key(entry: JournalLine) -> tuple[object, ...]:
        told = entry.what in wording.SAID or entry.what == "created"
        return (entry.seq,) if told else (entry.actor, entry.operation)

    return (list(group) for _, group in groupby(journal, key))


def _head(entry: JournalLine, manner: Manner) -> Line:
    at = short(entry.at, manner.now, manner.tz)
    return [Piece(f" {at} ", "muted"), Piece(visible(entry.actor, 16, ascii_only=manner.ascii_only), "strong")]


def _said(entry: JournalLine, manner: Manner, width: int) -> list[Line]:
    told = wording.worded(entry, manner.kind, manner.now, manner.tz)
    bar = ("|" if manner.ascii_only else "┃") if entry.public else " "
    style = "accent" if entry.public else "muted"
    to = " to the caller" if entry.public else ""
    head: Line = [*_head(entry, manner), Piece(f" {told.what}{to}", style)]
    return [head, *_text(told.text, manner, width, bar, style), [Piece("")]]


def _text(text: str, manner: Manner, width: int, bar: str, style: str) -> list[Line]:
    most = 10_000 if manner.unfolded else FOLDED_LINES
    rows = wrapped(text, width - INDENT - 3, most=most + 1, ascii_only=manner.ascii_only)
    lines: list[Line] = [[Piece(f" {bar} ", style), Piece(f" {row}")] for row in rows[:most]]
    if len(rows) > most:
        dots = "~" if manner.ascii_only else "…"
        lines.append([Piece(f" {bar} ", style), Piece(f" {dots} more: tab unfolds", "muted")])
    return lines


def _created(entry: JournalLine, manner: Manner, width: int) -> list[Line]:
    lines: list[Line] = [[*_head(entry, manner), Piece(" logged it", "muted")]]
    if manner.description:
        lines += _text(manner.description, manner, width, " ", "muted")
    return [*lines, [Piece("")]]


def _changed(entry: JournalLine, manner: Manner, width: int) -> list[Line]:
    told = wording.worded(entry, manner.kind, manner.now, manner.tz)
    head = [*_head(entry, manner), Piece(f" {visible(told.what, 24)}: ", "muted")]
    used = sum(len(piece.text) for piece in head)
    return [[*head, Piece(visible(" ".join(told.text.split()), max(8, width - used), ascii_only=manner.ascii_only))]]


def _folded(entries: Sequence[JournalLine], manner: Manner, width: int) -> Line:
    parts = []
    for entry in entries:
        told = wording.worded(entry, manner.kind, manner.now, manner.tz)
        parts.append(f"{told.what} {told.text}".strip())
    text = ", ".join(parts)
    head = _head(entries[0], manner)
    used = sum(len(piece.text) for piece in head) + 2
    style = "breach" if any(entry.what in ("refused",) or "breached" in (entry.text or "") for entry in entries) else "muted"
    return [*head, Piece(f" {visible(' '.join(text.split()), max(8, width - used), ascii_only=manner.ascii_only)}", style)]
