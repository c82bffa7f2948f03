"""How the failure of parts adds up to the failure of a whole: events and gates, as trees or as graphs that share branches. Pure.

Everything is said in terms of failure: a whole that needs all of its parts fails when any one of them does, and one that
needs k of n when more than n - k do. Only monotone logic: no failure ever mends anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deskterm.errors import InvalidInput
from deskterm.intervals import Spans, at_least


@dataclass(frozen=True, slots=True)
class Event:
    """The failure of one part."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Fails when at least `threshold` of its inputs do. Compared by identity: a branch that is shared is one gate.

    Raises:
        InvalidInput: there is no input, or the threshold is not from 1 to their number.
    """

    threshold: int
    inputs: tuple[Event | Gate, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= len(self.inputs):
            raise InvalidInput(
                f"a gate of {len(self.inputs)} inputs cannot fail at {self.threshold} of them; take 1 or more of them"
            )


Structure = Event | Gate
"""What brings a whole down."""


def fails_with_any(inputs: Sequence[Structure]) -> Gate:
    """Return an OR of failures: the whole needs all of its inputs."""
    return Gate(1, tuple(inputs))


def fails_with_all(inputs: Sequence[Structure]) -> Gate:
    """Return an AND of failures: any one of the inputs suffices the whole."""
    return Gate(len(inputs), tuple(inputs))


def needing(k: int, inputs: Sequence[Structure]) -> Gate:
    """Return the failure of a whole that needs `k` of its inputs up: n - k + 1 of them fail."""
    return Gate(len(inputs) - k + 1, tuple(inputs))


def gates(top: Structure) -> Iterator[Gate]:
    """Yield every gate once, inputs before what they feed; without recursion, so a chain may be of any length."""
    open_gates: set[int] = set()
    done: set[int] = set()
    stack = [top] if isinstance(top, Gate) else []
    while stack:
        gate = stack[-1]
        key = id(gate)
        if key in done:
            stack.pop()
        elif key in open_gates:
            stack.pop()
            done.add(key)
            yield gate
        else:
            open_gates.add(key)
            stack.extend(one for one in reversed(gate.inputs) if isinstance(one, Gate) and id(one) not in done)


def event_names(top: Structure) -> tuple[str, ...]:
    """Return the name of every event once, in the order in which a reader of the structure meets them."""
    if isinstance(top, Event):
        return (top.name,)
    names: dict[str, None] = {}
    seen: set[int] = set()
    stack: list[Structure] = [top]
    while stack:
        one = stack.pop()
        if isinstance(one, Event):
            names.setdefault(one.name)
        elif id(one) not in seen:
            seen.add(id(one))
            stack.extend(reversed(one.inputs))
    return tuple(names)


def downtime(top: Structure, parts: Mapping[str, Spans]) -> Spans:
    """Return when the whole was down: the union, intersection or k-of-n overlap of its parts' downtime, gate by gate.

    Args:
        top: what brings the whole down.
        parts: by name of each event, when that part was down; a part that is missing was never down.

    Measured percentages are never multiplied: that would need independence, and outages come together.
    """
    if isinstance(top, Event):
        return parts.get(top.name, Spans.EMPTY)
    known: dict[int, Spans] = {}
    for gate in gates(top):
        inputs = [parts.get(one.name, Spans.EMPTY) if isinstance(one, Event) else known[id(one)] for one in gate.inputs]
        known[id(gate)] = at_least(gate.threshold, inputs)
    return known[id(top)]
