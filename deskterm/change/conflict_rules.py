"""What makes two changes conflict: pure rules over windows, CIs and people, severest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from deskterm.intervals import Interval, Spans


class Severity(IntEnum):
    """How much a conflict weighs; the smaller, the worse."""

    FREEZE = 1
    """Nothing may be changed then: scheduling is refused."""
    SAME_CI = 2
    """Two changes on one CI at once."""
    DEPENDENT_CI = 3
    """The other one changes what this one's CIs need, or what needs them."""
    IMPLEMENTER = 4
    """One person in two places."""
    MAINTENANCE = 5
    """Outside the hours in which the CI may be worked on."""

    @property
    def word(self) -> str:
        """Return what a person reads."""
        return WORDS[self]


WORDS = {
    Severity.FREEZE: "freeze",
    Severity.SAME_CI: "same CI",
    Severity.DEPENDENT_CI: "dependent CI",
    Severity.IMPLEMENTER: "same implementer",
    Severity.MAINTENANCE: "outside maintenance window",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A window as it is asked for."""

    start: int
    end: int
    cis: frozenset[int]
    services: frozenset[int] = frozenset()
    """The service it is done for, besides those that its CIs serve."""
    implementer: int | None = None
    type: str = "normal"
    own: int = 0
    """The change itself, which does not conflict with itself; 0 where it is not written yet."""

    @property
    def window(self) -> Spans:
        """Return the window as a set of time; empty where it ends before it starts."""
        return Spans.between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Other:
    """Another change, or a work order of one, whose window touches the wish."""

    id: int
    number: str
    title: str
    state: str
    start: int
    end: int
    cis: frozenset[int]
    implementer: int | None = None


@dataclass(frozen=True, slots=True)
class Frost:
    """A freeze with what it covers; empty sets cover everything."""

    number: str
    title: str
    start: int
    end: int
    cis: frozenset[int]
    services: frozenset[int]
    emergencies: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that stands in the way of a window."""

    severity: Severity
    number: str
    """Of the other change, the freeze or the CI."""
    title: str
    start: int
    end: int
    """From when until when the two are at odds."""
    cis: tuple[int, ...] = ()
    """On which CIs."""
    state: str = ""
    """Of the other change."""


def conflicts(
    wish: Wish,
    others: Iterable[Other],
    frosts: Iterable[Frost] = (),
    *,
    above: Collection[int] = (),
    below: Collection[int] = (),
    hours: Mapping[int, tuple[str, str, Spans]] | None = None,
) -> tuple[Conflict, ...]:
    """Return what stands in the way of a window, the severest first, of the same weight the earliest first.

    Args:
        wish: the window and what is done in it.
        others: changes and work orders that may overlap it.
        frosts: freezes that may.
        above: ids of what needs its CIs.
        below: ids of what its CIs need.
        hours: by CI its number, its name, and the hours in which it may be worked on, for those that have any.
    """
    found = [*_frozen(wish, frosts, above), *_beside(wish, others, {*above, *below}), *_hours(wish, hours or {})]
    return tuple(sorted(found, key=lambda one: (one.severity, one.start, one.number)))


def _frozen(wish: Wish, frosts: Iterable[Frost], above: Collection[int]) -> Iterator[Conflict]:
    services = {*wish.services, *above}
    for frost in frosts:
        everything = not frost.cis and not frost.services
        hit = everything or wish.cis & frost.cis or frost.services & services
        if hit and not (frost.emergencies and wish.type == "emergency"):
            for common in _common(wish, frost.start, frost.end):
                yield Conflict(Severity.FREEZE, frost.number, frost.title, common.start, common.end, tuple(wish.cis & frost.cis))


def _beside(wish: Wish, others: Iterable[Other], around: Collection[int]) -> Iterator[Conflict]:
    near = frozenset(around)
    for other in others:
        if other.id == wish.own:
            continue
        same, dependent = wish.cis & other.cis, near & other.cis
        busy = wish.implementer is not None and wish.implementer == other.implementer
        worst = Severity.SAME_CI if same else Severity.DEPENDENT_CI if dependent else Severity.IMPLEMENTER if busy else None
        if worst is None:
            continue
        on = tuple(sorted(same or dependent if worst is not Severity.IMPLEMENTER else ()))
        for common in _common(wish, other.start, other.end):
            yield Conflict(worst, other.number, other.title, common.start, common.end, on, other.state)


def _hours(wish: Wish, hours: Mapping[int, tuple[str, str, Spans]]) -> Iterator[Conflict]:
    for ci, (number, title, allowed) in hours.items():
        outside = wish.window - allowed
        if outside:
            first, last = outside.intervals[0], outside.intervals[-1]
            yield Conflict(Severity.MAINTENANCE, number, title, first.start, last.end, (ci,))


def _common(wish: Wish, start: int, end: int) -> Spans | tuple[Interval, ...]:
    return wish.window & Spans.between(start, end)
