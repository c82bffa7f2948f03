"""When an alert fired, from the facts that were told of it. Pure, and the same in whatever order they were told.

A fact is that it fired from an instant on, and until when if that was told, or that it was over at an instant. A source that was
restarted begins again without an end, one that lost a message ends what it never began, and the network delivers twice and
late; folding the whole set of facts, rather than each message into a state, makes all of these one case.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from data.base import NEVER
from deskterm.intervals import Interval, Spans

SHORTEST_SECONDS = 1
"""An alert that was over within the second it began in fired for so long: instants are whole seconds, and it did fire."""


def end_of(start: int, told_end: int | None, ends: Sequence[int]) -> int:
    """Return when something that fired from `start` on was over.

    Args:
        start: When it began.
        told_end: When it was over, as the source says of this very beginning.
        ends: Every instant at which the alert is known to have been over, sorted: a beginning without an end of its own lasts
            until the first one after it.

    Returns:
        The instant, `NEVER` while it still fires.
    """
    if told_end is not None:
        return max(told_end, start + SHORTEST_SECONDS)
    position = bisect_right(ends, start)
    return ends[position] if position < len(ends) else NEVER


def episodes(fired: Mapping[int, int | None], ends: Sequence[int]) -> tuple[Interval, ...]:
    """Return when an alert fired, in order; what overlaps is one episode, what only touches fired again.

    Args:
        fired: By instant at which it began: when that was over, None where nobody said.
        ends: See `end_of`.
    """
    found: list[Interval] = []
    for start in sorted(fired):
        end = end_of(start, fired[start], ends)
        if found and start < found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Interval(start, end))
    return tuple(found)


def flaps(found: Sequence[Interval], within_seconds: int) -> int:
    """Return how often an alert fired again no later than `within_seconds` after it was over."""
    return sum(later.start - earlier.end <= within_seconds for earlier, later in pairwise(found))


def trouble(of_alerts: Iterable[Iterable[Interval]]) -> Spans:
    """Return when at least one of several alerts fired."""
    return Spans.of(pair for found in of_alerts for pair in found)


def in_reach(span: Interval, start: int, end: int, within_seconds: int) -> bool:
    """Return whether an episode belongs to trouble that lasted from `start` to `end`: no further away than the policy says."""
    return span.start <= end + within_seconds and span.end >= start - within_seconds
