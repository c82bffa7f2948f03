"""A screen of several lists side by side, each of one kind and query, as tabs above the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.getters import query_one

from screens.kind_list import KindListScreen
from screens.session import Session
from widgets.tab_strip import UNKEYED, Tab, TabStrip


@dataclass(frozen=True, slots=True)
class Shelf:
    """One of the lists."""

    label: str
    kind: str
    query: str
    empty: str
    """What to do where nothing is listed."""


class ShelvesScreen(KindListScreen):
    """The lists of `SHELVES`, the first of them first."""

    SHELVES: ClassVar[tuple[Shelf, ...]]

    tabs = query_one("#tabs", TabStrip)

    def __init__(self, session: Session) -> None:
        """Make the screen."""
        super().__init__(session, self.SHELVES[0].kind, query=self.SHELVES[0].query)

    def body(self) -> ComposeResult:
        """The tabs above the list."""
        yield TabStrip([Tab(one.label, key=UNKEYED) for one in self.SHELVES], ascii_only=self.session.ascii_only, id="tabs")
        yield from super().body()

    @property
    def shelf(self) -> Shelf:
        """The list that is shown."""
        return self.SHELVES[self.tabs.active]

    def opened(self) -> None:
        """List what the tab is about."""
        self.tabs.can_focus = False
        super().opened()

    def empty_text(self) -> str:
        """Say what to do."""
        return self.shelf.empty

    @on(TabStrip.Chosen)
    def _chose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self.kind_name, self._query = self.shelf.kind, self.shelf.query
        self.opened()

    def action_tab(self, step: int) -> None:
        """Show the list beside."""
        self.tabs.choose((self.tabs.active + step) % len(self.SHELVES))
