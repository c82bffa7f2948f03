"""Every widget is shown every hostile text: nothing a terminal obeys is painted, nothing crashes, no line changes its width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from tests.hostile import PAYLOADS, obeyed
from tests.widgets.looking import painted
from tests.widgets.sample import COLUMNS, NOW, Ticket, ticket
from widgets.columns import Column
from widgets.crumb_bar import Badge, CrumbBar
from widgets.hardened_app import HardenedApp
from widgets.key_bar import KeyBar, KeyHint
from widgets.paged_list import PagedList
from widgets.safe_text import fit
from widgets.tab_strip import Tab, TabStrip
from widgets.text_area import DeskTextArea
from widgets.text_input import TextInput
from widgets.tile import Tile


def hostile_list(text: str, *, rows: int) -> PagedList[Ticket]:
    """A list whose heading, styles, keys, cells and empty text are the text."""
    styled = Column[Ticket]("style", text, 12, lambda row, _: (row.summary, row.summary), priority=1)
    shown = PagedList[Ticket]((*COLUMNS, styled), row_key=lambda row: row.number, now=NOW, empty_text=text)
    tickets = [replace(ticket(index), number=f"{text}{index}", summary=text, who=text, state=text) for index in range(rows)]
    shown.feed(rows, 0, tickets)
    return shown


class Showing(HardenedApp[None]):
    """All widgets, showing one text wherever they show any."""

    CSS = "Tile { height: 6; } PagedList { height: 8; } DeskTextArea { height: 6; } Static, Input { height: 3; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        text = self.text
        yield CrumbBar((text, text, text), badges=(Badge(text, 3, text, text),), clock=text, agent=text)
        yield TabStrip((Tab(text, 3, key=text), Tab("b"), Tab(text, None)), active=1)
        yield Tile(text, number=text, sign=text, tone=text)
        yield hostile_list(text, rows=30)
        yield hostile_list(text, rows=0)
        yield TextInput(text, placeholder=text[:200])
        yield DeskTextArea(text, placeholder=text[:200])
        yield Input(text[:5_000])
        yield Static(Content(text[:5_000]))
        yield KeyBar((KeyHint(text, text), KeyHint(text, text, enabled=False)))


@pytest.mark.parametrize("name", PAYLOADS)
async def test_every_text_in_every_widget(name: str) -> None:
    app = Showing(PAYLOADS[name])
    async with app.run_test(size=(60, 60)) as pilot:
        await pilot.pause()
        for widget in app.screen.query("*"):
            if widget.focusable:
                widget.focus()
                await pilot.press("end")
        await pilot.pause()
        for line in painted(app):
            assert obeyed(line) == []
            assert cell_len(line) == 60


@pytest.mark.parametrize("name", PAYLOADS)
def test_one_line_helpers_are_quick_and_exact(name: str) -> None:
    for width in (1, 2, 7, 40):
        assert cell_len(fit(PAYLOADS[name], width)) == width
