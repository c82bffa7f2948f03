"""What an hour of work costs: of an agent, else of their team, else of a role of theirs, else of anybody, as it was then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data.queries import finance as q


@dataclass(frozen=True, slots=True)
class HourlyRate:
    """What an hour costs from a day on."""

    number: str
    agent: int | None
    team: int | None
    role: str | None
    amount: Decimal
    currency: str
    valid_from: int


@dataclass(frozen=True, slots=True)
class Worker:
    """Who worked, as far as rates go."""

    id: int | None
    login: str
    roles: frozenset[str]
    teams: tuple[tuple[int, int, int], ...]
    """Team, and from when to when they belonged to it."""


def rate_at(rates: Sequence[HourlyRate], worker: Worker, at: int, team: int | None = None) -> HourlyRate | None:
    """Return the rate of somebody's work at an instant; of several the most particular, then the newest.

    Args:
        rates: all there are.
        worker: who.
        at: when.
        team: the team of the record that was worked on; its rate goes before those of other teams they were in.
    """
    teams = [one for one, start, end in worker.teams if start <= at < end]

    def rank(one: HourlyRate) -> int | None:
        if one.agent is not None:
            return 4 if one.agent == worker.id else None
        if one.team is not None:
            return 3 if one.team == team and (not teams or team in teams) else 2 if one.team in teams else None
        if one.role is not None:
            return 1 if one.role in worker.roles else None
        return 0

    fit = [(place, one.valid_from, one.number, one) for one in rates if one.valid_from <= at and (place := rank(one)) is not None]
    return max(fit, key=lambda entry: entry[:3])[3] if fit else None


@dataclass(slots=True)
class Payroll:
    """Rates and workers, read once."""

    rates: tuple[HourlyRate, ...]
    by_login: dict[str, Worker]
    by_id: dict[int, Worker]

    @classmethod
    def read(cls, connection: Connection) -> Payroll:
        """Read them."""
        rates = tuple(
            HourlyRate(
                row.number, row.agent_id, row.team_id, row.role, Decimal(row.amount).scaleb(-2), row.currency, row.valid_from
            )
            for row in connection.execute(q.LABOUR)
        )
        teams: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for row in connection.execute(q.TEAMS_OF):
            teams[row.source_id].append((row.target_id, row.valid_from, row.valid_until))
        people = [_worker(row, teams[row.id]) for row in connection.execute(q.PEOPLE)]
        return cls(rates, {one.login: one for one in people}, {one.id: one for one in people if one.id is not None})

    def of(self, who: str | int | None) -> Worker:
        """Return a worker by login or id; somebody the desk does not know has neither roles nor teams."""
        found = self.by_login.get(who) if isinstance(who, str) else self.by_id.get(who or 0)
        return found or Worker(None, who if isinstance(who, str) else "somebody", frozenset(), ())


def _worker(row: Any, teams: Sequence[tuple[int, int, int]]) -> Worker:
    return Worker(row.id, row.title, frozenset(row.roles or ()), tuple(teams))


def cost_of(seconds: int, rate: HourlyRate) -> Fraction:
    """Return what so much work costs at a rate, exactly."""
    return Fraction(rate.amount) * seconds / 3600
