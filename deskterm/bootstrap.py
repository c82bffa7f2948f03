"""Wiring, in one place: from settings to a desk that one person works with."""

from __future__ import annotations

from sqlalchemy import Connection, select

from data import migrate
from data.engine import Database
from data.tables.core import record
from data.tables.people import agent
from deskterm.clock import Clock, SystemClock
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.kinds import Registry, declared
from deskterm.permissions import DESK, Actor, Role
from deskterm.records import resolve


def open_desk(
    location: str, login: str, *, clock: Clock | None = None, at: int | None = None, registry: Registry | None = None
) -> Desk:
    """Open an existing desk as one of its agents.

    Raises:
        DatabaseError: there is no desk, or not one this program can work with.
        NotAllowed: nobody with this login works here.
    """
    database = Database(location)
    migrate.require_current(database)
    return desk_of(database, login, clock=clock, at=at, registry=registry)


def desk_of(
    database: Database, login: str, *, clock: Clock | None = None, at: int | None = None, registry: Registry | None = None
) -> Desk:
    """Return an agent's access to a database that is known to be a desk."""
    with database.read() as connection:
        actor = identify(connection, login)
    return Desk(database, registry or declared(), clock or SystemClock(), actor, at)


def desk_itself(database: Database, *, clock: Clock | None = None, registry: Registry | None = None) -> Desk:
    """Return the access that jobs have: the desk acting by itself."""
    return Desk(database, registry or declared(), clock or SystemClock(), DESK)


def identify(connection: Connection, login: str) -> Actor:
    """Return who a login is and what they may do.

    Raises:
        NotAllowed: there is no such agent, or no longer.
    """
    try:
        key = resolve.one_of(connection, login, ("agent",))
    except ValueError:
        raise NotAllowed(f"nobody with the login {login!r} works on this desk; an administrator adds them as an agent") from None
    columns = (record.c.title, record.c.state, agent.c.roles, agent.c.active, agent.c.person_id, agent.c.tz)
    row = connection.execute(select(*columns).join(agent, agent.c.id == record.c.id).where(record.c.id == key)).one()
    if not row.active or row.state != "active":
        raise NotAllowed(f"the login {login!r} is not active any more; ask an administrator")
    from data.queries import records as q
    from deskterm.relation_words import MEMBER_OF

    teams = tuple(sorted(link.target_id for link in connection.execute(q.LINKED_FROM, {"relation": MEMBER_OF, "id": key})))
    return Actor(row.title, key, frozenset(Role(role) for role in row.roles), teams, row.person_id, tz=row.tz or "UTC")


def initialise(location: str, administrator: str, *, clock: Clock | None = None) -> tuple[Database, bool]:
    """Create or migrate a desk; its first agent becomes administrator. Doing it again changes nothing.

    Returns:
        The database, and whether anything was created or migrated.
    """
    database = Database(location)
    if database.path is not None and not database.path.parent.exists():
        raise InvalidInput(f"the folder {database.path.parent} does not exist; create it or name another place")
    changed = migrate.upgrade(database)
    registry = declared()
    with database.read() as connection:
        exists = connection.execute(select(agent.c.id).limit(1)).first()
    if not exists:
        desk = desk_itself(database, clock=clock, registry=registry)
        desk.create("agent", {"login": administrator, "roles": [Role.ADMINISTRATOR.value]})
        changed = True
    from deskterm.configuration.planting import plant

    return database, plant(desk_itself(database, clock=clock, registry=registry)) or changed
