"""Segments of a clock, and what a pause would do to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deskterm.errors import InvalidInput
from deskterm.service_level.explain import SegmentState, explain, simulate_pause
from deskterm.service_level.rules import History, Phase, PhaseState, read_clock
from tests.service_level.examples import FOUR_HOURS, HOUR, WITH_HOLIDAY, at, paused, stopped


class TestExplain:
    HISTORY = History(at("2026-11-23T16:00"), (paused("2026-11-23T17:00", "2026-11-25T09:00"),))

    def test_every_segment_with_its_reason_and_running_total(self) -> None:
        found = explain(WITH_HOLIDAY, self.HISTORY, at("2026-11-25T10:00"))
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
        due_at = read_clock(WITH_HOLIDAY, self.HISTORY, now).due_at
        found = explain(WITH_HOLIDAY, self.HISTORY, now, until_at=due_at)
        assert [piece.projected for piece in found] == [False] * 7 + [True]
        assert found[-1].running_seconds == WITH_HOLIDAY.amount_seconds
        assert found[-1].to_at == due_at == at("2026-11-25T12:00")

    def test_resolved_prevails_over_pending(self) -> None:
        phases = (paused("2026-11-23T09:00", "2026-11-23T12:00"), stopped("2026-11-23T10:00", "2026-11-23T11:00"))
        found = explain(WITH_HOLIDAY, History(at("2026-11-23T09:00"), phases), at("2026-11-23T12:00"))
        assert [(piece.state, piece.reason) for piece in found] == [
            (SegmentState.PAUSED, "caller"),
            (SegmentState.STOPPED, "resolved"),
            (SegmentState.PAUSED, "caller"),
        ]


class TestSimulate:
    HISTORY = History(at("2026-11-23T16:00"))

    def test_a_pause_moves_it_on_by_the_working_time_within(self) -> None:
        assert read_clock(FOUR_HOURS, self.HISTORY, at("2026-11-23T17:00")).due_at == at("2026-11-24T10:00")
        assert simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T17:00"), at("2026-11-24T09:00")) == at("2026-11-24T12:00")

    def test_outside_service_hours_it_gains_nothing(self) -> None:
        due_at = read_clock(FOUR_HOURS, self.HISTORY, at("2026-11-23T18:00")).due_at
        assert simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T18:00"), at("2026-11-24T08:00")) == due_at

    def test_what_it_says_is_what_happens(self) -> None:
        now, wakes = at("2026-11-23T17:00"), at("2026-11-25T11:00")
        happened = replace(self.HISTORY, phases=(Phase(now, wakes, PhaseState.PAUSED),))
        due_at = read_clock(FOUR_HOURS, happened, wakes).due_at
        assert simulate_pause(FOUR_HOURS, self.HISTORY, now, wakes) == due_at

    def test_a_clock_that_stopped_cannot_be_paused(self) -> None:
        met = replace(self.HISTORY, met_at=at("2026-11-23T16:30"))
        with pytest.raises(InvalidInput, match="met"):
            simulate_pause(FOUR_HOURS, met, at("2026-11-23T17:00"), at("2026-11-23T17:01"))

    def test_it_ends_after_it_began(self) -> None:
        with pytest.raises(InvalidInput, match="before it begins"):
            simulate_pause(FOUR_HOURS, self.HISTORY, at("2026-11-23T17:00"), at("2026-11-23T16:59"))
