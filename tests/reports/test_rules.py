"""The arithmetic of reports, by tables; and of nothing there is nothing to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.reports import Column, Report, rules, show

HOUR, DAY = 3600, 86400


def test_of_nothing_there_is_no_figure() -> None:
    assert rules.percent(0, 0) is None
    assert rules.ratio(0, 0) is None
    assert (rules.mean([]), rules.median([]), rules.percentile([], 90)) == (None, None, None)
    assert rules.ages([]) == {"0-1": 0, "2-7": 0, "8-30": 0, "over-30": 0}


@pytest.mark.parametrize(
    ("values", "mean", "median", "p90"),
    [
        ([5], 5, 5, 5),
        ([1, 2], 2, 2, 2),
        ([1, 4], 2, 2, 4),
        ([3, 1, 2], 2, 2, 3),
        (list(range(1, 11)), 6, 6, 9),
        (list(range(1, 101)), 50, 50, 90),
        ([0, 0, 100], 33, 0, 100),
    ],
)
def test_middles_and_edges(values: list[int], mean: int, median: int, p90: int) -> None:
    assert (rules.mean(values), rules.median(values), rules.percentile(values, 90)) == (mean, median, p90)


def test_a_share_is_not_rounded() -> None:
    assert rules.percent(2, 3) == pytest.approx(66.66666666666667)
    assert rules.percent(0, 3) == 0


@pytest.mark.parametrize(
    ("age", "name"),
    [
        (0, "0-1"), (DAY, "0-1"), (DAY + 1, "2-7"), (7 * DAY, "2-7"), (7 * DAY + HOUR, "8-30"), (30 * DAY, "8-30"),
        (30 * DAY + 1, "over-30"), (4000 * DAY, "over-30"),
    ],
)  # fmt: skip
def test_a_day_that_has_begun_counts(age: int, name: str) -> None:
    assert [key for key, count in rules.ages([age]).items() if count] == [name]


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_figures_lie_among_what_they_are_of(values: list[int]) -> None:
    low, high = min(values), max(values)
    for figure in (rules.mean(values), rules.median(values), rules.percentile(values, 90)):
        assert figure is not None
        assert low <= figure <= high
    assert rules.percentile(values, 90) in values
    assert sum(rules.ages(values).values()) == len(values)


def test_a_row_with_a_unit_of_its_own_lends_it_to_no_other_column() -> None:
    columns = (Column("measure", "Measure", "measure"), Column("value", "Value", "own"), Column("part", "Part", "part"))
    rows: tuple[dict[str, object], ...] = (
        {"measure": "first_line_fix_percent", "value": 12.5, "unit": "percent", "part": 1},
        {"measure": "first_response_mean_seconds", "value": 4440, "unit": "seconds", "part": 503},
        {"measure": "reopens_per_record", "value": None, "unit": "number", "part": None},
    )
    assert list(Report("x", columns, rows).shown()) == [
        ["First line fix", "12.5 %", "1"],
        ["First response mean", "1:14", "503"],
        ["Reopens per record", "n/a", ""],
    ]
    assert [column.numeric for column in columns] == [False, True, True]
    assert (show(None, "count"), show(None, "part")) == ("n/a", "")
