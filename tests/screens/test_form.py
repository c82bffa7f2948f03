"""The form screen on a real desk: new, edit, act; drafts, hints, colleagues; by keyboard, at both sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from deskterm.drafts import Subject
from screens.form import FormScreen
from screens.form_base import PAUSE_SECONDS
from screens.form_drafts import KEEP_SECONDS
from screens.modals.choose import ChooseModal
from screens.modals.conflict import ConflictModal
from screens.record import RecordScreen
from tests.desks import Cast
from tests.screens.consoles import LARGE, SMALL, console, screen_text, settled
from widgets.form.choosing import WAIT
from widgets.form.editors import LineEditor


@asynccontextmanager
async def form(
    cast: Cast, subject: Subject, login: str = "bob", *, size: tuple[int, int] = SMALL, **values: object
) -> AsyncIterator[Pilot[None]]:
    """Yield a console with a form open above the queue."""
    async with console(cast, login, size=size) as pilot:
        pilot.app.push_screen(FormScreen(pilot.app.session, subject, values))  # type: ignore[attr-defined]
        await settled(pilot)
        yield pilot


async def type_keys(pilot: Pilot[None], *keys: str) -> None:
    """Press keys; `~` waits for what is looked up or hinted at."""
    for key in keys:
        if key == "~":
            await pilot.pause(max(WAIT, PAUSE_SECONDS) * 1.3)
            await settled(pilot)
        else:
            await pilot.press(key)
    await pilot.pause()


def screen_of(pilot: Pilot[None]) -> FormScreen:
    screen = pilot.app.screen
    assert isinstance(screen, FormScreen)
    return screen


NEW = Subject("new", "incident")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_incident_is_logged_by_keyboard_alone(cast: Cast, size: tuple[int, int]) -> None:
    async with form(cast, NEW, size=size) as pilot:
        assert "New incident" in screen_text(pilot)
        await type_keys(pilot, *"lop", "~", "enter", "tab", "w", "tab", *"VPN drops", "tab", *"since noon", "enter", *"again")
        await type_keys(pilot, "ctrl+s", "~")
        view = cast.ada.show("INC-00001")
        assert view.values["description"] == "since noon\nagain"
        assert view.values["channel"] == "walk-in"
        assert view.names[view.values["requester"]].title == "Maria Lopez"
        assert not isinstance(pilot.app.screen, FormScreen)
        assert "INC-00001 is logged" in screen_text(pilot)


async def test_what_the_desk_refuses_stands_beside_its_field(cast: Cast) -> None:
    async with form(cast, NEW, size=LARGE) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, *"x")
        screen_of(pilot).form.focus_first("service")
        await type_keys(pilot, *"Nowhere", "tab", "ctrl+s", "~")
        assert isinstance(pilot.app.screen, FormScreen)
        assert "there is no service 'Nowhere'" in screen_text(pilot)
        assert cast.ada.count(cast.ada.prepare(["incident"], "*")) == 0


async def test_priority_and_similar_records_are_told_while_typing(cast: Cast) -> None:
    cast.incident(summary="VPN gateway drops", affected=14)
    async with form(cast, NEW, size=LARGE) as pilot:
        assert "Priority 4" in screen_text(pilot)
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, *"vpn gateway", "~")
        text = screen_text(pilot)
        assert "Similar: INC-00001" in text
        assert "14 affected" in text
        screen_of(pilot).form.focus_first("impact")
        await type_keys(pilot, "1", "tab", "1", "tab", "~")
        assert "Priority 1" in screen_text(pilot)
        assert isinstance(pilot.app.focused, LineEditor), "hints take no focus"
        await type_keys(pilot, "ctrl+o")
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)


async def test_hints_have_a_line_each_on_a_small_terminal(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        lines = screen_text(pilot).splitlines()
        assert any("Priority 4 · impact 3 low, urgency 2 medium" in line for line in lines)


async def test_editing_changes_only_what_was_typed(cast: Cast) -> None:
    number = cast.incident(tags=["a"])
    async with form(cast, Subject("edit", number=number)) as pilot:
        form_ = screen_of(pilot).form
        form_.focus_first("summary")
        await type_keys(pilot, "end", *" often", "ctrl+s", "~")
    view = cast.ada.show(number)
    assert view.values["summary"] == "VPN drops often"
    assert {line.field for line in view.journal if line.what == "field"} == {"summary"}


async def test_an_action_asks_what_it_demands_and_begins_there(cast: Cast) -> None:
    number = cast.incident(assignee="bob")
    async with form(cast, Subject("act", number=number, action="resolve")) as pilot:
        assert "Resolve" in screen_text(pilot)
        await type_keys(pilot, "s", "down", "enter", "tab", *"rebooted", "ctrl+s", "~")
        assert "resolve, now resolved" in screen_text(pilot)
    assert cast.ada.show(number).state == "resolved"


@pytest.mark.parametrize(
    ("subject", "login", "said"),
    [
        (Subject("edit", number="INC-99999"), "bob", "there is no record"),
        (Subject("new", "agreement"), "bob", "may not create"),
        (Subject("act", number="INC-00001", action="close"), "bob", "not possible"),
        (Subject("edit", number="INC-00001"), "ron", "may not edit"),
    ],
)
async def test_what_cannot_be_done_is_said_before_anybody_types(cast: Cast, subject: Subject, login: str, said: str) -> None:
    cast.incident()
    async with form(cast, subject, login) as pilot:
        assert not isinstance(pilot.app.screen, FormScreen)
        assert any(said in note.message for note in pilot.app._notifications)


async def test_leaving_keeps_a_draft_and_the_next_session_offers_it_back(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, *"VPN", "escape", "~")
        assert "Kept as a draft" in screen_text(pilot)
    async with console(cast, "bob") as pilot:
        assert isinstance(pilot.app.screen, ChooseModal)
        assert "New incident: VPN" in screen_text(pilot)
        await type_keys(pilot, "1", "~", "1", "~")
        assert screen_of(pilot).form.changes == {"summary": "VPN"}
        await type_keys(pilot, "ctrl+s", "~")
    assert cast.ada.show("INC-00001").title == "VPN"
    async with form(cast, NEW) as pilot:
        assert isinstance(pilot.app.screen, FormScreen), "what is saved is not offered again"


async def test_a_form_offers_its_own_drafts_and_may_begin_anew(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        for text in ("VPN", "printer"):
            screen_of(pilot).form.focus_first("summary")
            await type_keys(pilot, *text, "escape", "~")
            pilot.app.push_screen(FormScreen(pilot.app.session, NEW))  # type: ignore[attr-defined]
            await type_keys(pilot, "~")
            assert isinstance(pilot.app.screen, ChooseModal)
            await type_keys(pilot, *"anew", "enter", "~")
            assert screen_of(pilot).form.changes == {}
        await type_keys(pilot, "escape", "~")
        pilot.app.push_screen(FormScreen(pilot.app.session, NEW))  # type: ignore[attr-defined]
        await type_keys(pilot, "~", *"printer", "enter", "~")
        assert screen_of(pilot).form.changes == {"summary": "printer"}


async def test_a_draft_may_be_thrown_away_or_left_for_later(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, *"VPN", "escape", "~", "f9", "~", *"later", "enter", "~")
        assert len(pilot.app.session.drafts.left()) == 1  # type: ignore[attr-defined]
        await type_keys(pilot, "f9", "~", "1", "~", "2", "~", "f9", "~")
        assert pilot.app.session.drafts.left() == ()  # type: ignore[attr-defined]
        assert any("Nothing is left" in note.message for note in pilot.app._notifications)


async def test_a_reply_that_waits_leads_to_its_record(cast: Cast) -> None:
    number = cast.incident()
    async with console(cast, "bob") as pilot:
        pen = pilot.app.session.drafts.begin(Subject("reply", "incident", number))  # type: ignore[attr-defined]
        pen.keep({"text": "Dear caller"}, "Reply")
        pen.lay_down()
        await type_keys(pilot, "f9", "~", "1", "~", "1", "~")
        assert isinstance(pilot.app.screen, RecordScreen)
        await type_keys(pilot, "r", "~")
        assert "Dear caller" in screen_text(pilot)


async def test_leaving_an_untouched_form_keeps_nothing(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        await type_keys(pilot, "escape", "~")
        assert "Kept" not in screen_text(pilot)
        assert pilot.app.session.drafts.left() == ()  # type: ignore[attr-defined]


async def test_a_hang_up_keeps_what_was_typed_to_the_last_key(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await pilot.press(*"VPN")
        pilot.app.on_hangup()  # type: ignore[attr-defined]
        (path,) = pilot.app.session.drafts.folder.glob("*.draft")  # type: ignore[attr-defined]
        assert "VPN" in path.read_text()


async def test_typing_is_kept_without_leaving(cast: Cast) -> None:
    async with form(cast, NEW) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await pilot.press(*"VPN")
        await pilot.pause(KEEP_SECONDS * 1.5)
        await settled(pilot)
        journal = pilot.app.session.drafts  # type: ignore[attr-defined]
        journal.flush()
        (path,) = journal.folder.glob("*.draft")
        assert "VPN" in path.read_text()


@pytest.mark.parametrize(("key", "summary"), [("m", "VPN drops mine"), ("t", "theirs")])
async def test_a_field_that_two_changed_is_asked_about_and_both_values_survive(cast: Cast, key: str, summary: str) -> None:
    number = cast.incident()
    async with form(cast, Subject("edit", number=number), size=LARGE) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, "end", *" mine")
        screen_of(pilot).form.focus_first("location")
        await type_keys(pilot, *"dock 4")
        cast.as_("eve").edit(number, {"summary": "theirs", "category": "network"})
        await type_keys(pilot, "ctrl+s", "~")
        assert isinstance(pilot.app.screen, ConflictModal)
        text = screen_text(pilot)
        assert "VPN drops mine" in text
        assert "theirs" in text
        assert "eve" in text
        await type_keys(pilot, key, "ctrl+s", "~")
        left = pilot.app.session.drafts.left()  # type: ignore[attr-defined]
    view = cast.ada.show(number)
    assert (view.values["summary"], view.values["location"], view.values["category"]) == (summary, "dock 4", "network")
    assert [kept.content["answers"]["summary"]["text"] for kept in left] == ([] if key == "m" else ["VPN drops mine"])


async def test_going_on_typing_after_a_conflict_keeps_everything(cast: Cast) -> None:
    number = cast.incident()
    async with form(cast, Subject("edit", number=number), size=LARGE) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, "end", *" mine")
        cast.as_("eve").edit(number, {"summary": "theirs"})
        await type_keys(pilot, "ctrl+s", "~", "escape", "~")
        assert screen_of(pilot).form.changes == {"summary": "VPN drops mine"}
        assert "eve set it to theirs" in screen_text(pilot)
    assert cast.ada.show(number).title == "theirs"


async def test_what_a_colleague_changes_is_taken_over_where_nobody_types(cast: Cast) -> None:
    number = cast.incident()
    async with form(cast, Subject("edit", number=number), size=LARGE) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, "end", *" mine")
        cast.as_("eve").edit(number, {"summary": "theirs", "category": "network"})
        pilot.app.session.nudge()  # type: ignore[attr-defined]
        await type_keys(pilot, "~", "~", "~", "~")
        text = screen_text(pilot)
        assert "eve made it: theirs" in text
        assert screen_of(pilot).form.value_of("category") == "network"
        assert screen_of(pilot).form.changes == {"summary": "VPN drops mine"}


async def test_a_new_record_begins_with_what_it_is_given(cast: Cast) -> None:
    async with form(cast, NEW, size=LARGE, requester="Maria Lopez", impact=1) as pilot:
        changes = screen_of(pilot).form.changes
        assert changes == {"requester": "Maria Lopez", "impact": 1}


@pytest.mark.parametrize("kind", ["person", "team", "calendar", "target", "knowledge", "view"])
async def test_every_kind_has_its_form(cast: Cast, kind: str) -> None:
    async with form(cast, Subject("new", kind), "ada") as pilot:
        assert isinstance(pilot.app.screen, FormScreen)
        await type_keys(pilot, "ctrl+s")
        assert "required" in screen_text(pilot)
