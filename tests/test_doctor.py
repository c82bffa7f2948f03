"""The doctor: nothing to say about a desk that was only used, the right thing about each damage, and no trace left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from data.engine import Database
from data.errors import DatabaseError, NotADesk
from data.lease import Lease
from data.tables.core import job_fault, record
from data.tables.service_level import clock
from deskterm.desk import acting
from deskterm.doctor import Finding, Severity, examine, storage
from deskterm.doctor.releases import GUARDS
from deskterm.job_runs import run_due
from tests.desks import Cast

HOUR = 3600


def findings(cast: Cast) -> list[Finding]:
    return examine(cast.database, clock=cast.clock, registry=cast.ada.registry)


def codes(cast: Cast) -> set[str]:
    return {one.code for one in findings(cast)}


def execute(cast: Cast, *statements: str) -> None:
    """Do by SQL what no program of ours does."""
    with cast.database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def live(cast: Cast) -> list[str]:
    """Let people work: every sort of change that leaves a trace in clocks, queues and search."""
    bob, sue = cast.as_("bob"), cast.as_("sue")
    numbers = [cast.incident(impact=1, urgency=1, description=f"The {word} is down.") for word in ("router", "printer", "phone")]
    first, second, third = numbers
    bob.act(first, "take")
    bob.act(first, "start")
    cast.clock.advance(HOUR)
    bob.act(first, "pend", {"reason": "caller", "message": "Which one?"})
    cast.clock.advance(HOUR)
    cast.as_("maria").note(first, "The left one.", public=True)
    bob.edit(second, {"urgency": 3, "team": "network", "tags": ["wan"]})
    bob.link(second, "child-of", third)
    run_due(cast.database, cast.ada.registry, cast.clock)
    cast.clock.advance(HOUR)
    bob.act(second, "resolve", {"code": "solved", "solution": "Rebooted."})
    cast.clock.advance(HOUR)
    bob.act(second, "reopen", {"reason": "Not quite."})
    sue.act(third, "declare-major")
    sue.bulk([first, third], "assign", acting("assign", {"team": "network"}))
    sue.undo()
    cast.clock.advance(2 * HOUR)
    run_due(cast.database, cast.ada.registry, cast.clock)
    cast.as_("bob").act(third, "cancel", {"reason": "Logged twice."})
    return numbers


def test_there_is_nothing_to_say_about_a_desk_that_was_only_used(any_cast: Cast) -> None:
    live(any_cast)
    assert findings(any_cast) == []
    any_cast.clock.advance(30)
    assert findings(any_cast) == [], "nor about clocks that are due and have not been looked at yet"


def test_examining_leaves_no_trace(cast: Cast, tmp_path: Path) -> None:
    """Nor does it tidy up what a crash left in the log beside the file: that is evidence."""
    live(cast)
    path = cast.database.path
    assert path is not None
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for ending in ("", "-wal"):
        (crashed / f"desk.db{ending}").write_bytes(path.with_name(path.name + ending).read_bytes())
    before = {file.name: file.read_bytes() for file in crashed.iterdir()}
    assert before["desk.db-wal"]
    assert examine(Database(str(crashed / "desk.db")), clock=cast.clock) == []
    assert {file.name: file.read_bytes() for file in crashed.iterdir() if not file.name.endswith("-shm")} == before


DAMAGES: dict[str, tuple[str, str]] = {
    "a value changed past the journal": ("UPDATE incident SET description = 'harmless'", "value"),
    "a state changed past the journal": ("UPDATE record SET state = 'closed' WHERE kind = 'incident'", "state"),
    "a version set back": ("UPDATE record SET version = 1 WHERE kind = 'incident'", "version"),
    "a role granted by SQL": ("UPDATE agent SET roles = '[\"administrator\"]'", "value"),
    "open work hidden from queues": ("UPDATE record SET open_since = NULL WHERE kind = 'incident'", "open"),
    "a queue sorted otherwise": ("UPDATE record SET due_at = due_at - 60 WHERE kind = 'incident'", "due"),
    "a clock that forgot its breach": ("UPDATE clock SET breached_at = NULL, state = 'running'", "clock"),
    "a clock moved": ("UPDATE clock SET due_at = due_at + 3600 WHERE due_at IS NOT NULL", "clock"),
    "a clock removed": (
        "DELETE FROM breach_forecast; DELETE FROM forecast_point; DELETE FROM clock_event; DELETE FROM clock",
        "clock-missing",
    ),
    "an event removed": ("DELETE FROM clock_event", "event"),
    "a counter set back": ("UPDATE counter SET value = 1 WHERE prefix = 'INC'", "counter"),
    "an index emptied": ("DELETE FROM search", "search"),
    "a row lost": ("DELETE FROM incident", "row"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_found(any_cast: Cast, damage: str) -> None:
    live(any_cast)
    statement, code = DAMAGES[damage]
    execute(any_cast, *statement.split("; "))
    found = [one for one in findings(any_cast) if one.code == code]
    assert found
    assert all(one.message and one.subject for one in found)


def test_what_was_journalled_about_nothing_is_found(any_cast: Cast) -> None:
    live(any_cast)
    drop = {
        "sqlite": ("DROP TRIGGER journal_no_delete", "DROP TRIGGER journal_no_update"),
        "postgresql": ("ALTER TABLE journal DISABLE TRIGGER journal_append_only",),
    }
    execute(any_cast, *drop[any_cast.database.dialect], "DELETE FROM journal WHERE what = 'created'")
    assert {"journal", "guard"} <= codes(any_cast)


OURS = ("journal", "policy", "calendar_", "handover_", "baseline", "workaround_", "change_", "release_")
"""How the tables of the service desk and the support processes begin."""


def test_every_guard_that_the_schema_makes_is_looked_for(cast: Cast) -> None:
    known = {f"{table}_{ending}" for table in storage.APPEND_ONLY for ending in ("no_update", "no_delete")}
    with cast.database.read() as connection:
        there = set(connection.execute(storage._SQLITE_GUARDS).scalars())
    assert {name for name in there if name.startswith(OURS)} == {
        name for name in known | {*storage.NAMED, *GUARDS} if name.startswith(OURS)
    }


@pytest.mark.parametrize("guard", ["journal_no_update", "policy_no_delete", "handover_line_update", "change_vote_no_delete"])
def test_a_guard_that_is_gone_is_missed(cast: Cast, guard: str) -> None:
    execute(cast, f"DROP TRIGGER {guard}")
    assert codes(cast) == {"guard"}


def test_a_text_changed_in_record_and_journal_alike_still_shows_in_search(cast: Cast) -> None:
    live(cast)
    execute(cast, "DROP TRIGGER journal_no_update", "UPDATE incident SET description = replace(description, 'router', 'rooter')")
    execute(cast, "UPDATE journal SET new = replace(new, 'router', 'rooter')")
    assert codes(cast) == {"guard", "search-text"}


def test_rows_that_point_nowhere_are_found(cast: Cast) -> None:
    number = cast.incident()
    assert cast.database.path is not None
    import sqlite3

    with sqlite3.connect(cast.database.path) as raw:  # which checks no references unless told to
        raw.execute("UPDATE record SET team_id = 987654 WHERE number = ?", [number])
    assert {"reference", "value"} <= codes(cast)


def test_leaders_lost_jobs_late_and_records_set_apart_are_named(any_cast: Cast) -> None:
    run_due(any_cast.database, any_cast.ada.registry, any_cast.clock)
    any_cast.clock.advance(8 * HOUR)
    claim = Lease(any_cast.database)
    claim.try_acquire()
    assert codes(any_cast) == {"job-overdue"}
    claim._lock.release()  # what the system does to a process that is killed
    with any_cast.database.write() as connection:
        connection.execute(job_fault.insert(), {"job": "auto-close", "subject": 1, "at": 0, "message": "no such thing"})
        connection.execute(text("UPDATE job SET last_error = 'RuntimeError: no' WHERE name = 'breach-check'"))
    assert codes(any_cast) == {"job-overdue", "job-error", "job-fault", "lease"}
    assert {one.severity for one in findings(any_cast)} == {Severity.WARNING}


def test_a_sample_is_examined_where_there_is_too_much(cast: Cast) -> None:
    for _ in range(10):
        cast.incident()
    execute(cast, "UPDATE record SET version = 9")
    whole = [one for one in findings(cast) if one.code == "version"]
    part = [one for one in examine(cast.database, clock=cast.clock, sample=5) if one.code == "version"]
    assert 0 < len(part) <= 5 < len(whole)


def test_one_cause_does_not_bury_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    import deskterm.doctor as doctor

    monkeypatch.setattr(doctor, "MOST", 3)
    execute(cast, "UPDATE record SET version = 9", "UPDATE counter SET value = 0 WHERE prefix = 'AGT'")
    found = [one for one in findings(cast) if one.code == "version"]
    assert len(found) == 4
    assert found[-1].message.endswith("more of these")


def test_a_schema_of_another_time_is_all_that_is_said(cast: Cast) -> None:
    execute(cast, "UPDATE alembic_version SET version_num = '9999'")
    assert [(one.code, one.severity) for one in findings(cast)] == [("schema", Severity.ERROR)]


def test_nothing_to_examine(tmp_path: Path) -> None:
    with pytest.raises(NotADesk, match="there is no desk"):
        examine(Database(str(tmp_path / "none.db")))
    with pytest.raises(DatabaseError):
        examine(Database("postgresql://nobody@127.0.0.1:1/none"))


def _flip(path: Path, choose: Callable[[bytes], int]) -> None:
    data = bytearray(path.read_bytes())
    data[choose(bytes(data))] ^= 0x04
    path.write_bytes(data)


@pytest.mark.parametrize("where", ["a title", "a description", "a page's header", "the schema", "the first byte"])
def test_a_flipped_byte_is_found_and_left_as_it_is(cast: Cast, where: str) -> None:
    """Fault 11."""
    cast.incident(summary="Unmistakable zebra crossing", description="It was the unmistakable giraffe.")
    for _ in range(40):
        cast.incident(description="Some text to fill pages with. " * 20)
    path = cast.database.path
    assert path is not None
    cast.database.close()
    page = int.from_bytes(path.read_bytes()[16:18], "big")
    choices: dict[str, Callable[[bytes], int]] = {
        "a title": lambda data: data.index(b"zebra crossing"),
        "a description": lambda data: data.index(b"unmistakable giraffe"),
        "a page's header": lambda data: (len(data) // page - 3) * page + 4,
        "the schema": lambda data: data.index(b'CREATE TABLE "incident"'),
        "the first byte": lambda data: 0,
    }
    _flip(path, choices[where])
    before = path.read_bytes()
    damaged = Database(str(path))
    if where == "the first byte":
        with pytest.raises(NotADesk, match="is not a database"):
            examine(damaged, clock=cast.clock)
    else:
        assert any(one.severity is Severity.ERROR for one in examine(damaged, clock=cast.clock))
    assert path.read_bytes() == before


def test_the_clock_rows_of_a_paused_record_are_derived_as_well(cast: Cast) -> None:
    number = cast.incident()
    cast.as_("bob").act(number, "pend", {"reason": "supplier"})
    cast.clock.advance(HOUR)
    assert findings(cast) == []
    with cast.database.write() as connection:
        connection.execute(update(clock).values(state="met", met_at=1))
        assert connection.execute(select(record.c.clock_state).where(record.c.number == number)).scalar() == "paused"
    assert {"clock"} <= codes(cast)
