"""Leadership: of all the consoles and workers on one desk, who runs the shared jobs.

Every leadership has a number, its epoch, and a lock of its own that the operating system or PostgreSQL gives back when its
holder dies: a file lock beside a SQLite file, an advisory lock on an idle session of PostgreSQL. The row in `lease` names the
epoch that counts. So there are two ways to follow a leader, and neither has to ask the old one:

- it died: the lock of its epoch is free. Seen at the next look, about a second later.
- it is frozen, or cut off with its session still open: its lock is held, but `seen_at` has grown stale by the database's clock.

Either way the successor locks the next epoch and moves the row on from the one it saw; of two, one wins. A leader that thaws
finds another epoch in the row: `renew` says so, and `confirm` says so inside the transaction that is about to write.

What leaders do is left to `deskterm.scheduler`. The row is trusted to name a leader, never to keep an event from firing twice:
events have unique keys for that.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, select, update

from data.database_time import database_now
from data.engine import Database
from data.errors import DeskError
from data.lease_locks import AdvisoryLock, FileLock
from data.tables.core import lease
from data.upsert import upsert

STALE_SECONDS = 15
"""A leader not seen for so long may be followed although it still holds its lock."""
RENEW_SECONDS = 4
"""How often a leader shows that it lives."""
POLL_SECONDS = 1.0
"""How often a follower looks."""

SCHEDULER = "scheduler"
"""The one lease there is so far: who runs the shared jobs."""
_GONE = 0
"""`seen_at` of a leadership that was given up."""


class LeaseLost(DeskError):
    """Somebody else leads by now; whatever was about to be done on behalf of the lease is left undone."""

    code = "lease-lost"


class Lock(Protocol):
    """A lock for each epoch, given back when the process that holds it dies."""

    def acquire(self, epoch: int) -> bool:
        """Take the lock of an epoch and keep it; return false where somebody else has it."""
        ...

    def is_free(self, connection: Connection, epoch: int) -> bool:
        """Return whether nobody holds the lock of an epoch, which means that its leader is dead."""
        ...

    def is_alive(self) -> bool:
        """Return whether the lock taken is certainly still ours."""
        ...

    def release(self) -> None:
        """Give the lock back."""
        ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Who leads, as the row says."""

    pid: int
    host: str
    since: int
    seen_at: int
    epoch: int
    alive: bool
    """Its lock is held. A leader that is alive but not fresh is frozen, or cannot reach the database."""
    fresh: bool
    """It was seen within `STALE_SECONDS`, by the database's clock."""


_ROW = select(lease).where(lease.c.name == bindparam("lease_name"))
_MINE = (lease.c.name == bindparam("lease_name"), lease.c.holder == bindparam("own"), lease.c.epoch == bindparam("own_epoch"))
_FOLLOW = update(lease).where(lease.c.name == bindparam("lease_name"), lease.c.epoch == bindparam("seen_epoch"))
_TOUCH = update(lease).where(*_MINE).values(seen_at=bindparam("at"))
_CONFIRM = select(lease.c.epoch).where(*_MINE)


class Lease:
    """One process's claim to lead. Used by one thread; `confirm` and `leading` may be called from any."""

    def __init__(self, database: Database, name: str = SCHEDULER) -> None:
        self.database = database
        self.name = name
        self.holder = str(uuid.uuid4())
        self.epoch: int | None = None
        """The leadership we hold, None where we hold none."""
        self._lock: Lock = lock_of(database, name)

    @property
    def leading(self) -> bool:
        """Whether we led when we last looked."""
        return self.epoch is not None

    def try_acquire(self) -> bool:
        """Lead, if nobody does or the leader is dead or frozen; return whether we lead now.

        Raises:
            DatabaseError: the database cannot be used just now.
        """
        if self.leading:
            return self.renew()
        with self.database.read() as connection:
            seen = _read(connection, self.name, self._lock)
        if seen is not None and seen.alive and seen.fresh:
            return False
        epoch = seen.epoch + 1 if seen else 1
        if not self._lock.acquire(epoch):
            return False
        try:
            won = self._enter(seen, epoch)
        except BaseException:
            self._lock.release()
            raise
        if not won:
            self._lock.release()
            return False
        self.epoch = epoch
        return True

    def renew(self) -> bool:
        """Show that we live; return false, and lead no more, where the lock or the lease has gone.

        Raises:
            DatabaseError: the database cannot be used just now; whether we still lead is not known.
        """
        if self.epoch is None:
            return False
        if not self._lock.is_alive():
            self._forget()
            return False
        with self.database.write() as connection:
            arguments = self._own() | {"at": database_now(connection)}
            mine = connection.execute(_TOUCH, arguments).rowcount == 1
        if not mine:
            self._forget()
        return mine

    def held(self) -> bool:
        """Return whether we lead, asked of the database.

        Raises:
            DatabaseError: the database cannot be used just now.
        """
        if self.epoch is None or not self._lock.is_alive():
            return False
        with self.database.read() as connection:
            return connection.execute(_CONFIRM, self._own()).first() is not None

    def confirm(self, connection: Connection) -> None:
        """Refuse to go on in a transaction if we lead no more: a leader that was frozen learns it here, before it writes.

        Raises:
            LeaseLost: another epoch counts.
        """
        if self.epoch is None or connection.execute(_CONFIRM, self._own()).first() is None:
            raise LeaseLost("another console leads by now; this one runs no shared jobs")

    def release(self) -> None:
        """Stop leading, so that somebody else may at once.

        Raises:
            DatabaseError: the row could not be written. The lock is given back all the same, which is what counts.
        """
        if self.epoch is None:
            return
        own = self._own()
        self._forget()
        with self.database.write() as connection:
            connection.execute(_TOUCH, own | {"at": _GONE})

    def abandon(self) -> None:
        """Stop leading without a word to the database, because it cannot be reached."""
        self._forget()

    def wait(self, stop: threading.Event, *, poll_seconds: float = POLL_SECONDS) -> bool:
        """Block until we lead or `stop` is set; return whether we lead.

        Raises:
            DatabaseError: the database cannot be used just now.
        """
        while not stop.is_set():
            if self.try_acquire():
                return True
            stop.wait(poll_seconds)
        return False

    def _enter(self, seen: Holder | None, epoch: int) -> bool:
        """Move the row on from the leadership we saw; false where somebody else was quicker."""
        with self.database.write() as connection:
            now = database_now(connection)
            host = socket.gethostname()[:255]
            row = {"holder": self.holder, "pid": os.getpid(), "host": host, "since": now, "seen_at": now, "epoch": epoch}
            if seen is None:
                first = upsert(self.database.dialect, lease, {"name": self.name, **row}, keys=["name"], changes={})
                return connection.execute(first.returning(lease.c.epoch)).first() is not None
            arguments = {"lease_name": self.name, "seen_epoch": seen.epoch}
            return connection.execute(_FOLLOW.values(row), arguments).rowcount == 1

    def _own(self) -> dict[str, Any]:
        return {"lease_name": self.name, "own": self.holder, "own_epoch": self.epoch}

    def _forget(self) -> None:
        self.epoch = None
        self._lock.release()


def lock_of(database: Database, name: str) -> Lock:
    """Return the locks that leaderships on this database hold."""
    return AdvisoryLock(database, name) if database.path is None else FileLock(database.path, name)


def holder(database: Database, name: str = SCHEDULER) -> Holder | None:
    """Return who leads, None where nobody does or the leader gave up.

    A leader that died is returned with `alive` false until it is followed.
    """
    with database.read() as connection:
        found = _read(connection, name, lock_of(database, name))
    return None if found is None or found.seen_at == _GONE else found


def _read(connection: Connection, name: str, lock: Lock) -> Holder | None:
    row = connection.execute(_ROW, {"lease_name": name}).first()
    if row is None:
        return None
    # A clock set back leaves `seen_at` in the future; a leader that lives corrects that within RENEW_SECONDS.
    fresh = row.seen_at != _GONE and abs(database_now(connection) - row.seen_at) <= STALE_SECONDS
    alive = row.seen_at != _GONE and not lock.is_free(connection, row.epoch)
    return Holder(row.pid, row.host, row.since, row.seen_at, row.epoch, alive, fresh)
