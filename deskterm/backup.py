"""Backup and restore: one verified file, whichever database the desk lives in, from which either kind can be made again.

The file is a SQLite desk with a seal (`data.seal`). From SQLite it is copied page by page while everybody works on, from
PostgreSQL row by row out of one snapshot. Nothing appears under the name asked for before it is whole, examined and on the disk;
what a crash leaves behind is a hidden `.part`, which the next attempt clears away.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select

from data import feed, migrate, portable, seal
from data.engine import BUSY_SECONDS, Database
from data.errors import DamagedDatabase
from data.tables.core import record
from deskterm.clock import SystemClock
from deskterm.doctor import Finding, examine
from deskterm.errors import DatabaseError, InvalidInput, NotADesk
from deskterm.kinds import Registry, declared
from deskterm.permissions import DESK
from deskterm.records import indexing
from deskterm.records.unit import unit_of_work

BATCH = 500
FATAL = frozenset({"integrity", "damaged", "unreadable", "reference", "not-a-desk"})
"""What the doctor may find in no copy: it would be none. Everything else is the desk's own affair and is reported with it."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of a backup or a restore."""

    place: str
    records: int
    findings: tuple[Finding, ...]
    """What the doctor said of the copy; what is wrong with the desk is wrong with its copy."""


def backup(database: Database, file: str | Path, *, registry: Registry | None = None) -> Copied:
    """Write a verified copy of a desk to a new file while it is in use.

    Raises:
        InvalidInput: the file exists already, or its folder does not.
        DatabaseError: the desk cannot be read, the disk is full, or the copy does not pass its examination.
    """
    kinds = registry or declared()
    with _whole(Path(file)) as part:
        if database.path is not None:
            _copy_pages(database, part)
        else:
            _copy_rows(database, part, kinds)
        with _opened(part) as copy:
            for table in portable.TRANSIENT:
                copy.execute(f"DELETE FROM {table}")
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            seal.write(copy)
        return _verified(Database(str(part)), str(file), kinds)


def restore(file: str | Path, location: str, *, registry: Registry | None = None) -> Copied:
    """Make a desk of a backup, in a new SQLite file or an empty PostgreSQL database.

    Raises:
        InvalidInput: there is a desk already, or the file is no backup.
        DatabaseError: the backup is damaged, newer than this program, or does not arrive whole.
    """
    source, kinds = Path(file), registry or declared()
    check_seal(source)
    target = Database(location)
    if target.path is not None:
        with _whole(target.path) as part:
            _unsealed(source, part)
            done = _verified(Database(str(part)), str(target.path), kinds)
            with _opened(part) as copy:
                copy.execute("PRAGMA journal_mode = WAL")
        return done
    _refuse_used(target)
    with tempfile.TemporaryDirectory(prefix="deskterm-restore-") as folder:
        part = Path(folder) / "desk.db"
        _unsealed(source, part)
        copy_of = Database(str(part))
        try:
            _load(copy_of, target, kinds)
        finally:
            copy_of.close()
    return _verified(target, target.label, kinds)


def check_seal(file: Path) -> None:
    """Check that a file is a backup, and still the one that was made.

    Raises:
        InvalidInput: it is none.
        DamagedDatabase: something in it changed since.
    """
    if not file.is_file():
        raise InvalidInput(f"there is no file {file}")
    try:
        with closing(_reading(file, "immutable=1")) as connection:
            wrong = [row[0] for row in connection.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            wrong = wrong or [f"{name} is not what it was" for name in seal.broken(connection)]
    except sqlite3.OperationalError as problem:
        if "no such table" in str(problem):
            raise InvalidInput(f"{file} is no backup: it has no seal; make one with: deskterm backup FILE") from None
        raise DamagedDatabase(f"{file} is damaged: {problem}; take another backup") from problem
    except sqlite3.DatabaseError as problem:
        if "not a database" in str(problem):
            raise InvalidInput(f"{file} is no backup: it is not a database at all") from None
        raise DamagedDatabase(f"{file} is damaged: {problem}; take another backup") from problem
    if wrong:
        raise DamagedDatabase(f"{file} was changed or damaged since it was made ({wrong[0]}); take another backup")


def _reading(file: Path, how: str) -> sqlite3.Connection:
    """Open a SQLite file without a chance to change it; `immutable` one that nobody else changes either."""
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True, timeout=BUSY_SECONDS)


def _copy_pages(database: Database, part: Path) -> None:
    """Copy a SQLite file as it is at this instant; writers go on meanwhile."""
    if migrate.revision(database) is None:
        raise NotADesk(f"{database.label} holds no desk yet; create one with: {database.command('init')}")
    assert database.path is not None
    with closing(_reading(database.path, "mode=ro")) as source, _opened(part) as copy:
        source.backup(copy)


def _copy_rows(database: Database, part: Path, registry: Registry) -> None:
    """Copy a desk on PostgreSQL out of one snapshot, and prove that every row arrived."""
    migrate.require_current(database)
    copy = Database(str(part))
    try:
        migrate.upgrade(copy)
        with database.read() as source:
            feed.isolate(source)
            with copy.write() as target:
                portable.copy_rows(source, target)
            with copy.read() as target:
                _compare(portable.digests(source), portable.digests(target), str(part))
        _index(copy, registry)
    finally:
        copy.close()


def _load(copy: Database, target: Database, registry: Registry) -> None:
    """Fill an empty PostgreSQL database from a copy: all of it or nothing."""
    migrate.upgrade(target)
    with copy.read() as source, target.write() as connection:
        portable.copy_rows(source, connection)
        _compare(portable.digests(source), portable.digests(connection), target.label)
    _index(target, registry)


def _compare(sent: dict[str, tuple[int, int]], arrived: dict[str, tuple[int, int]], place: str) -> None:
    wrong = sorted(name for name in sent if sent[name] != arrived[name])
    if wrong:
        raise DatabaseError(f"the copy in {place} differs from the desk in {', '.join(wrong)}; nothing was kept")


def _index(database: Database, registry: Registry) -> None:
    """Make the search index of a copy, which is not copied but follows from the records."""
    after = 0
    while True:
        with database.read() as connection:
            found = indexing.missing(connection, limit=BATCH, after=after)
        if not found:
            return
        after = found[-1]
        with unit_of_work(database, registry, DESK, SystemClock().now(), "restore") as unit:
            indexing.reindex(unit, found)


def _unsealed(source: Path, part: Path) -> None:
    """Make a desk of a backup: without its seal, and of this program's schema."""
    with closing(_reading(source, "immutable=1")) as sealed, _opened(part) as copy:
        sealed.backup(copy)
        seal.remove(copy)
    database = Database(str(part))
    try:
        migrate.upgrade(database)
    finally:
        database.close()
    with _opened(part) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")


def _refuse_used(target: Database) -> None:
    if migrate.revision(target) is None:
        return
    with target.read() as connection:
        if connection.execute(select(record.c.id).limit(1)).first() is not None:
            raise InvalidInput(f"there is a desk in {target.label} already; restore into an empty database")


def _verified(database: Database, place: str, registry: Registry) -> Copied:
    """Examine a copy.

    Raises:
        DamagedDatabase: it is none.
    """
    try:
        found = examine(database, registry=registry)
        fatal = [one for one in found if one.code in FATAL]
        if fatal:
            raise DamagedDatabase(f"no sound copy can be made: {fatal[0].message}. See: deskterm doctor")
        with database.read() as connection:
            records = connection.execute(select(func.count()).select_from(record)).scalar_one()
    finally:
        database.close()
    return Copied(place, int(records), tuple(found))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file for copying, and put the driver's failures in sentences."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield connection
    except sqlite3.DatabaseError as problem:
        full = any(word in str(problem) for word in ("full", "disk I/O"))
        cause = "the disk is full or fails" if full else str(problem)
        raise DatabaseError(f"the copy could not be written: {cause}; nothing was kept") from problem


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """Yield a hidden name to write to; give it the one asked for if all went well, and leave nothing behind if not.

    Raises:
        InvalidInput: the file exists, somebody else writes it just now, or its folder does not exist.
    """
    if file.exists():
        raise InvalidInput(f"{file} exists already; nothing is overwritten, name another file")
    if not file.parent.is_dir():
        raise InvalidInput(f"the folder {file.parent} does not exist; create it or name another place")
    part = file.absolute().with_name(f".{file.name}.part")
    guard = _guard(part, file)
    try:
        _clear(part)
        yield part
        _sync(part)
        try:
            os.link(part, file)  # which fails where the name was taken meanwhile; a rename would overwrite
        except FileExistsError:
            raise InvalidInput(f"{file} was made by somebody else meanwhile; name another file") from None
        _sync(file.absolute().parent)
    finally:
        _clear(part)
        os.unlink(_guard_path(part))
        os.close(guard)


def _guard_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.lock")


def _guard(part: Path, file: Path) -> int:
    """Hold off a second writer of the same file; a killed one leaves nothing that would."""
    try:
        guard = os.open(_guard_path(part), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise InvalidInput(f"{file} cannot be written: {problem.strerror}") from None
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(guard)
        raise InvalidInput(f"{file} is being written by another process just now") from None
    return guard


def _clear(part: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        part.with_name(part.name + ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until the disk has it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
