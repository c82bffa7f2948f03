"""What the availability of a service ought to be by its parts, and what alone would bring it down.

Exact, from minimal cut sets of the dependency graph as it is now: a part that several branches share is one event. The steady
state of a part is MTBF / (MTBF + MTRS), by the fields of its CI, else from its own failures of the last year, or since it is
known where that is less; planned work is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability.causes import Then, Whole
from deskterm.availability.fault_trees import analyse
from deskterm.availability.gathering import graph_of, known_of
from deskterm.availability.needs import Graph
from deskterm.availability.nodes import in_parts
from deskterm.availability.structures import Event, Gate, Structure
from deskterm.availability.workflow import DEGRADED, UNKNOWN
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans, union

YEAR_SECONDS = 365 * 86_400
MOST_EVENTS = 400
"""A service with more parts is not predicted: nobody could read what it says."""
MOST_LINES = 200
FIELDS, HISTORY, NO_FAILURES = "fields", "history", "no failures"
"""What a part's figure stands on: its CI's fields, its own failures of the last year, or that none was recorded."""


@dataclass(frozen=True, slots=True)
class PartFigure:
    """The steady state of one part."""

    node: int
    availability: Fraction
    basis: str
    """One of the three above."""
    failures: int
    observed_seconds: int
    """How long its failures were recorded: a year, or less where it is not known for so long."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a service ought to be."""

    node: int
    unavailability: Fraction | None
    """Of a second chosen at random, the parts failing independently; None where it is withheld."""
    cut_sets: tuple[tuple[int, ...], ...]
    """The minimal ones, by nodes; the smallest first."""
    parts: tuple[PartFigure, ...]
    """The worst first."""
    structure: Structure | None
    withheld: str = ""

    @property
    def availability(self) -> Fraction | None:
        """Return per cent."""
        return None if self.unavailability is None else 100 * (1 - self.unavailability)

    @property
    def known_parts(self) -> int:
        """Return of how many parts there is a figure beyond that no failure was recorded."""
        return sum(part.basis != NO_FAILURES for part in self.parts)

    @property
    def shortest_seconds(self) -> int | None:
        """Return how long the shortest history is that it stands on; None where it stands on none, but on fields."""
        return min((part.observed_seconds for part in self.parts if part.basis == HISTORY), default=None)

    @property
    def single_points(self) -> tuple[int, ...]:
        """Return the parts of which each alone brings it down: the cut sets of one."""
        return tuple(one[0] for one in self.cut_sets if len(one) == 1 and one[0] != self.node)


def predict(connection: Connection, nodes: Sequence[int], at: int) -> dict[int, Prediction]:
    """Predict services and CIs from what they needed at an instant, by node."""
    graph, reached = graph_of(connection, nodes, at, at + 1)
    parts = {one.node: one for one in part_figures(connection, reached, at)}
    return {node: _predicted(graph, node, parts, at) for node in nodes}


def _predicted(graph: Graph, node: int, figures: Mapping[int, PartFigure], at: int) -> Prediction:
    whole = Whole(graph, node)
    if len(whole.place) > MOST_EVENTS:
        said = f"{len(whole.place)} parts bear on it; more than {MOST_EVENTS} are not reckoned together"
        return Prediction(node, None, (), (), None, said)
    parts = tuple(sorted((figures[one] for one in whole.place), key=lambda one: (one.availability, one.node)))
    top = Then(whole, at).structure({one: [Event(str(one))] for one in sorted(whole.place)})
    assert top is not None  # its own failure brings it down
    try:
        found = analyse(top, {str(one.node): 1 - one.availability for one in parts})
    except InvalidInput as refusal:
        return Prediction(node, None, (), parts, top, refusal.message)
    sets = tuple(tuple(int(name) for name in names) for names in found.cut_sets)
    predicted = Prediction(node, found.probability, sets, parts, top)
    if predicted.known_parts:
        return predicted
    said = "no part has an MTBF and MTRS (mtbf_seconds, mtrs_seconds of its CI), or failed within 365 days"
    return replace(predicted, unavailability=None, withheld=said)


def part_figures(connection: Connection, nodes: Iterable[int], now: int) -> list[PartFigure]:
    """Return the steady state of parts: by their fields, else by their own failures of the last year."""
    wanted, begun = frozenset(nodes), now - YEAR_SECONDS
    told = {row.id: row for part in in_parts(sorted(wanted)) for row in connection.execute(q.STEADY, {"ids": part})}
    known = known_of(connection, wanted, begun, now)
    first: dict[int, int] = {}
    down: dict[int, list[Spans]] = {}
    for fact in known.facts:
        first[fact.node] = min(fact.start, first.get(fact.node, fact.start))
        if fact.state not in (DEGRADED, UNKNOWN):
            spans = Spans.between(fact.start, fact.until(now)).clip(begun, now)
            down.setdefault(fact.node, []).append(spans - (fact.planned or Spans.EMPTY))
    found = []
    for node in sorted(wanted):
        row = told[node]
        observed = max(now - max(begun, known_since(row.created_at, row.in_service_at, first.get(node))), 0)
        lost = union(down.get(node, ()))
        if row.mtbf_seconds and row.mtrs_seconds is not None:
            steady = Fraction(row.mtbf_seconds, row.mtbf_seconds + row.mtrs_seconds)
            found.append(PartFigure(node, steady, FIELDS, len(lost), observed))
        elif lost:
            found.append(PartFigure(node, 1 - Fraction(lost.seconds, observed), HISTORY, len(lost), observed))
        else:
            found.append(PartFigure(node, Fraction(1), NO_FAILURES, 0, observed))
    return found


def known_since(recorded_at: int, in_service_at: int | None, first_fact_at: int | None) -> int:
    """Return since when a part's failures are known: time before that is not time without a failure.

    Args:
        recorded_at: when its record was made.
        in_service_at: when it went into service, if that is said; what was not in use yet did not fail.
        first_fact_at: the beginning of the first failure that is known. One from before it was recorded shows that history was
            loaded: then it reaches back to that failure, or to when the part went into service.
    """
    since = recorded_at if in_service_at is None else max(recorded_at, in_service_at)
    if first_fact_at is None or first_fact_at >= since:
        return since
    return first_fact_at if in_service_at is None else min(first_fact_at, in_service_at)


def fault_tree_lines(top: Structure | None, names: Mapping[int, str], probabilities: Mapping[int, Fraction]) -> list[str]:
    """Return a fault tree as text, a line an event or a gate, indented; a branch that was shown already is only named."""
    lines: list[str] = []
    seen: set[int] = set()
    stack: list[tuple[Structure, int]] = [] if top is None else [(top, 0)]
    while stack and len(lines) < MOST_LINES:
        one, depth = stack.pop()
        pad = "  " * depth
        if isinstance(one, Event):
            key = int(one.name)
            lines.append(f"{pad}{names.get(key, one.name)} fails  {float(probabilities.get(key, Fraction(0))):.3g}")
        elif id(one) in seen:
            lines.append(f"{pad}(as above: {_first_name(one, names)})")
        else:
            seen.add(id(one))
            lines.append(f"{pad}{_gate_words(one)}")
            stack += [(branch, depth + 1) for branch in reversed(one.inputs)]
    return [*lines, f"… more than {MOST_LINES} lines"] if stack else lines


def _gate_words(gate: Gate) -> str:
    if gate.threshold == 1:
        return "any of"
    return "all of" if gate.threshold == len(gate.inputs) else f"{gate.threshold} of {len(gate.inputs)}"


def _first_name(gate: Gate, names: Mapping[int, str]) -> str:
    one: Structure = gate
    while isinstance(one, Gate):
        one = one.inputs[0]
    return names.get(int(one.name), one.name)
