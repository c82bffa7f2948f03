"""How likely a running clock is to be breached, from how long work like it took: pure.

The estimator is Kaplan and Meier's (*Nonparametric Estimation from Incomplete Observations*, 1958), conditional on what has been
used up already: of the similar records that took longer than this one has taken so far, the share that takes longer than the
target. Work that is still open, or was cancelled, counts for as long as it was watched. It is taken of several circles of
records, the widest first; each narrower share is drawn towards what the wider ones say, as if `PRIOR` more of its records had
gone that way (the mean of a beta distribution; Efron and Morris, *Data Analysis Using Stein's Estimator*, 1975): a few records
of its own do not make a forecast, many do. The interval is Wilson's (*Probable Inference*, 1927) at 95 %, for the effective
number of records that Greenwood's variance gives (Cutler and Ederer, 1958). Where the widest holds fewer than `LEAST` nothing
is said.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LEAST = 15
"""Similar records that must have taken longer than this one has so far, before anything is said."""
PRIOR = 15
"""So many records what the wider circles say weighs beside those of a narrower one (docs/decisions/0013-breach-forecast.md)."""
Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""


class Duration(NamedTuple):
    """How much working time a record took, or has taken so far."""

    seconds: int
    ended: bool
    """It was resolved then; otherwise it was last seen unresolved."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A probability with what stands behind it."""

    at_risk: int
    """How many similar records took longer than this one has so far."""
    probability: float | None = None
    low: float | None = None
    high: float | None = None
    counts: tuple[int, ...] = ()
    """The same circle by circle, the widest first."""

    @property
    def withheld(self) -> bool:
        """Return whether nothing is said, for want of similar records."""
        return self.probability is None


class Share(NamedTuple):
    """What a circle of records says: the share that takes longer than the target, and how many records it is worth."""

    at_risk: int
    value: float
    weight: float


class Circle:
    """Records that are alike, made ready to be asked often: the survival curve with Greenwood's sum beside it."""

    def __init__(self, durations: Iterable[Duration] = ()) -> None:
        """Draw the curve; it is asked for conditional shares, and those are ratios of it."""
        known = sorted(durations)
        self._seconds = [one.seconds for one in known]
        ends = Counter(one.seconds for one in known if one.ended)
        self._ends = sorted(ends)
        self._survival, self._spread, self._ended = [1.0], [0.0], [0]
        for at in self._ends:
            watched, ended = len(known) - bisect_left(self._seconds, at), ends[at]
            self._survival.append(self._survival[-1] * (watched - ended) / watched)
            self._spread.append(self._spread[-1] + (ended / (watched * (watched - ended)) if watched > ended else 0.0))
            self._ended.append(self._ended[-1] + ended)

    def share(self, elapsed_seconds: int, target_seconds: int) -> Share:
        """Return the share of what took longer than `elapsed_seconds` that takes longer than the target."""
        at_risk = len(self._seconds) - bisect_right(self._seconds, elapsed_seconds)
        if not at_risk or elapsed_seconds >= target_seconds:
            return Share(at_risk, 1.0, float(at_risk))
        first, last = (bisect_right(self._ends, at) for at in (elapsed_seconds, target_seconds))
        value, spread = self._survival[last] / self._survival[first], self._spread[last] - self._spread[first]
        if 0 < value < 1 and spread > 0:
            return Share(at_risk, value, (1 - value) / (value * spread))
        beyond = len(self._seconds) - bisect_right(self._seconds, target_seconds)
        return Share(at_risk, value, float(self._ended[last] - self._ended[first] + beyond))


class Asked(NamedTuple):
    """What is asked of a circle, in the measure of its durations: seconds, or parts of the target."""

    circle: Circle
    elapsed: int
    target: int


def forecast(asked: Sequence[Asked]) -> Forecast:
    """Return how likely it is that work which has taken so long takes longer than its target; met to the second is in time.

    Args:
        asked: The circles, the widest first; at least one.
    """
    shares = [one.circle.share(one.elapsed, one.target) for one in asked]
    counts = tuple(share.at_risk for share in shares)
    if counts[0] < LEAST:
        return Forecast(counts[0], counts=counts)
    if asked[0].elapsed >= asked[0].target:
        return Forecast(counts[0], 1.0, 1.0, 1.0, counts)
    _, value, weight = shares[0]
    for share in shares[1:]:
        if share.weight > 0:
            value = (share.weight * share.value + PRIOR * value) / (share.weight + PRIOR)
            weight = min(share.weight + PRIOR, max(share.weight, weight))
    return Forecast(counts[0], value, *wilson(value, weight), counts)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return Wilson's interval of a share seen in so many."""
    if count <= 0:
        return 0.0, 1.0
    square = Z * Z / count
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Score:
    """How good forecasts were, once it was known what came."""

    count: int
    said: float | None
    """The mean of what was said: well calibrated is what comes to the share that was late."""
    came: float | None
    """The share that was late."""
    brier: float | None
    """The mean square of what they were off by: 0 is perfect, 0.25 is saying 50 % each time."""
    reference: float | None
    """The same for saying the share that was breached each time."""

    @property
    def skill(self) -> float | None:
        """Return how much better than the reference: 1 is perfect, 0 no better, negative worse; None where it cannot be said."""
        if self.brier is None or not self.reference:
            return None
        return 1 - self.brier / self.reference


def score(pairs: Sequence[tuple[float, bool]]) -> Score:
    """Return Brier's score (*Verification of Forecasts*, 1950) of pairs of a probability and what came; None of nothing."""
    if not pairs:
        return Score(0, None, None, None, None)
    share = sum(came for _, came in pairs) / len(pairs)
    brier = sum((said - came) ** 2 for said, came in pairs) / len(pairs)
    return Score(len(pairs), sum(said for said, _ in pairs) / len(pairs), share, brier, share * (1 - share))
