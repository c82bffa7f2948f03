"""The forward schedule of change as rows with a bar on a scale of time, and what it does to services. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from deskterm.fields import show_duration
from screens.when import DAYS, clock_time, day, local
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.change.schema import ForwardSchedule, FrostSlot, Projection, Slot

DAY = 86_400
SPANS = (DAY, 3 * DAY, 7 * DAY, 14 * DAY, 28 * DAY)
"""What the calendar shows at once, from the nearest to the widest view."""
WORDS = ("a day", "three days", "a week", "two weeks", "four weeks")
WAITING = ("submitted", "assessing")
OVER = ("review", "closed")
BARS = {"waiting": ("░", "."), "decided": ("█", "#"), "running": ("▓", "="), "over": ("▁", "_"), "freeze": ("▒", "x")}
"""How a stretch of the bar is drawn, and that in ASCII: what was asked for, decided, begun, is over, or is frozen."""
NOW, NOTHING = ("┊", "|"), ("·", " ")
TITLE = 26
"""Cells of a summary beside a bar where there is room."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the calendar: a change or a freeze."""

    number: str
    title: str
    start: int
    end: int
    sort: str
    """A key of `BARS`."""
    detail: str
    """What is told of it below the list."""
    conflicts: tuple[str, ...] = ()


Plan: TypeAlias = "tuple[PlanLine, ...]"


def plan_lines(found: ForwardSchedule, tz: str) -> Plan:
    """Return the lines of a schedule: freezes first, for they hold for what stands below."""
    return (*(_frost(one, tz) for one in found.freezes), *(_slot(one, tz) for one in found.slots))


def _frost(one: FrostSlot, tz: str) -> PlanLine:
    return PlanLine(
        one.number, one.title, one.start, one.end, "freeze", f"{stretch(one.start, one.end, tz)} · freezes {one.covers}"
    )


def _slot(one: Slot, tz: str) -> PlanLine:
    waiting, over = one.state in WAITING, one.state in OVER
    sort = "waiting" if waiting else "over" if over else "running" if one.state == "implementing" else "decided"
    parts = [
        stretch(one.start, one.end, tz), one.state.replace("-", " "), one.type,
        f"risk {one.risk_level.replace('-', ' ')}" if one.risk_level else "", one.assignee, ", ".join(one.cis),
    ]  # fmt: skip
    return PlanLine(one.number, one.title, one.start, one.end, sort, " · ".join(part for part in parts if part), one.conflicts)


def stretch(start: int, end: int, tz: str) -> str:
    """Return from when until when: `Mon 23 Nov 22:00 to 02:00`, with the day of the end where it is another one."""
    until = clock_time(end, tz)
    if day(start, tz) != day(end, tz):
        until = f"{DAYS[local(end, tz).weekday()]} {until}" if end - start < 6 * DAY else f"{day(end, tz)} {until}"
    return f"{day(start, tz)} {clock_time(start, tz)} to {until}"


def bar(line: PlanLine, from_at: int, span: int, width: int, now: int, *, ascii_only: bool = False) -> str:
    """Return a line's bar: each cell stands for `span / width` seconds, and however short something is, it fills one cell."""
    plain = int(ascii_only)
    cells = []
    for place in range(width):
        start, end = from_at + span * place // width, from_at + span * (place + 1) // width
        if line.start < end and line.end > start:
            cells.append(BARS[line.sort][plain])
        else:
            cells.append(NOW[plain] if start <= now < end else NOTHING[plain])
    return "".join(cells)


def scale(from_at: int, span: int, width: int, tz: str) -> str:
    """Return the heading above the bars: days, or hours where a day is all there is; each label begins where it is true."""
    cells = [" "] * width
    free = 0
    short = width * DAY < 7 * span
    for at, label in _ticks(from_at, span, tz, short=short):
        place = (at - from_at) * width // span
        if place >= free and place + len(label) <= width:
            cells[place : place + len(label)] = label
            free = place + len(label) + 1
    return "".join(cells).rstrip()


def _ticks(from_at: int, span: int, tz: str, *, short: bool) -> list[tuple[int, str]]:
    if span <= DAY:
        return [(from_at + hour * 3_600, clock_time(from_at + hour * 3_600, tz)) for hour in range(0, 24, 4)]
    found, midnight = [], local(from_at, tz).replace(hour=0, minute=0, second=0)
    while midnight.timestamp() < from_at + span:
        at = int(midnight.timestamp())
        if at >= from_at:
            name = DAYS[midnight.weekday()][: 2 if short else 3]
            found.append((at, f"{name} {midnight.day}" if span <= 14 * DAY else str(midnight.day)))
        midnight += timedelta(days=1)
    return found


def beginning(at: int, tz: str) -> int:
    """Return the midnight with which the day of an instant begins, where the person is."""
    return int(local(at, tz).replace(hour=0, minute=0, second=0).timestamp())


def plan_columns(from_at: int, span: int, width: int, now: int, tz: str, *, ascii_only: bool = False) -> list[Column[PlanLine]]:
    """Return the columns of the calendar for a list of so many cells."""
    title = TITLE if width >= 100 else 14
    cells = max(10, width - 10 - title - 8)

    def sign(line: PlanLine, _: int) -> Cell:
        return ("!", "risk") if line.conflicts else ""

    def drawn(line: PlanLine, _: int) -> Cell:
        style = {"freeze": "risk", "waiting": "muted", "over": "muted", "running": "strong"}.get(line.sort, "accent")
        return bar(line, from_at, span, cells, now, ascii_only=ascii_only), style

    return [
        Column("number", "number", 10, lambda line, _: line.number),
        Column("sign", "", 1, sign),
        Column("title", "what", title, lambda line, _: line.title, min_width=8, grow=0),
        Column("bar", scale(from_at, span, cells, tz), cells, drawn),
    ]


def in_full(line: PlanLine) -> tuple[tuple[str, str], ...]:
    """Return what is told of a line below the list."""
    clash = ((f"! shares a CI with {', '.join(line.conflicts)} at the same time", "risk"),) if line.conflicts else ()
    return ((f"{line.number} {line.title}", "strong"), (line.detail, "muted"), *clash)


def service_columns(*, ascii_only: bool = False) -> list[Column[Projection]]:
    """Return the columns of projected service availability."""
    sign = "X" if ascii_only else "✖"

    def state(one: Projection, _: int) -> Cell:
        return (f"{sign} down", "breach") if one.down_seconds else ("! limps", "risk")

    return [
        Column("state", "will be", 7, state),
        Column("service", "service", 24, lambda one, _: one.service, min_width=12, grow=1),
        Column("criticality", "criticality", 11, lambda one, _: (one.criticality, "muted"), priority=3),
        Column("down", "down", 8, lambda one, _: _length(one.down_seconds), align="right"),
        Column("degraded", "limping", 8, lambda one, _: _length(one.degraded_seconds), align="right", priority=2),
        Column("availability", "projected", 10, lambda one, _: f"{one.availability:.3f} %", align="right"),
        Column("outages", "times", 5, lambda one, _: str(len(one.outages) or ""), align="right", priority=1),
    ]


def _length(seconds: int) -> Cell:
    return show_duration(seconds) if seconds else ("none", "muted")


def outages_in_full(one: Projection, tz: str, most: int) -> tuple[tuple[str, str], ...]:
    """Return when a service is down, and by which changes, at most so many lines."""
    lines = [(one.service, "strong")]
    lines += [(f"{stretch(start, end, tz)} by {', '.join(numbers)}", "muted") for start, end, numbers in one.outages[: most - 1]]
    if not one.outages:
        lines.append(("stays up: a spare takes over, or only something that it merely uses is away", "muted"))
    return tuple(lines)
