"""The CI browser: a tree by service, type, location or dependency, beside it everything on the CI under the cursor.

A branch is read when it is opened. The pane shows the CI, what its failure would do, or what differs from a day or a baseline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from deskterm.errors import BadQuery, DeskError
from screens import ci_flows, keys
from screens.ci_pane import EFFECTS, Manner, compared_lines, detail_lines, impact_lines
from screens.ci_tree import CiTree, columns
from screens.filter_line import FilterLine
from screens.messages import DeskChanged, EditRecord, OpenRecord
from screens.permitted import PermittedScreen
from screens.replacing import replace_work
from screens.scrolled_lines import ScrolledLines
from screens.vocabulary import Words, read_words
from widgets.tree_list import TreeList

if TYPE_CHECKING:
    from deskterm.configuration.baselines import Side
    from deskterm.configuration.browsing import Browser
    from deskterm.configuration.details import Compared, Detail
    from deskterm.configuration.schema import Branch, BranchPage
    from screens.session import Session

NODES = frozenset({"ci", "service"})
CONCERNS = frozenset({"ci", "service", "ci-type", "incident", "baseline", "outage"})
"""Kinds whose changes may show here."""
ABOUT_ONE = frozenset({"edit", "state", "explain", "copy", "impact"})
"""Actions that need a record under the cursor."""
TITLES: Mapping[str, str] = {
    "service": "by service", "type": "by type", "location": "by location", "dependency": "by dependency",
}  # fmt: skip


class CisScreen(PermittedScreen[None]):
    """Filter, tree, pane."""

    CSS_PATH = "cis.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("cis", "tree", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("cis")
    AUTO_FOCUS = "#tree"

    branches = query_one("#tree", CiTree)
    pane = query_one("#pane", ScrolledLines)
    filter = query_one("#filter", FilterLine)

    def __init__(self, session: Session) -> None:
        """Make the browser."""
        super().__init__(session)
        self.browser: Browser | None = None
        self.side: Side | None = None
        """What is compared with; `None` compares with nothing."""
        self._shows_impact = False
        self._effects = 0
        self._detail: Detail | None = None
        self._query = ""

    def body(self) -> ComposeResult:
        """From top to bottom, and left to right."""
        ascii_only = self.session.ascii_only
        yield FilterLine(ascii_only=ascii_only, id="filter")
        with Horizontal(id="middle"):
            yield CiTree(columns(self, ascii_only=ascii_only), ascii_only=ascii_only, id="tree")
            yield ScrolledLines(id="pane")

    def opened(self) -> None:
        """Read the root."""
        from deskterm.configuration.browsing import Browser

        self.browser = Browser(self.desk)
        self._show_path()
        self.branches.reset()
        if not self.filter.field.has_focus:  # whoever began to type a query before the desk was open goes on typing it
            self.branches.focus()
        self.read("words", lambda: read_words(self.desk, ("ci",)), self._know_words)

    @property
    def awaited(self) -> bool:
        """Whether the tree is still being read: a query that is refused takes the focus back to its field."""
        return self._was_opened and self.branches.awaited

    def _know_words(self, words: Words) -> None:
        self.filter.words = words

    def _show_path(self) -> None:
        browser, row = self.browser, self.branch
        if browser is None:
            return
        way = f"{TITLES[browser.mode.value]}{', upwards' if browser.upwards else ''}"
        beside = (f"beside {self.side.title}",) if self.side is not None else ()
        self.path = ("DeskTerm", "CI browser", "found" if browser.query else way, *((row.title,) if row else ()), *beside)

    # The tree.

    @property
    def branch(self) -> Branch | None:
        """The row under the cursor."""
        return self.branches.cursor_row

    @property
    def node(self) -> Branch | None:
        """The row under the cursor if it is a CI or a service."""
        row = self.branch
        return row if row is not None and row.kind in NODES else None

    @on(TreeList.BranchWanted)
    def _wanted(self, event: TreeList.BranchWanted[Branch]) -> None:
        event.stop()
        if self.browser is not None:
            replace_work(self, partial(self._read_branch, self.browser, event), f"branch {event.key}")

    async def _read_branch(self, browser: Browser, event: TreeList.BranchWanted[Branch]) -> None:
        try:
            page = await self.call(_branch, browser, event.key, event.after, event.count)
        except asyncio.CancelledError:
            raise
        except BadQuery as problem:
            self.filter.refuse(problem)
            self.branches.give_up(event.key, generation=event.generation)
        except DeskError as refusal:
            self.branches.give_up(event.key, generation=event.generation)
            self.refuse(refusal)
        else:
            if self.alive and browser is self.browser:
                self.branches.feed(event.key, page.rows, after=event.after, more=page.more, generation=event.generation)

    @on(TreeList.RowHighlighted)
    def _moved(self, event: TreeList.RowHighlighted[Branch]) -> None:
        event.stop()
        self._show_path()
        self._read_pane()
        self.refresh_bindings()

    @on(TreeList.RowOpened)
    def _open(self, event: TreeList.RowOpened[Branch]) -> None:
        event.stop()
        if event.row.number:
            self.post_message(OpenRecord(event.row.number))
        else:
            self.branches.action_turn()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is open again: states or relations may have changed."""
        if self._was_opened and self.browser is not None and event.concerns(CONCERNS):
            self.browser.forget()
            self.branches.reload()
            self._read_pane()

    # The pane.

    @property
    def manner(self) -> Manner:
        """How the pane is written."""
        return Manner(self.session.now(), self.session.tz, self.session.ascii_only)

    def _read_pane(self) -> None:
        """Read what stands under the cursor; what the cursor has left meanwhile is not shown."""
        node = self.node
        if node is None:
            self._detail = None
            row = self.branch
            told = row.title if row is not None else ""
            self.pane.show(lambda width: [] if not told else ci_flows.heading_lines(told, self.manner, width))
            return
        desk, number, side = self.desk, node.number, self.side
        if side is not None:
            from deskterm.configuration.details import compared

            self.read("pane", lambda: compared(desk, number, side), self._show_compared)
            return
        from deskterm.configuration.details import detail

        self.read("pane", lambda: detail(desk, number), self._show_detail)

    def _show_detail(self, found: Detail) -> None:
        self._detail = found
        manner = self.manner
        if self._shows_impact:
            self.pane.show(partial(impact_lines, found.impact, self._effects, manner))
        else:
            self.pane.show(partial(detail_lines, found, manner))

    def _show_compared(self, found: Compared) -> None:
        self._detail = None
        self.pane.show(partial(compared_lines, found, self.manner))

    # Keys.

    def refusal(self, action: str) -> str:
        """Say that there is nothing under the cursor, or which right is missing."""
        name = action.partition("(")[0]
        if name in ABOUT_ONE:
            if self.branch is None or not self.branch.number:
                return "There is no record under the cursor."
            if name in ("state", "explain", "impact") and self.node is None:
                return "This is neither a CI nor a service."
        if name == "effects" and not self._shows_impact:
            return "i shows the impact first."
        if name == "differences" and self.side is None:
            return "b chooses what to compare with first."
        return self.lacks("edit", self.desk.registry.kind("ci")) if name in ("edit", "state") else ""

    def action_mode(self) -> None:
        """Go to the next order of the tree."""
        from deskterm.configuration.browsing import Mode

        if self.browser is not None:
            modes = list(Mode)
            self._browse(mode=modes[(modes.index(self.browser.mode) + 1) % len(modes)], query="")

    def action_direction(self) -> None:
        """Turn the branches round."""
        if self.browser is not None:
            self._browse(upwards=not self.browser.upwards)

    def _browse(self, **changes: object) -> None:
        """Begin another tree."""
        from dataclasses import replace

        if self.browser is not None:
            self.browser = replace(self.browser, **changes)  # type: ignore[arg-type]  # names and types are this screen's own
            self._query = self.browser.query
            self.filter.show(self._query)
            self.branches.reset()
            self.branches.focus()
            self._show_path()

    def action_impact(self) -> None:
        """Show the impact, or the CI again."""
        self._shows_impact = not self._shows_impact
        self.side = None
        self._show_path()
        if self._detail is not None:
            self._show_detail(self._detail)
        else:
            self._read_pane()
        self.refresh_bindings()

    def action_effects(self) -> None:
        """Show other effects."""
        self._effects = (self._effects + 1) % len(EFFECTS)
        if self._detail is not None:
            self._show_detail(self._detail)

    def action_pane(self) -> None:
        """Go to the other half."""
        (self.branches if self.pane.has_focus else self.pane).focus()

    def action_filter(self) -> None:
        """Type a query."""
        self.filter.begin()

    @on(FilterLine.Applied)
    def _apply(self, event: FilterLine.Applied) -> None:
        event.stop()
        self._browse(query=event.query if event.query != "*" else "")

    @on(FilterLine.Left)
    def _leave_filter(self) -> None:
        self.branches.focus()

    def action_edit(self) -> None:
        """Change the fields of the record under the cursor."""
        if self.branch is not None:
            self.post_message(EditRecord(self.branch.number))

    def action_copy(self) -> None:
        """Copy its number."""
        if self.branch is not None:
            self.app.copy_to_clipboard(self.branch.number)
            self.say(f"Copied: {self.branch.number}")

    def action_state(self) -> None:
        """Ask what happens with it."""
        if self.node is not None:
            self.converse(ci_flows.change_state(self, self.node))

    def action_explain(self) -> None:
        """Explain how it fares and what its failure would do."""
        if self.node is not None:
            self.converse(ci_flows.explain(self, self.node.number))

    def action_baseline(self) -> None:
        """Ask what to compare with."""
        self.converse(ci_flows.choose_side(self))

    def action_differences(self) -> None:
        """List what differs everywhere."""
        if self.side is not None:
            self.converse(ci_flows.differences(self, self.side))

    def compare_with(self, side: Side | None) -> None:
        """Show the CIs beside what they were, or no longer."""
        self.side, self._shows_impact = side, False
        self._show_path()
        self._read_pane()
        self.refresh_bindings()


def _branch(browser: Browser, key: str, after: str, count: int) -> BranchPage:
    """Read a branch, or as much of it again as is shown; called in a thread."""
    from dataclasses import replace

    page = browser.branch(key, after)
    while not after and page.more and len(page.rows) < count:
        further = browser.branch(key, page.more)
        page = replace(further, rows=(*page.rows, *further.rows))
    return page
