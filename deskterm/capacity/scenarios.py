"""What if a business driver grows? Demand follows from a line of the resource's days over the driver's days.

Least squares of demand on driver (`forecasts.fit`, with the driver in the place of time), through the days on which both were
measured; the driver of today is the mean of the last seven days that are over, and grows evenly over the months of the scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, fsum
from typing import Any

from sqlalchemy import Connection

from data.queries import capacity as q
from deskterm.capacity import history, outlook
from deskterm.capacity.forecasts import Line, Sample, fit
from deskterm.capacity.history import DAY_SECONDS
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.fields import show_cents
from deskterm.records.schema import RecordView

FEWEST_DAYS = 14
LEAST_R2 = 0.5
"""A driver that explains less than half of what a resource does is not what drives it."""
LEAST_BEYOND_TREND = 0.25
"""What a scenario that names no resource asks of one to be about it, besides."""
RECENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Demand:
    """What a scenario means for one resource."""

    number: str
    resource: str
    unit: str
    capacity: float | None
    days: int
    """Days on which both were measured."""
    r2: float | None = None
    per_unit: float | None = None
    """Demand of one more unit of the driver."""
    now: float | None = None
    then: float | None = None
    low: float | None = None
    high: float | None = None
    full_after_months: int | None = None
    """The first month at whose end demand exceeds what is installed; None if it does not within the scenario."""
    short_by: float | None = None
    """What is missing in the end, at the upper edge."""
    steps: int | None = None
    cost_cents: int | None = None
    currency: str | None = None
    withheld: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "resource": self.resource, "number": self.number, "unit": self.unit or None, "capacity": self.capacity,
            "days": self.days, "r2": self.r2, "per_unit": self.per_unit, "now": self.now, "then": self.then, "low": self.low,
            "high": self.high, "full_after_months": self.full_after_months, "short_by": self.short_by, "steps": self.steps,
            "cost": None if self.cost_cents is None else show_cents(self.cost_cents), "currency": self.currency,
            "withheld": self.withheld,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as it stands."""

    number: str
    name: str
    driver: str
    growth_percent: float
    months: int
    driver_now: float | None
    demands: tuple[Demand, ...]

    @property
    def driver_then(self) -> float | None:
        """The driver at the end."""
        return None if self.driver_now is None else self.driver_now * (1 + self.growth_percent / 100)

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "scenario": self.name, "number": self.number, "driver": self.driver, "growth_percent": self.growth_percent,
            "months": self.months, "driver_now": self.driver_now, "driver_then": self.driver_then,
            "rows": [demand.as_json() for demand in self.demands],
        }  # fmt: skip


def read(connection: Connection, now: int, ids: Sequence[int] | None = None) -> tuple[Scenario, ...]:
    """Return scenarios, every active one if none is named."""
    rows = connection.execute(q.SCENARIOS).all()
    found = []
    for row in rows:
        if row.state != "active" if ids is None else row.id not in ids:
            continue
        named = {one.target_id for one in connection.execute(q.SCENARIO_RESOURCES, {"scenario": row.id, "now": now})}
        found.append(_scenario(connection, row, named, now))
    return tuple(found)


def _scenario(connection: Connection, row: Any, named: set[int], now: int) -> Scenario:
    driver = _days(connection, row.driver_id, now)
    recent = [value for at, value in driver.items() if at > now - (RECENT_DAYS + 1) * DAY_SECONDS]
    driver_now = fsum(recent) / len(recent) if recent else None
    resources = outlook.read_all(connection, now, named or None, ("resource",))
    demands = []
    for one in resources:
        days = _days(connection, one.id, now)
        both = [(at, driver[at], value) for at, value in days.items() if at in driver]
        demand = demand_of(one, [Sample(x, y) for _, x, y in both], driver_now, row.growth_percent, row.months)
        if named or (demand.withheld is None and beyond_trend(both) >= LEAST_BEYOND_TREND):
            demands.append(demand)
    return Scenario(row.number, row.title, row.driver, row.growth_percent, row.months, driver_now, tuple(demands))


def _days(connection: Connection, resource_id: int, now: int) -> dict[int, float]:
    """Return the mean of each day that is over: half a day is another figure than a day."""
    found = history.days(connection, resource_id, now - outlook.HISTORY_SECONDS, now + 1)
    return {at: one.mean for at, one in found if at + DAY_SECONDS <= now}


def beyond_trend(both: Sequence[tuple[int, float, float]]) -> float:
    """Return how much two figures have in common once each one's own trend is taken out, as R²: all that grows goes together.

    Args:
        both: day, driver and demand.
    """
    left = []
    for place in (1, 2):
        line = fit([Sample(day[0], day[place]) for day in both])
        if line is None:
            return 0.0
        left.append([day[place] - line.value(day[0]) for day in both])
    common = fit([Sample(x, y) for x, y in zip(*left, strict=True)])
    return 0.0 if common is None or common.r2 is None else common.r2


def demand_of(
    one: outlook.Outlook, pairs: Sequence[Sample], driver_now: float | None, growth_percent: float, months: int
) -> Demand:
    """Return what growth of a driver means for a resource.

    Args:
        one: the resource.
        pairs: by day, the driver and the demand.
        driver_now: the driver of today.
        growth_percent: by how much it grows.
        months: in how many months.
    """
    sign = one.sign
    base = Demand(one.number, one.name, one.unit, one.capacity, len(pairs))
    line = fit(pairs)
    why = _unfit(line, pairs, driver_now)
    if why is not None or line is None or driver_now is None:
        return Demand(one.number, one.name, one.unit, one.capacity, len(pairs), None if line is None else line.r2, withheld=why)

    def used(driver: float) -> tuple[float, float, float]:
        low, high = line.band(driver)
        return line.value(driver), low, high

    then, low, high = used(driver_now * (1 + growth_percent / 100))
    if sign < 0:
        low, high = high, low
    limit = 0.0 if sign < 0 else one.capacity
    full = None
    if limit is not None:
        ends = (driver_now * (1 + growth_percent / 100 * month / months) for month in range(months + 1))
        full = next((month for month, driver in enumerate(ends) if sign * used(driver)[0] >= sign * limit), None)
    short = None if limit is None else max(sign * (high - limit), 0.0)
    steps = ceil(short / one.upgrade_amount) if short and one.upgrade_amount else None
    cost = steps * one.upgrade_cents if steps and one.upgrade_cents is not None else None
    return Demand(
        base.number, base.resource, base.unit, base.capacity, base.days, line.r2, line.slope, used(driver_now)[0], then,
        min(low, high), max(low, high), full, short, steps, cost, one.currency if cost is not None else None,
    )  # fmt: skip


def _unfit(line: Line | None, pairs: Sequence[Sample], driver_now: float | None) -> str | None:
    if driver_now is None:
        return f"the driver was not measured in the last {RECENT_DAYS} days"
    if len(pairs) < FEWEST_DAYS:
        return f"history too short: both were measured on {len(pairs)} days, {FEWEST_DAYS} are needed"
    if line is None:
        return "the driver never changed, so that nothing can be told from it"
    if line.r2 is None or line.r2 < LEAST_R2:
        return f"the driver does not explain it: R² is {line.r2 or 0:.2f}, {LEAST_R2:g} is needed"
    return None


def explain(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the demand of a scenario."""
    if view.kind != "scenario":
        return None
    with desk.database.read() as connection:
        (found,) = read(connection, desk.moment, [view.id])
    header = ("resource", "R²", "now", "then", "from", "to", "installed", "full after", "short by", "cost", "withheld because")
    return Part(title_of(found), header, tuple(_row(one) for one in found.demands), (1, 2, 3, 4, 5, 6, 7, 8, 9)), found.as_json()


def title_of(found: Scenario) -> str:
    """Return a scenario in a sentence."""
    growth = f"demand if {found.driver} grows by {found.growth_percent:g} % in {found.months} months"
    return f"{growth}: from {_number(found.driver_now)} to {_number(found.driver_then)}"


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.6g}"


def _row(one: Demand) -> tuple[str, ...]:
    figures = (one.r2, one.now, one.then, one.low, one.high, one.capacity)
    months = "n/a" if one.withheld else "not" if one.full_after_months is None else f"{one.full_after_months} months"
    cost = "" if one.cost_cents is None else f"{show_cents(one.cost_cents)} {one.currency}"
    short = f"{_number(one.short_by)} {one.unit}".rstrip()
    return (one.resource, *(_number(value) for value in figures), months, short, cost, one.withheld or "")
