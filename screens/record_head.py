"""The head of a record: number and summary, state and priority with its reason, who else is there, and its clocks as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from screens.when import length, short
from widgets.bar import bar_pieces
from widgets.line_bar import LineBar, Piece
from widgets.row_painter import paint
from widgets.safe_text import fit

if TYPE_CHECKING:
    from deskterm.kinds import Kind
    from deskterm.records.schema import RecordView
    from deskterm.service_level.clock_views import ClockView

MOST_CLOCKS = 3
"""Bars shown; `=` shows all."""
LABEL, NOTE = 12, 42
CLOSE_SECONDS = 15 * 60


class RecordHead(LineBar):
    """Two lines of words and a bar for each clock that counts."""

    DEFAULT_CSS = """
    RecordHead { height: auto; }
    """

    company: reactive[str] = reactive("")
    """Who else is there, in words."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Show nothing yet."""
        super().__init__(ascii_only=ascii_only, id=id)
        self._view: RecordView | None = None
        self._kind: Kind | None = None
        self._clocks: tuple[ClockView, ...] = ()
        self._now, self._tz = 0, "UTC"

    def show(self, view: RecordView, kind: Kind, *, now: int, tz: str) -> None:
        """Show a record as it was just read."""
        self._view, self._kind, self._now, self._tz = view, kind, now, tz
        clocks: Sequence[ClockView] = view.clocks
        running = [clock for clock in clocks if not clock.reading.is_over]
        self._clocks = tuple(running or clocks)[:MOST_CLOCKS]
        self.refresh(layout=True)

    def pass_time(self, now: int) -> None:
        """Let the clocks run: by the minute, by the second where one is close."""
        from deskterm.service_level.rules import read_clock

        close = any(0 <= (clock.remaining_seconds or CLOSE_SECONDS) < CLOSE_SECONDS for clock in self._clocks)
        if self._clocks and now != self._now and (close or now // 60 != self._now // 60):
            self._clocks = tuple(replace(one, reading=read_clock(one.policy, one.history, now)) for one in self._clocks)
            self._now = now
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there is to say."""
        return 2 + len(self._clocks)

    def render_line(self, y: int) -> Strip:
        """Paint one line of the head."""
        width, plain = self.size.width, self.rich_style
        lines = self.lines(width)
        if y >= len(lines):
            return Strip.blank(width, plain)
        return paint([(piece.text, self._style(piece.style)) for piece in lines[y]], width, plain)

    def pieces(self, width: int) -> list[Piece]:
        """The first line."""
        return self.lines(width)[0]

    def lines(self, width: int) -> list[list[Piece]]:
        """The head at a width."""
        view = self._view
        if view is None or self._kind is None:
            return [[Piece(" Loading" + ("~" if self.ascii_only else "…"), "muted")]]
        first = [
            Piece(f" {view.number} ", "accent"),
            Piece(fit(view.title, width - cell_len(view.number) - 3, ascii_only=self.ascii_only), "strong"),
        ]
        return [first, self._stand(view, self._kind, width), *(self._clock(clock, width) for clock in self._clocks)]

    def _stand(self, view: RecordView, kind: Kind, width: int) -> list[Piece]:
        dot = " - " if self.ascii_only else " · "
        state = next((one.title for one in kind.workflow.states if one.name == view.state), view.state)
        pieces = [Piece(f" {state}", "strong")]
        if view.values.get("pending_reason"):
            pieces.append(Piece(f", waits for {view.values['pending_reason']}", "paused"))
        if why := priority_words(kind, view.values):
            pieces.append(Piece(f"{dot}{why}"))
        if "assignee" in kind.all_fields:
            assignee = view.values.get("assignee")
            who = view.names[assignee].title if assignee is not None and assignee in view.names else "nobody"
            pieces.append(Piece(f"{dot}{self.clean(who, 16)}", "" if assignee is not None else "soon"))
        if self.company:
            text = self.clean(self.company, 40)
            gap = max(1, width - sum(cell_len(piece.text) for piece in pieces) - cell_len(text) - 1)
            pieces += [Piece(" " * gap), Piece(text, "risk")]
        return pieces

    def _clock(self, clock: ClockView, width: int) -> list[Piece]:
        target, used = clock.target_seconds or 0, clock.elapsed_seconds
        tone = _tone(clock)
        note = clock_note(clock, self._now, self._tz)
        bar = max(4, width - LABEL - NOTE - 3)
        label = fit(clock.metric if clock.type == "sla" else f"{clock.type} {clock.metric}", LABEL, ascii_only=self.ascii_only)
        pieces = bar_pieces(used, target, bar, style=tone, ascii_only=self.ascii_only)
        return [
            Piece(f" {label} "),
            *pieces,
            Piece(f" {fit(note, NOTE, ascii_only=self.ascii_only)}", "breach" if tone == "breach" else ""),
        ]


def _tone(clock: ClockView) -> str:
    if clock.met_at is not None:
        return "good"
    if clock.breached_at is not None:
        return "breach"
    if clock.reading.held_since_at is not None:
        return "paused"
    return "risk" if clock.reading.crossed() else "good"


def clock_note(clock: ClockView, now: int, tz: str) -> str:
    """Return how a clock stands in a few words: `2:00 of working time left · due Tue 08:35`.

    Lists count to the due instant by the wall clock. Where nights or holidays make the two differ, it is said which this is.
    """
    if clock.met_at is not None:
        return f"met {short(clock.met_at, now, tz)}{' late' if clock.breached_at is not None else ''}"
    if clock.state == "cancelled":
        return "cancelled"
    left = clock.remaining_seconds
    if clock.reading.held_since_at is not None:
        return f"paused · {length(left)} of working time left" if left is not None and left >= 0 else "paused, too late already"
    if clock.due_at is None or left is None:
        return f"{length(clock.elapsed_seconds)} of working time used"
    sort = "" if abs(clock.due_at - now - left) < 60 else "of working time "
    if left < 0:
        return f"{length(-left)} {sort}over · was due {short(clock.due_at, now, tz)}"
    seconds = f"{left // 60}:{left % 60:02} min" if left < CLOSE_SECONDS else length(left)
    return f"{seconds} {sort}left · due {short(clock.due_at, now, tz)}"


def priority_words(kind: Kind, values: Mapping[str, object]) -> str:
    """Return the priority and why it is that; empty where there is none."""
    priority = values.get("priority")
    if priority is None:
        return ""
    if values.get("priority_reason"):
        return f"priority {priority}, set by hand: {values['priority_reason']}"
    told = []
    for name in ("impact", "urgency"):
        item, level = kind.all_fields.get(name), values.get(name)
        labels: tuple[str, ...] = getattr(item.type, "labels", ()) if item is not None else ()
        if isinstance(level, int) and 1 <= level <= len(labels):
            told.append(f"{name} {labels[level - 1]}")
    return f"priority {priority} ({', '.join(told)})" if told else f"priority {priority}"
