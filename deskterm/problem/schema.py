"""What problem management hands out for reading: frozen, plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One answer of an outline of causes, in the order in which it is read."""

    id: int
    number: str
    """1.2: the second answer below the first."""
    depth: int
    """0 at the top."""
    text: str
    verdict: str
    evidence: str
    actor: str
    at: int


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident of a problem."""

    number: str
    title: str
    state: str
    priority: int | None
    is_open: bool
    began_at: int
    over_at: int | None
    id: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a problem has cost so far, in time, beside what mending it takes."""

    incidents: int
    contact_seconds: int
    """Time on the telephone and the like, as contacts recorded it."""
    work_seconds: int
    """Time at the desk, reckoned from the journal."""
    downtime_seconds: int
    """Time during which at least one of its incidents lasted."""
    since_at: int | None
    """When it was first seen; None without an incident."""
    fix_seconds: int | None
    """What mending it takes, in work; None where nobody said."""
    lines: tuple[Mapping[str, Any], ...] = ()
    """The same for each incident."""
    orders: tuple[Mapping[str, Any], ...] = ()
    """The work orders of the change that mends it, each with the time planned and worked; None where there is none."""

    @property
    def fix_spent_seconds(self) -> int | None:
        """Time that was worked on mending it; None where no work order has begun."""
        return _sum(self.orders, "worked_seconds")

    @property
    def fix_planned_seconds(self) -> int | None:
        """Time that its work orders are planned to take; None where none is planned."""
        return _sum(self.orders, "planned_seconds")

    @property
    def fix_known_seconds(self) -> int | None:
        """What mending it takes as far as it is known: what somebody said, else what is planned."""
        return self.fix_planned_seconds if self.fix_seconds is None else self.fix_seconds

    @property
    def handling_seconds(self) -> int:
        """Time that people of the desk spent on it."""
        return self.contact_seconds + self.work_seconds

    @property
    def verdict(self) -> str:
        """Say what follows: whether mending it has paid by now, or after how many more incidents it will."""
        fix = self.fix_known_seconds
        if fix is None:
            return "nobody has said yet what mending it takes (fix_seconds, or times of its change's work orders)"
        if not self.incidents or not self.handling_seconds:
            return "nothing was spent on it yet"
        left = fix - self.handling_seconds
        if left <= 0:
            return "it has cost more than mending it takes"
        each = self.handling_seconds / self.incidents
        return f"mending it pays after {-(-left // max(1, int(each)))} more incidents like these"


def _sum(lines: tuple[Mapping[str, Any], ...], name: str) -> int | None:
    known = [int(line[name]) for line in lines if line[name] is not None]
    return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A problem, its known error or a candidate at one glance: what the detail beside the list shows."""

    number: str
    known_error: str
    """Number of its known error; empty if there is none."""
    error_state: str
    whys: tuple[WhyLine, ...]
    incidents: tuple[IncidentLine, ...]
    """The first of them, the newest first."""
    incident_count: int
    open_count: int
    posts: int
    """On how many incidents its workaround was posted, each wording counted."""
    cost: Cost
    recurred_at: int | None = None
