"""Faults 1, 4 and 7: killed between record and journal, two who take one ticket, eight processes writing one file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data.engine import Database
from data.tables.core import journal, operation, record
from deskterm.doctor import examine
from deskterm.errors import Conflict, DeskError
from tests.desks import Cast
from tests.processes import processes

KILLED = """
import os, signal, sys
from deskterm.bootstrap import open_desk
from deskterm.records.unit import Unit

flush = Unit.flush
def die(unit):
    if any(entry.what == "created" and entry.new.get("summary") == "Half written" for entry in unit.entries):
        if sys.argv[2] == "after":
            flush(unit)
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    flush(unit)
Unit.flush = die
open_desk(sys.argv[1], "bob").create("incident", {"summary": "Half written", "requester": "Maria Lopez"})
"""


def location_of(cast: Cast) -> str:
    return str(cast.database.path or cast.database.url.render_as_string(hide_password=False))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_console_killed_between_record_and_journal_leaves_neither(any_cast: Cast, moment: str) -> None:
    """Fault 1. The record's row is written; the journal's is not, or is not committed."""
    any_cast.incident()
    with processes(("-c", KILLED, location_of(any_cast), moment)) as [console]:
        assert console.line() == "dying"
        console.finish()
    with any_cast.database.read() as connection:
        titles = connection.execute(select(record.c.title).where(record.c.kind == "incident")).scalars().all()
    assert titles == ["VPN drops"]
    assert examine(any_cast.database, clock=any_cast.clock) == []
    assert any_cast.incident() == "INC-00002", "not even its number is gone"


def _both_take(cast: Cast, number: str) -> tuple[list[str], dict[str, DeskError]]:
    """Let two agents take a ticket in the same instant; return who has it, and what the other was told."""
    seen = cast.ada.show(number).version
    barrier = threading.Barrier(2)
    took: list[str] = []
    refused: dict[str, DeskError] = {}

    def take(login: str) -> None:
        desk = cast.as_(login)
        barrier.wait()
        try:
            desk.act(number, "assign", {"team": "network", "assignee": login}, base_version=seen)
        except DeskError as problem:
            refused[login] = problem
        else:
            took.append(login)

    threads = [threading.Thread(target=take, args=[login]) for login in ("bob", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, refused


def test_of_two_who_take_one_ticket_at_once_one_has_it_and_the_other_reads_who(any_cast: Cast) -> None:
    """Fault 4. Both saw the same version when they pressed the key."""
    for _ in range(5):
        number = any_cast.incident()
        [winner], refused = _both_take(any_cast, number)
        [(loser, problem)] = refused.items()
        assert isinstance(problem, Conflict)
        assert f"{winner} set assignee to {winner}" in problem.message
        shown = any_cast.ada.show(number)
        assert shown.names[shown.values["assignee"]].title == winner != loser


WRITER = """
import sys
from deskterm.bootstrap import open_desk

desk, number = open_desk(sys.argv[1], "bob"), sys.argv[2]
for i in range(int(sys.argv[3])):
    desk.act(number, "affect")
    if i % 5 == 0:
        desk.create("incident", {"summary": f"Written together {i}"})
"""
WRITERS = 8
ACTS = 40


def test_eight_processes_write_one_file_without_a_lock_error_or_a_lost_update(cast: Cast) -> None:
    """Fault 7. Each act reads a count and writes it back one higher."""
    number = cast.incident()
    command = ("-c", WRITER, location_of(cast), number, str(ACTS))
    with processes(*[command] * WRITERS) as writers:
        ended = [writer.finish(120) for writer in writers]
    assert [(code, err) for code, _, err in ended] == [(0, "")] * WRITERS
    assert cast.ada.show(number).values["affected"] == 1 + WRITERS * ACTS
    with cast.database.read() as connection:
        made = connection.execute(select(func.count()).where(record.c.title.like("Written together%"))).scalar_one()
        numbers = connection.execute(select(func.count(record.c.number.distinct()))).scalar_one()
        assert numbers == connection.execute(select(func.count(record.c.id))).scalar_one()
        operations = connection.execute(select(journal.c.operation).distinct()).scalars().all()
        assert set(operations) <= set(connection.execute(select(operation.c.id)).scalars())
    assert made == WRITERS * ACTS // 5
    assert examine(cast.database, clock=cast.clock) == []


def test_a_writer_killed_at_any_moment_leaves_a_whole_desk(cast: Cast, tmp_path: Path) -> None:
    number = cast.incident()
    command = ("-c", WRITER, location_of(cast), number, "100000")
    with processes(command, command) as writers:
        for writer in writers:
            before = cast.ada.show(number).version
            while cast.ada.show(number).version < before + 20:
                os.sched_yield()
            writer.kill()
    assert [one for one in examine(Database(location_of(cast)), clock=cast.clock) if one.severity == "error"] == []
