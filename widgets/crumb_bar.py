"""The top line: where one is on the left, what burns in the middle, the time and who one is on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive

from widgets.line_bar import LineBar, Piece, width_of
from widgets.safe_text import fit


@dataclass(frozen=True, slots=True)
class Badge:
    """A live count in the top line."""

    sign: str
    """A glyph that says what the style's colour says."""
    count: int
    label: str
    style: str = ""
    """One of the bar's styles."""
    ascii_sign: str = "*"
    """The glyph where only ASCII can be shown."""


class CrumbBar(LineBar):
    """The path, the badges, the time and the agent.

    Where there is no room for all, the path keeps half the line for its end; the badges lose their words, then the last of
    them go.
    """

    DEFAULT_CSS = """
    CrumbBar { background: $panel; }
    """

    path: reactive[tuple[str, ...]] = reactive(())
    """From the desk to what is shown."""
    badges: reactive[tuple[Badge, ...]] = reactive(())
    """The most important first. A count of 0 is not shown: nothing burns."""
    clock: reactive[str] = reactive("")
    """The time, in words of the screen's choosing."""
    agent: reactive[str] = reactive("")
    """Who works here."""

    class Chosen(Message):
        """A click on a badge."""

        def __init__(self, bar: CrumbBar, badge: Badge) -> None:
            super().__init__()
            self.bar = bar
            self.badge = badge

        @property
        def control(self) -> CrumbBar:
            """The bar."""
            return self.bar

    def __init__(
        self,
        path: Sequence[str] = (),
        *,
        badges: Sequence[Badge] = (),
        clock: str = "",
        agent: str = "",
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Show a path, badges, a time and an agent."""
        super().__init__(ascii_only=ascii_only, name=name, id=id, classes=classes)
        self.set_reactive(CrumbBar.path, tuple(path))
        self.set_reactive(CrumbBar.badges, tuple(badges))
        self.set_reactive(CrumbBar.clock, clock)
        self.set_reactive(CrumbBar.agent, agent)

    def on_click(self, event: events.Click) -> None:
        """Say which badge was chosen."""
        if (offset := event.get_content_offset(self)) is not None and (index := self.hit_at(offset.x)) is not None:
            self.post_message(self.Chosen(self, self.badges[index]))

    def pieces(self, width: int) -> list[Piece]:
        """The line at a width."""
        agent = " ".join(filter(None, (self.clean(self.clock), self.clean(self.agent, 16))))
        right = [Piece(f" {agent} " if agent else "", "strong")]
        burning = [index for index, badge in enumerate(self.badges) if badge.count]
        wanted = min(cell_len(self._trail(self.path)) + 2, max(12, width // 2))
        middle: list[Piece] = []
        for words, shown in [(True, burning), *((False, burning[:count]) for count in range(len(burning), -1, -1))]:
            middle = [piece for index in shown for piece in self._badge(index, words=words)]
            if width_of(middle) + width_of(right) + wanted <= width:
                break
        room = width - width_of(middle) - width_of(right)
        return [Piece(self._left(room)), *middle, *right]

    def _badge(self, index: int, *, words: bool) -> list[Piece]:
        badge = self.badges[index]
        sign = badge.ascii_sign if self.ascii_only else badge.sign
        text = f"{self.clean(sign)} {badge.count}" + (f" {self.clean(badge.label)}" if words else "")
        return [Piece(text, badge.style, index), Piece("  " if words else " ")]

    def _trail(self, path: Sequence[str]) -> str:
        return (" > " if self.ascii_only else " ▸ ").join(self.clean(step) for step in path)

    def _left(self, room: int) -> str:
        """The path in so many cells; its end matters more than its beginning."""
        if room <= 0:
            return ""
        path, dots = list(self.path), "~" if self.ascii_only else "…"
        while len(path) > 1 and cell_len(self._trail(path)) + 2 > room:
            path = [dots, *path[2:]] if path[0] == dots else [dots, *path[1:]]
            if path == [dots]:
                path = [self.path[-1]]
        return fit(f" {self._trail(path)}", room - 1, ascii_only=self.ascii_only) + " "
