"""Fault 13: a console that heard nothing for a while catches up to the exact state."""

from __future__ import annotations

import random
import threading

import pytest
from sqlalchemy import select

from data import feed
from data.tables.core import record
from deskterm.desk import Desk
from tests.desks import Cast

WRITERS = 4
ACTS = 25


def _state(desk: Desk) -> dict[int, tuple[str, int]]:
    with desk.database.read() as connection:
        rows = connection.execute(select(record.c.id, record.c.state, record.c.version))
        return {row.id: (row.state, row.version) for row in rows}


class _Console:
    """What a console keeps: the records as it last read them, and how far it has heard."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.cursor = desk.position()
        self.known = _state(desk)

    def catch_up(self) -> None:
        changes = self.desk.changes(self.cursor)
        self.cursor = changes.cursor
        if changes.overflow:
            self.known = _state(self.desk)
            return
        ids = [change.record_id for change in changes.items]
        with self.desk.database.read() as connection:
            rows = connection.execute(select(record.c.id, record.c.state, record.c.version).where(record.c.id.in_(ids)))
            self.known |= {row.id: (row.state, row.version) for row in rows}


def test_consoles_that_look_now_and_then_end_up_with_the_exact_state(any_cast: Cast) -> None:
    numbers = [any_cast.incident() for _ in range(WRITERS)]
    consoles = [_Console(any_cast.as_("eve")) for _ in range(3)]

    def write(number: str) -> None:
        bob = any_cast.as_("bob")
        for i in range(ACTS):
            bob.act(number, "affect")
            if i % 5 == 0:
                bob.create("incident", {"summary": "Another one"})

    writers = [threading.Thread(target=write, args=[number]) for number in numbers]
    for writer in writers:
        writer.start()
    chance = random.Random(1)
    while any(writer.is_alive() for writer in writers):
        chance.choice(consoles[:2]).catch_up()  # the third one sleeps through all of it
    for writer in writers:
        writer.join()
    truth = _state(any_cast.ada)
    for console in consoles:
        console.catch_up()
        assert console.known == truth
        assert any_cast.ada.changes(console.cursor).items == ()


def test_who_missed_too_much_is_told_to_read_everything_again(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LIMIT", 10)
    console = _Console(any_cast.as_("eve"))
    for _ in range(12):
        any_cast.incident()
    assert any_cast.ada.changes(console.cursor).overflow
    console.catch_up()
    assert console.known == _state(any_cast.ada)
