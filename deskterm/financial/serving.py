"""Which services a CI served at an instant: up the graph as it was then, to the first services that are reached. Pure.

What was recorded first of a node, on its first day in the records, counts for the time before as well: a desk that is set up
today knows nothing of yesterday's relations, and what was spent yesterday was spent on the same things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from data.base import NEVER

ALWAYS = (-NEVER, NEVER)
FIRST_SECONDS = 86_400


class Serving:
    """The graph of a period, with every relation from when to when it held."""

    def __init__(self, relations: Iterable[Any], services: Iterable[int]) -> None:
        """Take rows of `member_id`, `owner_id`, `valid_from` and `valid_until`, and the ids of all services."""
        self._owners: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        first: dict[int, int] = {}
        rows = list(relations)
        for row in rows:
            first[row.member_id] = min(row.valid_from, first.get(row.member_id, row.valid_from))
        for row in rows:
            begins = ALWAYS[0] if row.valid_from < first[row.member_id] + FIRST_SECONDS else row.valid_from
            self._owners[row.member_id].append((row.owner_id, begins, row.valid_until))
        self._services = frozenset(services)
        self._known: dict[int, list[tuple[int, int, tuple[int, ...]]]] = defaultdict(list)

    def services_of(self, ci: int, at: int) -> tuple[int, ...]:
        """Return the services that a CI served, in the order of their ids; a service is not passed on to those above it."""
        return self.during(ci, at)[1]

    def during(self, ci: int, at: int) -> tuple[int, tuple[int, ...]]:
        """Return until when it served these services, at least, and the services."""
        for start, end, found in self._known[ci]:
            if start <= at < end:
                return end, found
        start, end, found = self._climb(ci, at)
        self._known[ci].append((start, end, found))
        return end, found

    def _climb(self, ci: int, at: int) -> tuple[int, int, tuple[int, ...]]:
        """Return the services, and from when to when it is these."""
        start, end = ALWAYS
        seen, waiting, reached = {ci}, [ci], set()
        while waiting:
            for owner, begins, ends in self._owners.get(waiting.pop(), ()):
                if not begins <= at < ends:
                    start, end = (max(start, ends), end) if ends <= at else (start, min(end, begins))
                    continue
                start, end = max(start, begins), min(end, ends)
                if owner in self._services:
                    reached.add(owner)
                elif owner not in seen:
                    seen.add(owner)
                    waiting.append(owner)
        return start, end, tuple(sorted(reached))

    def path(self, ci: int, service: int, at: int) -> tuple[int, ...]:
        """Return the ids from a CI to a service that it served, both included; empty where it did not."""
        came: dict[int, int] = {ci: 0}
        waiting = [ci]
        while waiting:
            node = waiting.pop(0)
            for owner, begins, ends in self._owners.get(node, ()):
                if not begins <= at < ends or owner in came:
                    continue
                came[owner] = node
                if owner == service:
                    steps = [owner]
                    while steps[-1] != ci:
                        steps.append(came[steps[-1]])
                    return tuple(reversed(steps))
                if owner not in self._services:
                    waiting.append(owner)
        return ()
