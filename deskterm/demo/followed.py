"""What people do about what the desk raised by itself, and what its supervisor watches: a rollout, an incident, a hint."""

from __future__ import annotations

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.kinds import Registry

WATCHER = "ada"
OWN = (("release", "state:rolling-out"), ("incident", "state:open priority:1 -major:yes"))
"""Kinds and queries: of each the first is watched by herself."""
TAKEN = (("mei", 'category:"unauthorised change"'), ("sami", "category:capacity"))
"""Who took what the desk raised by itself, by a query."""


def taken(database: Database, registry: Registry, now: int) -> None:
    """Let people take what a scan and a threshold raised: a desk that is awake leaves no alarm to itself."""
    for login, query in TAKEN:
        desk = desk_of(database, login, clock=FrozenClock(now), registry=registry)
        for row in desk.page(desk.prepare(("incident",), f"state:open unassigned {query}"), limit=5).rows:
            desk.act(row.number, "take")


def followed(database: Database, registry: Registry, now: int) -> None:
    """Let her watch some of the open work, and whoever leads the major incident make her watch that: it is news to her."""
    clock = FrozenClock(now)
    ada = desk_of(database, WATCHER, clock=clock, registry=registry)
    for kind, query in OWN:
        for row in ada.page(ada.prepare((kind,), query), limit=1).rows:
            ada.act(row.number, "watch")
    for row in ada.page(ada.prepare(("incident",), "state:open major:yes"), limit=1, columns=("commander",)).rows:
        leader = row.shown.get("commander") or WATCHER
        desk_of(database, leader, clock=clock, registry=registry).act(row.number, "watch", {"agent": WATCHER})
