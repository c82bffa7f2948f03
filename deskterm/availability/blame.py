"""Whose downtime it was, by the rule of `attribution`, through a dependency graph as it was at each instant. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from deskterm.availability.attribution import charged
from deskterm.availability.causes import Then, Whole
from deskterm.availability.decision_diagrams import Diagram
from deskterm.availability.gathering import Root
from deskterm.availability.needs import Graph
from deskterm.availability.structures import Event, Structure, event_names, gates
from deskterm.intervals import Spans, overlay


def blame(graph: Graph, node: int, down: Spans, roots: Mapping[int, Mapping[Root, Spans]]) -> dict[Root, int]:
    """Return how many seconds of a node's downtime each root answers for; they add up to it.

    Args:
        graph: who needs whom, when.
        node: the whole.
        down: its downtime, or the part of it that is to be charged.
        roots: by node, when it failed by itself, and whose doing that was.
    """
    of = Whole(graph, node)
    failing = [(root, spans) for one in sorted(of.place.keys() & roots.keys()) for root, spans in roots[one].items()]
    names = [root for root, _ in failing]
    return charged(names, _guilty_layers(of, names, [spans for _, spans in failing], down))


def _guilty_layers(
    of: Whole, names: Sequence[Root], failed: Sequence[Spans], down: Spans
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield stretches of downtime: for how many seconds which of the roots, by their places, answered for it."""
    edges = _edges(of, down)
    thens: dict[int, Then] = {}
    known: dict[tuple[int, frozenset[int]], tuple[int, ...]] = {}
    for layer in overlay(failed, down):
        active = layer.active
        if len(active) == 1:  # whatever the graph is: the whole is down, and nothing else failed
            yield layer.end - layer.start, tuple(active)
            continue
        for start, end in _cut(layer.start, layer.end, edges):
            epoch = bisect_right(edges, start)
            if epoch not in thens:
                thens[epoch] = Then(of, start)
            if (epoch, active) not in known:
                known[epoch, active] = _guilty(thens[epoch], {place: names[place].node for place in sorted(active)})
            yield end - start, known[epoch, active]


def _edges(of: Whole, down: Spans) -> list[int]:
    """Return the instants within a node's downtime at which something about what it needs changed."""
    if not down:
        return []
    first, last = down.intervals[0].start, down.intervals[-1].end
    spans = (one for owner in of.place for need in of.graph.of.get(owner, ()) for one in need.spans)
    return sorted({edge for one in spans for edge in one if first < edge < last})


def _cut(start: int, end: int, edges: list[int]) -> Iterator[tuple[int, int]]:
    for edge in edges[bisect_right(edges, start) :]:
        if edge >= end:
            break
        yield start, edge
        start = edge
    yield start, end


def _guilty(then: Then, failed: Mapping[int, int]) -> tuple[int, ...]:
    """Return which of the failed roots bear on the whole: those in a minimal cut set that has failed altogether.

    Args:
        then: the whole at the instant.
        failed: by place of each root, the node that it is of.
    """
    own: dict[int, list[Structure]] = defaultdict(list)
    for place, node in failed.items():
        own[node].append(Event(str(place)))
    top = then.structure(own)
    if top is None:
        return ()
    alike = all(gate.threshold == 1 for gate in gates(top))  # without redundancy each of them alone brings it down
    guilty = event_names(top) if alike else Diagram(top).essential({str(place) for place in failed})
    return tuple(sorted(map(int, guilty)))
