"""A line with a weekly pattern on top: least squares with one level for each hour of the week, or longer phases. Pure.

The model is `y = b·t + level[phase]`, seasonal dummy variables after Hyndman and Athanasopoulos, *Forecasting: Principles and
Practice* (3rd ed., 7.4). Its least squares are reckoned phase by phase (Frisch-Waugh-Lovell): with means taken within each
phase, `b = Σ(t-t̄)(y-ȳ) / Σ(t-t̄)²` and `level = ȳ - b·t̄`. How strong the pattern is says `1 - Var(left) / Var(left by a line
alone)` (ibid. 4.3). Phases are counted in UTC, a week from Thursday 1970-01-01.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from deskterm.capacity.forecasts import DEFAULT_FITNESS, Fitness, Forecast, Line, Sample, behind, fit
from deskterm.capacity.student import two_sided

WEEK_SECONDS = 604_800
STEPS_SECONDS = (3_600, 2 * 3_600, 3 * 3_600, 4 * 3_600, 6 * 3_600, 12 * 3_600, 86_400)
"""Lengths of a phase that are tried, the finest first: who measures every six hours has twenty-eight of them a week."""
FEWEST_WEEKS = 2
"""What happened once is no pattern."""
STRONG = 0.3
"""A pattern that explains less of what a line leaves open is not worth 168 figures."""


@dataclass(frozen=True, slots=True)
class Season:
    """A line and what each phase of the week adds to it."""

    line: Line
    """The trend at the level of the whole week; its R² is that of the whole model."""
    step_seconds: int
    """Length of a phase, such as an hour."""
    offsets: tuple[float, ...]
    """What each phase adds, in the unit of the samples; they add up to nothing."""
    trend_r2: float
    """The share of what is left within the phases that the slope explains."""
    strength: float
    """The share of what a line alone leaves open that the pattern explains."""

    @property
    def slope(self) -> float:
        """Units a second."""
        return self.line.slope

    def value(self, at: float) -> float:
        """Return the model's value at an instant."""
        return self.line.value(at) + self.offsets[phase_of(at, self.step_seconds)]

    def band(self, at: float, confidence: float = DEFAULT_FITNESS.confidence) -> tuple[float, float]:
        """Return between what a sample may be expected at an instant."""
        value, width = self.value(at), self.width(at, confidence)
        return value - width, value + width

    def width(self, at: float, confidence: float = DEFAULT_FITNESS.confidence) -> float:
        """Return how far the edges of the band are from the model's value; the further from the middle, the wider."""
        phases = len(self.offsets)
        freedom = max(self.line.samples - phases - 1, 1)
        apart = (at - self.line.middle_at) ** 2 / self.line.spread
        return two_sided(confidence, freedom) * self.line.scatter * sqrt(1 + phases / self.line.samples + apart)


def fit_week(samples: Sequence[Sample]) -> Season | None:
    """Lay a line with a weekly pattern through samples, with phases as fine as the samples allow; None where none do."""
    found = (fit_season(samples, step) for step in STEPS_SECONDS)
    return next((season for season in found if season is not None), None)


def phase_of(at: float, step_seconds: int) -> int:
    """Return the phase of the week that an instant lies in."""
    return int(at % WEEK_SECONDS // step_seconds)


def fit_season(samples: Sequence[Sample], step_seconds: int) -> Season | None:
    """Lay a line with a weekly pattern through samples; None where a phase was not seen in two weeks at least.

    Args:
        samples: sums of hours or days, in any order; `at` is seconds since the epoch.
        step_seconds: the length of a phase, of which a whole number makes a week.
    """
    groups: dict[int, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(phase_of(sample.at, step_seconds), []).append(sample)
    phases = WEEK_SECONDS // step_seconds
    if len(groups) < phases or any(_weeks(group) < FEWEST_WEEKS for group in groups.values()):
        return None
    alone = fit(samples)
    if alone is None:
        return None
    count = len(samples)
    means = {key: (fsum(s.at for s in g) / len(g), fsum(s.value for s in g) / len(g)) for key, g in groups.items()}
    spread = fsum((s.at - means[key][0]) ** 2 for key, g in groups.items() for s in g)
    together = fsum((s.at - means[key][0]) * (s.value - means[key][1]) for key, g in groups.items() for s in g)
    within = fsum((s.value - means[key][1]) ** 2 for key, g in groups.items() for s in g)
    slope = together / spread
    middle = fsum(s.at for s in samples) / count
    levels = {key: value - slope * (at - middle) for key, (at, value) in means.items()}
    height = fsum(levels.values()) / phases
    left = fsum((s.value - levels[key] - slope * (s.at - middle)) ** 2 for key, g in groups.items() for s in g)
    mean = fsum(s.value for s in samples) / count
    variation = fsum((s.value - mean) ** 2 for s in samples)
    left_alone = fsum((s.value - alone.value(s.at)) ** 2 for s in samples)
    line = Line(
        slope=slope, middle_at=middle, height=height, r2=1 - left / variation if variation else None,
        scatter=sqrt(left / max(count - phases - 1, 1)), samples=count, spread=spread,
    )  # fmt: skip
    return Season(
        line, step_seconds, tuple(levels[key] - height for key in range(phases)),
        trend_r2=min(max(slope * together / within, 0.0), 1.0) if within else 0.0,
        strength=max(1 - left / left_alone, 0.0) if left_alone else 0.0,
    )  # fmt: skip


def _weeks(group: Sequence[Sample]) -> int:
    """Return in how many weeks a phase was seen: two samples of one hour are of one week."""
    return len({sample.at // WEEK_SECONDS for sample in group})


def forecast_season(
    season: Season, samples: Sequence[Sample], threshold: float, *, now: float, fitness: Fitness = DEFAULT_FITNESS
) -> Forecast:
    """Say how long it takes until the model first reaches a threshold, peaks of the week included, or why that cannot be said.

    Args:
        season: the model.
        samples: the history it was laid through.
        threshold: the upper limit.
        now: the instant to count from.
        fitness: what the history must offer.
    """
    latest = max(samples)
    level = max(latest.value, season.value(now))
    if level >= threshold:
        return behind(season.line, level, threshold)
    length = latest.at - min(samples).at
    first, early, late = _crossings(season, threshold, now, now + fitness.reach * length, fitness.confidence)
    if first is None:
        if season.slope <= 0:
            return Forecast(season.line, withheld="no trend: it does not grow")
        said = f"history too short: the threshold is more than {fitness.reach:g} times its length away"
        return Forecast(season.line, withheld=said)
    if (season.slope <= 0 or season.trend_r2 < fitness.r2) and first - now > WEEK_SECONDS:
        said = f"fit too poor: within the week's pattern the trend's R² is {season.trend_r2:.2f}, {fitness.r2:g} is needed"
        return Forecast(season.line, withheld=said)
    return Forecast(season.line, first - now, (early if early is not None else first) - now, None if late is None else late - now)


def _crossings(
    season: Season, threshold: float, now: float, until: float, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """Return when the model, the upper and the lower edge of its band first reach a threshold."""
    first: float | None = None
    early: float | None = None
    peak = max(season.offsets)
    at = now
    while at <= until:
        later = at + WEEK_SECONDS
        top = max(season.line.value(at), season.line.value(later)) + peak
        reach = -season.width(at, confidence) if early is not None and first is not None else season.width(later, confidence)
        if top + reach < threshold:  # nothing of this week comes near: most of a long way is walked by weeks
            at = later
            continue
        low, high = season.band(at, confidence)
        if early is None and high >= threshold:
            early = at
        if first is None and (low + high) / 2 >= threshold:
            first = at
        if low >= threshold:
            return first, early, at
        at += season.step_seconds
    return first, early, None
