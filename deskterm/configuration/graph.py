"""The dependency graph as it was at an instant, read from the relations: only what is reached, level by level.

What failures then do is `rules`' affair. Nodes are the records of CIs and services, by their ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select

from data.queries import graph as q
from deskterm.configuration.relations import BELONGS_TO
from deskterm.configuration.rules import Need, Network
from deskterm.configuration.words import PART_OF, USES

ASKED_AT_ONCE = 900
"""Ids in one statement: fewer than any SQLite allows."""
MOST_REACHED = 50_000
"""Nodes of one walk; a desk that has more behind one CI is shown the nearest so many, and told."""

Statements = tuple[Select[Any], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A CI or a service, as a tree or a path names it."""

    id: int
    kind: str
    number: str
    title: str
    state: str
    """Its status in the records, such as live; how it fares is another matter."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk reached."""

    network: Network
    reached: frozenset[int]
    """Every node, those it began with included."""
    truncated: bool
    """There is more than `MOST_REACHED`."""


def dependants(connection: Connection, ids: Iterable[int], at: int, *, most: int = MOST_REACHED) -> Walk:
    """Return everything that needs these nodes, directly or through others, with its redundancy groups whole.

    Args:
        ids: where to begin.
        at: the instant whose relations hold.
        most: nodes to reach at most.
    """
    rows, reached, truncated = _walk(connection, q.OWNERS, ids, at, most, lambda row: row.owner_id)
    grouped = {row.owner_id for row in rows if row.group is not None}
    known = {row.id for row in rows}
    rows += [row for row in _read(connection, q.GROUPS, grouped, at) if row.id not in known]
    return Walk(Network(needs_of(rows)), frozenset(reached), truncated)


def needed(connection: Connection, ids: Iterable[int], at: int, *, most: int = MOST_REACHED) -> Walk:
    """Return everything that these nodes need, directly or through others."""
    rows, reached, truncated = _walk(connection, q.MEMBERS, ids, at, most, lambda row: row.member_id)
    return Walk(Network(needs_of(rows)), frozenset(reached), truncated)


def direct_needs(connection: Connection, ids: Iterable[int], at: int) -> tuple[Need, ...]:
    """Return what these nodes need themselves."""
    return tuple(needs_of(_read(connection, q.MEMBERS, ids, at)))


def direct_dependants(connection: Connection, ids: Iterable[int], at: int) -> tuple[Need, ...]:
    """Return the needs of others that these nodes serve themselves, groups whole."""
    rows = list(_read(connection, q.OWNERS, ids, at))
    known = {row.id for row in rows}
    grouped = {(row.owner_id, row.relation, row.group) for row in rows if row.group is not None}
    owners = {owner for owner, _, _ in grouped}
    rows += [
        row
        for row in _read(connection, q.GROUPS, owners, at)
        if row.id not in known and (row.owner_id, row.relation, row.group) in grouped
    ]
    return tuple(needs_of(rows))


def groups(connection: Connection, ids: Iterable[int], at: int) -> tuple[Need, ...]:
    """Return the redundancy groups of these nodes."""
    return tuple(needs_of(_read(connection, q.GROUPS, ids, at)))


def named(connection: Connection, ids: Iterable[int]) -> Mapping[int, Node]:
    """Return what nodes are called."""
    wanted = sorted(set(ids))
    return {
        row.id: Node(row.id, row.kind, row.number, row.title, row.state)
        for part in _parts(wanted)
        for row in connection.execute(q.NODES, {"ids": part})
    }


def needs_of(rows: Iterable[Row[Any]]) -> Iterator[Need]:
    """Yield a need per redundancy group and per single relation; the service that a CI belongs to has it as a part.

    Where the rows of a group disagree on how many are needed, the one that was made last is right.
    """
    groups: dict[tuple[int, str, str], list[Row[Any]]] = defaultdict(list)
    single: set[tuple[int, str, int]] = set()
    for row in rows:
        if row.group is not None:
            groups[row.owner_id, row.relation, row.group].append(row)
        elif (key := (row.owner_id, row.relation, row.member_id)) not in single:
            single.add(key)
            relation = PART_OF if row.relation == BELONGS_TO else row.relation
            yield Need(row.owner_id, relation, (row.member_id,), soft=row.relation == USES)
    for (owner, relation, group), members in groups.items():
        newest = max(members, key=lambda row: row.id)
        ids = tuple(dict.fromkeys(row.member_id for row in sorted(members, key=lambda row: row.id)))
        yield Need(owner, relation, ids, newest.need or 1, group, relation == USES)


def _walk(
    connection: Connection, statements: Statements, ids: Iterable[int], at: int, most: int, other: Any
) -> tuple[list[Row[Any]], set[int], bool]:
    frontier = set(ids)
    reached = set(frontier)
    found: list[Row[Any]] = []
    while frontier:
        fresh: set[int] = set()
        for row in _read(connection, statements, frontier, at):
            end = other(row)
            if end not in reached:
                if len(reached) >= most:
                    return found, reached, True
                reached.add(end)
                fresh.add(end)
            found.append(row)
        frontier = fresh
    return found, reached, False


def _read(connection: Connection, statements: Statements, ids: Iterable[int], at: int) -> Iterator[Row[Any]]:
    for part in _parts(sorted(ids)):
        for statement in statements:
            yield from connection.execute(statement, {"ids": part, "at": at}).all()


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]
