"""One resource to be looked at: its history with what was installed when, what is expected, and how earlier forecasts fared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.queries import capacity as q
from deskterm.capacity import history, outlook
from deskterm.capacity.forecasts import DEFAULT_FITNESS, Sample
from deskterm.capacity.history import DAY_SECONDS
from deskterm.capacity.outlook import Outlook
from deskterm.capacity.scoring import Score, scores
from deskterm.desk import Desk
from deskterm.errors import InvalidInput

POINTS = 600
"""As many as a wide terminal has dots."""
EXPECTED_POINTS = 240
SPANS = (90, 365, 30)
"""Days of history that a picture may show."""


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast as it was kept."""

    made_at: int
    method: str
    seconds_left: float | None
    withheld: str | None


@dataclass(frozen=True, slots=True)
class Installed:
    """A step of what is installed."""

    from_at: int
    amount: float
    reason: str | None
    actor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What a screen shows of a resource."""

    outlook: Outlook
    points: tuple[Sample, ...]
    expected: tuple[tuple[float, float, float, float], ...]
    """Instant, value, low, high."""
    installed: tuple[Installed, ...]
    told: tuple[Told, ...]
    score: Score | None
    version: int


def picture(desk: Desk, number: str, span_days: int = SPANS[0]) -> Picture:
    """Return one resource to be looked at.

    Raises:
        InvalidInput: it is no resource.
        NotFound: there is none.
    """
    view = desk.show(number)
    if view.kind != "resource":
        raise InvalidInput(f"{view.number} is a {view.kind}, not a resource")
    with desk.database.read() as connection:
        one = outlook.read_all(connection, desk.moment, {view.id}, ("resource", "driver"))[0]
        end = one.latest_at if one.latest_at is not None else desk.moment
        points = history.series(connection, one.id, end - span_days * DAY_SECONDS, end + 1, one.basis, POINTS).points
        rows = connection.execute(q.INSTALLED, {"resource": one.id})
        steps = _changes([Installed(row.from_at, row.amount, row.reason, row.actor) for row in rows])
        told: list[Any] = list(connection.execute(q.FORECASTS, {"resource": one.id, "limit": 5}))
        score = scores(connection, desk.moment).get(one.id)
    kept = tuple(Told(row.made_at, row.method, row.seconds_left, row.withheld) for row in told)
    return Picture(one, points, _expected(one, span_days), steps, kept, score, view.version)


def _changes(told: list[Installed]) -> tuple[Installed, ...]:
    """Return the steps at which what is installed changed, the first among them."""
    kept: list[Installed] = []
    for step in sorted(told, key=lambda one: one.from_at):
        if kept and kept[-1].from_at == step.from_at:
            kept.pop()
        if not kept or kept[-1].amount != step.amount:
            kept.append(step)
    return tuple(kept)


def _expected(one: Outlook, span_days: int) -> tuple[tuple[float, float, float, float], ...]:
    """Return what is expected from now on: as far as it is used up and a little more, or half the span."""
    if one.model is None or len(one.series.points) < DEFAULT_FITNESS.samples:
        return ()
    length = one.series.points[-1].at - one.series.points[0].at
    ahead = span_days * DAY_SECONDS / 2
    if one.forecast.seconds_left is not None:
        ahead = min(max(one.forecast.seconds_left * 1.2, ahead / 2), 2 * span_days * DAY_SECONDS)
    ahead = min(ahead, max(length * 2, DAY_SECONDS / 24))
    found = []
    for step in range(EXPECTED_POINTS + 1):
        at = one.now + ahead * step / EXPECTED_POINTS
        value = one.expected(at)
        if value is not None:
            found.append((at, *value))
    return tuple(found)
