"""What a change reaches: what breaks or limps while its CIs are away, and what stands near them, by the dependency graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from data.queries import change as q
from deskterm.change.risk_score import CRITICAL, Hit, Past
from deskterm.configuration import graph
from deskterm.configuration.rules import State, below, impact

UNRATED = "medium"
"""What a service counts as whose criticality nobody has set."""


@dataclass(frozen=True, slots=True)
class Near:
    """How some CIs and services stand to the CIs of a change in the dependency graph."""

    above: frozenset[int]
    """Those of them that need the change's CIs, directly or through others."""
    below: frozenset[int]
    """What the change's CIs need."""


def near(connection: Connection, cis: Collection[int], others: Collection[int], at: int) -> Near:
    """Return which of some nodes need these CIs, and what these CIs need.

    Asked downwards from both: what a node needs is little, what needs a core switch is half the estate.
    """
    own = frozenset(cis)
    if not own:
        return Near(frozenset(), frozenset())
    network = graph.needed(connection, {*own, *others}, at).network
    lower = frozenset(node for ci in own for node in below(network, ci)) - own
    return Near(frozenset(node for node in others if node not in own and not own.isdisjoint(below(network, node))), lower)


def effects(connection: Connection, cis: Collection[int], at: int) -> dict[int, State]:
    """Return how the nodes fare that are not up while these CIs are away; the CIs themselves are down."""
    own = set(cis)
    found = {effect.node: effect.state for effect in impact(graph.dependants(connection, own, at).network, own)} if own else {}
    return {**dict.fromkeys(own, State.DOWN), **found}


def hit(connection: Connection, cis: Collection[int], disruption: str | None, at: int) -> Hit:
    """Return what a change of these CIs hits; where it disturbs nothing, nothing."""
    if disruption == "none" or not cis:
        return Hit()
    own = set(cis)
    found = impact(graph.dependants(connection, own, at).network, own)
    rows = {row.id: row for row in connection.execute(q.CRITICALITY, {"ids": [one.node for one in found]})} if found else {}
    names = graph.named(connection, [one.node for one in found])
    broken = disruption != "degraded"
    breaks = tuple(names[one.node].title for one in found if one.node in names and one.state is State.DOWN and broken)
    limps = tuple(names[one.node].title for one in found if one.node in names and not (one.state is State.DOWN and broken))
    worst = max(rows.values(), key=lambda row: CRITICAL.get(row.criticality or UNRATED, 0), default=None)
    if worst is None:
        return Hit(breaks, limps)
    return Hit(breaks, limps, worst.criticality or UNRATED, worst.title)


def past(connection: Connection, cis: Collection[int], change_type: str, own: int) -> tuple[Past, ...]:
    """Return what became of changes of a type on CIs of the types of these CIs, this change itself left out."""
    if not cis:
        return ()
    types = sorted(row.type for row in connection.execute(q.CI_TYPES, {"ids": sorted(cis)}))
    rows = connection.execute(q.PAST, {"types": types, "change_type": change_type, "own": own})
    known: Mapping[str, tuple[int, int]] = {row.ci_type: (int(row.changes), int(row.caused)) for row in rows}
    return tuple(Past(name, *known.get(name, (0, 0))) for name in types)
