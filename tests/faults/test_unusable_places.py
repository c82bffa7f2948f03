"""Faults 8 and 9: files that cannot be used and schemas of another time. One sentence that names the file and the cure."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from data import migrate
from data.engine import Database
from data.errors import DatabaseError, NotADesk, SchemaMismatch
from deskterm.backup import backup
from deskterm.bootstrap import initialise, open_desk
from deskterm.doctor import examine
from tests.desks import Cast, cast_on
from tests.faults.test_writing_together import location_of
from tests.processes import processes

AS_NOBODY = """
import os, sys
from deskterm.bootstrap import initialise, open_desk
from deskterm.errors import DeskError

def work(path, login):
    desk = open_desk(path, login)
    print(len(desk.page(desk.prepare(["incident"], "")).rows), flush=True)
    desk.create("incident", {"summary": "No chance"})

initialise(sys.argv[2], "ada")
work(sys.argv[2], "ada")  # so that everything is imported: nobody may not read where Python lives
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    work(sys.argv[1], "bob")
except DeskError as problem:
    print(f"error: {problem.message}")
    sys.exit(problem.exit_status)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that other accounts can enter, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="deskterm-faults-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path
        path.chmod(0o755)


def _as_nobody(path: Path, spare: Path) -> tuple[int, str]:
    with processes(("-c", AS_NOBODY, str(path), str(spare / "warm.db"))) as [process]:
        code, out, err = process.finish()
    assert "Traceback" not in err, err
    return code, out.removeprefix("0\n")


def test_a_read_only_file_is_read_and_refuses_to_be_written(open_folder: Path, tmp_path: Path) -> None:
    path = open_folder / "desk.db"
    with cast_on(str(path)) as cast:
        cast.incident()
    path.chmod(0o444)
    open_folder.chmod(0o777)
    code, out = _as_nobody(path, tmp_path)
    assert code == 3
    assert out.startswith("1\n"), "what is there can be read"
    assert f"{path} is read-only; nothing was written. Make it writable" in out


def test_a_folder_that_may_not_be_entered_is_named(open_folder: Path, tmp_path: Path) -> None:
    path = open_folder / "closed" / "desk.db"
    path.parent.mkdir()
    with cast_on(str(path)):
        pass
    path.parent.chmod(0)  # not even its owner may, who may be the one that runs the tests
    code, out = _as_nobody(path, tmp_path)
    path.parent.chmod(0o700)
    assert code == 3
    assert str(path) in out


@pytest.mark.parametrize("content", [b"Dear desk, " * 1000, b"SQLite format 3\0" + bytes(100), b""])
def test_what_is_no_database_is_told_apart_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(NotADesk, match=r"letter\.db") as refused:
        open_desk(str(path), "bob")
    cure = f"deskterm --database {path} init" if not content else "name a desk's file, or a new one and create it"
    assert cure in refused.value.message
    assert path.read_bytes() == content


def test_another_programs_database_is_told_apart_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE album (name TEXT)")
    other.commit()
    other.close()
    content = path.read_bytes()
    for attempt in (lambda: open_desk(str(path), "bob"), lambda: initialise(str(path), "bob")):
        with pytest.raises(NotADesk, match="belongs to another program"):
            attempt()
    assert path.read_bytes() == content


def test_a_desk_is_open_for_work_while_it_is_backed_up_and_says_who_holds_it_if_not(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.engine.BUSY_SECONDS", 0.2)
    monkeypatch.setattr("data.engine._PRAGMAS", ("busy_timeout=200", "foreign_keys=ON"))
    with cast_on(str(tmp_path / "held.db")) as held:
        backup(held.database, tmp_path / "copy")
        held.incident()
        other = sqlite3.connect(tmp_path / "held.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match=r"held\.db is locked by somebody else; nothing was written, try again"):
            held.incident()
        other.execute("ROLLBACK")
        other.close()
        assert held.incident() == "INC-00002"


def test_on_postgresql_too_nobody_waits_for_ever_for_who_holds_a_lock(
    postgres_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = postgres_cast.incident()
    monkeypatch.setattr("data.engine.BUSY_SECONDS", 0.2)
    bob = open_desk(location_of(postgres_cast), "bob")
    with postgres_cast.database.write() as holding:
        holding.exec_driver_sql("SELECT 1 FROM record WHERE kind = 'incident' FOR UPDATE")
        with pytest.raises(DatabaseError, match="is locked by somebody else; nothing was written, try again"):
            bob.act(number, "affect")
        assert bob.show(number).values.get("affected", 1) == 1, "reading goes on"
    bob.act(number, "affect")
    assert bob.show(number).values["affected"] == 2
    bob.database.close()


@pytest.fixture
def weak_role(postgres_cast: Cast) -> Iterator[str]:
    """A role of the server that was granted nothing; its URL."""
    with postgres_cast.database.write() as connection:
        connection.exec_driver_sql("CREATE ROLE deskterm_weak LOGIN")
    yield postgres_cast.database.url.set(username="deskterm_weak").render_as_string(hide_password=False)
    with postgres_cast.database.write() as connection:
        connection.exec_driver_sql("DROP OWNED BY deskterm_weak")
        connection.exec_driver_sql("DROP ROLE deskterm_weak")


def test_a_role_of_postgresql_that_lacks_rights_reads_a_sentence(postgres_cast: Cast, weak_role: str) -> None:
    postgres_cast.incident()
    with pytest.raises(DatabaseError, match="this role of the database may not do that") as refused:
        open_desk(weak_role, "bob")
    assert refused.value.exit_status == 3
    with postgres_cast.database.write() as connection:
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO deskterm_weak")
    bob = open_desk(weak_role, "bob")
    assert len(bob.page(bob.prepare(["incident"], "")).rows) == 1, "what is there can be read"
    with pytest.raises(DatabaseError, match="nothing was written"):
        bob.create("incident", {"summary": "No chance"})
    bob.database.close()
    assert examine(postgres_cast.database, clock=postgres_cast.clock) == []


def test_a_postgresql_database_that_is_missing_or_no_desk_is_told_apart(postgres_url: str) -> None:
    missing = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    for attempt in (lambda: open_desk(missing, "bob"), lambda: initialise(missing, "bob")):
        with pytest.raises(DatabaseError, match=r"nowhere.* cannot be reached") as refused:
            attempt()
        assert refused.value.exit_status == 3
    with pytest.raises(NotADesk, match=r"holds no desk yet; create one with: deskterm --database 'postgresql://.* init"):
        open_desk(postgres_url, "bob")
    other = Database(postgres_url)
    with other.write() as connection:
        connection.exec_driver_sql("CREATE TABLE album (name TEXT)")
    for attempt in (lambda: open_desk(postgres_url, "bob"), lambda: initialise(postgres_url, "bob")):
        with pytest.raises(NotADesk, match="belongs to another program"):
            attempt()
    with other.read() as connection:
        tables = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars().all()
    other.close()
    assert tables == ["album"], "left alone"


@pytest.mark.parametrize(
    ("found", "advice"), [("0001", "upgrade it with: deskterm --database .* init"), ("9999", "update DeskTerm")]
)
def test_a_desk_of_another_time_is_not_touched(any_cast: Cast, found: str, advice: str) -> None:
    with any_cast.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{found}'")
    with pytest.raises(SchemaMismatch, match=advice):
        open_desk(location_of(any_cast), "bob")
    assert migrate.revision(any_cast.database) == found


INTERRUPTED = """
import os, signal, sys
from sqlalchemy import Engine, event
from deskterm.bootstrap import initialise

@event.listens_for(Engine, "before_cursor_execute")
def die(connection, cursor, statement, *rest):
    if statement.startswith(("CREATE VIRTUAL TABLE search", "CREATE TABLE search")):
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

initialise(sys.argv[1], "ada")
"""


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_a_migration_that_was_interrupted_is_done_again_from_the_start(
    on: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    location = str(tmp_path / "desk.db") if on == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with processes(("-c", INTERRUPTED, location)) as [console]:
        assert console.line() == "dying"
        console.finish()
    database = Database(location)
    assert migrate.revision(database) is None, "all of it or nothing"
    made, changed = initialise(location, "ada")
    assert changed
    assert examine(made) == []
    database.close()
    made.close()
