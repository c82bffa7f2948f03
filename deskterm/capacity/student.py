"""Quantiles of Student's t distribution, for bands about a fit. Pure."""

from __future__ import annotations

from functools import lru_cache
from math import atan, cos, inf, pi, sin, sqrt
from statistics import NormalDist

LARGE = 1000
"""From so many degrees of freedom on, an expansion about the normal distribution is exact to nine digits."""


@lru_cache(maxsize=256)
def two_sided(confidence: float, freedom: int) -> float:
    """Return q such that a t variable lies within ±q with this probability.

    Args:
        confidence: between 0 and 1.
        freedom: degrees of freedom, 1 or more.

    Abramowitz and Stegun, 26.7.3 and 26.7.4, solved by bisection; 26.7.5 for many degrees of freedom.
    """
    if freedom >= LARGE:
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    low, high = 0.0, 1.0
    while _within(high, freedom) < confidence and high < inf:
        low, high = high, high * 2
    for _ in range(80):
        middle = (low + high) / 2
        if _within(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """Return the probability of ±t."""
    angle = atan(t / sqrt(freedom))
    square = cos(angle) ** 2
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = 0.0 if freedom == 1 else term
    for step in range(2 + odd, freedom - 1, 2):
        term *= square * (step - 1) / step
        total += term
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
