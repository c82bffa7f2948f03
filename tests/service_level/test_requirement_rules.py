"""A requirement held against a target: hours, days and shares, each by its calendar."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.vocab import Metric, Unit
from deskterm.calendars import Calendar
from deskterm.service_level.requirement_rules import LESS, PROMISED, UNPROMISED, Figure, Offer, found, overall
from tests.desks import MONDAY

HOUR = 3_600
ZONE = "Europe/Berlin"


def calendar(opens: str, closes: str, days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")) -> Calendar:
    return Calendar.from_json({"tz": ZONE, "hours": {day: [[opens, closes]] for day in days}})


OFFICE, LATE = calendar("08:00", "18:00"), calendar("10:00", "18:00")
AROUND = calendar("00:00", "24:00", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
HOURS, DAYS, ELAPSED = Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS, Unit.ELAPSED


def wanted(amount: int | None, unit: Unit = HOURS, share: float | None = None, hours: Calendar | None = None) -> Figure:
    figure = Figure(Metric.RESOLUTION, unit, objective=share, calendar=hours)
    return (
        Figure(figure.metric, unit, None, amount, share, hours)
        if unit is DAYS
        else Figure(figure.metric, unit, amount, None, share, hours)
    )


def offer(figure: Figure, name: str = "T") -> Offer:
    return Offer("Gold", "SLA-00002", name, f"TGT-{name}", figure)


@pytest.mark.parametrize(
    ("asked", "promise", "verdict", "lacking"),
    [
        (wanted(4 * HOUR), wanted(4 * HOUR, hours=OFFICE), PROMISED, ()),
        (wanted(4 * HOUR), wanted(4 * HOUR + 1, hours=OFFICE), LESS, ("at worst 2d 14:00 later than wanted",)),
        (wanted(4 * HOUR, hours=OFFICE), wanted(4 * HOUR, hours=LATE), LESS, ("later than wanted",)),
        (wanted(4 * HOUR, hours=LATE), wanted(4 * HOUR, hours=OFFICE), PROMISED, ()),
        (wanted(4 * HOUR, ELAPSED), wanted(4 * HOUR, hours=OFFICE), LESS, ("later than wanted",)),
        (wanted(4 * HOUR, hours=OFFICE), wanted(4 * HOUR, ELAPSED, hours=OFFICE), PROMISED, ()),
        (wanted(2, DAYS), wanted(8 * HOUR, hours=OFFICE), PROMISED, ()),
        (wanted(1, DAYS), wanted(2, DAYS, hours=OFFICE), LESS, ("later than wanted",)),
        (wanted(4 * HOUR, share=95), wanted(4 * HOUR, share=95, hours=OFFICE), PROMISED, ()),
        (wanted(4 * HOUR, share=95), wanted(4 * HOUR, share=90, hours=OFFICE), LESS, ("90 % is promised, 95 % is wanted",)),
        (wanted(4 * HOUR, share=95), wanted(4 * HOUR, hours=OFFICE), LESS, ("no share is promised, 95 % is wanted",)),
        (wanted(4 * HOUR, share=95), wanted(5 * HOUR, hours=OFFICE), LESS, ("later than wanted", "no share is promised")),
    ],
)  # fmt: skip
def test_a_target_is_what_is_wanted_if_it_is_never_later(
    asked: Figure, promise: Figure, verdict: str, lacking: tuple[str, ...]
) -> None:
    finding = found(asked, (1,), [offer(promise)], MONDAY)
    assert finding.verdict == verdict
    assert len(finding.lacking) == len(lacking)
    assert all(part in line for part, line in zip(lacking, finding.lacking, strict=True)), finding.lacking


def up(share: float | None, hours: Calendar | None = None) -> Figure:
    return Figure(Metric.AVAILABILITY, HOURS, objective=share, calendar=hours)


@pytest.mark.parametrize(
    ("asked", "promise", "lacking"),
    [
        (up(99.5), up(99.5, OFFICE), ()),
        (up(99.5), up(99.9, OFFICE), ()),
        (up(99.5), up(99.4, OFFICE), ("99.4 % is promised, 99.5 % is wanted",)),
        (up(99.5), up(None, OFFICE), ("no share is promised, 99.5 % is wanted",)),
        (up(99.5, LATE), up(99.5, OFFICE), ()),
        (up(99.5, OFFICE), up(99.5, LATE), ("of the wanted hours of four weeks are not promised",)),
    ],
)
def test_an_availability_is_promised_by_its_share_and_its_hours(asked: Figure, promise: Figure, lacking: tuple[str, ...]) -> None:
    finding = found(asked, (), [offer(promise)], MONDAY)
    assert finding.verdict == (LESS if lacking else PROMISED)
    assert [part in line for part, line in zip(lacking, finding.lacking, strict=True)] == [True] * len(lacking)


def test_the_strictest_of_several_targets_counts_and_none_is_not_promised() -> None:
    offers = [offer(wanted(hours * HOUR, hours=OFFICE), str(hours)) for hours in (30, 4, 8)]
    finding = found(wanted(6 * HOUR), (2,), offers, MONDAY)
    assert (finding.verdict, finding.offer) == (PROMISED, offers[1])
    shares = [offer(up(share, OFFICE), str(share)) for share in (99.0, 99.9, 95.0)]
    assert found(up(99.5), (), shares, MONDAY).offer == shares[1]
    nothing = found(wanted(HOUR), (3,), [], MONDAY)
    assert (nothing.verdict, nothing.offer, nothing.lacking) == (UNPROMISED, None, ())


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ((PROMISED,), PROMISED), ((PROMISED, PROMISED), PROMISED), ((PROMISED, UNPROMISED), LESS), ((LESS, PROMISED), LESS),
        ((UNPROMISED, UNPROMISED), UNPROMISED), ((LESS, LESS), LESS),
    ],
)  # fmt: skip
def test_one_verdict_of_all_priorities(verdicts: tuple[str, ...], told: str) -> None:
    assert overall(verdicts) == told


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40))
def test_in_the_same_hours_the_amounts_decide(asked: int, promised: int) -> None:
    finding = found(wanted(asked * HOUR), (1,), [offer(wanted(promised * HOUR, hours=OFFICE))], MONDAY)
    assert (finding.verdict == PROMISED) == (promised <= asked)


def test_around_the_clock_is_never_less_than_office_hours() -> None:
    assert found(wanted(4 * HOUR, hours=OFFICE), (1,), [offer(wanted(4 * HOUR, hours=AROUND))], MONDAY).verdict == PROMISED
