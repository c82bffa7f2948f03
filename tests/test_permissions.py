"""The whole matrix of roles and rights, and that services hold to it from every side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deskterm.errors import NotAllowed
from deskterm.kinds import declared
from deskterm.permissions import GRANTS, VERBS, Family, Role, allows
from tests.desks import Cast

EXPECTED = """
             requester  read-only  agent  senior-agent  supervisor  administrator
work         rcp        r          rceanpl rceanplo     rceanplombi rceanplombig
people       -          r          rcenl  rcenl         rceanpli    rceanplombig
knowledge    r          r          rcnl   rceanpl       rceanpl     rceanplombig
configuration -         r          r      rcenl         rcenl       rceanplombig
policy       -          r          r      r             r           rceanplombig
shift        -          r          rcean  rcean         rceanplombig rceanplombig
personal     -          r          rcea   rcea          rceanplombig rceanplombig
admin        -          r          r      r             r           rceanplombig
"""
"""By letter: read create edit act note reply(p) link override major backfill import manage(g)."""
LETTERS = dict(zip(VERBS, "rceanplombig", strict=True))


def test_the_matrix_is_what_it_is_meant_to_be() -> None:
    head, *rows = EXPECTED.strip("\n").splitlines()
    roles = [Role(name) for name in head.split()]
    for row in rows:
        name, *cells = row.split()
        for role, cell in zip(roles, cells, strict=True):
            granted = "".join(LETTERS[verb] for verb in VERBS if allows((role,), verb, Family(name), "none"))
            assert set(granted) == set(cell.strip("-")), (role, name)


@pytest.mark.parametrize("role", [role for role in Role if role.value.endswith("-manager")])
def test_a_process_manager_may_do_everything_in_the_own_process_and_elsewhere_what_an_agent_may(role: Role) -> None:
    process = role.value.removesuffix("-manager")
    assert not allows((role,), "edit", Family.ADMIN, process.replace("-", "_")), "nobody makes themselves administrator"
    for family in set(Family) - {Family.ADMIN}:
        assert all(allows((role,), verb, family, process.replace("-", "_")) for verb in VERBS), family
        assert {verb for verb in VERBS if allows((role,), verb, family, "none")} == set(GRANTS[Role.AGENT].get(family, ()))


def test_every_kind_names_a_process_whose_manager_exists() -> None:
    managers = {role.value.removesuffix("-manager").replace("-", "_") for role in Role if role.value.endswith("-manager")}
    assert {kind.process for kind in declared()} <= managers


@pytest.mark.parametrize("role", list(Role))
def test_services_refuse_exactly_what_the_matrix_does(cast: Cast, role: Role) -> None:
    """Each role tries each sort of write on an incident; what the matrix grants goes through, the rest is refused."""
    if role.value in {"requester"}:
        who = cast.as_("maria")
    else:
        cast.ada.create("agent", {"login": "tried", "roles": [role.value]})
        who = cast.as_("tried")
    number, other = cast.incident(team="network"), cast.incident(team="network")
    attempts: dict[str, Callable[[], object]] = {
        "create": lambda: who.create("incident", {"summary": "x"}),
        "edit": lambda: who.edit(number, {"category": "x"}),
        "act": lambda: who.act(number, "start"),
        "note": lambda: who.note(number, "x"),
        "reply": lambda: who.note(number, "x", public=True),
        "link": lambda: who.link(number, "related", other),
        "override": lambda: who.edit(number, {"priority": 1, "priority_reason": "x"}),
        "major": lambda: who.act(other, "declare-major"),
    }
    for verb, attempt in attempts.items():
        granted = allows((role,), verb, Family.WORK, "incident")
        if verb == "override":
            granted = granted and allows((role,), "edit", Family.WORK, "incident")
        try:
            attempt()
        except NotAllowed:
            assert not granted, verb
        else:
            assert granted, verb
