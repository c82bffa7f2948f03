"""How queue, record, clock and bulk preview look, to the cell, on the two sizes that count."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import DeskApp
from screens.messages import OpenRecord
from tests.desks import Cast
from tests.screens.conftest import same_terminal as same_terminal  # a fixture: the same terminal for every picture
from tests.screens.consoles import LARGE, SMALL, go, make_app, settled

HOUR = 3600
WORK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("VPN gateway drops every session", {"impact": 1, "urgency": 1, "assignee": "ada", "service": "Workplace", "ci": "vpn-gw-1"}),
    ("Payroll run stuck at step 3", {"impact": 1, "urgency": 2, "team": "network", "service": "Payroll"}),
    ("Label printer prints blanks, dock 4", {"impact": 2, "urgency": 2, "assignee": "bob"}),
    ("Shared mailbox missing after migration", {"assignee": "ada"}),
    ("New laptop, waiting for the caller", {"assignee": "eve"}),
    ("Monitor flickers when docked", {"assignee": "ada", "description": "Since Monday, on both docks.", "category": "hardware"}),
    ("Docked monitor flickers after update", {"requester": "Hank Scorpio"}),
    ("日本語の件名 in the subject, and more of it behind", {"team": "desk", "urgency": 3}),
)


@pytest.fixture
def morning(cast: Cast) -> Cast:
    """A desk at ten past three with late, near, paused and quiet work."""
    numbers = []
    for place, (summary, values) in enumerate(WORK):
        numbers.append(cast.incident(summary=summary, **values))
        cast.clock.advance(1500 if place < 3 else 600)
    cast.ada.create("request", {"summary": "Access to BI workspace", "requester": "Hank Scorpio"})
    cast.as_("eve").act(numbers[4], "pend", {"reason": "caller", "message": "Which colour would you like?"})
    ada = cast.as_("ada")
    cast.clock.advance(660)
    ada.note(numbers[5], "swapped cable, still flickering after 10 min")
    ada.note(numbers[5], "We are sending you another dock; it should be there by noon.", public=True)
    ada.edit(numbers[5], {"impact": 2, "tags": ["dock"]})
    ada.link(numbers[5], "relates-to", numbers[6])
    cast.clock.advance(HOUR)
    return cast


async def shown(pilot: Pilot[None], *keys: str) -> None:
    """Press keys and wait until all of it is painted, the preview included."""
    await go(pilot, "", *keys)
    await pilot.pause(0.3)
    await settled(pilot)
    pilot.app.clear_notifications()
    await pilot.pause()


async def record(pilot: Pilot[None]) -> None:
    pilot.app.post_message(OpenRecord("INC-00006"))
    await settled(pilot)


SCENES: dict[str, tuple[bool, tuple[str, ...]]] = {
    "queue": (False, ("v", "6", "j", "j")),
    "bulk-preview": (False, ("v", "6", "V", "j", "j", "j", "V", "a")),
    "filter": (False, ("v", "6", "slash", *"team:ne")),
    "record": (True, ()),
    "explain": (True, ("equals_sign",)),
    "reply": (True, ("r", *"Good morning")),
}
"""By name: whether a record is opened, then the keys."""


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
def test_it_looks_as_it_should(morning: Cast, snap_compare: Any, scene: str, size: tuple[int, int]) -> None:
    opens, keys = SCENES[scene]

    async def before(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, DeskApp)
        await asyncio.sleep(0)
        await go(pilot)
        if opens:
            await record(pilot)
        await shown(pilot, *keys)

    assert snap_compare(make_app(morning, "ada"), terminal_size=size, run_before=before)
