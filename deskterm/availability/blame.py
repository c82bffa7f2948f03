"""Whose downtime it was, by the rule of `attribution`, through a dependency graph as it was at each instant. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction

from deskterm.availability.attribution import whole
from deskterm.availability.decision_diagrams import Diagram
from deskterm.availability.gathering import Root
from deskterm.availability.needs import Graph, TimedNeed
from deskterm.availability.structures import Event, Gate, Structure, event_names, gates
from deskterm.intervals import Spans, overlay


def blame(graph: Graph, node: int, down: Spans, roots: Mapping[int, Mapping[Root, Spans]]) -> dict[Root, int]:
    """Return how many seconds of a node's downtime each root answers for; they add up to it.

    Args:
        graph: who needs whom, when.
        node: the whole.
        down: its downtime, or the part of it that is to be charged.
        roots: by node, when it failed by itself, and whose doing that was.
    """
    inside = frozenset(graph.below(node))
    failing = [(root, spans) for one in sorted(inside & roots.keys()) for root, spans in roots[one].items()]
    edges = _edges(graph, node, down)
    names = [root for root, _ in failing]
    shares: dict[Root, Fraction] = defaultdict(Fraction)
    alone: dict[Root, int] = defaultdict(int)
    guilty_of: dict[tuple[int, frozenset[int]], tuple[Root, ...]] = {}
    whole_down = len(failing)  # its place among what is overlaid
    for layer in overlay([*(spans for _, spans in failing), down]):
        if whole_down not in layer.active:
            continue
        active = layer.active - {whole_down}
        if len(active) == 1:  # whatever the graph is: the whole is down, and nothing else failed
            (place,) = active
            alone[names[place]] += layer.end - layer.start
            continue
        for start, end in _cut(layer.start, layer.end, edges):
            key = bisect_right(edges, start), active
            if key not in guilty_of:
                guilty_of[key] = _guilty(graph, node, start, {names[place] for place in active}, inside)
            for root in guilty_of[key]:
                shares[root] += Fraction(end - start, len(guilty_of[key]))
    for root, seconds in alone.items():
        shares[root] += seconds
    return whole(shares)


def _edges(graph: Graph, node: int, down: Spans) -> list[int]:
    """Return the instants within a node's downtime at which something about what it needs changed."""
    if not down:
        return []
    first, last = down.intervals[0].start, down.intervals[-1].end
    spans = (one for owner in graph.below(node) for need in graph.of.get(owner, ()) for one in need.spans)
    return sorted({edge for one in spans for edge in one if first < edge < last})


def _cut(start: int, end: int, edges: list[int]) -> Iterator[tuple[int, int]]:
    for edge in edges[bisect_right(edges, start) :]:
        if edge >= end:
            break
        yield start, edge
        start = edge
    yield start, end


def _guilty(graph: Graph, node: int, at: int, failed: set[Root], inside: AbstractSet[int]) -> tuple[Root, ...]:
    """Return which of the failed roots bear on a node: those in a minimal cut set that has failed altogether."""
    if len(failed) == 1:
        return tuple(failed)
    names = {f"{place}": root for place, root in enumerate(sorted(failed, key=_by_node))}
    own: dict[int, list[Structure]] = defaultdict(list)
    for name, root in names.items():
        own[root.node].append(Event(name))
    top = structure_of(graph, node, at, own, inside)
    if top is None:
        return ()
    if all(gate.threshold == 1 for gate in gates(top)):  # without redundancy each of them alone brings it down
        return tuple(names[name] for name in sorted(event_names(top), key=int))
    return tuple(names[name] for name in sorted(Diagram(top).essential(set(names)), key=int))


def _by_node(root: Root) -> tuple[int, int, str]:
    return root.node, root.change or 0, root.supplier or ""


def structure_of(
    graph: Graph, node: int, at: int, own: Mapping[int, list[Structure]], inside: AbstractSet[int]
) -> Structure | None:
    """Return what brings a node down at an instant when only these events may happen; everything else is up.

    Where nodes need one another in a circle it is built round by round, so that none is its own cause.

    Args:
        graph: who needs whom, when.
        node: the whole.
        at: the instant.
        own: by node, what fails there by itself.
        inside: the node and everything that it needs.
    """
    order = _members_first(graph, node, at, _able(graph, at, own, inside))
    built: dict[int, Structure] = {}
    for _ in range(len(order) if _in_circle(graph, order, at) else 1):
        for one in order:
            causes = list(own.get(one, ()))
            for need in _needs(graph, one, at):
                inputs = [built[member] for member in need.members if member in built]
                if len(inputs) >= need.threshold:
                    causes.append(inputs[0] if len(inputs) == 1 else Gate(need.threshold, tuple(inputs)))
            if causes:
                built[one] = causes[0] if len(causes) == 1 else Gate(1, tuple(causes))
    return built.get(node)


def _able(graph: Graph, at: int, own: Mapping[int, list[Structure]], inside: AbstractSet[int]) -> set[int]:
    """Return what is down when every event has happened: found from the events upwards, for they are few."""
    down = set(own)
    stack = list(own)
    while stack:
        for owner in graph.on.get(stack.pop(), ()):
            if owner in inside and owner not in down:
                broken = any(sum(one in down for one in need.members) >= need.threshold for need in _needs(graph, owner, at))
                if broken:
                    down.add(owner)
                    stack.append(owner)
    return down


def _members_first(graph: Graph, node: int, at: int, down: AbstractSet[int]) -> list[int]:
    """Return those of the nodes that are down which a node needs, members before owners wherever they stand in no circle."""
    if node not in down:
        return []
    order: list[int] = []
    seen = {node}
    stack = [(node, iter(_members(graph, node, at)))]
    while stack:
        one, members = stack[-1]
        fresh = next((member for member in members if member in down and member not in seen), None)
        if fresh is None:
            order.append(one)
            stack.pop()
        else:
            seen.add(fresh)
            stack.append((fresh, iter(_members(graph, fresh, at))))
    return order


def _needs(graph: Graph, node: int, at: int) -> list[TimedNeed]:
    return [need for need in graph.of.get(node, ()) if need.holds(at)]


def _members(graph: Graph, node: int, at: int) -> list[int]:
    return [member for need in _needs(graph, node, at) for member in need.members]


def _in_circle(graph: Graph, order: list[int], at: int) -> bool:
    place = {one: position for position, one in enumerate(order)}
    return any(place.get(member, -1) >= place[one] for one in order for member in _members(graph, one, at))
