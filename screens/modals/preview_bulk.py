"""Shows what a bulk act would do to each record before it is done; nothing is kept until the person says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from deskterm.records.schema import Outcome
from screens.base import DeskModal
from widgets.columns import Cell, Column
from widgets.key_bar import KeyBar, KeyHint
from widgets.paged_list import PagedList
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session

PAGE = 50


class BulkPreviewModal(DeskModal[tuple[str, ...]]):
    """Every record with what becomes of it. Answers with the numbers to change, or with `None`.

    | Key | Does |
    | --- | --- |
    | `enter`, `ctrl+s` | do it; all of them or, where some refuse, nothing |
    | `o` | do it to those that do not refuse |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "save", "do it", id="bulk.do", priority=True),
        Binding("o", "only_able", "only those that can", id="bulk.only_able"),
    ]

    DEFAULT_CSS = """
    BulkPreviewModal {
        & > .window { width: 96%; height: 92%; }
        & #told { height: auto; }
    }
    """

    rows = query_one("#outcomes", PagedList)

    def __init__(self, session: Session, what: str, outcomes: Sequence[Outcome]) -> None:
        """Show outcomes.

        Args:
            session: The session.
            what: What is about to be done, in a few words.
            outcomes: What a preview said of each record.
        """
        super().__init__(session)
        self._what = what
        self._refused = [one for one in outcomes if not one.ok]
        self._able = [one for one in outcomes if one.ok]
        self._outcomes = [*self._refused, *self._able]

    def compose(self) -> ComposeResult:
        """What is asked, the records (those that refuse first), the keys."""
        ascii_only = self.session.ascii_only
        with Vertical(classes="window") as window:
            window.border_title = Content(visible(f"{self._what}: {len(self._outcomes)} records", 70))
            yield Static(Content(self._told()), id="told")
            yield PagedList[Outcome](
                self._columns(),
                row_key=lambda one: one.number,
                page_size=PAGE,
                ascii_only=ascii_only,
                empty_text="No record is marked.",
                id="outcomes",
            )
            yield KeyBar(self._hints(), ascii_only=ascii_only)

    def on_mount(self) -> None:
        """Stand in the list."""
        self.rows.focus()

    def _show_keys(self, _: object) -> None:
        """The keys do not change while the window stands."""

    def _hints(self) -> tuple[KeyHint, ...]:
        do = KeyHint("enter", "do it", enabled=not self._refused and bool(self._able))
        only = (KeyHint("o", f"only the {len(self._able)} that can", enabled=bool(self._able)),) if self._refused else ()
        return (do, *only, KeyHint("esc", "change nothing", keep=True))

    def _told(self) -> str:
        if not self._refused:
            return "Nothing has been changed yet. All of them at once; u takes it back."
        return f"{len(self._refused)} refuse, so all would be left as they are. Nothing has been changed yet."

    def _columns(self) -> list[Column[Outcome]]:
        ascii_only = self.session.ascii_only
        good, bad = ("+", "X") if ascii_only else ("✓", "✖")

        def sign(one: Outcome, _: int) -> Cell:
            return (good, "good") if one.ok else (bad, "breach")

        def what(one: Outcome, _: int) -> Cell:
            if not one.ok:
                return (one.message, "breach")
            arrow = "->" if ascii_only else "→"
            told = [
                f"{name.replace('_', ' ')} {old or 'nothing'} {arrow} {new or 'nothing'}"
                for name, (old, new) in one.changes.items()
            ]
            return ", ".join(told) or ("as it is already", "muted")

        return [
            Column[Outcome]("sign", "", 1, sign),
            Column[Outcome]("number", "number", 10, lambda one, _: one.number),
            Column[Outcome]("what", "what becomes of it", 40, what, min_width=20, grow=3),
            Column[Outcome]("title", "summary", 24, lambda one, _: (one.title, "muted"), priority=1, grow=1),
        ]

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted[Outcome]) -> None:
        event.stop()
        start = event.index * PAGE
        event.sender.feed(len(self._outcomes), event.index, self._outcomes[start : start + PAGE], generation=event.generation)

    def action_save(self) -> None:
        """Do it to all, unless one refuses."""
        if self._able and not self._refused:
            self.dismiss(tuple(one.number for one in self._able))

    def action_only_able(self) -> None:
        """Do it to those that do not refuse."""
        if self._able:
            self.dismiss(tuple(one.number for one in self._able))
