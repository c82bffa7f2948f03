"""A release by keyboard: build, test, refused and then ready, wave by wave, a failure backed out, early life, closed."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from deskterm.release.reading import view
from screens.messages import OpenRecord
from screens.record import RecordScreen
from screens.release_cockpit import ReleaseCockpit
from tests.change.changing import assessing, board
from tests.desks import MONDAY, Cast
from tests.release.rollouts import PILOT, REST, installed, states
from tests.release.scenes import item, servers
from tests.screens.consoles import console, settled, shows, until

DAY = 86_400


@pytest.fixture
def planned(cast: Cast) -> str:
    """A release that is planned and approved, a library to build it of, and CIs at two sites."""
    cast.ada.create("agent", {"login": "rex", "roles": ["agent", "release-manager"]})
    board(cast, "sue")
    servers(cast.ada, *PILOT, location="Haus A")
    servers(cast.ada, *REST, location="Haus B")
    change = assessing(cast.as_("bob"))
    cast.as_("sue").act(change, "approve")
    item(cast.as_("rex"), cast, "payroll", "4.3")
    given = {"summary": "Payroll with the new tax table", "changes": [change], "category": "major"}
    return cast.as_("rex").create("release", given).number


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def act(pilot: Pilot[None], name: str) -> None:
    """Take a workflow action by its name."""
    await press(pilot, "s")
    await pilot.press(*name, "enter")
    await settled(pilot)


async def row(pilot: Pilot[None], key: str) -> None:
    """Put the cursor on a line by its label."""
    screen = pilot.app.screen
    assert isinstance(screen, ReleaseCockpit)
    place = next(i for i, line in enumerate(screen.lines.rows) if line.label.strip().endswith(key))
    screen.lines.cursor = place
    await settled(pilot)


async def test_a_release_opens_in_its_cockpit_from_anywhere_and_the_cockpit_leads_to_its_journal(
    cast: Cast, planned: str
) -> None:
    async with console(cast, "rex") as pilot:
        pilot.app.post_message(OpenRecord(planned))
        await until(pilot, lambda: isinstance(pilot.app.screen, ReleaseCockpit))
        await shows(pilot, "no build is finished")
        await press(pilot, "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await shows(pilot, "rex logged it")
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReleaseCockpit))


async def test_rex_releases_payroll(cast: Cast, planned: str) -> None:
    async with console(cast, "rex") as pilot:
        await press(pilot, "5")
        await shows(pilot, "Payroll with the new")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReleaseCockpit))
        await shows(pilot, "no build is finished")

        # Build.
        await act(pilot, "build")
        await press(pilot, "right_square_bracket")
        await shows(pilot, "build 1")
        await press(pilot, "n", "enter")
        await shows(pilot, "DSL-00001")
        await press(pilot, "S")
        await shows(pilot, "Finish the build?")
        await press(pilot, "y")
        await shows(pilot, "complete")

        # Test.
        await press(pilot, "right_square_bracket", "n")
        await shows(pilot, "Plan a test")
        await pilot.press(*"pay slip", "ctrl+s")
        await shows(pilot, "1. pay slip")
        await act(pilot, "test")
        await shows(pilot, "build 1")
        await row(pilot, "pay slip")
        await press(pilot, "p")
        await shows(pilot, "passed")
        await press(pilot, "S", "y")
        await shows(pilot, "✓ passed       build 1")

        # Refused, then ready.
        await act(pilot, "ready")
        await press(pilot, "ctrl+s")
        await shows(pilot, "is not ready")
        await press(pilot, "escape", "equals_sign")
        await shows(pilot, "there is no back-out plan")
        given = {"backout_plan": "Put 4.2 back", "backout_rehearsed_at": MONDAY, "backout_evidence": "12 minutes"}
        cast.as_("rex").edit(planned, given)
        await act(pilot, "ready")
        await press(pilot, "ctrl+s")
        await shows(pilot, "every gate is open")

        # Plan two waves.
        await press(pilot, "left_square_bracket")
        await shows(pilot, "No wave is planned yet")
        for values in ({"name": "Pilot", "cis": list(PILOT)}, {"name": "Rest", "sites": ["Haus B"]}):
            cast.as_("rex").act(planned, "plan-wave", values)
        await press(pilot, "f5")
        await shows(pilot, "2 Rest")
        await act(pilot, "roll out")
        await shows(pilot, "rolling out")

        # Wave 1.
        await press(pilot, "g", "d")
        await shows(pilot, "Distribute 1.0 to app-1, app-2?")
        await press(pilot, "y")
        await shows(pilot, "2 distributing")
        await press(pilot, "i", "y")
        await shows(pilot, "2 installed")
        await press(pilot, "a", "ctrl+s")
        await shows(pilot, "1 of 2 waves")

        # Wave 2, with a failure.
        await press(pilot, "g", "d")
        await shows(pilot, "Distribute 1.0 to app-3, app-4, app-5?")
        await press(pilot, "y")
        await shows(pilot, "3 distributing")
        await row(pilot, "app-3")
        await press(pilot, "f")
        await pilot.press(*"disk full", "ctrl+s")
        await shows(pilot, "disk full")
        await row(pilot, "Haus B")
        await press(pilot, "i", "y")
        await shows(pilot, "4 installed")

        # The other one misbehaves: it is backed out, the rest goes on.
        await row(pilot, "app-4")
        await press(pilot, "B", "enter")
        await pilot.press(*"wrong sums", "ctrl+s")
        await shows(pilot, "1 backed-out")
        await press(pilot, "a", "ctrl+s")
        await shows(pilot, "accepting it needs a note")
        await pilot.press(*"both are replaced on Monday", "ctrl+s")
        await shows(pilot, "2 of 2 waves")

        # Early life and the end.
        await act(pilot, "early life")
        await shows(pilot, "early life")
        cast.clock.advance(DAY)
        trouble = cast.incident(summary="pay slip prints twice", ci="app-1")
        await press(pilot, "f5", "left_square_bracket")
        await shows(pilot, trouble)
        await act(pilot, "close")
        await shows(pilot, "Review")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert view(cast.ada, planned).state == "early-life", "without a review it is not closed"
        await pilot.press(*"One incident, fixed in 1.0.1", "ctrl+s")
        await until(pilot, lambda: view_state(cast, planned) == "closed")

    assert states(cast.ada, planned) == {
        "app-1": "installed", "app-2": "installed", "app-3": "failed", "app-4": "backed-out", "app-5": "installed",
    }  # fmt: skip
    assert installed(cast) == {"app-1": "1.0", "app-2": "1.0", "app-3": None, "app-4": None, "app-5": "1.0"}
    texts = [line.text or "" for line in cast.ada.show(planned).journal]
    assert any(text.startswith(f"incidents of its early life: {trouble} on app-1; closed 13 days before") for text in texts)


def view_state(cast: Cast, number: str) -> str:
    """Return the state of a release, asked by the test's own task."""
    return view(cast.ada, number).state
