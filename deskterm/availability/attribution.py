"""Whose downtime it was: every lost second of a whole charged to the parts that brought it down. Pure.

At each instant the blame is shared equally by the failed parts that matter: those in a minimal cut set that has failed
altogether. A part that was down while the whole would have been down without it, whatever else is mended, bears none, and
whose turn it was to fail first plays no role. The seconds are whole and add up to the downtime.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    blamed: dict[frozenset[int], frozenset[str]] = {}
    shares = dict.fromkeys(diagram.names, Fraction(0))
    for start, end, active in overlay(down):
        guilty = blamed.get(active)
        if guilty is None:
            failed = {diagram.names[position] for position in active}
            guilty = blamed[active] = diagram.essential(failed) if diagram.fails(failed) else frozenset()
        for name in guilty:
            shares[name] += Fraction(end - start, len(guilty))
    return whole(shares)


def whole(shares: Mapping[Part, Fraction]) -> dict[Part, int]:
    """Round shares of a whole number of seconds so that they still add up to it."""
    floors = {name: int(share) for name, share in shares.items()}
    left = {name: share - floors[name] for name, share in shares.items() if share.denominator > 1}
    for name in sorted(left, key=left.__getitem__, reverse=True)[: int(sum(left.values(), Fraction(0)))]:
        floors[name] += 1
    return {name: seconds for name, seconds in floors.items() if seconds}
