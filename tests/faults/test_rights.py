"""Fault 27: somebody calls what their role lacks, by every way there is. Refused in the service, journalled, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from deskterm.desk import Desk, acting, editing
from deskterm.errors import DeskError, InvalidInput, NotAllowed
from deskterm.exchange.importing import Job, run_import
from deskterm.exchange.source import opened
from deskterm.permissions import DOING, Role, allows
from deskterm.records import relations, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from tests.cli.shell import Shell
from tests.desks import Cast
from tests.screens.consoles import console, go, said, screen_text, settled, shows, until

ROLES = tuple(role for role in Role if role is not Role.REQUESTER)
"""What a requester may not see is not there for them, which `test_scope` tests."""


def refusals(cast: Cast, number: str, login: str) -> int:
    """How often the journal of a record says that somebody was refused."""
    return sum(line.what == "refused" and line.actor == login for line in cast.ada.show(number).journal)


def holder(cast: Cast, role: Role) -> Desk:
    """Return the desk of somebody who has one role and no other."""
    cast.ada.create("agent", {"login": "tried", "roles": [role.value]})
    return cast.as_("tried")


@pytest.mark.parametrize("role", ROLES)
def test_every_verb_and_action_of_every_kind_is_refused_to_whoever_lacks_it(cast: Cast, tmp_path: Path, role: Role) -> None:
    """The functions that all ways end in. Rights come first, so that nothing about a record is told before."""
    who, table = holder(cast, role), tmp_path / "table.csv"
    table.write_text("summary\n")
    tried = 0
    for kind in cast.ada.registry:
        draft = Draft(kind, {}, {}, state=kind.workflow.initial)
        attempts: list[tuple[str, Callable[[Unit], object]]] = [
            ("create", partial(writing.create, kind=kind, values={})),
            ("edit", partial(writing.edit, draft=draft, values={})),
            ("note", partial(writing.note, draft=draft, text="x")),
            ("reply", partial(writing.note, draft=draft, text="x", public=True)),
            ("link", partial(relations.require, source=draft, relation="relates-to", target=draft)),
        ]
        attempts += [(one.verb, partial(writing.act, draft=draft, name=one.name, values={})) for one in kind.workflow.actions]
        for verb, attempt in attempts:
            if not allows((role,), verb, kind.family, kind.process):
                with (
                    pytest.raises(NotAllowed, match=f"tried may not {DOING.get(verb, verb).split()[0]} "),
                    who.unit("try", keep=False) as unit,
                ):
                    attempt(unit)
                tried += 1
        if not allows((role,), "import", kind.family, kind.process):
            with pytest.raises(NotAllowed, match="may not import"), who.unit("try", keep=False) as unit, opened(table) as source:
                Job(unit, source, {}).require(kind)
            tried += 1
    assert tried or role is Role.ADMINISTRATOR


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.AGENT, Role.SENIOR_AGENT, Role.SUPERVISOR, Role.CHANGE_MANAGER])
def test_every_action_on_a_real_record_is_refused_and_journalled_or_is_not_a_matter_of_rights(any_cast: Cast, role: Role) -> None:
    who, kind = holder(any_cast, role), any_cast.ada.registry.kind("incident")
    number = any_cast.incident(team="network")
    refused = 0
    for action in kind.workflow.actions:
        before = any_cast.ada.show(number)
        try:
            who.act(number, action.name, {})
        except NotAllowed:
            assert not allows((role,), action.verb, kind.family, kind.process), action.name
            refused += 1
            after = any_cast.ada.show(number)
            assert (after.version, after.state, after.values) == (before.version, before.state, before.values)
        except DeskError:  # of the state, or of what the action asks for
            assert allows((role,), action.verb, kind.family, kind.process), action.name
        else:
            assert allows((role,), action.verb, kind.family, kind.process), action.name
        assert refusals(any_cast, number, "tried") == refused
    assert refused == sum(not allows((role,), one.verb, kind.family, kind.process) for one in kind.workflow.actions)


def test_in_bulk_each_record_says_who_tried(any_cast: Cast) -> None:
    numbers, ron = [any_cast.incident() for _ in range(3)], any_cast.as_("ron")
    versions = [any_cast.ada.show(number).version for number in numbers]
    for what, step in (("edit", editing({"category": "x"})), ("start", acting("start", {}))):
        with pytest.raises(InvalidInput, match="3 of 3 refuse, nothing was changed"):
            ron.bulk(numbers, what, step)
    assert [refusals(any_cast, number, "ron") for number in numbers] == [2, 2, 2]
    assert [any_cast.ada.show(number).version for number in numbers] == versions


def test_undo_needs_the_right_that_the_act_needed(any_cast: Cast) -> None:
    """Whoever lost a role since does not take back what they did with it."""
    number, sam = any_cast.incident(), any_cast.as_("sam")
    sam.edit(number, {"category": "network"})
    agent = any_cast.ada.page(any_cast.ada.prepare(["agent"], "login:sam")).rows[0].number
    any_cast.ada.edit(agent, {"roles": ["read-only"]})
    with pytest.raises(NotAllowed, match="sam may not edit an incident"):
        any_cast.as_("sam").undo()
    assert any_cast.ada.show(number).values["category"] == "network"
    assert refusals(any_cast, agent, "sam") == 1


def test_an_import_is_refused_and_journalled(any_cast: Cast, tmp_path: Path) -> None:
    table = tmp_path / "incident.csv"
    table.write_text("summary\nSlipped in\n")
    agent = any_cast.ada.page(any_cast.ada.prepare(["agent"], "login:bob")).rows[0].number
    with pytest.raises(NotAllowed, match="bob may not import an incident"):
        run_import(any_cast.as_("bob"), "csv", table)
    assert any_cast.ada.count(any_cast.ada.prepare(["incident"], "")) == 0
    assert refusals(any_cast, agent, "bob") == 1


COMMANDS: dict[str, tuple[str, ...]] = {
    "edit": ("edit", "{0}", "category=x"),
    "act": ("do", "{0}", "start"),
    "note": ("note", "{0}", "x"),
    "reply": ("note", "--public", "{0}", "x"),
    "link": ("link", "{0}", "relates-to", "{1}"),
}


@pytest.mark.parametrize("verb", COMMANDS)
def test_on_the_command_line(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    numbers = [cast.incident(), cast.incident()]
    before = [cast.ada.show(number).version for number in numbers]
    shell = Shell(monkeypatch, capsys, tmp_path)
    words = [word.format(*numbers) for word in COMMANDS[verb]]
    told = DOING.get(verb, f"{verb} {{}}").format("an incident")
    assert shell.refused("--as", "ron", *words).startswith(f"ron may not {told}: that takes one of the roles ")
    assert refusals(cast, numbers[0], "ron") == 1
    assert [cast.ada.show(number).version for number in numbers] == before


async def test_by_a_key_of_the_console(cast: Cast) -> None:
    number = cast.incident(team="network")
    async with console(cast, "ron") as pilot:
        await go(pilot, "", "v", "6")
        await shows(pilot, number)
        await go(pilot, "", "a")
        await until(pilot, lambda: any("ron may not act on an incident" in one for one in said(pilot)))
    assert refusals(cast, number, "ron") == 1
    assert cast.ada.show(number).state == "assigned"


async def test_by_the_palette(cast: Cast) -> None:
    """It offers no action that is not granted; a key's action it does offer is refused as by the key."""
    number = cast.incident(team="network")
    async with console(cast, "ron") as pilot:
        await go(pilot, "", "v", "6")
        await shows(pilot, number)
        await go(pilot, "", "colon", *"start")
        await settled(pilot)
        assert f"Start {number}" not in screen_text(pilot)
        await go(pilot, "", "escape", "colon", *"take")
        await shows(pilot, "Take  a")
        await go(pilot, "", "enter")
        await until(pilot, lambda: any("ron may not act on an incident" in one for one in said(pilot)))
    assert refusals(cast, number, "ron") == 1
