"""Hints beside a form: one line each where it is low, marked with a sign, harmless whatever they say."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from deskterm.forms.schema import Hint, HintAct
from tests.hostile import PAYLOADS, obeyed
from tests.widgets.looking import lines_of
from widgets.form.side_strip import SideStrip
from widgets.safe_text import SafeLineFilter


def hint(number: str, *lines: str, act: bool = True) -> Hint:
    return Hint(number, lines, HintAct("open", number, number) if act else None)


HINTS = (hint("Priority 4", "impact 3", act=False), hint("INC-1", "VPN drops"), hint("KB-1", "a known cure " * 40))


class Strips(App[None]):
    """One strip of some size."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.strip = SideStrip()
        self.strip.styles.width, self.strip.styles.height = width, height

    def get_line_filters(self) -> list[SafeLineFilter]:
        return [SafeLineFilter()]

    def compose(self) -> ComposeResult:
        yield self.strip


async def test_tall_it_has_a_title_and_a_few_lines_for_each() -> None:
    app = Strips(30, 16)
    async with app.run_test(size=(40, 20)) as pilot:
        app.strip.show(HINTS)
        await pilot.pause()
        lines = [line.rstrip() for line in lines_of(app.strip)]
        assert lines[:5] == ["  Priority 4", "  impact 3", "", "▸ INC-1", "  VPN drops"]
        assert sum("known cure" in line for line in lines) == 4
        assert all(len(line) <= 30 for line in lines)


async def test_low_it_has_one_line_for_each_and_the_marked_one_is_among_them() -> None:
    app = Strips(40, 2)
    async with app.run_test(size=(40, 20)) as pilot:
        app.strip.show(HINTS)
        await pilot.pause()
        assert [line.rstrip() for line in lines_of(app.strip)] == ["  Priority 4 · impact 3", "▸ INC-1 · VPN drops"]
        app.strip.mark_next()
        await pilot.pause()
        assert lines_of(app.strip)[1].startswith("▸ KB-1 · a known cure")


async def test_the_mark_goes_round_what_can_be_acted_on() -> None:
    app = Strips(40, 9)
    async with app.run_test(size=(40, 20)):
        app.strip.mark_next()
        assert app.strip.acted is None
        app.strip.show(HINTS)
        seen: list[str] = []
        for _ in range(3):
            assert app.strip.acted is not None
            seen.append(app.strip.acted.title)
            app.strip.mark_next()
        assert seen == ["INC-1", "KB-1", "INC-1"]


async def test_a_mark_stays_where_the_person_put_it_and_else_with_the_first() -> None:
    app = Strips(40, 9)
    async with app.run_test(size=(40, 20)):
        app.strip.show(HINTS)
        app.strip.show((hint("INC-9"), *HINTS))
        assert app.strip.acted is not None
        assert app.strip.acted.title == "INC-9"
        app.strip.mark_next()
        app.strip.show((hint("INC-7"), hint("INC-8"), *HINTS))
        assert app.strip.acted.title == "INC-1"
        app.strip.show((hint("INC-7"),))
        assert app.strip.acted.title == "INC-7"
        app.strip.show(())
        assert app.strip.acted is None


@pytest.mark.parametrize("size", [(30, 16), (40, 3)])
async def test_hostile_hints_are_shown_harmlessly(size: tuple[int, int]) -> None:
    app = Strips(*size)
    async with app.run_test(size=(40, 20)) as pilot:
        for name, text in PAYLOADS.items():
            app.strip.show((Hint(text, (text, text), HintAct("open", text, text), text),) * 3)
            await pilot.pause()
            assert obeyed("".join(lines_of(app.strip))) == [], name
