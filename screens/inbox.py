"""The verification inbox: the scans that wait for a decision, the newest first, and what each of them found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from screens import keys
from screens.kind_columns import columns
from screens.kind_list import KindListScreen
from screens.paging import Answer, Pages, Question
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import Row
    from screens.session import Session

SHOWN = ("conflict", "changed", "vanished", "new", "unchanged")


class ScanPages(Pages):
    """Pages of scans that know what each found."""

    def __init__(self, desk: Desk, question: Question) -> None:
        """Prepare the list."""
        super().__init__(desk, question)
        self._of = desk
        self.counts: dict[int, dict[str, int]] = {}
        """Rows by outcome, by the row id of the scan."""

    def read(self, index: int, generation: int, after: Row | None, before: Row | None) -> Answer:
        """Return one page, and remember what its scans found."""
        from deskterm.configuration.discovery_reading import counts

        answer = super().read(index, generation, after, before)
        self.counts = {**self.counts, **counts(self._of, [row.id for row in answer.rows])}
        return answer


class InboxScreen(KindListScreen):
    """The scans, those that wait first of all."""

    AREAS: ClassVar[tuple[str, ...]] = ("inbox", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("inbox")

    def __init__(self, session: Session) -> None:
        """Make the list."""
        super().__init__(session, "discovery", query="state:waiting")

    def opened(self) -> None:
        """List what waits."""
        super().opened()
        self.path = ("DeskTerm", "Inbox")

    def empty_text(self) -> str:
        """Say what to do."""
        return (
            "No scan waits to be verified.\n"
            "deskterm import nmap FILE brings one in, and so do ansible, osquery, netbox and discovery\n"
            "/ another filter: * lists all scans, also the settled ones"
        )

    def pages_of(self, desk: Desk, question: Question) -> Pages:
        """Return pages that know what each scan found."""
        return ScanPages(desk, question)

    def columns(self, pages: Pages) -> list[Column[Row]]:
        """Return number, name, state, what was found, and when it was scanned."""
        by_key = {column.key: column for column in columns(self.kind, self.session.tz)}
        found = [
            Column(
                outcome, outcome, 9 if outcome == "unchanged" else 8, lambda row, _, outcome=outcome: _count(pages, row, outcome),  # type: ignore[misc]
                align="right", priority=place,
            )
            for place, outcome in enumerate(SHOWN)
        ]  # fmt: skip
        name = replace(by_key["name"], width=28, min_width=20, grow=1)
        scanned = replace(by_key["scanned_at"], priority=3)
        return [by_key["number"], name, *found, scanned, replace(by_key["state"], priority=6)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A scan is neither edited nor retired; it comes with a file."""
        return False if action in ("edit", "retire", "create") else super().check_action(action, parameters)

    def open_row(self, row: Row) -> None:
        """Go through it row by row."""
        from screens.scan import ScanScreen

        self.app.push_screen(ScanScreen(self.session, row.number))


def _count(pages: Pages, row: Row, outcome: str) -> Cell:
    count = pages.counts.get(row.id, {}).get(outcome, 0) if isinstance(pages, ScanPages) else 0
    if not count:
        return "·", "muted"
    tone = {"conflict": "breach", "changed": "soon", "vanished": "risk", "new": "accent"}.get(outcome, "muted")
    return f"{count:,}", tone
