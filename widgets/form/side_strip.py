"""Hints beside a form: what follows from what is typed, what resembles it. It is read, never focused.

Tall, it stands beside the form with a title and lines for each hint; low, as on a small terminal, each hint has one line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar, Final

from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from deskterm.forms.schema import Hint
from widgets.row_painter import paint
from widgets.safe_text import fit, visible

LOW: Final = 5
"""Lines up to which each hint has one line."""
LINES_EACH: Final = 4
"""Lines a hint's text may take when there is room."""
SCANNED: Final = 600
"""Characters of a hint's line that are looked at."""


class SideStrip(Widget, can_focus=False):
    """Shows hints; one that something can be done with may be marked."""

    ALLOW_SELECT = False
    TONES: ClassVar[tuple[str, ...]] = ("good", "soon", "risk", "breach")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "side-strip--title", "side-strip--line", "side-strip--marked", *(f"side-strip--{tone}" for tone in TONES)
    }  # fmt: skip
    DEFAULT_CSS = """
    SideStrip {
        background: $surface;
        & > .side-strip--title { text-style: bold; }
        & > .side-strip--line { color: $text-muted; }
        & > .side-strip--marked { background: $primary-muted; text-style: bold; }
        & > .side-strip--good { color: $text-success; text-style: bold; }
        & > .side-strip--soon { color: $text-warning; text-style: bold; }
        & > .side-strip--risk { color: $text-warning; text-style: bold; }
        & > .side-strip--breach { color: $text-error; text-style: bold; }
    }
    """

    hints: reactive[tuple[Hint, ...]] = reactive(())
    """What is told, the most important first."""
    marked: reactive[int] = reactive(-1)
    """Place of the hint that a key acts on; -1 is none."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Make a strip that tells nothing yet."""
        super().__init__(id=id)
        self.ascii_only = ascii_only
        self._was_moved = False
        """Whether the person moved the mark: it then stays with its record while other hints come and go."""

    def show(self, hints: Sequence[Hint]) -> None:
        """Tell other hints. The mark stays with its record if the person put it there, else it is on the first to act on."""
        before = self.acted if self._was_moved else None
        self.hints = tuple(hints)
        places = self._actable()
        same = [place for place in places if before is not None and self.hints[place].act == before.act]
        self._was_moved = bool(same)
        self.marked = (same or places or [-1])[0]

    @property
    def acted(self) -> Hint | None:
        """The marked hint."""
        return self.hints[self.marked] if 0 <= self.marked < len(self.hints) else None

    def mark_next(self) -> None:
        """Mark the next hint that can be acted on, after the last the first."""
        places = self._actable()
        if places:
            after = [place for place in places if place > self.marked]
            self.marked = (after or places)[0]
            self._was_moved = True

    def _actable(self) -> list[int]:
        return [place for place, hint in enumerate(self.hints) if hint.act is not None]

    def watch_marked(self) -> None:
        """Paint anew."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width, plain = self.size.width, self.rich_style
        lines = self._low_lines(width) if self.size.height <= LOW else self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, plain)
        text, style = lines[y]
        return paint([(text, style)], width, plain)

    def _low_lines(self, width: int) -> list[tuple[str, Style]]:
        """One line for each hint; the marked one is always among them."""
        height = self.size.height
        first = max(0, min(self.marked - height + 1, len(self.hints) - height)) if self.marked >= height else 0
        found = []
        for place, hint in enumerate(self.hints[first : first + height], first):
            text = " · ".join((hint.title, *hint.lines))
            found.append((fit(self._sign(place) + text, width, ascii_only=self.ascii_only), self._title_style(place)))
        return found

    def _lines(self, width: int) -> list[tuple[str, Style]]:
        line_style = self.get_component_rich_style("side-strip--line")
        found: list[tuple[str, Style]] = []
        for place, hint in enumerate(self.hints):
            if found:
                found.append(("", self.rich_style))
            found.append((fit(self._sign(place) + hint.title, width, ascii_only=self.ascii_only), self._title_style(place)))
            for line in hint.lines:
                clean = visible(line, SCANNED, ascii_only=self.ascii_only)
                for part in textwrap.wrap(clean, max(8, width - 3))[:LINES_EACH]:
                    found.append((fit(f"  {part}", width, ascii_only=self.ascii_only), line_style))
        return found

    def _sign(self, place: int) -> str:
        return ("> " if self.ascii_only else "▸ ") if place == self.marked else "  "

    def _title_style(self, place: int) -> Style:
        if place == self.marked:
            return self.get_component_rich_style("side-strip--marked")
        tone = self.hints[place].tone
        return self.get_component_rich_style(f"side-strip--{tone if tone in self.TONES else 'title'}")
