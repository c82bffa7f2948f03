"""When a threshold counts as crossed, and when that is over: with hysteresis, so that one trouble is told once. Pure.

A level only rises while a breach lasts: from warning to critical. It is over when samples are back beyond the re-arm mark, and
only then the next crossing is a new breach. Each step takes as many samples in a row as the resource demands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from deskterm.capacity.forecasts import Sample
from deskterm.capacity.rules import level_of

OK, WARNING, CRITICAL = "ok", "warning", "critical"
_RANK = {OK: 0, WARNING: 1, CRITICAL: 2}
REARM_POINTS = 5.0
"""Points of a percent between the first threshold and the re-arm mark, if nobody says otherwise."""
REARM_SHARE = 0.05
"""The same of a threshold that is an amount."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Thresholds in the unit of the samples; None where there is none."""

    warn: float | None
    critical: float | None
    rearm: float | None
    down: bool = False
    confirm: int = 1

    def beyond(self, value: float, mark: float | None) -> bool:
        """Return whether a value has reached a threshold."""
        return mark is not None and (value <= mark if self.down else value >= mark)

    def back(self, value: float) -> bool:
        """Return whether a value is on the good side of the re-arm mark; where no threshold is left, every value is."""
        return self.rearm is None or (value > self.rearm if self.down else value < self.rearm)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a resource stands."""

    level: str = OK
    since_at: int | None = None
    """Of the sample that brought it there."""
    armed: bool = True
    value: float | None = None
    """Of that sample."""


def marks_of(
    warn: float | None, critical: float | None, rearm: float | None, capacity: float | None, *, down: bool, confirm: int
) -> Marks:
    """Return the thresholds of a resource in the unit of its samples.

    Args:
        warn: as kept: percent of capacity, or an amount where there is no capacity.
        critical: the same.
        rearm: the same; by default a little on the good side of the first threshold.
        capacity: what is installed.
        down: samples tell what is left.
        confirm: so many samples in a row.
    """
    first = warn if warn is not None else critical
    if rearm is None and first is not None:
        apart = first * REARM_SHARE if capacity is None else REARM_POINTS
        rearm = first + apart if down else first - apart
    return Marks(level_of(warn, capacity), level_of(critical, capacity), level_of(rearm, capacity), down, confirm)


def judge(samples: Sequence[Sample], before: Sequence[float], standing: Standing, marks: Marks) -> Standing:
    """Return how a resource stands after some samples.

    Args:
        samples: the new ones, in order.
        before: the values that came before them, as far as they may still count.
        standing: how it stood.
        marks: its thresholds.
    """
    recent = list(before)[-(marks.confirm - 1) :] if marks.confirm > 1 else []
    for at, value in samples:
        recent = [*recent, value][-marks.confirm :]
        if len(recent) < marks.confirm:
            continue
        level = _reached(recent, marks)
        if _RANK[level] > _RANK[standing.level]:
            standing = replace(standing, level=level, since_at=int(at), value=value)
        elif standing.level != OK and all(marks.back(one) for one in recent):
            standing = Standing(OK, int(at), True, value)
    return standing


def _reached(values: Sequence[float], marks: Marks) -> str:
    if all(marks.beyond(value, marks.critical) for value in values):
        return CRITICAL
    return WARNING if all(marks.beyond(value, marks.warn) for value in values) else OK
