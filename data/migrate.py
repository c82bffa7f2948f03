"""The schema's history, applied from Python: one line of revisions for both databases. Alembic is imported only to write."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from data.engine import APPLICATION_ID, Database, pragma
from data.errors import DatabaseError, NotADesk, SchemaMismatch

HEAD = "0017"
"""The revision this program works with; a test keeps it equal to the newest migration."""

KNOWN = tuple(f"{number:04d}" for number in range(1, int(HEAD) + 1))
_REVISION = text("SELECT version_num FROM alembic_version")


def revision(database: Database) -> str | None:
    """Return the revision a database is at, None where it holds nothing at all.

    Raises:
        NotADesk: it holds tables, but not a desk's.
    """
    with database.read() as connection:
        return _revision(connection, database.label)


def _revision(connection: Connection, label: str) -> str | None:
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    foreign = connection.dialect.name == "sqlite" and pragma(connection, "application_id") not in (0, APPLICATION_ID)
    if foreign or "alembic_version" not in names or ("journal" not in names and len(names) > 1):
        raise NotADesk(f"{label} belongs to another program; name another place with --database")
    found = connection.execute(_REVISION).scalar()
    return str(found) if found else None


def require_current(database: Database) -> None:
    """Check that the database is a desk that this program can work with.

    Raises:
        NotADesk: nothing there, or not a desk.
        SchemaMismatch: a desk, but older or newer than this program.
        DatabaseError: it may not be looked at, or cannot be reached.
    """
    if database.path is not None:
        try:
            there = database.path.exists()
        except PermissionError:
            raise DatabaseError(f"{database.label} is in a folder that you may not enter; ask whoever owns it") from None
        if not there:
            raise NotADesk(f"there is no desk at {database.label}; create one with: {database.command('init')}")
    at = revision(database)
    if at is None:
        raise NotADesk(f"{database.label} holds no desk yet; create one with: {database.command('init')}")
    if at == HEAD:
        return
    if at in KNOWN:
        older = f"{database.label} is at schema {at}, this program needs {HEAD}"
        raise SchemaMismatch(f"{older}; upgrade it with: {database.command('init')}")
    raise SchemaMismatch(f"{database.label} is at schema {at}, newer than this program knows ({HEAD}); update DeskTerm")


def upgrade(database: Database) -> bool:
    """Bring the schema to `HEAD`, in one transaction; return whether anything changed.

    Raises:
        NotADesk: the place belongs to another program.
        SchemaMismatch: the schema is newer than this program.
    """
    from alembic import command
    from alembic.config import Config

    at = revision(database)
    if at == HEAD:
        return False
    if at is not None and at not in KNOWN:
        raise SchemaMismatch(f"{database.label} is at schema {at}, newer than this program knows ({HEAD}); update DeskTerm")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if database.dialect == "sqlite":
        with database.dedicated() as connection:
            pragma(connection, "journal_mode=WAL")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
