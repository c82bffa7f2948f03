"""What the service desk's kinds check and derive while they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.holds import hold
from data.search import fold
from data.vocab import Outcome
from deskterm.errors import InvalidInput
from deskterm.kinds import Rules
from deskterm.permissions import SYSTEM, Role
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_desk import ssh_keys

RESERVED = (SYSTEM, "system")
"""Logins that stand for the desk itself in the journal."""


def _known_agent(unit: Unit, draft: Draft) -> None:
    """Refuse a login without roles, and a desk that nobody administers any more."""
    if not draft.get("roles"):
        raise InvalidInput("an agent needs at least one role", fields={"roles": "required"})
    _good_login(unit, draft)
    loses = Role.ADMINISTRATOR.value in (draft.old.get("roles") or ()) and draft.old.get("active", True)
    keeps = Role.ADMINISTRATOR.value in draft.get("roles") and draft.get("active") and draft.state == "active"
    if loses and not keeps and _administrators(unit) <= 1:
        raise InvalidInput("the last administrator cannot be dropped; make somebody else one first", fields={"roles": "last one"})


def _good_login(unit: Unit, draft: Draft) -> None:
    """Refuse a login that cannot be typed, that is the desk's own, or that takes another's place in the journal."""
    login, before = str(draft.get("login")), draft.old.get("login")
    if login == before:
        return
    if any(character.isspace() or not character.isprintable() for character in login):
        raise InvalidInput("a login has no spaces", fields={"login": "has a space"})
    if fold(login) in RESERVED:
        raise InvalidInput(f"the login {login} is the desk's own; choose another", fields={"login": "reserved"})
    if before is not None and _has_acted(unit, before):
        raise InvalidInput(
            f"{before} has worked on the desk, and the journal knows them by that login: it stays", fields={"login": "in use"}
        )


def _has_acted(unit: Unit, login: str) -> bool:
    from sqlalchemy import select

    from data.tables.core import operation

    return unit.connection.execute(select(operation.c.id).where(operation.c.actor == login).limit(1)).first() is not None


def _administrators(unit: Unit) -> int:
    from sqlalchemy import select

    from data.tables.core import record
    from data.tables.people import agent

    hold(unit.connection, "administrators")
    joined = select(agent.c.roles).join(record, record.c.id == agent.c.id).where(agent.c.active, record.c.state == "active")
    return sum(Role.ADMINISTRATOR.value in roles for (roles,) in unit.connection.execute(joined))


def _own_keys(unit: Unit, draft: Draft) -> None:
    """Refuse what is no public key, and a key that is somebody else's: it could not say who comes in."""
    text = draft.get("ssh_keys")
    if not text or text == draft.old.get("ssh_keys"):
        return
    own = ssh_keys.read_keys(text)
    for login, others in ssh_keys.keys_of_agents(unit.connection, besides=draft.id):
        if own & others:
            raise InvalidInput(f"a key is given twice: it opens the desk as {login} already", fields={"ssh_keys": f"{login}'s"})


AGENT_CHECK = (_known_agent, _own_keys)


def _taken_by(unit: Unit, draft: Draft) -> None:
    """A contact belongs to whoever took it."""
    if draft.creating and draft.get("assignee") is None:
        draft.new["assignee"] = unit.actor.agent_id


def _attached_to_something(unit: Unit, draft: Draft) -> None:
    if draft.get("outcome") == Outcome.ATTACHED and draft.get("record") is None:
        raise InvalidInput("attaching needs the record to attach the caller to", fields={"record": "required"})


INTERACTION_COMPLETE = (_taken_by,)
INTERACTION_CHECK = (_attached_to_something,)


def _count_use(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["used"] = (draft.get("used") or 0) + 1


KNOWLEDGE_HANDLERS = {"use": _count_use}


def _ends_later(unit: Unit, draft: Draft) -> None:
    if draft.get("ends_at") <= draft.get("starts_at"):
        raise InvalidInput("a shift ends after it starts", fields={"ends_at": "not after starts_at"})


SHIFT_CHECK = (_ends_later,)


def _owned(unit: Unit, draft: Draft) -> None:
    """A view belongs to whoever made it."""
    if draft.creating and draft.get("owner") is None:
        draft.new["owner"] = unit.actor.agent_id


def _view_works(unit: Unit, draft: Draft) -> None:
    """Refuse a view whose kinds, query, sort order or columns are wrong, and changes to somebody else's view."""
    from deskterm.records.listing import prepare

    kinds = unit.registry.kinds(draft.get("kinds") or ())
    if not kinds:
        raise InvalidInput("a view lists at least one kind of record", fields={"kinds": "required"})
    prepare(kinds, draft.get("query") or "", draft.get("sort") or "", unit.dialect, unit.actor.tz, False)
    for name in draft.get("columns") or ():
        if not any(name in kind.all_fields for kind in kinds):
            raise InvalidInput(f"none of the kinds has a field {name!r}", fields={"columns": f"unknown: {name}"})
    owner = draft.get("owner") if draft.creating else draft.old.get("owner")
    chief = unit.actor.system or unit.actor.roles & {Role.ADMINISTRATOR, Role.SUPERVISOR}
    if owner is not None and owner != unit.actor.agent_id and not chief:
        raise InvalidInput("that view is somebody else's; save it under a name of your own", fields={"owner": "not yours"})


VIEW_COMPLETE = (_owned,)
VIEW_CHECK = (_view_works,)
AGENT_RULES = Rules(check=AGENT_CHECK)
INTERACTION_RULES = Rules(INTERACTION_COMPLETE, INTERACTION_CHECK)
KNOWLEDGE_RULES = Rules(handlers=KNOWLEDGE_HANDLERS)
SHIFT_RULES = Rules(check=SHIFT_CHECK)
VIEW_RULES = Rules(VIEW_COMPLETE, VIEW_CHECK)
