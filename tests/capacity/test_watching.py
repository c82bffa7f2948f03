"""Breaches: told once, worse if they get worse, over only beyond the re-arm mark; what a forecast leads to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.capacity.breaches import CRITICAL, OK, WARNING, Marks, Standing, judge, marks_of
from deskterm.capacity.forecasts import Sample
from deskterm.errors import NotAllowed, WorkflowRefused
from tests.capacity.resources import DAY, HOUR, fill, resource, run
from tests.desks import MONDAY, Cast

MARKS = Marks(80, 90, 75)


def level(values: list[float], marks: Marks = MARKS, standing: Standing | None = None) -> Standing:
    return judge([Sample(at, value) for at, value in enumerate(values)], [], standing or Standing(), marks)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], OK), ([79.9], OK), ([80], WARNING), ([90], CRITICAL), ([90, 80], CRITICAL), ([85, 75], WARNING), ([85, 74.9], OK),
        ([95, 76, 95], CRITICAL), ([95, 74, 81], WARNING),
    ],
)  # fmt: skip
def test_a_level_rises_and_only_the_re_arm_mark_ends_it(values: list[float], found: str) -> None:
    assert level(values).level == found


def test_a_short_peak_is_no_breach_where_several_samples_must_confirm() -> None:
    marks = Marks(80, 90, 75, confirm=3)
    assert level([95, 95, 70, 95, 95], marks).level == OK
    assert level([95, 85, 95], marks) == Standing(WARNING, 2, True, 95)
    assert judge([Sample(5, 95)], [95, 95], Standing(), marks).level == CRITICAL, "what came before counts"
    assert level([95, 95, 95, 70, 70], marks).level == CRITICAL


def test_what_goes_down_is_judged_from_below_and_without_a_capacity_in_its_unit() -> None:
    down = marks_of(20, 10, None, 200, down=True, confirm=1)
    assert (down.warn, down.critical, down.rearm) == (40, 20, 50)
    assert [level([value], down).level for value in (41, 40, 20)] == [OK, WARNING, CRITICAL]
    assert level([20, 50], down).level == CRITICAL
    assert level([20, 51], down).level == OK
    plain = marks_of(200, None, None, None, down=False, confirm=1)
    assert (plain.warn, plain.rearm) == (200, 190)
    nothing = marks_of(80, 90, None, 0, down=False, confirm=1)
    assert level([1e9], nothing).level == OK, "of nothing installed there is no share"
    assert level([1e9], marks_of(None, None, None, 100, down=False, confirm=1)).level == OK


@given(st.lists(st.floats(0, 120, width=16), max_size=80), st.integers(0, 80), st.integers(1, 4))
def test_in_whatever_portions_samples_are_judged_the_standing_is_the_same(values: list[float], cut: int, confirm: int) -> None:
    marks = Marks(80, 90, 75, confirm=confirm)
    samples = [Sample(at, value) for at, value in enumerate(values)]
    whole = judge(samples, [], Standing(), marks)
    first = judge(samples[:cut], [], Standing(), marks)
    assert judge(samples[cut:], values[:cut], first, marks) == whole


def incidents(cast: Cast) -> list[Any]:
    return list(
        cast.ada.page(cast.ada.prepare(("incident",), "*", "number"), columns=("priority", "ci", "service", "state")).rows
    )


def notes(cast: Cast, number: str) -> list[str]:
    return [entry.text or "" for entry in cast.ada.show(number).journal if entry.what == "note"]


def test_a_breach_raises_one_incident_which_hears_how_it_goes_on(any_cast: Cast) -> None:
    number = resource(any_cast, warn=80, critical=90)

    def measured(*values: float) -> None:
        any_cast.clock.advance(HOUR)
        at = any_cast.clock.now()
        fill(any_cast, number, [(at - 100 + i, value) for i, value in enumerate(values)], rolled=False)
        run(any_cast, "capacity-watch")

    measured(50, 79)
    assert not incidents(any_cast)
    measured(85)
    (one,) = incidents(any_cast)
    assert one.title == "fs-01 /data: 85 GB, 85 % of 100 GB used (warning at 80 GB)"
    assert (one.shown["ci"], one.shown["service"], one.priority) == ("vpn-gw-1", "Workplace", 5)
    measured(86, 78, 84)
    measured(95, 85)
    measured(96)
    (one,) = incidents(any_cast)
    assert one.priority == 3, "it became as bad as the breach"
    assert [row.split(" (")[0] for row in notes(any_cast, one.number)] == ["fs-01 /data: 85 GB, 85 % of 100 GB used"]
    shown = any_cast.ada.show(number).values
    assert (shown["level"], shown["armed"]) == ("critical", False)
    measured(70)
    assert notes(any_cast, one.number)[-1].endswith("(re-armed at 75 GB): the breach is over.")
    assert any_cast.ada.show(number).values["armed"] is True
    measured(92)
    assert len(incidents(any_cast)) == 1, "the incident is open still: it hears of the next breach"
    assert notes(any_cast, one.number)[-1].endswith(" again.")
    any_cast.ada.act(one.number, "start")
    any_cast.ada.act(one.number, "resolve", {"code": "solved", "solution": "cleaned up"})
    measured(70)
    measured(93)
    first, second = incidents(any_cast)
    assert [(link.relation, link.number) for link in any_cast.ada.show(second.number).links if not link.inverse] == [
        ("recurrence-of", first.number)
    ]
    assert run(any_cast, "capacity-watch") == 0


def test_a_level_without_a_threshold_is_over_with_the_next_sample_and_a_corrected_one_is_judged_again(cast: Cast) -> None:
    number = resource(cast, critical=90)
    fill(cast, number, [(MONDAY - 60, 95.0)])
    run(cast, "capacity-watch")
    assert cast.ada.show(number).values["level"] == "critical"
    fill(cast, number, [(MONDAY - 60, 9.5)])
    run(cast, "capacity-watch")
    assert cast.ada.show(number).values["level"] == "ok", "the newest sample was a slip of the pen"
    assert notes(cast, "INC-00001")[-1].endswith("the breach is over.")
    fill(cast, number, [(MONDAY - 30, 96.0)])
    run(cast, "capacity-watch")
    cast.ada.edit(number, {"critical": None})
    fill(cast, number, [(MONDAY - 20, 96.0)])
    run(cast, "capacity-watch")
    assert cast.ada.show(number).values["level"] == "ok"


def test_history_that_is_loaded_raises_nothing_until_a_fresh_sample_says_it_is_still_so(cast: Cast) -> None:
    number = resource(cast, critical=90)
    fill(cast, number, [(MONDAY - 10 * DAY + i * HOUR, 95.0) for i in range(20)])
    run(cast, "capacity-watch")
    assert (cast.ada.show(number).values["level"], len(incidents(cast))) == ("critical", 0)
    fill(cast, number, [(MONDAY - 60, 95.0)])
    run(cast, "capacity-watch")
    (one,) = incidents(cast)
    assert "since 2026-10-" in (cast.ada.show(one.number).values["description"])


def test_a_forecast_raises_a_problem_and_a_change_once_each(any_cast: Cast) -> None:
    number = resource(any_cast, lead_time_days=5, upgrade_amount=50, upgrade_cost="1200", currency="EUR")
    fill(any_cast, number, [(MONDAY - 30 * DAY + i * DAY, 50.0 + i) for i in range(31)])
    bob = any_cast.as_("bob")
    bob.act(number, "raise-change")
    bob.act(number, "raise-problem", {"summary": "Why does it grow?"})
    (change,) = bob.page(bob.prepare(("change",), "*"), columns=("cis",)).rows
    (problem,) = bob.page(bob.prepare(("problem",), "*"), columns=("ci",)).rows
    told = bob.show(change.number).values
    assert told["plan"].startswith("By 2026-11-17 order 6 upgrades of fs-01 /data: 300 GB, 7200.00 EUR")
    assert "20.0 days left until 100 GB" in told["reason"]
    assert told["cis"]
    assert (problem.title, problem.shown["ci"]) == ("Why does it grow?", "vpn-gw-1")
    with pytest.raises(WorkflowRefused, match=f"{change.number} was raised for {number} and is draft"):
        bob.act(number, "raise-change")
    any_cast.ada.act(change.number, "cancel", {"why": "later"})
    bob.act(number, "raise-change")
    with pytest.raises(NotAllowed):
        any_cast.as_("ron").act(number, "raise-change")
