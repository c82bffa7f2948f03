"""What fills up at the demo desk: disks, lines and licences over a quarter, with the drivers behind them, and a plan."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.capacity import outlook, rolling, samples, scoring
from deskterm.capacity.watching import watch
from deskterm.clock import FrozenClock
from deskterm.demo.cast import ADMINISTRATOR
from deskterm.jobs import JobContext
from deskterm.kinds import Registry

DAY, HOUR = 86_400, 3_600
DAYS = 91
STEP_SECONDS = 6 * HOUR
SEED = 20_261_123
FORETOLD_DAYS = (35,)
"""So many days ago forecasts were kept that are scored by now."""


@dataclass(frozen=True, slots=True)
class Story:
    """One resource and how it went."""

    name: str
    ci: str | None
    metric: str
    unit: str
    capacity: float | None
    start: float
    a_day: float
    noise: float
    week: float = 0.0
    """How much of it follows the working week."""
    upgraded: tuple[int, float] | None = None
    """So many days ago, from so much."""
    more: dict[str, Any] = field(default_factory=dict)


STORIES = (
    Story("fs-01 group folders", "fs-01", "disk", "GB", 12_000, 9_300, 21, 30,
          more={"upgrade_amount": 4_000, "upgrade_cost": "5200", "warn": 85, "critical": 95}),
    Story("db-erp-1 tablespace", "db-erp-1", "disk", "GB", 1_600, 830, 2.6, 6, upgraded=(34, 1_000),
          more={"upgrade_amount": 800, "upgrade_cost": "2400", "warn": 80, "critical": 90}),
    Story("pacs-01 picture archive", "pacs-01", "disk", "TB", 60, 46, 0.12, 0.1,
          more={"upgrade_amount": 20, "upgrade_cost": "18400", "warn": 85, "critical": 93, "lead_time_days": 45}),
    Story("nas-backup-1 pool", "nas-backup-1", "disk", "TB", 80, 66, 0.05, 0.8, more={"warn": 90, "critical": 96}),
    Story("app-erp-01 processors", "app-erp-01", "cpu", "%", 100, 34, 0.16, 4, week=22, more={"warn": 85, "critical": 95}),
    Story("vpn-gw-1 sessions", "vpn-gw-1", "sessions", "", 500, 180, 1.1, 12, week=120, more={"warn": 80, "critical": 92}),
    Story("Office suite seats", "Office suite, 620 seats", "licences", "seats", 620, 561, 0.42, 1,
          more={"warn": 95, "critical": 99, "upgrade_amount": 20, "upgrade_cost": "3580", "lead_time_days": 10}),
    Story("mail-01 store", "mail-01", "disk", "GB", 4_000, 2_100, 0.4, 9, more={"warn": 80, "critical": 90}),
)  # fmt: skip
"""What is watched; the licences run out first, and the group folders are what somebody has to order for now."""

USERS = Story("People with an account", None, "users", "people", None, 560, 0.45, 0.6)
ORDERS = Story("Orders of the web shop", None, "orders", "a day", None, 1_900, 7, 40, week=500)


def resources(database: Database, registry: Registry, now: int) -> None:
    """Let a quarter of samples come in, foresee what follows, and write the plan of the year."""
    dice = random.Random(SEED)
    ada = desk_of(database, ADMINISTRATOR[0], clock=FrozenClock(now), registry=registry)
    numbers = {}
    for story in (*STORIES, USERS, ORDERS):
        driver = story.capacity is None
        installed = {} if driver else {"capacity": story.capacity}
        about = {"name": story.name, "ci": story.ci, "metric": story.metric, "unit": story.unit or None,
                 "role": "driver" if driver else "resource", **installed, **story.more}  # fmt: skip
        numbers[story.name] = ada.create("resource", {name: value for name, value in about.items() if value is not None}).number
        since = now - (DAYS + 5) * DAY
        if story.upgraded is not None:
            ago, before = story.upgraded
            ada.act(numbers[story.name], "set-capacity", {"amount": before, "from_at": since, "reason": "as it was bought"})
            ada.act(numbers[story.name], "set-capacity",
                    {"amount": story.capacity, "from_at": now - ago * DAY, "reason": "two shelves more"})  # fmt: skip
        elif not driver:
            ada.act(numbers[story.name], "set-capacity", {"amount": story.capacity, "from_at": since})
    with ada.unit("samples of a quarter") as unit:
        for story in (*STORIES, USERS, ORDERS):
            samples.put(unit.connection, ada.show(numbers[story.name]).id, list(_told(story, now, dice)))
        while rolling.roll_some(unit.connection):
            continue
        for ago in FORETOLD_DAYS:
            for one in outlook.read_all(unit.connection, now - ago * DAY, None, ("resource", "driver")):
                scoring.keep(unit.connection, one)
    _scenarios(ada.create)
    plan = ada.create("capacity-plan", {
        "name": "Capacity plan of the year", "horizon_days": 365, "scope": "Storage, the ERP hosts, the way in, and licences.",
        "assumptions": "No new customer; the clinic keeps pictures for ten years.",
        "options": [{"option": "Move pictures older than five years to tape", "resource": "pacs-01 picture archive",
                     "cost": "3900.00", "currency": "EUR", "effect": "frees 14 TB"}],
    })  # fmt: skip
    watch(JobContext("capacity-watch", database, registry, now))  # first, so that the plan counts what is past a threshold
    ada.act(plan.number, "freeze")


def _told(story: Story, now: int, dice: random.Random) -> Iterator[tuple[int, float]]:
    first = now - DAYS * DAY
    for at in range(first - first % STEP_SECONDS, now, STEP_SECONDS):
        days = (at - first) / DAY
        value = story.start + story.a_day * days + dice.gauss(0, story.noise) + story.week * busy(at)
        top = story.capacity if story.capacity is not None else math.inf
        yield at, round(max(0.0, min(value, top)), 3)


def busy(at: int) -> float:
    """Return how busy an hour of the week is, from 0 at night to 1 in the middle of a working day."""
    weekday, hour = (at // DAY + 3) % 7, at % DAY / HOUR
    return max(0.0, math.sin(math.pi * (hour - 5) / 13)) * (1.0 if weekday < 5 else 0.15) if 5 <= hour <= 18 else 0.0


def _scenarios(create: Callable[[str, dict[str, Any]], Any]) -> None:
    create("scenario", {"name": "A second clinic", "driver": USERS.name, "growth_percent": 18, "months": 9,
                        "resources": ["Office suite seats", "fs-01 group folders", "mail-01 store"]})  # fmt: skip
    create("scenario", {"name": "Christmas trade", "driver": ORDERS.name, "growth_percent": 60, "months": 2})
