"""The lists of capacity management as lines and columns: resources by urgency, scenarios, the week at the desk. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from screens.when import MONTHS, local
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.capacity.outlook import Outlook
    from deskterm.capacity.plan_briefs import PlanBrief
    from deskterm.capacity.scenarios import Demand, Scenario
    from deskterm.capacity.staffing import Slot, Staffing

DAY: Final = 86_400
SIGNS: Final = {"critical": ("✖", "X", "breach"), "warning": ("!", "!", "risk"), "ok": ("✓", "+", "good")}
SOON: Final = 30 * DAY


@dataclass(frozen=True, slots=True)
class Line:
    """A line of any of the lists."""

    key: str
    number: str = ""
    """The record that it is about."""
    outlook: Outlook | None = None
    scenario: Scenario | None = None
    demand: Demand | None = None
    slots: tuple[Slot, ...] = ()
    """Of one half-hour, by day."""
    plan: PlanBrief | None = None


def figure(value: float | None) -> str:
    """Return a figure in a few cells: 3,120, 41.5, 0.02; n/a for none."""
    if value is None:
        return "n/a"
    if value == 0:
        return "0"
    if abs(value) >= 100_000:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}"


def short_figure(value: float | None) -> str:
    """Return a figure that stands alone, where no others are to be aligned with it: 950, not 950.0."""
    return figure(value).removesuffix(".0")


def amount(value: float | None, unit: str) -> str:
    """Return a figure with its unit, where it has one."""
    return f"{short_figure(value)} {unit}".rstrip()


def date_of(at: int | None, now: int, tz: str) -> str:
    """Return a day as `14 Jan`, with its year where that is another one."""
    if at is None:
        return ""
    moment, today = local(at, tz), local(now, tz)
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment.day} {MONTHS[moment.month - 1]}{year}"


def days(seconds: float | None) -> str:
    """Return days left in a few cells."""
    if seconds is None:
        return ""
    value = seconds / DAY
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def left(one: Outlook) -> Cell:
    """Return the days left with their range, or in a word why there are none."""
    told = one.forecast
    if told.seconds_left is None:
        word = "used up" if one.is_used_up else "–"  # noqa: RUF001
        return word, "breach" if word == "used up" else "muted"
    high = "never" if told.seconds_left_high is None else days(told.seconds_left_high)
    tone = "breach" if one.order_at is not None and one.order_at <= one.now else ""
    tone = tone or ("soon" if one.order_at is not None and one.order_at <= one.now + SOON else "")
    return f"{days(told.seconds_left)} ({days(told.seconds_left_low)}–{high})", tone  # noqa: RUF001


def order(one: Outlook, tz: str) -> Cell:
    """Return by when to order."""
    if one.order_at is None:
        return ""
    late = one.order_at <= one.now
    tone = "breach" if late else "soon" if one.order_at <= one.now + SOON else ""
    day = date_of(one.order_at, one.now, tz)
    return f"now ({day})" if late else day, tone


def resource_columns(tz: str, *, ascii_only: bool) -> list[Column[Line]]:
    """Return the columns of resources, what decides on the left."""

    def of(line: Line) -> Outlook:
        assert line.outlook is not None
        return line.outlook

    def level(line: Line, _: int) -> Cell:
        sign, plain, style = SIGNS[of(line).level]
        return plain if ascii_only else sign, style

    def used(line: Line, _: int) -> Cell:
        percent = of(line).used_percent
        return "n/a" if percent is None else f"{percent:.0f} %", SIGNS[of(line).level][2] if of(line).level != "ok" else ""

    def latest(line: Line, _: int) -> Cell:
        one = of(line)
        return figure(one.latest), "muted" if one.latest is None else ""

    return [
        Column("level", "", 1, level),
        Column("name", "resource", 26, lambda line, _: (of(line).name, "strong"), min_width=16, grow=1),
        Column("used", "used", 6, used, align="right"),
        Column("left", "days left", 18, lambda line, _: left(of(line)), min_width=14),
        Column("order", "order by", 14, lambda line, _: order(of(line), tz), min_width=12),
        Column("latest", "latest", 9, latest, align="right", priority=1),
        Column("p95", "p95", 8, lambda line, _: figure(of(line).p95), align="right", priority=3),
        Column("trend", "a day", 8, lambda line, _: figure(of(line).trend_per_day), align="right", priority=2),
        Column("unit", "unit", 6, lambda line, _: (of(line).unit, "muted"), priority=4),
        Column("ci", "CI", 14, lambda line, _: of(line).ci, priority=5),
    ]


def in_full(line: Line | None, tz: str) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a resource."""
    one = None if line is None else line.outlook
    if one is None:
        return ()
    told = one.forecast
    installed = f" of {short_figure(one.capacity)}" if one.capacity is not None else ""
    head = f"{one.number} {one.name}: {short_figure(one.latest)}{installed} {one.unit}, {one.level}".replace("  ", " ")
    if told.withheld is not None:
        second = (f"no date: {told.withheld}", "muted")
    else:
        used_up = date_of(one.exhausted_at, one.now, tz)
        second = (f"used up {used_up}, in {days(told.seconds_left)} days; {one.method} through {len(one.series.points)} "
                  f"{one.series.name}, R² {figure(one.line.r2 if one.line else None)}", "")  # fmt: skip
    return (head, "strong"), second, (f"lead time: {one.lead.source}", "muted")


def scenario_lines(found: Sequence[Scenario]) -> list[Line]:
    """Return scenarios with their resources below each."""
    lines = []
    for one in found:
        lines.append(Line(one.number, one.number, scenario=one))
        lines += [Line(f"{one.number} {demand.number}", one.number, scenario=one, demand=demand) for demand in one.demands]
    return lines


def upgrades(demand: Demand) -> str:
    """Return what carries a demand: so many upgrades, and what they cost."""
    count = "1 upgrade" if demand.steps == 1 else f"{demand.steps} upgrades"
    return f"{count}, {(demand.cost_cents or 0) / 100:,.0f} {demand.currency}"


def scenario_columns() -> list[Column[Line]]:
    """Return the columns of scenarios."""

    def name(line: Line, _: int) -> Cell:
        assert line.scenario is not None
        if line.demand is not None:
            return f"  {line.demand.resource}"
        grow = line.scenario
        return f"{grow.name}: {grow.driver} {grow.growth_percent:+g} % in {grow.months} months", "strong"

    def of_demand(name_: str) -> Column[Line]:
        def cell(line: Line, _: int) -> Cell:
            if line.demand is None:
                assert line.scenario is not None
                value = {"now": line.scenario.driver_now, "then": line.scenario.driver_then}.get(name_)
                return (figure(value), "strong") if name_ in ("now", "then") else ""
            if line.demand.withheld is not None:
                return "n/a", "muted"
            return figure(getattr(line.demand, name_))

        return Column(name_, name_, 8, cell, align="right", priority=0 if name_ in ("now", "then") else 2)

    def full(line: Line, _: int) -> Cell:
        demand = line.demand
        if demand is None:
            return ""
        if demand.withheld is not None:
            return demand.withheld, "muted"
        if demand.full_after_months is None:
            return "fits", "good"
        cost = "" if demand.cost_cents is None else f", {upgrades(demand)}"
        months = "1 month" if demand.full_after_months == 1 else f"{demand.full_after_months} months"
        return f"full after {months}, short by {figure(demand.short_by)}{cost}", "risk"

    return [
        Column("name", "scenario", 40, name, min_width=26, grow=1),
        of_demand("now"), of_demand("then"), of_demand("high"), of_demand("capacity"),
        Column("full", "outcome", 44, full, min_width=20, priority=1),
    ]  # fmt: skip


def staffing_lines(found: Staffing) -> list[Line]:
    """Return a line for each half-hour of the day in which anything happens on any day."""
    by_minute: dict[int, list[Slot]] = {}
    for slot in found.slots:
        by_minute.setdefault(slot.minute, []).append(slot)
    return [
        Line(f"{minute}", slots=tuple(sorted(slots, key=lambda slot: slot.day)))
        for minute, slots in sorted(by_minute.items())
        if any(slot.contacts or slot.rostered for slot in slots)
    ]


def staffing_columns(*, ascii_only: bool) -> list[Column[Line]]:
    """Return the half-hour and a column for each day: agents needed / rostered, marked where somebody is missing."""

    def cell(day: int) -> Column[Line]:
        def show(line: Line, _: int) -> Cell:
            slot = line.slots[day]
            if not slot.contacts and not slot.rostered:
                return "·" if not ascii_only else ".", "muted"
            text = f"{slot.needed}/{slot.rostered}"
            return (f"{text}!", "breach") if slot.gap > 0 else (text, "muted" if not slot.needed else "")

        from deskterm.capacity.staffing import DAYS

        return Column(DAYS[day], DAYS[day], 7, show, align="right")

    def contacts(line: Line, _: int) -> Cell:
        return figure(sum(slot.contacts for slot in line.slots)), "muted"

    return [
        Column("from", "from", 5, lambda line, _: (line.slots[0].name[4:], "strong")),
        *(cell(day) for day in range(7)),
        Column("contacts", "a week", 7, contacts, align="right", priority=1),
    ]


def of_half_hour(line: Line | None, found: Staffing | None) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of the week and of a half-hour."""
    if found is None:
        return ()
    terms = found.terms
    aim = f"{100 * terms.service_level:g} % within {terms.target_seconds} s"
    if found.withheld is not None or found.handle_seconds is None:
        return ((f"Agents for {aim}: n/a, {found.withheld}", "strong"),)
    from deskterm.capacity.staffing import weeks_told

    head = (f"{len(found.short)} half-hours short for {aim}: {found.contacts:,} contacts in {weeks_told(found)}, "
            f"{found.handle_seconds:.0f} s each")  # fmt: skip
    if line is None or not line.slots:
        return ((head, "strong"),)
    worst = max(line.slots, key=lambda slot: (slot.gap, slot.needed))
    if worst.queue is None:
        return (head, "strong"), (f"{line.slots[0].name[4:]}: nothing came in", "muted")
    told = worst.queue
    level = f"{100 * told.service_level:.0f} % in time, mean wait {told.mean_wait_seconds:.0f} s"
    said = f"{worst.name}: {worst.contacts:.3g} contacts, {told.traffic:.2f} erlangs; {told.agents} needed: {level}"
    real = worst.as_rostered
    roster = (
        f"with the {worst.rostered} rostered {100 * real.service_level:.0f} % in time" if real is not None
        else f"with the {worst.rostered} rostered the queue only grows" if worst.rostered else "nobody is rostered"
    )  # fmt: skip
    busy = f"busy {100 * told.occupancy:.0f} %; {roster}"
    return (head, "strong"), (said, ""), (busy, "risk" if worst.gap > 0 else "muted")
