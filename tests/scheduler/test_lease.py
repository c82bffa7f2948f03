"""Leadership: one leader, followed at once when it dies and soon when it freezes, and never two that act."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from data import lease as leases
from data.engine import Database
from data.lease import Lease, LeaseLost, holder
from data.tables.core import lease
from tests.desks import Cast


def _database(cast: Cast) -> Database:
    location = str(cast.database.path) if cast.database.path else cast.database.url.render_as_string(hide_password=False)
    return Database(location)


def _age(cast: Cast, seconds: int) -> None:
    """Make the leader look as if it had not been seen for so long."""
    with cast.database.write() as connection:
        connection.execute(update(lease).values(seen_at=lease.c.seen_at - seconds))


def test_one_of_many_leads(any_cast: Cast) -> None:
    claims = [Lease(_database(any_cast)) for _ in range(5)]
    assert [claim.try_acquire() for claim in claims] == [True, False, False, False, False]
    assert [claim.try_acquire() for claim in claims] == [True, False, False, False, False]
    claims[0].release()
    assert claims[3].try_acquire()
    assert not claims[0].try_acquire()
    assert claims[3].epoch == 2


def test_who_leads_is_shown_until_they_give_up(any_cast: Cast) -> None:
    import os

    claim = Lease(_database(any_cast))
    assert holder(any_cast.database) is None
    claim.try_acquire()
    found = holder(any_cast.database)
    assert found is not None
    assert (found.pid, found.alive, found.fresh, found.epoch) == (os.getpid(), True, True, 1)
    claim.release()
    assert holder(any_cast.database) is None


def test_threads_that_claim_at_once_make_one_leader(any_cast: Cast) -> None:
    claims = [Lease(_database(any_cast)) for _ in range(6)]
    for _ in range(5):
        barrier = threading.Barrier(len(claims))

        def claim(one: Lease, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            one.try_acquire()

        threads = [threading.Thread(target=claim, args=[one]) for one in claims]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        leaders = [one for one in claims if one.leading]
        assert len(leaders) <= 1
        for one in claims:
            one.try_acquire()
        leaders = [one for one in claims if one.leading]
        assert len(leaders) == 1
        assert leaders[0].held()
        leaders[0].release()


def test_a_stale_leader_is_followed_and_learns_it_before_it_writes(any_cast: Cast) -> None:
    old, new = Lease(_database(any_cast)), Lease(_database(any_cast))
    assert old.try_acquire()
    _age(any_cast, leases.STALE_SECONDS - 2)
    assert not new.try_acquire()
    _age(any_cast, 10)
    assert new.try_acquire(), "its lock is held, but it has shown no sign of life"
    assert old.leading, "it does not know yet"
    with pytest.raises(LeaseLost), old.database.write() as connection:
        old.confirm(connection)
    assert not old.held()
    assert not old.renew()
    assert not old.leading
    with new.database.write() as connection:
        new.confirm(connection)
    assert new.renew()


def test_after_a_frozen_leader_a_killed_one_is_followed_at_once(any_cast: Cast) -> None:
    """The frozen one's lock is in nobody's way: every leadership has its own."""
    frozen, second, third = (Lease(_database(any_cast)) for _ in range(3))
    frozen.try_acquire()
    _age(any_cast, leases.STALE_SECONDS + 1)
    assert second.try_acquire()
    second._lock.release()  # what the system does to a process that is killed
    assert third.try_acquire()
    assert third.epoch == 3


def test_a_clock_set_back_does_not_keep_a_dead_or_frozen_leader_in_office(any_cast: Cast) -> None:
    old, new = Lease(_database(any_cast)), Lease(_database(any_cast))
    old.try_acquire()
    _age(any_cast, -3600)
    assert new.try_acquire()


def test_waiting_ends_when_told_to(cast: Cast) -> None:
    leader, follower, stop = Lease(cast.database), Lease(cast.database), threading.Event()
    leader.try_acquire()
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(follower.wait(stop, poll_seconds=0.01)))
    thread.start()
    stop.set()
    thread.join(5)
    assert answers == [False]
    stop.clear()
    leader.release()
    assert follower.wait(stop, poll_seconds=0.01)


def test_a_leader_whose_lock_file_was_deleted_leads_no_more(cast: Cast, tmp_path: Path) -> None:
    claim = Lease(cast.database)
    claim.try_acquire()
    files = list(tmp_path.glob("*.scheduler-*"))
    assert len(files) == 1
    files[0].unlink()
    assert not claim.renew()
    assert not claim.leading


def test_lock_files_do_not_pile_up(cast: Cast, tmp_path: Path) -> None:
    for _ in range(4):
        claim = Lease(cast.database)
        assert claim.try_acquire()
        claim.release()
    assert list(tmp_path.glob("*.scheduler-*")) == []


def test_a_session_that_postgresql_ended_leads_no_more(postgres_cast: Cast) -> None:
    claim = Lease(postgres_cast.database)
    claim.try_acquire()
    with postgres_cast.database.write() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    assert not claim.renew()
    assert not claim.leading
    assert claim.try_acquire()


def test_the_row_names_no_more_than_one_lease(any_cast: Cast) -> None:
    for _ in range(3):
        claim = Lease(any_cast.database)
        claim.try_acquire()
        claim.release()
    with any_cast.database.read() as connection:
        assert [row.epoch for row in connection.execute(select(lease.c.epoch))] == [3]
