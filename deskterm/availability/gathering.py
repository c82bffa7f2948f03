"""The facts of availability as they are recorded: what failed by itself, when, and what says so.

Nothing is stored twice. An outage is a fact of its own; an incident of priority 1 says that its CI, else its service, was down
while it was open (for as long as its alerts fired, where alerts tell of it); a change says that its CIs were away while it was
done. Where an outage names an incident or a change, the outage speaks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select

from data.base import NEVER
from data.queries import availability as q
from data.queries.records import MEMBERSHIP
from deskterm.availability.needs import Graph, needs_of
from deskterm.availability.nodes import in_parts
from deskterm.availability.workflow import DOWN, PLANNED, SUPPLIER, UNPLANNED
from deskterm.intervals import Spans

ASKED_AT_ONCE = 900
"""Ids in one statement."""
FEW = 1_800
"""So many nodes are asked for by their ids; of more, everything in the period is read."""
OPEN_STATES = ("new", "assigned", "in-progress", "pending")
ALWAYS = Spans.between(0, NEVER)
HIGHEST = 1
"""The priority at which an incident says that something is down, as the CI browser reads it."""


class Fact(NamedTuple):
    """One reason why a node was not up by itself."""

    node: int
    start: int
    end: int | None
    """None while it goes on."""
    state: str
    cause: str
    record: int
    """The record that says so."""
    number: str
    change: int | None = None
    supplier: str | None = None
    planned: Spans | None = None
    """When it was planned, where its cause says so; None where its cause is another."""
    told_by: str = "outage"
    """The kind of its record: outage, incident or change."""

    @property
    def root(self) -> Root:
        """Return what its time is charged to."""
        return Root(self.node, self.change, self.supplier or "" if self.cause == SUPPLIER else None)

    def until(self, now: int) -> int:
        """Return its end; of one that goes on, the first instant that nobody knows of yet."""
        return max(self.start, now + 1 if self.end is None else self.end)


class Root(NamedTuple):
    """What failed by itself, and whose doing it was: of a change, of a supplier, or of neither."""

    node: int
    change: int | None = None
    supplier: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a change that was approved before it began was to be done on a node."""

    node: int
    start: int
    end: int
    number: str


@dataclass(slots=True)
class Known:
    """What is known of some nodes through a period."""

    facts: list[Fact] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)


def graph_of(connection: Connection, nodes: Iterable[int], start: int, end: int) -> tuple[Graph, frozenset[int]]:
    """Return what these nodes needed at any time of a period, directly or through others, and every node of it."""
    frontier = set(nodes)
    reached = set(frontier)
    rows: list[Any] = []
    outright: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    while frontier:
        found = list(_read(connection, q.NEEDS, frontier, start, end))
        rows += found
        belonging = {row.owner_id for row in found if row.relation == MEMBERSHIP}
        for row in _read(connection, q.SAID_OUTRIGHT, belonging, start, end):
            outright[row.owner_id, row.member_id].append((row.valid_from, max(row.valid_from, row.valid_until)))
        frontier = {row.member_id for row in found} - reached
        reached |= frontier
    spans = {pair: Spans.of(each) for pair, each in outright.items()}
    return Graph.made_of(needs_of(rows, spans)), frozenset(reached)


def dependants_of(connection: Connection, nodes: Iterable[int], start: int, end: int) -> set[int]:
    """Return these nodes and everything that needed them at any time of a period."""
    frontier = set(nodes)
    reached = set(frontier)
    while frontier:
        frontier = {row.owner_id for row in _read(connection, q.NEEDED_BY, frontier, start, end)} - reached
        reached |= frontier
    return reached


def running(connection: Connection, now: int) -> Iterator[Fact]:
    """Yield what goes on at an instant, wherever it is."""
    for fact in known_of(connection, None, now, now + 1).facts:
        if fact.start <= now < fact.until(now):
            yield fact


def known_of(connection: Connection, nodes: frozenset[int] | None, start: int, end: int) -> Known:
    """Return what is known of these nodes in a period; of everything if None."""
    known = Known()
    known.facts += _recorded(connection, list(_about(connection, nodes, (q.OUTAGES,), q.OUTAGES_OF, start, end)))
    incidents = [row for row in _failures(connection, start, end) if nodes is None or row.node_id in nodes]
    changes = list(_about(connection, nodes, (q.CHANGED,), (q.CHANGED_OF,), start, end))
    spoken_for = _spoken_for(connection, {row.id for row in incidents} | {row.id for row in changes})
    known.facts += told_by_incidents(connection, [row for row in incidents if row.id not in spoken_for])
    for row in changes:
        known.facts += _work_of(row) if row.id not in spoken_for else ()
        known.windows += [Window(row.node_id, one.start, one.end, row.number) for one in _window(row)]
    return known


def _recorded(connection: Connection, rows: Sequence[Any]) -> Iterator[Fact]:
    """Yield recorded outages. One that is planned was so within its change's window; without a change, as long as it lasted."""
    named = sorted({row.change_id for row in rows if row.change_id is not None and row.cause == PLANNED})
    windows = {row.id: _window(row) for part in in_parts(named) for row in connection.execute(q.WINDOWS, {"ids": part})}
    for row in rows:
        planned = None
        if row.cause == PLANNED:
            planned = ALWAYS if row.change_id is None else windows.get(row.change_id, Spans.EMPTY)
        times = row.started_at, row.ended_at
        yield Fact(row.node_id, *times, row.state, row.cause, row.id, row.number, row.change_id, row.supplier, planned)


def _failures(connection: Connection, start: int, end: int) -> list[Any]:
    bounds = {"from_at": start, "to_at": end}
    rows = {row.id: row for statement in (q.FAILURES, q.ONCE_FAILURES) for row in connection.execute(statement, bounds)}
    return [rows[key] for key in sorted(rows)]


def told_by_incidents(connection: Connection, rows: Sequence[Any]) -> Iterator[Fact]:
    """Yield when each incident said that something was down: while it was open with the highest priority."""
    told: dict[int, list[Any]] = defaultdict(list)
    ids = [row.id for row in rows]
    for part in in_parts(ids):
        for entry in connection.execute(q.TOLD, {"ids": part}):
            told[entry.record_id].append(entry)
    alerts = _alerts(connection, ids)
    for row in rows:
        spans = _open_and_highest(told[row.id], row.occurred_at)
        fired = alerts.get(row.id)
        for start, end in spans if fired is None else spans & fired:
            yield Fact(row.node_id, start, None if end == NEVER else end, DOWN, UNPLANNED, row.id, row.number, told_by="incident")


def _open_and_highest(entries: Iterable[Any], occurred_at: int | None) -> Spans:
    """Fold what an incident said of itself; it began when it occurred, not when somebody typed it."""
    state, priority, since = "", None, None
    pairs: list[tuple[int, int]] = []
    for entry in entries:
        if entry.what == "created":
            facts = entry.new or {}
            state, priority = str(facts.get("state", "")), facts.get("priority")
        elif entry.what == "state":
            state = str(entry.new)
        else:
            priority = entry.new
        says = state in OPEN_STATES and priority == HIGHEST
        if says and since is None:
            began_so = entry.what == "created" and occurred_at is not None
            since = min(entry.at, occurred_at) if began_so and occurred_at is not None else entry.at
        elif not says and since is not None:
            pairs.append((since, max(since, entry.at)))
            since = None
    if since is not None:
        pairs.append((since, NEVER))
    return Spans.of(pairs)


def _alerts(connection: Connection, incidents: Sequence[int]) -> Mapping[int, Spans]:
    """Return when the alerts of each incident fired; an incident of which no alert tells is missing."""
    from data.queries import alerts

    found: dict[int, list[tuple[int, int]]] = {}
    for part in in_parts(incidents):
        owners = {row.id: row.record_id for row in connection.execute(q.ALERTS_ON, {"ids": part})}
        fired: dict[int, dict[int, int | None]] = defaultdict(dict)
        ends: dict[int, list[int]] = defaultdict(list)
        for some in in_parts(sorted(owners)):
            for event in connection.execute(alerts.EVENTS, {"ids": some}):
                over_at = event.ends_at if event.what == "fired" else event.at if event.what == "cleared" else None
                if event.what == "fired":
                    fired[event.alert_id][event.at] = event.ends_at
                if over_at is not None:
                    ends[event.alert_id].append(over_at)
        for alert, begun in fired.items():
            from deskterm.incident.alert_timeline import episodes

            found.setdefault(owners[alert], []).extend((one.start, one.end) for one in episodes(begun, sorted(ends[alert])))
    return {incident: Spans.of(pairs) for incident, pairs in found.items()}


def _work_of(row: Any) -> Iterator[Fact]:
    """Yield when a CI was away for a change: while the work went on, or as long of it as the change says."""
    if row.disruption != DOWN or row.actual_start is None:
        return
    start, end = row.actual_start, row.actual_end
    if row.downtime_seconds is not None:
        end = min(start + row.downtime_seconds, NEVER if end is None else end)
    planned = _window(row)
    cause = PLANNED if planned else UNPLANNED
    yield Fact(row.node_id, start, end, DOWN, cause, row.id, row.number, row.id, None, planned or None, "change")


def _window(row: Any) -> Spans:
    """Return the window of a change that was approved before it began; of any other, nothing."""
    start, end = row.window_start, row.window_end
    late = row.approved_at is not None and start is not None and row.approved_at > start
    return Spans.EMPTY if start is None or end is None or late else Spans.between(start, end)


def _spoken_for(connection: Connection, ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in in_parts(sorted(ids)):
        for row in connection.execute(q.REPLACED, {"ids": part}):
            found |= {key for key in row if key is not None}
    return found


def _about(
    connection: Connection,
    nodes: frozenset[int] | None,
    everything: Sequence[Select[Any]],
    some: Sequence[Select[Any]],
    start: int,
    end: int,
) -> Iterator[Any]:
    """Yield the rows about these nodes: asked for by their ids while they are few, else picked from all of the period."""
    if nodes is not None and len(nodes) <= FEW:
        yield from _read(connection, some, nodes, start, end)
        return
    for statement in everything:
        yield from (
            row
            for row in connection.execute(statement, {"from_at": start, "to_at": end})
            if nodes is None or row.node_id in nodes
        )


def _read(connection: Connection, statements: Sequence[Select[Any]], ids: Iterable[int], start: int, end: int) -> Iterator[Any]:
    for part in in_parts(sorted(ids)):
        for statement in statements:
            yield from connection.execute(statement, {"ids": part, "from_at": start, "to_at": end}).all()
