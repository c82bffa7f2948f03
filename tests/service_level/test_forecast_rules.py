"""Breach forecasts: the estimator against textbooks, counting and simulation; scores against their laws."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.service_level.forecast_rules import LEAST, PRIOR, Asked, Circle, Duration, Forecast, score, wilson
from deskterm.service_level.forecast_rules import forecast as drawn


def forecast(known: list[Duration], elapsed: int, target: int, *narrower: list[Duration]) -> Forecast:
    """Forecast from circles, the widest first, all measured alike."""
    return drawn([Asked(Circle(one), elapsed, target) for one in (known, *narrower)])


def ended(*seconds: int) -> list[Duration]:
    return [Duration(one, True) for one in seconds]


def test_without_open_work_it_is_the_share_of_what_took_longer() -> None:
    known = ended(*range(1, 101))
    found = forecast(known, 20, 60)
    assert found.at_risk == 80
    assert [found.probability, found.low, found.high] == pytest.approx([0.5, 0.3930, 0.6070], abs=1e-4), "Wilson, 40 of 80"
    assert forecast(known, 0, 1000).probability == 0, "nothing ever took so long"
    assert forecast(known, 60, 60).probability == 1, "the target is used up, and it goes on"


def test_kaplan_and_meier_on_the_remissions_of_freireich() -> None:
    """6-mercaptopurine, weeks of remission (Freireich et al., Blood 21, 1963), as every textbook of survival has it."""
    weeks = [(6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0), (17, 0, 1), (19, 0, 1), (20, 0, 1),
             (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2), (34, 0, 1), (35, 0, 1)]  # fmt: skip
    known = [Duration(week, True) for week, gone, _ in weeks for _ in range(gone)]
    known += [Duration(week, False) for week, _, left in weeks for _ in range(left)]
    for week, survival in ((6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)):
        assert forecast(known, 0, week).probability == pytest.approx(survival, abs=0.0006)
    conditional = forecast([*known], 7, 16).probability
    assert conditional == pytest.approx(0.627 / 0.807, abs=0.001)


@pytest.mark.parametrize(
    ("share", "count", "low", "high"), [(0.0, 10, 0, 0.2775), (0.5, 10, 0.2366, 0.7634), (0.1, 50, 0.0435, 0.2136)]
)
def test_wilsons_interval(share: float, count: int, low: float, high: float) -> None:
    assert list(wilson(share, count)) == pytest.approx([low, high], abs=1e-4)
    assert wilson(0.5, 0) == (0.0, 1.0)


def test_a_few_records_of_its_own_move_a_forecast_little_and_many_move_it_far() -> None:
    wide = ended(*range(1, 101))
    late = [200]
    few, many = (forecast(wide, 0, 60, ended(*late * count)) for count in (3, 300))
    assert few.probability == pytest.approx((3 * 1 + PRIOR * 0.4) / (3 + PRIOR)), "three late ones beside four of ten"
    assert many.probability == pytest.approx((300 + PRIOR * 0.4) / (300 + PRIOR))
    assert few.counts == (100, 3)
    assert forecast(wide, 0, 60, []).probability == forecast(wide, 0, 60).probability, "nothing of its own says nothing"


def test_what_is_most_alike_needs_no_number_where_the_widest_has_it() -> None:
    assert forecast(ended(*range(1, LEAST)), 0, 60, ended(5)).withheld, "too few of all"
    assert not forecast(ended(*range(1, LEAST + 1)), 0, 60, ended(5)).withheld


def test_the_same_records_twice_make_an_interval_no_narrower() -> None:
    known = ended(*range(1, 31))
    once, twice = forecast(known, 0, 20), forecast(known, 0, 20, known)
    assert twice.probability == pytest.approx(once.probability)
    assert [twice.low, twice.high] == pytest.approx([once.low, once.high])


DURATIONS = st.lists(st.builds(Duration, st.integers(1, 500), st.booleans()), max_size=80)


@given(DURATIONS, st.integers(0, 300), st.integers(1, 500), st.integers(0, 80))
def test_it_is_a_probability_within_its_interval_or_withheld(known: list[Duration], elapsed: int, target: int, near: int) -> None:
    found = forecast(known, elapsed, target, known[:near])
    assert found.withheld == (found.at_risk < LEAST)
    if found.probability is not None:
        assert found.low is not None
        assert found.high is not None
        assert -1e-9 <= found.low <= found.probability + 1e-9
        assert found.probability - 1e-9 <= found.high <= 1 + 1e-9


@given(DURATIONS, st.integers(0, 200), st.integers(1, 400), st.integers(0, 100))
def test_a_longer_target_is_never_riskier(known: list[Duration], elapsed: int, target: int, more: int) -> None:
    short, long = forecast(known, elapsed, target).probability, forecast(known, elapsed, target + more).probability
    assert short is None or (long is not None and long <= short + 1e-9)


def test_a_slow_team_is_told_apart_without_being_believed_too_early() -> None:
    """Better than one share for both teams, and better than what the few records of each team say alone."""
    dice = random.Random(11)
    drawn_towards: list[tuple[float, bool]] = []
    alone, for_all = drawn_towards[:], drawn_towards[:]
    for _ in range(400):
        own = {mean: ended(*(int(dice.expovariate(1 / mean)) + 1 for _ in range(16))) for mean in (2_000, 5_000)}
        known = [one for team in own.values() for one in team]
        for mean, team in own.items():
            came = dice.expovariate(1 / mean) > 6_000
            for said, pairs in (
                (forecast(known, 0, 6_000, team), drawn_towards),
                (forecast(team, 0, 6_000), alone),
                (forecast(known, 0, 6_000), for_all),
            ):
                assert said.probability is not None
                pairs.append((said.probability, came))
    best, single, flat = (score(pairs).brier for pairs in (drawn_towards, alone, for_all))
    assert best is not None
    assert single is not None
    assert flat is not None
    assert best < single
    assert best < flat


def test_it_is_calibrated_where_work_is_what_it_was() -> None:
    dice = random.Random(7)
    known = ended(*(int(dice.expovariate(1 / 4_000)) + 1 for _ in range(800)))
    pairs = []
    for _ in range(2_000):
        took, elapsed = dice.expovariate(1 / 4_000), dice.uniform(0, 3_000)
        if took > elapsed:
            said = forecast(known, int(elapsed), 6_000).probability
            assert said is not None
            pairs.append((said, took > 6_000))
    found = score(pairs)
    assert abs(sum(said for said, _ in pairs) / len(pairs) - sum(came for _, came in pairs) / len(pairs)) < 0.04
    assert found.skill is not None
    assert found.skill > 0, "knowing how long it has taken already helps"


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_scores_are_means_of_squares(pairs: list[tuple[float, bool]]) -> None:
    found = score(pairs)
    assert found.brier is not None
    assert found.reference is not None
    assert 0 <= found.brier <= 1
    assert 0 <= found.reference <= 0.25
    perfect = score([(float(came), came) for _, came in pairs])
    assert perfect.brier == 0
    assert perfect.skill == (None if perfect.reference == 0 else 1)
    assert found.said == pytest.approx(sum(said for said, _ in pairs) / len(pairs))
    assert found.came == sum(came for _, came in pairs) / len(pairs)
    nothing = score([])
    assert (nothing.count, nothing.said, nothing.came, nothing.brier, nothing.reference, nothing.skill) == (0, *[None] * 5)
