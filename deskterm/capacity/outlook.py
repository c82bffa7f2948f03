"""What is to be expected of a resource: the newest sample, the trend, the days left as a range, and by when to order.

The history since capacity last changed is forecast, of two resources alike (`history.series`). Days left are days until what is
installed is used up: samples of a resource that goes down count towards nothing left. Pure functions do the arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from data.queries import capacity as q
from deskterm.capacity import history, lead_times
from deskterm.capacity.forecasts import Forecast, Line, Method, Sample, behind, fit, forecast
from deskterm.capacity.history import DAY_SECONDS, Series
from deskterm.capacity.lead_times import Lead
from deskterm.capacity.rules import Capacity, changes_of, effective, level_of, order_by, used_percent
from deskterm.capacity.seasonal import STRONG, Season, fit_week, forecast_season
from deskterm.desk import Desk
from deskterm.permissions import require
from deskterm.records import resolve

HISTORY_SECONDS = 400 * DAY_SECONDS
"""What is older says little about what is to come, and a year is in it."""
STALE_SECONDS = 2 * DAY_SECONDS
"""Without a sample for longer than this, and longer than the history itself, nothing is told."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One resource as it stands and as it goes on."""

    id: int
    number: str
    name: str
    ci: str
    ci_id: int | None
    service_id: int | None
    unit: str
    role: str
    metric: str
    direction: str
    capacity: float | None
    warn: float | None
    """In the unit of the samples."""
    critical: float | None
    level: str
    level_at: int | None
    incident_id: int | None
    basis: str
    upgrade_amount: float | None
    upgrade_cents: int | None
    currency: str | None
    now: int
    latest_at: int | None = None
    latest: float | None = None
    p95: float | None = None
    series: Series = field(default_factory=lambda: Series("samples", ()))
    """The points that were forecast, since capacity last changed."""
    earlier: int = 0
    """Points before that, which were left out."""
    steps: tuple[Capacity, ...] = ()
    method: str = ""
    model: Line | Season | None = None
    """Of a resource that goes down, laid through the samples turned over: `turned`."""
    threshold: float | None = None
    forecast: Forecast = field(default_factory=lambda: Forecast(None, withheld="no samples"))
    lead: Lead = field(default_factory=lambda: Lead(None, "not known"))

    @property
    def sign(self) -> int:
        """-1 where samples tell what is left."""
        return -1 if self.direction == "down" else 1

    @property
    def line(self) -> Line | None:
        """The line of the model, turned over where the resource goes down."""
        return self.model.line if isinstance(self.model, Season) else self.model

    @property
    def used_percent(self) -> float | None:
        """What is used of the capacity, in percent."""
        if self.latest is None or not self.capacity:
            return None
        used = self.capacity - self.latest if self.direction == "down" else self.latest
        return used_percent(used, self.capacity)

    @property
    def trend_per_day(self) -> float | None:
        """Growth in the unit of the samples a day."""
        return None if self.line is None else self.sign * self.line.slope * DAY_SECONDS

    @property
    def is_used_up(self) -> bool:
        """Whether what is installed is used up already."""
        return self.forecast.exceeded

    @property
    def exhausted_at(self) -> int | None:
        """When what is installed is used up."""
        return None if self.forecast.seconds_left is None else self.now + int(self.forecast.seconds_left)

    @property
    def order_at(self) -> int | None:
        """The instant by which more must be ordered."""
        if self.lead.seconds is None:
            return None
        return order_by(self.now, self.forecast.seconds_left, self.lead.seconds)

    def reaches(self, limit: float | None) -> int | None:
        """Return when the trend reaches a limit in the unit of the samples; None where it never does, or that cannot be told."""
        line = self.line
        if limit is None or line is None or self.forecast.seconds_left is None or line.slope <= 0:
            return None
        return round(line.middle_at + (self.sign * limit - line.height) / line.slope)

    def expected(self, at: float) -> tuple[float, float, float] | None:
        """Return what is expected at an instant with its band: value, low, high. None without a model."""
        if self.model is None or self.line is None or not self.line.spread:
            return None
        low, high = self.model.band(at)
        value = self.model.value(at)
        return (value, low, high) if self.sign > 0 else (-value, -high, -low)


def outlooks(
    desk: Desk, *, ids: Iterable[int] | None = None, roles: Iterable[str] = ("resource",), at: int | None = None
) -> tuple[Outlook, ...]:
    """Return what is to be expected of resources, the most urgent first.

    Args:
        desk: whose moment is now, for looking back too.
        ids: which; every active one if not given.
        roles: resource, driver.
        at: as of this instant, where that is not the desk's moment.
    """
    kind = desk.registry.kind("resource")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    wanted, roles = None if ids is None else set(ids), tuple(roles)
    with desk.database.read() as connection:
        found = read_all(connection, desk.moment if at is None else at, wanted, roles)
    return tuple(sorted(found, key=_urgency))


def read_all(connection: Connection, now: int, wanted: set[int] | None, roles: tuple[str, ...]) -> list[Outlook]:
    """Return the outlook of resources, as of an instant."""
    statement = q.ACTIVE if wanted is None else q.CHOSEN
    rows = connection.execute(statement, {} if wanted is None else {"ids": sorted(wanted)}).mappings().all()
    rows = [row for row in rows if row["role"] in roles or wanted is not None]
    names = resolve.names(connection, {row["ci_id"] for row in rows if row["ci_id"]})
    types = {row.id: row.type for row in connection.execute(q.CI_TYPES, {"ids": list(names)})}
    records = lead_times.read_records(connection, now)
    found = []
    for row in rows:
        ci = names.get(row["ci_id"])
        lead = lead_times.lead_of(row["lead_time_days"], types.get(row["ci_id"]), records)
        found.append(_read(connection, row, "" if ci is None else ci.title, lead, now))
    return found


def _urgency(one: Outlook) -> tuple[int, float, str]:
    """Sort by when to act, then by when it is full; what is used up already first, what nobody can tell last."""
    if one.is_used_up:
        return 0, 0, one.name
    if one.order_at is not None:
        return 1, one.order_at, one.name
    if one.exhausted_at is not None:
        return 2, one.exhausted_at, one.name
    return 3, -(one.used_percent or 0), one.name


def _read(connection: Connection, row: Any, ci: str, lead: Lead, now: int) -> Outlook:
    steps = history.installed(connection, row["id"])
    capacity = effective(steps, now) if steps else row["capacity"]
    base = Outlook(
        id=row["id"], number=row["number"], name=row["title"], ci=ci, ci_id=row["ci_id"], service_id=row["service_id"],
        unit=row["unit"] or "", role=row["role"], metric=row["metric"], direction=row["direction"], capacity=capacity,
        warn=level_of(row["warn"], capacity), critical=level_of(row["critical"], capacity), level=row["level"],
        level_at=row["level_at"], incident_id=row["incident_id"], basis=row["basis"], upgrade_amount=row["upgrade_amount"],
        upgrade_cents=row["upgrade_cost"], currency=row["currency"], now=now, lead=lead, steps=tuple(steps),
    )  # fmt: skip
    newest = history.reading(connection, row["id"], None if now >= (_latest(connection, row["id"]) or 0) else now)
    if newest is None:
        return base
    low, high = newest.at - HISTORY_SECONDS, newest.at + 1
    since = max([low, *(step.from_at for step in changes_of(steps) if step.from_at <= newest.at)])
    peak = history.p95(connection, row["id"], newest.at)
    base = replace(base, latest_at=newest.at, latest=newest.value, p95=peak)
    return _foreseen(connection, base, row["method"], since, high)


def _latest(connection: Connection, resource_id: int) -> int | None:
    found = history.reading(connection, resource_id)
    return None if found is None else found.at


def _foreseen(connection: Connection, base: Outlook, method: str, since: int, high: int) -> Outlook:
    """Lay the model that was asked for through the history since capacity last changed, and ask it."""
    threshold, why = threshold_of(base)
    sign = base.sign
    season, points = None, None
    if method in ("auto", "seasonal"):
        points = history.hourly(connection, base.id, since, high, base.basis, now=base.now)
        season = fit_week(_turned(points, sign))
        if season is None or (method == "auto" and season.strength < STRONG):
            season = None
    if season is not None and points is not None:
        told = replace(base, series=points, method="seasonal", model=season, threshold=threshold)
        return replace(told, forecast=_ask(told, why))
    most = history.MOST_PAIRS if method == Method.THEIL_SEN else history.MOST_POINTS
    points = history.series(connection, base.id, since, high, base.basis, most, now=base.now)
    used = Method.THEIL_SEN if method == Method.THEIL_SEN else Method.LEAST_SQUARES
    told = replace(base, series=points, method=used.value, model=fit(_turned(points, sign), used), threshold=threshold)
    if method == "seasonal":
        said = "history too short: a seasonal forecast needs every day of the week in two weeks at least"
        return replace(told, forecast=Forecast(told.line, withheld=said))
    return replace(told, forecast=_ask(told, why))


def _turned(points: Series, sign: int) -> list[Sample]:
    return [Sample(at, sign * value) for at, value in points.points]


def threshold_of(one: Outlook) -> tuple[float | None, str]:
    """Return what is counted down to, in the unit of the samples, or why there is nothing."""
    if one.role == "driver":
        return None, "a driver has no capacity"
    if one.direction == "down":
        return 0.0, ""
    if one.capacity is not None:
        return (one.capacity, "") if one.capacity > 0 else (None, "nothing is installed: capacity is 0")
    if one.critical is not None or one.warn is not None:
        return (one.critical if one.critical is not None else one.warn), ""
    return None, "no capacity and no threshold is set"


def _ask(one: Outlook, why: str) -> Forecast:
    line, samples = one.line, _turned(one.series, one.sign)
    if one.threshold is None:
        return Forecast(line, withheld=why)
    if samples and (one.now - samples[-1].at) > max(STALE_SECONDS, samples[-1].at - samples[0].at):
        days = (one.now - samples[-1].at) / DAY_SECONDS
        return Forecast(line, withheld=f"samples too old: the newest is {days:.0f} days old")
    limit = one.sign * one.threshold
    if one.latest is not None and one.sign * one.latest >= limit:  # points may be means of hours or days
        return behind(line, one.latest, one.threshold)
    if isinstance(one.model, Season):
        return forecast_season(one.model, samples, limit, now=one.now)
    return forecast(samples, limit, method=Method(one.method), now=one.now)
