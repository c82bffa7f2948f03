"""The SLA clock: what a record's own history, judged by a policy, says at an instant. Pure, and nothing is remembered.

The rules, in one place:

- Elapsed is the running time within the calendar. A pause takes away only the working time within it, so a record that
  is pending over a weekend loses nothing by it.
- Due is the instant at which elapsed reaches the target, at closing time if it lands there. Met at that very second is
  met; a breach is the due instant having passed, and it carries that instant however late anyone looks.
- After a reopening the clock goes on, and the time spent resolved does not count. Where reopening starts anew, each run
  is a history of its own; which runs a record has is for `deskterm.service_level.facts` to tell.
- Re-targeting is reading the same history under another policy: the start and every earlier pause still count.
- What lies after the instant of the reading is not known to it, so past readings can be repeated.

How the figures explain themselves is in `deskterm.service_level.explain`; storing and firing are the service's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from data.vocab import ClockState
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans
from deskterm.service_level.policy import BREACH, Policy


class PhaseState(StrEnum):
    """What a record's state means to a clock."""

    OPEN = "open"
    PAUSED = "paused"
    """Pending: somebody else has to act."""
    STOPPED = "stopped"
    """Resolved, before a reopening; by default that time does not count either."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a record's history, `[from_at, to_at)`; without an end it still lasts."""

    from_at: int
    to_at: int | None
    state: PhaseState
    reason: str = ""
    """Why it waited, as the person is told: caller, supplier, resolved …"""

    def __post_init__(self) -> None:
        if self.to_at is not None and self.to_at < self.from_at:
            raise InvalidInput(f"a phase ends ({self.to_at}) before it starts ({self.from_at})")

    def covers(self, at: int) -> bool:
        """Say whether it lasts at an instant."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)

    def until(self, end_at: int) -> tuple[int, int]:
        """Return the stretch of it before an instant, empty if it had not begun."""
        end = end_at if self.to_at is None else min(self.to_at, end_at)
        return self.from_at, max(self.from_at, end)


@dataclass(frozen=True, slots=True)
class History:
    """The facts that a clock is read from. Time that no phase covers is open."""

    started_at: int
    """When the service failed or the contact was made, not when somebody typed."""
    phases: tuple[Phase, ...] = ()
    met_at: int | None = None
    cancelled_at: int | None = None

    def end_at(self, now: int) -> int:
        """Return up to when a reading at `now` counts: until it was met or cancelled, and never before the start."""
        stops = (at for at in (self.met_at, self.cancelled_at) if at is not None)
        return max(self.started_at, min((now, *stops)))

    def pauses(self, end_at: int) -> Spans:
        """Return the time before `end_at` that does not count, whatever the calendar says."""
        return Spans.of(phase.until(end_at) for phase in self._held()).clip(self.started_at, end_at)

    def held_since_at(self, at: int) -> int | None:
        """Return since when the clock has been held, if it is held at an instant; phases that touch are one wait."""
        covering = [phase.from_at for phase in self._held() if phase.covers(at)]
        if not covering:
            return None
        return next((start for start, end in self.pauses(at) if end == at), at)

    def _held(self) -> Iterator[Phase]:
        return (phase for phase in self.phases if phase.state is not PhaseState.OPEN)


class Threshold(NamedTuple):
    """A percentage of the target and the instant at which the clock reaches it; 100 is the breach."""

    percent: int
    at: int

    @property
    def seen_at(self) -> int:
        """The first instant at which it is certain: met in the very second of the due instant is still met."""
        return self.at + (self.percent == BREACH)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows at an instant."""

    at: int
    """The instant of the reading."""
    state: ClockState
    """running, paused, met, breached or cancelled. Past its due and still open is breached, and goes on counting."""
    target_seconds: int | None
    """What the policy grants, in working time; None if the calendar has too few working days for the target."""
    elapsed_seconds: int
    """Working time used, pauses taken off."""
    due_at: int | None
    """When the target is used up. While the clock is paused this is what it would be if work resumed now, so it moves
    on; None if the calendar does not reach it in ten years."""
    met_at: int | None
    breached_at: int | None
    """The due instant, once it has passed unmet: computed, not observed. Kept when met later or cancelled."""
    held_since_at: int | None
    """Since when it has been paused, if it is."""
    thresholds: tuple[Threshold, ...]
    """Every warning point and the breach with their instants, in order; those to come as if nothing held it up."""

    @property
    def remaining_seconds(self) -> int | None:
        """Working time left, negative when overspent."""
        return None if self.target_seconds is None else self.target_seconds - self.elapsed_seconds

    @property
    def warn_at(self) -> tuple[Threshold, ...]:
        """The warning points."""
        return tuple(threshold for threshold in self.thresholds if threshold.percent != BREACH)

    @property
    def is_over(self) -> bool:
        """Whether it has stopped for good: met, in time or late, or cancelled."""
        return self.met_at is not None or self.state is ClockState.CANCELLED

    def crossed(self) -> tuple[Threshold, ...]:
        """Return the thresholds that have fired by now, however late this is; a unique key lets each fire once.

        A clock that was met warns no more, but if it was met late, its breach stands. While it is paused, only what
        was crossed before the pause has fired.
        """
        breach = tuple(each for each in self.thresholds if each.percent == BREACH and self.breached_at is not None)
        if self.is_over:
            return breach
        until = self.at if self.held_since_at is None else self.held_since_at
        return (*(each for each in self.warn_at if each.at <= until), *breach)

    def next_event(self) -> Threshold | None:
        """Return the threshold to fire next; look at its `seen_at`. None while paused, met or cancelled."""
        if self.is_over or self.held_since_at is not None:
            return None
        return min((each for each in self.thresholds if each.seen_at > self.at), key=_seen_at, default=None)


def read_clock(policy: Policy, history: History, now: int) -> Reading:
    """Read a clock at an instant, from the facts up to that instant."""
    end_at = history.end_at(now)
    pauses = history.pauses(end_at)
    met_at = history.met_at if history.met_at is not None and history.met_at <= now else None
    cancelled_at = history.cancelled_at if history.cancelled_at is not None and history.cancelled_at <= now else None
    if met_at is not None and cancelled_at is not None:  # whichever came first ended it
        met_at, cancelled_at = (met_at, None) if met_at <= cancelled_at else (None, cancelled_at)
    held_since_at = history.held_since_at(end_at) if met_at is None and cancelled_at is None else None
    due_at = policy.due(history.started_at, pauses)
    breached_at = due_at if due_at is not None and due_at < end_at else None
    return Reading(
        at=now,
        state=_state(met_at, cancelled_at, breached_at, held_since_at),
        target_seconds=policy.target_seconds(history.started_at),
        elapsed_seconds=policy.working.elapsed(history.started_at, end_at, pauses),
        due_at=due_at,
        met_at=met_at,
        breached_at=breached_at,
        held_since_at=held_since_at,
        thresholds=tuple(_thresholds(policy, history.started_at, pauses, due_at)),
    )


def _state(met_at: int | None, cancelled_at: int | None, breached_at: int | None, held_since: int | None) -> ClockState:
    if cancelled_at is not None:
        return ClockState.CANCELLED
    if breached_at is not None:
        return ClockState.BREACHED
    if met_at is not None:
        return ClockState.MET
    return ClockState.RUNNING if held_since is None else ClockState.PAUSED


def _thresholds(policy: Policy, started_at: int, pauses: Spans, due_at: int | None) -> Iterator[Threshold]:
    """Yield the points that the calendar reaches, in order of percentage, which is that of time."""
    for percent in sorted({*policy.warn_percent, BREACH}):
        at = due_at if percent == BREACH else policy.reached(percent, started_at, pauses)
        if at is not None:
            yield Threshold(percent, at)


def _seen_at(threshold: Threshold) -> int:
    return threshold.seen_at
