"""Backup and restore: the same desk again on either database, nothing half made, nothing overwritten, nothing damaged unseen."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, select

from data import migrate, portable
from data.base import metadata
from data.engine import Database
from data.errors import DamagedDatabase, DatabaseError, DeskError, NotADesk
from data.lease import Lease
from data.tables.core import journal, lease, record
from deskterm import backup as backups
from deskterm.administration import change
from deskterm.backup import backup, check_seal, restore
from deskterm.bootstrap import desk_of
from deskterm.doctor import examine
from deskterm.errors import InvalidInput
from deskterm.service_desk import handover
from deskterm.service_desk.handover_reading import view
from tests.desks import Cast
from tests.processes import eventually, processes
from tests.release.scenes import signed
from tests.stopwatch import Stopwatch
from tests.test_doctor import live


def _rows(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table, as values."""
    with database.read() as connection:
        found: dict[str, list[Any]] = {}
        for table in metadata.sorted_tables:
            if table.name not in portable.TRANSIENT:
                columns = [column for column in table.columns if column.name != "tx"]
                found[table.name] = sorted(tuple(map(_plain, row)) for row in connection.execute(select(*columns)))
        return found


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _places(tmp_path: Path, postgres_url: str) -> dict[str, str]:
    return {"sqlite": str(tmp_path / "restored.db"), "postgresql": postgres_url}


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_desk_comes_back_whole_on_either_database(any_cast: Cast, to: str, tmp_path: Path, postgres_server: Any) -> None:
    live(any_cast)
    Lease(any_cast.database).try_acquire()
    file = tmp_path / "desk.backup"
    done = backup(any_cast.database, file)
    assert done.records == len(_rows(any_cast.database)["record"])
    with postgres_server.database() as url:
        location = _places(tmp_path, url)[to]
        back = restore(file, location)
        assert back.records == done.records
        restored = Database(location)
        assert _rows(restored) == _rows(any_cast.database)
        assert examine(restored, clock=any_cast.clock) == []
        with restored.read() as connection:
            assert connection.execute(select(lease)).all() == []
            assert migrate.revision(restored) == migrate.HEAD
        bob = desk_of(restored, "bob", clock=any_cast.clock)
        before = bob.position()
        number = bob.create("incident", {"summary": "After the flood"}).number
        assert [change.kind for change in bob.changes(before).items] == ["incident"], "the feed begins anew"
        assert [row.number for row in bob.search("router")]
        with pytest.raises(DeskError, match="there is no record"):
            any_cast.ada.show(number)
        restored.close()


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_what_is_signed_finished_or_frozen_comes_back_and_is_as_frozen_there(
    any_cast: Cast, to: str, tmp_path: Path, postgres_server: Any
) -> None:
    number = any_cast.incident(impact=1, urgency=1, team="network", assignee="bob")
    any_cast.clock.advance(8 * 3600)
    now = any_cast.clock.now()
    times: dict[str, Any] = {"starts_at": now - 8 * 3600, "ends_at": now, "next_ends_at": now + 8 * 3600}
    shift = handover.close_shift(any_cast.as_("bob"), "network", **times).number
    handover.sign(any_cast.as_("bob"), shift)
    if any_cast.database.path is None:
        change(any_cast.ada, "library_folder", str(tmp_path / "library"))
    signed(any_cast.ada, any_cast)
    any_cast.ada.create("baseline", {"name": "before the flood"})
    file = tmp_path / "desk.backup"
    backup(any_cast.database, file)
    with postgres_server.database() as url:
        location = _places(tmp_path, url)[to]
        restore(file, location)
        restored = Database(location)
        assert _rows(restored) == _rows(any_cast.database)
        assert [one.message for one in examine(restored, clock=any_cast.clock) if one.code == "guard"] == []
        assert [line.number for line in view(desk_of(restored, "eve", clock=any_cast.clock), shift).lines] == [number]
        for statement in (
            "UPDATE handover_line SET text = 'x'", "DELETE FROM journal", "UPDATE release_build SET digest = 'x'",
            "INSERT INTO handover_line (handover_id, position, section, text) "
            "SELECT handover_id, 99, section, text FROM handover_line",
        ):  # fmt: skip
            with pytest.raises(exc.DBAPIError), restored.write() as connection:
                connection.exec_driver_sql(statement)
        restored.close()


def test_json_null_and_nothing_stay_apart(cast: Cast, tmp_path: Path, postgres_url: str) -> None:
    live(cast)
    with cast.database.write() as connection:
        connection.exec_driver_sql("INSERT INTO setting(name, value, version) VALUES ('odd', 'null', 1)")
    query = "SELECT count(*) FROM journal WHERE old IS NULL"
    backup(cast.database, tmp_path / "copy")
    restore(tmp_path / "copy", postgres_url)
    restored = Database(postgres_url)
    for statement in (query, query.replace("IS NULL", "IS NOT NULL"), "SELECT count(*) FROM setting WHERE value IS NOT NULL"):
        with cast.database.read() as here, restored.read() as there:
            assert here.exec_driver_sql(statement).scalar() == there.exec_driver_sql(statement).scalar()
    restored.close()


def test_people_work_on_while_a_backup_is_made(any_cast: Cast, tmp_path: Path) -> None:
    stop, made = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            made.append(any_cast.incident())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        eventually(lambda: len(made) > 3)
        copies = [backup(any_cast.database, tmp_path / f"{i}.backup") for i in range(3)]
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert [one.code for copy in copies for one in copy.findings] == [], "each is a moment of the desk, not a mixture"
    assert copies[0].records <= copies[1].records <= copies[2].records


def test_nothing_is_overwritten(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("precious")
    with pytest.raises(InvalidInput, match="exists already"):
        backup(cast.database, tmp_path / "there")
    assert (tmp_path / "there").read_text() == "precious"
    backup(cast.database, tmp_path / "copy")
    with pytest.raises(InvalidInput, match="exists already"):
        restore(tmp_path / "copy", str(cast.database.path))
    with pytest.raises(InvalidInput, match="does not exist"):
        backup(cast.database, tmp_path / "nowhere" / "copy")


def test_a_name_taken_while_the_copy_was_made_is_left_alone(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "copy"
    real = backups._verified

    def meanwhile(*arguments: Any) -> Any:
        file.write_text("precious")
        return real(*arguments)

    monkeypatch.setattr(backups, "_verified", meanwhile)
    with pytest.raises(InvalidInput, match="meanwhile"):
        backup(cast.database, file)
    assert file.read_text() == "precious"
    assert _hidden(tmp_path) == []


def _hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_a_used_postgresql_database_is_refused(postgres_cast: Cast, tmp_path: Path) -> None:
    backup(postgres_cast.database, tmp_path / "copy")
    url = postgres_cast.database.url.render_as_string(hide_password=False)
    before = _rows(postgres_cast.database)
    with pytest.raises(InvalidInput, match="already; restore into an empty database"):
        restore(tmp_path / "copy", url)
    assert _rows(postgres_cast.database) == before


def _damage(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def test_a_letter_that_became_another_is_noticed_before_anything_is_restored(cast: Cast, tmp_path: Path) -> None:
    cast.incident(solution="Turned it off and on")
    file = tmp_path / "copy"
    backup(cast.database, file)
    check_seal(file)
    _damage(file, b"Turned it off and on", b"Turned it off and in")
    with pytest.raises(DamagedDatabase, match="changed or damaged since it was made"):
        restore(file, str(tmp_path / "restored.db"))
    assert not (tmp_path / "restored.db").exists()


@pytest.mark.parametrize("cut", [1, 4096, 50_000])
def test_a_file_cut_short_is_refused(cast: Cast, tmp_path: Path, cut: int) -> None:
    backup(cast.database, tmp_path / "copy")
    data = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(data[:-cut])
    with pytest.raises(DeskError) as refused:
        restore(tmp_path / "copy", str(tmp_path / "restored.db"))
    assert "damaged" in refused.value.message
    assert not (tmp_path / "restored.db").exists()


def test_what_is_no_backup_is_refused(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear desk, " * 500)
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE t (x)")
    other.close()
    target = str(tmp_path / "restored.db")
    for name, said in (("letter", "not a database at all"), ("other", "it has no seal"), ("none", "there is no file")):
        with pytest.raises(InvalidInput, match=said):
            restore(tmp_path / name, target)
    with pytest.raises(NotADesk):
        backup(Database(str(tmp_path / "empty.db")), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_damaged_desk_makes_no_backup_that_looks_sound(cast: Cast, tmp_path: Path) -> None:
    for _ in range(30):
        cast.incident(description="Some text to fill pages with. " * 20)
    path = cast.database.path
    assert path is not None
    cast.database.close()
    data = bytearray(path.read_bytes())
    page = int.from_bytes(data[16:18], "big")
    data[-3 * page : -3 * page + 40] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(DatabaseError):
        backup(Database(str(path)), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert _hidden(tmp_path) == []


def test_an_inconsistent_desk_is_backed_up_and_what_is_wrong_with_it_is_said(cast: Cast, tmp_path: Path) -> None:
    with cast.database.write() as connection:
        connection.execute(record.update().values(version=7))
    done = backup(cast.database, tmp_path / "copy")
    assert "version" in {one.code for one in done.findings}
    assert (tmp_path / "copy").exists()


LIMITED = """
import resource, signal, sys
from data.engine import Database
from deskterm.backup import backup
from deskterm.errors import DeskError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    backup(Database(sys.argv[1]), sys.argv[2])
except DeskError as problem:
    sys.exit(f"error: {problem.message}")
"""


def test_a_full_disk_leaves_nothing_behind(any_cast: Cast, tmp_path: Path) -> None:
    """Fault 10."""
    live(any_cast)
    location = str(any_cast.database.path or any_cast.database.url.render_as_string(hide_password=False))
    with processes(("-c", LIMITED, location, str(tmp_path / "copy"))) as [process]:
        code, _, said = process.finish()
    assert code == 1
    assert "error: " in said
    assert "disk" in said
    assert "Traceback" not in said
    assert not (tmp_path / "copy").exists()
    assert _hidden(tmp_path) == []


SLOW = """
import sys
from data.engine import Database
from deskterm import backup
import time
backup._verified = lambda *arguments: (print("copied", flush=True), time.sleep(60))
backup.backup(Database(sys.argv[1]), sys.argv[2])
"""


def test_a_killed_backup_is_no_backup_and_is_in_nobodys_way(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    with processes(("-c", SLOW, str(cast.database.path), str(file))) as [process]:
        assert process.line() == "copied"
        with pytest.raises(InvalidInput, match="being written by another process"):
            backup(cast.database, file)
        process.kill()
    assert not file.exists()
    assert _hidden(tmp_path) != []
    backup(cast.database, file)
    assert file.exists()
    assert _hidden(tmp_path) == []
    assert os.stat(file).st_nlink == 1


def test_a_backup_is_quick_beside_the_work_it_saves(cast: Cast, tmp_path: Path) -> None:
    watch = Stopwatch()
    backup(cast.database, tmp_path / "copy")
    assert watch.seconds < 10
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy"], "one file, nothing beside it"
    with cast.database.read() as connection:
        assert connection.execute(select(journal.c.tx).limit(1)).scalar() is None
