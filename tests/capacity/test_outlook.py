"""Days left, order dates and scores of resources, through the process; and the weekly pattern against its definition."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, exc, select

from data.tables import capacity as t
from deskterm.capacity import explaining, scoring
from deskterm.capacity.forecasts import Sample, fit, forecast
from deskterm.capacity.lead_times import Records, lead_of
from deskterm.capacity.options import option_of, said_of
from deskterm.capacity.outlook import Outlook, outlooks
from deskterm.capacity.scoring import scores
from deskterm.capacity.seasonal import Season, _crossings, fit_season, fit_week, forecast_season
from deskterm.clock import format_instant
from deskterm.errors import DeskError, InvalidInput
from deskterm.reports import Period, run
from tests.capacity.resources import DAY, HOUR, fill, is_due, resource
from tests.capacity.resources import run as run_job
from tests.desks import MONDAY, Cast

EXAMPLE = [0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50]
WEEK = 7 * DAY


def rows(cast: Cast, **options: str) -> list[dict[str, Any]]:
    return list(run(cast.ada, "capacity", Period(), options).data["rows"])


def one_of(cast: Cast) -> Outlook:
    return outlooks(cast.ada)[0]


def test_the_worked_example_through_the_process(any_cast: Cast) -> None:
    number = resource(any_cast, lead_time_days=1, warn=80, critical=90)
    fill(any_cast, number, [(MONDAY - 3000 + 300 * i, float(y)) for i, y in enumerate(EXAMPLE)], rolled=False)
    (row,) = rows(any_cast)
    assert row["fit"] == "least-squares"
    assert row["trend_per_day"] == pytest.approx(0.0106060606 * DAY)
    assert row["days_left"] == pytest.approx(5785.714 / DAY, abs=1e-6)
    assert row["days_left_low"] < row["days_left"] < row["days_left_high"]
    assert (row["latest"], row["p95"], row["capacity"], row["unit"], row["ci"]) == (50, 50, 100, "GB", "vpn-gw-1")
    assert row["exhausted_on"] == format_instant(MONDAY + 5785)
    assert row["order_by"] == format_instant(MONDAY + 5785 - DAY)
    assert (row["withheld"], row["r2"]) == (None, pytest.approx(0.395161290))
    told = explaining.forecast(any_cast.ada, any_cast.ada.show(number))
    assert told is not None
    assert json.loads(json.dumps(told[1]))["slope"] == pytest.approx(0.0106060606)
    assert len(told[1]["samples"]) == 11
    assert "days left until 100 GB" in told[0].title


@pytest.mark.parametrize(
    ("values", "samples", "why"),
    [
        ({}, [], "no samples"),
        ({}, [(0, 1.0)], "history too short: all samples are of one instant"),
        ({}, [(0, 1.0), (60, 2.0)], "history too short: 2 instants"),
        ({"capacity": 0}, [(0, 1.0), (60, 2.0), (120, 3.0)], "nothing is installed: capacity is 0"),
        ({"capacity": None}, [(0, 1.0), (60, 2.0), (120, 3.0)], "no capacity and no threshold is set"),
        ({}, [(0, 3.0), (60, 2.0), (120, 1.0)], "no trend: it does not grow"),
        ({}, [(i * 60, float(i % 2)) for i in range(30)], "fit too poor"),
        ({}, [(0, 90.0), (60, 95.0), (120, 101.0)], "exceeded already"),
        ({}, [(0, 1.0), (60, 1.1), (120, 1.2)], "history too short: the threshold is"),
        ({"method": "seasonal"}, [(0, 1.0), (60, 2.0), (120, 3.0)], "a seasonal forecast needs every day of the week"),
        ({}, [(-10 * DAY, 1.0), (-10 * DAY + 60, 2.0), (-10 * DAY + 120, 3.0)], "samples too old: the newest is 10 days old"),
        ({"direction": "down"}, [(0, 1.0), (60, 2.0), (120, 3.0)], "no trend: it does not grow"),
    ],
)  # fmt: skip
def test_what_the_history_cannot_support_is_withheld_with_the_reason(
    cast: Cast, values: dict[str, Any], samples: list[tuple[int, float]], why: str
) -> None:
    number = resource(cast, **values)
    fill(cast, number, [(MONDAY - 200 + at, value) for at, value in samples])
    (row,) = rows(cast)
    assert why in row["withheld"]
    assert (row["days_left"], row["exhausted_on"], row["order_by"]) == (None, None, None)
    if not samples:
        assert (row["latest"], row["p95"], row["trend_per_day"], row["fit"], row["used_percent"]) == (None,) * 5


def test_without_a_capacity_the_critical_threshold_is_counted_down_to(cast: Cast) -> None:
    number = resource(cast, capacity=None, critical=300)
    fill(cast, number, [(MONDAY - DAY + i * HOUR, 100.0 + i) for i in range(24)])
    (row,) = rows(cast)
    assert (row["threshold"], row["used_percent"]) == (300, None)
    assert row["days_left"] == pytest.approx((300 - 124) / 24)


def test_what_goes_down_is_used_up_when_nothing_is_left(cast: Cast) -> None:
    number = resource(cast, direction="down", warn=20, critical=10)
    fill(cast, number, [(MONDAY - DAY + i * HOUR, 100.0 - i) for i in range(25)])
    (row,) = rows(cast)
    assert (row["trend_per_day"], row["days_left"]) == (pytest.approx(-24), pytest.approx(76 / 24))
    assert row["used_percent"] == 24
    assert row["critical_on"] == format_instant(MONDAY + 66 * HOUR)


def test_an_upgrade_splits_the_history_and_looking_back_shows_what_was_known(any_cast: Cast) -> None:
    number = resource(any_cast, capacity=100)
    fill(any_cast, number, [(MONDAY - 20 * DAY + i * DAY, 50.0 + 2 * i) for i in range(20)])
    any_cast.ada.act(number, "set-capacity", {"amount": 100, "from_at": MONDAY - 30 * DAY})
    any_cast.ada.act(number, "set-capacity", {"amount": 120, "from_at": MONDAY - 5 * DAY})
    any_cast.ada.act(number, "set-capacity", {"amount": 120})
    one = one_of(any_cast)
    assert (one.capacity, len(one.series.points)) == (120, 5)
    assert one.forecast.seconds_left == pytest.approx((120 - 90) / 2 * DAY)
    any_cast.ada.at = MONDAY - 6 * DAY
    one = one_of(any_cast)
    assert (one.capacity, len(one.series.points), one.latest) == (100, 15, 78)
    assert one.forecast.seconds_left == pytest.approx((100 - 78) / 2 * DAY)
    any_cast.ada.at = None


def test_many_samples_are_taken_as_hours_and_days_also_before_they_are_summed_up(cast: Cast) -> None:
    number = resource(cast, capacity=10_000, method="least-squares")
    told = [(MONDAY - MONDAY % DAY - 90 * DAY + i * HOUR // 2, i / 2) for i in range(90 * 48)]
    fill(cast, number, told, rolled=False)
    before = one_of(cast)
    run_job(cast, "capacity-roll-up")
    after = one_of(cast)
    assert (before.series, before.forecast) == (after.series, after.forecast)
    assert after.series.name == "days"
    assert after.trend_per_day == pytest.approx(24)
    cast.ada.edit(number, {"method": "theil-sen"})
    assert one_of(cast).trend_per_day == pytest.approx(24)


def wave(at: float, level: float, slope: float, swing: float) -> float:
    return level + slope * at + swing * math.sin(2 * math.pi * at / WEEK) + swing / 2 * math.cos(2 * math.pi * at / DAY)


def test_a_weekly_pattern_is_found_taken_out_and_its_peaks_count(cast: Cast) -> None:
    number = resource(cast, name="erp", capacity=100, unit="%")
    start = MONDAY - MONDAY % DAY - 4 * WEEK
    fill(cast, number, [(start + i * HOUR, wave(i * HOUR, 40, 10 / (4 * WEEK), 15)) for i in range(4 * 7 * 24)])
    one = one_of(cast)
    assert one.method == "seasonal"
    assert isinstance(one.model, Season)
    assert one.trend_per_day == pytest.approx(10 / 28, rel=1e-6)
    assert one.line is not None
    assert one.line.r2 == pytest.approx(1, abs=1e-9)
    plain = forecast([Sample(at, value) for at, value in one.series.points], 100.0)
    assert plain.withheld, "a line alone cannot tell"
    peak = next(at for at in range(0, 60 * WEEK, HOUR) if wave(4 * WEEK + at, 40, 10 / (4 * WEEK), 15) >= 100)
    assert one.forecast.seconds_left == pytest.approx(peak + start + 4 * WEEK - MONDAY, abs=2 * HOUR)


weeks = st.lists(st.floats(-100, 100, width=16), min_size=7, max_size=7)


@given(pattern=weeks, slope=st.floats(-5, 5, width=16), level=st.floats(-100, 100, width=16), count=st.integers(2, 8))
def test_a_pattern_with_a_trend_is_recovered_exactly(pattern: list[float], slope: float, level: float, count: int) -> None:
    points = [Sample(i * DAY, level + slope * i + pattern[i % 7]) for i in range(7 * count)]
    season = fit_season(points, DAY)
    assert season is not None
    assert season.slope * DAY == pytest.approx(slope, abs=1e-6)
    assert math.fsum(season.offsets) == pytest.approx(0, abs=1e-6)
    for point in points:
        assert season.value(point.at) == pytest.approx(point.value, abs=1e-6)
    assert 0 <= season.strength <= 1


def test_a_pattern_needs_two_whole_weeks_and_a_trend_within_it() -> None:
    assert fit_season([Sample(i * DAY, i) for i in range(13)], DAY) is None
    flat = [Sample(i * DAY, 10.0 * (i % 7)) for i in range(28)]
    season = fit_season(flat, DAY)
    assert season is not None
    assert forecast_season(season, flat, 200.0, now=28 * DAY).withheld == "no trend: it does not grow"
    assert forecast_season(season, flat, 5.0, now=28 * DAY).withheld == "exceeded already: 60 of 5"
    noisy = [Sample(i * DAY, 10.0 * (i % 7) + 3 * math.sin(i * i) + i * 0.001) for i in range(70)]
    found = fit_season(noisy, DAY)
    assert found is not None
    assert "fit too poor: within the week's pattern" in (forecast_season(found, noisy, 64.0, now=70 * DAY).withheld or "")


@given(
    slope=st.floats(-0.02, 0.05), swing=st.floats(0, 20), noise=st.floats(0, 4), threshold=st.floats(30, 120),
    start=st.integers(0, 3),
)  # fmt: skip
def test_weeks_are_skipped_only_where_nothing_is_reached(
    slope: float, swing: float, noise: float, threshold: float, start: int
) -> None:
    points = [Sample(i * DAY // 4, 40 + slope * i + swing * math.sin(i / 2) + noise * math.sin(i * i)) for i in range(4 * 7 * 5)]
    season = fit_season(points, DAY // 4)
    assert season is not None
    now, until = points[-1].at + start * HOUR, points[-1].at + 200 * DAY
    slow: list[float | None] = [None, None, None]
    steps = [now + i * DAY // 4 for i in range(int((until - now) // (DAY // 4)) + 1)]
    for at in steps:
        low, high = season.band(at, 0.9)
        for place, edge in enumerate(((low + high) / 2, high, low)):
            if slow[place] is None and edge >= threshold:
                slow[place] = at
        if low >= threshold:
            break
    assert _crossings(season, threshold, now, until, 0.9) == tuple(slow)


def test_samples_of_one_week_are_no_pattern_however_many_a_phase_has() -> None:
    week = [Sample(i * HOUR, 50 + 20 * math.sin(2 * math.pi * i / 24)) for i in range(8 * 24)]
    assert fit_week(week) is None
    assert fit_week([*week, *(Sample(i * HOUR, 50.0) for i in range(8 * 24, 14 * 24))]) is not None


def test_hours_and_days_count_once_they_are_over_and_from_the_first_whole_one_since_an_upgrade(cast: Cast) -> None:
    number = resource(cast, capacity=10_000, method="least-squares", basis="most", keep_samples_days=1)
    day = MONDAY - MONDAY % DAY
    fill(cast, number, [(day - 100 * DAY + i * HOUR // 2, i / 2) for i in range(100 * 48 + 4)])
    cast.ada.act(number, "set-capacity", {"amount": 8_000, "from_at": day - 110 * DAY})
    cast.ada.act(number, "set-capacity", {"amount": 10_000, "from_at": day - 90 * DAY + 7 * HOUR})
    one = one_of(cast)
    assert (one.series.name, len(one.series.points)) == ("days", 89)
    assert one.series.from_at == day - 89 * DAY + DAY // 2
    assert one.trend_per_day == pytest.approx(24), "today's peak so far, which two in the night made, would bend it"


def test_the_newest_sample_decides_whether_it_is_used_up_and_upgrades_are_offered_then(cast: Cast) -> None:
    upgrade: dict[str, Any] = {"upgrade_amount": 50, "upgrade_cost": "10", "lead_time_days": 3, "currency": "EUR"}
    number = resource(cast, method="least-squares", keep_samples_days=1, **upgrade)
    fill(cast, number, [(MONDAY - 100 * DAY + i * HOUR, 40 + i / 48) for i in range(100 * 24)])
    fill(cast, number, [(MONDAY - 60, 101.0)])
    one = one_of(cast)
    assert one.forecast.withheld == "exceeded already: 101 of 100"
    option = option_of(one, 30)
    assert option is not None
    assert (option.steps, option.order_at) == (1, MONDAY)
    assert option.needed >= 101
    assert said_of(option, MONDAY).startswith("By 2026-11-02 (overdue) order one upgrade of fs-01 /data: 50 GB, 10.00 EUR")
    cast.ada.act(number, "retire")
    poor = resource(cast, "poor", **upgrade)
    fill(cast, poor, [(MONDAY - i * HOUR, 250.0 * (i % 2)) for i in range(1, 8)])
    found = option_of(one_of(cast), 30)
    assert found is not None
    assert (found.steps, found.needed) == (3, 250), "nothing is foretold, but what is used is there"


def test_what_goes_down_is_offered_upgrades_too(cast: Cast) -> None:
    number = resource(cast, direction="down", upgrade_amount=40, lead_time_days=1)
    fill(cast, number, [(MONDAY - 2 * DAY + i * HOUR, 100.0 - i) for i in range(49)])
    option = option_of(one_of(cast), 4)
    assert option is not None
    assert (option.steps, option.order_at) == (2, one_of(cast).order_at)
    assert option.needed == pytest.approx(100 + 96 - 52, abs=1e-6), "used then: 144 of 100"
    assert number


def test_a_band_of_a_line_is_widest_far_out() -> None:
    line = fit([Sample(i, i + (-1) ** i) for i in range(10)])
    assert line is not None
    widths = [high - low for low, high in (line.band(at) for at in (4.5, 9, 20))]
    assert widths == sorted(widths)
    assert line.band(9)[0] < line.value(9) < line.band(9)[1]


def test_lead_times_come_from_the_resource_or_from_what_purchases_and_changes_took(cast: Cast) -> None:
    records = Records((("server", 20 * DAY), ("server", 30 * DAY), ("server", 40 * DAY), ("printer", DAY)), (5 * DAY, 7 * DAY))
    assert lead_of(9, "server", records).seconds == 9 * DAY
    assert lead_of(None, "server", records).seconds == 36 * DAY
    assert lead_of(None, "printer", records).seconds == 31 * DAY, "one printer says nothing; all purchases do"
    assert lead_of(None, None, Records((), ())).seconds is None
    cast.ada.edit("CI-00001", {"purchased_at": "2026-09-01", "in_service_at": "2026-09-11"})
    number = resource(cast)
    fill(cast, number, [(MONDAY - DAY + i * HOUR, float(i)) for i in range(24)])
    (row,) = rows(cast)
    assert row["lead_time_seconds"] == 10 * DAY
    assert "median of 1 purchases: 10.0 days" in row["lead_time_source"]
    assert row["order_by"] is not None


def test_forecasts_are_kept_and_scored_against_what_happened(any_cast: Cast) -> None:
    number = resource(any_cast, capacity=1000)
    start = MONDAY - MONDAY % DAY
    fill(any_cast, number, [(start - 10 * DAY + i * HOUR, float(i)) for i in range(240)])
    resource(any_cast, "empty")
    assert run_job(any_cast, "capacity-forecast") == 1
    assert run_job(any_cast, "capacity-forecast") == 0, "once a day"
    assert not is_due(any_cast, "capacity-forecast")
    fill(any_cast, number, [(start + i * HOUR, 240.0 + i + (50 if i >= 120 else 0)) for i in range(200)])
    any_cast.clock.advance(9 * DAY)
    assert run_job(any_cast, "capacity-score") == 2
    assert run_job(any_cast, "capacity-score") == 0
    assert not is_due(any_cast, "capacity-score"), "the day thirty days ahead is not over"
    with any_cast.database.read() as connection:
        (score,) = scores(connection, any_cast.clock.now()).values()
    assert (score.scored, score.within) == (2, 1)
    assert score.error == pytest.approx(25, abs=1)
    told = next(row for row in rows(any_cast) if row["number"] == number)
    assert told["score"]["within_percent"] == 50
    assert told["score"]["mean_error_percent"] == pytest.approx(2.5, abs=0.1)
    with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
        connection.execute(delete(t.capacity_forecast))
    any_cast.clock.advance(40 * DAY)
    assert run_job(any_cast, "capacity-score") == 1, "a day nobody measured is given up"
    with any_cast.database.read() as connection:
        assert connection.execute(select(t.forecast_score.c.actual)).scalars().all().count(None) == 1


def test_forecasts_of_hours_are_held_against_hours_and_late_samples_against_the_day_anew(any_cast: Cast) -> None:
    number = resource(any_cast, capacity=1000, basis="most")
    start = MONDAY - MONDAY % DAY
    swing = [10.0, 20.0, 40.0, 30.0]
    past = [(start - 28 * DAY + i * HOUR // 4, swing[i // 4 % 24 // 6] + i % 4) for i in range(28 * 96)]
    fill(any_cast, number, past)
    run_job(any_cast, "capacity-forecast")
    told = one_of(any_cast)
    assert (told.series.name, told.method) == ("hours", "seasonal")
    fill(any_cast, number, [(start + DAY + i * HOUR // 4, swing[i // 4 % 24 // 6] + i % 4) for i in range(96)])
    any_cast.clock.at = start + 2 * DAY + HOUR
    assert run_job(any_cast, "capacity-score") == 1
    with any_cast.database.read() as connection:
        row = connection.execute(select(t.forecast_score).where(t.forecast_score.c.actual.is_not(None))).one()
    assert row.actual == pytest.approx(25 + 3), "the mean of the hours' peaks, as it was foretold; the day's own peak is 43"
    assert row.predicted == pytest.approx(28, abs=0.5)
    late = start + DAY + 12 * HOUR
    fill(any_cast, number, [(late + i, 400.0) for i in range(10)], rolled=False)
    assert run_job(any_cast, "capacity-score") == 0
    run_job(any_cast, "capacity-roll-up")
    assert run_job(any_cast, "capacity-score") == 1, "the day came to something else than was known"
    with any_cast.database.read() as connection:
        assert (connection.execute(select(t.forecast_score.c.actual)).scalars().all().count(row.actual)) == 0


def test_days_that_wait_for_samples_hold_up_no_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "PAGE", 2)
    start = MONDAY - MONDAY % DAY
    numbers = [resource(cast, f"disk {place}", capacity=1000) for place in range(4)]
    for number in numbers:
        fill(cast, number, [(start - 10 * DAY + i * HOUR, float(i)) for i in range(240)])
    run_job(cast, "capacity-forecast")
    fill(cast, numbers[3], [(start + DAY + i * HOUR, 264.0 + i) for i in range(24)])
    cast.clock.at = start + 3 * DAY
    assert run_job(cast, "capacity-score") == 1


def test_the_report_takes_its_options_and_no_others(cast: Cast) -> None:
    resource(cast, "one")
    resource(cast, "two", metric="cpu")
    resource(cast, "users", role="driver", capacity=None)
    assert [row["resource"] for row in rows(cast)] == ["one", "two"]
    assert [row["resource"] for row in rows(cast, metric="CPU")] == ["two"]
    assert [row["resource"] for row in rows(cast, resource="RES-00001", ci="vpn-gw-1", level="ok")] == ["one"]
    with pytest.raises(InvalidInput, match="does not take 'size'"):
        rows(cast, size="1")
