"""The SLA clock: the worked examples, what peers get wrong, and laws that hold for any history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.vocab import ClockState, Metric, Unit
from deskterm.calendars import Calendar
from deskterm.clock import format_instant, parse_instant
from deskterm.errors import InvalidInput
from deskterm.service_level.error_budget import burn
from deskterm.service_level.explain import SegmentState, explain, simulate_pause
from deskterm.service_level.policy import Policy
from deskterm.service_level.rules import History, OnReopen, Phase, PhaseState, Reading, current_cycle, read_clock

HOUR = 3600
WEEK = ("mon", "tue", "wed", "thu", "fri")


def office(opens: str, closes: str, tz: str = "UTC", days: tuple[str, ...] = WEEK, **more: object) -> Calendar:
    return Calendar.from_json({"tz": tz, "hours": {day: [[opens, closes]] for day in days}, **more})


def hours_policy(calendar: Calendar, seconds: int, **more: int | tuple[int, ...]) -> Policy:
    return replace(Policy(Metric.RESOLUTION, Unit.BUSINESS_HOURS, calendar, seconds), **more)  # type: ignore[arg-type]


def at(text: str) -> int:
    return parse_instant(f"{text}Z")


def paused(start: str, end: str | None, reason: str = "caller") -> Phase:
    return Phase(at(start), None if end is None else at(end), PhaseState.PAUSED, reason)


def stopped(start: str, end: str | None) -> Phase:
    return Phase(at(start), None if end is None else at(end), PhaseState.STOPPED, "resolved")


def show(policy: Policy, history: History, now: str) -> Reading:
    return read_clock(policy, history, at(now))


# 2026-11-23 is a Monday.
TEN_TO_SIX = office("10:00", "18:00")
FOUR_HOURS = hours_policy(office("08:00", "18:00"), 4 * HOUR, warn_percent=(75,))


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

    def test_e(self) -> None:
        budget = burn(0.999, 30 * 86_400, 50 * 60)
        assert budget.budget_seconds == 43.2 * 60
        assert budget.remaining_ratio == pytest.approx(-0.1574, abs=5e-5)
        assert budget.burn_rate == pytest.approx(1.157, abs=5e-4)


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
            moment = f"{_text(event.seen_at)}"
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
        history = History(at("2026-11-23T08:00"), (self.RESOLVED,))
        assert current_cycle(history, OnReopen.CONTINUE) == (1, history)
        reading = show(FOUR_HOURS, history, "2026-11-23T16:00")
        assert (reading.elapsed_seconds, reading.due_at) == (3 * HOUR, at("2026-11-23T17:00"))

    def test_a_new_cycle_starts_at_the_reopening_and_forgets(self) -> None:
        again = paused("2026-11-23T16:00", "2026-11-23T16:30")
        history = History(at("2026-11-23T08:00"), (paused("2026-11-23T09:00", "2026-11-23T09:30"), self.RESOLVED, again))
        cycle, second = current_cycle(history, OnReopen.NEW_CYCLE)
        assert (cycle, second) == (2, History(at("2026-11-23T15:00"), (again,)))
        assert show(FOUR_HOURS, second, "2026-11-23T17:00").elapsed_seconds == 90 * 60

    def test_what_is_resolved_for_good_began_no_new_cycle(self) -> None:
        history = History(at("2026-11-23T08:00"), (stopped("2026-11-23T10:00", None),))
        assert current_cycle(history, OnReopen.NEW_CYCLE) == (1, history)


class TestBusinessDays:
    TWO_DAYS = Policy(Metric.RESOLUTION, Unit.BUSINESS_DAYS, office("08:00", "18:00"), days=2, warn_percent=(50,))

    def test_same_time_of_day(self) -> None:
        reading = show(self.TWO_DAYS, History(at("2026-11-26T09:00")), "2026-11-26T10:00")
        assert (reading.due_at, reading.target_seconds) == (at("2026-11-30T09:00"), 20 * HOUR)
        assert reading.warn_at == ((50, at("2026-11-27T09:00")),)

    def test_a_deadline_moved_on_to_an_opening_is_not_pulled_back_to_the_closing_before(self) -> None:
        reading = show(self.TWO_DAYS, History(at("2026-11-23T19:00")), "2026-11-23T20:00")
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
        reading = show(self.TWO_DAYS, history, "2026-11-25T17:45")
        assert reading.due_at == at(due)

    def test_too_few_working_days_is_never_due_and_breaks_nothing(self) -> None:
        once = Calendar.from_json({"tz": "UTC", "days": {"2026-11-23": [["08:00", "18:00"]]}})
        reading = show(replace(self.TWO_DAYS, calendar=once), History(at("2026-11-23T09:00")), "2026-11-24T10:00")
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
    assert Policy.from_json(TestBusinessDays.TWO_DAYS.to_json()) == TestBusinessDays.TWO_DAYS
    for broken in ({}, {**FOUR_HOURS.to_json(), "unit": "hours"}, {**FOUR_HOURS.to_json(), "days": "two"}):
        with pytest.raises(InvalidInput, match="stored policy"):
            Policy.from_json(broken)


class TestExplain:
    CALENDAR = office("08:00", "18:00", holidays={"2026-11-24": "Foundation Day"})
    POLICY = hours_policy(CALENDAR, 4 * HOUR)
    HISTORY = History(at("2026-11-23T16:00"), (paused("2026-11-23T17:00", "2026-11-25T09:00"),))

    def test_every_segment_with_its_reason_and_running_total(self) -> None:
        found = explain(self.POLICY, self.HISTORY, at("2026-11-25T10:00"))
        assert [(piece.state, piece.reason, piece.counted_seconds, piece.running_seconds) for piece in found] == [
            (SegmentState.OPEN, "", HOUR, HOUR),
            (SegmentState.PAUSED, "caller", 0, HOUR),
            (SegmentState.CLOSED, "outside service hours", 0, HOUR),
            (SegmentState.HOLIDAY, "Foundation Day", 0, HOUR),
            (SegmentState.CLOSED, "outside service hours", 0, HOUR),
            (SegmentState.PAUSED, "caller", 0, HOUR),
            (SegmentState.OPEN, "", HOUR, 2 * HOUR),
        ]

    def test_up_to_the_due_instant_the_rest_is_projected_and_adds_up_to_the_target(self) -> None:
        now = at("2026-11-25T10:00")
        due_at = read_clock(self.POLICY, self.HISTORY, now).due_at
        found = explain(self.POLICY, self.HISTORY, now, until_at=due_at)
        assert [piece.projected for piece in found] == [False] * 7 + [True]
        assert found[-1].running_seconds == self.POLICY.amount_seconds
        assert found[-1].to_at == due_at == at("2026-11-25T12:00")

    def test_resolved_prevails_over_pending(self) -> None:
        phases = (paused("2026-11-23T09:00", "2026-11-23T12:00"), stopped("2026-11-23T10:00", "2026-11-23T11:00"))
        found = explain(self.POLICY, History(at("2026-11-23T09:00"), phases), at("2026-11-23T12:00"))
        assert [(piece.state, piece.reason) for piece in found] == [
            (SegmentState.PAUSED, "caller"),
            (SegmentState.STOPPED, "resolved"),
            (SegmentState.PAUSED, "caller"),
        ]


class TestSimulate:
    HISTORY = History(at("2026-11-23T16:00"))

    def test_for_so_much_working_time(self) -> None:
        found = simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T17:00"), business_seconds=2 * HOUR)
        assert found.resumes_at == at("2026-11-24T09:00")
        assert (found.due_before_at, found.due_after_at) == (at("2026-11-24T10:00"), at("2026-11-24T12:00"))
        assert found.gained_seconds == 2 * HOUR

    def test_until_an_instant_gains_only_working_time(self) -> None:
        found = simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T18:00"), until_at=at("2026-11-24T08:00"))
        assert found.gained_seconds == 0

    def test_what_it_says_is_what_happens(self) -> None:
        now, wakes = at("2026-11-23T17:00"), at("2026-11-25T11:00")
        happened = replace(self.HISTORY, phases=(Phase(now, wakes, PhaseState.PAUSED),))
        found = simulate_pause(FOUR_HOURS, self.HISTORY, now, until_at=wakes)
        assert found.due_after_at == read_clock(FOUR_HOURS, happened, wakes).due_at

    def test_a_clock_that_stopped_cannot_be_paused(self) -> None:
        met = replace(self.HISTORY, met_at=at("2026-11-23T16:30"))
        with pytest.raises(InvalidInput, match="met"):
            simulate_pause(FOUR_HOURS, met, at("2026-11-23T17:00"), business_seconds=60)

    def test_the_length_is_given_in_one_way(self) -> None:
        with pytest.raises(InvalidInput, match="not both"):
            simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T17:00"))
        with pytest.raises(InvalidInput, match="before it begins"):
            simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T17:00"), until_at=at("2026-11-23T16:59"))


class TestBurn:
    def test_without_a_budget_there_is_no_ratio(self) -> None:
        nothing = burn(1, 86_400, 0)
        assert (nothing.budget_seconds, nothing.remaining_ratio, nothing.burn_rate) == (0, None, None)

    def test_before_any_time_has_passed_there_is_no_rate(self) -> None:
        assert burn(0.99, 86_400, 0, elapsed_seconds=0).burn_rate is None

    def test_a_rate_of_one_uses_the_budget_up_at_the_end(self) -> None:
        assert burn(0.9, 1000, 50, elapsed_seconds=500).burn_rate == 1
        assert burn(0.9, 1000, 50, elapsed_seconds=500).remaining_ratio == 0.5

    @pytest.mark.parametrize(
        ("figures", "field"),
        [
            ((99.9, 100, 1), "objective"),
            ((0.9, 0, 0), "period_seconds"),
            ((0.9, 100, -1), "bad_seconds"),
            ((0.9, 100, 60, 50), "bad_seconds"),
            ((0.9, 100, 0, 101), "elapsed_seconds"),
        ],
    )
    def test_a_figure_out_of_range_is_named(self, figures: tuple[float, int, int], field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            burn(*figures)
        assert field in refusal.value.fields


# Laws, for any history over two weeks of November 2026.
START = at("2026-11-16T00:00")
moments = st.integers(START, START + 14 * 86_400)
lengths = st.integers(0, 3 * 86_400)
phases = st.builds(
    lambda start, length, state: Phase(start, start + length, state),
    moments,
    lengths,
    st.sampled_from([PhaseState.PAUSED, PhaseState.STOPPED, PhaseState.OPEN]),
)
histories = st.builds(History, moments, st.lists(phases, max_size=4).map(tuple), st.none() | moments)
policies = st.sampled_from(
    [
        FOUR_HOURS,
        replace(FOUR_HOURS, amount_seconds=1, warn_percent=(1, 99, 200)),
        TestBusinessDays.TWO_DAYS,
        Policy(Metric.UPDATE, Unit.ELAPSED, TEN_TO_SIX, 30 * HOUR, warn_percent=(33, 67)),
        hours_policy(TestExplain.CALENDAR, 30 * HOUR, warn_percent=(10, 90)),
    ]
)


@settings(deadline=None)
@given(policies, histories, moments)
def test_segments_add_up_to_elapsed_and_leave_no_gap(policy: Policy, history: History, now: int) -> None:
    reading, segments = read_clock(policy, history, now), explain(policy, history, now)
    assert sum(segment.counted_seconds for segment in segments) == reading.elapsed_seconds
    edges = [history.started_at, *(segment.to_at for segment in segments)]
    assert [segment.from_at for segment in segments] == edges[:-1]
    assert edges[-1] == history.end_at(now)
    assert reading.remaining_seconds == (reading.target_seconds or 0) - reading.elapsed_seconds


@settings(deadline=None)
@given(policies, histories, moments, st.integers(0, 86_400))
def test_a_breach_once_computed_never_moves(policy: Policy, history: History, now: int, later: int) -> None:
    first, second = read_clock(policy, history, now), read_clock(policy, history, now + later)
    if first.breached_at is not None:
        assert second.breached_at == first.breached_at < now
    assert second.elapsed_seconds >= first.elapsed_seconds
    assert first.due_at is not None
    assert second.due_at is not None
    assert second.due_at >= first.due_at
    assert set(first.crossed()) <= set(second.crossed()) or second.is_over


@settings(deadline=None)
@given(policies, histories, moments)
def test_states_and_figures_agree(policy: Policy, history: History, now: int) -> None:
    reading = read_clock(policy, history, now)
    assert (reading.state is ClockState.BREACHED) == (reading.breached_at is not None)
    assert reading.due_at is not None
    if reading.state in (ClockState.RUNNING, ClockState.PAUSED):
        assert reading.due_at >= reading.at or history.started_at > now
        assert (reading.remaining_seconds or 0) >= 0
    instants = [threshold.at for threshold in reading.thresholds]
    assert instants == sorted(instants)
    event = reading.next_event()
    if event is not None:
        assert event.seen_at > now
        assert event not in reading.crossed()


@settings(deadline=None)
@given(histories, moments, st.integers(0, 200_000))
def test_a_simulated_pause_is_the_pause_itself(history: History, now: int, business_seconds: int) -> None:
    now = max(now, history.started_at)
    past = replace(history, met_at=None, phases=tuple(p for p in history.phases if p.to_at is not None and p.to_at <= now))
    found = simulate_pause(FOUR_HOURS, past, now, business_seconds=business_seconds)
    if found.due_before_at is not None and found.due_before_at > now:
        working = FOUR_HOURS.working
        assert found.due_after_at is not None
        assert working.elapsed(found.due_before_at, found.due_after_at) == business_seconds


def _text(instant: int) -> str:
    return format_instant(instant).removesuffix("Z")
