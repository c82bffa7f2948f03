"""Who may do what: roles, the verbs they may use, and on which families of kinds. Data, read by services and tested whole.

A right is a verb on a kind. Kinds belong to a family; a role grants verbs on families. Process managers may do everything on
the kinds of their own process and, elsewhere, what an agent may. Who works here and with which roles is the administrators'
affair alone: a process manager could otherwise make one of themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from deskterm.errors import NotAllowed
from deskterm.wording import with_article


class Family(StrEnum):
    """Kinds that are guarded alike."""

    WORK = "work"
    """Records that agents work on: interactions, incidents, requests."""
    PEOPLE = "people"
    """Callers and their organisations."""
    KNOWLEDGE = "knowledge"
    """Articles, templates, announcements."""
    CONFIGURATION = "configuration"
    """Services and configuration items."""
    POLICY = "policy"
    """Calendars, agreements, targets: what figures are judged by."""
    SHIFT = "shift"
    """Shifts and handovers."""
    PERSONAL = "personal"
    """An agent's own things: saved views."""
    ADMIN = "admin"
    """Agents, teams and their roles."""


VERBS = (
    "read", "create", "edit", "act", "note", "reply", "link", "override", "major", "backfill", "import", "manage",
)  # fmt: skip
"""read, create, edit, act (workflow), note (internal), reply (public), link; override (a derived value such as the priority),
major (declare a major incident), backfill (say it happened at another time), import (in bulk), manage (settings, jobs)."""

_WORKING = ("read", "create", "edit", "act", "note", "reply", "link")
_ALL = VERBS


class Role(StrEnum):
    """The roles an agent can hold."""

    REQUESTER = "requester"
    READ_ONLY = "read-only"
    AGENT = "agent"
    SENIOR_AGENT = "senior-agent"
    SUPERVISOR = "supervisor"
    SERVICE_DESK_MANAGER = "service-desk-manager"
    INCIDENT_MANAGER = "incident-manager"
    PROBLEM_MANAGER = "problem-manager"
    CONFIGURATION_MANAGER = "configuration-manager"
    CHANGE_MANAGER = "change-manager"
    RELEASE_MANAGER = "release-manager"
    SERVICE_LEVEL_MANAGER = "service-level-manager"
    AVAILABILITY_MANAGER = "availability-manager"
    CAPACITY_MANAGER = "capacity-manager"
    CONTINUITY_MANAGER = "continuity-manager"
    FINANCIAL_MANAGER = "financial-manager"
    ADMINISTRATOR = "administrator"


Grants = dict[Family, tuple[str, ...]]

_READ: Grants = dict.fromkeys(Family, ("read",))
_AGENT: Grants = _READ | {
    Family.WORK: _WORKING,
    Family.PEOPLE: ("read", "create", "edit", "note", "link"),
    Family.KNOWLEDGE: ("read", "create", "note", "link"),
    Family.SHIFT: ("read", "create", "edit", "act", "note"),
    Family.PERSONAL: ("read", "create", "edit", "act"),
}
_SENIOR: Grants = _AGENT | {
    Family.WORK: (*_WORKING, "override"),
    Family.KNOWLEDGE: _WORKING,
    Family.CONFIGURATION: ("read", "create", "edit", "note", "link"),
}
_SUPERVISOR: Grants = _SENIOR | {
    Family.WORK: (*_WORKING, "override", "major", "backfill", "import"),
    Family.PEOPLE: (*_WORKING, "import"),
    Family.SHIFT: _ALL,
    Family.PERSONAL: _ALL,
}

GRANTS: dict[Role, Grants] = {
    Role.REQUESTER: {Family.WORK: ("read", "create", "reply"), Family.KNOWLEDGE: ("read",)},
    Role.READ_ONLY: _READ,
    Role.AGENT: _AGENT,
    Role.SENIOR_AGENT: _SENIOR,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: dict.fromkeys(Family, _ALL),
    **{role: _AGENT for role in Role if role.value.endswith("-manager")},
}
"""Which verbs each role may use on each family; a process manager's own kinds come on top, in `allows`."""

SYSTEM = "desk"
"""The actor of whatever the desk does by itself: thresholds, auto-close, wake-ups."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting."""

    login: str
    agent_id: int | None = None
    roles: frozenset[Role] = frozenset()
    team_ids: tuple[int, ...] = ()
    person_id: int | None = None
    customer_id: int | None = None
    tz: str = "UTC"
    system: bool = False

    @property
    def restricted(self) -> bool:
        """Whether this is a requester, who sees only what is their own."""
        return not self.system and self.roles <= {Role.REQUESTER}


DESK = Actor(SYSTEM, system=True)
"""The desk itself."""


def allows(roles: Iterable[Role], verb: str, family: Family, process: str) -> bool:
    """Return whether one of the roles grants a verb on a kind of this family and process."""
    for role in roles:
        if verb in GRANTS[role].get(family, ()):
            return True
        if role.value == f"{process.replace('_', '-')}-manager" and family is not Family.ADMIN:
            return True
    return False


def require(actor: Actor, verb: str, family: Family, process: str, kind: str) -> None:
    """Refuse an actor whose roles do not grant a verb.

    Raises:
        NotAllowed: it names the right and the roles that have it.
    """
    if actor.system or allows(actor.roles, verb, family, process):
        return
    able = nearest(verb, family, process)
    more = f" or one of {len(able) - NAMED} more" if len(able) > NAMED + 1 else ""
    named = ", ".join(role.value for role in (able[:NAMED] if more else able))
    may_not = DOING.get(verb, f"{verb} {{}}").format(with_article(kind))
    raise NotAllowed(f"{actor.login} may not {may_not}: that takes one of the roles {named}{more}")


DOING = {
    "act": "act on {}", "note": "write a note on {}", "reply": "reply on {}", "override": "override the rules of {}",
    "major": "declare {} major", "backfill": "backdate {}",
}  # fmt: skip
"""What is said of a verb that does not stand before a kind by itself."""


NAMED = 3
"""So many roles are named to somebody who lacks a right; how many more there are is only counted."""


def nearest(verb: str, family: Family, process: str) -> list[Role]:
    """Return the roles that have a right: the least two first, then the process's own manager, then the rest."""
    able = [role for role in Role if allows((role,), verb, family, process)]
    own = [role for role in able if role.value == f"{process.replace('_', '-')}-manager"]
    general = [role for role in able if not role.value.endswith("-manager")]
    return list(dict.fromkeys((*general[:2], *own, *general[2:], *able)))
