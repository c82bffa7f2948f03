"""The expanded life cycle of an incident: occurred, detected, diagnosed, repaired, recovered, restored; and where the time went.

Detection and restoration are stamped by the desk: when it was logged, when it was resolved. Diagnosis is, once somebody names its
known error, problem or causing change. Repair and recovery are said by people. After ITIL v2, "Availability Management".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from deskterm.errors import InvalidInput
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

STAMPS = ("occurred_at", "detected_at", "diagnosed_at", "repaired_at", "recovered_at", "restored_at")
"""In the order in which they come."""
PHASES = ("detection", "diagnosis", "repair", "recovery", "restoration")
"""What lies between one stamp and the next."""
_NAMES = {"known_error", "problem", "caused_by"}


class Spent(NamedTuple):
    """One phase of one life cycle."""

    phase: str
    start: int
    end: int

    @property
    def seconds(self) -> int:
        """Return how long it took."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """Where the time of several incidents went."""

    incidents: int
    seconds: Mapping[str, int]
    """By phase, all incidents together. What was not stamped is counted with the phase that was stamped next."""

    @property
    def total(self) -> int:
        """Return the whole of it."""
        return sum(self.seconds.values())


def phases(stamps: Mapping[str, int | None]) -> tuple[Spent, ...]:
    """Return the phases between the stamps that are known; a stamp that is missing leaves its time to the next. Pure."""
    found = []
    since = stamps.get(STAMPS[0])
    for name, phase in zip(STAMPS[1:], PHASES, strict=True):
        at = stamps.get(name)
        if at is None:
            continue
        if since is not None and at >= since:
            found.append(Spent(phase, since, at))
        since = at if since is None else max(since, at)
    return tuple(found)


def where_it_went(cycles: Iterable[Mapping[str, int | None]]) -> TimeSpent:
    """Add up the phases of incidents. Pure."""
    seconds = dict.fromkeys(PHASES, 0)
    count = 0
    for stamps in cycles:
        spent = phases(stamps)
        count += bool(spent)
        for one in spent:
            seconds[one.phase] += one.seconds
    return TimeSpent(count, seconds)


def stamp(unit: Unit, draft: Draft) -> None:
    """Stamp what an action tells: logged is detected, its cause named is diagnosed, resolved is restored."""
    if draft.creating and draft.get("detected_at") is None:
        draft.new["detected_at"] = max(unit.at, draft.get("occurred_at") or unit.at)
    if draft.get("diagnosed_at") is None and any(draft.get(name) and not draft.old.get(name) for name in _NAMES):
        draft.new["diagnosed_at"] = unit.at
    later = [draft.get(name) for name in STAMPS[2:] if name in draft.given and draft.get(name) is not None]
    if later and "detected_at" not in draft.given and (draft.get("detected_at") or 0) > min(later):
        draft.new["detected_at"] = min(later)  # it was known before anybody logged it
    action = "" if draft.action is None else draft.action.name
    if action == "resolve" and draft.get("restored_at") in (None, draft.old.get("restored_at")):
        draft.new["restored_at"] = unit.at
    elif action == "reopen":
        draft.new["restored_at"] = None


def check(unit: Unit, draft: Draft) -> None:
    """Refuse stamps that run backwards, and those that somebody says lie ahead."""
    changed = [name for name in STAMPS[1:] if draft.get(name) != draft.old.get(name) and draft.get(name) is not None]
    if not changed:
        return
    known = [(name, draft.get(name)) for name in STAMPS if draft.get(name) is not None]
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier and draft.given & {before, after}:
            said = f"{after} lies before {before}: a life cycle runs {', '.join(name.removesuffix('_at') for name in STAMPS)}"
            raise InvalidInput(said, fields={after: f"before {before}"})
    for name in changed:
        if name in draft.given and draft.get(name) > unit.recorded_at:
            raise InvalidInput(f"{name} lies in the future", fields={name: "in the future"})


def stamps_of(row: Any) -> dict[str, int | None]:
    """Return the stamps of a row of the query `LIFE_CYCLES`."""
    return {name: getattr(row, name) for name in STAMPS}
