"""What a failure does to what needs it: would break, could be degraded, through which path, with how much redundancy left. Pure.

A *need* is what one node demands of others: one member, or a redundancy group of which `need` members must be up.

- A node is down when it failed itself, or when a hard need of it has fewer members up than it needs.
- A node is degraded when it is not down and a need of it has lost a member, a hard member of it is degraded, or something that
  it merely uses is down.

Both are least fixed points: nothing is down but for a cause, so cycles are no trouble, and more failures never repair anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a node fares."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Need:
    """What `owner` demands of `members`."""

    owner: int
    relation: str
    members: tuple[int, ...]
    need: int = 1
    """So many of the members must be up; more than there are means all of them."""
    group: str | None = None
    soft: bool = False
    """The owner uses it: it is degraded at worst."""

    @property
    def suffices(self) -> int:
        """How many members must be up: never more than there are, lest a group that is short of members could not stand."""
        return min(self.need, len(self.members))

    @property
    def is_short(self) -> bool:
        """Whether more members are needed than there are: the record of the group is wrong or not complete."""
        return self.need > len(self.members)


@dataclass(frozen=True, slots=True)
class Redundancy:
    """How a need stands: `2/3 up, needs 2`."""

    up: int
    members: int
    need: int

    @property
    def spare(self) -> int:
        """How many more members may fail."""
        return self.up - self.need

    @property
    def is_spof(self) -> bool:
        """Whether the next failure of a member brings the owner down."""
        return self.spare == 0 and self.up > 0

    def __str__(self) -> str:
        return f"{self.up}/{self.members} up"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a failure does to one node."""

    node: int
    state: State
    """DOWN: it would break. DEGRADED: it could be degraded."""
    was: State
    """How it fared before."""
    path: tuple[int, ...]
    """From what failed to this node, one node causing the next."""
    need: Need | None
    """The need through which it is hit; None for what failed itself."""
    redundancy: Redundancy | None
    """How that need stands afterwards."""


class Network:
    """Needs, indexed by who has them and by who they are about."""

    def __init__(self, needs: Iterable[Need]) -> None:
        self.of: dict[int, list[Need]] = {}
        """By owner: its needs."""
        self.on: dict[int, list[Need]] = {}
        """By member: the needs that it serves."""
        for need in needs:
            self.of.setdefault(need.owner, []).append(need)
            for member in need.members:
                self.on.setdefault(member, []).append(need)

    @property
    def nodes(self) -> set[int]:
        """Return every node that has a need or serves one."""
        return self.of.keys() | self.on.keys()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How every node of a network fares that is not up, and through what."""

    states: Mapping[int, State]
    """Nodes that are not up."""
    cause: Mapping[int, tuple[int, Need] | None]
    """By node that is not up: the member that hit it first and the need; None where it failed by itself."""

    def state(self, node: int) -> State:
        """Return how a node fares."""
        return self.states.get(node, State.UP)

    def path(self, node: int) -> tuple[int, ...]:
        """Return the shortest chain of causes that leads to a node, from what failed by itself to the node."""
        chain = [node]
        while (cause := self.cause.get(chain[-1])) is not None:
            chain.append(cause[0])
        return tuple(reversed(chain))


def evaluate(network: Network, down: AbstractSet[int], degraded: AbstractSet[int] = frozenset()) -> Verdict:
    """Return how every node fares when some failed and some are degraded by themselves.

    Args:
        network: the needs among the nodes.
        down: what failed by itself.
        degraded: what limps by itself.
    """
    states: dict[int, State] = dict.fromkeys(down, State.DOWN)
    cause: dict[int, tuple[int, Need] | None] = dict.fromkeys(down)
    lost: dict[int, int] = {}  # by identity of the need: members down
    queue = deque(down)
    while queue:
        member = queue.popleft()
        for need in network.on.get(member, ()):
            key = id(need)
            lost[key] = lost.get(key, 0) + 1
            broken = len(need.members) - lost[key] < need.suffices
            if broken and not need.soft and states.get(need.owner) is not State.DOWN:
                states[need.owner] = State.DOWN
                cause[need.owner] = (member, need)
                queue.append(need.owner)
    _degrade(network, degraded, states, cause)
    return Verdict(states, cause)


def _degrade(
    network: Network, degraded: AbstractSet[int], states: dict[int, State], cause: dict[int, tuple[int, Need] | None]
) -> None:
    """Add what is degraded to what is down; only what is hard carries it further."""
    queue = deque(states)
    for node in degraded:
        if node not in states:
            states[node] = State.DEGRADED
            cause[node] = None
            queue.append(node)
    while queue:
        member = queue.popleft()
        for need in network.on.get(member, ()):
            if need.owner in states or (need.soft and states[member] is not State.DOWN):
                continue
            states[need.owner] = State.DEGRADED
            cause[need.owner] = (member, need)
            queue.append(need.owner)


def redundancy(need: Need, verdict: Verdict) -> Redundancy:
    """Return how a need stands."""
    up = sum(verdict.state(member) is not State.DOWN for member in need.members)
    return Redundancy(up, len(need.members), need.suffices)


def impact(
    network: Network, failing: AbstractSet[int], *, down: AbstractSet[int] = frozenset(), degraded: AbstractSet[int] = frozenset()
) -> tuple[Effect, ...]:
    """Return what else is hit when some nodes fail, beyond what is down or degraded already.

    Args:
        network: the needs among the nodes.
        failing: what fails.
        down: what is down by itself already.
        degraded: what is degraded by itself already.

    Returns:
        The nodes that fare worse than before, or are degraded already and lose a further member; those that break first, each
        group nearest first.
    """
    before = evaluate(network, down, degraded)
    after = evaluate(network, {*down, *failing}, degraded)
    effects = []
    for node, state in after.states.items():
        was = before.state(node)
        cause = after.cause[node]
        if node in failing or state is was or cause is None:
            continue
        effects.append(Effect(node, state, was, after.path(node), cause[1], redundancy(cause[1], after)))
    effects += _weakened(network, failing, effects, before, after)
    return tuple(sorted(effects, key=lambda one: (one.state is not State.DOWN, len(one.path))))


def _weakened(
    network: Network, failing: AbstractSet[int], effects: Iterable[Effect], before: Verdict, after: Verdict
) -> list[Effect]:
    """Return the nodes that stay degraded and lose a member all the same: their next failure is nearer."""
    known = {one.node for one in effects}
    lost = [*failing, *(one.node for one in effects if one.state is State.DOWN)]
    found: dict[int, Effect] = {}
    for member in lost:
        for need in network.on.get(member, ()):
            owner = need.owner
            stays = before.state(owner) is State.DEGRADED and after.state(owner) is State.DEGRADED
            if stays and owner not in known and owner not in found and owner not in failing:
                path = (*after.path(member), owner)
                found[owner] = Effect(owner, State.DEGRADED, State.DEGRADED, path, need, redundancy(need, after))
    return list(found.values())


def single_points(network: Network, owner: int, *, down: AbstractSet[int] = frozenset()) -> frozenset[int]:
    """Return the nodes below `owner` of which each alone would bring it down: cut sets of one."""
    if evaluate(network, down).state(owner) is State.DOWN:
        return frozenset()
    return frozenset(
        node for node in below(network, owner) if node not in down and evaluate(network, {*down, node}).state(owner) is State.DOWN
    )


def below(network: Network, owner: int) -> frozenset[int]:
    """Return every node that `owner` needs, hard or soft, directly or through others; itself only if nothing else."""
    seen, queue = set[int](), deque([owner])
    while queue:
        for need in network.of.get(queue.popleft(), ()):
            fresh = [member for member in need.members if member not in seen]
            seen.update(fresh)
            queue.extend(fresh)
    return frozenset(seen - {owner})


def cycles(network: Network) -> tuple[tuple[int, ...], ...]:
    """Return the sets of nodes that need one another in a circle, by Tarjan's algorithm; each in ascending order."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[tuple[int, ...]] = []
    for root in sorted(network.of):
        if root in index:
            continue
        work = [(root, iter(_members(network, root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, members = work[-1]
            for member in members:
                if member not in index:
                    index[member] = low[member] = len(index)
                    stack.append(member)
                    on_stack.add(member)
                    work.append((member, iter(_members(network, member))))
                    break
                if member in on_stack:
                    low[node] = min(low[node], index[member])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found += _component(network, node, stack, on_stack)
    return tuple(sorted(found))


def _component(network: Network, root: int, stack: list[int], on_stack: set[int]) -> list[tuple[int, ...]]:
    """Take a strongly connected component off the stack; a single node is a circle only if it needs itself."""
    members: list[int] = []
    while not members or members[-1] != root:
        members.append(stack.pop())
        on_stack.discard(members[-1])
    return [tuple(sorted(members))] if len(members) > 1 or root in _members(network, root) else []


def _members(network: Network, node: int) -> list[int]:
    return [member for need in network.of.get(node, ()) for member in need.members]
