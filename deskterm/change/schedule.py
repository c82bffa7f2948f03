"""The forward schedule of change, and what it does to services: projected service availability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row

from data.queries import change as q
from deskterm.change.schema import ForwardSchedule, FrostSlot, Projection, Slot
from deskterm.configuration import graph
from deskterm.configuration.rules import Network, State, evaluate
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans, overlay
from deskterm.permissions import require
from deskterm.records import resolve

MOST = 200
"""Changes on one schedule: more than anybody reads at once."""
AUTHORISED = ("approved", "scheduled", "implementing")
Spell: TypeAlias = tuple[int, int, State, tuple[str, ...]]
"""From, until, how a service fares, and the changes that take it down."""


def forward(desk: Desk, from_at: int, to_at: int) -> ForwardSchedule:
    """Return what is planned and what is frozen in a stretch of time, the earliest first, at most `MOST` changes.

    Raises:
        InvalidInput: it ends before it begins.
        NotAllowed: the person may not read changes.
    """
    if to_at <= from_at:
        raise InvalidInput("a schedule ends after it begins", fields={"to": "not after from"})
    kind = desk.registry.kind("change")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        rows = _rows(connection, from_at, to_at)
        cis = _cis(connection, rows)
        named = resolve.names(
            connection, {ci for some in cis.values() for ci in some} | {row.assignee_id for row in rows} - {None}
        )
        freezes = _freezes(connection, from_at, to_at)
    clashes = _clashes(rows, cis)
    slots = tuple(
        Slot(
            row.number, row.title, row.state, row.type, row.risk_level or "",
            named[row.assignee_id].title if row.assignee_id in named else "", row.window_start, row.window_end,
            tuple(named[ci].title for ci in sorted(cis[row.id]) if ci in named), clashes[row.id],
        )
        for row in rows
    )  # fmt: skip
    return ForwardSchedule(from_at, to_at, slots, freezes)


def _rows(connection: Connection, from_at: int, to_at: int) -> list[Row[Any]]:
    return list(connection.execute(q.SCHEDULE, {"start": from_at, "end": to_at, "limit": MOST}))


def _cis(connection: Connection, rows: Sequence[Row[Any]]) -> Mapping[int, frozenset[int]]:
    gathered: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(q.CIS_OF, {"ids": [row.id for row in rows]}) if rows else ():
        gathered[row.source_id].add(row.target_id)
    return {row.id: frozenset(gathered[row.id]) for row in rows}


def _clashes(rows: Sequence[Row[Any]], cis: Mapping[int, frozenset[int]]) -> Mapping[int, tuple[str, ...]]:
    """Return by change the numbers of those that touch one of its CIs while it is done."""
    found: dict[int, list[str]] = {row.id: [] for row in rows}
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            if other.window_start >= one.window_end:
                break  # rows are in the order of their beginning
            if cis[one.id] & cis[other.id]:
                found[one.id].append(other.number)
                found[other.id].append(one.number)
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}


def _freezes(connection: Connection, from_at: int, to_at: int) -> tuple[FrostSlot, ...]:
    rows = connection.execute(q.FREEZES, {"start": from_at, "end": to_at}).all()
    ids = {"ids": [row.id for row in rows]}
    covered: defaultdict[int, set[int]] = defaultdict(set)
    for statement in (q.FROZEN_CIS, q.FROZEN_SERVICES) if rows else ():
        for row in connection.execute(statement, ids):
            covered[row.source_id].add(row.target_id)
    named = resolve.names(connection, {key for some in covered.values() for key in some})
    return tuple(
        FrostSlot(
            row.number, row.title, row.starts_at, row.ends_at,
            ", ".join(named[key].title for key in sorted(covered[row.id]) if key in named) or "everything",
        )
        for row in rows
    )  # fmt: skip


def projected(desk: Desk, from_at: int, to_at: int) -> tuple[Projection, ...]:
    """Return what the changes that were decided for do to each service in a stretch of time, the worst first.

    The CIs of a change are away for its downtime, from the beginning of its window, or for the whole window where nobody says how
    long. Where several changes overlap, what they take away is looked at together: two members of a redundancy group that are
    away at the same time break what either alone would not.

    Raises:
        InvalidInput: the time ends before it begins.
        NotAllowed: the person may not read changes.
    """
    if to_at <= from_at:
        raise InvalidInput("a projection ends after it begins", fields={"to": "not after from"})
    kind = desk.registry.kind("change")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        rows = [row for row in _rows(connection, from_at, to_at) if row.state in AUTHORISED and row.disruption != "none"]
        cis = _cis(connection, rows)
        network = graph.dependants(connection, {ci for some in cis.values() for ci in some}, desk.moment).network
        services = _services(connection, network)
    spells: dict[int, list[Spell]] = defaultdict(list)
    for layer in overlay([_away(row).clip(from_at, to_at) for row in rows]):
        active = [rows[place] for place in sorted(layer.active)]
        for node, state, numbers in _hit(network, active, cis, services.keys()):
            spells[node].append((layer.start, layer.end, state, numbers))
    found = [_projection(services[node], some, to_at - from_at) for node, some in spells.items()]
    return tuple(sorted(found, key=lambda one: (-one.down_seconds, -one.degraded_seconds, one.service)))


def _services(connection: Connection, network: Network) -> dict[int, Any]:
    """Return those nodes that are services."""
    nodes = sorted(network.nodes)
    parts = (nodes[start : start + graph.ASKED_AT_ONCE] for start in range(0, len(nodes), graph.ASKED_AT_ONCE))
    return {row.id: row for part in parts for row in connection.execute(q.CRITICALITY_OF, {"ids": part})}


def _hit(
    network: Network, active: Sequence[Row[Any]], cis: Mapping[int, frozenset[int]], services: Collection[int]
) -> Iterator[tuple[int, State, tuple[str, ...]]]:
    """Yield how services fare that are not up while some changes are done, each with the changes that take it down."""
    down = {row.number: cis[row.id] for row in active if row.disruption != "degraded"}
    gone = frozenset().union(*down.values())
    limping = {ci for row in active for ci in cis[row.id]} - gone
    verdict = evaluate(network, gone, limping)
    for node in sorted(verdict.states.keys() & set(services)):
        state = verdict.state(node)
        yield node, state, _culprits(network, node, down) if state is State.DOWN else ()


def _culprits(network: Network, node: int, down: Mapping[str, frozenset[int]]) -> tuple[str, ...]:
    """Return the changes without which a node would stand; where any of several suffices, those that suffice alone."""

    def falls(cis: Collection[int]) -> bool:
        return evaluate(network, frozenset(cis)).state(node) is State.DOWN

    def without(number: str) -> frozenset[int]:
        return frozenset().union(*(cis for other, cis in down.items() if other != number))

    needed = tuple(number for number in down if not falls(without(number)))
    return needed or tuple(number for number, cis in down.items() if falls(cis)) or tuple(down)


def _away(row: Row[Any]) -> Spans:
    length = row.downtime_seconds
    end = row.window_end if length is None else min(row.window_end, row.window_start + length)
    return Spans.between(row.window_start, end)


def _projection(row: Any, spells: Sequence[Spell], whole_seconds: int) -> Projection:
    down = Spans.of((start, end) for start, end, state, _ in spells if state is State.DOWN)
    limping = Spans.of((start, end) for start, end, state, _ in spells if state is State.DEGRADED)
    outages = tuple(
        (start, end, tuple(dict.fromkeys(
            number for a, b, state, numbers in spells if state is State.DOWN and a < end and b > start for number in numbers
        )))
        for start, end in down
    )  # fmt: skip
    share = 100 * (whole_seconds - down.seconds) / whole_seconds
    return Projection(row.number, row.title, row.criticality or "", down.seconds, limping.seconds, outages, share)
