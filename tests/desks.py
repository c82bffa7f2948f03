"""Real desks for tests: a small, known cast on a real database, with a clock that stands still."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of, initialise
from deskterm.clock import FrozenClock, parse_instant
from deskterm.desk import Desk

MONDAY = parse_instant("2026-11-02T09:00:00Z")
"""A Monday, 10:00 in Berlin, within office hours."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {"name": "Office", "tz": "Europe/Berlin", "hours": {day: [["08:00", "18:00"]] for day in WEEKDAYS}}
ROLES = {
    "ada": ["administrator"],
    "bob": ["agent"],
    "eve": ["agent"],
    "sue": ["supervisor"],
    "sam": ["senior-agent"],
    "ron": ["read-only"],
}


@dataclass(slots=True)
class Cast:
    """A desk with its people, and the clock they live by."""

    database: Database
    clock: FrozenClock
    ada: Desk
    """The administrator."""

    def as_(self, login: str) -> Desk:
        """Return somebody's access to the desk."""
        return desk_of(self.database, login, clock=self.clock, registry=self.ada.registry)

    def incident(self, **values: Any) -> str:
        """Log an incident and return its number."""
        return self.as_("bob").create("incident", {"summary": "VPN drops", "requester": "Maria Lopez", **values}).number


@contextmanager
def cast_on(location: str, *, now: int = MONDAY, agreements: bool = True) -> Iterator[Cast]:
    """Make a desk with agents of every sort, two teams, a customer, two services and a gold agreement.

    A new file of the usual instant is copied from one that was made once: most tests begin with this desk.
    """
    file = Path(location)
    if now == MONDAY and "://" not in location and not file.exists():
        shutil.copyfile(_made_once(agreements), file)
    else:
        make_cast(location, now=now, agreements=agreements)
    with cast_at(location, now=now) as cast:
        yield cast


@contextmanager
def cast_at(location: str, *, now: int = MONDAY) -> Iterator[Cast]:
    """Open a desk that has its cast."""
    clock = FrozenClock(now)
    database = Database(location)
    try:
        yield Cast(database, clock, desk_of(database, "ada", clock=clock))
    finally:
        database.close()


def make_cast(location: str, *, now: int = MONDAY, agreements: bool = True) -> None:
    """Make the desk, and leave no connection to it."""
    clock = FrozenClock(now)
    database, _ = initialise(location, "ada", clock=clock)
    ada = desk_of(database, "ada", clock=clock)
    for login, roles in ROLES.items():
        if login != "ada":
            ada.create("agent", {"login": login, "roles": roles, "name": login.title()})
    _people(ada)
    if agreements:
        _agreements(ada)
    database.close()


@cache
def _made_once(agreements: bool) -> Path:
    folder = Path(mkdtemp(prefix="deskterm-cast-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "desk.db"
    make_cast(str(made), agreements=agreements)
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return made


def _people(ada: Desk) -> None:
    ada.create("team", {"name": "network", "members": ["bob", "eve"], "lead": "bob", "line": "second"})
    ada.create("team", {"name": "desk", "members": ["ada", "bob", "sue"], "line": "first"})
    ada.create("organisation", {"name": "Acme"})
    ada.create("organisation", {"name": "Globex"})
    ada.create("person", {"name": "Maria Lopez", "email": "maria@acme.example", "organisation": "Acme", "vip": True})
    ada.create("person", {"name": "Hank Scorpio", "email": "hank@globex.example", "organisation": "Globex"})
    ada.create("service", {"name": "Workplace", "criticality": "medium"})
    ada.create("service", {"name": "Payroll", "criticality": "critical"})
    ada.create("ci", {"name": "vpn-gw-1", "type": "network-device", "service": "Workplace"})
    ada.create("agent", {"login": "maria", "roles": ["requester"], "person": "Maria Lopez"})
    ada.create("agent", {"login": "hank", "roles": ["requester"], "person": "Hank Scorpio"})


def _agreements(ada: Desk) -> None:
    ada.create("calendar", OFFICE)
    ada.create("agreement", {"name": "Standard", "calendar": "Office", "valid_from": "2020-01-01"})
    targets: tuple[Mapping[str, Any], ...] = (
        {"metric": "response", "amount_seconds": "1h", "unit": "business-hours"},
        {"metric": "resolution", "priorities": [1, 2], "amount_seconds": "4h", "unit": "business-hours"},
        {"metric": "resolution", "priorities": [3, 4, 5], "amount_seconds": "8h", "unit": "business-hours"},
    )
    for target in targets:
        ada.create("target", {"agreement": "Standard", **target})


def sqlite_file(folder: Path) -> str:
    """Return where a test's own desk lives."""
    return str(folder / "desk.db")
