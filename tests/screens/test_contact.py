"""Taking a contact at the console: the caller while typing, what stands beside, and every way it can end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from deskterm.records.schema import RecordView
from screens.contact import ContactScreen
from screens.modals.choose import ChooseModal
from screens.record import RecordScreen
from tests.desks import Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, screen_text, settled
from tests.screens.test_form import type_keys
from tests.widgets.looking import painted
from widgets.form.editors import LineEditor


@asynccontextmanager
async def contact(cast: Cast, login: str = "bob", *, size: tuple[int, int] = LARGE) -> AsyncIterator[Pilot[None]]:
    """Yield a console that takes a contact."""
    async with console(cast, login, size=size) as pilot:
        pilot.app.push_screen(ContactScreen(pilot.app.session))  # type: ignore[attr-defined]
        await settled(pilot)
        yield pilot


def screen_of(pilot: Pilot[None]) -> ContactScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ContactScreen)
    return screen


def logged(cast: Cast, number: str = "CON-00001") -> RecordView:
    return cast.ada.show(number)


def article(cast: Cast) -> str:
    number = cast.ada.create("knowledge", {"summary": "VPN drops after sleep", "body": "restart the client"}).number
    cast.ada.act(number, "publish")
    return number


async def test_the_caller_is_looked_up_and_their_work_stands_beside(cast: Cast) -> None:
    cast.incident(summary="Printer jams", ci="vpn-gw-1", service="Workplace")
    cast.ada.edit("PER-00001", {"note": "speaks Spanish", "phone": "+49 30 1234567"})
    async with contact(cast) as pilot:
        await type_keys(pilot, *"1234567", "~")
        assert "Maria Lopez" in screen_text(pilot)
        await type_keys(pilot, "enter", "~")
        text = screen_text(pilot)
        for told in ("Maria Lopez · VIP", "speaks Spanish", "Their INC-00001", "Printer jams", "Works with", "vpn-gw-1"):
            assert told in text, told


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_saving_logs_an_incident_with_the_contact(cast: Cast, size: tuple[int, int]) -> None:
    async with contact(cast, size=size) as pilot:
        await type_keys(pilot, *"maria", "~", "enter", "tab", *"VPN drops", "tab", "tab", *"since noon")
        cast.clock.advance(95)
        await type_keys(pilot, "ctrl+s", "~")
        assert "INC-00001 is logged (1 min)" in screen_text(pilot)
    assert logged(cast).values["handle_seconds"] == 95
    assert logged(cast).values["outcome"] == "incident"
    assert cast.ada.show("INC-00001").values["description"] == "since noon"


async def test_one_key_logs_a_request_instead(cast: Cast) -> None:
    async with contact(cast) as pilot:
        await type_keys(pilot, *"maria", "~", "enter", "tab", *"New mouse", "ctrl+r", "~")
        assert "REQ-00001 is logged" in screen_text(pilot)
    assert logged(cast).values["outcome"] == "request"


async def test_one_key_attaches_the_caller_to_what_resembles_it(cast: Cast) -> None:
    number = cast.incident(summary="VPN gateway drops every session")
    async with contact(cast) as pilot:
        await type_keys(pilot, *"hank", "~", "enter", "tab", *"vpn gatew", "~")
        assert f"Similar {number}" in screen_text(pilot)
        await type_keys(pilot, "ctrl+t", "~")
        assert f"Attached to {number}, 2 affected" in screen_text(pilot)
    assert cast.ada.show(number).values["affected"] == 2
    assert logged(cast).values["summary"] == "vpn gatew"


async def test_a_caller_who_calls_again_is_attached_without_typing_a_word(cast: Cast) -> None:
    number = cast.incident()
    async with contact(cast) as pilot:
        await type_keys(pilot, *"maria", "~", "enter", "~", "ctrl+t", "~")
    view = cast.ada.show(number)
    assert (view.values["affected"], view.values["contacts"]) == (1, 2)
    assert logged(cast).title == "VPN drops"


async def test_the_marked_one_is_attached_to(cast: Cast) -> None:
    first, second = cast.incident(summary="VPN gateway drops"), cast.incident(summary="VPN drops now and then")
    async with contact(cast) as pilot:
        await type_keys(pilot, *"hank", "~", "enter", "tab", *"vpn gateway drops ", "~", "f2", "ctrl+t", "~")
    assert [cast.ada.show(number).values["affected"] for number in (first, second)] == [1, 2]


async def test_one_key_answers_from_an_article(cast: Cast) -> None:
    known = article(cast)
    async with contact(cast) as pilot:
        await type_keys(pilot, *"maria", "~", "enter", "tab", *"vpn drops", "~")
        assert f"Known {known}" in screen_text(pilot)
        await type_keys(pilot, "ctrl+g", "~")
        assert "Answered, logged as CON-00001" in screen_text(pilot)
    assert cast.ada.show(known).values["used"] == 1
    assert cast.ada.count(cast.ada.prepare(["incident", "request"], "*")) == 0


@pytest.mark.parametrize(("key", "said"), [("ctrl+t", "no open record"), ("ctrl+g", "No article")])
async def test_with_nothing_to_attach_or_answer_with_it_says_so(cast: Cast, key: str, said: str) -> None:
    async with contact(cast) as pilot:
        await type_keys(pilot, key)
        assert any(said in note.message for note in pilot.app._notifications)
        assert isinstance(pilot.app.screen, ContactScreen)


async def test_somebody_new_is_made_known_within_the_same_form(cast: Cast) -> None:
    async with contact(cast) as pilot:
        assert "New caller" not in screen_text(pilot)
        await type_keys(pilot, *"Otto Neu", "~", "ctrl+n")
        assert "New caller" in screen_text(pilot)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "edit-new_email"
        await type_keys(pilot, *"otto@acme.example", "tab", "tab", *"acme", "~", "enter", "tab", "tab", *"VPN drops")
        await type_keys(pilot, "ctrl+s", "~")
    view = cast.ada.show("INC-00001")
    assert view.names[view.values["requester"]].title == "Otto Neu"
    assert view.names[view.values["customer"]].title == "Acme"


async def test_a_new_caller_may_turn_out_to_be_known(cast: Cast) -> None:
    async with contact(cast) as pilot:
        await type_keys(pilot, *"Maria", "ctrl+n", "ctrl+n", *"maria", "~", "enter", "tab", *"x", "ctrl+s", "~")
    assert cast.ada.count(cast.ada.prepare(["person"], "*")) == 2
    assert logged(cast).names[logged(cast).values["caller"]].title == "Maria Lopez"


async def test_what_the_desk_refuses_stands_beside_its_field(cast: Cast) -> None:
    async with contact(cast) as pilot:
        await type_keys(pilot, *"Nobody Known", "~", "tab", *"x", "ctrl+s", "~")
        assert isinstance(pilot.app.screen, ContactScreen)
        assert "there is no person 'Nobody" in screen_text(pilot)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "edit-caller"


async def test_a_record_closed_meanwhile_is_said_and_nothing_is_lost(cast: Cast) -> None:
    number = cast.incident(assignee="bob")
    async with contact(cast) as pilot:
        await type_keys(pilot, *"hank", "~", "enter", "tab", *"vpn drops", "~")
        cast.as_("bob").act(number, "resolve", {"code": "solved", "solution": "rebooted"})
        await type_keys(pilot, "ctrl+t", "~")
        assert isinstance(pilot.app.screen, ContactScreen)
        assert any("not possible while resolved" in note.message for note in pilot.app._notifications)
        assert screen_of(pilot).form.changes["summary"] == "vpn drops"
    assert cast.ada.count(cast.ada.prepare(["interaction"], "*")) == 0


async def test_a_draft_comes_back_with_its_caller_and_its_time(cast: Cast) -> None:
    async with contact(cast) as pilot:
        await type_keys(pilot, *"Otto", "ctrl+n", *"otto@acme.example", "tab", "tab", "tab", "tab", *"VPN")
        cast.clock.advance(60)
        await type_keys(pilot, "escape", "~")
    cast.clock.advance(3600)
    async with console(cast, "bob", size=LARGE) as pilot:
        assert isinstance(pilot.app.screen, ChooseModal)
        await type_keys(pilot, "1", "~", "1", "~")
        assert "New caller" in screen_text(pilot)
        cast.clock.advance(30)
        await type_keys(pilot, "ctrl+s", "~")
    assert logged(cast).values["handle_seconds"] == 90, "the hour it lay there does not count"
    assert logged(cast).values["occurred_at"] == cast.clock.now() - 60 - 3600 - 30
    assert cast.ada.show("INC-00001").title == "VPN"


async def test_the_record_beside_opens_and_the_form_stays(cast: Cast) -> None:
    cast.incident()
    async with contact(cast) as pilot:
        await type_keys(pilot, *"maria", "~", "enter", "~", "ctrl+o", "~")
        assert isinstance(pilot.app.screen, RecordScreen)
        await type_keys(pilot, "escape", "~")
        assert screen_of(pilot).form.changes == {"caller": "PER-00001"}


async def test_who_may_not_log_is_told_before_they_type(cast: Cast) -> None:
    async with contact(cast, "ron") as pilot:
        assert not isinstance(pilot.app.screen, ContactScreen)
        assert any("may not create" in note.message for note in pilot.app._notifications)


async def test_hostile_words_of_callers_and_articles_are_shown_harmlessly(cast: Cast) -> None:
    for text in list(PAYLOADS.values()):
        clean = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        line = " ".join(clean.split())[:150] or "x"
        cast.ada.create("person", {"name": f"Maria {line}", "note": clean[:1000]})
        cast.incident(summary=f"VPN {line}", requester="Hank Scorpio")
    async with contact(cast) as pilot:
        await type_keys(pilot, *"maria", "~")
        assert obeyed("".join(painted(pilot.app))) == []
        await type_keys(pilot, "down", "down", "enter", "tab", *"VPN", "~")
        assert "Similar" in screen_text(pilot)
        assert obeyed("".join(painted(pilot.app))) == []


async def test_keys_that_type_do_nothing_else(cast: Cast) -> None:
    async with contact(cast) as pilot:
        screen_of(pilot).form.focus_first("summary")
        await type_keys(pilot, *"q1c:u?-=/ anoxh")
        assert isinstance(pilot.app.focused, LineEditor)
        assert screen_of(pilot).form.changes["summary"] == "q1c:u?-=/ anoxh"
