"""What the demo desk thought of itself before: a past self-assessment, and what was foretold of clocks that are over by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from data.engine import Database
from data.queries import clocks
from data.queries import forecast as q
from deskterm.assessment.running import keep
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.kinds import Registry
from deskterm.records import resolve
from deskterm.service_level.forecast_rules import Duration
from deskterm.service_level.forecasting import POINTS, Circles, Group, Key, groups, learn
from deskterm.service_level.policy import Policy

DAY = 86_400
ASSESSED_DAYS_AGO = 26
KEEPER = "ada"
FORETOLD_DAYS = 28
"""Of clocks that began within so many days it is written down what was foretold of them."""


def assessed(database: Database, registry: Registry, now: int) -> None:
    """Let the desk be assessed and that be kept, before half of what it does today is in it."""
    desk = desk_of(database, KEEPER, clock=FrozenClock(now - ASSESSED_DAYS_AGO * DAY), registry=registry)
    keep(desk, "Where we stand before problems, money and capacity are looked after.")


def foretold(database: Database, now: int) -> None:
    """Write down what the desk would have said of each clock when a quarter, half and three quarters of its time was used.

    Only what was over by then is known to it, so that what came can be held against what was said.
    """
    with database.write() as connection:
        rows = list(_foretold(connection, now))
        if rows:
            connection.execute(q.ADD_POINT, rows)


def _foretold(connection: Connection, now: int) -> Iterator[dict[str, Any]]:
    past = sorted(connection.execute(q.PAST, {"since": 0, "limit": 20_000}), key=lambda row: row.started_at)
    over = sorted((row for row in past if row.met_at is not None), key=lambda row: row.met_at)
    ids = sorted({row.policy_id for row in past})
    policies = {row.id: Policy.from_json(row.definition) for row in connection.execute(clocks.POLICIES, {"ids": ids})}
    names = {key: one.title for key, one in resolve.names(connection, {row.team_id for row in past} - {None}).items()}
    known: dict[Key, list[Duration]] = defaultdict(list)
    learnt, day, circles = 0, 0, Circles({})
    for row in past:
        if row.started_at < now - FORETOLD_DAYS * DAY:
            continue
        if row.started_at // DAY != day:  # what was known at midnight serves a day: it is drawn once
            day = row.started_at // DAY
            while learnt < len(over) and over[learnt].met_at <= day * DAY:
                one = over[learnt]
                target_seconds = policies[one.policy_id].target_seconds(one.started_at) or 0
                learn(known, one, names, one.elapsed_seconds, target_seconds, ended=True)
                learnt += 1
            circles = Circles(known)
        if row.met_at is not None:
            yield from _points(row, policies[row.policy_id], circles, groups(row, names))


def _points(row: Any, policy: Policy, circles: Circles, like: list[Group]) -> Iterator[dict[str, Any]]:
    target = policy.target_seconds(row.started_at) or 0
    for point in POINTS:
        used = target * point // 100
        if not 0 < used < row.elapsed_seconds:
            return
        found, _ = circles.forecast(like, used, target)
        if found.probability is not None:
            at = min(policy.reached(point, row.started_at) or row.met_at, row.met_at)
            yield {"clock_id": row.id, "point": point, "at": at, "probability": found.probability}
