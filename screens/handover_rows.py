"""The lines of a handover as rows, and one line in full. Pure; what they say comes from the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.when import short
from widgets.clock_cell import WIDTH, clock_text
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.line_bar import LineBar, Piece, spread

if TYPE_CHECKING:
    from deskterm.service_desk.handover_schema import HandoverView, Line

WHAT = {
    "urgent": "urgent", "due": "due", "pending": "wait ends", "change": "change", "outage": "outage", "unnoted": "no note",
    "announcement": "announced", "note": "note",
}  # fmt: skip
"""A word for each section."""
SIGNS = {"open": ("·", "."), "acknowledged": ("✓", "x"), "reassigned": ("→", ">")}
"""Glyph for how a line stands, and that in ASCII."""
TONES = {"open": "risk", "acknowledged": "good", "reassigned": "accent"}


class Lines(FixedList["Line"]):
    """The lines; `space` answers instead of marking."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "answer", "acknowledge", id="handover.know", show=False)]

    class Answered(Message):
        """The person knows about the line under the cursor."""

    def action_answer(self) -> None:
        """Say that the line is acknowledged."""
        self.post_message(self.Answered())


def columns(tz: str, *, ascii_only: bool = False) -> list[Column[Line]]:
    """Return the columns of the lines."""
    plain = int(ascii_only)

    def clock(line: Line, now: int) -> Cell:
        due_at = line.facts.get("due_at")
        if due_at is None or line.state_now in ("resolved", "closed", "cancelled"):
            return ""
        shown = clock_text(due_at, now, ascii_only=ascii_only)
        return shown.text, shown.style

    def answer(line: Line, now: int) -> Cell:
        if line.state == "reassigned":
            return f"to {line.receiver}", "accent"
        return (line.answered_by, "muted") if line.is_answered else ""

    return [
        Column("due_at", "due", WIDTH, clock, volatile=True),
        Column("sign", "", 1, lambda line, _: (SIGNS[line.state][plain], TONES[line.state])),
        Column("what", "what", 9, lambda line, _: (WHAT.get(line.section, line.section), "muted"), priority=3),
        Column("priority", "P", 1, lambda line, _: _priority(line), align="right", priority=1),
        Column("number", "number", 10, lambda line, _: line.number or ""),
        Column("text", "line", 40, lambda line, _: line.text, min_width=30, grow=1),
        Column("had", "had it", 8, lambda line, _: str(line.facts.get("assignee") or ""), priority=4),
        Column("answer", "answer", 12, answer, min_width=8, priority=2),
    ]


def _priority(line: Line) -> Cell:
    found = line.facts.get("priority")
    return "" if found is None else (str(found), "strong") if found == 1 else str(found)


class HandoverHead(LineBar):
    """Who hands over to whom, and how far it has come."""

    view: HandoverView | None = None
    now = 0
    tz = "UTC"

    def pieces(self, width: int) -> list[Piece]:
        """State and signatures on the left, progress on the right."""
        view = self.view
        if view is None:
            return []
        words = {"handed-over": "handed over", "open": "not signed yet"}
        said = [
            Piece(f" {words.get(view.state, view.state)}", "strong"),
            Piece(f"  {self._lead(view.outgoing, view.outgoing_signed_at)} {'->' if self.ascii_only else '→'} "),
            Piece(self._lead(view.incoming, view.incoming_signed_at)),
        ]
        done, total = view.answered, len(view.lines)
        tone = "good" if done == total else "risk" if view.state == "handed-over" else "muted"
        return spread(said, [Piece(f"{done} of {total} answered ", tone)], width)

    def _lead(self, name: str, at: int | None) -> str:
        signed = f", {short(at, self.now, self.tz)}" if at else ""
        mark = (" signed" if self.ascii_only else " ✓") if at else ""
        return f"{self.clean(name, 14) or 'nobody yet'}{mark}{signed}"


def in_full(line: Line, details: str, answer: str) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a line.

    Args:
        line: The line.
        details: What stood when the shift was closed, in words.
        answer: What was done with it, in words.
    """
    head = f"{line.number} {line.text}" if line.number else line.text
    lines = [(head, "strong")]
    if details:
        lines.append((f"then: {details}", ""))
    if line.state_now:
        now = line.state_now.replace("-", " ") + (f", {line.assignee_now} has it" if line.assignee_now else ", nobody has it")
        lines.append((f"now:  {now}", "accent" if line.moved else "muted"))
    if answer:
        lines.append((answer, TONES[line.state] if line.is_answered else "muted"))
    return tuple(lines)
