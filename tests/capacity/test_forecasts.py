"""Forecasts: brute-force oracles, laws of a fit, the band, samples that no fit should take."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.capacity.forecasts import MOST_FOR_PAIRS, Fitness, Line, Method, Sample, fit, forecast
from deskterm.capacity.student import two_sided
from deskterm.errors import InvalidInput

samples_of = st.lists(st.builds(Sample, st.integers(0, 50).map(float), st.integers(-100, 100).map(float)), max_size=12)
SAWTOOTH = [Sample(300 * place, value) for place, value in enumerate((0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50))]


def fitted(samples: list[Sample], method: Method = Method.LEAST_SQUARES) -> Line:
    line = fit(samples, method)
    assert line is not None
    return line


@given(samples_of, st.randoms(use_true_random=False))
def test_least_squares_is_exact_and_knows_no_order(samples: list[Sample], random: object) -> None:
    line = fit(samples)
    instants = {sample.at for sample in samples}
    if len(instants) < 2:
        assert line is None
        return
    assert line is not None
    count = len(samples)
    t = [Fraction(sample.at) for sample in samples]
    y = [Fraction(sample.value) for sample in samples]
    middle, height = sum(t) / count, sum(y) / count
    slope = sum((a - middle) * (b - height) for a, b in zip(t, y, strict=True)) / sum((a - middle) ** 2 for a in t)
    assert line.slope == pytest.approx(float(slope), abs=1e-9)
    assert line.intercept == pytest.approx(float(height - slope * middle), abs=1e-8)
    assert fit(list(reversed(samples))) == line
    if len(set(y)) > 1:
        assert line.r2 is not None
        assert -1e-9 <= line.r2 <= 1 + 1e-9
    else:
        assert (line.slope, line.r2) == (0, None)


@given(samples_of)
def test_theil_sen_is_the_median_of_all_slopes(samples: list[Sample]) -> None:
    line = fit(samples, Method.THEIL_SEN)
    slopes = [
        (b.value - a.value) / (b.at - a.at) for place, a in enumerate(samples) for b in samples[place + 1 :] if a.at != b.at
    ]
    if not slopes:
        assert line is None
        return
    assert line is not None
    assert line.slope == pytest.approx(median(slopes), abs=1e-9)
    assert line.intercept == pytest.approx(median(one.value - line.slope * one.at for one in samples), abs=1e-8)


@pytest.mark.parametrize("wild", range(9))
def test_one_wild_sample_does_not_sway_theil_sen(wild: int) -> None:
    samples = [Sample(place, 10 * place + 1) for place in range(9)]
    samples[wild] = Sample(wild, 5000)
    line = fitted(samples, Method.THEIL_SEN)
    assert (line.slope, line.intercept) == (10, 1)
    assert line.r2 == 1
    by_squares = fitted(samples)
    assert by_squares.r2 is not None
    assert by_squares.r2 < 0.5


@given(st.floats(0.001, 1000), st.floats(-1000, 1000), st.integers(3, 30), st.floats(1, 20))
def test_a_straight_line_is_told_to_the_second(slope: float, start: float, count: int, ahead: float) -> None:
    samples = [Sample(1.7e9 + 60 * place, start + slope * 60 * place) for place in range(count)]
    now = samples[-1].at
    threshold = samples[-1].value + slope * ahead * count
    for method in Method:
        found = forecast(samples, threshold, method=method, fitness=Fitness(reach=1e9))
        assert found.withheld is None
        assert found.seconds_left == pytest.approx(ahead * count, rel=1e-3)
        assert found.line is not None
        assert found.line.value(now) == pytest.approx(samples[-1].value, rel=1e-6, abs=1e-6)


def test_the_band_is_that_of_the_text_book() -> None:
    """Where the band was said to meet the threshold, the distance to the line is what the prediction interval says."""
    noisy = [Sample(place, 2 * place + (-1) ** place) for place in range(20)]
    found = forecast(noisy, 100)
    line = found.line
    assert line is not None
    assert found.seconds_left is not None
    assert found.seconds_left_low is not None
    assert found.seconds_left_high is not None
    assert 0 < found.seconds_left_low < found.seconds_left < found.seconds_left_high
    for left, side in ((found.seconds_left_low, 1), (found.seconds_left_high, -1)):
        at = 19 + left
        half = two_sided(0.9, 18) * line.scatter * (1 + 1 / 20 + (at - line.middle_at) ** 2 / line.spread) ** 0.5
        assert line.value(at) + side * half == pytest.approx(100)


def test_a_trend_that_may_be_none_has_no_latest_date() -> None:
    found = forecast(SAWTOOTH, 100, fitness=Fitness(confidence=0.99))
    assert found.seconds_left == pytest.approx(5785.714, abs=5e-4)
    assert found.seconds_left_low is not None
    assert found.seconds_left_high is None
    assert found.seconds_left_low < 5785


def test_one_sample_above_the_threshold_is_exceeded_even_if_the_line_is_below() -> None:
    found = forecast([*SAWTOOTH, Sample(3300, 100)], 100)
    assert found.withheld is not None
    assert found.withheld.startswith("exceeded already")
    assert found.seconds_left is None


@pytest.mark.parametrize(
    "bad", [Sample(0, inf), Sample(0, -inf), Sample(0, nan), Sample(inf, 0), Sample(nan, 0), Sample(0, 1e16)]
)
def test_what_is_no_measurement_is_refused_by_its_place(bad: Sample) -> None:
    with pytest.raises(InvalidInput) as refused:
        forecast([Sample(0, 1), bad], 100)
    assert refused.value.fields.keys() == {"samples.1"}


def test_too_many_pairs_are_refused() -> None:
    with pytest.raises(InvalidInput, match="roll-ups"):
        fit([Sample(place, 0) for place in range(MOST_FOR_PAIRS + 1)], Method.THEIL_SEN)


@pytest.mark.parametrize(
    ("confidence", "freedom", "quantile"),
    [(0.9, 1, 6.31375), (0.95, 2, 4.30265), (0.95, 3, 3.18245), (0.99, 4, 4.60409), (0.95, 10, 2.22814), (0.95, 30, 2.04227),
     (0.95, 120, 1.97993), (0.95, 1000, 1.96234), (0.95, 10**6, 1.95997)],
)  # fmt: skip
def test_student_s_table(confidence: float, freedom: int, quantile: float) -> None:
    assert two_sided(confidence, freedom) == pytest.approx(quantile, abs=1e-5)
