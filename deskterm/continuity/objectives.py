"""Who promises to be back when, and whom that binds: objectives from the impact analyses, inherited through the dependency graph.

Only needs that break pass an objective on: what is merely used degrades its user at worst.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import continuity as q
from deskterm.configuration import graph
from deskterm.configuration.rules import Network
from deskterm.continuity.rules import inversions, tightest


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an impact analysis says of a service or a CI."""

    id: int
    number: str
    node: int
    """The service or CI."""
    rto_seconds: int | None
    rpo_seconds: int | None
    wrt_seconds: int | None
    mtpd_seconds: int | None
    unacceptable: int
    impacts: Mapping[str, Any]
    review_at: int | None = None


@dataclass(frozen=True, slots=True)
class Inherited:
    """An objective that a node has from something that depends on it."""

    node: int
    seconds: int
    source: int
    """The node whose analysis says so."""
    path: tuple[int, ...]
    """From the source down to the node."""


@dataclass(frozen=True, slots=True)
class Inverted:
    """A part that promises to be back later than something that cannot do without it."""

    part: int
    part_rto_seconds: int
    dependant: int
    dependant_rto_seconds: int
    path: tuple[int, ...]

    @property
    def gap_seconds(self) -> int:
        """By how much too late."""
        return self.part_rto_seconds - self.dependant_rto_seconds


def analyses(connection: Connection, nodes: Iterable[int] | None = None) -> dict[int, Analysis]:
    """Return the impact analyses in use, by the service or CI that each is of; of these nodes, or all."""
    rows = connection.execute(
        q.ANALYSES if nodes is None else q.ANALYSES_OF, {} if nodes is None else {"ids": sorted(set(nodes))}
    )
    found: dict[int, Analysis] = {}
    for row in rows:
        node = row.service_id if row.service_id is not None else row.ci_id
        found[node] = Analysis(
            row.id, row.number, node, row.rto_seconds, row.rpo_seconds, row.wrt_seconds, row.mtpd_seconds, row.unacceptable,
            row.impacts or {}, row.review_at,
        )  # fmt: skip
    return found


def of_plan(connection: Connection, plan: int) -> dict[int, Analysis]:
    """Return the analyses of what a plan brings back, by service or CI."""
    nodes = [row.target_id for row in connection.execute(q.COVERED, {"ids": [plan]})]
    return analyses(connection, nodes) if nodes else {}


def tightest_of(found: Iterable[Analysis]) -> tuple[int | None, int | None]:
    """Return the tightest RTO and RPO of several analyses."""
    known = list(found)
    return tightest(one.rto_seconds for one in known), tightest(one.rpo_seconds for one in known)


def below(network: Network, root: int) -> dict[int, tuple[int, ...]]:
    """Return everything that a node cannot do without, with the shortest path from it; only needs that break count."""
    paths: dict[int, tuple[int, ...]] = {root: (root,)}
    queue = deque([root])
    while queue:
        at = queue.popleft()
        for need in network.of.get(at, ()):
            for member in need.members if not need.soft else ():
                if member not in paths:
                    paths[member] = (*paths[at], member)
                    queue.append(member)
    return paths


def inherit(network: Network, promises: Mapping[int, int | None]) -> dict[int, Inherited]:
    """Return by node the tightest objective of what depends on it, its own included. 0 counts, None does not.

    Args:
        network: what needs what.
        promises: by node, the objective of its own analysis.
    """
    found: dict[int, Inherited] = {}
    for source, seconds in sorted(promises.items(), key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0])):
        if seconds is None:
            continue
        for node, path in below(network, source).items():
            if node not in found:  # the tightest come first
                found[node] = Inherited(node, seconds, source, path)
    return found


def invert(network: Network, promises: Mapping[int, int | None]) -> tuple[Inverted, ...]:
    """Return the parts that promise to be back later than what needs them, the worst first."""
    found = []
    for dependant, own in promises.items():
        if own is None:
            continue
        paths = below(network, dependant)
        pairs = [(str(dependant), str(part)) for part in paths if part != dependant and part in promises]
        for one in inversions({str(key): value for key, value in promises.items()}, pairs):
            part = int(one.part)
            found.append(Inverted(part, one.part_rto_seconds, dependant, one.dependant_rto_seconds, paths[part]))
    return tuple(sorted(found, key=lambda one: (-one.gap_seconds, one.part, one.dependant)))


def network_of(connection: Connection, roots: Iterable[int], at: int) -> tuple[Network, bool]:
    """Return what these nodes need, directly or through others, and whether there is more than was read."""
    walk = graph.needed(connection, roots, at)
    return walk.network, walk.truncated
