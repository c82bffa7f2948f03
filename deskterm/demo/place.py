"""Where the demo desk lives: made aside and put in place whole, kept for a day, and never in the place of anything else."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from sqlalchemy import insert, select

from data import migrate
from data.engine import Database, pragma
from data.errors import DatabaseError
from data.tables.core import setting
from deskterm.civil_time import DAY_SECONDS
from deskterm.errors import InvalidInput, NotADesk

MARK = "demo_made_at"
"""The setting by which a demo desk is told from a real one: when it was made."""
BUILD = "demo_build"
"""The setting that says which build of the program made it: another one may have other tables under the same revision."""
KEPT_SECONDS = DAY_SECONDS
ABANDONED_SECONDS = 3600
VISITOR = "ada"
"""Who opens the demo: a supervisor, so that there is something to supervise."""
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside its file."""


def prepare(location: str | Path, fresh: bool, now: int) -> str:
    """Make sure of a demo desk that ends at about `now`, and return the login of whoever opens it.

    One of the last day is kept. A new one is written under another name and renamed when it is whole, so that neither a kill nor
    a full disk leaves half of one.

    Args:
        location: the demo's own file; its folder is made if need be.
        fresh: make a new one even if the last is good still.
        now: the present, in seconds since the epoch.

    Raises:
        InvalidInput: the location is no file.
        NotADesk: the file is there and is no demo desk; it is left alone.
    """
    if "://" in str(location):
        raise InvalidInput("the demo desk lives in a file of its own; name a path, or none at all")
    path = Path(location).expanduser().absolute()
    made_at = _made_at(path) if path.exists() else None
    if path.exists() and made_at is None:
        raise NotADesk(f"{path} is no demo desk and is left as it is; move it away to see the demo")
    if made_at is not None and not fresh and now - KEPT_SECONDS <= made_at <= now:
        return VISITOR
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(path, now)
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        _make(aside, now)
        _put_in_place(aside, path)
    finally:
        _remove(aside)
    return VISITOR


def _made_at(path: Path) -> int | None:
    """Return when a demo desk was made, 0 where another build of the program made it; None if the file is something else."""
    database = Database(str(path))
    try:
        with database.read() as connection:
            rows = connection.execute(select(setting.c.name, setting.c.value).where(setting.c.name.in_((MARK, BUILD))))
            told = {row.name: row.value for row in rows}
        found = told.get(MARK)
        current = migrate.revision(database) == migrate.HEAD and told.get(BUILD) == build_mark()
    except DatabaseError:
        return None
    finally:
        database.close()
    return found if isinstance(found, int) and current else 0 if isinstance(found, int) else None


def build_mark() -> str:
    """Return what tells this build of the program from others: its version, a digest of its schema and of the story."""
    import deskterm

    digest = hashlib.sha256()
    for folder in (Path(migrate.__file__).parent / "migrations" / "versions", Path(__file__).parent):
        for source in sorted(folder.glob("*.py")):
            digest.update(f"{source.name} {source.stat().st_size}\n".encode() + source.read_bytes())
    return f"{deskterm.__version__} {digest.hexdigest()[:32]}"


def _make(path: Path, now: int) -> None:
    from deskterm.demo.build import build

    database = Database(str(path))
    try:
        migrate.upgrade(database)
        build(database, now)
        with database.write() as connection:
            marks = {MARK: now, BUILD: build_mark()}
            connection.execute(insert(setting), [{"name": name, "value": value, "version": 1} for name, value in marks.items()])
        with database.dedicated() as connection:
            pragma(connection, "optimize")
            pragma(connection, "wal_checkpoint(TRUNCATE)")
    finally:
        database.close()


def _put_in_place(made: Path, path: Path) -> None:
    """Rename it; first goes what belonged to the file before, for SQLite would read an old log into the new desk."""
    _remove(path)
    with contextlib.suppress(FileNotFoundError):
        os.replace(_library_of(made), _library_of(path))
    os.replace(made, path)


def _sweep(path: Path, now: int) -> None:
    """Remove what a run that was killed left behind."""
    for left in path.parent.glob(f"{path.name}.*.new*"):
        if left.stat().st_mtime < now - ABANDONED_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for name in (path, *(path.with_name(path.name + ending) for ending in _BESIDE)):
        with contextlib.suppress(FileNotFoundError):
            name.unlink()
    shutil.rmtree(_library_of(path), ignore_errors=True)


def _library_of(path: Path) -> Path:
    """Return the folder in which a desk without another one keeps the files of its library."""
    return path.with_name(f"{path.name}.library")
