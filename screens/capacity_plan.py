"""A capacity plan to be read: the newest frozen version, or as it stands now; frozen by a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens import ticket_flows as flows
from screens.messages import DeskChanged
from screens.permitted import PermittedScreen
from screens.scrolled_lines import Line, ScrolledLines, wrapped
from screens.ticket import Target, TicketScreen
from widgets.line_bar import Piece

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from screens.session import Session

_FIGURE = re.compile(r"-?[\d.]+(e[-+]?\d+)?|[\d-]{10}|n/a|")
"""What stands to the right in its column: a figure, a day, or nothing."""
Read = tuple[str, int, int | None, str]
"""Title, version of the record, version of the plan, the document as Markdown."""


class CapacityPlanScreen(PermittedScreen[None], TicketScreen):
    """The document, scrolled."""

    CSS_PATH = "capacity.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("capplan",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("capplan")

    text = query_one("#text", ScrolledLines)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of a plan."""
        super().__init__(session)
        self.number = number
        self.live = False
        self._record_version: int | None = None

    def body(self) -> ComposeResult:
        """The document."""
        yield ScrolledLines(id="text")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Capacity", "Plans", self.number)
        self.text.focus()
        self._read()

    def _read(self) -> None:
        desk, number, live = self.desk, self.number, self.live
        self.read("plan", lambda: _document(desk, number, live=live), self._show)

    def _show(self, found: Read) -> None:
        title, self._record_version, version, text = found
        state = f"version {version}" if version else "as it stands now"
        self.path = ("DeskTerm", "Capacity", "Plans", f"{self.number} {title}", state)
        self.text.show(lambda width: _lines(text, width, ascii_only=self.session.ascii_only))

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again what may have changed."""
        if self._was_opened and event.concerns(frozenset({"capacity-plan", "resource", "scenario"})):
            self._read()

    def targets(self) -> tuple[Target, ...]:
        """This plan."""
        return (Target(self.number, "", self._record_version),)

    def acted(self, numbers: object) -> None:
        """Show the version that was frozen."""
        self.live = False
        self._read()

    def refusal(self, action: str) -> str:
        """Say which right is missing."""
        return self.lacks("edit", self.desk.registry.kind("capacity-plan")) if action in ("freeze", "edit") else ""

    def action_freeze(self) -> None:
        """Freeze a version."""
        self.converse(flows.act(self, self.targets(), "freeze"))

    def action_live(self) -> None:
        """Show it as it stands now, or the frozen version again."""
        self.live = not self.live
        self._read()

    def action_journal(self) -> None:
        """Open its record."""
        from screens.record import RecordScreen

        self.app.push_screen(RecordScreen(self.session, self.number))


def _document(desk: Desk, number: str, *, live: bool) -> Read:
    from deskterm.capacity import plan_printing, plan_rules

    view = desk.show(number)
    version, document = plan_rules.document_of(desk, number, live=live)
    return view.title, view.version, version, plan_printing.markdown(document, version, brief=True)


def _lines(text: str, width: int, *, ascii_only: bool) -> list[Line]:
    """Return Markdown as lines: headings stand out, tables are aligned and cut at the edge, the rest is wrapped."""
    lines: list[Line] = []
    table: list[list[str]] = []
    for raw in [*text.splitlines(), ""]:
        if raw.startswith("|"):
            table.append([cell.strip().replace("\\", "") for cell in raw.strip("|").split(" | ")])
            continue
        lines += _aligned(table, width)
        table = []
        if raw.startswith("#"):
            style = "accent" if raw.startswith("# ") else "strong"
            words = raw.lstrip("# ").replace("\\", "")
            lines += [[Piece(f" {piece}", style)] for piece in wrapped(words, width - 2, ascii_only=ascii_only)]
        else:
            lines += [[Piece(f" {piece}", "")] for piece in wrapped(raw.replace("\\", ""), width - 2, ascii_only=ascii_only)]
    return lines


def _aligned(table: list[list[str]], width: int) -> list[Line]:
    rows = [row for row in table if not all(set(cell) <= {"-", " ", "|"} for cell in row)]
    if not rows:
        return []
    wide = [max(len(row[place]) for row in rows if place < len(row)) for place in range(len(rows[0]))]
    right = [all(_FIGURE.fullmatch(row[place]) for row in rows[1:] if place < len(row)) for place in range(len(rows[0]))]
    lines: list[Line] = []
    for number, row in enumerate(rows):
        cells = (cell.rjust(wide[place]) if right[place] else cell.ljust(wide[place]) for place, cell in enumerate(row))
        lines.append([Piece(f" {'  '.join(cells)}"[: max(1, width)], "muted" if number == 0 else "")])
    return lines
