"""A figure one can go to: a big number, what it counts, and a glyph that says how it stands."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.row_painter import paint
from widgets.safe_text import fit, visible

_BIG: Final = {
    "0": ("╭─╮", "│ │", "╰─╯"),
    "1": (" ╷ ", " │ ", " ╵ "),
    "2": ("╶─╮", "╭─╯", "╰─╴"),
    "3": ("╶─╮", " ─┤", "╶─╯"),
    "4": ("╷ ╷", "╰─┤", "  ╵"),
    "5": ("╭─╴", "╰─╮", "╶─╯"),
    "6": ("╭─╴", "├─╮", "╰─╯"),
    "7": ("╶─╮", "  │", "  ╵"),
    "8": ("╭─╮", "├─┤", "╰─╯"),
    "9": ("╭─╮", "╰─┤", "╶─╯"),
    "%": ("o  ", " / ", "  o"),
    ".": (" ", " ", "."),
    ":": (" ", ":", " "),
    "-": ("   ", "╶─╴", "   "),
    "–": ("   ", "╶─╴", "   "),  # noqa: RUF001
    " ": (" ", " ", " "),
}


def big(text: str) -> tuple[str, str, str] | None:
    """A figure three lines high; `None` where it holds what is not a figure."""
    if any(character not in _BIG for character in text):
        return None
    rows = [_BIG[character] for character in text]
    return "".join(row[0] for row in rows), "".join(row[1] for row in rows), "".join(row[2] for row in rows)


class Tile(Widget, can_focus=True):
    """A figure with its label. Give it `number`; `enter`, `space` or a click says `Chosen`."""

    ALLOW_SELECT = False
    TONES: ClassVar[tuple[str, ...]] = ("good", "soon", "risk", "breach", "muted")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tile--label", *(f"tile--{tone}" for tone in TONES)}
    DEFAULT_CSS = """
    Tile {
        width: 1fr;
        min-width: 12;
        height: 6;
        border: round $foreground 30%;
        padding: 0 1;
        &:focus { border: heavy $border; }
        &.-ascii { border: ascii $foreground 30%; }
        & > .tile--label { color: $text-muted; }
        & > .tile--good { color: $text-success; }
        & > .tile--soon { color: $text-warning; }
        & > .tile--risk { color: $text-warning; text-style: bold; }
        & > .tile--breach { color: $text-error; text-style: bold; }
        & > .tile--muted { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "choose", "Open", id="tile.open", show=False)]

    number: reactive[str] = reactive("–")  # noqa: RUF001
    """The figure, as text: `12`, `98.4%`; a dash while it is not known."""
    label: reactive[str] = reactive("")
    """What it counts."""
    sign: reactive[str] = reactive("")
    """A glyph that says what the tone says in colour."""
    tone: reactive[str] = reactive("")
    """One of `TONES`, or empty."""

    class Chosen(Message):
        """The person wants to see what is behind the figure."""

        def __init__(self, tile: Tile) -> None:
            super().__init__()
            self.tile = tile

        @property
        def control(self) -> Tile:
            """The tile."""
            return self.tile

    def __init__(
        self,
        label: str,
        *,
        number: str = "–",  # noqa: RUF001
        sign: str = "",
        tone: str = "",
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a tile; without a number it shows a dash."""
        super().__init__(name=name, id=id, classes=classes)
        self._ascii = ascii_only
        self.set_class(ascii_only, "-ascii")
        self.set_reactive(Tile.label, label)
        self.show(number, sign=sign, tone=tone)

    def show(self, number: str | int, *, sign: str = "", tone: str = "") -> None:
        """Show another figure with its glyph and tone."""
        self.number, self.sign, self.tone = str(number), sign, tone

    def action_choose(self) -> None:
        """Say that it was chosen."""
        self.post_message(self.Chosen(self))

    def on_click(self) -> None:
        """Say that it was chosen."""
        self.action_choose()

    def render_line(self, y: int) -> Strip:
        """Paint the figure, three lines high where there is room, and the label below it."""
        width, height, plain = self.size.width, self.size.height, self.rich_style
        tone = self.get_component_rich_style(f"tile--{self.tone}") if self.tone in self.TONES else plain
        sign = f"{visible(self.sign, 1, ascii_only=self.ascii_shown)} " if self.sign else ""
        number = visible(self.number, max(1, width - len(sign)), ascii_only=self.ascii_shown)
        drawn = None if self.ascii_shown or height < 4 else big(number)
        if drawn is not None and len(drawn[0]) + len(sign) > width:
            drawn = None
        lines = [f"{sign if row == 1 else ' ' * len(sign)}{text}" for row, text in enumerate(drawn)] if drawn else [sign + number]
        if y < len(lines):
            return paint([(fit(lines[y], width, ascii_only=self.ascii_shown), tone)], width, plain)
        if y == len(lines):
            # Behind a border, focus is seen by its weight; here also by a pointer, for terminals that draw both alike.
            pointer = (">" if self.ascii_shown else "▸") if self.has_focus else ""
            text = fit(f"{pointer}{self.label}", width, ascii_only=self.ascii_shown)
            return paint([(text, self.get_component_rich_style("tile--label"))], width, plain)
        return Strip.blank(width, plain)

    @property
    def ascii_shown(self) -> bool:
        """Whether it is drawn with ASCII."""
        return self._ascii

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Wide enough for the label."""
        return max(12, len(self.label) + 2)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The figure and its label."""
        return 2 if self._ascii else 4
