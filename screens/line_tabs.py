"""Screens of tabs: the lines of one tab after another, each with columns of its own, and the line under the cursor in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.getters import query_one

from deskterm.errors import DeskError, NotFound
from screens.messages import DeskChanged, OpenRecord
from screens.permitted import PermittedScreen
from screens.ticket import Target, TicketScreen
from widgets.columns import Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.tab_strip import UNKEYED, Tab, TabStrip
from widgets.text_pane import TextPane

Row = TypeVar("Row")


class TabLine(Protocol):
    """A line of a tab."""

    @property
    def key(self) -> str:
        """What it is known by when the lines are read again."""

    @property
    def number(self) -> str:
        """The record that it is about; empty for none of its own."""


Line = TypeVar("Line", bound=TabLine)


class TabbedLines(FixedList[Row]):
    """The lines of the tab that is shown."""

    def show_other(self, columns: list[Column[Row]], lines: Sequence[Row], empty_text: str) -> None:
        """Show another tab."""
        self.empty_text = empty_text
        self.set_columns(columns)
        self._all = None
        self.reset()
        self.show(lines)


class TabbedScreen(PermittedScreen[None], TicketScreen, Generic[Line]):
    """Tabs, the lines of one of them, and the line under the cursor in full.

    Subclasses name their tabs, read what they show and hand it to `show_lines`, and say what the pane tells of a line.
    """

    TABS: ClassVar[tuple[str, ...]]
    """What the tabs are called."""
    EMPTY: ClassVar[tuple[str, ...]]
    """By tab: what to do where there is no line."""
    CONCERNS: ClassVar[frozenset[str]]
    """Kinds whose records the screen shows something of."""

    tabs = query_one("#tabs", TabStrip)
    lines = query_one("#lines", TabbedLines)
    pane = query_one("#pane", TextPane)

    _shown: tuple[int, tuple[str, ...]] = (-1, ())
    """The tab that is shown, with the headings of its columns."""

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield TabStrip([Tab(name, key=UNKEYED) for name in self.TABS], ascii_only=ascii_only, id="tabs")
        yield TabbedLines([], row_key=lambda line: line.key, now=self.session.now(), ascii_only=ascii_only, id="lines")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.tabs.can_focus = False
        self.lines.focus()
        self.read_anew()

    def read_anew(self) -> None:
        """Read what is shown."""
        raise NotImplementedError

    def show_tab(self) -> None:
        """Show the tab that was chosen, of what was read."""
        raise NotImplementedError

    def show_line(self) -> None:
        """Show the line under the cursor in full."""
        raise NotImplementedError

    @property
    def tab(self) -> int:
        """Which tab is shown."""
        return self.tabs.active

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines.cursor_row

    def show_lines(self, columns: list[Column[Line]], lines: Sequence[Line]) -> None:
        """Show the lines of the tab; the cursor stays on its line where the tab is the one that was shown before."""
        shown = (self.tab, tuple(column.title for column in columns))
        if shown == self._shown:
            self.lines.show(lines)
        else:
            self._shown = shown
            self.lines.show_other(columns, lines, self.EMPTY[self.tab])
        self.show_line()
        self.refresh_bindings()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Line]) -> None:
        event.stop()
        self.show_line()
        self.refresh_bindings()

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Line]) -> None:
        event.stop()
        self.open_line(event.row)

    def open_line(self, line: Line) -> None:
        """Open the record that a line is about."""
        if line.number:
            self.post_message(OpenRecord(line.number))
        else:
            self.say("This line is about no record of its own.")

    @on(TabStrip.Chosen)
    def _chose(self, event: TabStrip.Chosen) -> None:
        event.stop()
        self.show_tab()
        self.lines.focus()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again what may have changed."""
        if self._was_opened and event.concerns(self.CONCERNS):
            self.read_anew()

    def acted(self, numbers: object) -> None:
        """Show what came of it at once."""
        self.read_anew()

    def action_tab(self, step: int) -> None:
        """Show the tab beside."""
        self.tabs.choose((self.tab + step) % len(self.TABS))


class RecordTabs(TabbedScreen[Line]):
    """Tabs that are all about one record. Subclasses say whether it was read yet, and what of it is acted on."""

    number: str

    def targets(self) -> tuple[Target, ...]:
        """The record, once it is read."""
        raise NotImplementedError

    def refuse(self, refusal: DeskError) -> None:
        """Say why something was refused; a record that is not there has no screen."""
        super().refuse(refusal)
        if isinstance(refusal, NotFound) and not self.targets():
            self.dismiss()

    def tried_on(self, action: str) -> str:
        """What the screen is about."""
        return self.number

    def action_journal(self) -> None:
        """Open the record itself above the screen."""
        from screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self.session, self.number))
