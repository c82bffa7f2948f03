"""What the terminal can do, told from the environment before anything is drawn on it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

ASCII_SWITCH: Final = "DESKTERM_ASCII"
"""Environment variable: `1` draws with ASCII, `0` with Unicode, whatever the terminal is called."""

TRUE_COLOURS: Final = 1 << 24
_MODERN: Final = ("kitty", "alacritty", "ghostty", "foot", "wezterm", "contour", "rio")
_COERCED: Final = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself puts into `LC_CTYPE` where the locale is `C`: it says nothing of the terminal, unlike `LANG`."""
_PLAIN_FONT: Final = ("linux", "vt", "ansi", "cons", "dumb")


@dataclass(frozen=True, slots=True)
class Terminal:
    """The abilities of a terminal."""

    colours: int
    """0 (monochrome), 16, 256 or 16,777,216."""
    unicode: bool
    """Whether it shows box drawing, blocks and arrows; otherwise everything is drawn with ASCII."""

    @property
    def few_colours(self) -> bool:
        """Whether shades are out of the question and a theme of the terminal's own colours is better."""
        return self.colours <= 16

    @property
    def classes(self) -> tuple[str, ...]:
        """Style classes by which a style sheet can tell: `-ascii`, `-mono`, `-few-colours`."""
        told = (("-ascii", not self.unicode), ("-mono", self.colours == 0), ("-few-colours", self.few_colours))
        return tuple(name for name, on in told if on)


def terminal_of(environ: Mapping[str, str]) -> Terminal:
    """Tell a terminal's abilities from `TERM`, `COLORTERM`, `NO_COLOR`, `DESKTERM_ASCII` and the locale.

    Args:
        environ: The environment of the process.
    """
    return Terminal(_colours(environ), _unicode(environ))


def _colours(environ: Mapping[str, str]) -> int:
    term = environ.get("TERM", "").lower()
    if "NO_COLOR" in environ or term == "dumb":
        return 0
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return TRUE_COLOURS
    if "256" in term or any(name in term for name in _MODERN):
        return 256
    return 16


def _unicode(environ: Mapping[str, str]) -> bool:
    switch = environ.get(ASCII_SWITCH, "")
    if switch in ("0", "1"):
        return switch == "0"
    if environ.get("TERM", "").lower().startswith(_PLAIN_FONT):
        return False
    names = ("LC_ALL", "LANG", "LC_CTYPE") if environ.get("LC_CTYPE", "") in _COERCED else ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((value for name in names if (value := environ.get(name))), "")
    # No locale at all is what a bare SSH session has, and its terminal is a modern one.
    return not locale or locale.lower().replace("-", "").partition("@")[0].endswith("utf8")


class _Stream(Protocol):
    def isatty(self) -> bool: ...


def terminal_refusal(
    environ: Mapping[str, str], stdin: _Stream | None = sys.__stdin__, stderr: _Stream | None = sys.__stderr__
) -> str | None:
    """Why the console cannot open here, in one sentence with the way out; `None` when it can.

    Without a terminal Textual would read an ended input for ever, and it draws on the error stream.

    Args:
        environ: The environment of the process.
        stdin: Where keys come from.
        stderr: Where the screen goes.
    """
    if stdin is None or not stdin.isatty():
        return "the console needs a terminal to read keys from; with ssh and a command, use `ssh -t`."
    if stderr is None or not stderr.isatty():
        return "the console draws on the error stream, and that is not a terminal; do not redirect it."
    if environ.get("TERM", "").lower() == "dumb":
        return "this terminal (TERM=dumb) cannot place text on a screen; use another, or the commands (`deskterm --help`)."
    return None
