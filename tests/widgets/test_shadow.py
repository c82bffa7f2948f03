"""The shadow of the terminal: what it sends makes a terminal show what was wanted."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from widgets.shadow import Shadow, cells_of_line

RED = Style(color="#ff0000", bgcolor="#000000")
BOLD = Style(color="#00ff00", bgcolor="#000000", bold=True)
LINED = Style(color="#00ff00", bgcolor="#101010", underline=True, italic=True)
STYLES = (None, RED, BOLD, LINED, Style(bgcolor="#222222"), Style(reverse=True, bold=True, dim=True))
WIDTH, HEIGHT = 40, 14


class Terminal:
    """A shadow and the terminal it writes to."""

    def __init__(self, *, erase_paints: bool = False) -> None:
        self.shadow = Shadow(WIDTH, HEIGHT, erase_paints=erase_paints)
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)
        self.stream.feed("\x1b[?7l")

    def show(self, lines: dict[int, list[Segment]], x: int = 0) -> str:
        sent = self.shadow.update({y: [(x, cells_of_line(line, ColorSystem.TRUECOLOR))] for y, line in lines.items()})
        self.stream.feed(sent)
        return sent


def text(number: int, width: int = WIDTH) -> list[Segment]:
    words = "".join(random.Random(number).choices("abcdefgh ", k=25))
    return [Segment(f"{number} {words}".ljust(width), RED)]


def test_nothing_is_sent_for_what_is_there() -> None:
    terminal = Terminal()
    terminal.show({0: text(1)})
    assert terminal.show({0: text(1)}) == ""


def test_only_the_changed_cells_are_sent() -> None:
    terminal = Terminal()
    terminal.show({3: [Segment("1 and more", RED)]})
    sent = terminal.show({3: [Segment("2 and more", RED)]})
    assert sent == "\x1b[4;1H\x1b[0;38;2;255;0;0;48;2;0;0;0m2\x1b[m"


def test_a_pen_is_turned_by_what_differs() -> None:
    terminal = Terminal()
    sent = terminal.show({0: [Segment("a", RED), Segment("b", BOLD), Segment("c", RED)]})
    assert sent == "\x1b[1;1H\x1b[0;38;2;255;0;0;48;2;0;0;0ma\x1b[1;38;2;0;255;0mb\x1b[22;38;2;255;0;0mc\x1b[m"


def test_nobody_sees_the_foreground_of_a_blank() -> None:
    terminal = Terminal()
    terminal.show({0: [Segment("a  ", RED)]})
    assert terminal.show({0: [Segment("a", RED), Segment("  ", BOLD)]}) == ""


@pytest.mark.parametrize("by", [1, -1, 3, -3, 6])
def test_a_scroll_is_left_to_the_terminal(by: int) -> None:
    terminal = Terminal()
    terminal.show({y: text(y + 100) for y in range(HEIGHT)})
    sent = terminal.show({y: text(y + 100 + by) for y in range(HEIGHT)})
    assert len(sent) < abs(by) * 100 + 40
    assert terminal.screen.display == [text(y + 100 + by)[0].text for y in range(HEIGHT)]


def test_a_scroll_leaves_the_lines_around_alone() -> None:
    terminal = Terminal()
    terminal.show({y: text(y) for y in range(HEIGHT)})
    # The heading stays, the rows 2 to 10 move.
    sent = terminal.show({y: text(y + 1) for y in range(2, 10)})
    assert "\x1b[3;11r" in sent
    shown = [line.split()[0] for line in terminal.screen.display]
    assert shown == [str(y + 1 if 2 <= y < 10 else y) for y in range(HEIGHT)]


@pytest.mark.parametrize("erase_paints", [False, True])
def test_blanks_are_erased_only_where_that_paints(erase_paints: bool) -> None:
    terminal = Terminal(erase_paints=erase_paints)
    sent = terminal.show({0: [Segment("a" + " " * 30 + "b", RED)]})
    assert ("\x1b[30X" in sent) is erase_paints
    assert terminal.screen.display[0].rstrip() == "a" + " " * 30 + "b"


def test_blanks_at_the_end_of_a_line_are_erased_to_its_end() -> None:
    terminal = Terminal(erase_paints=True)
    terminal.show({0: [Segment("x" * WIDTH, RED)]})
    sent = terminal.show({0: [Segment("a" + " " * (WIDTH - 1), RED)]})
    assert sent.count("\x1b[K") == 1
    assert terminal.screen.display[0].rstrip() == "a"


def test_underlined_blanks_are_not_erased() -> None:
    terminal = Terminal(erase_paints=True)
    assert "X" not in terminal.show({0: [Segment(" " * 30, LINED)]})


def test_a_picture_shifts_nothing_where_the_terminal_measures_it_differently() -> None:
    terminal = Terminal()
    sent = terminal.show({0: [Segment("a🚀b", RED)]})
    assert "🚀\x1b[4G" in sent
    assert terminal.screen.buffer[0][3].data == "b"


def test_half_of_a_wide_character_is_not_written_alone() -> None:
    terminal = Terminal()
    terminal.show({0: [Segment("a日b", RED)]})
    terminal.show({0: [Segment("a日b", BOLD)]})
    assert terminal.screen.display[0].rstrip() == "a日b"
    terminal.show({0: [Segment("axyb", BOLD)]})
    assert terminal.screen.display[0].rstrip() == "axyb"


def test_unknown_cells_are_never_written() -> None:
    terminal = Terminal()
    terminal.stream.feed("\x1b[1;1H" + "?" * WIDTH)
    terminal.show({0: [Segment("ab", RED)]}, x=2)
    terminal.show({0: [Segment("cd", RED)]}, x=8)
    assert terminal.screen.display[0] == "??ab????cd" + "?" * (WIDTH - 10)


@pytest.mark.parametrize("seed", range(6))
def test_random_updates_leave_the_terminal_as_wanted(seed: int) -> None:
    """Random patches, scrolls and repaints, against a terminal that is always written whole."""
    rng = random.Random(seed)
    thin = Terminal(erase_paints=bool(seed % 2))
    wanted = [[Segment(" " * WIDTH)] for _ in range(HEIGHT)]
    thin.show(dict(enumerate(wanted)))
    for _ in range(120):
        kind = rng.random()
        if kind < 0.3:
            by = rng.choice([1, -1, 2, 5, -4])
            wanted = [wanted[y + by] if 0 <= y + by < HEIGHT else random_line(rng) for y in range(HEIGHT)]
        for _ in range(rng.randint(0, 3)):
            wanted[rng.randrange(HEIGHT)] = random_line(rng)
        thin.show(dict(enumerate(wanted)) if kind < 0.8 else {y: wanted[y] for y in rng.sample(range(HEIGHT), 5)})
        if kind >= 0.8:
            thin.show(dict(enumerate(wanted)))
        whole = Terminal()
        whole.show(dict(enumerate(wanted)))
        assert thin.screen.display == whole.screen.display
        assert seen(thin.screen) == seen(whole.screen)


def random_line(rng: random.Random) -> list[Segment]:
    words = ["日本語", "plain", "é", "→", "  ", "     " * 4, "x", "ticket", "e\u0301", "▏"]
    segments: list[Segment] = []
    room = WIDTH
    while room > 0:
        word = rng.choice(words)
        cells = len(cells_of_line([Segment(word)], ColorSystem.TRUECOLOR))
        if cells > room:
            word, cells = " " * room, room
        segments.append(Segment(word, rng.choice(STYLES)))
        room -= cells
    return segments


def seen(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """What a person sees: the foreground of a plain blank is not part of it."""
    rows = []
    for y in range(screen.lines):
        row: list[tuple[object, ...]] = []
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            marked = cell.underscore or cell.reverse or cell.strikethrough
            if cell.data == " " and not marked:
                row.append((" ", cell.bg))
            else:
                row.append((cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.underscore, cell.reverse))
        rows.append(row)
    return rows
