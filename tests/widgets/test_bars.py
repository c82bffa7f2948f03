"""The one-line bars, the curve and the tile: what they show, how they fold, what they say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.message import Message

from tests.widgets.kitchen import BADGES, HINTS, TABS
from tests.widgets.looking import lines_of
from widgets.bar import bar_pieces
from widgets.crumb_bar import Badge, CrumbBar
from widgets.key_bar import KeyBar, KeyHint
from widgets.line_bar import LineBar, Piece, spread, width_of
from widgets.sparkline import spark
from widgets.tab_strip import Tab, TabStrip
from widgets.tile import Tile, big


class Bars(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.news: list[Message] = []

    def compose(self) -> ComposeResult:
        yield CrumbBar(("DeskTerm", "Queue", "My team · open"), badges=BADGES, clock="14:02", agent="ada")
        yield TabStrip(TABS, active=1)
        yield Tile("breached", number="12", sign="✖", tone="breach")
        yield KeyBar(HINTS)

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        self.news.append(event)

    def on_tile_chosen(self, event: Tile.Chosen) -> None:
        self.news.append(event)

    def on_key_bar_chosen(self, event: KeyBar.Chosen) -> None:
        self.news.append(event)

    def on_crumb_bar_chosen(self, event: CrumbBar.Chosen) -> None:
        self.news.append(event)


def text_of(bar: LineBar, width: int) -> str:
    return "".join(piece.text for piece in bar.pieces(width))


async def test_at_eighty_columns() -> None:
    app = Bars()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert lines_of(app.query_one(CrumbBar)) == [
            " DeskTerm ▸ Queue ▸ My team · open        ● 3 breached  ▲ 5 at risk   14:02 ada "
        ]
        assert lines_of(app.query_one(TabStrip))[0].rstrip() == (
            " 1 Mine 12 │[2 Team 48]│ 3 Unassigned 9 │ 4 Breaching 8 │ 5 Major 1 │ v + view"
        )
        assert lines_of(app.query_one(KeyBar))[0].rstrip() == (
            " a take  s state  r reply  (x note)  p pend  …  / filter  : go  ? help"
        )


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (79, " 1 Mine 12 │[2 Team 48]│ 3 Unassigned 9 │ 4 Breaching 8 │ 5 Major 1 │ v + view "),
        (72, " 1 Mine 12 │[2 Team 48]│ 3 Unass… 9 │ 4 Breac… 8 │ 5 Major 1 │ v + view "),
        (44, " 1 Mine 12 │[2 Team 48]│ 3 Unassigned 9 │+3›"),  # noqa: RUF001
        (27, " 1 Mine 12 │[2 Team 48]│+4›"),  # noqa: RUF001
        (19, "‹+1│[2 Team 48]│+4›"),  # noqa: RUF001
        (15, "[2 Team 48]"),
    ],
)
def test_tabs_fold(width: int, line: str) -> None:
    assert text_of(TabStrip(TABS, active=1), width) == line


@given(st.integers(1, 130), st.integers(0, 5))
def test_the_chosen_tab_is_always_there(width: int, active: int) -> None:
    shown = text_of(TabStrip(TABS, active=active), width)
    assert f"[{'v' if active == 5 else active + 1}" in shown
    assert width < 16 or cell_len(shown) <= width


async def test_tabs_are_chosen_by_key_and_mouse() -> None:
    app = Bars()
    async with app.run_test(size=(80, 24)) as pilot:
        app.query_one(TabStrip).focus()
        await pilot.press("right", "right", "left", "left", "left", "left")
        await pilot.click(TabStrip, offset=(27, 0))
        await pilot.pause()
        assert [event.index for event in app.news if isinstance(event, TabStrip.Chosen)] == [2, 3, 2, 1, 0, 5, 2]
        assert app.query_one(TabStrip).active == 2


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (90, " DeskTerm ▸ Queue ▸ My team · open                     ● 3 breached  ▲ 5 at risk   14:02 ada "),
        (60, " DeskTerm ▸ Queue ▸ My team · open      ● 3 ▲ 5  14:02 ada "),
        (40, " … ▸ My team · open ● 3 ▲ 5  14:02 ada "),
        (30, " My team · op… ● 3  14:02 ada "),
    ],
)
def test_the_top_line_folds(width: int, line: str) -> None:
    bar = CrumbBar(("DeskTerm", "Queue", "My team · open"), badges=BADGES, clock="14:02", agent="ada")
    shown = text_of(bar, width)
    assert cell_len(shown) == width
    assert shown.split() == line.split()


def test_what_does_not_burn_is_not_shown() -> None:
    bar = CrumbBar(("Desk",), badges=(Badge("●", 0, "breached"), Badge("▲", 1, "at risk", ascii_sign="!")), ascii_only=True)
    assert text_of(bar, 60).split() == ["Desk", "!", "1", "at", "risk"]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (110, "a take  s state  r reply  (x note)  p pend  space mark  . next  / filter  : go  ? help"),
        (60, "a take  s state  r reply  …  / filter  : go  ? help"),
        (34, "…  / filter  : go  ? help"),
        (16, "…  / filter"),
    ],
)
def test_keys_fold(width: int, shown: str) -> None:
    assert text_of(KeyBar(HINTS), width).strip() == shown


async def test_a_click_on_a_hint_a_badge_and_a_tile() -> None:
    app = Bars()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(KeyBar, offset=(2, 0))
        await pilot.click(KeyBar, offset=(30, 0))
        await pilot.click(CrumbBar, offset=(lines_of(app.query_one(CrumbBar))[0].index("●"), 0))
        await pilot.click(Tile)
        app.query_one(Tile).focus()
        await pilot.press("enter", "space")
        await pilot.pause()
        kinds = [type(event).__qualname__ for event in app.news]
        assert kinds == ["KeyBar.Chosen", "CrumbBar.Chosen", "Tile.Chosen", "Tile.Chosen", "Tile.Chosen"]
        first, second = app.news[:2]
        assert isinstance(first, KeyBar.Chosen)
        assert first.hint == KeyHint("a", "take")
        assert isinstance(second, CrumbBar.Chosen)
        assert second.badge == BADGES[0]


@pytest.mark.parametrize(
    ("used", "target", "ascii_only", "bar"),
    [
        (0, 100, False, "░░░░░░░░░░"),
        (1, 100, False, "▏░░░░░░░░░"),
        (50, 100, False, "█████░░░░░"),
        (55, 100, False, "█████▌░░░░"),
        (100, 100, False, "██████████"),
        (200, 100, False, "█████┃▓▓▓▓"),
        (5, 0, False, "┃▓▓▓▓▓▓▓▓▓"),
        (0, 0, False, "░░░░░░░░░░"),
        (-3, 10, False, "░░░░░░░░░░"),
        (55, 100, True, "#####....."),
        (1, 100, True, "#........."),
        (200, 100, True, "#####|xxxx"),
    ],
)
def test_bar(used: float, target: float, ascii_only: bool, bar: str) -> None:
    assert "".join(piece.text for piece in bar_pieces(used, target, 10, ascii_only=ascii_only)) == bar


@given(st.floats(-10, 1e9), st.floats(0, 1e9), st.integers(0, 60))
def test_a_bar_fills_its_width(used: float, target: float, width: int) -> None:
    assert sum(cell_len(piece.text) for piece in bar_pieces(used, target, width)) == width


@pytest.mark.parametrize(
    ("values", "width", "curve"),
    [
        ([0, 7], 2, "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
        ([5, 5, 5], 3, "▅▅▅"),
        ([], 3, "   "),
        ([1, None, 3], 3, "▁ █"),
        ([float("nan"), float("inf"), 1, 2], 4, "  ▁█"),
        ([1, 2], 4, "  ▁█"),
        ([0, 0, 4, 4, 8, 8], 3, "▁▅█"),
    ],
)
def test_spark(values: Sequence[float | None], width: int, curve: str) -> None:
    assert spark(values, width) == curve


def test_spark_on_a_fixed_scale_and_in_ascii() -> None:
    assert spark([50, 100, 200], 3, low=0, high=100) == "▅██"
    assert spark([0, 7], 2, ascii_only=True) == "_#"


async def test_a_tile_shows_its_figure() -> None:
    app = Bars()
    async with app.run_test(size=(80, 24)) as pilot:
        tile = app.query_one(Tile)
        await pilot.pause()
        lines = lines_of(tile)
        assert "╶─╮" in lines[1]
        assert "✖" in lines[2]
        assert "breached" in lines[4]
        tile.focus()
        tile.show("–")  # noqa: RUF001
        await pilot.pause()
        assert "▸breached" in lines_of(tile)[4]
        tile.show("many")
        await pilot.pause()
        assert "many" in lines_of(tile)[1]


def test_big_figures_are_three_lines_of_one_width() -> None:
    for figure in ("0123456789", "98.4%", "-3", "12:30"):
        rows = big(figure)
        assert rows is not None
        assert len({cell_len(row) for row in rows}) == 1
    assert big("n/a") is None


def test_tabs_take_any_number() -> None:
    assert text_of(TabStrip(()), 20).strip() == ""
    assert "[1 Only]" in text_of(TabStrip((Tab("Only"),)), 20)


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=5),
    st.lists(st.integers(1, 30), min_size=1, max_size=5),
    st.integers(20, 140),
)
def test_what_is_spread_over_a_bar_keeps_the_first_of_each_side(left: list[int], right: list[int], width: int) -> None:
    said, told = [Piece("l" * one) for one in left], [Piece("r" * one) for one in right]
    found = spread(said, told, width)
    sides = [piece for piece in found if piece.text.strip()]
    assert said[0] in sides
    assert told[0] in sides
    if left[0] + right[0] < width:
        assert width_of(found) == width
    if sum(left) + sum(right) <= width - 2:
        assert sides == [*said, *told]
