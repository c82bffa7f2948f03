"""When a resource will be full: a line through its samples, the time left to a threshold as a range, or why there is none. Pure.

Samples may come in any order and several at one instant; each of them counts. A threshold is an upper limit. Two ways to
fit: least squares (Gauss), whose R² is the share of the variance that the line explains, and Theil-Sen (the median of the
slopes of all pairs, Sen 1968), which a few wild samples do not sway; its R² puts medians of absolute deviations in place
of the variances, for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, inf, isfinite, sqrt
from statistics import median
from typing import NamedTuple

from deskterm.capacity.student import two_sided
from deskterm.errors import InvalidInput

MOST_FOR_PAIRS = 2000
"""Theil-Sen looks at every pair; of longer histories take the daily or hourly roll-ups."""
LARGEST = 1e15
"""Larger figures than this are no measurements, and what is reckoned from them loses its digits."""
SHORTEST = 1e-6
"""Seconds that a history must span for its samples to be of more than one instant."""
TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation, for the normal distribution."""


class Method(StrEnum):
    """How a line is laid through samples."""

    LEAST_SQUARES = "least-squares"
    THEIL_SEN = "theil-sen"


class Sample(NamedTuple):
    """A measurement."""

    at: float
    """Seconds since any origin."""
    value: float


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a history must offer before a date is told from it."""

    samples: int = 3
    """At so many different instants at least: through two points there is always a line."""
    r2: float = 0.25
    """A line that explains less of what happened is no trend; 0.25 is a correlation of one half."""
    reach: float = 10
    """No further ahead than so many times the length of the history."""
    confidence: float = 0.9
    """Of the range: the probability that a sample lies within the band about the line."""


DEFAULT_FITNESS = Fitness()


@dataclass(frozen=True, slots=True)
class Line:
    """A fit. Kept about its middle, for seconds since 1970 are too large to reckon with from their origin."""

    slope: float
    """Units a second."""
    middle_at: float
    height: float
    """The line's value at the middle."""
    r2: float | None
    """None where all samples are alike, so that there is nothing to explain."""
    scatter: float
    """The standard deviation of samples about the line."""
    samples: int
    spread: float
    """The sum of squared distances of the samples' instants from the middle."""

    @property
    def intercept(self) -> float:
        """The line's value at the origin of time."""
        return self.height - self.slope * self.middle_at

    def value(self, at: float) -> float:
        """Return the line's value at an instant."""
        return self.height + self.slope * (at - self.middle_at)

    def band(self, at: float, confidence: float = 0.9) -> tuple[float, float]:
        """Return between what a sample may be expected at an instant; see `_range` for the formula."""
        apart = (at - self.middle_at) ** 2 / self.spread
        width = two_sided(confidence, max(self.samples - 2, 1)) * self.scatter * sqrt(1 + 1 / self.samples + apart)
        return self.value(at) - width, self.value(at) + width


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a history says; a figure that it cannot support is None, and `withheld` says why."""

    line: Line | None
    seconds_left: float | None = None
    """From now until the line reaches the threshold."""
    seconds_left_low: float | None = None
    """The earliest: when a sample may first be expected at the threshold."""
    seconds_left_high: float | None = None
    """The latest; None with `seconds_left` told: there may be no trend at all, so there is no latest."""
    withheld: str | None = None
    exceeded: bool = False
    """Whether nothing is told because the threshold is behind."""


def behind(line: Line | None, level: float, threshold: float) -> Forecast:
    """Return the forecast of what stands at a level at or beyond the threshold: there is no date left to tell."""
    return Forecast(line, withheld=f"exceeded already: {level:.6g} of {threshold:.6g}", exceeded=True)


def fit(samples: Sequence[Sample], method: Method = Method.LEAST_SQUARES) -> Line | None:
    """Lay a line through samples; None where they do not stand at two instants at least.

    Raises:
        InvalidInput: a sample is infinite, no number or beyond all measure; or too many for Theil-Sen.
    """
    for place, (at, value) in enumerate(samples):
        if not (isfinite(at) and isfinite(value)) or max(abs(at), abs(value)) > LARGEST:
            message = "must be a finite instant and a finite value"
            raise InvalidInput(f"samples.{place} {message}", fields={f"samples.{place}": message})
    points = sorted(samples)
    if not points or points[-1].at - points[0].at < SHORTEST:
        return None
    line = _theil_sen(points) if method is Method.THEIL_SEN else _least_squares(points)
    if not (isfinite(line.slope) and isfinite(line.height)):
        message = "stand too close together for their values"
        raise InvalidInput(f"samples {message}", fields={"samples": message})
    return line


def forecast(
    samples: Sequence[Sample],
    threshold: float,
    *,
    method: Method = Method.LEAST_SQUARES,
    now: float | None = None,
    fitness: Fitness = DEFAULT_FITNESS,
) -> Forecast:
    """Say how long it takes to a threshold, or why that cannot be said.

    Args:
        samples: the history; of a resource that was extended, the part since then.
        threshold: the upper limit, in the unit of the samples.
        method: how the line is laid.
        now: the instant to count from; the latest sample unless given.
        fitness: what the history must offer.

    Raises:
        InvalidInput: as `fit`.
    """
    line = fit(samples, method)
    latest = max(samples, default=Sample(0.0, 0.0))
    now = latest.at if now is None else now
    if line is None:
        at = "no samples" if not samples else "all samples are of one instant"
        return Forecast(None, withheld=f"history too short: {at}")
    level = max(latest.value, line.value(now))
    if level >= threshold:
        return behind(line, level, threshold)
    withheld = _unfit(line, samples, fitness)
    if withheld is not None:
        return Forecast(line, withheld=withheld)
    left = (threshold - line.value(now)) / line.slope
    length = latest.at - min(samples).at
    if left > fitness.reach * length:
        message = (
            f"history too short: the threshold is {left / length:.3g} times its length away, at most {fitness.reach:g} are told"
        )
        return Forecast(line, withheld=message)
    low, high = _range(line, threshold, fitness.confidence)
    return Forecast(line, left, max(low - now, 0.0), None if high is None else high - now)


def _unfit(line: Line, samples: Sequence[Sample], fitness: Fitness) -> str | None:
    """Say why no date can be told, before it is worked out."""
    instants = len({sample.at for sample in samples})
    if instants < fitness.samples:
        return f"history too short: {instants} instants, {fitness.samples} are needed"
    if line.slope <= 0:
        return "no trend: it does not grow"
    if line.r2 is None or line.r2 < fitness.r2:
        return f"fit too poor: R² is {0 if line.r2 is None else line.r2:.2f}, {fitness.r2:g} is needed"
    return None


def _range(line: Line, threshold: float, confidence: float) -> tuple[float, float | None]:
    """Return when the prediction band about the line reaches the threshold: its upper edge first, its lower edge last.

    The edges are `line ± q·s·sqrt(1 + 1/n + d²/Σd²)`, d being the distance from the middle. Where an edge meets the threshold,
    `(rise - slope·d)² = (q·s)²·(1 + 1/n + d²/Σd²)`: a quadratic in d.
    """
    width = two_sided(confidence, max(line.samples - 2, 1)) * line.scatter
    rise = threshold - line.height
    a = line.slope**2 - width**2 / line.spread
    c = rise**2 - width**2 * (1 + 1 / line.samples)
    if a <= 0:  # the slope might as well be 0: the lower edge never gets there
        root = sqrt(max((rise * line.slope) ** 2 - a * c, 0.0))
        return line.middle_at + (c / (rise * line.slope + root) if rise * line.slope + root > 0 else -inf), None
    root = sqrt(max((rise * line.slope) ** 2 - a * c, 0.0))
    return line.middle_at + (rise * line.slope - root) / a, line.middle_at + (rise * line.slope + root) / a


def _least_squares(points: Sequence[Sample]) -> Line:
    count = len(points)
    middle = fsum(at for at, _ in points) / count
    height = fsum(value for _, value in points) / count
    spread = fsum((at - middle) ** 2 for at, _ in points)
    level = all(value == points[0].value for _, value in points)  # the sum below need not be 0 then: means are rounded
    variation = 0.0 if level else fsum((value - height) ** 2 for _, value in points)
    together = fsum((at - middle) * (value - height) for at, value in points)
    slope = together / spread if variation else 0.0
    unexplained = fsum((value - height - slope * (at - middle)) ** 2 for at, value in points)
    r2 = 1 - unexplained / variation if variation else None
    return Line(slope, middle, height, r2, sqrt(unexplained / max(count - 2, 1)), count, spread)


def _theil_sen(points: Sequence[Sample]) -> Line:
    count = len(points)
    if count > MOST_FOR_PAIRS:
        message = f"must be {MOST_FOR_PAIRS} or fewer for theil-sen, take roll-ups"
        raise InvalidInput(f"samples {message}", fields={"samples": message})
    slope = median(
        (later.value - earlier.value) / (later.at - earlier.at)
        for place, earlier in enumerate(points)
        for later in points[place + 1 :]
        if later.at > earlier.at
    )
    middle = fsum(at for at, _ in points) / count
    height = median(value - slope * (at - middle) for at, value in points)
    residual = median(abs(value - height - slope * (at - middle)) for at, value in points)
    typical = median(value for _, value in points)
    variation = median(abs(value - typical) for _, value in points)
    r2 = 1 - (residual / variation) ** 2 if variation else None
    return Line(slope, middle, height, r2, residual * TO_SIGMA, count, fsum((at - middle) ** 2 for at, _ in points))
