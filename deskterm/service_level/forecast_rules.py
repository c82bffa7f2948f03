"""How likely a running clock is to be breached, from how long work like it took: pure.

The estimator is Kaplan and Meier's (*Nonparametric Estimation from Incomplete Observations*, 1958), conditional on what has been
used up already: of the similar records that took longer than this one has taken so far, the share that takes longer than the
target. Work that is still open, or was cancelled, counts for as long as it was watched. The interval is Wilson's (*Probable
Inference*, 1927) at 95 %, for the effective number of records that Greenwood's variance gives (Cutler and Ederer, 1958). With
fewer than `LEAST` records to stand on nothing is said.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LEAST = 15
"""Similar records that must have taken longer than this one has so far, before anything is said."""
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

    @property
    def withheld(self) -> bool:
        """Return whether nothing is said, for want of similar records."""
        return self.probability is None


def forecast(durations: Iterable[Duration], elapsed_seconds: int, target_seconds: int) -> Forecast:
    """Return how likely it is that work which has taken so long takes longer than its target; met to the second is in time."""
    later = [one for one in durations if one.seconds > elapsed_seconds]
    if len(later) < LEAST:
        return Forecast(len(later))
    if elapsed_seconds >= target_seconds:
        return Forecast(len(later), 1.0, 1.0, 1.0)
    survival, spread, watched = 1.0, 0.0, len(later)
    ends = Counter(one.seconds for one in later if one.ended)
    seen = sorted(later)
    place = 0
    for at in sorted(ends):
        if at > target_seconds:
            break
        while place < len(seen) and seen[place].seconds < at:
            place += 1
        watched = len(seen) - place
        ended = ends[at]
        survival *= 1 - ended / watched
        if watched > ended:
            spread += ended / (watched * (watched - ended))
    low, high = wilson(survival, _effective(survival, spread, later, target_seconds))
    return Forecast(len(later), survival, low, high)


def _effective(survival: float, spread: float, later: Sequence[Duration], target_seconds: int) -> float:
    """Return how many fully observed records would say as much."""
    if 0 < survival < 1 and spread > 0:
        return (1 - survival) / (survival * spread)
    return float(sum(one.ended or one.seconds > target_seconds for one in later))


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
        return Score(0, None, None)
    share = sum(came for _, came in pairs) / len(pairs)
    brier = sum((said - came) ** 2 for said, came in pairs) / len(pairs)
    return Score(len(pairs), brier, share * (1 - share))
