"""How a clock came to what it shows: every piece of its time with a running total, and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from deskterm.service_level.explain import Segment
from screens.base import DeskModal
from screens.when import DAYS, day, full, length, local, short
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import fit, visible

if TYPE_CHECKING:
    from deskterm.service_level.clock_views import ClockView
    from screens.session import Session

MOST_LINES = 400
"""Pieces shown; of a clock with more, the first are summed up in one line."""
WAITS = (("an hour", 3_600), ("a day", 86_400), ("a week", 7 * 86_400))
"""How long the record might wait, in seconds: of each the window says when it would be due then."""
_WORDS = {"open": "counts", "paused": "paused", "stopped": "resolved", "closed": "closed", "holiday": "holiday"}


class ExplainModal(DeskModal[None]):
    """The clocks of a record, one at a time.

    | Key | Does |
    | --- | --- |
    | `tab`, `]`, `[` | the next clock, the one before |
    | arrows, `j`, `k` | scroll |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,right_square_bracket,right", "turn(1)", "next clock", id="explain.next", priority=True),
        Binding("left_square_bracket,left", "turn(-1)", "clock before", id="explain.before", priority=True),
        Binding("j,down", "scroll(1)", "down", id="explain.down", show=False, priority=True),
        Binding("k,up", "scroll(-1)", "up", id="explain.up", show=False, priority=True),
        Binding("q,enter,equals_sign", "close", "close", id="explain.close", show=False),
    ]

    DEFAULT_CSS = """
    ExplainModal {
        & > .window { width: 78; height: auto; max-height: 92%; }
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #title { text-style: bold; }
        & #due { margin-top: 1; color: $text-accent; height: auto; }
    }
    """

    def __init__(self, session: Session, number: str, clocks: Sequence[ClockView], *, at: int = 0) -> None:
        """Explain the clocks of a record, one of them first.

        Args:
            session: The session.
            number: The record.
            clocks: Its clocks; at least one.
            at: Which to begin with.
        """
        super().__init__(session)
        self._number, self._clocks, self._at = number, tuple(clocks), at

    def compose(self) -> ComposeResult:
        """Title, pieces, due."""
        with Vertical(classes="window") as window:
            window.border_title = Content(visible(f"Clocks of {self._number}", 70))
            yield Static(id="title", markup=False)
            with VerticalScroll(can_focus=False):
                yield Static(id="pieces", markup=False)
            yield Static(id="due", markup=False)
            yield KeyBar(self._hints(), ascii_only=self.session.ascii_only)

    def _hints(self) -> tuple[KeyHint, ...]:
        more = (KeyHint("tab", f"next clock ({len(self._clocks)})"),) if len(self._clocks) > 1 else ()
        return (*more, KeyHint("esc", "close", keep=True))

    def _show_keys(self, _: object) -> None:
        """The keys do not change while the window stands."""

    def on_mount(self) -> None:
        """Show the first clock."""
        self._show()

    def action_turn(self, step: int) -> None:
        """Show the clock beside."""
        self._at = (self._at + step) % len(self._clocks)
        self._show()

    def action_scroll(self, rows: int) -> None:
        """Scroll the pieces."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def _show(self) -> None:
        clock, ascii_only, tz = self._clocks[self._at], self.session.ascii_only, self.session.tz
        self.query_one("#title", Static).update(Content(visible(title_of(clock, self._number), 200, ascii_only=ascii_only)))
        lines = lines_of(clock.outlook, tz, ascii_only=ascii_only)
        self.query_one("#pieces", Static).update(Content("\n".join(lines)))
        self.query_one("#due", Static).update(Content(visible(due_of(clock, tz), 300, ascii_only=ascii_only)))


def title_of(clock: ClockView, number: str) -> str:
    """Return what is measured, of which record, and by what."""
    target = "" if clock.target_seconds is None else f"  target {length(clock.target_seconds)} h"
    kind = "" if clock.type == "sla" else f"{clock.type.upper()} "
    again = f", run {clock.cycle}" if clock.cycle > 1 else ""
    return f"{kind}{clock.metric.capitalize()} of {number}{target}  ({clock.agreement}: {clock.target}{again})"


def due_of(clock: ClockView, tz: str) -> str:
    """Return how it stands, in one sentence."""
    now = clock.reading.at
    if clock.met_at is not None:
        late = ", late" if clock.breached_at is not None else ""
        return f"met {full(clock.met_at, tz)} after {length(clock.elapsed_seconds)}{late}"
    if clock.state == "cancelled":
        return f"cancelled after {length(clock.elapsed_seconds)}"
    if clock.reading.held_since_at is not None:
        left = "" if clock.remaining_seconds is None else f", {length(clock.remaining_seconds)} left when it goes on"
        return f"paused since {short(clock.reading.held_since_at, now, tz)}{left}"
    if clock.due_at is None:
        return "due: the calendar does not reach so far"
    if clock.due_at <= now:
        return f"was due {full(clock.due_at, tz)}, {length(clock.remaining_seconds or 0).lstrip('−')} over · goes on counting"  # noqa: RUF001
    waits = ", ".join(f"{words}: {_due_after(clock, seconds, tz)}" for words, seconds in WAITS)
    return f"due {full(clock.due_at, tz)} · if pended now for {waits}"


def _due_after(clock: ClockView, seconds: int, tz: str) -> str:
    now = clock.reading.at
    due_at = clock.if_pended(now + seconds)
    return "never" if due_at is None else short(due_at, now, tz)


def lines_of(segments: Sequence[Segment], tz: str, *, ascii_only: bool = False) -> list[str]:
    """Return the pieces as a table: the stretch, what it was, what it counted, the total, why. Days are headings."""
    dash = "-" if ascii_only else "–"  # noqa: RUF001
    rule = "-" if ascii_only else "─"
    # To the second where that is needed for the column to add up, else to the minute.
    exact = any(one.counted_seconds % 60 for one in segments)
    lines = [f" {'':<15}  {'':<8} {'counted':>8} {'in all':>8}"]
    hidden = max(0, len(segments) - MOST_LINES)
    if hidden:
        lines.append(f" {hidden:,} earlier pieces counted {_figure(segments[hidden - 1].running_seconds, exact)}")
    before, ahead = "", False
    for one in segments[hidden:]:
        if one.projected and not ahead:
            lines.append(f" {rule * 2} ahead, if nothing holds it up {rule * 36}")
            ahead = True
        if (today := day(one.from_at, tz)) != before:
            lines.append(today)
            before = today
        counted = _figure(one.counted_seconds, exact) if one.counted_seconds else dash
        what, stretch = fit(_WORDS.get(one.state.value, one.state.value), 8), fit(_stretch(one.from_at, one.to_at, tz, dash), 15)
        reason = "" if one.state.value == "open" else visible(one.reason, 26, ascii_only=ascii_only)
        lines.append(f" {stretch}  {what} {counted:>8} {_figure(one.running_seconds, exact):>8}  {reason}".rstrip())
    return lines


def _figure(seconds: int, exact: bool) -> str:
    return f"{length(seconds)}:{seconds % 60:02}" if exact else length(seconds)


def _stretch(start: int, end: int, tz: str, dash: str) -> str:
    first, last = local(start, tz), local(end, tz)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{DAYS[last.weekday()]} {last:%H:%M}"
    return f"{first:%H:%M}{dash}{until}"
