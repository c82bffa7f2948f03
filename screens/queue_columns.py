"""The columns of the queue: the clock on the left, then what tells one record from another. Pure; rows come from the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from deskterm.records.schema import Row
from screens.views import FIELDS
from widgets.clock_cell import WIDTH, clock_text
from widgets.columns import Cell, Column

USUAL = FIELDS
"""Fields shown besides clock, priority, number and summary."""
_WIDTHS = {"assignee": 8, "state": 11, "team": 12, "requester": 16, "service": 16, "breach_risk": 5, "affected": 8}
_TITLES = {"assignee": "who", "requester": "caller", "breach_risk": "risk"}
_FIGURES = ("affected", "breach_risk", "contacts", "reassignments", "reopens", "satisfaction")
"""Fields that hold numbers, which stand on the right."""
LIKELY = 50
"""A breach is as likely as not from so many percent on."""
NUMBER = 10
NOBODY = "–"  # noqa: RUF001
NEWS = "◆"
"""Before the summary of a watched record that has changed."""

Typing = Callable[[Row], str]
"""Tells who is typing at a record; empty for nobody."""
News = Callable[[Row], bool]
"""Tells whether a watched record was changed by somebody else since it was last open here."""


def clock_of(row: Row, now: int, *, ascii_only: bool = False) -> Cell:
    """Return the clock of a row as it stands at an instant."""
    state = row.clock_state or ""
    if state == "breached" and row.due_at is None:
        # It was late when it began to wait: both are worth knowing.
        return ("X paused" if ascii_only else "✖ paused", "breach")
    shown = clock_text(
        row.due_at,
        now,
        state=state if state in ("paused", "met", "cancelled") else "running",
        at_risk=state == "at-risk",
        ascii_only=ascii_only,
    )
    return (shown.text, shown.style)


def columns(fields: Sequence[str], typing: Typing, news: News, *, ascii_only: bool = False) -> list[Column[Row]]:
    """Return the columns of a list.

    Args:
        fields: What is shown besides clock, priority, number and summary; empty means the usual.
        typing: Tells who is typing at a record.
        news: Tells what is new to whoever watches it.
        ascii_only: Draw with ASCII only.
    """

    def clock(row: Row, now: int) -> Cell:
        return clock_of(row, now, ascii_only=ascii_only)

    def summary(row: Row, _: int) -> Cell:
        busy = typing(row)
        if busy:
            return (f"{busy} is typing here · {row.title}", "accent")
        return (f"{'*' if ascii_only else NEWS} {row.title}", "strong") if news(row) else row.title

    fixed = [
        Column[Row]("due_at", "due", WIDTH, clock, volatile=True),
        Column[Row]("priority", "P", 1, _priority, align="right"),
        Column[Row]("number", "number", NUMBER, lambda row, _: row.number),
        Column[Row]("summary", "summary", 36, summary, min_width=30, grow=1),
    ]
    shown = [name for name in (fields or USUAL) if name not in ("due_at", "clock_state", "priority", "number", "summary")]
    return fixed + [_field(name, place) for place, name in enumerate(shown, 1)]


def _priority(row: Row, _: int) -> Cell:
    if row.priority is None:
        return ""
    return (str(row.priority), "strong") if row.priority == 1 else str(row.priority)


def _field(name: str, place: int) -> Column[Row]:
    def cell(row: Row, _: int) -> Cell:
        if name == "state":
            return row.state.replace("-", " ").removeprefix("in ")
        text = row.shown.get(name) or ""
        if not text and name == "assignee":
            return (NOBODY, "muted")
        if text and name == "breach_risk":
            return (f"{text} %", "risk" if int(text) >= LIKELY else "")
        return text.splitlines()[0] if text else ""

    align: Literal["left", "right"] = "right" if name in _FIGURES else "left"
    return Column(name, _TITLES.get(name, name.replace("_", " ")), _WIDTHS.get(name, 14), cell, priority=place, align=align)
