"""Why a clock shows what it shows, segment by segment, and what a pause would do to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from deskterm.calendars import Label
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans, overlay
from deskterm.service_level.policy import Policy
from deskterm.service_level.rules import History, Phase, PhaseState, read_clock


class SegmentState(StrEnum):
    """What a segment of a clock was."""

    OPEN = "open"
    """It counted."""
    PAUSED = "paused"
    """Within service hours, but the record was pending."""
    STOPPED = "stopped"
    """Within service hours, but the record was resolved, before a reopening."""
    CLOSED = "closed"
    """Outside service hours."""
    HOLIDAY = "holiday"


class Segment(NamedTuple):
    """A piece of a clock's time. The pieces follow one another without gaps; the counted seconds add up to elapsed."""

    from_at: int
    to_at: int
    state: SegmentState
    reason: str
    """Why it did not count: the phase's reason, the holiday's name; empty where it did."""
    counted_seconds: int
    running_seconds: int
    """What the clock shows at the end of this piece."""
    projected: bool
    """It lies after the reading, and is what would be if nothing held the record up."""


class _Piece(NamedTuple):
    start: int
    end: int
    state: SegmentState
    reason: str


def explain(policy: Policy, history: History, now: int, until_at: int | None = None) -> tuple[Segment, ...]:
    """Cut a clock's time, from its start to the instant of the reading, into segments with a running total.

    A pause shows only where it took something away: outside service hours the segment is closed, whoever was waiting.
    With `until_at` (the due instant, say) the segments go on beyond the reading, marked as projected.
    """
    end_at = history.end_at(now)
    pieces = [(piece, False) for piece in _pieces(policy, history.phases, history.started_at, end_at)]
    if until_at is not None and until_at > end_at:
        pieces += [(piece, True) for piece in _pieces(policy, (), end_at, until_at)]
    segments: list[Segment] = []
    total = 0
    for (start, end, state, reason), projected in pieces:
        counted = end - start if state is SegmentState.OPEN else 0
        total += counted
        segments.append(Segment(start, end, state, reason, counted, total, projected))
    return tuple(segments)


def simulate_pause(policy: Policy, history: History, now: int, until_at: int) -> int | None:
    """Return when a clock would be due if it were paused from now until an instant; None if the calendar never gets there.

    Raises:
        InvalidInput: the clock has stopped for good, or the pause ends before now.
    """
    reading = read_clock(policy, history, now)
    if reading.is_over:
        raise InvalidInput(f"this clock is {reading.state}; only one that still counts can be paused")
    if until_at < now:
        raise InvalidInput("the pause would end before it begins", fields={"until": "lies in the past"})
    paused = replace(history, phases=(*history.phases, Phase(now, until_at, PhaseState.PAUSED)))
    return policy.due(history.started_at, paused.pauses(until_at))


def _pieces(policy: Policy, phases: Sequence[Phase], start: int, end: int) -> Iterator[_Piece]:
    """Lay the record's waits over the calendar's stretches."""
    holds = list(_holds(phases, start, end))
    first = 0
    for opens, closes, label, name in policy.working.stretches(start, end):
        if label is not Label.OPEN:
            holiday = label is Label.HOLIDAY
            yield _Piece(opens, closes, SegmentState.HOLIDAY if holiday else SegmentState.CLOSED, name or label.value)
            continue
        while first < len(holds) and holds[first].end <= opens:
            first += 1
        at = opens
        for hold in holds[first:]:
            if hold.start >= closes:
                break
            if at < hold.start:
                yield _Piece(at, hold.start, SegmentState.OPEN, "")
            at = max(at, hold.start)
            yield hold._replace(start=at, end=min(hold.end, closes))
            at = min(hold.end, closes)
        if at < closes:
            yield _Piece(at, closes, SegmentState.OPEN, "")


def _holds(phases: Sequence[Phase], start: int, end: int) -> Iterator[_Piece]:
    """Yield when the record waited, one state and reason at a time: resolved before pending, the later reason first."""
    held = [phase for phase in phases if phase.state is not PhaseState.OPEN]
    for layer in overlay([Spans.of([phase.until(end)]).clip(start, end) for phase in held]):
        phase = max((held[which] for which in layer.active), key=_weight)
        yield _Piece(layer.start, layer.end, SegmentState(phase.state.value), phase.reason or phase.state.value)


def _weight(phase: Phase) -> tuple[bool, int]:
    return phase.state is PhaseState.STOPPED, phase.from_at
