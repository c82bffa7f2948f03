"""Engines for the two databases a desk can live in, and the translation of their failures into sentences.

SQLite writes begin IMMEDIATE: a deferred transaction that turns into a writer fails with a lock error no time-out can cure.
"""

from __future__ import annotations

import os
import random
import shlex
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, make_url

from data.errors import DamagedDatabase, DatabaseBusy, DatabaseError, NotADesk, ReadOnlyDatabase, TransactionLost

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up with a sentence: longer than any import holds the file."""

LOOK_MILLISECONDS = 10
"""How often a writer looks whether it is its turn, about."""

APPLICATION_ID = 0x4445534B
"""`PRAGMA application_id` of a desk's file ("DESK"), so that another program's database is told apart."""

CACHE_KIBIBYTES = 512
"""What each connection keeps of the file for itself: the system keeps its pages anyway, and a console has several connections."""

_PRAGMAS = (
    "synchronous=NORMAL", f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON", f"cache_size=-{CACHE_KIBIBYTES}",
)  # fmt: skip
"""What every connection sets. The WAL mode is the file's own and set when a desk is made: a stranger's file stays as it is."""


class Database:
    """One desk's database: hands out connections for reading and transactions for writing."""

    def __init__(self, location: str, *, durable: bool = False, read_only: bool = False) -> None:
        """Prepare the engine; nothing is opened yet.

        Args:
            location: a file path, or a `postgresql://` URL.
            durable: on SQLite, wait for the disk on every commit (`synchronous=FULL`).
            read_only: have the database itself refuse every write; a SQLite file is left as it is to the last byte.

        Raises:
            DatabaseError: the location is not understood.
        """
        self.url = _as_url(location)
        self.dialect: str = self.url.get_backend_name()
        self.path: Path | None = Path(self.url.database) if self.dialect == "sqlite" and self.url.database else None
        make = _sqlite_engine if self.dialect == "sqlite" else _postgresql_engine
        self._engine = make(self.url, durable, read_only)
        self._writer = self._engine.execution_options(write=True)

    @property
    def label(self) -> str:
        """The location as it may be shown to a person: without a password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    def command(self, words: str) -> str:
        """Return a command about this desk as a person types it: `deskterm --database desk.db init`."""
        place = str(self.path) if self.path else self.url.set(drivername=self.dialect).render_as_string(hide_password=True)
        return f"deskterm --database {shlex.quote(place)} {words}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection in a read transaction: one consistent view of the desk."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in a write transaction: committed at the end, rolled back on any exception."""
        with self._translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def dedicated(self) -> Iterator[Connection]:
        """Yield a connection in autocommit mode, outside the pool: for a lock or a poll that lives long."""
        with self._translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            try:
                yield connection
            finally:
                connection.close()

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as problem:
            raise _translate(problem, self) from problem
        except exc.TimeoutError as problem:
            raise DatabaseBusy(f"{self.label}: no connection became free in time; try again") from problem


def _as_url(location: str) -> URL:
    if "://" not in location:
        return URL.create("sqlite", database=os.path.abspath(os.path.expanduser(location)))
    try:
        url = make_url(location)
    except (exc.ArgumentError, ValueError):
        raise DatabaseError(f"{location!r} is neither a file nor a URL; write a path or postgresql://…") from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url
    if backend != "postgresql":
        raise DatabaseError(f"DeskTerm runs on SQLite and PostgreSQL, not on {backend}; write a path or postgresql://…")
    return url.set(drivername="postgresql+psycopg")


def _sqlite_engine(url: URL, durable: bool, read_only: bool) -> Engine:
    if read_only:
        url = url.set(database=f"file:{quote(str(url.database))}", query={"mode": "ro", "uri": "true"})
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for setting in _PRAGMAS:
            connection.execute(f"PRAGMA {setting}")
        if durable:
            connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") == "AUTOCOMMIT":
            return
        if options.get("write"):
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection) -> None:
    """Begin to write, waiting for our turn.

    SQLite itself looks ten times a second whether the file is free. Whoever writes one thing after the other leaves it free for a
    few milliseconds at a time, so that somebody who waits might never get in: we look more often, and at no fixed beat.
    """
    raw: Any = connection.connection.dbapi_connection
    end = time.monotonic() + BUSY_SECONDS
    raw.execute(f"PRAGMA busy_timeout={LOOK_MILLISECONDS}")
    try:
        while time.monotonic() < end:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                if "locked" not in str(problem):
                    break
                time.sleep(random.uniform(0, LOOK_MILLISECONDS / 1000))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # for the error as everybody knows it, if it is one still
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _postgresql_engine(url: URL, durable: bool, read_only: bool) -> Engine:
    keepalive = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
    if read_only:
        given = str(url.query.get("options", ""))
        url = url.update_query_dict({"options": f"{given} -c default_transaction_read_only=on".strip()})
    try:
        engine = create_engine(
            url, pool_pre_ping=True, pool_size=4, max_overflow=8, connect_args={"connect_timeout": 5, **keepalive}
        )
    except ModuleNotFoundError:
        raise DatabaseError("PostgreSQL needs its driver; install it with: pip install 'deskterm[postgresql]'") from None

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # PostgreSQL would wait for ever for somebody who holds a lock: a frozen console, a table being altered.
        connection.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.commit()

    return engine


def _translate(problem: exc.DBAPIError, database: Database) -> Exception:
    """Return the sentence for a driver's failure, or the failure itself where it is a bug of ours."""
    text = str(problem.orig)
    lowered = text.lower()
    for marks, error in _SENTENCES:
        if any(mark in lowered for mark in marks):
            kind, sentence = error
            return kind(
                sentence.format(label=database.label, init=database.command("init"), restore=database.command("restore FILE"))
            )
    if problem.connection_invalidated or (isinstance(problem, exc.OperationalError) and "connect" in lowered):
        return DatabaseError(f"{database.label} cannot be reached: {text.splitlines()[0]}")
    return problem


_SENTENCES: tuple[tuple[tuple[str, ...], tuple[type[DatabaseError], str]], ...] = (
    (
        ("database is locked", "lock timeout"),
        (DatabaseBusy, "{label} is locked by somebody else; nothing was written, try again"),
    ),
    (
        ("deadlock detected", "could not serialize"),
        (TransactionLost, "{label}: somebody else changed the same records at once; nothing was written, try again"),
    ),
    (
        ("readonly database", "read-only transaction"),
        (ReadOnlyDatabase, "{label} is read-only; nothing was written. Make it writable or open another desk"),
    ),
    (
        ("permission denied for",),
        (DatabaseError, "{label}: this role of the database may not do that; nothing was written. Have it granted the tables"),
    ),
    (
        ("file is not a database", "file is encrypted"),
        (
            NotADesk,
            "{label} is not a database; name a desk's file, or a new one and create it with: deskterm --database FILE init",
        ),
    ),
    (
        (
            "database disk image is malformed",
            "malformed database schema",
        ),
        (DamagedDatabase, "{label} is damaged; restore a backup with: {restore}"),
    ),
    (
        ("unable to open database file",),
        (DatabaseError, "{label} cannot be opened; check that its folder exists and may be written"),
    ),
    (
        ("disk is full", "no space left"),
        (DatabaseError, "{label}: the disk is full; nothing was written. Free some space and save again"),
    ),
    (("disk i/o error",), (DatabaseError, "{label}: the disk reports an error; nothing was written")),
    (("no such table", "undefinedtable"), (NotADesk, "{label} holds no desk; create one with: {init}")),
)
"""What a driver's message means to a person: the marks it is known by, and the error it becomes."""


def pragma(connection: Connection, name: str) -> Any:
    """Return the value of a SQLite pragma."""
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
