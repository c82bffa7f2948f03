"""What brings a node down at an instant, as a structure of events, through the dependency graph as it was then. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from deskterm.availability.needs import Graph, TimedNeed
from deskterm.availability.structures import Gate, Structure

Own = Mapping[int, Sequence[Structure]]
"""By node: the events that bring it down by themselves."""
Broken = dict[int, dict[TimedNeed, None]]
"""By node: those of its needs of which a member is down, each once and in order."""


class Whole:
    """A node and everything that it needs at any time."""

    def __init__(self, graph: Graph, node: int) -> None:
        """Look at a node of a graph."""
        self.graph, self.node = graph, node
        self.place = {one: place for place, one in enumerate(graph.members_first(set(graph.below(node))))}
        """By node below and the whole itself: its place, members before owners wherever they stand in no circle."""


class Then:
    """The same at one instant: what holds is looked up once, for the nodes that are asked for."""

    def __init__(self, whole: Whole, at: int) -> None:
        """Look at a whole at an instant."""
        self.whole, self.at = whole, at
        self._holding: dict[int, list[TimedNeed]] = {}

    def structure(self, own: Own) -> Structure | None:
        """Return what brings the whole down when only these events may happen; None where they cannot.

        From the events upwards, for they are few. Where nodes that are down need one another in a circle it is built again,
        round by round, so that none is its own cause: a cause that runs through n nodes stands after n rounds.
        """
        needs: Broken = {node: {} for node in own}
        built = self._from_events(own, needs)
        order = sorted(built, key=self.whole.place.__getitem__)
        if self._in_circle(order, needs):
            for _ in order:
                built.update((one, cause) for one in order if (cause := _cause(own.get(one, ()), needs[one], built)) is not None)
        return built.get(self.whole.node)

    def _from_events(self, own: Own, needs: Broken) -> dict[int, Structure]:
        """Build what is down through these events, each node once, members before owners; note the needs that they bear on."""
        place = self.whole.place
        built: dict[int, Structure] = {}
        pending = [(place[one], one) for one in own]
        heapify(pending)
        waiting = set(own)
        while pending:
            _, node = heappop(pending)
            waiting.discard(node)
            cause = _cause(own.get(node, ()), needs[node], built)
            if cause is None:
                continue
            built[node] = cause
            for need in self._part_of(node):
                owner = need.owner
                needs.setdefault(owner, {})[need] = None
                if owner not in built and owner not in waiting:
                    waiting.add(owner)
                    heappush(pending, (place[owner], owner))
        return built

    def _part_of(self, node: int) -> list[TimedNeed]:
        """Return the needs at this instant that a node is part of, as far as the whole rests on them."""
        found = self._holding.get(node)
        if found is None:
            every = self.whole.graph.on.get(node, ())
            found = self._holding[node] = [need for need in every if need.owner in self.whole.place and need.holds(self.at)]
        return found

    @staticmethod
    def _in_circle(order: Sequence[int], needs: Broken) -> bool:
        place = {one: position for position, one in enumerate(order)}
        return any(place.get(member, -1) >= place[one] for one in order for need in needs[one] for member in need.members)


def _cause(own: Sequence[Structure], needs: Iterable[TimedNeed], built: Mapping[int, Structure]) -> Structure | None:
    causes = list(own)
    for need in needs:
        inputs = tuple([built[member] for member in need.members if member in built])
        if len(inputs) >= need.threshold:
            causes.append(inputs[0] if len(inputs) == 1 else Gate(need.threshold, inputs))
    return None if not causes else causes[0] if len(causes) == 1 else Gate(1, tuple(causes))
