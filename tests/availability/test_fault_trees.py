"""Fault trees against brute force: every combination of failures tried, on trees and graphs that share events and branches."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from fractions import Fraction
from itertools import chain, combinations
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.availability.decision_diagrams import Diagram
from deskterm.availability.fault_trees import analyse
from deskterm.availability.structures import Event, Gate, Structure, event_names, fails_with_all, fails_with_any, needing
from deskterm.errors import InvalidInput

NAMES = "abcdef"


def _gate(inputs: list[Structure], k: int) -> Structure:
    return Gate(min(k, len(inputs)), tuple(inputs))


structures = st.recursive(
    st.sampled_from(NAMES).map(Event),
    lambda inner: st.builds(_gate, st.lists(inner, min_size=1, max_size=4), st.integers(1, 4)),
    max_leaves=12,
)


def failed(structure: Structure, events: AbstractSet[str]) -> bool:
    """The oracle: count what has failed, gate by gate."""
    if isinstance(structure, Event):
        return structure.name in events
    return sum(failed(one, events) for one in structure.inputs) >= structure.threshold


def subsets(names: AbstractSet[str]) -> list[frozenset[str]]:
    every = chain.from_iterable(combinations(sorted(names), size) for size in range(len(names) + 1))
    return [frozenset(one) for one in every]


@settings(deadline=None)  # how long it takes is no matter of the rule
@given(structures, st.lists(st.fractions(0, 1, max_denominator=97), min_size=6, max_size=6))
def test_probability_cut_sets_and_single_points_are_those_of_brute_force(structure: Structure, weights: list[Fraction]) -> None:
    of = dict(zip(NAMES, weights, strict=True))
    names = set(event_names(structure))
    deadly = [one for one in subsets(names) if failed(structure, one)]
    expected = Fraction(0)
    for one in deadly:
        chance = Fraction(1)
        for name in names:
            chance *= of[name] if name in one else 1 - of[name]
        expected += chance
    minimal = [one for one in deadly if not any(other < one for other in deadly)]
    found = analyse(structure, of)
    assert found.probability == expected
    assert list(found.cut_sets) == sorted((tuple(sorted(one)) for one in minimal), key=lambda names: (len(names), names))
    assert set(found.single_points) == {name for name in names if failed(structure, {name})}


@given(structures, st.sets(st.sampled_from(NAMES)))
def test_what_matters_is_what_a_failed_cut_set_holds(structure: Structure, down: set[str]) -> None:
    diagram = Diagram(structure)
    cuts = [set(one) for one in diagram.cut_sets(10_000)]
    assert diagram.fails(down) == failed(structure, down)
    assert diagram.essential(down) == set[str]().union(*(one for one in cuts if one <= down))


def test_thirty_events_with_shared_ones_take_milliseconds() -> None:
    power, network = Event("power"), Event("network")
    sites: list[Structure] = []
    for site in range(7):
        own: list[Structure] = [Event(f"{site}-{part}") for part in range(4)]
        sites.append(fails_with_any([needing(2, own[:3]), fails_with_all([own[3], power]), fails_with_all([network, power])]))
    top = needing(4, sites)
    of = dict.fromkeys(event_names(top), Fraction(1, 100))
    assert len(of) == 30
    started = perf_counter()
    diagram = Diagram(top)
    probability = diagram.probability(of)
    taken = perf_counter() - started
    # By hand: given power and network, each site fails on its own by a binomial law.
    p = Fraction(1, 100)
    pair = 3 * p**2 * (1 - p) + p**3
    expected = Fraction(0)
    for power_down, network_down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (p if power_down else 1 - p) * (p if network_down else 1 - p)
        one = Fraction(1) if power_down and network_down else 1 - (1 - pair) * (1 - p if power_down else 1)
        expected += weight * sum(_choose(7, k) * one**k * (1 - one) ** (7 - k) for k in range(4, 8))
    assert probability == expected
    assert ("network", "power") in analyse(fails_with_any([top]), of).cut_sets
    assert taken < 1


def _choose(n: int, k: int) -> int:
    return len(list(combinations(range(n), k)))


def test_a_chain_of_thousands_needs_no_deep_stack() -> None:
    structure: Structure = Event("0")
    for number in range(1, 3000):
        structure = Gate(1, (Event(str(number)), structure))
    found = analyse(structure, {str(number): Fraction(1, 2) for number in range(3000)})
    assert len(found.single_points) == 3000
    assert found.probability == 1 - Fraction(1, 2) ** 3000


def test_more_cut_sets_than_anybody_reads_are_refused() -> None:
    events = [Event(str(number)) for number in range(30)]
    with pytest.raises(InvalidInput, match="155117520 minimal cut sets"):
        analyse(Gate(15, tuple(events)), dict.fromkeys(event_names(Gate(1, tuple(events))), Fraction(1, 2)))


@pytest.mark.parametrize("probability", [None, Fraction(-1, 2), Fraction(3, 2)])
def test_an_event_needs_a_probability(probability: Fraction | None) -> None:
    with pytest.raises(InvalidInput, match="probability"):
        analyse(Event("a"), {} if probability is None else {"a": probability})


@pytest.mark.parametrize("threshold", [0, 2])
def test_a_gate_that_cannot_work_is_refused(threshold: int) -> None:
    with pytest.raises(InvalidInput):
        Gate(threshold, (Event("a"),))
