"""What a failure does: examples with the right answers, laws that hold for every network, and an oracle that tries everything."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.configuration.rules import (
    Need,
    Network,
    State,
    below,
    cycles,
    evaluate,
    impact,
    redundancy,
    single_points,
)

SERVICE, CLUSTER, A, B, C, DATABASE, REPORT = 1, 2, 11, 12, 13, 20, 30
UP, DEGRADED, DOWN = State.UP, State.DEGRADED, State.DOWN

NODES = Need(CLUSTER, "depends-on", (A, B, C), 2, "nodes")
PAYROLL = Network(
    [
        Need(SERVICE, "depends-on", (CLUSTER,)),
        NODES,
        Need(CLUSTER, "depends-on", (DATABASE,)),
        Need(REPORT, "uses", (DATABASE,), soft=True),
    ]
)


@pytest.mark.parametrize(
    ("down", "service", "cluster", "report", "shown"),
    [
        ((), UP, UP, UP, "3/3 up"),
        ((A,), DEGRADED, DEGRADED, UP, "2/3 up"),
        ((A, B), DOWN, DOWN, UP, "1/3 up"),
        ((A, B, C), DOWN, DOWN, UP, "0/3 up"),
        ((DATABASE,), DOWN, DOWN, DEGRADED, "3/3 up"),
        ((REPORT,), UP, UP, DOWN, "3/3 up"),
    ],
)
def test_two_of_three(down: tuple[int, ...], service: State, cluster: State, report: State, shown: str) -> None:
    verdict = evaluate(PAYROLL, set(down))
    assert (verdict.state(SERVICE), verdict.state(CLUSTER), verdict.state(REPORT)) == (service, cluster, report)
    assert str(redundancy(NODES, verdict)) == shown


def test_what_limps_makes_hard_dependants_limp_and_users_not() -> None:
    verdict = evaluate(PAYROLL, set(), {DATABASE})
    assert verdict.states == {DATABASE: DEGRADED, CLUSTER: DEGRADED, SERVICE: DEGRADED}
    assert verdict.path(SERVICE) == (DATABASE, CLUSTER, SERVICE)


def test_impact_tells_what_breaks_from_what_could_limp_with_path_and_redundancy() -> None:
    first = {one.node: one for one in impact(PAYROLL, {A})}
    assert {node: one.state for node, one in first.items()} == {CLUSTER: DEGRADED, SERVICE: DEGRADED}
    stands = first[CLUSTER].redundancy
    assert stands is not None
    assert (str(stands), stands.spare, stands.is_spof) == ("2/3 up", 0, True)
    second = impact(PAYROLL, {B}, down={A})
    assert [(one.node, one.state, one.was, one.path) for one in second] == [
        (CLUSTER, DOWN, DEGRADED, (B, CLUSTER)),
        (SERVICE, DOWN, DEGRADED, (B, CLUSTER, SERVICE)),
    ]
    assert [one.node for one in impact(PAYROLL, {DATABASE})] == [CLUSTER, SERVICE, REPORT]


def test_what_is_degraded_already_and_loses_another_member_is_told() -> None:
    three = Need(CLUSTER, "depends-on", (A, B, C), 1, "nodes")
    found = impact(Network([three]), {B}, down={A})
    assert [(one.node, one.state, one.was, one.path, str(one.redundancy)) for one in found] == [
        (CLUSTER, DEGRADED, DEGRADED, (B, CLUSTER), "1/3 up")
    ]


def test_single_points_are_cut_sets_of_one_and_change_with_what_is_down() -> None:
    assert single_points(PAYROLL, SERVICE) == {CLUSTER, DATABASE}
    assert single_points(PAYROLL, SERVICE, down={A}) == {CLUSTER, DATABASE, B, C}
    assert single_points(PAYROLL, SERVICE, down={A, B}) == frozenset()


def test_a_group_short_of_members_needs_all_it_has() -> None:
    short = Need(SERVICE, "depends-on", (A, B), 3, "short")
    assert short.is_short
    assert evaluate(Network([short]), set()).state(SERVICE) is UP
    assert evaluate(Network([short]), {A}).state(SERVICE) is DOWN


def test_circles_fail_together_and_only_for_a_cause() -> None:
    ring = Network(
        [
            Need(A, "depends-on", (B,)),
            Need(B, "depends-on", (C,)),
            Need(C, "depends-on", (A,)),
            Need(REPORT, "uses", (A,), soft=True),
        ]
    )
    assert cycles(ring) == ((A, B, C),)
    assert evaluate(ring, set()).states == {}
    assert set(evaluate(ring, {B}).states) == {A, B, C, REPORT}
    assert below(ring, A) == {B, C}
    assert cycles(Network([Need(A, "uses", (A,))])) == ((A,),)
    assert cycles(PAYROLL) == ()


def test_a_long_chain_is_no_trouble() -> None:
    chain = Network([Need(n + 1, "depends-on", (n,)) for n in range(20_000)])
    assert len(evaluate(chain, {0}).states) == 20_001
    assert cycles(chain) == ()


# Laws

NODE = st.integers(0, 5)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    owner = draw(NODE)
    members = tuple(draw(st.lists(NODE.filter(lambda n: n != owner), min_size=1, max_size=3, unique=True)))
    need = draw(st.integers(1, 4)) if len(members) > 1 else 1
    return (
        Need(owner, "uses", members, need, soft=True)
        if draw(st.booleans()) and len(members) == 1
        else Need(owner, "r", members, need)
    )


NETWORK = st.lists(needs(), max_size=8).map(Network)
SOME = st.frozensets(NODE, max_size=4)


def _supported(network: Network, up: frozenset[int]) -> bool:
    """Return whether every node of `up` has what it needs among them."""
    return all(
        need.soft or sum(member in up for member in need.members) >= need.suffices
        for node in up
        for need in network.of.get(node, ())
    )


def _oracle(network: Network, down: Iterable[int]) -> set[int]:
    """Return what is down by trying every set of nodes: up is the largest set that supports itself without what failed."""
    nodes = sorted(network.nodes | set(down))
    best: frozenset[int] = frozenset()
    for bits in range(2 ** len(nodes)):
        up = frozenset(node for i, node in enumerate(nodes) if bits >> i & 1)
        if not up & set(down) and _supported(network, up) and len(up) > len(best):
            best = up
    return set(nodes) - best


@settings(max_examples=150, deadline=None)
@given(NETWORK, SOME)
def test_what_is_down_is_what_trying_everything_finds(network: Network, down: frozenset[int]) -> None:
    verdict = evaluate(network, down)
    assert {node for node, state in verdict.states.items() if state is DOWN} == _oracle(network, down)


@settings(max_examples=150, deadline=None)
@given(NETWORK, SOME, SOME, SOME)
def test_more_failures_never_repair_anything(
    network: Network, down: frozenset[int], more: frozenset[int], limp: frozenset[int]
) -> None:
    rank = {UP: 0, DEGRADED: 1, DOWN: 2}
    before, after = evaluate(network, down, limp), evaluate(network, down | more, limp)
    worse = evaluate(network, down, limp | more)
    for node in network.nodes | down | more | limp:
        assert rank[before.state(node)] <= rank[after.state(node)]
        assert rank[before.state(node)] <= rank[worse.state(node)] <= rank[after.state(node)]


@settings(max_examples=100, deadline=None)
@given(NETWORK, SOME)
def test_a_group_of_one_is_a_plain_relation(network: Network, down: frozenset[int]) -> None:
    every = {id(need): need for needs in network.of.values() for need in needs}.values()
    grouped = [Need(n.owner, n.relation, n.members, 1, "alone", n.soft) if len(n.members) == 1 else n for n in every]
    assert evaluate(Network(grouped), down).states == evaluate(network, down).states


@settings(max_examples=100, deadline=None)
@given(NETWORK, SOME, SOME)
def test_every_effect_has_a_path_of_causes_from_what_fails(
    network: Network, failing: frozenset[int], down: frozenset[int]
) -> None:
    for effect in impact(network, failing, down=down):
        assert effect.path[0] in failing | down
        assert effect.path[-1] == effect.node
        assert len(set(effect.path)) == len(effect.path)
        for member, owner in zip(effect.path, effect.path[1:], strict=False):
            assert any(member in need.members for need in network.of[owner])
        assert effect.need is not None
        assert effect.need.owner == effect.node
        if effect.state is effect.was:
            assert effect.state is DEGRADED
            assert effect.redundancy is not None
            assert effect.redundancy.up < len(effect.need.members)
    for node in failing:
        breaks = {one.node for one in impact(network, {node}) if one.state is DOWN}
        assert all(node in single_points(network, owner) for owner in breaks if node in below(network, owner))
