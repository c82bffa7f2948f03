"""One resource: a chart of what was used with forecast, band and thresholds; what was installed when, what was foretold."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import DeskError, NotFound
from screens import capacity_flows, keys
from screens import ticket_flows as flows
from screens.capacity_rows import SIGNS, amount, date_of, days, figure, order, short_figure
from screens.messages import DeskChanged
from screens.permitted import PermittedScreen
from screens.scrolled_lines import Line, ScrolledLines, wrapped
from screens.ticket import Target, TicketScreen
from widgets.chart import Chart, ChartData, Expected, Mark
from widgets.line_bar import LineBar, Piece
from widgets.row_painter import split_cell

if TYPE_CHECKING:
    from deskterm.capacity.outlook import Outlook
    from deskterm.capacity.picture import Picture
    from screens.session import Session

FRESH_SECONDS: Final = 60
CONCERNS: Final = frozenset({"resource", "incident", "change"})
NO_SAMPLES: Final = "No sample was told yet.\nm tells one; imports bring many: deskterm import samples FILE"


class ResourceHead(LineBar):
    """Level, what is used, and by when to act."""

    found: Outlook | None = None
    tz = "UTC"

    def pieces(self, width: int) -> list[Piece]:
        """Left what is, right what is to be done."""
        one = self.found
        if one is None:
            return []
        sign, plain, style = SIGNS[one.level]
        used = "n/a" if one.used_percent is None else f"{one.used_percent:.1f} % used"
        installed = "" if one.capacity is None else f" of {short_figure(one.capacity)}"
        said = [
            Piece(f" {plain if self.ascii_only else sign} {one.level}", style),
            Piece(f"  {self.clean(f'{short_figure(one.latest)}{installed} {one.unit}'.rstrip(), 40)}", "strong"),
            Piece(f"  {used}", ""),
        ]
        text, tone = split_cell(order(one, self.tz))
        due = text if text.startswith("now") else f"by {text}"
        ahead = [Piece(f"order {due} ", tone or "strong")] if text else []
        if one.forecast.seconds_left is not None:
            ahead.insert(0, Piece(f"{days(one.forecast.seconds_left)} days left  ", tone))
        used_cells = sum(len(piece.text) for piece in (*said, *ahead))
        return [*said, Piece(" " * max(1, width - used_cells)), *ahead]


class ResourceScreen(PermittedScreen[None], TicketScreen):
    """Head, chart, facts."""

    CSS_PATH = "capacity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("resource",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("resource")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = (
        ("⠒ *", "measured: samples, or means of hours or days where there are many"),
        ("░ :", "where nine of ten samples are expected"),
        ("╌ -", "a threshold"),
        ("━ =", "what was installed when"),
    )

    head = query_one("#head", ResourceHead)
    chart = query_one("#chart", Chart)
    facts = query_one("#facts", ScrolledLines)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of a resource."""
        super().__init__(session)
        self.number = number
        self.found: Picture | None = None
        self.span = 0
        self._read_at = 0

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield ResourceHead(ascii_only=ascii_only, id="head")
        yield Chart(ascii_only=ascii_only, id="chart")
        yield ScrolledLines(id="facts")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Capacity", self.number)
        self.facts.focus()
        self.read_resource()

    def read_resource(self) -> None:
        """Read the resource anew."""
        from deskterm.capacity.picture import SPANS, picture

        self._read_at = self.session.now()
        desk, number, span = self.desk, self.number, SPANS[self.span % len(SPANS)]
        self.read("resource", lambda: picture(desk, number, span), self._show)

    def refuse(self, refusal: DeskError) -> None:
        """Say why something was refused; a resource that is not there has no screen."""
        super().refuse(refusal)
        if self.found is None and isinstance(refusal, NotFound):
            self.dismiss()

    def _show(self, found: Picture) -> None:
        self.found = found
        one, tz, now = found.outlook, self.session.tz, self.session.now()
        self.path = ("DeskTerm", "Capacity", f"{one.number} {one.name}")
        self.head.found, self.head.tz = one, tz
        self.head.refresh()
        self.chart.show(chart_data(found), lambda at: date_of(int(at), now, tz), short_figure)
        self.facts.show(lambda width: fact_lines(found, tz, now, width, ascii_only=self.session.ascii_only))
        self.refresh_bindings()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again what may have changed."""
        if self._was_opened and event.concerns(CONCERNS):
            self.read_resource()

    def tick(self, now: int) -> None:
        """Samples come in without a word in the journal."""
        if now - self._read_at >= FRESH_SECONDS:
            self.read_resource()

    def targets(self) -> tuple[Target, ...]:
        """This resource."""
        found = self.found
        if found is None:
            return ()
        return (Target(found.outlook.number, found.outlook.name, found.version, found.outlook.id),)

    def acted(self, numbers: object) -> None:
        """Show what came of it at once."""
        self.read_resource()

    def refusal(self, action: str) -> str:
        """Say which right is missing."""
        if action not in ("sample", "set_capacity", "edit"):
            return ""
        return self.lacks("edit", self.desk.registry.kind("resource"))

    def action_sample(self) -> None:
        """Tell a sample."""
        self.converse(capacity_flows.tell_sample(self, self.number))

    def action_set_capacity(self) -> None:
        """Say what is installed from an instant on."""
        self.converse(flows.act(self, self.targets(), "set-capacity"))

    def action_raise_record(self) -> None:
        """Raise a problem or a change."""
        self.converse(capacity_flows.raise_record(self, self.targets()))

    def action_span(self) -> None:
        """Show more or less of the history."""
        self.span += 1
        self.read_resource()

    def action_explain(self) -> None:
        """Show what stands behind the forecast."""
        self.converse(capacity_flows.explain(self, self.number))

    def action_journal(self) -> None:
        """Open the record of the resource above its chart."""
        from screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self.session, self.number))


def chart_data(found: Picture) -> ChartData:
    """Return what the chart shows."""
    one = found.outlook
    marks = [
        Mark(value, f"{name} {short_figure(value)}", style)
        for name, value, style in (("critical", one.critical, "breach"), ("warning", one.warn, "soon"))
        if value is not None
    ]
    if one.capacity is not None and one.direction == "up":
        marks.insert(0, Mark(one.capacity, f"installed {amount(one.capacity, one.unit)}", "strong"))
    return ChartData(
        history=tuple((point.at, point.value) for point in found.points),
        expected=tuple(Expected(*one_) for one_ in found.expected),
        marks=tuple(marks),
        steps=tuple((float(step.from_at), step.amount) for step in one.steps)
        if one.direction == "up" and len(one.steps) > 1
        else (),
        now=float(one.now),
        empty=NO_SAMPLES,
    )


def fact_lines(found: Picture, tz: str, now: int, width: int, *, ascii_only: bool) -> list[Line]:
    """Return what is known of a resource, in lines."""
    one, told = found.outlook, found.outlook.forecast
    lines: list[Line] = []

    def say(label: str, text: str, style: str = "") -> None:
        for place, piece in enumerate(wrapped(text, max(10, width - 14), ascii_only=ascii_only)):
            lines.append([Piece(f" {label if place == 0 else '':<12} ", "muted"), Piece(piece, style)])

    if told.withheld is not None:
        say("forecast", f"no date: {told.withheld}", "risk" if one.is_used_up else "muted")
    else:
        high = "never" if told.seconds_left_high is None else days(told.seconds_left_high)
        say("forecast", f"used up {date_of(one.exhausted_at, now, tz)}: {days(told.seconds_left)} days left, from "
            f"{days(told.seconds_left_low)} to {high} (nine of ten)", "strong")  # fmt: skip
    if one.line is not None:
        through = f"{one.method} through {len(one.series.points)} {one.series.name} since {date_of(one.series.from_at, now, tz)}"
        say("trend", f"{amount(one.trend_per_day, one.unit)} a day, {through}, R² {figure(one.line.r2)}")
    say("p95", f"{amount(one.p95, one.unit)}, of 30 days")
    say("lead time", one.lead.source)
    reached = [(name, one.reaches(value)) for name, value in (("warning", one.warn), ("critical", one.critical))]
    ahead = [f"{name} {date_of(at, now, tz)}" for name, at in reached if at is not None and at > now]
    if ahead:
        say("reaches", ", ".join(ahead))
    if found.score is not None:
        error = "" if found.score.error_percent is None else f", off by {found.score.error_percent:.1f} % of capacity"
        within = found.score.within_percent
        say(
            "trust", f"{found.score.scored} days foretold, {within:.0f} % within the band{error}" if within is not None else "n/a"
        )
    for step in found.installed[::-1]:
        why = f", {step.reason}" if step.reason else ""
        say("installed", f"{amount(step.amount, one.unit)} since {date_of(step.from_at, now, tz)}, by {step.actor}{why}")
    for past in found.told:
        text = f"{days(past.seconds_left)} days left" if past.seconds_left is not None else f"no date: {past.withheld}"
        say("foretold", f"{date_of(past.made_at, now, tz)}: {text} ({past.method})", "muted")
    return lines
