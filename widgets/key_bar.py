"""The bottom line: which keys do what here. It renders what it is given; which keys there are is the screen's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.reactive import reactive

from widgets.line_bar import LineBar, Piece, width_of


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key and what it does."""

    key: str
    """As a person reads it: `a`, `^s`, `enter`."""
    label: str
    enabled: bool = True
    """A disabled one is shown in parentheses: it exists, but not now."""
    keep: bool = False
    """Stays when there is no room for all, such as `? help`."""


class KeyBar(LineBar):
    """Keys and their labels. Where they do not fit, those without `keep` go, the last first; `…` says that there are more."""

    DEFAULT_CSS = """
    KeyBar { background: $panel; }
    """

    hints: reactive[tuple[KeyHint, ...]] = reactive(())
    """The keys, the most used first."""

    class Chosen(Message):
        """A click on an enabled hint."""

        def __init__(self, bar: KeyBar, hint: KeyHint) -> None:
            super().__init__()
            self.bar = bar
            self.hint = hint

        @property
        def control(self) -> KeyBar:
            """The bar."""
            return self.bar

    def __init__(
        self,
        hints: Sequence[KeyHint] = (),
        *,
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Show keys."""
        super().__init__(ascii_only=ascii_only, name=name, id=id, classes=classes)
        self.set_reactive(KeyBar.hints, tuple(hints))

    def on_click(self, event: events.Click) -> None:
        """Say which key was chosen."""
        if (offset := event.get_content_offset(self)) is not None and (index := self.hit_at(offset.x)) is not None:
            self.post_message(self.Chosen(self, self.hints[index]))

    def pieces(self, width: int) -> list[Piece]:
        """The hints that fit."""
        shown = list(range(len(self.hints)))
        pieces = self._row(shown)
        while width_of(pieces) > width and (droppable := [index for index in shown if not self.hints[index].keep] or shown):
            shown.remove(droppable[-1])
            pieces = self._row(shown)
        return pieces

    def _row(self, shown: Sequence[int]) -> list[Piece]:
        pieces = [Piece(" ")]
        dots = "~" if self.ascii_only else "…"
        gone = len(shown) < len(self.hints)
        for place, index in enumerate(shown):
            if gone and index != place:
                pieces += [Piece(dots, "muted"), Piece("  ")]
                gone = False
            hint = self.hints[index]
            if hint.enabled:
                pieces += [Piece(self.clean(hint.key), "strong", index), Piece(f" {self.clean(hint.label)}", "muted", index)]
            else:
                pieces.append(Piece(f"({self.clean(hint.key)} {self.clean(hint.label)})", "muted"))
            pieces.append(Piece("  "))
        return [*pieces, Piece(dots, "muted")] if gone else pieces
