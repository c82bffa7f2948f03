"""Thin display shows what Textual shows, cell by cell, and gives way when it does not understand an update."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.console import RenderableType
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import DataTable, Header, Input, OptionList, Static, TextArea

from tests.hostile import PAYLOADS
from tests.widgets.kitchen import Fed, Kitchen
from tests.widgets.sample import queue
from tests.widgets.test_shadow import seen
from widgets.hardened_app import HardenedApp
from widgets.shadow import Shadow
from widgets.thin_display import PRIVATE_NAMES, ThinDisplay, erase_paints, thin_wanted

KEYS = [
    *["j", "down", "k", "pagedown", "pageup", "G", "g", "ctrl+d", "space", "V"] * 2,
    *["tab", "tab", "shift+tab", "a", "b", "日", "backspace", "enter", "end", "home", "ctrl+p", "escape", "ctrl+l"],
]
SIZES = [(100, 30), (80, 24), (57, 19)]


class Twice(ThinDisplay[None]):
    """Draws every update on two terminals: as Textual writes it, and as the difference."""

    sent_plain = sent_thin = frames = 0

    def _twice(self, size: tuple[int, int]) -> None:
        self.plain, self.thinned = pyte.Screen(*size), pyte.Screen(*size)
        self.plain_stream, self.thin_stream = pyte.Stream(self.plain), pyte.Stream(self.thinned)
        for stream in (self.plain_stream, self.thin_stream):
            stream.feed("\x1b[?7l")

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if renderable is not None and not self._batch_count and self._running:
            if (self.plain.columns, self.plain.lines) != self.size:
                self._twice(self.size)
                self._shadow = None
            plain = renderable.render_segments(self.console)  # type: ignore[union-attr]
            thin = self._difference(renderable)
            assert thin is not None
            self.plain_stream.feed(plain)
            self.thin_stream.feed(thin)
            self.sent_plain += len(plain)
            self.sent_thin += len(thin)
            self.frames += 1
            assert self.plain.display == self.thinned.display
            assert seen(self.plain) == seen(self.thinned)
        super()._display(screen, renderable)


class TwiceKitchen(Twice, Kitchen):
    """Our widgets."""

    def __init__(self) -> None:
        self._twice(SIZES[0])
        super().__init__()


class TwiceTextual(Twice, HardenedApp[None], Fed):
    """Textual's widgets, and texts that have no good in mind."""

    def __init__(self) -> None:
        self._twice(SIZES[0])
        super().__init__()

    def compose(self) -> ComposeResult:
        short = [text for text in PAYLOADS.values() if len(text) < 500]
        yield Header()
        yield Input("日本語 and é")
        with Horizontal():
            yield DataTable[str](cursor_type="row")
            yield OptionList(*[f"option {number} é日" for number in range(60)])
        yield TextArea("\n".join(short))
        yield queue()
        yield Static("\n".join(short), markup=False)

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("number", "subject")
        for number in range(60):
            table.add_row(f"INC-{number}", "subject 日本 " * (number % 4))
        for field in (*self.query(Input), *self.query(TextArea)):
            field.cursor_blink = False


@pytest.mark.parametrize("kind", [TwiceKitchen, TwiceTextual])
@pytest.mark.parametrize("seed", [1, 2])
async def test_every_frame_shows_what_textual_shows(seed: int, kind: type[TwiceKitchen | TwiceTextual]) -> None:
    rng = random.Random(seed)
    app = kind()
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.pause()
        for step in range(50):
            if step % 20 == 19:
                await pilot.resize_terminal(*rng.choice(SIZES))
            key = rng.choice(KEYS)
            await pilot.press(key)
            if key == "ctrl+p":
                await pilot.press(*"the", "escape")
        await pilot.pause()
    assert app.frames > 40
    assert app.sent_thin * 1.5 < app.sent_plain


def test_the_private_names_are_there() -> None:
    """Fails when a newer Textual moves what thin display stands on; the application would then run without it."""
    app = Kitchen()
    assert [name for name in PRIVATE_NAMES if not hasattr(app, name)] == []
    app.thin = True
    assert app.thin
    assert app.thin_fault is None


async def test_the_updates_are_of_the_two_kinds_known() -> None:
    """The compositor's updates carry the fields that are read."""
    app = TwiceKitchen()
    async with app.run_test() as pilot:
        await pilot.press("j")
        assert app._difference(app.screen._compositor.render_full_update()) is not None
        app.screen._compositor._dirty_regions.add(app.screen.region)
        partial = app.screen._compositor.render_partial_update()
        assert partial is not None
        assert app._difference(partial) == ""
        assert app._difference(Static("something else")) is None  # type: ignore[arg-type]


async def test_a_size_event_and_a_repaint_forget_the_terminal() -> None:
    app = TwiceKitchen()
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("j")
        before = app.sent_thin
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.sent_thin - before > 3_000


async def test_a_terminal_that_came_back_at_the_same_size_is_not_taken_to_show_what_it_showed() -> None:
    app = TwiceKitchen()
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("j")
        app._shadow = Shadow(*app.size, erase_paints=True)
        app.on_resize(events.Resize(app.size, app.size))
        assert app._shadow is None


async def test_what_is_known_of_a_terminal_of_another_size_is_worth_nothing() -> None:
    app = TwiceKitchen()
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("j")
        app._shadow = Shadow(20, 5, erase_paints=True)
        assert app._difference(app.screen._compositor.render_full_update())
        assert (app._shadow.width, app._shadow.height) == app.size


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"SSH_CONNECTION": "1 2 3 4"}, True),
        ({"SSH_CONNECTION": "1 2 3 4", "DESKTERM_THIN": "off"}, False),
        ({"DESKTERM_THIN": "on"}, True),
        ({"DESKTERM_THIN": "auto"}, False),
    ],
)
def test_the_switch(environ: dict[str, str], wanted: bool) -> None:
    assert thin_wanted(environ) is wanted


def test_gnu_screen_does_not_paint_what_it_erases() -> None:
    assert erase_paints({"TERM": "xterm-256color"})
    assert not erase_paints({"TERM": "screen-256color"})
    assert not erase_paints({})
