"""What the environment says about the terminal."""

from __future__ import annotations

import pytest

from widgets.terminal import TRUE_COLOURS, terminal_of, terminal_refusal


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE_COLOURS),
        ({"TERM": "xterm-kitty"}, 256),
        ({"TERM": "xterm-direct"}, TRUE_COLOURS),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "linux"}, 16),
        ({"TERM": "screen"}, 16),
        ({}, 16),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 0),
        ({"TERM": "dumb"}, 0),
    ],
)
def test_colours(environ: dict[str, str], colours: int) -> None:
    assert terminal_of(environ).colours == colours


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({"TERM": "xterm", "LANG": "de_DE.UTF-8"}, True),
        ({"TERM": "xterm", "LANG": "de_DE.utf8@euro"}, True),
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "LANG": "C"}, False),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"TERM": "xterm", "LANG": "de_DE.UTF-8", "LC_CTYPE": "C.UTF-8"}, True),
        ({"TERM": "xterm", "LC_CTYPE": "C.UTF-8"}, True),
        ({"TERM": "xterm", "LC_ALL": "de_DE.ISO-8859-1", "LANG": "de_DE.UTF-8"}, False),
        ({"TERM": "linux", "LANG": "de_DE.UTF-8"}, False),
        ({"TERM": "vt100"}, False),
        ({"TERM": "linux", "DESKTERM_ASCII": "0"}, True),
        ({"TERM": "xterm", "DESKTERM_ASCII": "1"}, False),
    ],
)
def test_unicode(environ: dict[str, str], unicode: bool) -> None:
    assert terminal_of(environ).unicode is unicode


def test_classes_for_style_sheets() -> None:
    assert terminal_of({"TERM": "linux", "NO_COLOR": "1"}).classes == ("-ascii", "-mono", "-few-colours")
    assert terminal_of({"TERM": "xterm-256color"}).classes == ()


class Stream:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


YES, NO = Stream(True), Stream(False)


@pytest.mark.parametrize(
    ("environ", "stdin", "stderr", "words"),
    [
        ({"TERM": "xterm"}, YES, YES, None),
        ({"TERM": "xterm"}, NO, YES, "ssh -t"),
        ({"TERM": "xterm"}, None, YES, "ssh -t"),
        ({"TERM": "xterm"}, YES, NO, "do not redirect"),
        ({"TERM": "dumb"}, YES, YES, "TERM=dumb"),
    ],
)
def test_refusal(environ: dict[str, str], stdin: Stream | None, stderr: Stream | None, words: str | None) -> None:
    refusal = terminal_refusal(environ, stdin, stderr)
    assert (refusal is None) is (words is None)
    assert words is None or words in str(refusal)
