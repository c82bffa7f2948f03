"""Spread and blame through any graph, circles and needs that come and go among it, against brute force second by second."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.availability.blame import blame
from deskterm.availability.gathering import Root
from deskterm.availability.needs import Graph, TimedNeed, spread
from deskterm.intervals import Spans, union

NODES, END = 5, 12
TOP = 0
nodes, instants = st.integers(0, NODES - 1), st.integers(0, END)
spans = st.lists(st.tuples(instants, instants).map(lambda ends: (min(ends), max(ends))), max_size=3).map(Spans.of)
always = st.just(Spans.between(0, END))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    needs = []
    for _ in range(draw(st.integers(0, 7))):
        members = tuple(draw(st.lists(nodes, min_size=1, max_size=3, unique=True)))
        needs.append(TimedNeed(draw(nodes), members, draw(st.integers(1, len(members))), draw(always | spans)))
    return Graph.made_of(needs)


roots = st.dictionaries(
    nodes, st.dictionaries(st.sampled_from((None, 71, 72)), spans.filter(bool), min_size=1, max_size=2), max_size=4
).map(lambda by_node: {node: {Root(node, change): down for change, down in of.items()} for node, of in by_node.items()})


def falls(graph: Graph, at: int, failed: Iterable[int]) -> set[int]:
    """Return what is down at an instant once these have failed: the least fixed point."""
    down = set(failed)
    needs = [need for each in graph.of.values() for need in each if at in need.spans]
    while fresh := {n.owner for n in needs if sum(one in down for one in n.members) >= n.threshold} - down:
        down |= fresh
    return down


def guilty(graph: Graph, at: int, failed: list[Root]) -> set[Root]:
    """Return the roots in a minimal cut set that has failed altogether."""
    cuts = [
        set(some)
        for size in range(1, len(failed) + 1)
        for some in combinations(failed, size)
        if TOP in falls(graph, at, {root.node for root in some})
    ]
    return {root for cut in cuts if not any(other < cut for other in cuts) for root in cut}


@settings(max_examples=300)
@given(graphs(), roots)
def test_what_is_down_is_what_a_cause_brings_down_at_each_instant(graph: Graph, failed: dict[int, dict[Root, Spans]]) -> None:
    own = {node: union(of.values()) for node, of in failed.items()}
    down = spread(graph, own)
    for at in range(END):
        expected = falls(graph, at, {node for node, of in own.items() if at in of})
        assert {node for node, of in down.items() if at in of} == expected


@settings(max_examples=300)
@given(graphs(), roots)
def test_each_second_is_shared_by_those_in_a_failed_minimal_cut_set(graph: Graph, failed: dict[int, dict[Root, Spans]]) -> None:
    down = spread(graph, {node: union(of.values()) for node, of in failed.items()}).get(TOP, Spans.EMPTY)
    exact = {root: Fraction(0) for of in failed.values() for root in of}
    for start, end in down:
        for at in range(start, end):
            found = guilty(graph, at, [root for of in failed.values() for root, spans in of.items() if at in spans])
            for root in found:
                exact[root] += Fraction(1, len(found))
    charged = blame(graph, TOP, down, failed)
    assert sum(charged.values()) == down.seconds
    assert all(abs(charged.get(root, 0) - share) < 1 for root, share in exact.items())
