"""Component failure impact analysis: which CI takes which service along, as the dependency graph is at an instant.

After ITIL v2, Service Delivery, "Availability Management".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from deskterm.configuration import graph
from deskterm.configuration.rules import Network, State, evaluate

BREAKS, WEAKENS = "X", "A"
"""It alone brings the service down; an alternative takes over."""


@dataclass(frozen=True, slots=True)
class Impact:
    """One CI of the matrix."""

    ci: int
    marks: Mapping[int, str]
    """By service: X or A; a service that it does not matter to is missing."""

    @property
    def breaks(self) -> int:
        """Return how many services it brings down."""
        return sum(mark == BREAKS for mark in self.marks.values())

    @property
    def weakens(self) -> int:
        """Return for how many services an alternative takes over."""
        return len(self.marks) - self.breaks


def cfia(connection: Connection, services: Sequence[int], at: int) -> tuple[Impact, ...]:
    """Work out the matrix of these services: a row for every CI that they need, what brings down most first."""
    walk = graph.needed(connection, services, at)
    named = graph.named(connection, walk.reached)
    bear: dict[int, list[int]] = {}
    for service in services:
        for node in _below(walk.network, service):
            if node in named and named[node].kind == "ci":
                bear.setdefault(node, []).append(service)
    rows = []
    for ci, touched in bear.items():
        verdict = evaluate(walk.network, {ci})
        marks = {service: BREAKS if verdict.state(service) is State.DOWN else WEAKENS for service in touched}
        rows.append(Impact(ci, marks))
    return tuple(sorted(rows, key=lambda row: (-row.breaks, -row.weakens, named[row.ci].title, row.ci)))


def _below(network: Network, owner: int) -> set[int]:
    """Return what a service needs to be up, directly or through others; what it merely uses does not count."""
    seen: set[int] = set()
    stack = [owner]
    while stack:
        for need in network.of.get(stack.pop(), ()):
            fresh = [] if need.soft else [member for member in need.members if member not in seen]
            seen.update(fresh)
            stack += fresh
    return seen - {owner}
