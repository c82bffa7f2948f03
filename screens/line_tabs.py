"""A list that shows the lines of one tab after another: each tab with columns of its own."""

from __future__ import annotations

from typing import TypeVar

from widgets.columns import Column
from widgets.fixed_list import FixedList

Row = TypeVar("Row")


class TabbedLines(FixedList[Row]):
    """The lines of the tab that is shown."""

    def show_other(self, columns: list[Column[Row]], lines: list[Row], empty_text: str) -> None:
        """Show another tab."""
        self.empty_text = empty_text
        self.set_columns(columns)
        self._all = None
        self.reset()
        self.show(lines)
