"""Hands on a keyboard: keys by the id that docs/keys.md promises them under, forms filled field by field, actions by name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from textual.pilot import Pilot
from textual.widget import Widget

from screens.modals.act import ActModal
from screens.modals.choose import ChooseModal
from tests.screens.consoles import screen_text, settled, shows, until
from widgets.form.form import Form

SHEET = Path(__file__).parents[2] / "docs" / "keys.md"
LINE = re.compile(r"^\| (?P<keys>`.+`) \| .+ \| `(?P<id>[a-z.0-9_]+)` \|$")
NAMES = {"→": "right", "←": "left", "↑": "up", "↓": "down", "esc": "escape", "pgdn": "pagedown", "pgup": "pageup"}
MOST_FIELDS = 60


@cache
def promised() -> dict[str, str]:
    """Return by id the first key that the sheet of keys says does it, as a pilot presses it."""
    found = (LINE.match(line) for line in SHEET.read_text("utf-8").splitlines())
    return {match["id"]: _pressed(re.findall(r"`([^`]+)`", match["keys"])[0]) for match in found if match}


def _pressed(told: str) -> str:
    return f"ctrl+{told[1:]}" if len(told) > 1 and told.startswith("^") else NAMES.get(told, told)


class Hands:
    """Somebody at a console."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    @property
    def screen(self) -> Widget:
        """What is on top."""
        return self.pilot.app.screen

    async def press(self, *ids: str) -> None:
        """Press keys by their ids, each when the one before has done its work."""
        for name in ids:
            await self.pilot.press(promised()[name])
            await settled(self.pilot)

    async def see(self, *texts: str) -> None:
        """Wait until texts are on the screen."""
        for text in texts:
            await shows(self.pilot, text)

    async def at(self, screen: type[Widget]) -> None:
        """Wait until a screen is on top."""
        await until(self.pilot, lambda: isinstance(self.screen, screen))
        await settled(self.pilot)

    async def open(self, number: str) -> None:
        """Open a record from wherever one is, by its number."""
        await self.press("app.palette")
        await self.pilot.press(*number)
        await self.see(f"Open {number}")
        await self.pilot.press("enter")
        await until(self.pilot, lambda: getattr(self.screen, "number", "") == number)
        await settled(self.pilot)

    async def go(self, words: str, screen: type[Widget]) -> None:
        """Go to a place by its name."""
        await self.press("app.palette")
        await self.pilot.press(*words, "enter")
        await self.at(screen)

    async def choose(self, words: str) -> None:
        """Narrow the list that asks and take what is left of it."""
        await self.at(ChooseModal)
        await self.pilot.press(*words, "enter")
        await settled(self.pilot)

    async def fill(self, **answers: str) -> None:
        """Go by tab from field to field of the form on top, type what is asked there in place of what it says, and save it."""
        await until(self.pilot, lambda: bool(self._forms()) and self._field() != "")
        left = dict(answers)
        for _ in range(MOST_FIELDS):
            answer = left.pop(self._field(), None)
            if answer is not None:
                await self.pilot.press("end", "ctrl+u", *answer)
            if not left:
                break
            await self.pilot.press("tab")
        assert not left, f"no field {', '.join(left)} in\n{screen_text(self.pilot)}"
        await settled(self.pilot)

    async def save(self, **answers: str) -> None:
        """Fill the form and save it, which closes it."""
        form = self.screen
        await self.fill(**answers)
        await self.press("form.submit")
        await until(self.pilot, lambda: self.screen is not form)

    def _forms(self) -> list[Form]:
        return list(self.screen.query(Form))

    def _field(self) -> str:
        return str(getattr(self.pilot.app.focused, "field_name", ""))

    async def act(self, action: str, **answers: str) -> None:
        """Take a workflow action on what is under the cursor; what it asks is answered."""
        await self.press("ticket.state")
        await self.choose(action)
        if isinstance(self.screen, ActModal):
            await self.save(**answers)
