"""Lines without any colour, for who asked for none (`NO_COLOR`): Textual's own way is greys, which are colour codes too."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import Color as PenColour
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_MIDDLE: Final = 127
_REVERSE: Final = Style(reverse=True)
_UPRIGHT: Final = Style(reverse=False)


class ColourlessFilter(LineFilter):
    """Takes the colours out of every line. A bright ground, such as a cursor's on a dark screen, becomes reversed text."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Take the colours out of one line.

        Args:
            segments: The segments of the line.
            background: Unused; part of Textual's signature.
        """
        return [Segment(text, colourless(style), control) for text, style, control in segments]


@lru_cache(maxsize=4096)
def colourless(style: Style | None) -> Style | None:
    """A style without colours that still tells a bright ground from a dark one."""
    if style is None or (style.color is None and style.bgcolor is None):
        return style
    # The ground that shows: reversed text has the colour of its letters behind it.
    ground = style.color if style.reverse else style.bgcolor
    plain = style.without_color
    return plain + (_REVERSE if _bright(ground) else _UPRIGHT if style.reverse else Style.null())


def _bright(colour: PenColour | None) -> bool:
    triplet = None if colour is None or colour.is_default else colour.get_truecolor()
    return triplet is not None and sum(triplet) > 3 * _MIDDLE
