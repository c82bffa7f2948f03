"""The views of a list side by side, each with its key and how much is in it: `1 Mine 12 │ 2 Team 48`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from widgets.line_bar import LineBar, Piece, width_of

SHORT: Final = 6
"""Cells of a label that is cut."""
ROOMY: Final = 10
"""Cells of a label that is hardly cut: most names are whole."""


UNKEYED: Final = " "
"""Stands for the key of a tab that none leads to."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A view."""

    label: str
    count: int | None = None
    """Records in it; `None` while that is not known."""
    key: str = ""
    """The key that leads to it; empty means its number, up to 9, and `UNKEYED` none."""


class TabStrip(LineBar, can_focus=True):
    """A row of tabs, one of them chosen. It folds: first the labels shorten, then the tabs furthest from it go.

    | Key | Does |
    | --- | --- |
    | `left`, `right` | choose the tab beside |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "beside(-1)", "View before", id="tabs.before", show=False),
        Binding("right,l", "beside(1)", "Next view", id="tabs.next", show=False),
    ]

    tabs: reactive[tuple[Tab, ...]] = reactive(())
    """The tabs, left to right."""
    active: reactive[int] = reactive(0)
    """Place of the chosen tab, counted from 0. Setting it tells nobody: the screen knows."""

    class Chosen(Message):
        """The person chose a tab."""

        def __init__(self, strip: TabStrip, index: int) -> None:
            super().__init__()
            self.strip = strip
            self.index = index
            """Place of the tab, counted from 0."""

        @property
        def control(self) -> TabStrip:
            """The strip."""
            return self.strip

    def __init__(
        self,
        tabs: Sequence[Tab] = (),
        *,
        active: int = 0,
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Show tabs, one of them chosen."""
        super().__init__(ascii_only=ascii_only, name=name, id=id, classes=classes)
        self.set_reactive(TabStrip.tabs, tuple(tabs))
        self.set_reactive(TabStrip.active, active)

    def validate_active(self, active: int) -> int:
        """Keep it on a tab."""
        return max(0, min(active, len(self.tabs) - 1))

    def choose(self, index: int) -> None:
        """Choose a tab and say so; the chosen one again is news too, it asks for a reload."""
        if 0 <= index < len(self.tabs):
            self.active = index
            self.post_message(self.Chosen(self, index))

    def action_beside(self, step: int) -> None:
        """Choose the tab beside, round the end."""
        if self.tabs:
            self.choose((self.active + step) % len(self.tabs))

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the pointer."""
        if (offset := event.get_content_offset(self)) is not None and (index := self.hit_at(offset.x)) is not None:
            self.choose(index)

    def pieces(self, width: int) -> list[Piece]:
        """The tabs, as wide as there is room for."""
        for reach in (None, ROOMY, 8, SHORT):
            pieces = self._row(range(len(self.tabs)), reach)
            if width_of(pieces) <= width:
                return pieces
        # A bare number says nothing to somebody new: rather some tabs with their names, around the chosen one.
        return self._some(width, ROOMY) or self._some(width, SHORT) or self._row(range(self.active, self.active + 1), 0)

    def _some(self, width: int, reach: int) -> list[Piece]:
        """As many tabs as fit around the chosen one, and how many there are beyond; empty if not even that one fits."""
        first, last = self.active, self.active + 1
        if width_of(self._between(first, last, reach)) > width:
            return []
        while True:
            wider = [pair for pair in ((first - 1, last), (first, last + 1)) if pair[0] >= 0 and pair[1] <= len(self.tabs)]
            fitting = [pair for pair in wider if width_of(self._between(*pair, reach)) <= width]
            if not fitting:
                return self._between(first, last, reach)
            first, last = min(fitting, key=lambda pair: abs(pair[0] + pair[1] - 1 - 2 * self.active))

    def _between(self, first: int, last: int, reach: int) -> list[Piece]:
        beyond, less, more = len(self.tabs) - last, *(("<", ">") if self.ascii_only else ("‹", "›"))  # noqa: RUF001
        bar = self._bar
        before = [Piece(f"{less}+{first}{bar}", "muted", first - 1)] if first else []
        after = [Piece(f"{bar}+{beyond}{more}", "muted", last)] if beyond else []
        return [*before, *self._row(range(first, last), reach), *after]

    @property
    def _bar(self) -> str:
        return "|" if self.ascii_only else "│"

    def _row(self, places: range, reach: int | None) -> list[Piece]:
        pieces: list[Piece] = []
        for index in places:
            if pieces:
                pieces.append(Piece(self._bar, "muted"))
            tab, chosen = self.tabs[index], index == self.active
            key = tab.key.strip() if tab.key else str(index + 1) if index < 9 else ""
            label = self.clean(tab.label, None if reach is None else max(SHORT, reach) if chosen else reach)
            count = "" if tab.count is None else str(tab.count)
            text = " ".join(filter(None, (self.clean(key), label, count))) or label or "?"
            # Brackets say without colour which one is chosen, and move nothing.
            pieces.append(Piece(f"[{text}]" if chosen else f" {text} ", "active" if chosen else "", index))
        return pieces
