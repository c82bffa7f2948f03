"""The lists of the service-level board: the most urgent clocks, the teams, the agreements. Pure; rows come from the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from widgets.clock_cell import MINUTE, WIDTH, clock_text
from widgets.columns import Cell, Column
from widgets.sparkline import spark

if TYPE_CHECKING:
    from deskterm.service_level.attainment import AgreementHealth
    from deskterm.service_level.board import TeamLoad, Urgent

NOBODY = "–"  # noqa: RUF001
SPARK, SHORT_SPARK = 14, 8
"""Cells of a curve: one for each day, and fewer where there is no room."""
HALF = 50.0
"""The share in time at the foot of a curve: what lies below is bad enough to be drawn alike."""


def urgent_columns(fresh: Callable[[int], bool], *, ascii_only: bool = False) -> list[Column[Urgent]]:
    """Return the columns of the most urgent clocks.

    Args:
        fresh: Whether a record, by its id, has crossed a threshold lately: its line is marked.
        ascii_only: Draw with ASCII only.
    """
    mark = "*" if ascii_only else "◆"

    def clock(row: Urgent, now: int) -> Cell:
        shown = clock_text(row.due_at, now, at_risk=row.clock_state == "at-risk", ascii_only=ascii_only)
        return shown.text, shown.style

    return [
        Column("due_at", "due", WIDTH, clock, volatile=True),
        Column("fresh", "", 1, lambda row, _: (mark, "breach") if fresh(row.id) else ""),
        Column("priority", "P", 1, lambda row, _: _priority(row.priority), align="right"),
        Column("number", "number", 10, lambda row, _: row.number),
        Column("summary", "summary", 40, lambda row, _: _title(row, fresh), min_width=34, grow=1),
        Column("who", "who", 8, lambda row, _: row.assignee or (NOBODY, "muted"), priority=1),
        Column("team", "team", 12, lambda row, _: row.team or (NOBODY, "muted"), priority=2),
        Column("state", "state", 9, lambda row, _: (row.state.replace("-", " ").removeprefix("in "), "muted"), priority=3),
    ]


def _title(row: Urgent, fresh: Callable[[int], bool]) -> Cell:
    return (row.title, "strong") if fresh(row.id) else row.title


def _priority(priority: int | None) -> Cell:
    return "" if priority is None else (str(priority), "strong") if priority == 1 else str(priority)


def team_columns(*, ascii_only: bool = False) -> list[Column[TeamLoad]]:
    """Return the columns of the teams; their clock goes by the minute."""

    def clock(row: TeamLoad, now: int) -> Cell:
        # Cut to the minute: the seconds stand in the list of the most urgent, and each would cost bytes a second time.
        shown = clock_text(row.due_at, now, ascii_only=ascii_only)
        left = None if row.due_at is None else row.due_at - now
        if left is not None and 0 <= left < 15 * MINUTE:
            return f"{shown.text[:1]} 0:{left // MINUTE:02}", shown.style
        return shown.text, shown.style

    def count(place: int) -> Callable[[TeamLoad, int], Cell]:
        return lambda row, _: str(row.by_priority[place]) if row.by_priority[place] else ("·", "muted")

    loads = [
        Column(f"p{place + 1}", f"P{place + 1}" + ("+" if place == 3 else ""), 3, count(place), align="right", priority=0)
        for place in range(4)
    ]
    return [
        Column("due_at", "oldest", WIDTH, clock, volatile=True),
        Column("team", "team", 14, lambda row, _: row.team or ("no team", "muted"), min_width=7, grow=1),
        *loads,
        Column("open", "open", 4, lambda row, _: (str(row.open), "strong"), align="right"),
        Column("breached", "late", 4, lambda row, _: _late(row.breached), align="right", priority=1),
        Column("unassigned", "free", 4, lambda row, _: str(row.unassigned or "") or ("·", "muted"), align="right", priority=2),
    ]  # fmt: skip


def _late(count: int) -> Cell:
    return (str(count), "breach") if count else ("·", "muted")


def agreement_columns(*, narrow: bool = False, ascii_only: bool = False) -> list[Column[AgreementHealth]]:
    """Return the columns of the agreements: today's share in time, how fast the budget burns, a curve of the days."""
    cells = SHORT_SPARK if narrow else SPARK

    def curve(row: AgreementHealth, _: int) -> Cell:
        # Of availability a day at the foot of the curve spent five times what was agreed for it.
        low = HALF if row.unit == "clocks" or row.objective is None else 100 - 5 * (100 - row.objective)
        return spark(row.days.percent, cells, low=max(0.0, low), high=100, ascii_only=ascii_only), "accent"

    return [
        Column("name", "agreement", 16, lambda row, _: row.name, min_width=9, grow=1),
        Column("today", "today", 6, lambda row, _: _percent(row.days.today, row.objective), align="right"),
        Column("burn", "burn", 5, _burn, align="right", priority=1),
        Column("period", "14 d", 6, lambda row, _: _percent(row.days.period, row.objective), align="right", priority=3),
        Column("curve", "by day", cells, curve, priority=2),
    ]


def percent(value: float | None) -> str:
    """Return a percentage in at most five cells, cut so that only what is whole is called 100 %; n/a where there is none."""
    if value is None:
        return "n/a"
    return "100 %" if value >= 100 else f"{int(value * 10) / 10:.1f}%" if value > 0 else "0 %"


def _percent(value: float | None, objective: float | None) -> Cell:
    if value is None:
        return "n/a", "muted"
    # Without an agreed share nothing is said by colour: there is nothing to judge by.
    return percent(value), "" if objective is None else "good" if value >= objective else "breach"


def _burn(row: AgreementHealth, _: int) -> Cell:
    rate = row.burn_rate
    if rate is None:
        return "n/a", "muted"
    shown = f"{min(rate, 99.9):.1f}x"
    return shown, "breach" if rate > 2 else "risk" if rate > 1 else ""
