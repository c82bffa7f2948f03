"""Availability as rows and lines: services with figures and trend, one of them in full, the matrix of impact. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deskterm.clock import parse_instant
from deskterm.fields import show_duration
from screens.scrolled_lines import Line, wrapped
from screens.when import full, short
from widgets.columns import Cell, Column
from widgets.line_bar import Piece
from widgets.safe_text import fit, visible
from widgets.sparkline import spark

if TYPE_CHECKING:
    from fractions import Fraction

    from deskterm.availability.views import MatrixLine, MatrixView, ServiceDetail, ServiceLine
    from deskterm.explanations import Explanation

DAY: Final = 86_400
SHORT_HISTORY: Final = 30 * DAY
"""A prediction that stands on less says so."""
TREND: Final = 14
PANES: Final = ("why", "predicted", "life cycle")
"""What the pane below the services tells."""
BAR: Final = 16
CUT_SETS: Final = 6
"""So many sets of failures that bring a service down together are named."""
WORDS: Final = {"closed": "not agreed time"}


@dataclass(frozen=True, slots=True)
class Span:
    """A period to look at."""

    label: str
    start: int
    end: int

    def told(self, now: int, tz: str) -> str:
        """Return it in words: since when, and until when where that is over."""
        if self.end >= now:
            return f"{self.label}, since {full(self.start, tz)}"
        return f"{self.label}: {full(self.start, tz)} – {full(self.end, tz)}"  # noqa: RUF001


def percent(value: Fraction | float | None) -> str:
    """Return a percentage in at most seven cells, cut so that only what is whole is called 100 %; n/a where there is none."""
    if value is None:
        return "n/a"
    if value >= 100:
        return "100 %"
    hundredths = int(value * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def mark(line: ServiceLine, *, ascii_only: bool) -> Cell:
    """Return how a service stands in one cell: down now, below what was agreed, fine, or without a figure."""
    if line.figures.is_open:
        return "X" if ascii_only else "✖", "breach"
    if line.met is False:
        return "!", "risk"
    if line.figures.availability is None:
        return "?", "muted"
    return " ", ""


def service_columns(*, ascii_only: bool) -> list[Column[ServiceLine]]:
    """Return the columns of the services."""

    def curve(line: ServiceLine, _: int) -> Cell:
        lowest = min((value for value in line.trend if value is not None), default=100.0)
        return spark(line.trend, TREND, low=lowest if lowest < 100 else 0, high=100, ascii_only=ascii_only), "accent"

    def measured(line: ServiceLine, _: int) -> Cell:
        value = line.figures.availability
        return percent(value), "muted" if value is None else "breach" if line.met is False else "good" if line.met else ""

    def down(line: ServiceLine, _: int) -> Cell:
        return show_duration(line.figures.downtime_seconds) if line.figures.downtime_seconds else ("–", "muted")  # noqa: RUF001

    def worst(line: ServiceLine, _: int) -> Cell:
        return f"{line.worst} {show_duration(line.worst_seconds)}" if line.worst else ""

    return [
        Column("mark", "", 1, lambda line, _: mark(line, ascii_only=ascii_only)),
        Column("name", "service", 24, lambda line, _: line.name, min_width=12, grow=1),
        Column("available", "available", 9, measured, align="right"),
        Column("without", "unplanned", 9, lambda line, _: percent(line.figures.availability_excluding_planned), align="right"),
        Column("agreed", "agreed", 7, lambda line, _: _agreed(line), align="right", priority=1),
        Column("down", "down", 9, down, align="right"),
        Column("outages", "times", 5, lambda line, _: str(line.figures.outages or ""), align="right", priority=4),
        Column("trend", "trend", TREND, curve, priority=3),
        Column("worst", "mostly through", 26, worst, min_width=14, priority=2),
    ]


def _agreed(line: ServiceLine) -> Cell:
    return ("", "muted") if line.objective is None else f"{line.objective:g} %"


def matrix_columns(found: MatrixView, width: int) -> list[Column[MatrixLine]]:
    """Return the columns of the matrix: as many services as fit, each under the first letters of its name."""
    room = max(0, width - 48)
    cell = 9
    shown = min(len(found.services), room // (cell + 1))

    def of(place: int) -> Callable[[MatrixLine, int], Cell]:
        def read(line: MatrixLine, _: int) -> Cell:
            letter = line.cells[place]
            return (letter, "breach" if letter == "X" else "accent") if letter else ("·", "muted")

        return read

    return [
        Column("name", "CI", 24, lambda line, _: line.name, min_width=16, grow=1),
        Column("breaks", "breaks", 6, lambda line, _: (str(line.breaks), "strong") if line.breaks else "", align="right"),
        Column("weakens", "weakens", 7, lambda line, _: str(line.weakens or ""), align="right"),
        *(Column(f"s{place}", visible(found.services[place], cell), cell, of(place), align="right") for place in range(shown)),
    ]


def impact_lines(line: MatrixLine, services: Sequence[str], width: int, *, ascii_only: bool) -> list[Line]:
    """Return which services one CI of the matrix bears on, by their whole names."""
    name = visible(line.name, 40, ascii_only=ascii_only)
    lines: list[Line] = [[Piece(f" {name}", "strong"), Piece(f"  {line.number}", "muted")]]
    for mark, said, style in (("X", "alone brings down", "breach"), ("A", "an alternative takes over for", "")):
        marked = (service for service, cell in zip(services, line.cells, strict=True) if cell == mark)
        names = ", ".join(visible(service, 60, ascii_only=ascii_only) for service in marked)
        if names:
            lines += [[Piece(f" {text}", style)] for text in wrapped(f"{said}: {names}", max(20, width - 2))]
    return lines


def detail_lines(found: ServiceDetail, pane: str, now: int, tz: str, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the lines of the pane."""
    head = [Piece(f" {visible(found.line.name, 40)}", "strong"), Piece(f"  {pane}   v next page", "muted")]
    body = {"why": _why, "predicted": _predicted, "life cycle": _life_cycle}[pane]
    return [head, *body(found, now, tz, width, ascii_only)]


def _why(found: ServiceDetail, now: int, tz: str, width: int, ascii_only: bool) -> list[Line]:
    figures = found.line.figures
    lines: list[Line] = []
    total = figures.downtime_seconds
    told = [f"agreed {show_duration(figures.agreed_seconds)}", f"down {show_duration(total)}"]
    told += [f"planned {show_duration(figures.planned_seconds)}"] if figures.planned_seconds else []
    told += [f"unknown {show_duration(figures.unknown_seconds)}"] if figures.unknown_seconds else []
    mtrs, mtbf = figures.mtrs_seconds, figures.mtbf_seconds
    if mtrs is None or mtbf is None:
        told.append("no failures" if figures.agreed_seconds else "no agreed time: n/a")
    else:
        told += [f"MTRS {show_duration(round(mtrs))}", f"MTBF {show_duration(round(mtbf))}"]
    lines.append([Piece(f" {line}") for line in (" · ".join(told),)])
    if found.vital:
        lines.append([Piece(f" vital: {visible(', '.join(found.vital), max(10, width - 10))}", "muted")])
    block = "#" if ascii_only else "█"
    for share in found.shares[:8]:
        bar = block * max(1, round(BAR * share.seconds / total)) if total else ""
        name = fit(visible(share.name, 24, ascii_only=ascii_only), 24)
        how = f"  {share.how}" if share.how else ""
        lines.append([Piece(f" {fit(share.number, 10)} {name} "), Piece(fit(bar, BAR), "breach"),
                      Piece(f" {show_duration(share.seconds)}{how}")])  # fmt: skip
    lines += _outages(found, now, tz, width, ascii_only)
    return lines


def _outages(found: ServiceDetail, now: int, tz: str, width: int, ascii_only: bool) -> list[Line]:
    lines: list[Line] = []
    for one in found.outages:
        lasted = show_duration((now if one.end is None else one.end) - one.start)
        style = "muted" if one.state != "down" or one.cause == "planned" else ""
        goes_on = ", goes on" if one.end is None else ""
        what = f" {fit(short(one.start, now, tz), 12)} {lasted:>8}{goes_on}  {one.state}, {one.cause}  "
        room = max(8, width - len(what) - 12)
        lines.append([Piece(f" {fit(one.number, 10)}", "muted"), Piece(what, style),
                      Piece(visible(one.name, room, ascii_only=ascii_only), style)])  # fmt: skip
    return lines or [[Piece(" Nothing that it needs failed in this period.", "muted")]]


def _predicted(found: ServiceDetail, now: int, tz: str, width: int, ascii_only: bool) -> list[Line]:
    measured = percent(found.line.figures.availability_excluding_planned)
    if found.withheld:
        told = wrapped(f"not predicted: {found.withheld}", max(20, width - 2))
        lines: list[Line] = [[Piece(f" {line}", "muted")] for line in told]
        if not found.single_points and not found.cut_sets:
            return lines
    else:
        known = f"{found.known_parts} of {found.parts} parts known"
        said = f" predicted {percent(found.predicted)}, measured {measured} without planned work"
        lines = [[Piece(said), Piece(f" · {known}", "muted")]]
        if found.shortest_seconds is not None and found.shortest_seconds < SHORT_HISTORY:
            history = f" careful: the shortest history that it stands on is of {found.shortest_seconds / DAY:.1f} days"
            lines.append([Piece(history, "risk")])
    points = ", ".join(found.single_points)
    text = f"single points of failure: {points}" if points else "no single point of failure"
    lines += [[Piece(f" {visible(line, width, ascii_only=ascii_only)}", "risk" if points else "good")]
              for line in wrapped(text, max(20, width - 2))]  # fmt: skip
    for one in found.cut_sets[:CUT_SETS]:
        lines.append([Piece(f" together: {visible(' + '.join(one), max(20, width - 12), ascii_only=ascii_only)}")])
    if len(found.cut_sets) > CUT_SETS:
        lines.append([Piece(f" … and {len(found.cut_sets) - CUT_SETS:,} more", "muted")])
    lines.append([Piece(" fault tree: what brings it down, how likely each is at any instant", "muted")])
    lines += [[Piece(f"  {visible(line, max(20, width - 3), ascii_only=ascii_only)}")] for line in found.tree]
    return lines


def _life_cycle(found: ServiceDetail, now: int, tz: str, width: int, ascii_only: bool) -> list[Line]:
    spent = found.spent
    if not spent.total:
        said = "No incident that tells of its downtime has stamps in this period: occurred, detected, diagnosed, …"
        return [[Piece(f" {line}", "muted")] for line in wrapped(said, max(20, width - 2))]
    block = "#" if ascii_only else "█"
    count = "1 incident" if spent.incidents == 1 else f"{spent.incidents} incidents"
    lines: list[Line] = [[Piece(f" where the time went, {count}, {show_duration(spent.total)} together")]]
    for phase, seconds in spent.seconds.items():
        share = seconds / spent.total
        bar = fit(block * round(2 * BAR * share), 2 * BAR)
        lines.append([Piece(f" {phase:<12}"), Piece(bar, "accent"), Piece(f" {share:4.0%} {show_duration(seconds):>9}")])
    lines.append([Piece(" a stamp that nobody gave leaves its time to the next phase", "muted")])
    return lines


def spans(now: int, midnight: Callable[[int, int], int]) -> Sequence[Span]:
    """Return the periods to choose from.

    Args:
        now: the present.
        midnight: returns when the month began that is so many months away.
    """
    past = [("24 hours", 1), ("7 days", 7), ("30 days", 30), ("90 days", 90), ("365 days", 365)]
    months = [Span("this month", midnight(now, 0), now), Span("last month", midnight(now, -1), midnight(now, 0))]
    return [*(Span(label, now - days * DAY, now) for label, days in past), *months]


def explained(found: Explanation, now: int, tz: str, width: int) -> str:
    """Return the stretches behind a percentage, or what an outage took along, in lines of at most so many cells."""
    part, data = found.parts[0], found.data["availability"]
    lines = [*wrapped(part.title, width), ""]
    if "segments" in data:
        lines.append("from         until        state           counted     total")
        for one in data["segments"]:
            ends = [fit(short(parse_instant(one[end]), now, tz), 12) for end in ("from", "to")]
            counted = f"{show_duration(one['counted_seconds']):>8}  {show_duration(one['running_seconds']):>8}"
            lines.append(f"{ends[0]} {ends[1]} {fit(WORDS.get(one['state'], one['state']), 15)} {counted}")
            what = ", ".join(root["name"] for root in one["roots"])
            lines += _hung("    ", f"{what} ({', '.join(one['records'])})", width)
    else:
        lines.append("number     agreed then  down then  planned  its share  what")
        for one in data["reached"]:
            shown = [show_duration(one[name]) for name in ("agreed_seconds", "downtime_seconds", "planned_seconds")]
            share = show_duration(one["attributed_seconds"])
            head = f"{fit(one['number'], 10)} {shown[0]:>11}  {shown[1]:>9}  {shown[2]:>7}  {share:>9}  "
            lines += _hung(head, one["name"], width)
    return "\n".join(lines)


def _hung(head: str, text: str, width: int) -> list[str]:
    first, *rest = wrapped(text, max(12, width - len(head))) or [""]
    return [f"{head}{first}", *(" " * len(head) + line for line in rest)]
