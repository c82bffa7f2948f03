"""Measured availability of a large estate: a year costs what failed and what hangs on that, and grows no faster than that."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from data.base import NEVER
from data.engine import Database
from data.tables.availability import outage
from data.tables.configuration import ci, service
from data.tables.core import link, record
from deskterm.availability.measuring import Measured, measure
from deskterm.desk import Desk
from tests.bench.generate import CACHE, CHUNK, _first_free, _settle, _small_desk
from tests.bench.measure import Line
from tests.bench.queue_page import _desk
from tests.desks import MONDAY

SERVICES, CIS = 200, 10_000
OUTAGES = (500, 5_000, 50_000)
YEAR = 365 * 86_400
SECONDS = 5.0
"""A year of everything, at the largest size."""
TIMES = 12.0
"""Ten times the outages may take so many times as long, and no more."""
SHARED, HOSTS = 200, 1_800
"""Of the CIs: what many hosts need, and hosts; the rest are what services are made of."""
NOW = MONDAY


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    calls = [partial(_measure, _desk(estate_of(size))) for size in OUTAGES]
    found = calls[-1]()
    assert len(found) == SERVICES, len(found)
    down = sum(bool(one.downtime_seconds) for one in found.values())
    assert down > SERVICES / 2, down
    charged = all(sum(share.seconds for share in one.attribution) == one.downtime_seconds for one in found.values())
    assert charged
    times = [_median(call) for call in calls]
    about = f"{SERVICES} services over a year, {CIS:,} CIs"
    yield Line(f"availability of {about}, {OUTAGES[-1]:,} outages", times[-1], SECONDS, "s")
    for small, large, before, after in zip(OUTAGES, OUTAGES[1:], times, times[1:], strict=False):
        yield Line(
            f"the same, {large:,} beside {small:,} outages", after / before, TIMES, "x", f"{before:.2f} s and {after:.2f} s"
        )


def _median(call: Callable[[], object]) -> float:
    """Return the median processor time of three calls, in seconds: long enough not to need more of them."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def _measure(desk: Desk) -> dict[int, Measured]:
    with desk.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM record WHERE kind = 'service' AND number LIKE 'SVC-B%'").all()
        nodes = [int(row[0]) for row in rows]
        return measure(connection, desk.registry, nodes=nodes, start=NOW - YEAR, end=NOW, now=NOW)


def estate_of(outages: int) -> Path:
    """Return a desk of the same estate with so many outages in a year."""
    path = CACHE / f"availability-{outages}.db"
    if path.exists():
        return path
    made = _small_desk(path)
    with Database(str(made)).write() as connection:
        first = _first_free(connection)
        services = range(first, first + SERVICES)
        cis = range(services.stop, services.stop + CIS)
        _records(connection, "service", "SVC-B", services)
        _records(connection, "ci", "CI-B", cis)
        _insert(connection, service, ({"id": key, "criticality": "high"} for key in services))
        _insert(connection, ci, ({"id": key, "type": "server"} for key in cis))
        chance = random.Random(7)
        _insert(connection, link, _relations(chance, services, cis))
        keys = range(cis.stop, cis.stop + outages)
        chance = random.Random(11)
        places = [chance.choice(cis) for _ in keys]
        _records(connection, "outage", "OUT-B", keys, places)
        _insert(connection, outage, (_outage(chance, key) for key in keys))
    _settle(made, path)
    return path


def _records(connection: Connection, kind: str, prefix: str, keys: range, places: list[int] | None = None) -> None:
    state = {"service": "active", "ci": "live", "outage": "down"}[kind]
    rows = (
        {
            "id": key, "kind": kind, "number": f"{prefix}{key:06d}", "title": f"{kind} {key}", "title_key": f"{kind} {key}",
            "state": state, "version": 1, "created_at": NOW - YEAR, "updated_at": NOW, "due_at": NEVER,
            "ci_id": None if places is None else places[place],
        }
        for place, key in enumerate(keys)
    )  # fmt: skip
    _insert(connection, record, rows)


def _outage(chance: random.Random, key: int) -> dict[str, Any]:
    start = NOW - chance.randrange(YEAR)
    return {"id": key, "cause": "unplanned", "started_at": start, "ended_at": min(NOW, start + chance.randrange(300, 4 * 3600))}


def _relations(chance: random.Random, services: range, cis: range) -> Iterator[dict[str, Any]]:
    """Yield who needs whom: a service its CIs, half of them in pairs; each of these a host; hosts what many of them need."""
    shared, hosts, own = cis[:SHARED], cis[SHARED : SHARED + HOSTS], cis[SHARED + HOSTS :]
    each = len(own) // len(services)
    for place, key in enumerate(services):
        mine = own[place * each : (place + 1) * each]
        for number, part in enumerate(mine):
            paired = number < each // 2
            yield _row(key, part, f"pair {number // 2}" if paired else None)
            yield _row(part, chance.choice(hosts), None)
    for host in hosts:
        for line in chance.sample(shared, 2):
            yield _row(host, line, "lines" if host % 2 else None)


def _row(owner: int, member: int, group: str | None) -> dict[str, Any]:
    return {
        "source_id": owner, "relation": "depends-on", "target_id": member, "valid_from": 0, "valid_until": NEVER, "group": group,
        "need": None if group is None else 1,
    }  # fmt: skip


def _insert(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) >= CHUNK:
            connection.execute(insert(table), some)
            some = []
    if some:
        connection.execute(insert(table), some)
