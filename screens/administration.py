"""Administration: a list of every kind that is kept and not worked on, the policy of the desk, its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.messages import DeskChanged, Go
from screens.permitted import PermittedScreen
from widgets.columns import Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.kinds import Kind
    from screens.session import Session

FIRST = (
    "person", "organisation", "team", "agent", "shift", "calendar", "requirement", "agreement", "target", "service", "ci",
    "knowledge", "template", "announcement", "view",
)  # fmt: skip
"""The kinds an administrator comes for, in this order; whatever else is kept follows."""
ELSEWHERE = frozenset({"handover", "interaction"})
"""Kinds that have a screen of their own, or are a log."""
CAP = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to administer."""

    name: str
    """Name of the kind, or of the screen."""
    title: str
    count: str
    rights: str
    help: str
    is_kind: bool = True


class AdministrationScreen(PermittedScreen[None]):
    """The entries, and the one under the cursor in full."""

    CSS_PATH = "administration.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("admin", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("admin")

    entries = query_one("#entries", FixedList)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the list."""
        super().__init__(session)
        self._kinds: frozenset[str] = frozenset()

    def body(self) -> ComposeResult:
        """The entries and the pane."""
        ascii_only = self.session.ascii_only
        yield FixedList(COLUMNS, row_key=lambda entry: entry.name, ascii_only=ascii_only, id="entries")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Count what there is."""
        self.path = ("DeskTerm", "Administration")
        self.entries.focus()
        self._read()

    def _read(self) -> None:
        desk = self.desk
        self.read("entries", lambda: entries(desk), self._show)

    def _show(self, found: tuple[Entry, ...]) -> None:
        self._kinds = frozenset(entry.name for entry in found if entry.is_kind)
        self.entries.show(found)
        self._show_entry()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Count again when one of the kinds changed."""
        if self._was_opened and event.concerns(self._kinds):
            self._read()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Entry]) -> None:
        event.stop()
        self._show_entry()

    def _show_entry(self) -> None:
        rows, place = self.entries.rows, self.entries.cursor
        entry = rows[place] if place < len(rows) else None
        self.pane.show(() if entry is None else ((f"{entry.title}: {entry.help}", "strong"), (entry.rights, "muted")))

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Entry]) -> None:
        event.stop()
        entry = event.row
        if entry.is_kind:
            from screens.kind_list import KindListScreen

            self.app.push_screen(KindListScreen(self.session, entry.name, path=("Administration",)))
        elif entry.name == "settings":
            self.action_settings()
        else:
            self.post_message(Go(entry.name))

    def action_settings(self) -> None:
        """Show the policy of the whole desk."""
        from screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen(self.session))


COLUMNS: list[Column[Entry]] = [
    Column("title", "what", 22, lambda entry, _: entry.title),
    Column("count", "in use", 8, lambda entry, _: entry.count, align="right"),
    Column("rights", "you may", 16, lambda entry, _: (entry.rights.removeprefix("You may "), "muted"), priority=1),
    Column("help", "", 40, lambda entry, _: (entry.help, "muted"), min_width=20, grow=1, priority=2),
]


def entries(desk: Desk) -> tuple[Entry, ...]:
    """Return what there is to administer, with how many of each are in use. Call it in a thread."""
    kept = [kind for kind in desk.registry if not kind.is_work and kind.name not in ELSEWHERE]
    order = {name: place for place, name in enumerate(FIRST)}
    kept.sort(key=lambda kind: order.get(kind.name, len(FIRST)))
    found = [entry for kind in kept if (entry := _entry(desk, kind)) is not None]
    policy = Entry("settings", "Desk settings", "", "", "The priority matrix, delays, categories, codes.", False)
    jobs = Entry("jobs", "Jobs", "", "", "What the desk does by itself, and whether it does.", False)
    return (*found, policy, jobs)


def _entry(desk: Desk, kind: Kind) -> Entry | None:
    from deskterm.errors import NotAllowed
    from deskterm.permissions import allows

    in_use = "state:active" if any(state.name == "active" for state in kind.workflow.states) else "*"
    try:
        count = desk.count(desk.prepare((kind.name,), in_use), cap=CAP)
    except NotAllowed:
        return None
    verbs = [verb for verb in ("create", "edit") if allows(desk.actor.roles, verb, kind.family, kind.process)]
    rights = f"You may {' and '.join(verbs)}" if verbs else "You may look"
    return Entry(kind.name, kind.many[:1].upper() + kind.many[1:], f"{count:,}{'+' if count >= CAP else ''}", rights, kind.help)
