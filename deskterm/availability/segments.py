"""Why a percentage is what it is: the downtime of a service cut into stretches, each with what brought it about. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from deskterm.availability.blame import blame
from deskterm.availability.gathering import Fact
from deskterm.availability.measuring import History, Measured, facts_below
from deskterm.availability.workflow import DEGRADED, UNKNOWN
from deskterm.intervals import Spans, overlay

DOWN, PLANNED, CLOSED = "down", "planned", "closed"


class Segment(NamedTuple):
    """A stretch in which a service or a CI was not known to be up. Those that count add up to the downtime."""

    from_at: int
    to_at: int
    state: str
    """down, planned (down as well), closed (down outside the agreed time), or unknown."""
    roots: tuple[int, ...]
    """What failed by itself and bears on it, by node."""
    numbers: tuple[str, ...]
    """The records that say so."""
    counted_seconds: int
    running_seconds: int


def segments(history: History, measured: Measured) -> tuple[Segment, ...]:
    """Return the downtime of a node in a period, stretch by stretch, with what of it counts and a running total."""
    node, start, end = measured.node, measured.start, measured.end
    down = history.down.get(node, Spans.EMPTY).clip(start, end)
    unknown = measured.unknown
    facts = [fact for fact in facts_below(history, node, start, end) if fact.state not in (DEGRADED, UNKNOWN)]
    gaps = [fact for fact in facts_below(history, node, start, end) if fact.state == UNKNOWN]
    found: list[Segment] = []
    total = 0
    for from_at, to_at, active, layers in _pieces(down, measured, facts, history.now):
        planned, closed = layers
        counted = 0 if closed else to_at - from_at
        total += counted
        roots = blame(history.graph, node, Spans.between(from_at, to_at), history.roots)
        guilty = [fact for fact in active if fact.root in roots]
        state = CLOSED if closed else PLANNED if planned else DOWN
        found.append(Segment(from_at, to_at, state, _nodes(guilty), _numbers(guilty), counted, total))
    for piece in unknown:
        bear = [fact for fact in gaps if fact.start < piece.end and fact.until(history.now) > piece.start]
        found.append(Segment(piece.start, piece.end, UNKNOWN, _nodes(bear), _numbers(bear), 0, 0))
    return _with_totals(found)


def _pieces(
    down: Spans, measured: Measured, facts: Sequence[Fact], now: int
) -> Iterable[tuple[int, int, list[Fact], tuple[bool, bool]]]:
    """Cut downtime wherever a fact begins or ends, and where the agreed time or planned work does."""
    sets = [down, measured.planned, down - measured.service_time]
    sets += [Spans.between(fact.start, fact.until(now)) & down for fact in facts]
    for layer in overlay(sets):
        active = [facts[position - 3] for position in sorted(layer.active) if position > 2]
        yield layer.start, layer.end, active, (1 in layer.active, 2 in layer.active)


def _nodes(facts: Iterable[Fact]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(fact.node for fact in facts))


def _numbers(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.number for fact in facts))


def _with_totals(found: list[Segment]) -> tuple[Segment, ...]:
    """Put segments in order of time, and join those of one sort that follow one another at once."""
    ordered: list[Segment] = []
    total = 0
    for one in sorted(found):
        total += one.counted_seconds
        last = ordered[-1] if ordered else None
        if last is not None and last.to_at == one.from_at and last[2:5] == one[2:5]:
            ordered[-1] = last._replace(
                to_at=one.to_at, counted_seconds=last.counted_seconds + one.counted_seconds, running_seconds=total
            )
        else:
            ordered.append(one._replace(running_seconds=total))
    return tuple(ordered)
