"""Watchers: who may watch what, what is journalled and undone, how it is found, and what is news to whom."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from deskterm.desk import Desk, acting
from deskterm.errors import InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.exchange.exporting import run_export
from deskterm.exchange.importing import run_import
from deskterm.kinds import declared
from deskterm.records import reading
from deskterm.service_desk import news
from deskterm.service_desk.glance import glance
from tests.desks import Cast

WORK = ("incident", "request", "problem", "change", "work-order", "release")


def _found(desk: Desk, query: str, kind: str = "incident") -> list[str]:
    return [row.number for row in desk.page(desk.prepare((kind,), query)).rows]


def _watchers(desk: Desk, number: str) -> object:
    view = desk.show(number)
    return reading.as_json(desk.registry.kind(view.kind), view)["watchers"]


def test_every_kind_of_work_can_be_watched_in_every_state_and_nothing_else() -> None:
    for kind in declared():
        actions = {action.name: action for action in kind.workflow.actions}
        assert ("watch" in actions, "watchers" in kind.all_fields) == (kind.is_work, kind.is_work), kind.name
        if kind.is_work:
            assert set(actions["watch"].sources) == {state.name for state in kind.workflow.states}
    assert set(WORK) <= {kind.name for kind in declared().work}


def test_watching_is_journalled_on_both_ends_found_by_words_and_leaves_the_record_as_it_was(any_cast: Cast) -> None:
    number, other, bob, ron = any_cast.incident(), any_cast.incident(), any_cast.as_("bob"), any_cast.as_("ron")
    before = bob.show(number)
    any_cast.clock.advance(60)
    ron.act(number, "watch")
    bob.act(number, "watch", {"agent": "eve"}, base_version=before.version)
    after = bob.show(number)
    assert (after.version, after.updated_at) == (before.version, before.updated_at)
    assert [(line.what, line.field, line.actor) for line in after.journal[-2:]] == [
        ("link", "watches of", "ron"),
        ("link", "watches of", "bob"),
    ]
    assert [line.new for line in after.journal[-2:]] == ["ron", "eve"]
    [agent] = any_cast.ada.page(any_cast.ada.prepare(("agent",), "login:ron")).rows
    assert ("link", "watches", number) in [(x.what, x.field, x.new) for x in any_cast.ada.show(agent.number).journal]
    assert _watchers(bob, number) == ["eve", "ron"]
    assert _found(ron, "watching") == [number]
    assert _found(bob, "watching") == []
    assert _found(bob, "watcher:eve") == _found(bob, "watchers:eve,bob") == [number]
    assert _found(bob, "state:open -watcher:*") == [other]
    [row] = bob.page(bob.prepare(("incident",), "watcher:eve"), columns=("watchers",)).rows
    assert row.shown["watchers"] == "eve, ron"
    with pytest.raises(WorkflowRefused, match="ron watches INC-00001 already"):
        ron.act(number, "watch")
    with pytest.raises(WorkflowRefused, match="bob does not watch INC-00001"):
        bob.act(number, "unwatch")
    ron.act(number, "unwatch")
    assert _watchers(bob, number) == ["eve"]
    assert ("unwatch", "") in [(one.name, one.refusal) for one in bob.actions(number)]


def test_a_reader_may_watch_for_themselves_and_take_it_back_but_not_make_others_watch(any_cast: Cast) -> None:
    number, ron = any_cast.incident(), any_cast.as_("ron")
    ron.act(number, "watch")
    assert number in ron.undo().undone
    assert _watchers(ron, number) == []
    with pytest.raises(NotAllowed, match="may not edit an incident"):
        ron.act(number, "watch", {"agent": "eve"})
    theirs = any_cast.incident(requester="Hank Scorpio")
    maria = any_cast.as_("maria")
    with pytest.raises(NotFound):
        maria.act(theirs, "watch")
    maria.act(number, "watch")
    assert _found(maria, "watching") == [number]
    assert "watchers" not in maria.show(number).values
    any_cast.as_("bob").act(number, "watch", {"agent": "eve"})
    with pytest.raises(NotAllowed):
        ron.undo(_last_operation(any_cast, number))


def _last_operation(cast: Cast, number: str) -> str:
    return cast.ada.show(number).journal[-1].operation


def test_what_is_over_can_be_watched_and_an_escalation_to_somebody_makes_them_watch(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network"), any_cast.as_("bob")
    bob.act(number, "escalate", {"to": "sue", "reason": "the boss calls"})
    assert _watchers(bob, number) == ["sue"]
    bob.act(number, "cancel", {"reason": "twice"})
    any_cast.as_("eve").act(number, "watch")
    assert _watchers(bob, number) == ["eve", "sue"]


def test_many_are_watched_with_a_preview_and_all_taken_back_together(any_cast: Cast) -> None:
    numbers, bob = [any_cast.incident() for _ in range(3)], any_cast.as_("bob")
    bob.act(numbers[0], "watch")
    seen = bob.bulk(numbers, "watch", acting("watch", {}), preview=True)
    assert [(one.ok, dict(one.changes)) for one in seen] == [
        (False, {}), (True, {"watchers": ("", "bob")}), (True, {"watchers": ("", "bob")}),
    ]  # fmt: skip
    assert _found(bob, "watching") == numbers[:1]
    bob.bulk(numbers[1:], "watch", acting("watch", {}))
    assert sorted(_found(bob, "watching")) == numbers
    assert set(numbers[1:]) <= set(bob.undo().undone)
    assert _found(bob, "watching") == numbers[:1]


def test_watchers_are_edited_exported_and_read_back(any_cast: Cast, tmp_path: Path) -> None:
    number, bob, sue = any_cast.incident(), any_cast.as_("bob"), any_cast.as_("sue")
    bob.edit(number, {"watchers": ["eve", "ron"]})
    out = io.StringIO()
    run_export(sue, "jsonl", sue.registry.kind("incident"), "", "", out)
    file = tmp_path / "incidents.jsonl"
    file.write_text(out.getvalue(), encoding="utf-8")
    assert json.loads(out.getvalue().splitlines()[-1])["watchers"] == ["eve", "ron"]
    assert run_import(sue, "jsonl", file).unchanged == 1
    bob.edit(number, {"watchers": ["bob"]})
    again = run_import(sue, "jsonl", file)
    assert (again.updated, again.unchanged) == (1, 0)
    assert _watchers(bob, number) == ["eve", "ron"]
    with pytest.raises(InvalidInput, match="there is no agent 'nobody'"):
        bob.edit(number, {"watchers": ["nobody"]})


def test_news_is_what_somebody_else_did_since_one_last_looked_or_acted(any_cast: Cast) -> None:
    number, bob, eve = any_cast.incident(), any_cast.as_("bob"), any_cast.as_("eve")
    key = bob.show(number).id

    def is_news(desk: Desk) -> bool:
        found = key in news.among(desk, (key,))
        assert found == (_found(desk, "news") == [number])
        return found

    eve.note(number, "before anybody watched")
    bob.act(number, "watch")
    assert not is_news(bob)
    assert not is_news(eve)
    eve.note(number, "swapped the cable")
    assert is_news(bob)
    assert glance(bob, number).news_by == "eve"
    newest = max(line.seq for line in bob.show(number).journal)
    eve.note(number, "written while bob reads")
    assert news.have_seen(bob, key, newest)
    assert is_news(bob), "what was not shown stays news"
    assert news.have_seen(bob, key, newest + 1)
    assert not is_news(bob)
    assert not news.have_seen(bob, key, newest + 1)
    with pytest.raises(NotAllowed):
        any_cast.as_("ron").edit(number, {"impact": 1})
    assert not is_news(bob), "a refused attempt changed nothing"
    eve.edit(number, {"category": "network"})
    bob.note(number, "I see")
    assert not is_news(bob), "who answers has read"
    bob.act(number, "watch", {"agent": "ron"})
    assert is_news(any_cast.as_("ron"))
    assert not news.among(eve, (key,))
