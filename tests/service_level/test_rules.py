"""The SLA clock: the worked examples, and what peers get wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.vocab import ClockState, Metric, Unit
from deskterm.calendars import Calendar
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.service_level.policy import Policy
from deskterm.service_level.rules import History, Phase, PhaseState
from tests.service_level.examples import (
    FOUR_HOURS,
    HOUR,
    TEN_TO_SIX,
    TWO_DAYS,
    WEEK,
    at,
    hours_policy,
    office,
    paused,
    show,
    stopped,
)


class TestWorkedExamples:
    def test_a(self) -> None:
        history = History(at("2026-11-23T17:00"))
        assert show(FOUR_HOURS, history, "2026-11-23T17:30").due_at == at("2026-11-24T11:00")
        assert FOUR_HOURS.warn_before(HOUR, history.started_at) == at("2026-11-24T10:00")
        assert show(FOUR_HOURS, history, "2026-11-23T17:30").warn_at == ((75, at("2026-11-24T10:00")),)

    @pytest.mark.parametrize(
        ("end", "due"), [("2026-11-26T16:30:00", "2026-11-26T18:00:00"), ("2026-11-26T16:30:01", "2026-11-27T10:00:01")]
    )
    def test_b(self, end: str, due: str) -> None:
        history = History(at("2026-11-26T15:00"), (paused("2026-11-26T15:30", end),))
        assert show(hours_policy(TEN_TO_SIX, 2 * HOUR), history, "2026-11-26T17:00").due_at == at(due)

    def test_c(self) -> None:
        berlin = office("09:00", "18:00", "Europe/Berlin", (*WEEK, "sat", "sun"))
        history = History(at("2013-06-04T09:00"), (paused("2013-06-04T10:00", "2013-06-04T10:30"),))
        first = replace(history, met_at=at("2013-06-04T10:45"))
        closed = replace(history, met_at=at("2013-06-04T12:00"))
        response = show(hours_policy(berlin, 120 * 60), first, "2013-06-05T00:00")
        resolution = show(hours_policy(berlin, 250 * 60), closed, "2013-06-05T00:00")
        assert (response.elapsed_seconds, response.state) == (75 * 60, ClockState.MET)
        assert (resolution.elapsed_seconds, resolution.state) == (150 * 60, ClockState.MET)

    @pytest.mark.parametrize(("minutes", "due"), [(120, "2016-11-02T09:00"), (1200, "2016-11-03T15:00")])
    def test_d(self, minutes: int, due: str) -> None:
        berlin = office("08:00", "20:00", "Europe/Berlin", holidays=["2016-11-01"])
        history = History(at("2016-11-01T13:56:21"))
        assert show(hours_policy(berlin, minutes * 60), history, "2016-11-01T14:00").due_at == at(due)


class TestPauses:
    def test_pending_over_a_weekend_costs_only_working_time(self) -> None:
        start = "2026-11-27T16:00"
        history = History(at(start), (paused("2026-11-27T17:00", "2026-11-30T09:00"),))
        assert show(FOUR_HOURS, history, "2026-11-30T10:00").due_at == at("2026-11-30T12:00")
        assert show(FOUR_HOURS, history, "2026-11-30T10:00").elapsed_seconds == 2 * HOUR

    def test_pending_wholly_outside_service_hours_changes_nothing(self) -> None:
        history = History(at("2026-11-27T16:00"))
        waited = replace(history, phases=(paused("2026-11-27T18:00", "2026-11-30T08:00"),))
        assert show(FOUR_HOURS, waited, "2026-12-01T10:00") == show(FOUR_HOURS, history, "2026-12-01T10:00")

    def test_overlapping_pauses_count_once(self) -> None:
        phases = (paused("2026-11-23T09:00", "2026-11-23T11:00"), paused("2026-11-23T10:00", "2026-11-23T12:00"))
        reading = show(FOUR_HOURS, History(at("2026-11-23T08:00"), phases), "2026-11-23T13:00")
        assert reading.elapsed_seconds == 2 * HOUR

    def test_a_paused_clock_shows_its_due_as_if_resumed_now_and_never_fires(self) -> None:
        history = History(at("2026-11-23T08:00"), (paused("2026-11-23T09:00", None),))
        ten, later = show(FOUR_HOURS, history, "2026-11-23T10:00"), show(FOUR_HOURS, history, "2026-11-24T12:00")
        assert (ten.state, ten.due_at) == (ClockState.PAUSED, at("2026-11-23T13:00"))
        assert (later.state, later.due_at) == (ClockState.PAUSED, at("2026-11-24T15:00"))
        assert ten.held_since_at == later.held_since_at == at("2026-11-23T09:00")
        assert ten.next_event() is later.next_event() is None
        assert later.crossed() == ()

    def test_a_warning_crossed_before_the_pause_still_fires_when_looked_at_late(self) -> None:
        history = History(at("2026-11-23T08:00"), (paused("2026-11-23T11:30", None),))
        assert show(FOUR_HOURS, history, "2026-11-23T17:00").crossed() == ((75, at("2026-11-23T11:00")),)

    def test_a_breach_before_the_pause_stands(self) -> None:
        history = History(at("2026-11-23T08:00"), (paused("2026-11-23T12:30", None),))
        reading = show(FOUR_HOURS, history, "2026-11-23T17:00")
        assert (reading.state, reading.breached_at) == (ClockState.BREACHED, at("2026-11-23T12:00"))
        assert reading.next_event() is None

    def test_two_waits_that_touch_are_one(self) -> None:
        phases = (paused("2026-11-23T09:00", "2026-11-23T10:00"), paused("2026-11-23T10:00", None, "supplier"))
        assert show(FOUR_HOURS, History(at("2026-11-23T08:00"), phases), "2026-11-23T11:00").held_since_at == at(
            "2026-11-23T09:00"
        )

    def test_a_phase_that_ends_before_it_starts_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match="before it starts"):
            Phase(2, 1, PhaseState.PAUSED)


class TestStates:
    HISTORY = History(at("2026-11-23T08:00"))
    DUE = at("2026-11-23T12:00")

    def test_met_in_the_second_of_the_due_instant_is_met(self) -> None:
        reading = show(FOUR_HOURS, replace(self.HISTORY, met_at=self.DUE), "2026-11-25T00:00")
        assert (reading.state, reading.breached_at, reading.remaining_seconds) == (ClockState.MET, None, 0)
        assert reading.crossed() == ()
        assert reading.next_event() is None

    def test_met_a_second_later_is_breached_at_the_due_instant(self) -> None:
        reading = show(FOUR_HOURS, replace(self.HISTORY, met_at=self.DUE + 1), "2026-11-25T00:00")
        assert (reading.state, reading.breached_at, reading.met_at) == (ClockState.BREACHED, self.DUE, self.DUE + 1)
        assert reading.crossed() == ((100, self.DUE),)

    def test_open_past_due_is_breached_and_goes_on_counting(self) -> None:
        reading = show(FOUR_HOURS, self.HISTORY, "2026-11-23T14:00")
        assert (reading.state, reading.elapsed_seconds) == (ClockState.BREACHED, 6 * HOUR)
        assert reading.remaining_seconds == -2 * HOUR

    def test_due_at_closing_time_is_breached_during_the_night(self) -> None:
        policy = hours_policy(TEN_TO_SIX, 8 * HOUR)
        history = History(at("2026-11-23T10:00"))
        assert show(policy, history, "2026-11-23T18:00").state is ClockState.RUNNING
        assert show(policy, history, "2026-11-23T18:00:01").breached_at == at("2026-11-23T18:00")

    def test_the_breach_is_computed_however_late_the_check(self) -> None:
        assert show(FOUR_HOURS, self.HISTORY, "2027-11-23T14:00").breached_at == self.DUE

    def test_cancelled_stops_and_fires_no_more(self) -> None:
        reading = show(FOUR_HOURS, replace(self.HISTORY, cancelled_at=at("2026-11-23T09:00")), "2026-11-25T00:00")
        assert (reading.state, reading.elapsed_seconds) == (ClockState.CANCELLED, HOUR)
        assert reading.crossed() == ()
        assert reading.next_event() is None

    def test_whichever_came_first_ended_it(self) -> None:
        both = replace(self.HISTORY, met_at=at("2026-11-23T10:00"), cancelled_at=at("2026-11-23T09:00"))
        assert show(FOUR_HOURS, both, "2026-11-25T00:00").state is ClockState.CANCELLED
        both = replace(both, cancelled_at=at("2026-11-23T11:00"))
        assert show(FOUR_HOURS, both, "2026-11-25T00:00").state is ClockState.MET

    def test_a_reading_of_the_past_knows_nothing_of_what_came_after(self) -> None:
        later = replace(self.HISTORY, phases=(paused("2026-11-23T11:00", "2026-11-23T15:00"),), met_at=at("2026-11-23T15:30"))
        assert show(FOUR_HOURS, later, "2026-11-23T10:00") == show(FOUR_HOURS, self.HISTORY, "2026-11-23T10:00")

    def test_before_it_started_it_has_counted_nothing(self) -> None:
        reading = show(FOUR_HOURS, self.HISTORY, "2026-11-20T10:00")
        assert (reading.state, reading.elapsed_seconds, reading.due_at) == (ClockState.RUNNING, 0, self.DUE)


class TestEvents:
    def test_each_threshold_in_turn_and_the_breach_once_it_is_certain(self) -> None:
        policy, history = replace(FOUR_HOURS, warn_percent=(50, 75, 150)), History(at("2026-11-23T08:00"))
        moment, fired = "2026-11-23T08:00", []
        while (event := show(policy, history, moment).next_event()) is not None:
            moment = format_instant(event.seen_at).removesuffix("Z")
            assert event in show(policy, history, moment).crossed()
            fired.append((event.percent, moment))
        assert fired == [
            (50, "2026-11-23T10:00:00"),
            (75, "2026-11-23T11:00:00"),
            (100, "2026-11-23T12:00:01"),
            (150, "2026-11-23T14:00:00"),
        ]

    def test_a_late_check_finds_all_that_was_crossed(self) -> None:
        policy = replace(FOUR_HOURS, warn_percent=(50, 75))
        found = show(policy, History(at("2026-11-23T08:00")), "2026-12-24T00:00").crossed()
        assert [threshold.percent for threshold in found] == [50, 75, 100]

    def test_a_percentage_between_two_seconds_fires_at_the_later(self) -> None:
        policy = hours_policy(TEN_TO_SIX, 10, warn_percent=(75,))
        start = at("2026-11-23T10:00")
        assert show(policy, History(start), "2026-11-23T10:00").warn_at == ((75, start + 8),)

    @pytest.mark.parametrize("percent", [0, -5, 1001])
    def test_a_point_out_of_range_is_refused(self, percent: int) -> None:
        with pytest.raises(InvalidInput) as refusal:
            replace(FOUR_HOURS, warn_percent=(percent,))
        assert "warn_percent" in refusal.value.fields

    def test_a_warning_before_due_is_never_before_the_start(self) -> None:
        assert FOUR_HOURS.warn_before(5 * HOUR, at("2026-11-23T17:00")) == at("2026-11-23T17:00")


class TestRetargetingAndReopening:
    def test_another_target_counts_from_the_original_start_and_keeps_every_pause(self) -> None:
        history = History(at("2026-11-23T08:00"), (paused("2026-11-23T09:00", "2026-11-23T11:00"),))
        tighter = replace(FOUR_HOURS, amount_seconds=2 * HOUR)
        assert show(FOUR_HOURS, history, "2026-11-23T11:30").due_at == at("2026-11-23T14:00")
        assert show(tighter, history, "2026-11-23T11:30").due_at == at("2026-11-23T12:00")

    RESOLVED = stopped("2026-11-23T10:00", "2026-11-23T15:00")

    def test_by_default_time_spent_resolved_does_not_count(self) -> None:
        reading = show(FOUR_HOURS, History(at("2026-11-23T08:00"), (self.RESOLVED,)), "2026-11-23T16:00")
        assert (reading.elapsed_seconds, reading.due_at) == (3 * HOUR, at("2026-11-23T17:00"))


class TestBusinessDays:
    def test_same_time_of_day(self) -> None:
        reading = show(TWO_DAYS, History(at("2026-11-26T09:00")), "2026-11-26T10:00")
        assert (reading.due_at, reading.target_seconds) == (at("2026-11-30T09:00"), 20 * HOUR)
        assert reading.warn_at == ((50, at("2026-11-27T09:00")),)

    def test_a_deadline_moved_on_to_an_opening_is_not_pulled_back_to_the_closing_before(self) -> None:
        reading = show(TWO_DAYS, History(at("2026-11-23T19:00")), "2026-11-23T20:00")
        assert reading.due_at == at("2026-11-26T08:00")

    @pytest.mark.parametrize(
        ("start", "end", "due"),
        [
            ("2026-11-24T09:00", "2026-11-24T09:30", "2026-11-25T09:30"),
            ("2026-11-24T09:00", "2026-11-25T09:00", "2026-11-26T09:00"),  # a working day waited, a working day later
            ("2026-11-23T18:00", "2026-11-24T08:00", "2026-11-25T09:00"),  # a night waited: nothing
            ("2026-11-25T08:30", "2026-11-25T17:30", "2026-11-25T18:00"),  # over the deadline: the rest comes after
        ],
    )
    def test_a_pause_moves_it_by_the_working_time_it_took(self, start: str, end: str, due: str) -> None:
        history = History(at("2026-11-23T09:00"), (paused(start, end),))
        reading = show(TWO_DAYS, history, "2026-11-25T17:45")
        assert reading.due_at == at(due)

    def test_too_few_working_days_is_never_due_and_breaks_nothing(self) -> None:
        once = Calendar.from_json({"tz": "UTC", "days": {"2026-11-23": [["08:00", "18:00"]]}})
        reading = show(replace(TWO_DAYS, calendar=once), History(at("2026-11-23T09:00")), "2026-11-24T10:00")
        assert (reading.due_at, reading.target_seconds, reading.remaining_seconds) == (None, None, None)
        assert (reading.state, reading.elapsed_seconds, reading.thresholds) == (ClockState.RUNNING, 9 * HOUR, ())


def test_elapsed_runs_round_the_clock_whatever_the_calendar() -> None:
    policy = Policy(Metric.RESOLUTION, Unit.ELAPSED, TEN_TO_SIX, 24 * HOUR)
    assert show(policy, History(at("2026-11-28T03:00")), "2026-11-28T04:00").due_at == at("2026-11-29T03:00")


@pytest.mark.parametrize(
    ("unit", "seconds", "days", "field"),
    [
        (Unit.BUSINESS_HOURS, None, None, "amount_seconds"),
        (Unit.BUSINESS_HOURS, 60, 1, "days"),
        (Unit.ELAPSED, -1, None, "amount_seconds"),
        (Unit.BUSINESS_DAYS, 60, None, "days"),
        (Unit.BUSINESS_DAYS, 60, 1, "amount_seconds"),
    ],
)
def test_a_target_in_the_wrong_unit_is_refused(unit: Unit, seconds: int | None, days: int | None, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Policy(Metric.RESPONSE, unit, TEN_TO_SIX, seconds, days)
    assert field in refusal.value.fields


def test_a_policy_survives_being_stored() -> None:
    assert Policy.from_json(FOUR_HOURS.to_json()) == FOUR_HOURS
    assert Policy.from_json(TWO_DAYS.to_json()) == TWO_DAYS
    for broken in ({}, {**FOUR_HOURS.to_json(), "unit": "hours"}, {**FOUR_HOURS.to_json(), "days": "two"}):
        with pytest.raises(InvalidInput, match="stored policy"):
            Policy.from_json(broken)
