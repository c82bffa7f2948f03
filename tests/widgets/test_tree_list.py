"""The tree: what it asks and remembers, how it is driven, and how little it repaints; hostile names do no harm."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from tests.hostile import PAYLOADS, obeyed
from tests.widgets.looking import lines_of
from widgets.columns import Cell, Column
from widgets.tree_list import TreeList, TreeRow


@dataclass(frozen=True)
class Leaf:
    """A row of the test's tree."""

    key: str
    title: str
    opens: bool = True


class Grove(App[None]):
    """A tree whose branches are fed at once, three rows a page; each row opens into more like it."""

    def __init__(self, *, width: int = 4, held: bool = False, ascii_only: bool = False) -> None:
        super().__init__()
        self.breadth, self.held, self.ascii_only = width, held, ascii_only
        self.asked: list[TreeList.BranchWanted[Leaf]] = []
        self.news: list[object] = []
        self.names: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        def name(line: TreeRow[Leaf], now: int) -> Cell:
            return self.grove.label_of(line, line.row.title if line.row else "more" if line.more else "")

        yield TreeList(
            [Column("name", "name", 30, name, grow=1)],
            row_key=lambda row: row.key,
            row_opens=lambda row: row.opens,
            ascii_only=self.ascii_only,
        )

    def on_mount(self) -> None:
        self.grove.focus()

    @property
    def grove(self) -> TreeList[Leaf]:
        return self.query_one(TreeList)

    def on_tree_list_branch_wanted(self, event: TreeList.BranchWanted[Leaf]) -> None:
        self.asked.append(event)
        if not self.held:
            self.answer(event)

    def answer(self, event: TreeList.BranchWanted[Leaf]) -> None:
        start = int(event.after or 0)
        keys = [f"{event.key}/{n}" for n in range(start, min(self.breadth, start + 3))]
        rows = [Leaf(key, self.names.get(key, key), key.count("/") < 4) for key in keys]
        more = str(start + 3) if start + 3 < self.breadth else ""
        event.sender.feed(event.key, rows, after=event.after, more=more, generation=event.generation)

    def on_tree_list_row_opened(self, event: TreeList.RowOpened[Leaf]) -> None:
        self.news.append(event.row.key)

    def rows(self) -> list[str]:
        """Return what is painted below the heading, up to the first blank line."""
        return [line.rstrip() for line in lines_of(self.grove)[1:] if line.strip()]


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_only_what_is_opened_is_asked_for_and_pages_follow_the_cursor() -> None:
    app = Grove()
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        assert app.rows() == ["▸ ▸ /0", "  ▸ /1", "  ▸ /2", "  ▼ more"]
        await pressed(pilot, "right")
        assert app.rows() == ["▸ ▾ /0", "    ▸ /0/0", "    ▸ /0/1", "    ▸ /0/2", "    ▼ more", "  ▸ /1", "  ▸ /2", "  ▼ more"]
        assert [(event.key, event.after) for event in app.asked] == [("", ""), ("/0", "")]
        await pressed(pilot, "right", "right", "down", "left")
        assert app.grove.cursor_row is not None
        assert app.grove.cursor_row.key == "/0/0"
        await pressed(pilot, "left", "left", "left")
        assert app.rows() == ["▸ ▸ /0", "  ▸ /1", "  ▸ /2", "  ▼ more"]
        await pressed(pilot, "G")
        assert app.rows()[-1] == "▸ ▸ /3"
        await pressed(pilot, "g", "space")
        assert [(event.key, event.after) for event in app.asked][-1] == ("", "3"), (
            "an open branch that was read is not read again"
        )
        await pressed(pilot, "enter")
        assert app.news == ["/0"]


async def test_reading_again_keeps_what_is_open_and_the_cursor() -> None:
    app = Grove()
    async with app.run_test(size=(40, 24)) as pilot:
        await pressed(pilot, "right", "right", "right", "down")
        assert app.grove.cursor_row == Leaf("/0/0/0", "/0/0/0")
        app.asked.clear()
        app.names["/0/0/0"] = "renamed"
        app.grove.reload()
        await pilot.pause()
        assert [event.key for event in app.asked] == ["", "/0", "/0/0"]
        assert app.grove.cursor_row == Leaf("/0/0/0", "renamed")
        assert app.grove.open_keys == {"/0", "/0/0"}
        app.grove.reset()
        await pilot.pause()
        assert (app.grove.open_keys, app.grove.cursor) == (frozenset(), 0)


async def test_what_is_late_or_refused_does_no_harm() -> None:
    app = Grove(held=True)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert app.rows() == ["  Loading…"]
        old = app.asked[0]
        app.grove.reset()
        await pilot.pause()
        app.answer(old)
        assert app.grove.total is None, "the answer for another tree is dropped"
        app.answer(app.asked[1])
        await pressed(pilot, "right")
        assert app.rows()[1] == "    …"
        app.grove.give_up("/0", generation=app.asked[2].generation)
        await pilot.pause()
        assert app.rows() == ["▸ ▸ /0", "  ▸ /1", "  ▸ /2", "  ▼ more"]
        await pressed(pilot, "right")
        assert app.asked[-1].key == "/0", "it is asked for again"


async def test_an_empty_root_says_what_to_do() -> None:
    app = Grove(width=0)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert app.rows() == ["  Nothing here."]
        await pressed(pilot, "right", "left", "space", "enter", "down")
        assert app.news == []


async def test_moving_and_opening_repaint_only_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Grove(width=3)
    async with app.run_test(size=(40, 20)) as pilot:
        await pressed(pilot, "down")
        painted: list[tuple[int, int]] = []
        refresh = app.grove.refresh

        def watched(*regions: Region, **options: bool) -> object:
            painted.extend((region.y, region.height) for region in regions)
            return refresh(*regions, **options)

        monkeypatch.setattr(app.grove, "refresh", watched)
        await pressed(pilot, "down")
        assert painted == [(2, 1), (3, 1)]
        painted.clear()
        app.grove.reload()
        await pilot.pause()
        assert painted == [], "the same again paints nothing"
        app.names["/1"] = "renamed"
        app.grove.reload()
        await pilot.pause()
        assert painted == [(2, 1)]


async def test_it_is_drawn_without_unicode() -> None:
    app = Grove(ascii_only=True)
    async with app.run_test(size=(40, 12)) as pilot:
        await pressed(pilot, "right")
        assert all(row.isascii() for row in app.rows())
        assert app.rows()[:2] == ["> - /0", "    + /0/0"]


async def test_hostile_names_are_shown_not_obeyed() -> None:
    app = Grove(width=0)
    async with app.run_test(size=(60, 60)) as pilot:
        await pilot.pause()
        rows = [Leaf(name, payload) for name, payload in PAYLOADS.items()]
        app.grove.feed("", rows)
        await pilot.pause()
        assert len(app.rows()) == len(rows)
        assert not obeyed("".join(app.rows()))
        await pressed(pilot, "G", "right")
        assert not obeyed("".join(app.rows()))
        assert replace(rows[0], title="x") != rows[0]
