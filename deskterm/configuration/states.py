"""How CIs and services fare now: what is known of each by itself, and what follows from it through the dependency graph.

A process that knows of failures says so in a module `deskterm/<process>/ci_states.py` with a function `facts`. A CI is up unless
one of them says otherwise.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection

from deskterm.configuration import graph
from deskterm.configuration.rules import Network, State, Verdict, evaluate
from deskterm.kinds import PROCESSES

MOST_FACTS = 5_000
"""Failures that are looked at; a desk with more of them has other worries than this list."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason why a node is not up by itself."""

    node: int
    state: State
    """DOWN or DEGRADED."""
    why: str
    """In words: `INC-00012, priority 1`."""
    since: int | None = None
    source: str = ""
    """The number of the record that says so."""


Source = Callable[[Connection, int], Iterable[Fact]]
"""What knows of failures, asked at an instant: the present."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything fares now."""

    facts: dict[int, tuple[Fact, ...]]
    network: Network
    verdict: Verdict

    @property
    def down(self) -> frozenset[int]:
        """What is down by itself."""
        return frozenset(n for n, facts in self.facts.items() if any(f.state is State.DOWN for f in facts))

    @property
    def degraded(self) -> frozenset[int]:
        """What is degraded by itself."""
        return frozenset(self.facts) - self.down

    def state(self, node: int) -> State:
        """Return how a node fares."""
        return self.verdict.state(node)


def facts(connection: Connection, now: int) -> dict[int, tuple[Fact, ...]]:
    """Return what is known of failures now, by node."""
    found: dict[int, list[Fact]] = {}
    for source in _sources():
        for fact in source(connection, now):
            found.setdefault(fact.node, []).append(fact)
    return {node: tuple(each) for node, each in found.items()}


def standing(connection: Connection, now: int) -> Standing:
    """Return how everything fares now; it reads what failed and what needs that, and nothing else."""
    known = facts(connection, now)
    walk = graph.dependants(connection, known, now)
    down = {n for n, each in known.items() if any(f.state is State.DOWN for f in each)}
    return Standing(known, walk.network, evaluate(walk.network, down, known.keys() - down))


@lru_cache(maxsize=1)
def _sources() -> tuple[Source, ...]:
    found: list[Source] = []
    for process in PROCESSES:
        name = f"deskterm.{process}.ci_states"
        if importlib.util.find_spec(f"deskterm.{process}") and importlib.util.find_spec(name):
            found.append(importlib.import_module(name).facts)
    return tuple(found)
