"""Use as a share of what is installed, when that changed, roll-ups, and when to order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, fsum
from typing import NamedTuple

from deskterm.errors import InvalidInput


class Capacity(NamedTuple):
    """What is installed from an instant on, in the unit of the samples."""

    from_at: int
    amount: float


@dataclass(frozen=True, slots=True)
class RollUp:
    """What the samples of an hour or a day come to."""

    samples: int
    least: float
    mean: float
    p95: float
    """The smallest sample that 95 % of them do not exceed: a value that was measured, never one in between."""
    most: float


def used_percent(value: float, capacity: float | None) -> float | None:
    """Return use in per cent of capacity; None where there is no capacity, or it is not known: it is not 0 % and not infinite.

    Raises:
        InvalidInput: the capacity is negative.
    """
    if capacity is None or capacity == 0:
        return None
    if capacity < 0:
        raise InvalidInput("capacity must be 0 or more", fields={"capacity": "must be 0 or more"})
    return 100 * value / capacity


def changes_of(installed: Sequence[Capacity]) -> list[Capacity]:
    """Return the steps at which what is installed really changed: each splits the history, and a fit across it means nothing."""
    steps = steps_of(installed)
    return [step for before, step in pairwise(steps) if step.amount != before.amount]


def roll_up(values: Sequence[float]) -> RollUp | None:
    """Sum up the samples of a stretch of time; None where there are none, for no sample is not a use of 0."""
    if not values:
        return None
    ordered = sorted(values)
    rank = ceil(len(ordered) * 95 / 100)
    return RollUp(len(ordered), ordered[0], fsum(ordered) / len(ordered), ordered[rank - 1], ordered[-1])


def order_by(now_at: int, seconds_left: float | None, lead_seconds: int) -> int | None:
    """Return the instant by which more must be ordered so that it arrives in time; in the past, it is late already.

    Args:
        now_at: the instant from which the time left counts.
        seconds_left: until the threshold; the early end of its range is the careful choice. None: withheld.
        lead_seconds: from the order to use, procurement and change together.
    """
    return None if seconds_left is None else now_at + int(seconds_left) - lead_seconds


def steps_of(installed: Sequence[Capacity]) -> list[Capacity]:
    """Return the history of what is installed in order, one entry an instant: of several the one that was written last."""
    by_instant: dict[int, float] = {}
    for at, amount in installed:
        by_instant[at] = amount
    return [Capacity(at, by_instant[at]) for at in sorted(by_instant)]


def effective(installed: Sequence[Capacity], at: int) -> float | None:
    """Return what was installed at an instant; before the first entry, what that says. None where there is none."""
    steps = steps_of(installed)
    found = [amount for from_at, amount in steps if from_at <= at]
    return found[-1] if found else steps[0].amount if steps else None


def level_of(percent: float | None, capacity: float | None) -> float | None:
    """Return a threshold in the unit of the samples.

    Args:
        percent: of capacity; where no capacity is kept, the threshold is in the unit itself.
        capacity: what is installed; of nothing (0) there is no share.
    """
    if percent is None or capacity is None:
        return percent
    return percent * capacity / 100 if capacity > 0 else None
