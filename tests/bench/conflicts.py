"""The conflicts of a window among ten thousand changes: they are asked for while the window is typed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

from data.tables.change import change
from data.tables.configuration import ci
from data.tables.core import link, record
from deskterm.change import conflicts
from deskterm.change.conflict_rules import Wish
from tests.bench.measure import Line, medians
from tests.desks import MONDAY, Cast, cast_on, sqlite_file

CHANGES, CIS, DAY = 10_000, 2_000, 86_400
BAR_MS = 30.0


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    with tempfile.TemporaryDirectory() as folder, cast_on(sqlite_file(Path(folder)), agreements=False) as cast:
        cis = _fill(cast)
        wish = Wish(MONDAY + 10 * DAY, MONDAY + 10 * DAY + 4 * 3_600, frozenset(cis[:3]), implementer=2)
        with cast.database.read() as connection:
            found = conflicts.find(connection, wish, MONDAY)
            (seconds,) = medians(lambda: conflicts.find(connection, wish, MONDAY), rounds=50)
        yield Line(f"conflicts of a window among {CHANGES:,} changes", seconds * 1_000, BAR_MS, "ms", f"{len(found)} found")


def _fill(cast: Cast) -> list[int]:
    """Write CIs in a tree of needs, and changes spread over a year, half of them to come."""
    chance = random.Random(7)
    with cast.database.write() as connection:
        first = int(connection.exec_driver_sql("SELECT max(id) + 1 FROM record").scalar_one())
        cis = list(range(first, first + CIS))
        changes = list(range(first + CIS, first + CIS + CHANGES))
        spine = {"version": 1, "created_at": MONDAY, "updated_at": MONDAY}
        connection.execute(
            insert(record),
            [
                {"id": key, "kind": "ci", "number": f"CI-{key}", "title": "ci", "title_key": "ci", "state": "live", **spine}
                for key in cis
            ],
        )
        connection.execute(insert(ci), [{"id": key, "type": "server"} for key in cis])
        windows = {key: MONDAY + chance.randrange(-180 * DAY, 180 * DAY) for key in changes}
        connection.execute(
            insert(record),
            [{"id": key, "kind": "change", "number": f"CHG-{key}", "title": "change", "title_key": "change",
              "state": "scheduled" if at > MONDAY else "closed", "open_since": MONDAY if at > MONDAY else None, **spine}
             for key, at in windows.items()],
        )  # fmt: skip
        rows = [{"id": key, "type": "normal", "window_start": at, "window_end": at + chance.randrange(1, 8) * 3_600}
                for key, at in windows.items()]  # fmt: skip
        connection.execute(insert(change), rows)
        needs = [(cis[i], "depends-on", cis[(i - 1) // 4]) for i in range(1, CIS)]
        touched = [(key, "changes", chance.choice(cis)) for key in changes]
        connection.execute(
            insert(link),
            [{"source_id": a, "relation": relation, "target_id": b, "valid_from": 0} for a, relation, b in (*needs, *touched)],
        )
    return cis
