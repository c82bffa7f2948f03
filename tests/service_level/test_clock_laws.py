"""Laws of the SLA clock that hold for any history; here, over two weeks of November 2026."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from data.vocab import ClockState, Metric, Unit
from deskterm.service_level.explain import explain, simulate_pause
from deskterm.service_level.policy import Policy
from deskterm.service_level.rules import History, Phase, PhaseState, read_clock
from tests.service_level.examples import FOUR_HOURS, HOUR, TEN_TO_SIX, TWO_DAYS, WITH_HOLIDAY, at

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
        TWO_DAYS,
        Policy(Metric.UPDATE, Unit.ELAPSED, TEN_TO_SIX, 30 * HOUR, warn_percent=(33, 67)),
        replace(WITH_HOLIDAY, amount_seconds=30 * HOUR, warn_percent=(10, 90)),
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
    working = FOUR_HOURS.working
    before = read_clock(FOUR_HOURS, past, now).due_at
    after = simulate_pause(FOUR_HOURS, past, now, working.due(now, business_seconds))
    if before is not None and before > now:
        assert after is not None
        assert working.elapsed(before, after) == business_seconds
