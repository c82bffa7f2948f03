"""The pane below a list: who calls, what it is about, what is like it, and what was last said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from screens import wording
from screens.when import short
from widgets.line_bar import LineBar, Piece, width_of
from widgets.row_painter import paint
from widgets.safe_text import fit

if TYPE_CHECKING:
    from deskterm.kinds import Kind
    from deskterm.service_desk.glance import Glance

WHO_CELLS = 34
"""Most cells of a caller's line."""


class PreviewPane(LineBar):
    """Shows a `Glance`; as high as the style sheet says."""

    DEFAULT_CSS = """
    PreviewPane { height: 3; }
    """

    glance: reactive[Glance | None] = reactive(None)
    note: reactive[str] = reactive("")
    """What to say where there is no glance."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Make an empty pane."""
        super().__init__(ascii_only=ascii_only, id=id)
        self._kind: Kind | None = None
        self._tz = "UTC"
        self._now = 0

    def show(self, glance: Glance, kind: Kind, *, now: int, tz: str) -> None:
        """Show a record."""
        self._kind, self._now, self._tz = kind, now, tz
        self.glance = glance

    def pieces(self, width: int) -> list[Piece]:
        """The first line."""
        return self.lines(width, 1)[0]

    def render_line(self, y: int) -> Strip:
        """Paint one line of the pane."""
        width, plain = self.size.width, self.rich_style
        lines = self.lines(width, self.size.height)
        if y >= len(lines):
            return Strip.blank(width, plain)
        return paint([(piece.text, self._style(piece.style)) for piece in lines[y]], width, plain)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the screen has room for."""
        return container.height

    def lines(self, width: int, height: int) -> list[list[Piece]]:
        """The pane at a size: head, subject, then as much of the conversation as fits."""
        seen = self.glance
        if seen is None or self._kind is None:
            return [[Piece(f" {self.clean(self.note, width)}", "muted")]]
        lines = [self._head(seen, width), self._subject(seen, width)]
        return [*lines, *self._talk(seen, width, max(0, height - 2))]

    def _head(self, seen: Glance, width: int) -> list[Piece]:
        dot = " - " if self.ascii_only else " · "
        parts = [seen.caller or "nobody named", "VIP" if seen.vip else "", seen.caller_words]
        who = self.clean(dot.join(part for part in parts if part), WHO_CELLS)
        number = self.clean(seen.view.number, 14)
        room = width - cell_len(number) - cell_len(who) - 5
        style = "strong" if seen.vip else ""
        title = fit(seen.view.title, max(4, room), ascii_only=self.ascii_only)
        return [Piece(f" {number} ", "accent"), Piece(f"{title}  "), Piece(who, style)]

    def _subject(self, seen: Glance, width: int) -> list[Piece]:
        view = seen.view
        ids = {name: view.values.get(name) for name in ("ci", "service", "team")}
        named = {name: view.names[one].title for name, one in ids.items() if one is not None and one in view.names}
        parts = [f"{label}{named[name]}" for name, label in (("ci", ""), ("service", ""), ("team", "team ")) if name in named]
        if view.values.get("pending_reason"):
            parts.append(f"waits for {view.values['pending_reason']}")
        elif view.values.get("breach_risk") is not None:
            parts.append(f"breach risk {view.values['breach_risk']} %")
        dot = " - " if self.ascii_only else " · "
        tail = f"{'*' if self.ascii_only else '◆'} changed by {self.clean(seen.news_by, 12)}" if seen.news_by else ""
        if seen.similar and not tail:
            alike = sum(row.kind in ("incident", "request") for row in seen.similar)
            other = next((row.number for row in seen.similar if row.kind in ("problem", "knowledge")), "")
            known = f"known error {seen.known_error} (w)" if seen.known_error else other
            tail = ", ".join(part for part in (f"{alike} similar" if alike else "", known) if part)
        text = self.clean(dot.join(parts), max(4, width - cell_len(tail) - 6))
        pieces = [Piece(f" {text}", "muted")]
        if tail:
            pieces.append(Piece(f"{dot if text else ''}{tail}", "accent"))
        return pieces

    def _talk(self, seen: Glance, width: int, room: int) -> list[list[Piece]]:
        assert self._kind is not None
        said = [line for line in seen.view.journal if line.what in wording.SAID]
        shown = said[-room:] if room else []
        rows: list[list[Piece]] = []
        for line in shown:
            told = wording.worded(line, self._kind, self._now, self._tz)
            head = [
                Piece(f" {short(line.at, self._now, self._tz)} ", "muted"),
                Piece(self.clean(line.actor, 12), "strong"),
                Piece(f" {told.what}  ", "accent" if line.public else "muted"),
            ]
            text = " ".join(told.text[:2000].split())
            rows.append([*head, Piece(self.clean(text, max(4, width - width_of(head) - 1)))])
        if not rows and room:
            text = " ".join(str(seen.view.values.get("description") or "")[:2000].split())
            rows.append([Piece(f" {self.clean(text, width - 2)}" if text else " nothing was said yet", "" if text else "muted")])
        return rows
