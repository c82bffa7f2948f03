"""Faults 1, 2 and 25: a console killed while it saves, an import killed halfway. Nothing half-written, nothing lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deskterm.clock import SystemClock
from deskterm.doctor import examine
from deskterm.exchange.importing import ImportResult, run_import
from tests.desks import Cast
from tests.faults.real_console import CTRL_S, Homes, desk_of_now, go_on, opened, start, write_reply
from tests.faults.test_console_ends import faults, written
from tests.faults.test_writing_together import location_of
from tests.processes import processes
from tests.pty_harness import PtyApp

DYING = """
import os, signal, sys
from deskterm.records.unit import Unit
from screens.app import DeskApp

flush = Unit.flush
def die(unit):
    if any(entry.text for entry in unit.entries):
        if sys.argv[2] == "after":
            flush(unit)
        os.kill(os.getpid(), signal.SIGKILL)
    flush(unit)
Unit.flush = die
DeskApp(sys.argv[1], "bob").run()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_console_killed_while_it_saves_keeps_what_was_typed_and_writes_no_half(tmp_path: Path, moment: str) -> None:
    """Before or after the journal's rows are written, and before the commit."""
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast:
        number = cast.incident(assignee="bob", team="network")
        before, version = written(cast), cast.ada.show(number).version
        command = [sys.executable, "-c", DYING, str(cast.database.path), moment]
        with PtyApp(command, rows=30, columns=110, environ=homes.environ) as app:
            write_reply(opened(app, number), "Dear Maria, it is the plug")
            app.wait_until(lambda: bool(homes.drafts()), "the draft")
            app.settle()
            app.send(CTRL_S)
            assert app.wait() == -9
        assert (written(cast), cast.ada.show(number).version) == (before, version)
        assert faults(cast) == []
        with start(cast, homes) as app:
            go_on(app)
            app.send("r")
            app.wait_text("Dear Maria, it is the plug")
            app.settle()
            app.send(CTRL_S)
            app.wait_until(lambda: written(cast) > before, "the reply to be sent")
        said = [line.text for line in cast.ada.show(number).journal if line.text]
        assert said == ["Dear Maria, it is the plug"], "once"
        cast.clock.at = SystemClock().now()  # the console's own clock went on
        assert faults(cast) == []


LOADING = """
import os, signal, sys
from deskterm.bootstrap import open_desk
from deskterm.exchange.importing import run_import
from deskterm.records import writing

create, made = writing.create, []
def one(unit, kind, values, **options):
    if len(made) == 30:
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    made.append(kind.name)
    return create(unit, kind, values, **options)
writing.create = one
run_import(open_desk(sys.argv[1], "ada"), "csv", sys.argv[2])
"""


def test_an_import_killed_halfway_loads_nothing_and_may_be_run_again(any_cast: Cast, tmp_path: Path) -> None:
    table = tmp_path / "person.csv"
    table.write_text("name,note\n" + "".join(f"Caller {i},x\n" for i in range(60)))
    persons = any_cast.ada.prepare(["person"], "")
    before = any_cast.ada.count(persons)
    with processes(("-c", LOADING, location_of(any_cast), str(table))) as [process]:
        assert process.line() == "dying"
        process.finish()
    assert any_cast.ada.count(persons) == before
    assert any_cast.ada.search("Caller") == ()
    assert examine(any_cast.database, clock=any_cast.clock) == []
    assert run_import(any_cast.ada, "csv", table) == ImportResult(created=60)
    assert run_import(any_cast.ada, "csv", table) == ImportResult(unchanged=60)
    assert any_cast.ada.count(persons) == before + 60
