"""What the availability of a service ought to be by its parts; what alone would bring it down; who hangs on what (CFIA).

Exact, from minimal cut sets of the dependency graph as it is now: a part that several branches share is one event. The steady
state of a part is MTBF / (MTBF + MTRS), by the fields of its CI, else from its own failures of the last year, planned work left
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability.causes import Then, Whole
from deskterm.availability.fault_trees import Analysis, analyse
from deskterm.availability.gathering import graph_of, known_of
from deskterm.availability.structures import Event, Gate, Structure
from deskterm.availability.workflow import DEGRADED, UNKNOWN
from deskterm.configuration import graph as now_graph
from deskterm.configuration.rules import State, evaluate
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans, union

YEAR_SECONDS = 365 * 86_400
MOST_EVENTS = 400
"""A service with more parts is not predicted: nobody could read what it says."""
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class PartFigure:
    """The steady state of one part."""

    node: int
    availability: Fraction
    basis: str
    """fields, history, or no failures."""
    failures: int


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
    def single_points(self) -> tuple[int, ...]:
        """Return the parts of which each alone brings it down: the cut sets of one."""
        return tuple(one[0] for one in self.cut_sets if len(one) == 1 and one[0] != self.node)


def predict(connection: Connection, node: int, now: int) -> Prediction:
    """Predict a service or a CI from what it needs now."""
    graph, reached = graph_of(connection, [node], now, now + 1)
    if len(reached) > MOST_EVENTS:
        said = f"{len(reached)} parts bear on it; more than {MOST_EVENTS} are not reckoned together"
        return Prediction(node, None, (), (), None, said)
    parts = {one.node: one for one in part_figures(connection, reached, now)}
    own: dict[int, list[Structure]] = {key: [Event(str(key))] for key in sorted(reached)}
    top = Then(Whole(graph, node), now).structure(own)
    if top is None:
        return Prediction(node, None, (), (), None, "nothing is known of what it needs")
    try:
        found: Analysis = analyse(top, {str(key): 1 - part.availability for key, part in parts.items()})
    except InvalidInput as refusal:
        return Prediction(node, None, (), tuple(parts.values()), top, refusal.message)
    sets = tuple(tuple(int(name) for name in names) for names in found.cut_sets)
    worst = tuple(sorted(parts.values(), key=lambda one: (one.availability, one.node)))
    return Prediction(node, found.probability, sets, worst, top)


def part_figures(connection: Connection, nodes: Iterable[int], now: int) -> list[PartFigure]:
    """Return the steady state of parts: by their fields, else by their own failures of the last year."""
    wanted = frozenset(nodes)
    told = {row.id: row for part in _parts(sorted(wanted)) for row in connection.execute(q.STEADY, {"ids": part})}
    known = known_of(connection, wanted, now - YEAR_SECONDS, now)
    down: dict[int, list[Spans]] = {}
    for fact in known.facts:
        if fact.state not in (DEGRADED, UNKNOWN):
            spans = Spans.between(fact.start, fact.until(now)).clip(now - YEAR_SECONDS, now)
            down.setdefault(fact.node, []).append(spans - (fact.planned or Spans.EMPTY))
    found = []
    for node in sorted(wanted):
        row = told.get(node)
        lost = union(down.get(node, ()))
        if row is not None and row.mtbf_seconds and row.mtrs_seconds is not None:
            steady = Fraction(row.mtbf_seconds, row.mtbf_seconds + row.mtrs_seconds)
            found.append(PartFigure(node, steady, "fields", len(lost)))
        else:
            steady = 1 - Fraction(lost.seconds, YEAR_SECONDS)
            found.append(PartFigure(node, steady, "history" if lost else "no failures", len(lost)))
    return found


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


@dataclass(frozen=True, slots=True)
class Matrix:
    """Component failure impact analysis: which CI takes which service along."""

    services: tuple[int, ...]
    cis: tuple[int, ...]
    """Those that bear on most services first."""
    cells: Mapping[tuple[int, int], str]
    """By CI and service: X, it alone brings the service down; A, an alternative takes over. Nothing: it does not matter."""

    def weight(self, ci: int) -> tuple[int, int]:
        """Return how many services a CI brings down, and how many it weakens."""
        marks = [mark for (one, _), mark in self.cells.items() if one == ci]
        return marks.count("X"), marks.count("A")


def cfia(connection: Connection, services: Sequence[int], now: int) -> Matrix:
    """Work out the matrix of these services and of every CI that they need, as the graph is now."""
    walk = now_graph.needed(connection, services, now)
    named = now_graph.named(connection, walk.reached)
    below = {service: _hard_below(walk.network, service) for service in services}
    cis = sorted({node for each in below.values() for node in each if node in named and named[node].kind == "ci"})
    cells: dict[tuple[int, int], str] = {}
    for ci in cis:
        verdict = evaluate(walk.network, {ci})
        for service in services:
            if verdict.state(service) is State.DOWN:
                cells[ci, service] = "X"
            elif ci in below[service]:
                cells[ci, service] = "A"
    found = Matrix(tuple(services), (), cells)
    weights: dict[int, list[int]] = {ci: [0, 0] for ci in cis}
    for (ci, _), mark in cells.items():
        weights[ci][mark == "A"] += 1
    return Matrix(found.services, tuple(sorted(cis, key=lambda ci: (-weights[ci][0], -weights[ci][1], named[ci].title))), cells)


def _hard_below(network: Any, owner: int) -> set[int]:
    seen: set[int] = set()
    stack = [owner]
    while stack:
        for need in network.of.get(stack.pop(), ()):
            fresh = [] if need.soft else [member for member in need.members if member not in seen]
            seen.update(fresh)
            stack += fresh
    return seen - {owner}


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + 900] for start in range(0, len(ids), 900)]
