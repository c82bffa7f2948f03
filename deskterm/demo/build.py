"""Filling an empty desk: found it, live through the quarter, change what had to be changed, hand over the last two shifts."""

from __future__ import annotations

import random

from data.engine import Database
from deskterm.bootstrap import identify
from deskterm.calendars import Calendar
from deskterm.civil_time import DAY_SECONDS, date_of
from deskterm.demo import continuity, handovers, library, looked_back, machinery, network, releases, tabs, terms
from deskterm.demo.arrivals import Arrival, arrivals
from deskterm.demo.cast import ADMINISTRATOR, AGENTS, PEOPLE
from deskterm.demo.changes import changes
from deskterm.demo.estate import ITEMS
from deskterm.demo.followed import followed, taken
from deskterm.demo.founding import Founding, found
from deskterm.demo.lives import past_life
from deskterm.demo.money import money
from deskterm.demo.outage import outage
from deskterm.demo.outages import outages
from deskterm.demo.plan import Plan, live
from deskterm.demo.present import present
from deskterm.demo.problems import problems
from deskterm.demo.programme import programme
from deskterm.demo.resources import resources
from deskterm.demo.roster import BERLIN, Roster
from deskterm.demo.scene import DAYS, Person, Scene, caller, chronicle_of
from deskterm.incident.service import CHILD_OF
from deskterm.jobs import JobContext, declared_jobs
from deskterm.kinds import Registry, declared
from deskterm.records.draft import Draft
from deskterm.service_level.matching import Book

SEED = 20_261_122
BEFORE = 9
"""Days between the founding and the first contact."""
PASSING = 0.2
"""Share of contacts that need no record."""
ROUNDS = 3
"""What one job did may be another's to follow up on, but not for ever."""


def build(database: Database, now: int) -> None:
    """Fill an empty desk with a quarter of work up to `now`; the same `now` gives the same desk.

    It is lived through in three parts, with a handover at each seam, so that what a handover lists is what stood open then: the
    one that waits comes after all other stories of the quarter, and before what the desk's jobs do at `now`. What people do at
    `now` comes after the jobs and sees what they did.
    """
    dice, registry = random.Random(SEED), declared()
    founded_at = now - (DAYS + BEFORE) * DAY_SECONDS
    years = range(date_of(founded_at, BERLIN).year, date_of(now, BERLIN).year + 2)
    office = Calendar.from_json({key: value for key, value in terms.calendars(years)[0].items() if key != "name"})
    roster = Roster.around(now, office)
    seam = handovers.accepted_at(roster)
    with database.write() as connection:
        founding = found(connection, registry, founded_at, years, dice)
        machinery.relate(founding)
        machinery.freeze(founding)
        scene = _scene(founding, now, roster)
        machinery.change(scene)
        plans, passing = _past(scene)
        plans += present(scene)
        tabs.hang_up(scene)
        tabs.write_roster(scene)
        library.without_record(scene, library.write(scene), passing)
        made = _live(scene, [plan for plan in plans if plan.at < seam], {})
        scene.chronicle.finish()
    handovers.accepted(database, registry, roster)
    late = handovers.waiting_at(roster)
    made = _go_on(database, scene, [plan for plan in plans if seam <= plan.at < late], made)
    _quarter(database, registry, now)
    handovers.waiting(database, registry, roster)
    _go_on(database, scene, [plan for plan in plans if plan.at >= late], made)
    _let_jobs_run(database, registry, now)
    money(database, registry, now)
    taken(database, registry, now)
    followed(database, registry, now)


def _quarter(database: Database, registry: Registry, now: int) -> None:
    """Tell what else the quarter brought, each story after those whose records it reads.

    A review that was published counts the outages of its month, and a plan is stale once its services were touched.
    """
    network.audited(database, registry, now)
    changes(database, registry, now)
    looked_back.assessed(database, registry, now)
    looked_back.foretold(database, now)
    releases.releases(database, registry, now)
    network.scanned(database, registry, now)
    problems(database, registry, now)
    resources(database, registry, now)
    outages(database, registry, now)
    programme(database, registry, now)
    continuity.founded(database, registry, now)
    continuity.drilled(database, registry, now)


def _let_jobs_run(database: Database, registry: Registry, now: int) -> None:
    """Let the desk do by itself what is due, until nothing is: a desk that people work on has no arrears."""
    for _ in range(ROUNDS):
        if not sum(job.run(JobContext(job.name, database, registry, now)) for job in declared_jobs()):
            return


def _go_on(database: Database, scene: Scene, plans: list[Plan], parents: dict[str, Draft]) -> dict[str, Draft]:
    """Let plans happen in a transaction of their own; return as `_live` does."""
    with database.write() as connection:
        scene.chronicle = chronicle_of(connection, scene.registry, scene.now, random.Random(scene.dice.random()))
        made = _live(scene, plans, parents)
        scene.chronicle.finish()
    return made


def _live(scene: Scene, plans: list[Plan], parents: dict[str, Draft]) -> dict[str, Draft]:
    """Let plans happen in the order in which their records came in; return the records that have children, by key."""
    parents = dict(parents)
    for plan in sorted(plans, key=lambda plan: plan.at):
        draft = live(scene, plan)
        if plan.key:
            parents[plan.key] = draft
        if plan.parent:
            scene.chronicle.connect(scene.actors["jonas"], draft.created_at + 30, draft, CHILD_OF, parents[plan.parent])
    return parents


def _scene(founding: Founding, now: int, roster: Roster) -> Scene:
    connection, dice = founding.connection, founding.dice
    logins = [ADMINISTRATOR[0], *(login for login, *_ in AGENTS)]
    return Scene(
        chronicle=chronicle_of(connection, founding.registry, now, random.Random(dice.random())),
        registry=founding.registry,
        now=now,
        dice=dice,
        actors={login: identify(connection, login) for login in logins},
        people=_people(founding),
        ids={key: draft.id for key, draft in founding.drafts.items()},
        book=Book.read(connection),
        roster=roster,
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


def _past(scene: Scene) -> tuple[list[Plan], list[Arrival]]:
    """Return the lives that are over, and the contacts that needed no record."""
    came = [arrival for arrival in arrivals(scene) if arrival.at < scene.now]
    passing = [arrival for arrival in came if scene.dice.random() < PASSING and arrival.channel != "monitoring"]
    lives = [past_life(scene, arrival) for arrival in came]
    return [*(life for life in lives if life is not None), *outage(scene)], passing
