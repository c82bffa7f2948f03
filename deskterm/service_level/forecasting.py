"""Breach forecasts: reckoned by a job for all that runs, kept where lists read them, scored when it is known what came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from data.queries import clocks
from data.queries import forecast as q
from data.tables.forecast import breach_forecast
from data.upsert import upsert
from deskterm.desk import Desk
from deskterm.jobs import JobContext
from deskterm.records import resolve
from deskterm.service_level.forecast_rules import LEAST, Asked, Circle, Duration, Forecast, Score, forecast, score
from deskterm.service_level.policy import Policy

LOOKED_BACK_SECONDS = 365 * 86_400
MOST = 20_000
"""Past clocks that are read at most, the newest."""
POINTS = (25, 50, 75)
"""Percent of the target at which a forecast is kept, to be scored."""

WHOLE = 1_000_000
"""A target in its own parts."""
BASIS = 120
"""Most letters of what a forecast stands on."""

Key = tuple[Any, ...]


class Group(NamedTuple):
    """What similar records have in common with a record."""

    key: Key
    words: str
    scaled: bool = False
    """Their time is measured in parts of their targets: records of several priorities can be compared in no other way."""


@dataclass(frozen=True, slots=True)
class Made:
    """A forecast for one clock."""

    clock_id: int
    record_id: int
    kind: str
    elapsed_seconds: int
    target_seconds: int
    forecast: Forecast
    basis: str

    @property
    def percent(self) -> int | None:
        """Return the probability in percent as lists show it; None where nothing is said."""
        return None if self.forecast.probability is None else round(100 * self.forecast.probability)

    @property
    def row(self) -> dict[str, Any]:
        """Return it as it is stored, but for when."""
        one = self.forecast
        return {
            "record_id": self.record_id, "clock_id": self.clock_id, "elapsed_seconds": self.elapsed_seconds,
            "target_seconds": self.target_seconds, "probability": one.probability, "low": one.low, "high": one.high,
            "at_risk": one.at_risk, "basis": self.basis,
        }  # fmt: skip


def groups(row: Any, names: Mapping[int, str]) -> list[Group]:
    """Return what a record is compared with, the widest first: its kind, then its team, its priority, and both.

    Of one priority only what counts time by the same calendar is alike. What no team has yet is compared by its category.
    """
    kind = Group((row.kind,), f"{row.kind}s", scaled=True)
    same = (row.kind, "always" if row.unit == "elapsed" else row.calendar_id, row.priority)
    priority = Group(same, f"of priority {row.priority}")
    if team := names.get(row.team_id or 0, ""):
        return [kind, Group((row.kind, "team", row.team_id), f"of {team}", scaled=True), priority,
                Group((*same, "team", row.team_id), "of both")]  # fmt: skip
    if row.category:
        return [kind, Group((row.kind, "category", row.category), f"of {row.category}", scaled=True), priority,
                Group((*same, "category", row.category), "of both")]  # fmt: skip
    return [kind, priority]


def learn(
    known: dict[Key, list[Duration]], row: Any, names: Mapping[int, str], seconds: int, target_seconds: int, *, ended: bool
) -> None:
    """Let it be known how long a record took, or has taken so far, wherever another may be compared with it."""
    found = groups(row, names)
    if row.team_id and row.category:
        found += groups(row, {})[1::2]  # whoever has no team yet looks by category
    for group in found:
        known[group.key].append(Duration(parts(seconds, target_seconds) if group.scaled else seconds, ended))


def parts(seconds: int, target_seconds: int) -> int:
    """Return a duration in millionths of its target; what is longer is more than a million, whatever is rounded."""
    return -(-seconds * WHOLE // max(1, target_seconds))


def breach_forecasts(context: JobContext) -> int:
    """Forecast everything that runs; return how many forecasts changed."""
    with context.database.read() as connection:
        made = {one.record_id: one for one in make(connection, context.now)}
        current = {row.record_id: row for row in connection.execute(q.CURRENT)}
        shown = {row.id: row.kind for row in connection.execute(q.LEFT)}
        points = list(_points(connection, made.values()))
    waiting = {key for key, one in made.items() if one.basis == "" and key in current}
    changed = [one for key, one in made.items() if one.basis and _differs(one, current.get(key))]
    over = [key for key in current if key not in made]
    stale = [key for key in shown if key not in made or (key not in waiting and made[key].percent is None)]
    if not (changed or over or stale or points):
        return 0
    with context.database.write() as connection:
        context.confirm(connection)
        for key in stale:
            connection.execute(q.SHOWN[shown[key]], {"record": key, "percent": None})
        if over:
            connection.execute(q.FORGET, {"ids": over})
        for one in changed:
            _store(connection, one, context.now)
        for one, point in points:
            row = {"clock_id": one.clock_id, "point": point, "at": context.now, "probability": one.forecast.probability}
            connection.execute(q.ADD_POINT, row)
    return len(changed) + len(over)


def _differs(one: Made, row: Any) -> bool:
    """Say whether a forecast tells something new: a figure that people see. Until it does, what it stood on is kept beside it."""
    if row is None or row.clock_id != one.clock_id or (row.probability is None) != (one.percent is None):
        return True
    return row.probability is not None and round(100 * row.probability) != one.percent


def _store(connection: Connection, one: Made, now: int) -> None:
    row = {**one.row, "at": now}
    changes = {name: value for name, value in row.items() if name != "record_id"}
    connection.execute(upsert(connection.dialect.name, breach_forecast, row, keys=["record_id"], changes=changes))
    if one.kind in q.SHOWN:
        connection.execute(q.SHOWN[one.kind], {"record": one.record_id, "percent": one.percent})


def make(connection: Connection, now: int) -> Iterator[Made]:
    """Yield the forecast of each clock that is not late yet; of one that waits without a basis: nothing moves meanwhile."""
    running = list(connection.execute(q.RUNNING))
    past = list(connection.execute(q.PAST, {"since": now - LOOKED_BACK_SECONDS, "limit": MOST}))
    policies = _policies(connection, {row.policy_id for row in (*running, *past)})
    teams = {row.team_id for row in (*running, *past) if row.team_id is not None}
    names = {key: named.title for key, named in resolve.names(connection, teams).items()}
    used = {row.id: _used(policies[row.policy_id], row, now) for row in running}
    known: dict[Key, list[Duration]] = defaultdict(list)
    for row in past:
        if (target_seconds := policies[row.policy_id].target_seconds(row.started_at)) is not None:
            learn(known, row, names, row.elapsed_seconds, target_seconds, ended=row.met_at is not None)
    for row in running:
        if (so_far := used[row.id]) is not None:
            learn(known, row, names, *so_far, ended=False)
    circles = Circles(known)
    for row in running:
        about = used[row.id]
        if about is None:
            if row.breached_at is None:
                yield Made(row.id, row.record_id, row.kind, 0, 0, Forecast(0), "")
            continue
        found, basis = circles.forecast(groups(row, names), *about)
        yield Made(row.id, row.record_id, row.kind, *about, found, basis)


class Circles:
    """What is known by what is alike, each curve drawn when it is first asked for."""

    def __init__(self, known: Mapping[Key, list[Duration]]) -> None:
        """Take what is known; it may not grow any more."""
        self._known = known
        self._drawn: dict[Key, Circle] = {}

    def _circle(self, key: Key) -> Circle:
        if key not in self._drawn:
            self._drawn[key] = Circle(self._known.get(key, ()))
        return self._drawn[key]

    def forecast(self, like: list[Group], elapsed_seconds: int, target_seconds: int) -> tuple[Forecast, str]:
        """Return the forecast of a record, and in words what it stands on."""
        plain, scaled = (elapsed_seconds, target_seconds), (parts(elapsed_seconds, target_seconds), WHOLE)
        found = forecast([Asked(self._circle(group.key), *(scaled if group.scaled else plain)) for group in like])
        told = (f"{count} {group.words}" for group, count in zip(like, found.counts, strict=True) if count)
        return found, ", ".join(told)[:BASIS] or f"no {like[0].words}"


def _policies(connection: Connection, ids: Iterable[int]) -> dict[int, Policy]:
    wanted = sorted(ids)
    return {row.id: Policy.from_json(row.definition) for row in connection.execute(clocks.POLICIES, {"ids": wanted})}


def _used(policy: Policy, row: Any, now: int) -> tuple[int, int] | None:
    """Return the working time used and that granted; None where the clock waits, is late, or cannot tell."""
    target_seconds = policy.target_seconds(row.started_at)
    if row.due_at is None or row.breached_at is not None or row.due_at < now or target_seconds is None:
        return None
    return max(0, target_seconds - policy.working.elapsed(now, row.due_at)), target_seconds


def _points(connection: Connection, made: Iterable[Made]) -> Iterator[tuple[Made, int]]:
    """Yield the forecasts to keep: those of clocks that passed a point since they were last looked at."""
    due = {}
    for one in made:
        if one.forecast.probability is not None and one.target_seconds:
            passed = [point for point in POINTS if 100 * one.elapsed_seconds >= point * one.target_seconds]
            if passed:
                due[one.clock_id] = (one, passed[-1])
    if not due:
        return
    kept: dict[int, int] = {}
    for row in connection.execute(q.POINTS_OF, {"ids": sorted(due)}):
        kept[row.clock_id] = max(row.point, kept.get(row.clock_id, 0))
    for key, (one, point) in due.items():
        if point > kept.get(key, 0):
            yield one, point


def scores(desk: Desk, from_at: int, to_at: int) -> dict[int, Score]:
    """Return how good the forecasts of a period were, by the share of the target that had been used when they were made."""
    pairs: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    with desk.database.read() as connection:
        for row in connection.execute(q.OUTCOMES, {"from_at": from_at, "to_at": to_at}):
            pairs[row.point].append((row.probability, row.breached_at is not None))
    return {point: score(pairs[point]) for point in POINTS}


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast as it is explained."""

    at: int
    elapsed_seconds: int
    target_seconds: int
    at_risk: int
    basis: str
    probability: float | None
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """Return the figure with what it stands on."""
        if self.probability is None:
            return f"n/a: longer than this one so far took {self.basis}; {LEAST} are wanted"
        interval = f"{100 * (self.low or 0):.0f} to {100 * (self.high or 0):.0f} %"
        return f"{100 * self.probability:.0f} % ({interval}); longer than this one so far took {self.basis}"


def told(desk: Desk, record_id: int) -> Told | None:
    """Return the newest forecast of a record, None where there is none."""
    with desk.database.read() as connection:
        row = connection.execute(q.OF_RECORD, {"record": record_id}).first()
    if row is None:
        return None
    return Told(row.at, row.elapsed_seconds, row.target_seconds, row.at_risk, row.basis, row.probability, row.low, row.high)
