"""When contacts reach the desk, from whom and about what: Mondays are full, nights belong to the clinics and to monitoring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from deskterm.civil_time import DAY_SECONDS, ONE_DAY, date_of
from deskterm.demo import cases_applications, cases_mail_files, cases_network, cases_requests, cases_workplace
from deskterm.demo.case import Case
from deskterm.demo.cast import CLINIC, SHOPS
from deskterm.demo.roster import BERLIN, wall
from deskterm.demo.scene import DAYS, Person, Scene

CASES = (
    *cases_workplace.CASES, *cases_network.CASES, *cases_applications.CASES, *cases_mail_files.CASES, *cases_requests.CASES,
)  # fmt: skip
MEAN_A_DAY = 19.0
WEEK = (1.5, 1.18, 1.05, 1.0, 0.9, 0.28, 0.18)
"""How full a day is, Monday first; a public holiday is like a Sunday."""
BY_DAY = (1, 1, 1, 1, 1, 2, 6, 18, 34, 38, 32, 24, 17, 22, 24, 20, 15, 9, 5, 4, 3, 2, 2, 1)
"""How many contacts come in each hour of the day, against the others."""
CHANNELS = ("phone",) * 9 + ("mail",) * 4 + ("portal",) * 4 + ("chat",) * 2 + ("walk-in",)
NIGHT = (22, 6)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One contact that becomes a record."""

    at: int
    case: Case
    person: Person
    channel: str


def arrivals(scene: Scene) -> Iterator[Arrival]:
    """Yield the contacts of the quarter in no particular order within a day."""
    first = date_of(scene.now - DAYS * DAY_SECONDS, BERLIN)
    people = sorted(scene.people.values(), key=lambda person: person.id)
    day = first
    while day <= date_of(scene.now, BERLIN):
        count = round(MEAN_A_DAY * _fullness(scene, day) * scene.dice.uniform(0.82, 1.18))
        for _ in range(count):
            yield _arrival(scene, day, people)
        day += ONE_DAY


def _fullness(scene: Scene, day: date) -> float:
    closed = scene.office.day(day).holiday is not None
    return WEEK[6] if closed else WEEK[day.weekday()]


def _arrival(scene: Scene, day: date, people: list[Person]) -> Arrival:
    dice = scene.dice
    hour = dice.choices(range(24), BY_DAY)[0]
    at = wall(day, hour, dice.randrange(60), dice.randrange(60))
    night = not NIGHT[1] <= hour < NIGHT[0]
    person = dice.choice(_awake(people, day, night))
    possible = [case for case in CASES if not case.customers or person.organisation in case.customers]
    if night:
        possible = [case for case in possible if case.kind == "incident"]
    case = dice.choices(possible, [_weight(case, night) for case in possible])[0]
    channel = dice.choice(case.channels or CHANNELS)
    return Arrival(at, case, person, "phone" if night and channel == "walk-in" else channel)


def _awake(people: list[Person], day: date, night: bool) -> list[Person]:
    if night:
        return [person for person in people if person.organisation == CLINIC]
    if day.weekday() >= 5:
        return [person for person in people if person.organisation in (CLINIC, SHOPS)]
    return people


def _weight(case: Case, night: bool) -> float:
    return case.weight * (3.0 if night and "monitoring" in case.channels else 1.0)
