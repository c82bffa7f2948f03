"""Filling an empty desk: found it, live through the quarter, set up what stands open now."""

from __future__ import annotations

import random

from sqlalchemy import Connection

from deskterm.bootstrap import identify
from deskterm.calendars import Calendar
from deskterm.civil_time import DAY_SECONDS, date_of
from deskterm.demo import terms
from deskterm.demo.arrivals import arrivals
from deskterm.demo.cast import ADMINISTRATOR, AGENTS, PEOPLE
from deskterm.demo.estate import ITEMS
from deskterm.demo.founding import Founding, found
from deskterm.demo.lives import past_life
from deskterm.demo.plan import Plan, live
from deskterm.demo.present import present
from deskterm.demo.roster import BERLIN, Roster
from deskterm.demo.scene import DAYS, Person, Scene, caller, chronicle_of
from deskterm.incident.service import CHILD_OF
from deskterm.kinds import declared
from deskterm.service_level.matching import Book

SEED = 20_261_122
BEFORE = 9
"""Days between the founding and the first contact."""


def build(connection: Connection, now: int) -> None:
    """Fill an empty desk with a quarter of work up to `now`; the same `now` gives the same desk."""
    dice = random.Random(SEED)
    registry = declared()
    founded_at = now - (DAYS + BEFORE) * DAY_SECONDS
    years = range(date_of(founded_at, BERLIN).year, date_of(now, BERLIN).year + 2)
    founding = found(connection, registry, founded_at, years, dice)
    scene = _scene(founding, now)
    _live(scene, [*_past(scene), *present(scene)])
    scene.chronicle.finish()


def _live(scene: Scene, plans: list[Plan]) -> None:
    """Let all plans happen, in the order in which their records came in, and hang children below their parents."""
    made = {}
    for plan in sorted(plans, key=lambda plan: plan.at):
        made[id(plan)] = live(scene, plan)
    parents = {plan.key: made[id(plan)] for plan in plans if plan.key}
    for plan in plans:
        if plan.parent:
            child, parent = made[id(plan)], parents[plan.parent]
            at = max(child.created_at, parent.created_at) + 60
            scene.chronicle.connect(scene.actors["jonas"], at, child, CHILD_OF, parent)


def _scene(founding: Founding, now: int) -> Scene:
    connection, dice = founding.connection, founding.dice
    years = range(date_of(founding.at, BERLIN).year, date_of(now, BERLIN).year + 2)
    office = Calendar.from_json({key: value for key, value in terms.calendars(years)[0].items() if key != "name"})
    logins = [ADMINISTRATOR[0], *(login for login, *_ in AGENTS)]
    ids = {key: draft.id for key, draft in founding.drafts.items()}
    return Scene(
        chronicle=chronicle_of(connection, founding.registry, now, random.Random(dice.random())),
        registry=founding.registry,
        now=now,
        dice=dice,
        actors={login: identify(connection, login) for login in logins},
        people=_people(founding),
        ids=ids,
        drafts=founding.drafts,
        book=Book.read(connection),
        roster=Roster.around(now, office),
        items={name: place for _, _, place, names in ITEMS for name in names},
    )


def _people(founding: Founding) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for customer, rows in PEOPLE.items():
        for name, place, phone, vip, _ in rows:
            draft = founding.drafts["person", name]
            actor = caller(str(draft.get("email")), draft.id)
            found[name] = Person(draft.id, name, customer, founding.id("organisation", customer), place, phone, vip, actor)
    return found


def _past(scene: Scene) -> list[Plan]:
    lives = (past_life(scene, arrival) for arrival in arrivals(scene) if arrival.at < scene.now)
    return [plan for plan in lives if plan is not None]
