"""The worker as a process: it works, says what it does, ends on a signal and outlives its database."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from data.engine import Database
from deskterm.clock import SystemClock
from deskterm.job_runs import status
from tests import postgres
from tests.desks import Cast, cast_on
from tests.processes import eventually, processes

CODE = "import sys; from deskterm.worker import main; sys.exit(main(sys.argv[1]))"


def _runs(database: Database) -> int:
    return sum(job.runs for job in status(database).jobs)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_worker_runs_the_jobs_until_a_signal_ends_it(cast: Cast, number: signal.Signals) -> None:
    location = str(cast.database.path)
    with processes(("-c", CODE, location)) as [worker]:
        eventually(lambda: status(cast.database).leader)
        eventually(lambda: _runs(cast.database) >= 6)
        worker.ask_to_stop(number)
        code, out, err = worker.finish()
    assert (code, out) == (0, "")
    lines = err.splitlines()
    assert all(line[:4].isdigit() and line[19] == "Z" for line in lines), err
    assert lines[0].endswith(f"the worker runs on {location}")
    assert lines[-1].endswith("the worker has ended")
    assert status(cast.database).leader is None


def test_without_a_desk_it_says_so_and_ends(tmp_path: Path) -> None:
    with processes(("-c", CODE, str(tmp_path / "none.db"))) as [worker]:
        code, _, err = worker.finish()
    assert code == 3
    assert f"create one with: deskterm --database {tmp_path / 'none.db'} init" in err
    assert "Traceback" not in err
    assert not (tmp_path / "none.db").exists()


def test_it_goes_on_by_itself_once_postgresql_is_back(stoppable_postgres: postgres.Server) -> None:
    with stoppable_postgres.database() as url:
        with cast_on(url, now=SystemClock().now()) as cast:
            cast.incident()
        database = Database(url)
        with processes(("-c", CODE, url)) as [worker]:
            eventually(lambda: status(database).leader)
            stoppable_postgres.stop(mode="immediate")
            stoppable_postgres.start()
            eventually(lambda: _new_leader(database))
            worker.ask_to_stop()
            code, _, err = worker.finish()
        database.close()
    assert code == 0
    assert err.count("leading: running the shared jobs") == 2
    assert "Traceback" not in err


def _new_leader(database: Database) -> bool:
    from data.lease import holder
    from deskterm.errors import DeskError

    try:
        found = holder(database)
    except DeskError:
        return False
    return found is not None and found.epoch == 2 and found.alive


def test_it_waits_for_a_database_that_is_not_there_yet(stoppable_postgres: postgres.Server) -> None:
    with stoppable_postgres.database() as url:
        with cast_on(url):
            pass
        stoppable_postgres.stop()
        with processes(("-c", CODE, url)) as [worker]:
            stoppable_postgres.start()
            database = Database(url)
            eventually(lambda: status(database).leader)
            worker.ask_to_stop()
            assert worker.finish()[0] == 0
        database.close()
