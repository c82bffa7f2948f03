"""Saved views, and the roster of the week as shifts."""

from __future__ import annotations

from datetime import timedelta

from deskterm.civil_time import DAY_SECONDS, date_of
from deskterm.demo.cast import TEAMS
from deskterm.demo.roster import BERLIN, Watch
from deskterm.demo.scene import DAYS, Scene

BOTH, INCIDENTS = ("incident", "request"), ("incident",)
WATCHED = ("incident", "request", "problem", "change", "work-order", "release")

USUAL = (
    ("Mine", "state:open mine -snoozed", BOTH, "due_at"),
    ("Team", "state:open team:mine -snoozed", BOTH, "due_at"),
    ("Unassigned", "state:open unassigned -snoozed", BOTH, "due_at"),
    ("Breaching", "state:open (breached OR at-risk)", BOTH, "due_at"),
    ("Major", "state:open major:yes", INCIDENTS, "due_at"),
    ("All open", "state:open", BOTH, "due_at"),
    ("Waiting", "state:pending", BOTH, "pending_until"),
    ("Watching", "state:open watching", WATCHED, "due_at"),
    ("Solved lately", "state:resolved", BOTH, "-resolved_at"),
)
"""The first tabs of everybody: name, query, kinds, sort order."""


def hang_up(scene: Scene) -> None:
    """Save the views: the usual ones by the supervisor, one per team by the administrator; all of them shared."""
    chronicle, kind = scene.chronicle, scene.registry.kind("view")
    at = scene.now - (DAYS + 6) * DAY_SECONDS
    for place, (name, query, kinds, sort) in enumerate(USUAL):
        values = {"name": name, "query": query, "kinds": list(kinds), "sort": sort, "shared": True, "position": place * 10}
        chronicle.create(scene.actors["ada"], at, kind, values)
    for place, (team, *_) in enumerate(TEAMS):
        values = {"name": team, "query": f'state:open team:"{team}"', "kinds": list(BOTH), "sort": "due_at", "shared": True}
        chronicle.create(scene.actors["otto"], at, kind, values | {"position": 200 + place * 10})


def write_roster(scene: Scene) -> None:
    """Write the shifts of the first line from the day before this week to the day after it."""
    today = date_of(scene.now, BERLIN)
    monday = today - timedelta(days=today.weekday())
    at = scene.now - 10 * DAY_SECONDS
    watch = scene.roster.watch(scene.roster.watch(scene.now).starts_at - 8 * DAY_SECONDS)
    while watch.day <= monday + timedelta(days=8):
        if watch.day >= monday - timedelta(days=1):
            _shift(scene, watch, at)
        watch = scene.roster.watch(watch.ends_at)


def _shift(scene: Scene, watch: Watch, at: int) -> None:
    values = {
        "name": f"{watch.name} {watch.day:%a %d.%m.}", "team": scene.ids["team", "Service Desk"],
        "starts_at": watch.starts_at, "ends_at": watch.ends_at, "lead": scene.agent(watch.lead),
    }  # fmt: skip
    scene.chronicle.create(scene.actors["ada"], at, scene.registry.kind("shift"), values)
