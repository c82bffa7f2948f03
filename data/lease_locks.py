"""The locks of leaderships: one for each epoch, which the system gives back when whoever holds it dies.

Since every epoch has its own, the lock that a frozen leader cannot give back is in nobody's way.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from contextlib import ExitStack, suppress
from pathlib import Path

from sqlalchemy import Connection, exc, text

from data.engine import Database
from data.errors import ReadOnlyDatabase


class FileLock:
    """`flock` on a file beside a SQLite file, `desk.db.scheduler-7` for epoch 7; at most a dead leader's is left lying."""

    def __init__(self, database: Path, name: str) -> None:
        self._stem = f"{database.name}.{name}-"
        self._folder = database.parent
        self._descriptor: int | None = None
        self._epoch = 0

    def acquire(self, epoch: int) -> bool:
        """Take the lock of an epoch and keep it; return false where somebody else has it.

        Raises:
            ReadOnlyDatabase: no file can be made beside the desk's.
        """
        path = self._path(epoch)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as problem:
            raise ReadOnlyDatabase(f"{path} cannot be made: {problem.strerror}; the desk's folder must be writable") from problem
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor, self._epoch = descriptor, epoch
        return True

    def is_free(self, connection: Connection, epoch: int) -> bool:
        """Return whether nobody holds the lock of an epoch."""
        try:
            descriptor = os.open(self._path(epoch), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        except PermissionError:  # another account's, so nothing is known of it; that it grows stale will still show
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    def is_alive(self) -> bool:
        """Return whether the lock taken is certainly still ours, and its file still there for others to see it."""
        if self._descriptor is None:
            return False
        try:
            there = os.stat(self._path(self._epoch))
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(self._descriptor), there)

    def release(self) -> None:
        """Give the lock back, and tidy away the files of this epoch and those before it."""
        if self._descriptor is None:
            return
        for path in self._folder.glob(f"{self._stem}*"):
            number = path.name.removeprefix(self._stem)
            if number.isdigit() and int(number) <= self._epoch:
                # Whoever finds a file gone takes its leader for dead: true of this epoch from here on, and of all before.
                with suppress(FileNotFoundError):
                    path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    def _path(self, epoch: int) -> Path:
        return self._folder / f"{self._stem}{epoch}"


_TRY = text("SELECT pg_try_advisory_lock(:space, :epoch)")
_PROBE = text("SELECT pg_try_advisory_xact_lock_shared(:space, :epoch)")
_ALIVE = text("SELECT 1")


class AdvisoryLock:
    """A session's advisory lock of PostgreSQL, on a connection that does nothing else: a busy one would outlive its client."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._space = zlib.crc32(f"deskterm.{name}".encode()) & 0x7FFFFFFF
        self._session = ExitStack()
        self._connection: Connection | None = None

    def acquire(self, epoch: int) -> bool:
        """Take the lock of an epoch and keep it; return false where somebody else has it."""
        self.release()
        session = ExitStack()
        with session:
            connection = session.enter_context(self._database.dedicated())
            if not connection.execute(_TRY, {"space": self._space, "epoch": epoch}).scalar_one():
                return False
            self._connection, self._session = connection, session.pop_all()
        return True

    def is_free(self, connection: Connection, epoch: int) -> bool:
        """Return whether nobody holds the lock of an epoch: it can be shared, which ends with this transaction."""
        return bool(connection.execute(_PROBE, {"space": self._space, "epoch": epoch}).scalar_one())

    def is_alive(self) -> bool:
        """Return whether the session that holds the lock still stands."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(_ALIVE)
        except exc.DBAPIError:
            return False
        return True

    def release(self) -> None:
        """End the session, and the lock with it."""
        self._connection = None
        session, self._session = self._session, ExitStack()
        session.close()
