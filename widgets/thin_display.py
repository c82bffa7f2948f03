"""Writes to the terminal only what differs from what it shows: a keystroke costs a hundred bytes instead of ten thousand.

Textual sends whole lines of a widget. `ThinDisplay` takes each update before it is written, compares it with a `Shadow` and
sends the difference. It stands on a few private names of Textual (`PRIVATE_NAMES`); where one of them is gone, or an update
is not understood, Textual's own way is taken and nothing is lost but bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final, Protocol, runtime_checkable

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, RenderableType
from rich.control import Control
from textual import events
from textual.app import App, ReturnType
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from widgets.shadow import RowCells, Shadow, cells_of_line

SWITCH: Final = "DESKTERM_THIN"
"""Environment variable: `on`, `off`, or `auto` (on within SSH)."""

PRIVATE_NAMES: Final = ("_display", "_begin_update", "_end_update", "_driver", "_batch_count", "_running", "_closed")
"""What is used of `App` without being promised; a test looks whether it is still there."""


@runtime_checkable
class _WholeUpdate(Protocol):
    """Lines of a region: Textual's `LayoutUpdate`."""

    strips: Sequence[Iterable[Strip]]
    region: Region


@runtime_checkable
class _PartialUpdate(Protocol):
    """Pieces of lines: Textual's `ChopsUpdate`."""

    chops: Sequence[Mapping[int, Strip | None]]
    spans: Sequence[tuple[int, int, int]]
    chop_ends: Sequence[Sequence[int]]


def thin_wanted(environ: Mapping[str, str]) -> bool:
    """Whether the environment asks for it: by `DESKTERM_THIN`, else because the desk is used through SSH."""
    switch = environ.get(SWITCH, "auto").strip().lower()
    if switch in ("on", "1", "yes"):
        return True
    return switch not in ("off", "0", "no") and "SSH_CONNECTION" in environ


def erase_paints(environ: Mapping[str, str]) -> bool:
    """Whether the terminal gives erased cells the background of the pen; GNU screen, among others, does not."""
    return environ.get("TERM", "").startswith(("xterm", "tmux", "alacritty", "foot", "kitty", "wezterm", "rxvt", "st-", "linux"))


class ThinDisplay(App[ReturnType]):
    """An application that sends differences while `thin` is set.

    | Key | Does |
    | --- | --- |
    | `ctrl+l` | paint everything anew, after something else wrote on the terminal |
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+l", "repaint", "Repaint", id="app.repaint", show=False, system=True)]

    _thin = False
    _shadow: Shadow | None = None
    _thin_cursor: tuple[int, int] | None = None
    thin_fault: str | None = None
    """Why the differences were given up, if they were."""

    @property
    def thin(self) -> bool:
        """Whether only differences are sent."""
        return self._thin

    @thin.setter
    def thin(self, thin: bool) -> None:
        missing = [name for name in PRIVATE_NAMES if not hasattr(self, name)]
        if missing:
            self.thin_fault = f"this Textual has no {', '.join(missing)}"
        self._thin = thin and not missing
        self._shadow = None

    def action_repaint(self) -> None:
        """Forget what the terminal shows and send everything."""
        self._shadow = None
        self.screen.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """A terminal that changed its size, or came back, may have rearranged what it shows."""
        self._shadow = None

    def on_mount(self) -> None:
        """Paint all after the process was stopped and continued."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write an update, or the difference it makes."""
        if renderable is None or self._batch_count:
            # Nothing will be written: what the terminal shows stays known.
            super()._display(screen, renderable)
            return
        driver = self._driver
        ready = self._thin and self._running and not self._closed and driver is not None
        if not ready or driver is None or driver.is_headless or driver.is_inline:
            self._shadow = None
            super()._display(screen, renderable)
            return
        try:
            sequences = self._difference(renderable)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self.thin_fault = f"update not understood: {error!r}"
            self.log.error(self.thin_fault)
            self._thin = False
            sequences = None
        if sequences is None:
            self._shadow = None
            super()._display(screen, renderable)
            if not self._thin:
                screen.refresh()
            return
        cursor = self._wanted_cursor(screen)
        if sequences or cursor != self._thin_cursor:
            self._thin_cursor = cursor
            self._begin_update()
            driver.write(sequences + ("" if cursor is None else Control.move_to(*cursor).segment.text))
            self._end_update()
            driver.flush()
        self.post_display_hook()

    def _wanted_cursor(self, screen: Screen[object]) -> tuple[int, int] | None:
        """Where the terminal's own cursor, which nobody sees, has to stand: at the place where an input method would open."""
        if self.focused is None or not self.focused.check_consume_key("x", "x"):
            return None
        x, y = screen.outer_size.clamp_offset(self.cursor_position)
        return x, y

    def _difference(self, renderable: RenderableType) -> str | None:
        """What to send for an update; `None` when it is of a kind not known here."""
        # Without colours Textual itself falls back to true colour.
        system = COLOR_SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR)
        patches: dict[int, list[tuple[int, RowCells]]] = {}
        if isinstance(renderable, _PartialUpdate):
            for y, left, right in renderable.spans:
                for end, (x, strip) in zip(renderable.chop_ends[y], renderable.chops[y].items(), strict=False):
                    if strip is None or x > right or end <= left:
                        continue
                    piece = strip if end <= right else strip.crop(0, right - x)
                    patches.setdefault(y, []).append((x, cells_of_line(piece, system)))
        elif isinstance(renderable, _WholeUpdate):
            for y, line in enumerate(renderable.strips, renderable.region.y):
                segments = (segment for strip in line for segment in strip)
                patches[y] = [(renderable.region.x, cells_of_line(segments, system))]
        else:
            return None
        if self._shadow is None or (self._shadow.width, self._shadow.height) != self.size:
            self._shadow = Shadow(*self.size, erase_paints=erase_paints(os.environ))
            self._thin_cursor = None
        return self._shadow.update(patches)
