"""A morning at the service desk by keyboard alone: five calls, five endings, and the queue tells of all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from deskterm.drafts import STATE_VARIABLE
from tests.desks import Cast
from tests.screens.consoles import LARGE, SMALL, console, screen_text, settled
from tests.screens.test_form import type_keys


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep drafts in the test's own folder."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


async def call(pilot: Pilot[None], *keys: str) -> None:
    """Take a call: `c`, then what is typed; ends where the call began."""
    await pilot.press("c")
    await settled(pilot)
    assert "New contact" in screen_text(pilot)
    await type_keys(pilot, *keys, "~")
    assert "New contact" not in screen_text(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_five_calls_end_in_five_ways(cast: Cast, size: tuple[int, int]) -> None:
    known = cast.ada.create("knowledge", {"summary": "Password expired", "body": "press the other key"}).number
    cast.ada.act(known, "publish")
    async with console(cast, "bob", size=size) as pilot:
        # Maria: the gateway is down for her.
        await call(pilot, *"lopez", "~", "tab", *"VPN gateway drops", "tab", "tab", *"since the storm", "ctrl+s")
        assert "INC-00001 is logged" in screen_text(pilot)
        # Hank: the same; he is attached to it with one key.
        await call(pilot, *"hank@", "~", "tab", *"vpn gateway dead", "~", "ctrl+t")
        assert "Attached to INC-00001, 2 affected" in screen_text(pilot)
        # Somebody new wants a laptop.
        await call(pilot, *"Otto Neu", "~", "ctrl+n", *"otto@acme.example", *["tab"] * 4, *"New laptop", "ctrl+r")
        assert "REQ-00001 is logged" in screen_text(pilot)
        # Maria again, about her password: the article answers.
        await call(pilot, *"lopez", "~", "tab", *"password expired ", "~", "ctrl+g")
        assert "Answered" in screen_text(pilot)
        # And once more about the gateway: it is the same incident, she is not one more affected.
        await call(pilot, *"lopez", "~", "tab", *"gateway still", "~", "ctrl+t")
        assert "Attached to INC-00001, 2 affected" in screen_text(pilot)
        # The queue shows what is left of it.
        await type_keys(pilot, "3")
    view = cast.ada.show("INC-00001")
    assert (view.values["affected"], view.values["contacts"]) == (2, 2)
    assert cast.ada.show(known).values["used"] == 1
    contacts = cast.ada.page(cast.ada.prepare(["interaction"], "*", "created_at"), columns=("outcome",)).rows
    assert [row.values["outcome"] for row in sorted(contacts, key=lambda row: row.id)] == [
        "incident", "attached", "request", "answered", "attached",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_call_that_was_cut_off_goes_on_in_the_next_session(cast: Cast, size: tuple[int, int]) -> None:
    async with console(cast, "bob", size=size) as pilot:
        await pilot.press("c")
        await settled(pilot)
        await type_keys(pilot, *"lopez", "~", "tab", *"VPN gateway dr")
        pilot.app.on_hangup()  # type: ignore[attr-defined]
    async with console(cast, "bob", size=size) as pilot:
        assert "What you were typing" in screen_text(pilot)
        await type_keys(pilot, "1", "~", "1", "~", *"ops", "ctrl+s", "~")
        assert "INC-00001 is logged" in screen_text(pilot)
    assert cast.ada.show("INC-00001").title == "VPN gateway drops"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_incident_is_made_edited_and_resolved_through_forms(cast: Cast, size: tuple[int, int]) -> None:
    async with console(cast, "bob", size=size) as pilot:
        await type_keys(pilot, "n")
        await settled(pilot)
        await type_keys(pilot, *"incident", "enter", "~")
        assert "New incident" in screen_text(pilot)
        await type_keys(pilot, *"lopez", "~", "tab", "tab", *"VPN drops", "ctrl+s", "~")
        assert "INC-00001 is logged" in screen_text(pilot)
        cast.as_("bob").act("INC-00001", "take")
        pilot.app.session.nudge()  # type: ignore[attr-defined]
        await type_keys(pilot, "f5", "~", "e", "~")
        assert "INC-00001 ▸ edit" in screen_text(pilot)
        await type_keys(pilot, "tab", "tab", "end", *" often", "ctrl+s", "~")
    assert cast.ada.show("INC-00001").title == "VPN drops often"
