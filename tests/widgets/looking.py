"""Looking at what an application paints, the way the terminal gets it: after the line filters."""

from __future__ import annotations

from rich.segment import Segment
from textual.app import App
from textual.widget import Widget


def painted(app: App[None]) -> list[str]:
    """The lines of the screen."""
    return ["".join(segment.text for segment in line if segment.control is None) for line in painted_segments(app)]


def painted_segments(app: App[None]) -> list[list[Segment]]:
    """The lines of the screen, as segments."""
    return [list(strip) for strip in app.screen._compositor.render_strips()]


def lines_of(widget: Widget) -> list[str]:
    """The lines of one widget, wherever it stands on the screen."""
    region = widget.region
    rows = []
    for y in range(region.y, region.bottom):
        strip = widget.app.screen._compositor.render_strips()[y]
        rows.append(strip.crop(region.x, region.right).text)
    return rows
