"""The same screens where there are no colours, few colours, no Unicode, hardly any room."""

from __future__ import annotations

import pytest

from screens import themes
from screens.messages import OpenRecord
from tests.desks import Cast
from tests.screens.consoles import LARGE, SMALL, console, go, screen_text, settled
from widgets.terminal import Terminal

TOUR = (
    (), ("j",), ("space",), ("slash", *"team:ne"), ("escape",), ("slash", *"colour:x", "enter"), ("escape",), ("s",), ("escape",),
    ("A",), ("escape",), ("r",), ("escape",), ("p",), ("escape",), ("l",), ("escape",), ("question_mark",), ("escape",),
    ("colon", *"queue"), ("escape",), ("v",), ("escape",), ("equals_sign",), ("escape",), ("full_stop",), ("y",),
)  # fmt: skip


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """A little of everything."""
    for i in range(4):
        cast.incident(summary=f"Büro {i}: Drucker, ä ✓", assignee="bob", impact=1 + i % 3, description="Zeile\nzwei")
    cast.as_("bob").act("INC-00002", "pend", {"reason": "supplier"})
    cast.as_("bob").note("INC-00001", "Grüße", public=True)
    cast.clock.advance(2 * 3600)
    return cast


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_without_unicode_every_cell_is_ascii(desk: Cast, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    monkeypatch.setenv("DESKTERM_ASCII", "1")
    async with console(desk, "bob", size=size) as pilot:
        for keys in TOUR:
            await go(pilot, "", *keys)
            text = screen_text(pilot)
            assert text.isascii(), (keys, sorted({c for c in text if not c.isascii()}))
        pilot.app.post_message(OpenRecord("INC-00001"))
        await settled(pilot)
        for keys in ((), ("tab",), ("f",), ("enter",), ("escape",), ("equals_sign",), ("escape",), ("x",)):
            await go(pilot, "", *keys)
            text = screen_text(pilot)
            assert text.isascii(), (keys, sorted({c for c in text if not c.isascii()}))


async def test_without_colours_everything_is_said_in_words_and_signs(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console(desk, "bob") as pilot:
        text = screen_text(pilot)
        assert "[1 Mine" in text
        assert any("✖" in line for line in text.splitlines())
        assert any("‖ paused" in line for line in text.splitlines())
        await go(pilot, "", "space", "k")
        assert any(line.startswith("▸✓") for line in screen_text(pilot).splitlines())


@pytest.mark.parametrize("theme", [theme.name for theme in themes.THEMES])
async def test_every_theme_dresses_every_screen(desk: Cast, theme: str) -> None:
    async with console(desk, "bob") as pilot:
        pilot.app.theme = theme
        for keys in (
            (),
            ("s",),
            ("escape", "slash"),
            ("escape", "enter"),
            ("equals_sign",),
            ("escape", "question_mark"),
            ("escape",),
        ):
            await go(pilot, "", *keys)
            assert screen_text(pilot).strip()


@pytest.mark.parametrize(
    ("colours", "wanted", "name"),
    [
        (1 << 24, "", "desk-dark"),
        (256, "", "desk-dark"),
        (16, "", "desk-16"),
        (0, "", "desk-contrast"),
        (16, "desk-light", "desk-light"),
        (256, "no such thing", "desk-dark"),
    ],
)
def test_the_theme_fits_the_terminal_unless_somebody_chose(colours: int, wanted: str, name: str) -> None:
    assert themes.fitting(Terminal(colours, unicode=True), wanted) == name


async def test_a_terminal_resized_all_the_time_keeps_its_cursor(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "j", "j")
        for width, height in [(20, 5), (120, 40), (1, 1), (80, 24), (300, 10), (79, 23)] * 4:
            await pilot.resize_terminal(width, height)
        await settled(pilot)
        assert any(line.startswith("▸") and "INC-" in line for line in screen_text(pilot).splitlines())
