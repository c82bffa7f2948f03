"""What a fault tree says: the exact probability of its top event, its minimal cut sets, its single points of failure. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from deskterm.availability.decision_diagrams import Diagram
from deskterm.availability.structures import Structure
from deskterm.errors import InvalidInput

MOST_CUT_SETS = 50_000
"""Nobody reads more; they are still counted in the probability, which needs no list of them."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What may bring a whole down."""

    probability: Fraction
    """Exactly, the events being independent; an event that occurs in several branches is one event."""
    cut_sets: tuple[tuple[str, ...], ...]
    """The minimal ones: none contains another. The smallest first, then by name; names sorted within each."""

    @property
    def single_points(self) -> tuple[str, ...]:
        """Events that alone bring the whole down: the cut sets of one."""
        return tuple(names[0] for names in self.cut_sets if len(names) == 1)


def analyse(top: Structure, probabilities: Mapping[str, Fraction]) -> Analysis:
    """Work out a fault tree.

    Args:
        top: what brings the whole down.
        probabilities: by name of each event, from 0 to 1: of failing on demand, or the unavailability of the part.

    Raises:
        InvalidInput: an event has no probability or an impossible one, or the tree is too entangled for an exact answer.
    """
    diagram = Diagram(top)
    for name in diagram.names:
        if name not in probabilities:
            raise InvalidInput(f"event {name!r} has no probability", fields={"events": f"lacks {name!r}"})
        if not 0 <= probabilities[name] <= 1:
            message = "must be a probability from 0 to 1"
            raise InvalidInput(f"events.{name} {message}", fields={f"events.{name}": message})
    sets = sorted((tuple(sorted(one)) for one in diagram.cut_sets(MOST_CUT_SETS)), key=lambda names: (len(names), names))
    return Analysis(diagram.probability(probabilities), tuple(sets))
