"""The tree of the CI browser: how a row is drawn. What the rows are comes from the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.ci_pane import STATE_SIGN
from widgets.columns import Cell, Column
from widgets.tree_list import TreeList, TreeRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.configuration.schema import Branch
    from screens.cis import CisScreen

STYLES = {"down": "breach", "degraded": "risk"}


class CiTree(TreeList["Branch"]):
    """The tree."""

    def __init__(
        self,
        columns: Sequence[Column[TreeRow[Branch]]],
        *,
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
    ) -> None:
        """Make a tree of which nothing is known yet."""
        super().__init__(
            columns,
            row_key=lambda row: row.key,
            row_opens=lambda row: row.opens,
            empty_text="No CI here.\n/ another filter, an empty one shows the tree\nm another order   n makes a CI",
            ascii_only=ascii_only,
            id=id,
        )


def columns(screen: CisScreen, *, ascii_only: bool) -> list[Column[TreeRow[Branch]]]:
    """Return what a row shows: its name in its place, how its redundancy stands, how it fares."""
    sign = int(ascii_only)

    def name(line: TreeRow[Branch], now: int) -> Cell:
        row = line.row
        if row is None:
            return screen.branches.label_of(line, "more" if line.more else ""), "muted"
        return screen.branches.label_of(line, row.title), STYLES.get(row.state, "" if row.kind or not line.depth else "strong")

    def note(line: TreeRow[Branch], now: int) -> Cell:
        row = line.row
        if row is None:
            return ""
        if row.marks:
            return (f"{row.note.removesuffix(' up')} SPOF" if "SPOF now" in row.marks else row.marks[0]), "breach"
        return row.note or row.status, "muted"

    def state(line: TreeRow[Branch], now: int) -> Cell:
        row = line.row
        if row is None or not row.state:
            return ""
        return f"{STATE_SIGN[row.state][sign]} {row.state}", STYLES.get(row.state, "muted")

    return [
        Column("name", "name", 30, name, min_width=16, grow=1),
        Column("note", "stands", 9, note, min_width=8, priority=1),
        Column("state", "state", 10, state),
    ]
