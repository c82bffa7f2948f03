"""A copy of what the terminal shows, and the shortest bytes that turn it into what it should show.

Pure: rows of cells go in, a string of escape sequences comes out. `ThinDisplay` connects it to an application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import eq
from typing import Final, NamedTuple, TypeAlias

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

GAP: Final = 6
"""Unchanged cells that are sent again rather than jumped over; a jump costs as much."""
BLANKS: Final = 12
"""Blanks in a row from which erasing them and jumping behind costs less than sending them."""
SCROLL_ROWS: Final = 4
"""Rows that must have moved together before scrolling them is considered."""


class Ink(NamedTuple):
    """A style as SGR parameters; an empty colour is the terminal's own."""

    attributes: str
    foreground: str
    background: str


Cell: TypeAlias = tuple[str, Ink]
"""A character with its combining marks; the right half of a wide one is the empty text."""
RowCells: TypeAlias = list[Cell | None]
"""The cells of a line; `None` where the terminal's content is not known."""

PLAIN: Final = Ink("", "", "")
_UNSEEN_ON_BLANKS: Final = frozenset("123;")
"""Characters of `1`, `2` and `3`: bold, dim and italic."""
_END: Final = {
    **{"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"},
    **{"21": "24", "51": "54", "52": "54", "53": "55"},
}
"""The SGR code that ends an attribute."""


@lru_cache(4096)
def ink_of(style: Style | None, system: ColorSystem) -> Ink:
    """The SGR parameters of a style in a colour system."""
    if style is None:
        return PLAIN
    color, background = style.color, style.bgcolor
    return Ink(
        Strip.render_ansi(style.without_color, system),
        "" if color is None else ";".join(color.downgrade(system).get_ansi_codes()),
        "" if background is None else ";".join(background.downgrade(system).get_ansi_codes(foreground=False)),
    )


@lru_cache(256)
def cells_of(text: str, ink: Ink) -> tuple[Cell, ...]:
    """The cells a text fills. A character without width belongs to the one before it, a blank has a background only."""
    blank = (" ", Ink("", "", ink.background) if _UNSEEN_ON_BLANKS.issuperset(ink.attributes) else ink)
    if text.isascii():
        return tuple((character, ink) if character != " " else blank for character in text)
    cells: list[Cell] = []
    lead = -1
    for character in text:
        size = get_character_cell_size(character)
        if size == 0:
            if lead >= 0:
                cells[lead] = (cells[lead][0] + character, ink)
            continue
        lead = len(cells)
        cells.append((character, ink) if character != " " else blank)
        if size == 2:
            cells.append(("", ink))
    return tuple(cells)


def cells_of_line(segments: Iterable[Segment], system: ColorSystem) -> RowCells:
    """The cells of a line of segments."""
    cells: RowCells = []
    for text, style, control in segments:
        if control is None:
            cells.extend(cells_of(text, ink_of(style, system)))
    return cells


def _doubtful(text: str, wide: bool) -> bool:
    """Whether terminals may disagree about the width of a character: pictures, and what carries marks."""
    if len(text) > 1:
        return True
    code = ord(text)
    if wide:
        return not (0x2E80 <= code <= 0xD7A3 or 0xFF00 <= code <= 0xFFEF)
    return code >= 0x2900


def _turn(before: Ink | None, after: Ink) -> str:
    """The sequence that changes the pen; `None` is an unknown pen."""
    if after == PLAIN:
        return "\x1b[m"
    if before is None:
        return f"\x1b[{';'.join(['0', *filter(None, after)])}m"
    old, new = (set(filter(None, ink.attributes.split(";"))) for ink in (before, after))
    if ended := {_END[attribute] for attribute in old - new}:
        # One code ends bold and dim alike, so what stays is said again.
        old = {attribute for attribute in old if _END[attribute] not in ended}
    codes = [*sorted(ended), *sorted(new - old)]
    if before.foreground != after.foreground:
        codes.append(after.foreground or "39")
    if before.background != after.background:
        codes.append(after.background or "49")
    return f"\x1b[{';'.join(codes)}m"


class Shadow:
    """What a terminal of some size shows; everything is unknown at first."""

    def __init__(self, width: int, height: int, *, erase_paints: bool = False) -> None:
        """Know nothing yet.

        Args:
            width: Cells of a line.
            height: Lines.
            erase_paints: Whether the terminal gives erased cells the background of the pen (`bce`).
        """
        self.width = width
        self.height = height
        self._erase_paints = erase_paints
        self._rows: list[RowCells] = [[None] * width for _ in range(height)]
        self._out: list[str] = []
        self._pen: Ink | None = None
        self._at: tuple[int, int] | None = None

    def update(self, patches: Mapping[int, Iterable[tuple[int, RowCells]]]) -> str:
        """Show patches of lines.

        Args:
            patches: For each line, counted from 0, cells and the column they begin at.

        Returns:
            What to send; empty when the terminal shows it already. The pen is plain afterwards, the cursor anywhere.
        """
        wanted: dict[int, RowCells] = {}
        for y, parts in patches.items():
            if not 0 <= y < self.height:
                continue
            row = list(self._rows[y])
            for x, cells in parts:
                if 0 <= x < self.width:
                    row[x : x + len(cells)] = cells
            del row[self.width :]
            if row != self._rows[y]:
                wanted[y] = row
        self._out, self._pen, self._at = [], None, None
        self._scroll(wanted)
        for y in sorted(wanted):
            self._write_row(y, wanted[y])
        if self._out and self._pen != PLAIN:
            self._out.append("\x1b[m")
        return "".join(self._out)

    def _scroll(self, wanted: dict[int, RowCells]) -> None:
        """Where a block of lines moved up or down, let the terminal move it."""
        if len(wanted) <= SCROLL_ROWS:
            return
        shown = [_text(row) for row in self._rows]
        places: dict[str, list[int]] = {}
        for y in wanted:
            if shown[y].strip():
                places.setdefault(shown[y], []).append(y)
        due = {y: _text(row) for y, row in wanted.items()}
        moves = Counter(old - y for y, text in due.items() for old in places.get(text, ()) if old != y).most_common(1)
        if not moves or moves[0][1] < SCROLL_ROWS:
            return
        move = moves[0][0]
        moved = [y for y, text in due.items() if 0 <= y + move < self.height and text == shown[y + move]]
        top, bottom = min(moved) + min(move, 0), max(moved) + max(move, 0)
        block = self._rows[top : bottom + 1]
        if any(None in row for row in block):
            return
        blank: list[RowCells] = [[None] * self.width for _ in range(abs(move))]
        shifted = [*block[move:], *blank] if move > 0 else [*blank, *block[:move]]
        target = [wanted.get(y, self._rows[y]) for y in range(top, bottom + 1)]
        gain = sum(
            sum(map(eq, row, after)) - sum(map(eq, row, before))
            for row, before, after in zip(target, block, shifted, strict=True)
        )
        if gain < 2 * self.width:
            return
        # Line feed and reverse index do what scroll up and down do, and every terminal has them.
        go = f"\x1b[{bottom + 1};1H" + "\n" * move if move > 0 else f"\x1b[{top + 1};1H" + "\x1bM" * -move
        self._out.append(f"\x1b[m\x1b[{top + 1};{bottom + 1}r{go}\x1b[r")
        self._pen = PLAIN
        for y, row in zip(range(top, bottom + 1), target, strict=True):
            wanted[y] = row
        self._rows[top : bottom + 1] = shifted

    def _write_row(self, y: int, row: RowCells) -> None:
        old = self._rows[y]
        self._rows[y] = row
        x = 0
        while x < self.width:
            if row[x] == old[x]:
                x += 1
                continue
            start = last = x
            while x < self.width and x - last <= GAP and row[x] is not None:
                if row[x] != old[x]:
                    last = x
                x += 1
            end = last + 1
            # Half of a wide character cannot be written alone.
            while start > 0 and _is_tail(row[start]):
                start -= 1
            while end < self.width and _is_tail(row[end]):
                end += 1
            self._write_run(y, start, [cell for cell in row[start:end] if cell is not None])
            x = end

    def _write_run(self, y: int, x: int, cells: list[Cell]) -> None:
        out = self._out
        if self._at is not None and self._at[0] == y and self._at[1] < x:
            out.append(f"\x1b[{x - self._at[1]}C")
        else:
            out.append(f"\x1b[{y + 1};{x + 1}H")
        index, end = 0, len(cells)
        while index < end:
            text, ink = cells[index]
            if ink != self._pen and not (text == " " and _alike_on_blanks(self._pen, ink)):
                out.append(_turn(self._pen, ink))
                self._pen = ink
            if text == " " and self._erase_paints and (blanks := _blanks(cells, index)) >= BLANKS:
                index += blanks
                out.append("\x1b[K" if x + index == self.width else f"\x1b[{blanks}X")
                if index == end:
                    self._at = (y, x + index - blanks)
                    return
                out.append(f"\x1b[{blanks}C")
                continue
            wide = index + 1 < end and _is_tail(cells[index + 1])
            if not text.isascii() and _doubtful(text, wide):
                # Blank the cells it may leave untouched, then say where the next one stands.
                text = f"  \x1b[2D{text}\x1b[{x + index + 3}G" if wide else f" \b{text}\x1b[{x + index + 2}G"
            out.append(text)
            index += 2 if wide else 1
        self._at = (y, x + end)


def _alike_on_blanks(pen: Ink | None, ink: Ink) -> bool:
    """Whether a blank looks the same with the pen as it is: nobody sees its foreground."""
    return (
        pen is not None
        and pen.background == ink.background
        and _UNSEEN_ON_BLANKS.issuperset(pen.attributes)
        and _UNSEEN_ON_BLANKS.issuperset(ink.attributes)
    )


def _blanks(cells: list[Cell], start: int) -> int:
    """How many blanks stand here that erasing draws alike: not underlined, reversed or struck."""
    first = cells[start]
    if not _UNSEEN_ON_BLANKS.issuperset(first[1].attributes):
        return 0
    end = start
    while end < len(cells) and cells[end] == first:
        end += 1
    return end - start


def _is_tail(cell: Cell | None) -> bool:
    return cell is not None and not cell[0]


def _text(row: RowCells) -> str:
    return "".join([cell[0] if cell is not None else "\0" for cell in row])
