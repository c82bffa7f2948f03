"""The one interval engine: sets of time as sorted, disjoint, half-open intervals `[start, end)` of whole UTC seconds.

SLA clocks, availability, maintenance and change windows all reckon with it. It knows nothing of calendars or records.
Every operation is one sweep over its operands, linear in the number of intervals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, pairwise
from operator import or_
from typing import ClassVar, NamedTuple

from deskterm.errors import InvalidInput


class Interval(NamedTuple):
    """The instants from `start` up to, but not including, `end`."""

    start: int
    end: int

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start


class Layer(NamedTuple):
    """A stretch of time over which the same ones of several sets are active."""

    start: int
    end: int
    active: frozenset[int]
    """Positions of the active sets in the sequence that was overlaid."""


@dataclass(frozen=True, slots=True)
class Spans:
    """A set of instants: sorted, disjoint, non-empty intervals that do not even touch. Two equal sets compare equal.

    Make one with `Spans.of`, which normalises; the constructor trusts what it is given.
    """

    intervals: tuple[Interval, ...] = ()

    EMPTY: ClassVar[Spans]
    """No time at all."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Spans:
        """Make a set from `(start, end)` pairs in any order: overlapping and touching ones merge, empty ones vanish.

        Raises:
            InvalidInput: a pair ends before it starts.
        """
        merged: list[Interval] = []
        start = end = None
        for a, b in sorted(pairs):
            if b < a:
                raise InvalidInput(f"an interval ends ({b}) before it starts ({a})")
            if a == b:
                continue
            if end is None or start is None:
                start, end = a, b
            elif a <= end:
                end = max(end, b)
            else:
                merged.append(Interval(start, end))
                start, end = a, b
        if start is not None and end is not None:
            merged.append(Interval(start, end))
        return cls(tuple(merged))

    @classmethod
    def between(cls, start: int, end: int) -> Spans:
        """Make the set of one interval; empty where `end` is not after `start`."""
        return cls((Interval(start, end),)) if start < end else cls()

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __len__(self) -> int:
        return len(self.intervals)

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, instant: int) -> bool:
        found = bisect_right(self.intervals, instant, key=_start) - 1
        return found >= 0 and instant < self.intervals[found].end

    @property
    def seconds(self) -> int:
        """The length of the whole set."""
        return sum(b - a for a, b in self.intervals)

    def __or__(self, other: Spans) -> Spans:
        """Union: the instants of either set."""
        if not other.intervals:
            return self
        if not self.intervals:
            return other
        return Spans.of(self.intervals + other.intervals)

    def __and__(self, other: Spans) -> Spans:
        """Intersection: the instants of both sets."""
        mine, theirs = self.intervals, other.intervals
        if len(theirs) == 1:
            return self.clip(*theirs[0])
        if len(mine) == 1:
            return other.clip(*mine[0])
        common: list[Interval] = []
        i = j = 0
        while i < len(mine) and j < len(theirs):
            a, b = mine[i]
            c, d = theirs[j]
            start, end = max(a, c), min(b, d)
            if start < end:
                common.append(Interval(start, end))
            if b <= d:
                i += 1
            else:
                j += 1
        return Spans(tuple(common))

    def __sub__(self, other: Spans) -> Spans:
        """Difference: the instants of this set that are not in the other."""
        if not other.intervals or not self.intervals:
            return self
        cuts = other.intervals
        left: list[Interval] = []
        j = 0
        for a, b in self.intervals:
            while j < len(cuts) and cuts[j].end <= a:
                j += 1
            k = j  # a cut may reach into the next interval as well, so `j` stays on it
            while k < len(cuts) and cuts[k].start < b:
                if a < cuts[k].start:
                    left.append(Interval(a, cuts[k].start))
                a = cuts[k].end
                k += 1
            if a < b:
                left.append(Interval(a, b))
        return Spans(tuple(left))

    def clip(self, start: int, end: int) -> Spans:
        """Return what lies within `[start, end)`."""
        every = self.intervals
        if not every or start >= end:
            return Spans.EMPTY
        if start <= every[0].start and every[-1].end <= end:
            return self
        first, after = bisect_right(every, start, key=_end), bisect_left(every, end, key=_start)
        if first >= after:
            return Spans.EMPTY
        kept = list(every[first:after])
        kept[0] = Interval(max(kept[0].start, start), kept[0].end)
        kept[-1] = Interval(kept[-1].start, min(kept[-1].end, end))
        return Spans(tuple(kept))

    def reach(self, seconds: int) -> int | None:
        """Return the earliest instant by which `seconds` of the set have passed, or None if it is shorter.

        A length used up exactly at the end of an interval is reached there, not at the start of the next.
        """
        left = seconds
        for a, b in self.intervals:
            if left <= b - a:
                return a + left
            left -= b - a
        return None


Spans.EMPTY = Spans()


def _start(interval: Interval) -> int:
    return interval.start


def _end(interval: Interval) -> int:
    return interval.end


def union(sets: Iterable[Spans]) -> Spans:
    """Return the instants of any of the sets."""
    several = list(sets)
    if len(several) <= 2:
        return reduce(or_, several, Spans.EMPTY)
    return Spans.of(interval for one in several for interval in one)


def intersection(sets: Sequence[Spans]) -> Spans:
    """Return the instants of all of the sets; of no sets at all, nothing."""
    return at_least(len(sets), sets) if sets else Spans.EMPTY


def at_least(k: int, sets: Sequence[Spans]) -> Spans:
    """Return the instants at which at least `k` of the sets are active.

    Raises:
        InvalidInput: `k` is below 1, for which the answer would be unbounded.
    """
    if k < 1:
        raise InvalidInput(f"at least {k} of {len(sets)} sets holds always; ask for 1 or more")
    edges = sorted([(a, 1) for one in sets for a, _ in one] + [(b, -1) for one in sets for _, b in one])
    instants = [at for at, _ in edges]
    depths = accumulate(step for _, step in edges)
    # Edges at one instant leave stretches of no length between them, which `of` drops.
    return Spans.of(stretch for stretch, depth in zip(pairwise(instants), depths, strict=False) if depth >= k)


def overlay(sets: Sequence[Spans], within: Spans | None = None) -> Iterator[Layer]:
    """Yield, in order, the stretches over which the same sets are active; stretches without any are left out.

    This is the ground for attribution: whose downtime was it, which pause covered which hour.

    Args:
        sets: what is laid over one another.
        within: only these stretches are told, also where none of the sets is active; all if None.
    """
    bounds, everywhere = len(sets), within is None
    laid = list(sets) if within is None else [*sets, within]
    edges = sorted(
        [(a, 1, which) for which, one in enumerate(laid) for a, _ in one]
        + [(b, 0, which) for which, one in enumerate(laid) for _, b in one]
    )
    active: set[int] = set()
    inside = everywhere
    since = 0
    for at, begins, which in edges:
        if inside and at > since and (active or not everywhere):
            yield Layer(since, at, frozenset(active))
        if which == bounds:
            inside = bool(begins)
        elif begins:
            active.add(which)
        else:
            active.remove(which)
        since = at
