"""What every test may ask for. Textual's animations are off before anything can import it, for it reads this once."""

from __future__ import annotations

import os

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import at_rest, postgres
from tests.desks import Cast, cast_at, cast_on, make_cast, sqlite_file

at_rest.use()
# How long an example takes says how busy the machine is, and nothing about the desk.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for each pytest worker, started by the first test that asks for it.

    Being the worker's own, it may be stopped by a test; the next `postgres_url` starts it again.
    """
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="session")
def stoppable_postgres(postgres_server: postgres.Server) -> Iterator[postgres.Server]:
    """A server that a test may stop and start, also where `DESKTERM_TEST_POSTGRES` lends the usual one."""
    if postgres_server.ours:
        yield postgres_server
        return
    with postgres.own_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database of this test's own."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """A small desk with its people on a SQLite file of the test's own."""
    with cast_on(sqlite_file(tmp_path)) as made:
        yield made


@pytest.fixture
def postgres_cast(postgres_server: postgres.Server) -> Iterator[Cast]:
    """The same desk on PostgreSQL, in a database of the test's own."""
    with postgres_server.database(postgres_server.template("cast", make_cast)) as url, cast_at(url) as made:
        yield made


@pytest.fixture(params=["cast", "postgres_cast"], ids=["sqlite", "postgresql"])
def any_cast(request: pytest.FixtureRequest) -> Cast:
    """The same desk on each database in turn."""
    made = request.getfixturevalue(request.param)
    assert isinstance(made, Cast)
    return made
