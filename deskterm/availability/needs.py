"""The dependency graph through time: what each node needed when, and what the failures of parts then did to it. Pure.

A node that needs all of its parts is down with any one of them: the union of their downtime. One that needs k of n is down at the
instants at which more than n - k of them are. Each need holds for the time in which its relations did, so a relation that was
made or ended within a period counts for its part of it. What merely uses another is degraded at worst and not looked at here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from data.queries.records import MEMBERSHIP
from deskterm.intervals import Spans, at_least, union

Downtime = Mapping[int, Spans]
"""By node: when it was down; a node that is missing never was."""


@dataclass(frozen=True, slots=True, eq=False)
class TimedNeed:
    """That `owner` needs some of its members up, while `spans`. Compared by identity."""

    owner: int
    members: tuple[int, ...]
    suffices: int
    """So many of them do."""
    spans: Spans

    @property
    def threshold(self) -> int:
        """How many members fail before the owner does."""
        return len(self.members) - self.suffices + 1

    def holds(self, at: int) -> bool:
        """Return whether it holds at an instant; most hold in one stretch."""
        if len(self.spans.intervals) == 1:
            start, end = self.spans.intervals[0]
            return start <= at < end
        return at in self.spans

    def downtime(self, of: Downtime) -> Spans:
        """Return when the owner was down through this need."""
        down = [of[member] for member in self.members if member in of]
        if len(down) < self.threshold:
            return Spans.EMPTY
        return (union(down) if self.threshold == 1 else at_least(self.threshold, down)) & self.spans


@dataclass(frozen=True, slots=True)
class Graph:
    """The needs among some nodes through a period."""

    of: Mapping[int, tuple[TimedNeed, ...]]
    """By owner."""
    on: Mapping[int, tuple[TimedNeed, ...]]
    """By member: the needs that it is part of."""

    @classmethod
    def made_of(cls, needs: Iterable[TimedNeed]) -> Graph:
        """Index needs by both ends."""
        of: dict[int, list[TimedNeed]] = defaultdict(list)
        on: dict[int, list[TimedNeed]] = defaultdict(list)
        for need in needs:
            of[need.owner].append(need)
            for member in need.members:
                on[member].append(need)
        return cls({owner: tuple(each) for owner, each in of.items()}, {member: tuple(each) for member, each in on.items()})

    def below(self, node: int) -> Iterator[int]:
        """Yield a node and everything that it needs, directly or through others."""
        seen, stack = {node}, [node]
        while stack:
            one = stack.pop()
            yield one
            for need in self.of.get(one, ()):
                fresh = [member for member in need.members if member not in seen]
                seen.update(fresh)
                stack += fresh

    def above(self, nodes: Iterable[int]) -> set[int]:
        """Return these nodes and everything that needs them."""
        seen = set(nodes)
        stack = list(seen)
        while stack:
            fresh = {need.owner for need in self.on.get(stack.pop(), ())} - seen
            seen |= fresh
            stack += fresh
        return seen

    def members_first(self, nodes: AbstractSet[int]) -> list[int]:
        """Return nodes so that what a node needs stands before it, wherever they stand in no circle."""
        order: list[int] = []
        seen: set[int] = set()
        for root in sorted(nodes):
            stack: list[tuple[int, Iterator[int]]] = []
            if root not in seen:
                seen.add(root)
                stack.append((root, self._members(root)))
            while stack:
                node, members = stack[-1]
                fresh = next((one for one in members if one in nodes and one not in seen), None)
                if fresh is None:
                    order.append(node)
                    stack.pop()
                else:
                    seen.add(fresh)
                    stack.append((fresh, self._members(fresh)))
        return order

    def _members(self, node: int) -> Iterator[int]:
        return (member for need in self.of.get(node, ()) for member in need.members)


def spread(graph: Graph, own: Downtime) -> dict[int, Spans]:
    """Return when every node was down that ever was, by itself or through what it needs.

    The least fixed point: nothing is down but for a cause, so that circles are no trouble.
    """
    down = dict(own)
    pending = graph.members_first(graph.above(own))
    waiting = set(pending)
    while pending:
        again: list[int] = []
        for node in pending:
            waiting.discard(node)
            before = down.get(node, Spans.EMPTY)
            through = [found for need in graph.of.get(node, ()) if (found := need.downtime(down))]
            after = union([before, *through]) if through else before
            if after == before:
                continue
            down[node] = after
            owners = {need.owner for need in graph.on.get(node, ())}
            late = sorted(owners - waiting)  # in a circle: they were looked at too early
            waiting.update(late)
            again += late
        pending = again
    return {node: spans for node, spans in down.items() if spans}


def needs_of(rows: Iterable[Any], outright: Mapping[tuple[int, int], Spans]) -> Iterator[TimedNeed]:
    """Yield the needs that rows of relations come to.

    Args:
        rows: `owner_id, member_id, relation, group, need, id, valid_from, valid_until`.
        outright: by owner and member, when a relation that somebody made stood between the two: a CI then does not merely
            belong to its service.
    """
    single: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    implied: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    groups: dict[tuple[int, str, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row.group is not None:
            groups[row.owner_id, row.relation, row.group].append(row)
        else:
            kept = implied if row.relation == MEMBERSHIP else single
            kept[row.owner_id, row.member_id].append((row.valid_from, max(row.valid_from, row.valid_until)))
    for key, pairs in implied.items():
        spans = Spans.of(pairs) - outright.get(key, Spans.EMPTY)
        if spans:
            yield TimedNeed(key[0], (key[1],), 1, spans)
    for (owner, member), pairs in single.items():
        yield TimedNeed(owner, (member,), 1, Spans.of(pairs))
    for (owner, _, _), members in groups.items():
        yield from _group(owner, members)


def _group(owner: int, rows: Sequence[Any]) -> Iterator[TimedNeed]:
    """Yield what a redundancy group needed, stretch by stretch: who was in it, and what the newest of its rows then said."""
    edges = sorted({edge for row in rows for edge in (row.valid_from, row.valid_until)})
    found: dict[tuple[tuple[int, ...], int], list[tuple[int, int]]] = defaultdict(list)
    for start, end in pairwise(edges):
        then = [row for row in rows if row.valid_from <= start < row.valid_until]
        if then:
            members = tuple(dict.fromkeys(row.member_id for row in sorted(then, key=lambda row: row.id)))
            wanted = max(then, key=lambda row: row.id).need or 1
            found[members, min(wanted, len(members))].append((start, end))
    for (members, suffices), pairs in found.items():
        yield TimedNeed(owner, members, suffices, Spans.of(pairs))
