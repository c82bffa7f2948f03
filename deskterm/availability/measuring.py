"""Measured availability: what services and CIs were, through the dependency graph as it was at each instant.

Other processes ask here: reports, reviews, the cost of downtime, continuity. The rules are in `rules` and `needs`, the facts come
from `gathering`; nothing is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability import rules
from deskterm.availability.agreed import ALWAYS, Agreed, agreed_of
from deskterm.availability.blame import blame
from deskterm.availability.gathering import Fact, Known, Root, graph_of, known_of
from deskterm.availability.needs import Graph, spread
from deskterm.availability.nodes import named
from deskterm.availability.workflow import DEGRADED, UNKNOWN
from deskterm.intervals import Spans, union
from deskterm.kinds import Registry


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a downtime, and what it is charged to."""

    node: int | None
    """The CI or the service that failed by itself; None where nothing that is known of explains it."""
    seconds: int
    change: int | None = None
    """The change whose work it was."""
    supplier: str | None = None
    """Whose failure it was, where the cause is a supplier; empty where nobody said which."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How one service or CI fared in a period. Durations in seconds; percentages from 0 to 100, exact, None where unknown."""

    node: int
    start: int
    end: int
    """Where the measuring ended: the end of the period, or now where that is earlier."""
    figures: rules.Availability
    attribution: tuple[Share, ...]
    """The largest share first; they add up to the downtime."""
    agreed: Agreed
    service_time: Spans
    down: Spans
    """Downtime within the agreed time."""
    planned: Spans
    unknown: Spans
    degraded_seconds: int
    """How much of the agreed time it was recorded as degraded itself; no downtime."""

    @property
    def agreed_seconds(self) -> int:
        """Return AST, the agreed service time."""
        return self.figures.agreed_seconds

    @property
    def downtime_seconds(self) -> int:
        """Return DT, planned downtime included."""
        return self.figures.downtime_seconds

    @property
    def planned_seconds(self) -> int:
        """Return how much of the downtime was planned."""
        return self.figures.planned_seconds

    @property
    def unknown_seconds(self) -> int:
        """Return how much of the agreed time nobody watched."""
        return self.figures.unknown_seconds

    @property
    def availability(self) -> Fraction | None:
        """Return per cent of the agreed time."""
        return self.figures.availability

    @property
    def availability_excluding_planned(self) -> Fraction | None:
        """Return the same with planned downtime excused."""
        return self.figures.availability_excluding_planned

    @property
    def up_and_down(self) -> tuple[int, int]:
        """Return how many agreed seconds it was up, and how many down unexcused; none of either where nothing is known."""
        if self.availability is None:
            return 0, 0
        down = self.downtime_seconds - self.planned_seconds
        return self.agreed_seconds - down, down

    @property
    def objective(self) -> float | None:
        """Return the agreed availability in percent; None where no target says it."""
        return self.agreed.objective

    @property
    def met(self) -> bool | None:
        """Return whether the objective is met, planned downtime excused; None without an objective, or where nothing is known."""
        measured = self.availability_excluding_planned
        return None if self.objective is None or measured is None else measured >= Fraction(str(self.objective))

    def during(self, start: int, end: int) -> rules.Availability:
        """Return the figures of a part of the period: a day of it, or a month."""
        facts = rules.Facts(self.down, self.planned, self.unknown)
        return rules.measure(facts, start, min(end, self.end), self.service_time)


@dataclass(slots=True)
class History:
    """Everything that bears on some nodes through a period, spread through the graph."""

    graph: Graph
    known: Known
    now: int
    roots: Mapping[int, Mapping[Root, Spans]]
    down: Mapping[int, Spans]
    planned: Mapping[int, Spans]
    perhaps: Mapping[int, Spans]
    """When each node was down, or may have been for all that is known."""
    limping: Mapping[int, Spans]
    """When each node was recorded as degraded itself."""


def measure(
    connection: Connection, registry: Registry, *, nodes: Sequence[int], start: int, end: int, now: int
) -> dict[int, Measured]:
    """Measure services and CIs over a period.

    Args:
        connection: of the desk.
        registry: its kinds.
        nodes: the records of services and CIs.
        start: where the period starts.
        end: the instant it ends before; what lies after `now` is not measured.
        now: until when facts are known: an outage that goes on counts until then.

    Returns:
        What was measured, by node; a period that has not begun is empty for all of them.
    """
    until = min(end, now)
    if until <= start:
        return {}
    history = history_of(connection, nodes, start, until, now)
    return measured_from(connection, history, nodes, start, until)


def measured_from(connection: Connection, history: History, nodes: Sequence[int], start: int, until: int) -> dict[int, Measured]:
    """Measure nodes over a period, or a part of it, whose history was read already.

    Of a node that was recorded later, a period that ended before the first outage that the desk knows is unknown as a whole:
    nobody watched it.
    """
    rows = named(connection, nodes)
    agreed = agreed_of(connection, {key for key, row in rows.items() if row.kind == "service"})
    later = {node for node in nodes if rows[node].created_at >= until}
    first = connection.execute(q.FIRST_OUTAGE).scalar() if later else None
    unwatched = later if first is None or first >= until else set[int]()
    times: dict[Agreed, Spans] = {}
    found = {}
    for node in nodes:
        promise = agreed.get(node, ALWAYS)
        if promise not in times:
            times[promise] = rules.agreed_time(start, until, promise.time(start, until))
        found[node] = _measured(history, node, start, until, promise, times[promise], known=node not in unwatched)
    return found


def history_of(connection: Connection, nodes: Iterable[int], start: int, until: int, now: int) -> History:
    """Read what bears on nodes in a period, and spread it through the graph."""
    graph, reached = graph_of(connection, nodes, start, until)
    return spread_out(graph, known_of(connection, reached, start, until), now)


def spread_out(graph: Graph, known: Known, now: int) -> History:
    """Spread what is known through the graph. Pure."""
    roots: dict[int, dict[Root, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    planned: dict[int, list[Spans]] = defaultdict(list)
    unknown: dict[int, list[tuple[int, int]]] = defaultdict(list)
    limping: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for fact in known.facts:
        span = fact.start, fact.until(now)
        if fact.state == UNKNOWN:
            unknown[fact.node].append(span)
        elif fact.state == DEGRADED:
            limping[fact.node].append(span)
        else:
            roots[fact.node][fact.root].append(span)
            if fact.planned:
                planned[fact.node].append(Spans.between(*span) & fact.planned)
    alone = {node: {root: Spans.of(each) for root, each in of.items()} for node, of in roots.items()}
    own = {node: union(of.values()) for node, of in alone.items()}
    windows = _windows(graph, known, own)
    excused = {node: union(each) for node, each in planned.items()}
    for node, spans in windows.items():
        excused[node] = excused.get(node, Spans.EMPTY) | (own[node] & spans)
    doubtful = {node: union([own.get(node, Spans.EMPTY), Spans.of(each)]) for node, each in unknown.items()}
    down = spread(graph, own)
    perhaps = spread(graph, own | doubtful) if doubtful else down
    planned_down = spread(graph, {node: spans for node, spans in excused.items() if spans})
    limped = {node: Spans.of(each) for node, each in limping.items()}
    return History(graph, known, now, alone, down, planned_down, perhaps, limped)


def _windows(graph: Graph, known: Known, own: Mapping[int, Spans]) -> dict[int, Spans]:
    """Return when work was planned on a node or on what it needs, for the nodes that failed."""
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for window in known.windows:
        pairs[window.node].append((window.start, window.end))
    spread_windows = spread(graph, {node: Spans.of(each) for node, each in pairs.items()})
    return {node: spread_windows[node] for node in own if node in spread_windows}


def _measured(history: History, node: int, start: int, until: int, promise: Agreed, agreed: Spans, *, known: bool) -> Measured:
    down = history.down.get(node, Spans.EMPTY)
    planned = history.planned.get(node, Spans.EMPTY)
    unknown = (history.perhaps.get(node, Spans.EMPTY) if known else agreed) - down
    last = down.intervals[-1] if down else None
    open_since = last.start if last is not None and last.end > history.now else None
    figures = rules.measure(rules.Facts(down, planned, unknown, open_since), start, until, agreed)
    within = down & agreed
    shares = blame(history.graph, node, within, history.roots) if within else {}
    attribution = sorted((Share(r.node, seconds, r.change, r.supplier) for r, seconds in shares.items()), key=_largest)
    degraded = ((history.limping.get(node, Spans.EMPTY) - down) & agreed).seconds
    return Measured(
        node, start, until, figures, tuple(attribution), promise, agreed, within, within & planned, unknown & agreed, degraded
    )  # fmt: skip


def _largest(share: Share) -> tuple[int, int, int]:
    return -share.seconds, share.node or 0, share.change or 0


def facts_below(history: History, node: int, start: int, end: int) -> tuple[Fact, ...]:
    """Return the facts of a period that bear on a node: its own, and those of whatever it needs, in order."""
    below = set(history.graph.below(node))
    bear = [fact for fact in history.known.facts if fact.node in below and fact.start < end and fact.until(history.now) > start]
    return tuple(sorted(bear, key=lambda fact: (fact.start, fact.record)))
