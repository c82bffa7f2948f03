"""Large desks for benchmarks: real schema, seeded rows, written in bulk and kept between runs."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from data import migrate, search
from data.base import NEVER
from data.engine import Database
from data.tables.core import journal, record
from data.tables.incident import incident
from data.tables.service_level import clock
from tests.desks import MONDAY, cast_on

CACHE = Path(".cache") / "bench"
CHUNK = 20_000
WORDS = (
    "printer",
    "vpn",
    "mail",
    "payroll",
    "login",
    "screen",
    "dock",
    "network",
    "share",
    "phone",
    "slow",
    "lost",
    "blank",
    "jams",
)


def desk_with(tickets: int, open_every: int) -> Path:
    """Return a desk of so many incidents, one in `open_every` open, their owners and due instants spread out."""
    path = CACHE / f"tickets-{tickets}-{open_every}.db"
    if path.exists():
        return _kept(path)
    made = _small_desk(path)
    with Database(str(made)).write() as connection:
        first = _first_free(connection)
        for start in range(0, tickets, CHUNK):
            _insert(connection, first + start, min(CHUNK, tickets - start), start, open_every)
    _settle(made, path)
    return path


def desk_with_clocks(clocks: int, due: int) -> Path:
    """Return a desk of so many open incidents with a running clock each, of which `due` are past their due instant."""
    path = CACHE / f"clocks-{clocks}-{due}.db"
    if path.exists():
        return _kept(path)
    made = _small_desk(path)
    with Database(str(made)).write() as connection:
        first = _first_free(connection)
        for start in range(0, clocks, CHUNK):
            count = min(CHUNK, clocks - start)
            _insert(connection, first + start, count, start, 1)
            connection.execute(insert(clock), list(_clock_rows(connection, first + start, count, start, due)))
    _settle(made, path)
    return path


def _kept(path: Path) -> Path:
    """Return a desk that was kept, at this program's schema."""
    database = Database(str(path))
    migrate.upgrade(database)
    database.close()
    return path


def _small_desk(path: Path) -> Path:
    made = path.with_suffix(".part")
    made.parent.mkdir(parents=True, exist_ok=True)
    for leftover in made.parent.glob(made.name + "*"):
        leftover.unlink()
    with cast_on(str(made)) as cast:
        cast.incident(impact=1, urgency=1)
    return made


def _settle(made: Path, path: Path) -> None:
    database = Database(str(made))
    with database.dedicated() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    shutil.move(made, path)


def _first_free(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT max(id) + 1 FROM record").scalar_one())


def _agents_and_teams(connection: Connection) -> tuple[list[int], list[int]]:
    found: dict[str, list[int]] = {"agent": [], "team": []}
    for kind, key in connection.exec_driver_sql("SELECT kind, id FROM record WHERE kind IN ('agent', 'team') ORDER BY id"):
        found[kind].append(key)
    return found["agent"], found["team"]


def _insert(connection: Connection, first: int, count: int, offset: int, open_every: int) -> None:
    chance = random.Random(offset)
    agents, teams = _agents_and_teams(connection)
    rows = [_record_row(chance, first + i, offset + i, agents, teams, (offset + i) % open_every == 0) for i in range(count)]
    connection.execute(insert(record), rows)
    connection.execute(insert(incident), [_incident_row(chance, row["id"]) for row in rows])
    connection.execute(insert(journal), [_created(row) for row in rows])
    search.put(connection, (search.Entry(row["id"], row["number"], row["title"], "") for row in rows), fresh=True)


def _record_row(
    chance: random.Random, key: int, index: int, agents: list[int], teams: list[int], is_open: bool
) -> dict[str, Any]:
    created = MONDAY - chance.randrange(90 * 86_400)
    title = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {index}"
    return {
        "id": key, "kind": "incident", "number": f"INC-{index + 10:05d}", "title": title, "title_key": title,
        "state": "assigned" if is_open else "closed", "version": 1, "created_at": created, "updated_at": created,
        "occurred_at": created, "open_since": created if is_open else None, "done_at": None if is_open else created + 3600,
        "priority": chance.randint(1, 5), "team_id": chance.choice(teams), "assignee_id": chance.choice([None, *agents]),
        "due_at": MONDAY + chance.randrange(-7200, 10 * 86_400) if is_open else NEVER,
        "clock_state": "running" if is_open else "met",
    }  # fmt: skip


def _incident_row(chance: random.Random, key: int) -> dict[str, Any]:
    return {"id": key, "impact": chance.randint(1, 3), "urgency": chance.randint(1, 3), "channel": "phone"}


def _created(row: dict[str, Any]) -> dict[str, Any]:
    facts = {"summary": row["title"], "state": row["state"]}
    return {
        "record_id": row["id"], "version": 1, "at": row["created_at"], "recorded_at": row["created_at"], "actor": "ada",
        "operation": "bench", "what": "created", "new": facts,
    }  # fmt: skip


def _clock_rows(connection: Connection, first: int, count: int, offset: int, due: int) -> Iterator[dict[str, Any]]:
    found = connection.exec_driver_sql("SELECT target_id, agreement_id, policy_id FROM clock ORDER BY id LIMIT 1").one()
    for i in range(count):
        at = MONDAY - 60 if offset + i < due else MONDAY + 30 * 86_400 + i
        yield {
            "record_id": first + i, "target_id": found[0], "agreement_id": found[1], "policy_id": found[2], "type": "sla",
            "metric": "resolution", "cycle": 1, "started_at": MONDAY - 3600, "state": "running", "due_at": at, "next_at": at,
            "next_threshold": 100,
        }  # fmt: skip
