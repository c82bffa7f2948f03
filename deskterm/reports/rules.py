"""The arithmetic of reports: shares, means, medians and percentiles of whole seconds, ages in classes; of nothing, None."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

DAY = 86400

AGES = (("0-1", 1), ("2-7", 7), ("8-30", 30), ("over-30", None))
"""Classes of age: name, and the most days of it. A day that has begun counts: 25 hours are in their second day."""


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent, not rounded; None of nothing."""
    return 100 * part / whole if whole else None


def mean(values: Sequence[int]) -> int | None:
    """Return the arithmetic mean, to the nearest whole; None of nothing."""
    return round(sum(values) / len(values)) if values else None


def ratio(part: int, whole: int) -> float | None:
    """Return how many there are to each, not rounded; None of nothing."""
    return part / whole if whole else None


def median(values: Sequence[int]) -> int | None:
    """Return the middle value, or the mean of the two in the middle, to the nearest whole; None of nothing."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else round((ordered[middle - 1] + ordered[middle]) / 2)


def percentile(values: Sequence[int], share: int) -> int | None:
    """Return the smallest value that so many percent of them do not exceed (nearest rank); None of nothing."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)] if values else None


def ages(seconds: Iterable[int]) -> dict[str, int]:
    """Count ages by class."""
    found = dict.fromkeys((name for name, _ in AGES), 0)
    for age in seconds:
        found[next(name for name, most in AGES if most is None or age <= most * DAY)] += 1
    return found
