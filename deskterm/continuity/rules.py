"""Continuity objectives and how they are met: impact over time, inherited objectives, gaps, evidence. Pure.

Durations are whole seconds. Unrated is None and never zero: an RTO or RPO of 0 is a value, "at once". A gap is 0 where an
objective is met, and None where one of its figures is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Rating(NamedTuple):
    """From an outage of this length on, the impact is this bad."""

    after_seconds: int
    level: int
    """Higher is worse."""


@dataclass(frozen=True, slots=True)
class Objectives:
    """What the business asks of a service; None: not rated."""

    rto_seconds: int | None = None
    """Recovery time objective: how soon it must work again."""
    rpo_seconds: int | None = None
    """Recovery point objective: how much work may be lost."""
    wrt_seconds: int | None = None
    """Work recovery time: from a working system to a working business."""


class Inversion(NamedTuple):
    """A part that promises to be back later than something that needs it."""

    part: str
    part_rto_seconds: int
    dependant: str
    dependant_rto_seconds: int

    @property
    def gap_seconds(self) -> int:
        """By how much too late."""
        return self.part_rto_seconds - self.dependant_rto_seconds


@dataclass(frozen=True, slots=True)
class Recovery:
    """What happened in a disaster or a drill; None: not known (yet)."""

    failed_at: int
    """The disruption."""
    invoked_at: int | None = None
    verified_at: int | None = None
    """When somebody other than the restorer confirmed that it works."""
    newest_data_at: int | None = None
    """The instant of the newest data that was recovered."""

    @property
    def rto_actual_seconds(self) -> int | None:
        """From the disruption to the verified service: the figure that counts."""
        return None if self.verified_at is None else self.verified_at - self.failed_at

    @property
    def rto_actual_from_invocation_seconds(self) -> int | None:
        """From the invocation of the plan, shown beside it: how long the plan itself took."""
        return None if self.verified_at is None or self.invoked_at is None else self.verified_at - self.invoked_at

    @property
    def rpo_actual_seconds(self) -> int | None:
        """How much work was lost; none where the data is newer than the failure."""
        return None if self.newest_data_at is None else max(0, self.failed_at - self.newest_data_at)


@dataclass(frozen=True, slots=True)
class Record:
    """How drills and real recoveries went: met the RTO in k of n; worst; latest."""

    met: int
    total: int
    """Only finished ones: a recovery that was never verified is no evidence."""
    worst_seconds: int | None
    latest_seconds: int | None


def mtpd(impact: Mapping[str, Sequence[Rating]], unacceptable: int) -> int | None:
    """Return the maximum tolerable period of disruption: how long until the worst category becomes unacceptable.

    Args:
        impact: by category, its ratings in any order; between two the former holds.
        unacceptable: the level that must not be reached.

    Returns:
        Seconds, 0 where it is unacceptable at once; None where no rating says so, which is not "never".
    """
    return min((one.after_seconds for ratings in impact.values() for one in ratings if one.level >= unacceptable), default=None)


def gap(required_seconds: int | None, achieved_seconds: int | None) -> int | None:
    """Return by how much something takes too long; 0 where it is in time, None where either figure is missing."""
    return None if required_seconds is None or achieved_seconds is None else max(0, achieved_seconds - required_seconds)


def objective_gap(objectives: Objectives, mtpd_seconds: int | None) -> int | None:
    """Return by how much `RTO + WRT` exceeds the MTPD; None where any of the three is not rated."""
    if objectives.rto_seconds is None or objectives.wrt_seconds is None:
        return None
    return gap(mtpd_seconds, objectives.rto_seconds + objectives.wrt_seconds)


def tightest(objectives: Iterable[int | None]) -> int | None:
    """Return the tightest of several objectives: what a CI inherits from all that depends on it. 0 counts, None does not."""
    return min((one for one in objectives if one is not None), default=None)


def inversions(rto_seconds: Mapping[str, int | None], needs: Iterable[tuple[str, str]]) -> tuple[Inversion, ...]:
    """Return the parts that promise to be back later than what needs them, the worst first.

    Args:
        rto_seconds: by name, what each promises; None or missing: nothing, which is no inversion but a rating to make.
        needs: pairs of a dependant and the part that it cannot do without, directly or through others.
    """
    found = []
    for dependant, part in needs:
        own, its = rto_seconds.get(dependant), rto_seconds.get(part)
        if own is not None and its is not None and its > own:
            found.append(Inversion(part, its, dependant, own))
    return tuple(sorted(found, key=lambda one: (-one.gap_seconds, one.part, one.dependant)))


def backup_gap(
    rpo_seconds: int | None, interval_seconds: int | None, duration_seconds: int | None, lag_seconds: int | None = 0
) -> int | None:
    """Return by how much a backup can lose more than the RPO allows: `interval + duration + lag` is lost at worst.

    Args:
        rpo_seconds: what may be lost.
        interval_seconds: from the start of one backup to the start of the next.
        duration_seconds: how long one takes.
        lag_seconds: how long until it is where it is needed.
    """
    if interval_seconds is None or duration_seconds is None or lag_seconds is None:
        return None
    return gap(rpo_seconds, interval_seconds + duration_seconds + lag_seconds)


def summary(recoveries: Iterable[Recovery], rto_seconds: int | None) -> Record | None:
    """Return how recoveries went against an RTO; None where there is no RTO to meet.

    Args:
        recoveries: drills and real ones, in any order.
        rto_seconds: the objective.
    """
    return None if rto_seconds is None else judged((one, rto_seconds) for one in recoveries)


def judged(recoveries: Iterable[tuple[Recovery, int]]) -> Record:
    """Return how recoveries went, each against the RTO that it was judged by; what was never verified is no evidence."""
    done = sorted((one.failed_at, one.rto_actual_seconds, rto) for one, rto in recoveries if one.rto_actual_seconds is not None)
    times = [taken for _, taken, _ in done]
    met = sum(taken <= rto for _, taken, rto in done)
    return Record(met, len(times), max(times, default=None), times[-1] if times else None)


def told(record: Record | None, show: Callable[[int], str]) -> str:
    """Return a record in one line: `met RTO in 2 of 3; worst 3:10; latest 1:40`."""
    if record is None:
        return "no RTO to meet"
    if record.total == 0 or record.worst_seconds is None or record.latest_seconds is None:
        return "never shown"
    return f"met RTO in {record.met} of {record.total}; worst {show(record.worst_seconds)}; latest {show(record.latest_seconds)}"


def loses_at_worst(backups: Iterable[tuple[int, int, int]]) -> int | None:
    """Return what the best of several backups of the same data loses at worst; None where there is none.

    Args:
        backups: interval, duration and lag of each, in seconds.
    """
    return min((interval + duration + lag for interval, duration, lag in backups), default=None)


def out_of_order(recovery: Recovery, now: int) -> dict[str, str]:
    """Return which stamps of a recovery cannot be, by name with the reason: an end before its start, or what lies ahead."""
    wrong: dict[str, str] = {}
    if recovery.invoked_at is not None and recovery.invoked_at < recovery.failed_at:
        wrong["invoked_at"] = "before the disruption"
    if recovery.verified_at is not None:
        if recovery.verified_at < recovery.failed_at:
            wrong["verified_at"] = "before the disruption"
        elif recovery.invoked_at is not None and recovery.verified_at < recovery.invoked_at:
            wrong["verified_at"] = "before the invocation"
        if recovery.newest_data_at is not None and recovery.newest_data_at > recovery.verified_at:
            wrong["newest_data_at"] = "after it was verified"
    stamps = {"disrupted_at": recovery.failed_at, "invoked_at": recovery.invoked_at, "verified_at": recovery.verified_at}
    for name, at in (*stamps.items(), ("newest_data_at", recovery.newest_data_at)):
        if at is not None and at > now:
            wrong.setdefault(name, "in the future")
    return wrong


RISK_LEVELS = ((15, "extreme"), (8, "high"), (4, "medium"), (1, "low"))
"""From which product of likelihood and impact on, each from 1 to 5, a risk is called what."""


def risk_level(likelihood: int, impact: int) -> str:
    """Return what a risk is called: the usual five by five matrix."""
    return next(word for least, word in RISK_LEVELS if likelihood * impact >= least)


def stands_until(verified_at: int | None, valid_seconds: int, changes: Iterable[int]) -> int | None:
    """Return until when evidence stands: its age limit, or the first change in scope; None where there is no evidence.

    Args:
        verified_at: when a recovery was last verified.
        valid_seconds: how long that is evidence.
        changes: instants at which anything in scope changed. They may lie ahead, as planned changes do.
    """
    if verified_at is None:
        return None
    return min([verified_at + valid_seconds, *(at for at in changes if at > verified_at)])
