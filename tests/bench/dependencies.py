"""The dependency graph of a large CMDB: what one failure does costs what is hit, and a branch costs what stands in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from data.base import NEVER
from data.engine import Database
from data.tables.configuration import ci
from data.tables.core import journal, link, record
from deskterm.configuration.browsing import Browser, Mode
from deskterm.configuration.details import detail
from deskterm.configuration.impact import impact_of
from deskterm.desk import Desk
from tests.bench.generate import CACHE, CHUNK, _first_free, _settle, _small_desk
from tests.bench.measure import Line, medians, milliseconds
from tests.bench.queue_page import _desk
from tests.desks import MONDAY

CIS, SMALL = 100_000, 1_000
RELATIONS_EACH = 3
DEPENDANTS = 1_000
"""What needs the hub, the same in both desks: fifty directly, the others behind them, a third of them in groups."""
DIRECT = 50
IMPACT_MS = 150.0
TIMES = 3.0
"""So much longer may the large desk take: indexes are deeper, nothing else."""
HUB = "CI-HUB"
BRANCH_TYPE = "storage"
"""A type with exactly a hundred CIs, whatever the size of the desk."""


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    desks = {size: _desk(cmdb_of(size)) for size in (SMALL, CIS)}
    small, large = desks[SMALL], desks[CIS]
    hit = len(impact_of(large, HUB).effects)
    assert hit == len(impact_of(small, HUB).effects) == DEPENDANTS, hit
    one, other = medians(partial(impact_of, small, HUB), partial(impact_of, large, HUB), rounds=20)
    about = f"{DEPENDANTS:,} dependants, {CIS:,} CIs, {CIS * RELATIONS_EACH:,} relations"
    yield Line(f"impact of one CI, {about}", other * 1000, IMPACT_MS, "ms")
    yield Line(f"the same beside {SMALL:,} CIs", other / one, TIMES, "x", milliseconds(one))
    for name, calls in (
        ("open a CI with 50 dependants", [partial(_branch, desks[size], Mode.DEPENDENCY, "/node:{hub}", True) for size in desks]),
        ("open a type with 100 CIs", [partial(_branch, desks[size], Mode.TYPE, "/type:{type}", False) for size in desks]),
        ("everything about one CI", [partial(detail, desks[size], HUB) for size in desks]),
    ):
        one, other = medians(*calls, rounds=20)
        yield Line(f"{name}, {CIS:,} CIs beside {SMALL:,}", other / one, TIMES, "x", milliseconds(other))


def _branch(desk: Desk, mode: Mode, key: str, upwards: bool) -> object:
    with desk.database.read() as connection:
        named = {"hub": "kind = 'ci' AND number = 'CI-HUB'", "type": f"kind = 'ci-type' AND title_key = '{BRANCH_TYPE}'"}
        ids = {name: connection.exec_driver_sql(f"SELECT id FROM record WHERE {one}").scalar_one() for name, one in named.items()}
    page = Browser(desk, mode, upwards).branch(key.format(**ids))
    assert len(page.rows) in (DIRECT, 100)
    return page


def cmdb_of(size: int) -> Path:
    """Return a desk of so many CIs with three relations each, among them a hub with the same dependants at every size."""
    path = CACHE / f"cmdb-{size}.db"
    if path.exists():
        return path
    made = _small_desk(path)
    with Database(str(made)).write() as connection:
        first = _first_free(connection)
        rest = range(first + DEPENDANTS + 1, first + DEPENDANTS + 1 + size)
        for start in range(first, rest.stop, CHUNK):
            _cis(connection, range(start, min(start + CHUNK, rest.stop)), first)
        chance = random.Random(size)
        found = (*_around(chance, first, rest), *_others(chance, rest))
        rows = list({(row["source_id"], row["target_id"]): row for row in reversed(found)}.values())
        for start in range(0, len(rows), CHUNK):
            connection.execute(insert(link), rows[start : start + CHUNK])
    _settle(made, path)
    return path


def _cis(connection: Connection, keys: range, hub: int) -> None:
    rows = [
        {
            "id": key, "kind": "ci", "number": HUB if key == hub else f"CI-B{key:06d}", "title": f"ci {key}",
            "title_key": f"ci {key}", "state": "live", "version": 1, "created_at": MONDAY, "updated_at": MONDAY, "due_at": NEVER,
        }
        for key in keys
    ]  # fmt: skip
    connection.execute(insert(record), rows)
    connection.execute(insert(ci), [{"id": key, "type": BRANCH_TYPE if key - hub < 100 else "server"} for key in keys])
    facts = [{"record_id": row["id"], "new": {"name": row["title"], "status": "live", "state": "live"}} for row in rows]
    shared = {"version": 1, "at": MONDAY, "recorded_at": MONDAY, "actor": "ada", "operation": "bench", "what": "created"}
    connection.execute(insert(journal), [shared | one for one in facts])


def _row(source: int, target: int, group: str | None = None, need: int | None = None) -> dict[str, Any]:
    return {
        "source_id": source, "relation": "depends-on", "target_id": target, "valid_from": 0, "valid_until": NEVER, "group": group,
        "need": need,
    }  # fmt: skip


def _around(chance: random.Random, hub: int, rest: range) -> Iterator[dict[str, Any]]:
    """Yield the relations of what needs the hub: each needs one that is nearer, every third as one of a group, and two others."""
    for place in range(1, DEPENDANTS + 1):
        nearer = hub if place <= DIRECT else hub + chance.randrange(max(1, (place - DIRECT) // 2), place - DIRECT + 1)
        grouped = place % 3 == 0
        yield _row(hub + place, nearer, "pair" if grouped else None, 1 if grouped else None)
        yield _row(hub + place, chance.choice(rest), "pair" if grouped else None, 1 if grouped else None)
        yield _row(hub + place, chance.choice(rest[: len(rest) // 2]) if place % 2 else rest[place % len(rest)])


def _others(chance: random.Random, rest: range) -> Iterator[dict[str, Any]]:
    for key in rest:
        for other in {chance.choice(rest) for _ in range(RELATIONS_EACH)} - {key}:
            yield _row(key, other)
