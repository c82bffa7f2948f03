"""Continuity: the worked examples, what is unrated, and the laws of a critical path."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.continuity.recovery_plans import Step, schedule
from deskterm.continuity.rules import (
    Objectives,
    Rating,
    Record,
    Recovery,
    backup_gap,
    gap,
    inversions,
    mtpd,
    objective_gap,
    stands_until,
    summary,
    tightest,
)
from deskterm.errors import InvalidInput

HOUR = 3600
TEN = 10 * HOUR


def test_a() -> None:
    impact = {"customers": [Rating(24 * HOUR, 4), Rating(0, 1), Rating(4 * HOUR, 2)], "law": [Rating(0, 1)]}
    assert mtpd(impact, 4) == 24 * HOUR
    assert objective_gap(Objectives(rto_seconds=20 * HOUR, wrt_seconds=6 * HOUR), mtpd(impact, 4)) == 2 * HOUR


def test_b() -> None:
    found = schedule([Step("a", 1800), Step("b", 2700), Step("c", 3600, ("a", "b"))])
    assert (found.elapsed_seconds, found.effort_seconds, found.critical_path) == (105 * 60, 135 * 60, ("b", "c"))
    assert found.starts == {"a": 0, "b": 0, "c": 2700}


def test_c() -> None:
    found = Recovery(failed_at=TEN, newest_data_at=TEN - 1200, invoked_at=TEN + 1500, verified_at=TEN + 190 * 60)
    assert (found.rpo_actual_seconds, found.rto_actual_seconds) == (20 * 60, 190 * 60)
    assert found.rto_actual_from_invocation_seconds == 165 * 60
    assert gap(3 * HOUR, found.rto_actual_seconds) == 10 * 60


def test_unrated_is_not_zero_and_zero_is_a_value() -> None:
    assert mtpd({"money": [Rating(0, 1)], "law": []}, 4) is None
    assert mtpd({"money": [Rating(0, 5)]}, 4) == 0
    assert objective_gap(Objectives(rto_seconds=0, wrt_seconds=0), 0) == 0
    assert objective_gap(Objectives(rto_seconds=0), 0) is None
    assert objective_gap(Objectives(rto_seconds=0, wrt_seconds=0), None) is None
    assert tightest([None, 7, 0, 3]) == 0
    assert tightest([None]) is None
    assert backup_gap(0, HOUR, 600, 60) == HOUR + 660
    assert backup_gap(2 * HOUR, HOUR, 600) == 0
    assert backup_gap(None, HOUR, 600) is backup_gap(HOUR, None, 600) is backup_gap(HOUR, HOUR, 600, None) is None


def test_a_part_that_is_slower_than_what_needs_it_is_an_inversion() -> None:
    rto = {"shop": HOUR, "database": 4 * HOUR, "mail": 0, "relay": None, "disk": 2 * HOUR}
    found = inversions(rto, [("shop", "database"), ("mail", "relay"), ("shop", "mail"), ("mail", "disk"), ("database", "disk")])
    assert [(one.part, one.dependant, one.gap_seconds) for one in found] == [
        ("database", "shop", 3 * HOUR), ("disk", "mail", 2 * HOUR),
    ]  # fmt: skip


def test_evidence_counts_only_what_was_verified() -> None:
    drills = [Recovery(300, verified_at=300 + HOUR), Recovery(100, verified_at=100 + 3 * HOUR), Recovery(900)]
    assert summary(drills, 2 * HOUR) == Record(met=1, total=2, worst_seconds=3 * HOUR, latest_seconds=HOUR)
    assert summary([Recovery(900)], 0) == Record(0, 0, None, None)
    assert summary(drills, None) is None
    assert Recovery(100, newest_data_at=200).rpo_actual_seconds == 0
    assert Recovery(100).rpo_actual_seconds is Recovery(100).rto_actual_seconds is None


def test_evidence_stands_until_it_is_old_or_something_changes() -> None:
    assert stands_until(100, 50, []) == 150
    assert stands_until(100, 50, [90, 100, 120, 110]) == 110
    assert stands_until(None, 50, [110]) is None


plans = st.lists(st.tuples(st.integers(0, 90), st.sets(st.integers(0, 7))), min_size=1, max_size=8).map(
    lambda rows: [
        Step(str(number), seconds, tuple(str(one) for one in sorted(before) if one < number))
        for number, (seconds, before) in enumerate(rows)
    ]
)


@given(plans, st.randoms(use_true_random=False))
def test_the_critical_path_is_the_longest_chain_and_no_more_than_the_effort(plan: list[Step], random: object) -> None:
    found = schedule(plan[::-1])
    by_name = {step.name: step for step in plan}

    def longest(name: str) -> int:
        step = by_name[name]
        return step.seconds + max((longest(one) for one in step.after), default=0)

    assert found.elapsed_seconds == max(longest(step.name) for step in plan) <= found.effort_seconds
    assert found.elapsed_seconds == sum(by_name[name].seconds for name in found.critical_path)
    assert all(before in by_name[after].after for before, after in pairwise(found.critical_path))
    assert all(found.starts[one] + by_name[one].seconds <= found.starts[step.name] for step in plan for one in step.after)


@pytest.mark.parametrize(
    ("steps", "rule"),
    [
        ([], "one step or more"),
        ([Step("a", 1), Step("a", 2)], "two steps are named 'a'"),
        ([Step("a", -1)], "0 or more"),
        ([Step("a", 1, ("b",))], "names 'b'"),
        ([Step("a", 1, ("a",))], "circle: a → a"),
        ([Step("x", 1, ("a",)), Step("a", 1, ("b",)), Step("b", 1, ("a", "s")), Step("s", 1)], "circle: a → b → a"),
    ],
)
def test_a_plan_that_cannot_run_is_refused(steps: list[Step], rule: str) -> None:
    with pytest.raises(InvalidInput, match=rule):
        schedule(steps)


def test_a_long_plan_needs_no_deep_stack() -> None:
    plan = [Step(str(number), 1, (str(number - 1),) if number else ()) for number in range(5000)]
    assert schedule(plan).elapsed_seconds == 5000
