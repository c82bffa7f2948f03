"""What fits an incident that is being typed, among thousands of known errors: it must keep up with the keys."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from data import search
from data.base import NEVER
from data.engine import Database
from data.tables.core import record
from data.tables.problem import known_error, problem
from deskterm.service_desk import similar
from deskterm.service_desk.schema import Likeness
from tests.bench.generate import CACHE, WORDS, desk_with
from tests.bench.measure import Line, medians
from tests.bench.queue_page import _desk
from tests.desks import MONDAY

BAR_MS = 150.0
TICKETS, ERRORS = 100_000, 5_000
SUMMARY = "printer jams, screen blank and the network is slow "


def desk_with_errors(tickets: int, errors: int) -> Path:
    """Return a desk of so many incidents and so many known errors, each with its problem, a service and often a CI."""
    path = CACHE / f"errors-{tickets}-{errors}.db"
    if path.exists():
        return path
    path.write_bytes(desk_with(tickets, 20).read_bytes())
    dice = random.Random(31)
    with Database(str(path)).write() as connection:
        things = {
            kind: list(connection.execute(select(record.c.id).where(record.c.kind == kind)).scalars())
            for kind in ("ci", "service")
        }
        first = int(connection.execute(select(record.c.id).order_by(record.c.id.desc()).limit(1)).scalar_one()) + 1
        spines: list[dict[str, Any]] = []
        own: dict[str, list[dict[str, Any]]] = {"problem": [], "error": []}
        entries = []
        for n in range(errors):
            words = dice.sample(WORDS, 4)
            title, symptom = " ".join(words), f"{dice.choice(WORDS)} of floor {n}"
            for offset, kind, prefix in ((0, "problem", "PRB"), (1, "known-error", "KE")):
                key, number = first + 2 * n + offset, f"{prefix}-{n + 1:05d}"
                spines.append({
                    "id": key, "kind": kind, "number": number, "title": title, "title_key": title, "state": "known-error",
                    "version": 1, "created_at": MONDAY, "updated_at": MONDAY, "due_at": NEVER,
                    "open_since": MONDAY if kind == "problem" else None, "service_id": dice.choice(things["service"]),
                    "ci_id": dice.choice(things["ci"]) if n % 3 == 0 else None,
                })  # fmt: skip
                entries.append(search.Entry(key, number, title, f"{symptom} log in again"))
            own["problem"].append({"id": first + 2 * n, "impact": 3, "urgency": 2, "root_cause": "x", "workaround": "y"})
            own["error"].append({
                "id": first + 2 * n + 1, "problem_id": first + 2 * n, "symptom": symptom, "cause": "x", "workaround": "y",
            })  # fmt: skip
        connection.execute(insert(record), spines)
        connection.execute(insert(problem), own["problem"])
        connection.execute(insert(known_error), own["error"])
        search.put(connection, entries, fresh=True)
    return path


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    desk = _desk(desk_with_errors(TICKETS, ERRORS))
    likeness = Likeness(SUMMARY, ci="vpn-gw-1", service="Workplace")

    def match() -> object:
        return similar.known_errors(desk, likeness, limit=2), similar.open_work(desk, likeness, limit=3)

    calls: dict[str, Callable[[], object]] = {
        "known errors, one word being typed": partial(similar.known_errors, desk, Likeness("pri")),
        "known errors, a whole summary with CI and service": partial(similar.known_errors, desk, likeness),
        "known errors and similar incidents together": match,
    }
    for name, seconds in zip(calls, medians(*calls.values(), rounds=30), strict=True):
        yield Line(f"{name}, {TICKETS:,} tickets, {ERRORS:,} known errors", seconds * 1000, BAR_MS, "ms")
