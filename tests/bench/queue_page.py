"""A queue page through the service, against raw sqlite3 running the very same SQL, and against a small desk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.desk import Desk
from deskterm.records import listing
from tests.bench.generate import desk_with
from tests.bench.measure import Line, medians, milliseconds
from tests.desks import MONDAY

KINDS = ("incident", "request")
COLUMNS = ("assignee", "team", "requester")
QUERIES = {"own filter": "state:open mine", "team filter": "state:open team:network", "all open": "state:open"}


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    large, small = desk_with(1_000_000, 20), desk_with(1_000, 1)
    for name, query in QUERIES.items():
        desk, little = _desk(large), _desk(small)
        service, raw, at_small = medians(_page(desk, query), _raw(desk, large, query), _page(little, query))
        detail = f"{milliseconds(service)}, raw {milliseconds(raw)}, at 1,000 tickets {milliseconds(at_small)}"
        yield Line(f"queue page of 50, {name}, 1,000,000 tickets, to raw sqlite3", service / raw, 4, detail=detail)
        yield Line(f"queue page of 50, {name}, 1,000,000 to 1,000 tickets", service / at_small, 1.5)


def _desk(path: Path) -> Desk:
    return desk_of(Database(str(path)), "bob", clock=FrozenClock(MONDAY))


def _page(desk: Desk, query: str) -> Callable[[], object]:
    def read() -> object:
        page = desk.page(desk.prepare(KINDS, query, "due_at"), limit=50, columns=COLUMNS)
        assert page.rows
        return page

    return read


def _raw(desk: Desk, path: Path, query: str) -> Callable[[], object]:
    """Return a call that runs the page's own statement on a bare sqlite3 connection and fetches its rows."""
    sent: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        sent.append((statement, parameters))

    with desk.database.read() as connection:
        event.listen(connection, "before_cursor_execute", listen)
        listing.page(connection, desk.prepare(KINDS, query, "due_at"), desk.actor, MONDAY, limit=50)
    statement, parameters = max(sent, key=lambda one: len(one[0]))
    raw = sqlite3.connect(path)
    return lambda: raw.execute(statement, parameters).fetchall()
