"""How forms look, at both sizes: a new incident with choices open, an action with what is wrong, a contact as it is taken."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.drafts import Subject
from screens.contact import ContactScreen
from screens.form import FormScreen
from tests.desks import Cast
from tests.screens.consoles import LARGE, SMALL, go, make_app, settled
from tests.screens.test_form import type_keys

both_sizes = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A desk with something to resemble, to attach to and to answer from."""
    cast.incident(summary="VPN gateway drops every session", requester="Hank Scorpio", affected=14, ci="vpn-gw-1", assignee="bob")
    cast.incident(summary="Printer jams on dock 4", assignee="bob")
    article = cast.ada.create("knowledge", {"summary": "VPN drops after sleep", "body": "restart the client"}).number
    cast.ada.act(article, "publish")
    cast.ada.edit("PER-00001", {"note": "speaks Spanish", "phone": "+49 30 1234567"})
    return cast


@both_sizes
def test_a_new_incident(busy: Cast, snap_compare: Any, size: tuple[int, int]) -> None:
    app = make_app(busy, "bob")

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot)
        await pilot.app.push_screen(FormScreen(app.session, Subject("new", "incident")))
        await settled(pilot)
        await type_keys(pilot, *"lop", "~", "enter", "tab", "tab", *"vpn gateway", "~", "shift+tab", "down", "down")

    assert snap_compare(app, terminal_size=size, run_before=before)


@both_sizes
def test_an_action(busy: Cast, snap_compare: Any, size: tuple[int, int]) -> None:
    app = make_app(busy, "bob")

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot)
        await pilot.app.push_screen(FormScreen(app.session, Subject("act", number="INC-00002", action="pend")))
        await settled(pilot)
        await type_keys(pilot, *"cal", "tab", *"tomorrow 9:00", "tab", "ctrl+s")
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


@both_sizes
def test_a_contact(busy: Cast, snap_compare: Any, size: tuple[int, int]) -> None:
    app = make_app(busy, "bob")

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot)
        await pilot.app.push_screen(ContactScreen(app.session))
        await settled(pilot)
        await type_keys(pilot, *"maria", "~", "enter", "tab", *"vpn gateway dr", "~")

    assert snap_compare(app, terminal_size=size, run_before=before)
