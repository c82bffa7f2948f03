"""Whether promises behind a promise fit into it, calendars included: the worst instant to begin, and the way from there. Pure.

A record that goes along an escalation path takes, at worst, the whole of each supporting target, one after the other, each by
its own calendar. That fits if, whatever the instant it begins, the last of them is used up no later than the promise itself.

Both ends are piecewise linear in the instant of the beginning, so the worst one is at a break: where a calendar opens or closes,
or where one of the targets is used up just as a calendar opens or closes. Those instants and their neighbours are tried, all of
them; targets in business days have breaks by the time of day as well, for which every quarter of an hour is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.vocab import Unit
from deskterm.calendars import Unreachable
from deskterm.service_level.policy import Policy

QUARTER = 900
"""How closely the beginnings of targets in business days are tried."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The way of a record along a chain of supporting targets, from one instant."""

    start_at: int
    ends: tuple[int | None, ...]
    """When each of the supporting targets is used up; None from where a calendar does not get there in ten years."""
    limit_at: int | None
    """When the promise itself is used up."""

    @property
    def margin_seconds(self) -> int | None:
        """Return how much later than the chain the promise is used up, by the clock on the wall; negative where it is too late.

        None where one of the two is never used up.
        """
        end = self.ends[-1] if self.ends else self.start_at
        return None if end is None or self.limit_at is None else self.limit_at - end

    @property
    def fits(self) -> bool:
        """Return whether the chain keeps the promise."""
        if self.limit_at is None:
            return True
        return self.margin_seconds is not None and self.margin_seconds >= 0


def walk(promise: Policy, chain: Sequence[Policy], start_at: int) -> Walk:
    """Go along a chain from an instant."""
    ends: list[int | None] = []
    at: int | None = start_at
    for policy in chain:
        at = None if at is None else policy.due(at)
        ends.append(at)
    return Walk(start_at, tuple(ends), promise.due(start_at))


def worst(promise: Policy, chain: Sequence[Policy], from_at: int, to_at: int) -> Walk:
    """Return the way that leaves the least, of all that begin in a period; the earliest of several alike."""
    return min((walk(promise, chain, at) for at in beginnings(promise, chain, from_at, to_at)), key=_urgency)


def _urgency(one: Walk) -> tuple[bool, int, int]:
    margin = one.margin_seconds
    return (margin is not None or one.limit_at is None, margin or 0, one.start_at)


def beginnings(promise: Policy, chain: Sequence[Policy], from_at: int, to_at: int) -> list[int]:
    """Return the instants of a period among which the worst beginning is."""
    last = walk(promise, chain, to_at)
    until = max(at for at in (to_at, last.limit_at, *last.ends) if at is not None)
    breaks = _breaks([promise], from_at, until) | _breaks(chain, from_at, until)
    if any(policy.unit is Unit.BUSINESS_DAYS for policy in (promise, *chain)):
        breaks |= set(range(from_at, to_at, QUARTER))
    near = {at + step for at in breaks for step in (-1, 0, 1)} | {from_at}
    return sorted(at for at in near if from_at <= at < to_at)


def _breaks(chain: Sequence[Policy], from_at: int, until: int) -> set[int]:
    """Return the instants from which the end of a chain moves on otherwise than a moment before."""
    later: set[int] = set()
    for policy in reversed(chain):
        edges = {edge for span in policy.working.spans(from_at, until) for edge in span}
        later = edges | {at for end in edges | later if (at := _back(policy, end)) is not None}
    return later


def _back(policy: Policy, end_at: int) -> int | None:
    """Return from when a target is used up at an instant; None where there is no such beginning."""
    if policy.amount_seconds is None:
        return None
    try:
        return policy.working.before(end_at, policy.amount_seconds)
    except Unreachable:
        return None


def spare(objective: float, behind: Sequence[float]) -> float:
    """Return what share of the time is left when all supporting availabilities fall short one after the other, in percent points.

    The promise allows `100 - objective`, each supporting one takes `100 - its own`; negative where together they may take more.
    """
    return round((100 - objective) - sum(100 - one for one in behind), 10)
