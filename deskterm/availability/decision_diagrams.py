"""Reduced ordered binary decision diagrams of failure: the exact ground for probability, cut sets and blame. Pure.

Bryant, "Graph-based algorithms for Boolean function manipulation" (1986): a function is a graph of if-then-else nodes over
ordered variables, and two equal functions are the same node. An event that occurs in several branches is one variable, so
nothing is counted twice. Minimal cut sets by Rauzy, "New algorithms for fault trees analysis" (1993).

Nothing here recurses in Python: a chain of thousands of events is no deeper than a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from deskterm.availability.structures import Event, Gate, Structure, event_names, gates
from deskterm.errors import InvalidInput

MOST_NODES = 400_000
"""A diagram larger than this is refused: it would take minutes, and no reader could follow what it says."""
FALSE, TRUE = 0, 1

Steps = Generator[tuple[int, ...], int, int]
"""A recursive work that asks for parts of itself by yielding their arguments, and returns a node."""


class Node(NamedTuple):
    """If the event at `level` happens, then `high`, else `low`; both are nodes of a deeper level, or FALSE, or TRUE."""

    level: int
    high: int
    low: int


class Diagram:
    """The failure of a whole as a diagram over its events."""

    def __init__(self, top: Structure) -> None:
        """Build it, gate by gate.

        Raises:
            InvalidInput: the structure is too entangled for an exact answer.
        """
        self.names = event_names(top)
        """By level: the event; in the order in which a reader meets them, which keeps neighbours together."""
        bottom = len(self.names)
        self.nodes = [Node(bottom, FALSE, FALSE), Node(bottom, TRUE, TRUE)]
        """Children stand before their parents."""
        self._unique: dict[Node, int] = {}
        self._chosen: dict[tuple[int, ...], int] = {}
        self._lessened: dict[tuple[int, ...], int] = {}
        levels = {name: level for level, name in enumerate(self.names)}
        built: dict[int, int] = {}

        def of(one: Structure) -> int:
            return self.node(levels[one.name], TRUE, FALSE) if isinstance(one, Event) else built[id(one)]

        for gate in gates(top):
            built[id(gate)] = self._threshold(gate, [of(one) for one in gate.inputs])
        self.root = of(top)

    def node(self, level: int, high: int, low: int) -> int:
        """Return the node of a choice, the same for the same choice; no node where there is nothing to choose."""
        if high == low:
            return high
        wanted = Node(level, high, low)
        found = self._unique.get(wanted)
        if found is None:
            if len(self.nodes) >= MOST_NODES:
                raise InvalidInput("this structure is too entangled for an exact answer; take it apart at a shared branch")
            found = self._unique[wanted] = len(self.nodes)
            self.nodes.append(wanted)
        return found

    def probability(self, of: Mapping[str, Fraction]) -> Fraction:
        """Return the exact probability that the whole fails, its events being independent.

        Shannon's expansion P = p·P(high) + (1 - p)·P(low), from the bottom up. Reckoned in whole numbers over a common
        denominator, one power of it a level, so that no fraction is reduced before the last.
        """
        unit = lcm(*(of[name].denominator for name in self.names))
        weights = [of[name].numerator * (unit // of[name].denominator) for name in self.names]
        bottom = len(self.names)
        powers = [1]
        for _ in range(bottom):
            powers.append(powers[-1] * unit)
        counts = [0, 1]  # by node: its probability times unit ** (bottom - its level)
        for level, high, low in self.nodes[2:]:
            up = counts[high] * powers[self.nodes[high].level - level - 1]
            down = counts[low] * powers[self.nodes[low].level - level - 1]
            counts.append(weights[level] * up + (unit - weights[level]) * down)
        return Fraction(counts[self.root], powers[bottom - self.nodes[self.root].level])

    def essential(self, failed: AbstractSet[str]) -> frozenset[str]:
        """Return which of some failed events bear on the whole: those in a minimal cut set that has failed altogether.

        With all else up the failure is a function of the failed events, and it is monotone, so it depends on exactly the
        events of its minimal cut sets. Empty where the whole still stands.
        """
        return frozenset(self.names[self.nodes[one].level] for one in self._reached(self._restricted(failed)))

    def fails(self, failed: AbstractSet[str]) -> bool:
        """Say whether the whole is down when these events have happened and no other."""
        one = self.root
        while one > TRUE:
            level, high, low = self.nodes[one]
            one = high if self.names[level] in failed else low
        return one == TRUE

    def cut_sets(self, most: int) -> list[frozenset[str]]:
        """Return the minimal cut sets, in no order.

        Raises:
            InvalidInput: there are more than `most`.
        """
        sets = self._minimal(self.root)
        counts = [0, 1]
        for _, high, low in self.nodes[2:]:
            counts.append(counts[high] + counts[low])
        if counts[sets] > most:
            raise InvalidInput(f"this structure has {counts[sets]} minimal cut sets; more than {most} are not listed")
        found = []
        stack: list[tuple[int, tuple[str, ...]]] = [(sets, ())]
        while stack:
            one, chosen = stack.pop()
            if one == TRUE:
                found.append(frozenset(chosen))
            elif one != FALSE:
                level, high, low = self.nodes[one]
                stack += [(low, chosen), (high, (*chosen, self.names[level]))]
        return found

    def _restricted(self, possible: AbstractSet[str]) -> int:
        """Return the function that is left when every other event is known not to have happened."""
        left = {FALSE: FALSE, TRUE: TRUE}
        for one in sorted(self._reached(self.root)):
            level, high, low = self.nodes[one]
            left[one] = self.node(level, left[high], left[low]) if self.names[level] in possible else left[low]
        return left[self.root]

    def _reached(self, root: int) -> set[int]:
        seen: set[int] = set()
        stack = [root]
        while stack:
            one = stack.pop()
            if one > TRUE and one not in seen:
                seen.add(one)
                stack += self.nodes[one][1:]
        return seen

    def _threshold(self, gate: Gate, inputs: list[int]) -> int:
        """Build "at least k of these fail": row by row, what is left to fail among the inputs from here on."""
        count = len(inputs)
        row = [TRUE] + [FALSE] * gate.threshold  # by how many must still fail, after the last input
        for position in range(count - 1, -1, -1):
            reach = min(gate.threshold, count - position)
            least = max(gate.threshold - position, 1)  # fewer cannot be asked for here
            fresh = [TRUE] + [FALSE] * gate.threshold
            for missing in range(least, reach + 1):
                fresh[missing] = self._run(self._choice, self._chosen, (inputs[position], row[missing - 1], row[missing]))
            row = fresh
        return row[gate.threshold]

    def _choice(self, test: int, high: int, low: int) -> Steps:
        """If `test` then `high` else `low`, for functions."""
        if test == TRUE or high == low:
            return high
        if test == FALSE:
            return low
        if (high, low) == (TRUE, FALSE):
            return test
        levels = self.nodes
        level = min(levels[test].level, levels[high].level, levels[low].level)
        upper = yield tuple(levels[one].high if levels[one].level == level else one for one in (test, high, low))
        lower = yield tuple(levels[one].low if levels[one].level == level else one for one in (test, high, low))
        return self.node(level, upper, lower)

    def _minimal(self, root: int) -> int:
        """Return the node of the minimal solutions, read as a set of sets: with the event, or without it.

        The two branches of such a node never hold the same set, for one of the two would not be minimal.
        """
        minimal = {FALSE: FALSE, TRUE: TRUE}
        for one in sorted(self._reached(root)):
            level, high, low = self.nodes[one]
            without = minimal[low]
            rest = self._run(self._without, self._lessened, (minimal[high], low))
            minimal[one] = without if rest == FALSE else self.node(level, rest, without)
        return minimal[root]

    def _without(self, sets: int, failing: int) -> Steps:
        """Take from a set of sets those that bring the function `failing` about by themselves."""
        if sets == FALSE or failing == TRUE:
            return FALSE
        if failing == FALSE:
            return sets
        level, high, low = self.nodes[sets]
        other = self.nodes[failing]
        if other.level < level:
            return (yield (sets, other.low))
        upper = yield (high, other.high if other.level == level else failing)
        lower = yield (low, other.low if other.level == level else failing)
        return lower if upper == FALSE else self.node(level, upper, lower)

    def _run(self, work: Callable[..., Steps], known: dict[tuple[int, ...], int], arguments: tuple[int, ...]) -> int:
        """Do a recursive work on a stack of our own, each part of it once."""
        if arguments in known:
            return known[arguments]
        stack = [(arguments, work(*arguments))]
        value: int | None = None
        while stack:
            asked_for, steps = stack[-1]
            try:
                part = next(steps) if value is None else steps.send(value)
            except StopIteration as done:
                stack.pop()
                value = known[asked_for] = int(done.value)
                continue
            value = known.get(part)
            if value is None:
                stack.append((part, work(*part)))
        return known[arguments]
