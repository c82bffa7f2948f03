"""The arithmetic of reviews and improvements: verdicts, digests, and what has changed since."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.service_level.improvements import outcome, words
from deskterm.service_level.review_print import percent
from deskterm.service_level.review_rules import digest_of, since, verdict

COUNTS = st.integers(0, 500)


@pytest.mark.parametrize(
    ("met", "missed", "objective", "told"),
    [
        (0, 0, 95.0, "n/a"), (0, 0, None, "n/a"), (5, 0, None, "no share agreed"), (19, 1, 95.0, "kept"),
        (18, 1, 95.0, "not kept"), (999, 1, 99.9, "kept"), (998, 2, 99.9, "not kept"), (0, 3, 95.0, "not kept"),
    ],
)  # fmt: skip
def test_a_target_is_kept_from_its_agreed_share_on(met: int, missed: int, objective: float | None, told: str) -> None:
    assert verdict(met, missed, objective) == told


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "n/a"), (100.0, "100 %"), (99.99, "99.9 %"), (0.0, "0 %"), (66.666, "66.6 %"), (97.5, "97.5 %")]
)
def test_a_percentage_is_cut_so_that_only_what_is_whole_is_a_hundred(value: float | None, shown: str) -> None:
    assert percent(value) == shown


@given(COUNTS, COUNTS)
def test_a_measurement_never_flatters(met: int, missed: int) -> None:
    told = words(met, missed)
    assert (told == "n/a") == (met + missed == 0)
    assert told.startswith("100.0 %") == (missed == 0 and met > 0)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_an_outcome_is_symmetric_and_needs_both_sides(a: int, b: int, c: int, d: int) -> None:
    found, back = outcome((a, b), (c, d)), outcome((c, d), (a, b))
    assert (found is None) == (a + b == 0 or c + d == 0)
    assert back == {"better": "worse", "worse": "better"}.get(found or "", found)
    if found is not None:
        assert (found == "better") == (c / (c + d) - a / (a + b) > 1e-12)


def content(**more: Any) -> dict[str, Any]:
    return {"targets": [], "breaches": [], "actions": [], **more}


def _targets(scores: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"target_number": number, "agreement": "Gold", "target": "P1", "met": met, "missed": missed}
        for number, (met, missed) in scores.items()
    ]


SCORES = st.tuples(st.integers(0, 3), st.integers(0, 3))
TARGETS = st.dictionaries(st.sampled_from(["TGT-1", "TGT-2", "TGT-3"]), SCORES, max_size=3).map(_targets)
BREACHES = st.frozensets(st.sampled_from([("INC-1", 1), ("INC-1", 2), ("INC-2", 1)])).map(
    lambda found: [{"number": number, "metric": "update", "cycle": cycle} for number, cycle in sorted(found)]
)


@given(TARGETS, BREACHES)
def test_nothing_has_changed_since_where_nothing_did(targets: list[Any], breaches: list[Any]) -> None:
    one = content(targets=targets, breaches=breaches)
    assert since(one, content(targets=targets[::-1], breaches=breaches[::-1])) == ()
    assert digest_of(one) == digest_of(dict(reversed(one.items()))), "the order of keys is no matter"


@given(TARGETS, TARGETS, BREACHES, BREACHES)
def test_each_difference_is_told_once_and_both_ways(a: list[Any], b: list[Any], x: list[Any], y: list[Any]) -> None:
    there, back = since(content(targets=a, breaches=x), content(targets=b, breaches=y)), since(
        content(targets=b, breaches=y), content(targets=a, breaches=x)
    )  # fmt: skip
    assert len(there) == len(back)
    names = {(one["number"], one["cycle"]) for one in x} ^ {(one["number"], one["cycle"]) for one in y}
    assert sum(one.what == "breach" for one in there) == len(names)


def test_actions_are_told_by_what_became_of_them() -> None:
    old = content(
        actions=[{"number": n, "state": s} for n, s in (("IMP-1", "approved"), ("IMP-2", "approved"), ("IMP-3", "proposed"))]
    )
    new = content(
        actions=[{"number": n, "state": s} for n, s in (("IMP-1", "approved"), ("IMP-3", "approved"), ("IMP-4", "proposed"))]
    )
    told = [(one.name, one.sealed, one.now) for one in since(old, new)]
    assert told == [("IMP-2", "approved", "done"), ("IMP-3", "proposed", "approved"), ("IMP-4", "", "proposed")]
