"""Why a figure of a resource is what it is: the samples and the fit behind a forecast, the facts behind a lead time or level."""

from __future__ import annotations

from typing import Any

from deskterm.capacity import history, lead_times
from deskterm.capacity.outlook import Outlook, outlooks
from deskterm.capacity.seasonal import Season
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.fields import write_number
from deskterm.records.schema import RecordView
from deskterm.reports.capacity import row_of

SHOWN_POINTS = 20


def number(value: float | None, unit: str = "") -> str:
    """Return a figure in six digits with its unit, n/a for none."""
    return "n/a" if value is None else f"{value:.6g} {unit}".rstrip()


def forecast(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the forecast of a resource: its fit, and the points it was laid through."""
    if view.kind != "resource":
        return None
    one = outlooks(desk, ids=[view.id])[0]
    told, line = one.forecast, one.line
    data = row_of(one) | {
        "now": format_instant(one.now),
        "slope": None if line is None else one.sign * line.slope,
        "intercept": None if line is None else one.sign * line.intercept,
        "scatter": None if line is None else line.scatter,
        "capacity_history": [{"from": format_instant(step.from_at), "amount": step.amount} for step in one.steps],
        "samples": [[format_instant(int(point.at)), point.value] for point in one.series.points],
        "lead_time": lead_times.as_json(one.lead),
    }
    if isinstance(one.model, Season):
        data |= {"trend_r2": one.model.trend_r2, "strength": one.model.strength, "season": list(one.model.offsets)}
    return Part(title_of(one, told.withheld), ("at", "measured", "model"), _rows(one), (1, 2)), data


def title_of(one: Outlook, withheld: str | None) -> str:
    """Return a forecast in a sentence."""
    line = one.line
    if line is None:
        return f"forecast: withheld, {withheld}"
    unit = one.unit
    fit = f"{one.method} through {len(one.series.points)} {one.series.name} since {format_instant(one.series.from_at)}"
    trend = f"{number(one.trend_per_day, unit)} a day, R² {number(line.r2)}"
    now = f"{number(one.sign * line.value(one.now), unit)} now"
    if withheld is not None:
        return f"forecast: withheld, {withheld}; {fit}: {now}, {trend}"
    told = one.forecast
    left = " to ".join(
        "never" if seconds is None else f"{seconds / history.DAY_SECONDS:.1f}"
        for seconds in (told.seconds_left_low, told.seconds_left_high)
    )
    days = (told.seconds_left or 0) / history.DAY_SECONDS
    order = "n/a" if one.order_at is None else format_instant(one.order_at)
    limit = number(one.threshold, unit)
    return (
        f"forecast: {days:.1f} days left until {limit} ({left}), order by {order}; {fit}: {now}, {trend}; "
        f"lead time {one.lead.source}"
    )


def _rows(one: Outlook) -> tuple[tuple[str, ...], ...]:
    rows = []
    for at, value in history.thinned(one.series.points, SHOWN_POINTS):
        expected = one.expected(at)
        rows.append((format_instant(int(at)), write_number(round(value, 6)), number(None if expected is None else expected[0])))
    return tuple(rows)


def lead_time(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the lead time of a resource."""
    if view.kind != "resource":
        return None
    one = outlooks(desk, ids=[view.id])[0]
    days = "n/a" if one.lead.days is None else f"{one.lead.days:.1f} days"
    rows = tuple(
        (name, str(count), "n/a" if seconds is None else f"{seconds / history.DAY_SECONDS:.1f}")
        for name, count, seconds in (
            ("purchases", one.lead.purchases, one.lead.purchase_seconds),
            ("normal changes", one.lead.changes, one.lead.change_seconds),
        )
    )
    title = f"lead time {days}: {one.lead.source}"
    return Part(title, ("from records", "count", "median days"), rows, (1, 2)), lead_times.as_json(one.lead)
