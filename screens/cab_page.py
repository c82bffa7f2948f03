"""One change on a page before its board: the request in full, beside it what speaks for and against. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskterm.fields import show_duration
from screens.change_rows import stretch
from screens.scrolled_lines import Line, wrapped
from widgets.line_bar import LineBar, Piece
from widgets.safe_text import visible

if TYPE_CHECKING:
    from deskterm.change.schema import Seat, Sheet

SIGNS = {"approve": ("✓", "+"), "reject": ("✖", "x"), "abstain": ("○", "o"), "": ("·", ".")}
"""Glyph of a vote, and that in ASCII."""
TONES = {"approve": "good", "reject": "breach", "abstain": "muted", "": "muted"}
WORDS = {"approve": "for it", "reject": "against it", "abstain": "abstains", "": "not yet"}


class CabHead(LineBar):
    """Which change, how it stands, how long the meeting has lasted."""

    sheet: Sheet | None = None
    place = 0
    total = 0
    seconds = 0

    def show(self, sheet: Sheet, place: int, total: int, seconds: int) -> None:
        """Show another one."""
        self.sheet, self.place, self.total, self.seconds = sheet, place, total, seconds
        self.refresh()

    def pass_time(self, seconds: int) -> None:
        """Tell how long the meeting has lasted; painted by the minute."""
        if seconds // 60 != self.seconds // 60:
            self.seconds = seconds
            self.refresh()

    def pieces(self, width: int) -> list[Piece]:
        """Number, title, state; on the right the page and the time."""
        one = self.sheet
        if one is None:
            return []
        right = f"page {self.place + 1}/{self.total}  {show_duration(self.seconds)} "
        state = f"  {one.state.replace('-', ' ')}  "
        title = self.clean(one.title, max(8, width - len(one.number) - len(state) - len(right) - 3))
        used = len(one.number) + len(title) + len(state) + 2
        tone = {"approved": "good", "rejected": "breach"}.get(one.state, "accent")
        return [
            Piece(f" {one.number} ", "strong"), Piece(title), Piece(state, tone), Piece(" " * max(1, width - used - len(right))),
            Piece(right, "muted"),
        ]  # fmt: skip


def page_lines(one: Sheet, width: int, tz: str, *, ascii_only: bool = False) -> list[Line]:
    """Return the request: what, when, on what, then its texts."""
    when = stretch(one.start, one.end, tz) if one.start is not None and one.end is not None else "no window"
    facts = (
        ("asked by", " for ".join(name for name in (one.author, one.requester) if name)),
        ("sort", " · ".join(word for word in (one.type, one.category, one.service) if word)),
        ("window", when),
        ("CIs", ", ".join(one.cis) or "none"),
    )
    lines: list[Line] = []
    for label, value in facts:
        rows = wrapped(value, max(8, width - 12), most=4, ascii_only=ascii_only)
        lines += [[Piece(f"{label if place == 0 else '':>9}  ", "muted"), Piece(row)] for place, row in enumerate(rows)]
    for heading, text in one.texts:
        lines += [[], _heading(heading, width, ascii_only)]
        lines += [[Piece(f" {row}")] for row in wrapped(text or "nothing is said", max(8, width - 2), ascii_only=ascii_only)]
    return lines


def side_lines(one: Sheet, width: int, said: str, remark: str, *, ascii_only: bool = False) -> list[Line]:
    """Return the votes, the risk with its sum, what it hits, what stands in its way."""
    lines = [_heading("Votes", width, ascii_only)]
    for seat in one.seats:
        lines += _seat(seat, width, ascii_only)
    lines += _text(one.tally, width, "accent", ascii_only)
    if one.refusal:
        lines += _text(one.refusal, width, "risk", ascii_only)
    for label, text in (("with your vote", said), ("for the minutes", remark)):
        if text:
            lines += _text(f"{label}: {text}", width, "strong", ascii_only)
    lines += [[], _heading(_risk(one), width, ascii_only)]
    lines += [[Piece(f" {part[0]!s:<12}"), Piece(f"{part[1]!s:>3}/{part[2]!s}", "muted")] for part in one.risk_parts]
    lines += [[], _heading("Stands in its way", width, ascii_only)]
    for what, sentence in one.conflicts:
        lines += _text(f"! {what}: {sentence}", width, "risk", ascii_only)
    if not one.conflicts:
        lines += _text("nothing", width, "good", ascii_only)
    lines += [[], _heading("While it is done", width, ascii_only)]
    for titles, word, tone in ((one.breaks, "would break", "breach"), (one.degrades, "could be degraded", "risk")):
        for title in titles:
            lines += _text(f"{title} {word}", width, tone, ascii_only)
    if not one.breaks and not one.degrades:
        lines += _text("nothing else is hit", width, "good", ascii_only)
    if one.risk_parts:
        lines += [[], _heading("How the risk adds up", width, ascii_only)]
    for part in one.risk_parts:
        lines += _text(f"{part[0]} {part[1]}: {part[3]}", width, "muted", ascii_only)
    return lines


def _risk(one: Sheet) -> str:
    return "Risk: not judged" if one.risk is None else f"Risk {one.risk} of 100, {one.risk_level.replace('-', ' ')}"


def _seat(seat: Seat, width: int, ascii_only: bool) -> list[Line]:
    sign = SIGNS.get(seat.vote, SIGNS[""])[int(ascii_only)]
    by = f" by {seat.by}" if seat.by else ""
    login = visible(seat.login, 14, ascii_only=ascii_only)
    head: Line = [
        Piece(f" {sign} ", TONES.get(seat.vote, "")),
        Piece(f"{login} "),
        Piece(f"{WORDS.get(seat.vote, '')}{by}", "muted"),
    ]
    return [head, *(_text(seat.comment, width, "muted", ascii_only, indent=3) if seat.comment else [])]


def _text(text: str, width: int, style: str, ascii_only: bool, *, indent: int = 1) -> list[Line]:
    rows = wrapped(text, max(8, width - indent - 1), most=6, ascii_only=ascii_only)
    return [[Piece(f"{' ' * indent}{row}", style)] for row in rows]


def _heading(text: str, width: int, ascii_only: bool) -> Line:
    rule = "-" if ascii_only else "─"
    return [Piece(f" {text} ", "accent"), Piece(rule * max(0, width - len(text) - 3), "muted")]
