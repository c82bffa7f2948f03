"""How agreements fare: what share of their clocks was in time, day by day, and how fast their error budgets burn.

Here a budget is counted in records: the agreed share of a target ("95 % within four hours") leaves the rest to be late. No
figure is given where nothing stands behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from data.queries import board as q
from deskterm.desk import Desk
from deskterm.permissions import require
from deskterm.service_level.error_budget import Fate, burn, fate_of

DAYS = q.DAYS
CLOCKS, SECONDS = "clocks", "seconds"


@dataclass(frozen=True, slots=True)
class Days:
    """How the clocks of an agreement were judged, day by day, the oldest first and today last."""

    met: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def percent(self) -> tuple[float | None, ...]:
        """Return the share in time of each day, None for a day on which nothing was judged."""
        return tuple(share(met, missed) for met, missed in zip(self.met, self.missed, strict=True))

    @property
    def today(self) -> float | None:
        """Return the share in time of today, None where nothing was judged yet."""
        return self.percent[-1]

    @property
    def period(self) -> float | None:
        """Return the share in time of all days together."""
        return share(sum(self.met), sum(self.missed))


@dataclass(frozen=True, slots=True)
class AgreementHealth:
    """How one agreement fares."""

    number: str
    name: str
    type: str
    days: Days
    objective: float | None
    """The agreed share in percent, the tightest of its targets that name one; None where none does."""
    burn_rate: float | None
    """How fast the error budget of the days is spent today: 1 is just as agreed. None where nothing was judged today or
    no target names an objective. The highest of its targets."""
    budget_left: float | None
    """What is left of the error budget of all days, as a part of it; negative when overspent. The least of its targets."""
    fate: Fate = Fate.UNJUDGED
    """What has become of what was agreed, in all days; the worst of its targets."""
    today: Fate = Fate.UNJUDGED
    """The same of today alone."""
    unit: str = CLOCKS
    """What the days count: clocks in time and late, or seconds up and down."""


def share(met: int, missed: int) -> float | None:
    """Return how many of the judged clocks were in time, in percent; None where none was judged."""
    return 100 * met / (met + missed) if met + missed else None


def day_edges(now: int, tz: str, days: int = DAYS) -> tuple[int, ...]:
    """Return the instants at which the last local days begin, and at which today ends: one more than `days`."""
    zone = ZoneInfo(tz)
    today = datetime.fromtimestamp(now, zone).date()
    wanted = (today + timedelta(days=offset) for offset in range(1 - days, 2))
    return tuple(int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) for day in wanted)


@dataclass(slots=True)
class _Tally:
    """What was judged under one target, day by day."""

    met: list[int] = field(default_factory=lambda: [0] * DAYS)
    missed: list[int] = field(default_factory=lambda: [0] * DAYS)


def agreements(desk: Desk) -> tuple[AgreementHealth, ...]:
    """Return how the agreements in force fare: today and in the thirteen days before, in the person's own time zone.

    Costs one pass over the clocks judged in these days.

    Raises:
        NotAllowed: the person may not read agreements.
    """
    kind = desk.registry.kind("agreement")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    now = desk.moment
    with desk.database.read() as connection:
        found = list(connection.execute(q.AGREEMENTS, {"now": now}))
        objectives = _objectives(connection)
        tallies: dict[int, dict[int, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
        edges = {f"d{i}": edge for i, edge in enumerate(day_edges(now, desk.actor.tz))}
        for row in connection.execute(q.JUDGED, {"now": now, **edges}):
            tally = tallies[row.agreement_id][row.target_id]
            (tally.met if row.kept else tally.missed)[row.day] += row.clocks
        promised = list(connection.execute(q.AVAILABILITIES, {"now": now}))
        up = list(_availabilities(connection, desk, promised, list(edges.values()))) if promised else []
    return (*(_health(row.number, row.title, row.type, tallies[row.id], objectives[row.id]) for row in found), *up)


def _availabilities(
    connection: Connection, desk: Desk, promised: Sequence[Any], edges: Sequence[int]
) -> Iterator[AgreementHealth]:
    """Yield how each promise of availability fares: measured through the dependency graph, planned work excused."""
    from deskterm.availability.measuring import measure  # late: only where availability is agreed

    nodes = [row.service_id for row in promised]
    now = desk.moment
    measured = measure(connection, desk.registry, nodes=nodes, start=edges[0], end=edges[-1], now=now)
    for row in promised:
        one = measured.get(row.service_id)
        if one is None:
            continue
        parts = [one.during(start, end) if start < now else None for start, end in pairwise(edges)]
        bad = tuple(0 if part is None else part.downtime_seconds - part.planned_seconds for part in parts)
        good = tuple(0 if part is None else part.agreed_seconds - down for part, down in zip(parts, bad, strict=True))
        objective, days = float(row.objective) / 100, Days(good, bad)
        rate, left = _burn_rate(objective, good[-1], bad[-1]), _budget_left(objective, sum(good), sum(bad))
        yield AgreementHealth(
            row.number, f"up: {row.title}", row.type, days, 100 * objective, rate, left,
            _of_seconds(left is not None and left < 0, days.period), _of_seconds((rate or 0) > 1, days.today), SECONDS,
        )  # fmt: skip


def _of_seconds(spent: bool, percent: float | None) -> Fate:
    """Seconds of one outage hang together: no chance is reckoned with, what is spent is spent."""
    return Fate.UNJUDGED if percent is None else Fate.MISSED if spent else Fate.KEPT


def _objectives(connection: Connection) -> defaultdict[int, dict[int, float]]:
    """Return by agreement and target the agreed share of records in time, as a part of 1, where a target names one."""
    found: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for row in connection.execute(q.OBJECTIVES):
        found[row.agreement_id][row.id] = float(row.objective) / 100
    return found


def _health(
    number: str, name: str, type_: str, tallies: Mapping[int, _Tally], objectives: Mapping[int, float]
) -> AgreementHealth:
    met = tuple(sum(tally.met[day] for tally in tallies.values()) for day in range(DAYS))
    missed = tuple(sum(tally.missed[day] for tally in tallies.values()) for day in range(DAYS))
    rates, left = [], []
    fates, todays = [Fate.UNJUDGED], [Fate.UNJUDGED]
    for key, objective in objectives.items():
        tally = tallies.get(key, _Tally())
        fates.append(fate_of(objective, sum(tally.met), sum(tally.missed)))
        todays.append(fate_of(objective, tally.met[-1], tally.missed[-1]))
        rates.append(_burn_rate(objective, tally.met[-1], tally.missed[-1]))
        left.append(_budget_left(objective, sum(tally.met), sum(tally.missed)))
    return AgreementHealth(
        number,
        name,
        type_,
        Days(met, missed),
        max((100 * objective for objective in objectives.values()), default=None),
        max((rate for rate in rates if rate is not None), default=None),
        min((rest for rest in left if rest is not None), default=None),
        max(fates),
        max(todays),
    )


def _burn_rate(objective: float, met: int, missed: int) -> float | None:
    """Return the error budget's burn rate, counted in records: the share that was late over the share that may be."""
    judged = met + missed
    return burn(objective, judged, missed).burn_rate if judged else None


def _budget_left(objective: float, met: int, missed: int) -> float | None:
    judged = met + missed
    return burn(objective, judged, missed).remaining_ratio if judged else None
