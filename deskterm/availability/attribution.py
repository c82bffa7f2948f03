"""Whose downtime it was: every lost second of a whole charged to the parts that brought it down. Pure.

At each instant the blame is shared equally by the failed parts that matter: those in a minimal cut set that has failed
altogether. A part that was down while the whole would have been down without it, whatever else is mended, bears none, and
whose turn it was to fail first plays no role. The seconds are whole and add up to the downtime.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from deskterm.availability.decision_diagrams import Diagram
from deskterm.availability.structures import Structure
from deskterm.intervals import Spans, overlay

Part = TypeVar("Part")


def attribute(top: Structure, parts: Mapping[str, Spans], within: Spans) -> dict[str, int]:
    """Return how many seconds of a whole's downtime each part answers for; parts that answer for none are left out.

    Args:
        top: what brings the whole down.
        parts: by name, when each part was down.
        within: the agreed service time, the only time there is to lose.

    Returns:
        Seconds by part, in the order in which the structure names them. They add up to the downtime of the whole within
        the agreed time; seconds that do not divide go to the largest remainders, among equals to the first named.
    """
    diagram = Diagram(top)
    down = [parts.get(name, Spans.EMPTY) & within for name in diagram.names]
    known: dict[frozenset[int], tuple[int, ...]] = {}

    def guilty(active: frozenset[int]) -> tuple[int, ...]:
        if active not in known:
            failed = {diagram.names[position] for position in active}
            essential = diagram.essential(failed) if diagram.fails(failed) else frozenset()
            known[active] = tuple(position for position in sorted(active) if diagram.names[position] in essential)
        return known[active]

    return charged(diagram.names, ((end - start, guilty(active)) for start, end, active in overlay(down)))


def charged(parts: Sequence[Part], stretches: Iterable[tuple[int, tuple[int, ...]]]) -> dict[Part, int]:
    """Return how many seconds each part answers for; each stretch is shared equally by those that were guilty of it.

    Args:
        parts: all there are; among equal remainders the first takes the second that does not divide.
        stretches: how many seconds, and the places of the guilty; those of nobody are charged to nobody.
    """
    lost: dict[tuple[int, ...], int] = defaultdict(int)
    for seconds, guilty in stretches:
        lost[guilty] += seconds
    shares = dict.fromkeys(parts, Fraction(0))
    for guilty, seconds in lost.items():
        for place in guilty:
            shares[parts[place]] += Fraction(seconds, len(guilty))
    return whole(shares)


def whole(shares: Mapping[Part, Fraction]) -> dict[Part, int]:
    """Round shares of a whole number of seconds so that they still add up to it."""
    floors = {name: int(share) for name, share in shares.items()}
    left = {name: share - floors[name] for name, share in shares.items() if share.denominator > 1}
    for name in sorted(left, key=left.__getitem__, reverse=True)[: int(sum(left.values(), Fraction(0)))]:
        floors[name] += 1
    return {name: seconds for name, seconds in floors.items() if seconds}
