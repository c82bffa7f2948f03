"""Every widget on one screen, or a full screen of list: run on a terminal by the tests, and by hand to look at.

`python -m tests.widgets.kitchen [all|list|plain] [ROWS]`; `plain` is the same as `all` without our application class.
"""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from tests.widgets.sample import NOW, Ticket, answer, queue
from widgets.crumb_bar import Badge, CrumbBar
from widgets.hardened_app import HardenedApp
from widgets.key_bar import KeyBar, KeyHint
from widgets.paged_list import PagedList
from widgets.tab_strip import Tab, TabStrip
from widgets.text_area import DeskTextArea
from widgets.text_input import TextInput
from widgets.tile import Tile

TOTAL = 1_000_000
BADGES = (Badge("●", 3, "breached", "breach"), Badge("▲", 5, "at risk", "risk"))
TABS = (Tab("Mine", 12), Tab("Team", 48), Tab("Unassigned", 9), Tab("Breaching", 8), Tab("Major", 1), Tab("+ view", key="v"))
HINTS = (
    KeyHint("a", "take"),
    KeyHint("s", "state"),
    KeyHint("r", "reply"),
    KeyHint("x", "note", enabled=False),
    KeyHint("p", "pend"),
    KeyHint("space", "mark"),
    KeyHint(".", "next"),
    KeyHint("/", "filter", keep=True),
    KeyHint(":", "go", keep=True),
    KeyHint("?", "help", keep=True),
)


def all_widgets() -> ComposeResult:
    yield CrumbBar(("DeskTerm", "Queue", "My team · open"), badges=BADGES, clock="14:02", agent="ada")
    yield TabStrip(TABS, active=1)
    with Horizontal(id="tiles"):
        yield Tile("breached", number="3", sign="✖", tone="breach")
        yield Tile("at risk", number="5", sign="!", tone="risk")
        yield Tile("unassigned", number="27")
        yield Tile("met today", number="98.4%", tone="good")
    yield queue()
    yield TextInput("state:open team:network", placeholder="filter")
    yield DeskTextArea("13:31 swapped cable, still flickering after 10 min\n" * 3)
    yield Static("READY", id="ready")
    yield KeyBar(HINTS)


class Fed(App[None]):
    """Answers what the list asks."""

    CSS = """
    #tiles { height: 6; }
    DeskTextArea { height: 4; }
    """
    total = TOTAL

    def on_mount(self) -> None:
        self.query_one(PagedList).focus()

    def on_paged_list_page_wanted(self, event: PagedList.PageWanted[Ticket]) -> None:
        answer(event, self.total)


class Kitchen(HardenedApp[None], Fed):
    """All widgets in our application."""

    saved: Path | None = None

    def compose(self) -> ComposeResult:
        yield from all_widgets()

    def on_hangup(self) -> None:
        if self.saved is not None:
            self.saved.write_text(self.query_one(DeskTextArea).text)


class PlainKitchen(Fed):
    """All widgets in Textual's own application, for comparison."""

    def compose(self) -> ComposeResult:
        yield from all_widgets()


class ListScreen(HardenedApp[None], Fed):
    """Nothing but the list and a bar above and below."""

    def compose(self) -> ComposeResult:
        yield CrumbBar(("DeskTerm", "Queue"), badges=BADGES, clock="14:02", agent="ada")
        yield queue()
        yield KeyBar((KeyHint("q", "READY"), *HINTS))

    def key_t(self) -> None:
        self.now = getattr(self, "now", NOW) + 1
        self.query_one(PagedList).tick(self.now)


def main(arguments: list[str]) -> None:
    kind = arguments[0] if arguments else "all"
    app: Fed = {"all": Kitchen, "list": ListScreen, "plain": PlainKitchen}[kind]()
    if len(arguments) > 1:
        app.total = int(arguments[1])
    if isinstance(app, Kitchen) and len(arguments) > 2:
        app.saved = Path(arguments[2])
    app.run()
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main(sys.argv[1:])
