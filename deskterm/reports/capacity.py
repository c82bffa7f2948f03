"""What is used of each resource, how it grows, when it is used up, and by when more must be ordered."""

from __future__ import annotations

from typing import Any

from deskterm.capacity.history import DAY_SECONDS
from deskterm.capacity.outlook import Outlook, outlooks
from deskterm.capacity.scoring import Score, scores
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.reports import Column, Options, Period, Report, answer

COLUMNS = (
    Column("resource", "Resource"),
    Column("ci", "CI"),
    Column("unit", "Unit"),
    Column("capacity", "Capacity", "number"),
    Column("latest", "Latest", "number"),
    Column("p95", "p95", "number"),
    Column("trend_per_day", "A day", "number"),
    Column("fit", "Fit"),
    Column("r2", "R²", "number"),
    Column("days_left", "Days left", "number"),
    Column("days_left_low", "from", "number"),
    Column("days_left_high", "to", "number"),
    Column("exhausted_on", "Used up", "instant"),
    Column("order_by", "Order by", "instant"),
    Column("withheld", "Withheld because"),
)

FORMULAS = {
    "latest": "the newest sample",
    "p95": "of the samples of the last 30 days up to the newest: the smallest that 95 % of them do not exceed; of more than "
    "2,000 samples, of the hours' p95",
    "trend_per_day": "slope of the line through the history since capacity last changed x 86,400",
    "fit": "least-squares; theil-sen (median of the slopes of all pairs); seasonal (least squares with a level for each phase of "
    "the week, an hour or as fine as samples come)",
    "r2": "share of the variance that the model explains",
    "days_left": "(capacity - line now) / slope, in days; of a resource that goes down until nothing is left; without a capacity "
    "until the critical threshold",
    "days_left_low": "when the upper edge of the 90 % prediction interval reaches it",
    "days_left_high": "when the lower edge does; null beside told days_left: it may never",
    "exhausted_on": "now + days_left",
    "order_by": "exhausted_on - lead time: the resource's own, else median purchase + median normal change of this desk",
    "withheld": "why there are no days left: too few samples, a trend that explains too little (R² under 0.25), no growth, a "
    "threshold more than ten histories away, or samples too old",
    "score": "forecasts of one day, a week and a month ahead against that day's mean: mean absolute error in percent of the "
    "capacity, and the share that lay within the 90 % band",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return a row per active resource as of the end of the period, the most urgent first.

    Options: `resource` (number or name), `ci` (name), `unit`, `metric`, `level`.
    """
    known = ("resource", "ci", "unit", "metric", "level")
    strange = sorted(set(options) - set(known))
    if strange:
        said = f"this report does not take {strange[0]!r}; it takes {', '.join(known)}"
        raise InvalidInput(said, fields={strange[0]: "unknown"})
    from_at, to_at = period.settled(desk.moment)
    at = min(to_at, desk.moment)
    found = [one for one in outlooks(desk, at=at) if _asked(one, options)]
    with desk.database.read() as connection:
        scored = scores(connection, at)
    rows = tuple(row_of(one, scored.get(one.id)) for one in found)
    data = answer(from_at, to_at, rows, FORMULAS, at=format_instant(at))
    return Report(f"Capacity at {format_instant(at)}", COLUMNS, rows, data)


def _asked(one: Outlook, options: Options) -> bool:
    told = {
        "resource": (one.name, one.number), "ci": (one.ci,), "unit": (one.unit,), "metric": (one.metric,), "level": (one.level,),
    }  # fmt: skip
    return all(value.strip().casefold() in [word.casefold() for word in told[name]] for name, value in options.items())


def row_of(one: Outlook, score: Score | None = None) -> dict[str, Any]:
    """Return the row of a resource for a program: the fields of the interface first, then what else is known."""
    told = one.forecast

    def days(seconds: float | None) -> float | None:
        return None if seconds is None else seconds / DAY_SECONDS

    def instant(at: int | None) -> str | None:
        return None if at is None else format_instant(at)

    return {
        "resource": one.name, "ci": one.ci or None, "unit": one.unit or None, "capacity": one.capacity, "latest": one.latest,
        "p95": one.p95, "trend_per_day": one.trend_per_day, "fit": one.method or None,
        "r2": None if one.line is None else one.line.r2, "days_left": days(told.seconds_left),
        "days_left_low": days(told.seconds_left_low), "days_left_high": days(told.seconds_left_high),
        "exhausted_on": instant(one.exhausted_at), "order_by": instant(one.order_at), "withheld": told.withheld,
        "number": one.number, "level": one.level, "latest_at": instant(one.latest_at), "used_percent": one.used_percent,
        "threshold": one.threshold, "warn_on": instant(one.reaches(one.warn)), "critical_on": instant(one.reaches(one.critical)),
        "lead_time_seconds": one.lead.seconds, "lead_time_source": one.lead.source, "points": len(one.series.points),
        "series": one.series.name, "score": None if score is None else score.as_json(),
    }  # fmt: skip
