"""The schema: migrations and tables agree, guards hold against SQL itself, strangers' databases are told apart."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, exc, insert, text, update

from data import migrate, tables
from data.base import metadata
from data.engine import Database
from data.errors import DatabaseError, DeskError, NotADesk, SchemaMismatch
from data.tables import partial_indexes
from data.tables.core import HOLDS, journal, link, record
from data.tables.service_level import calendar_revision, policy
from tests.desks import Cast

tables.declare_all()
assert partial_indexes


def test_the_newest_migration_is_the_one_the_program_needs() -> None:
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert script.get_current_head() == migrate.HEAD
    assert [rev.revision for rev in script.walk_revisions()][::-1] == list(migrate.KNOWN)


def test_migrations_build_what_the_tables_declare(any_cast: Cast) -> None:
    with any_cast.database.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: not (kind == "table" and str(name).startswith("search"))},
        )
        differences = compare_metadata(context, metadata)
    assert not [difference for difference in differences if "search" not in str(difference)]


def test_that_a_link_holds_is_asked_as_its_index_says() -> None:
    """SQLite 3.53 fails on a bound value there where `OR` joins both ends, and PostgreSQL's generic plan forgets the index."""
    (current,) = [index for index in link.indexes if index.name == "uq_link_current"]
    assert f"link.{current.dialect_options['sqlite']['where']}" == str(HOLDS.compile())


@pytest.mark.parametrize("table", [journal, policy, calendar_revision], ids=lambda table: table.name)
def test_sql_cannot_edit_what_is_append_only(any_cast: Cast, table: object) -> None:
    any_cast.incident()
    key = next(iter(table.primary_key))  # type: ignore[attr-defined]
    for statement in (update(table).values({key.name: key}), delete(table)):  # type: ignore[arg-type]
        with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
            connection.execute(statement)
    if any_cast.database.dialect == "postgresql":
        with pytest.raises(exc.DBAPIError, match="append-only"), any_cast.database.write() as connection:
            connection.execute(text(f"TRUNCATE {table.name} CASCADE"))  # type: ignore[attr-defined]


def test_initialising_twice_changes_nothing(any_cast: Cast) -> None:
    assert migrate.upgrade(any_cast.database) is False
    migrate.require_current(any_cast.database)


@pytest.mark.parametrize(
    ("found", "advice"), [("0001", r"upgrade it with: deskterm --database \S+\.db init$"), ("9999", "update DeskTerm")]
)
def test_another_schema_is_refused_with_what_to_do(cast: Cast, found: str, advice: str) -> None:
    with cast.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    with pytest.raises(SchemaMismatch, match=advice):
        migrate.require_current(cast.database)
    if found == "9999":
        with pytest.raises(SchemaMismatch, match="newer"):
            migrate.upgrade(cast.database)


def _other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url text)")
    connection.close()


def _rubbish(path: Path) -> None:
    path.write_bytes(b"\x89PNG rubbish " * 400)


def _foreign_mark(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA application_id = 77")
        connection.execute("CREATE TABLE journal (x)")
        connection.execute("CREATE TABLE alembic_version (version_num)")
    connection.close()


@pytest.mark.parametrize("prepare", [_other_program, _rubbish, _foreign_mark], ids=lambda make: make.__name__)
def test_what_is_no_desk_is_refused_and_left_alone(tmp_path: Path, prepare: object) -> None:
    path = tmp_path / "other.db"
    prepare(path)  # type: ignore[operator]
    before = path.read_bytes()
    for attempt in (migrate.require_current, migrate.upgrade):
        with pytest.raises(NotADesk, match=r"other\.db"):
            attempt(Database(str(path)))
    assert path.read_bytes() == before


def test_a_missing_file_names_the_cure_and_is_not_created(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(NotADesk, match=f"create one with: deskterm --database {path} init"):
        migrate.require_current(Database(str(path)))
    assert not path.exists()


@pytest.mark.parametrize("location", ["mysql://x/y", "://"])
def test_a_location_of_another_sort_is_refused(location: str) -> None:
    with pytest.raises(DatabaseError):
        Database(location)


def _migrate_until_the_power_fails(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        raise RuntimeError("power cut")


def test_an_interrupted_migration_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    database = Database(str(path))
    with pytest.raises(RuntimeError, match="power cut"):
        _migrate_until_the_power_fails(database)
    assert migrate.revision(database) is None
    assert migrate.upgrade(database) is True


def test_a_password_is_never_shown() -> None:
    assert "hunter2" not in Database("postgresql://desk:hunter2@127.0.0.1/desk").label


def test_a_second_row_of_the_same_number_is_refused(cast: Cast) -> None:
    texts = dict.fromkeys(("kind", "number", "title", "title_key", "state"), "x")
    row = texts | {"version": 1, "created_at": 0, "updated_at": 0}
    with pytest.raises(exc.IntegrityError), cast.database.write() as connection:
        connection.execute(insert(record), [row, row])


def _downgrade(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def test_a_desk_from_before_configuration_management_keeps_its_cis(any_cast: Cast) -> None:
    """Down to the desk as it was and up again: fields that were there stay, services of CIs are dated, types are planted."""
    any_cast.ada.create("ci", {"name": "db-1", "type": "database", "service": "Payroll", "serial": "SN-1"})
    _downgrade(any_cast.database, "0002")
    with any_cast.database.write() as connection:
        connection.execute(text("UPDATE ci SET type = 'espresso machine'"))
    assert migrate.upgrade(any_cast.database)
    with any_cast.database.read() as connection:
        dated = connection.execute(text("SELECT count(*) FROM link WHERE relation = 'belongs-to' AND valid_from > 0")).scalar()
        kept = connection.execute(text("SELECT serial FROM ci WHERE serial IS NOT NULL")).scalar()
    assert (dated, kept) == (2, "SN-1")
