"""The list: what it paints, asks, remembers, and how little it repaints."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from tests.widgets.looking import lines_of
from tests.widgets.sample import COLUMNS, NOW, Ticket, queue, ticket
from widgets.columns import Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList


class Desk(App[None]):
    """A list that is fed at once, or only when the test says so."""

    def __init__(self, total: int = 1_000, *, held: bool = False) -> None:
        super().__init__()
        self.rows = {index: ticket(index) for index in range(min(total, 2_000))}
        self.count = total
        self.held = held
        self.asked: list[PagedList.PageWanted[Ticket]] = []
        self.news: list[object] = []

    def compose(self) -> ComposeResult:
        yield queue()

    def on_mount(self) -> None:
        self.list.focus()

    @property
    def list(self) -> PagedList[Ticket]:
        return self.query_one(PagedList)

    def on_paged_list_page_wanted(self, event: PagedList.PageWanted[Ticket]) -> None:
        self.asked.append(event)
        if not self.held:
            self.answer(event)

    def answer(self, event: PagedList.PageWanted[Ticket]) -> None:
        span = range(event.index * 50, min(self.count, (event.index + 1) * 50))
        rows = [self.rows.get(index) or ticket(index) for index in span]
        event.sender.feed(self.count, event.index, rows, generation=event.generation)

    def on_paged_list_row_opened(self, event: PagedList.RowOpened[Ticket]) -> None:
        self.news.append(("opened", event.row.number))

    def on_paged_list_row_highlighted(self, event: PagedList.RowHighlighted[Ticket]) -> None:
        self.news.append(("row", event.index, None if event.row is None else event.row.number))

    def on_paged_list_marks_changed(self, event: PagedList.MarksChanged[Ticket]) -> None:
        self.news.append(("marks", len(event.keys), event.waiting, event.refused))

    def on_paged_list_heading_chosen(self, event: PagedList.HeadingChosen[Ticket]) -> None:
        self.news.append(("heading", event.key))

    def insert_above(self, count: int) -> None:
        """New rows at the top of the list, as another agent's work brings them."""
        fresh = [ticket(900_000 + number, "new on top") for number in range(count)]
        self.rows = dict(enumerate([*fresh, *(self.rows[index] for index in sorted(self.rows))]))
        self.count += count


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(4):
        await pilot.pause()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
async def test_a_queue_at_its_sizes(width: int, height: int) -> None:
    app = Desk()
    async with app.run_test(size=(width, height)) as pilot:
        await settled(pilot)
        lines = lines_of(app.list)
        assert len(lines) == height
        assert lines[0].split() == ["due", "P", "number", "summary", "who", "state"]
        assert lines[1].startswith("▸ ✖ −0:42   1 INC-20000 VPN gateway drops every session")  # noqa: RUF001
        assert lines[5].startswith("  ‖ paused  1 INC-20004 New laptop")
        assert lines[7].startswith("  ! 0:06:36 3 INC-20006 Monitor flickers when docked, cable")
        assert "…" in lines[7]


async def test_columns_fold_and_number_clock_priority_summary_stay() -> None:
    app = Desk()
    async with app.run_test(size=(120, 20)) as pilot:
        await settled(pilot)
        assert list(app.list.shown_columns) == ["due", "priority", "number", "summary", "who", "state"]
        await pilot.resize_terminal(44, 20)
        await settled(pilot)
        assert list(app.list.shown_columns) == ["due", "priority", "number", "summary"]
        assert lines_of(app.list)[1].startswith("▸ ✖ −0:42   1 INC-20000 VPN gateway dr")  # noqa: RUF001


async def test_before_the_first_page_it_says_so_and_asks_once() -> None:
    app = Desk(held=True)
    async with app.run_test(size=(80, 10)) as pilot:
        await settled(pilot)
        assert lines_of(app.list)[1].strip() == "Loading…"
        assert [event.index for event in app.asked] == [0]


async def test_an_empty_list_says_what_to_do() -> None:
    app = Desk(0)
    async with app.run_test(size=(80, 10)) as pilot:
        app.list.empty_text = "No tickets match.\nPress / to change the filter."
        await settled(pilot)
        lines = [line.strip() for line in lines_of(app.list)]
        assert lines[1:3] == ["No tickets match.", "Press / to change the filter."]
        await pilot.press("j", "k", "G", "space", "V", "enter", "pagedown")
        assert app.news == [("row", 0, None)]


async def test_a_million_rows_and_placeholders_on_the_way() -> None:
    app = Desk(1_000_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.held = True
        await pilot.press("G")
        await settled(pilot)
        assert app.list.cursor == 999_999
        assert lines_of(app.list)[-1].strip() == "▸ …"
        last = app.asked[-1]
        assert last.index == 19_999
        app.answer(last)
        await settled(pilot)
        assert "VPN gateway" in lines_of(app.list)[-1]
        await pilot.press("enter")
        await settled(pilot)
        assert app.news[-1] == ("opened", "INC-1019999")


async def test_neighbouring_rows_are_told_for_a_seek() -> None:
    app = Desk(1_000)
    async with app.run_test(size=(80, 40)) as pilot:
        await settled(pilot)
        asked = {event.index: event for event in app.asked}
        after = asked[1].after
        assert asked[0].after is None
        assert after is not None
        assert after.number == "INC-20049"


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["j", "down", "k"], 1),
        (["up"], 0),
        (["G"], 999),
        (["end", "g"], 0),
        (["end", "home"], 0),
        (["pagedown"], 23),
        (["pagedown", "pageup"], 0),
        (["ctrl+d"], 11),
        (["ctrl+d", "ctrl+u"], 0),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], cursor: int) -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*keys)
        assert app.list.cursor == cursor
        assert cursor in app.list.window


async def test_a_page_down_keeps_the_cursor_on_its_line() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("j", "j", "j", "pagedown")
        await settled(pilot)
        assert (app.list.cursor, app.list.window.start) == (26, 23)


async def test_a_cursor_move_repaints_two_lines() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen._compositor._dirty_regions.clear()
        app.list.action_move(1)
        assert app.list._repaint_regions == {Region(0, 1, 79, 1), Region(0, 2, 79, 1)}


async def test_a_tick_repaints_only_the_clocks_that_changed() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.list._repaint_regions.clear()
        app.list.tick(NOW + 1)
        # Two clocks run by the second, rows 6 and 7; the clocks stand in the first eleven cells.
        changed = {region.y for region in app.list._repaint_regions}
        assert {7, 8} <= changed
        assert len(changed) < 8
        assert {(region.x, region.width, region.height) for region in app.list._repaint_regions} == {(0, 11, 1)}
        await settled(pilot)
        assert lines_of(app.list)[7].startswith("  ! 0:06:35 3")
        app.list._repaint_regions.clear()
        app.list.tick(NOW + 1)
        assert not app.list._repaint_regions


async def test_the_cursor_stays_on_its_row_when_rows_come_above() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("pagedown", *"jjj")
        await settled(pilot)
        line, number = app.list.cursor - app.list.window.start, "INC-20026"
        app.insert_above(7)
        app.list.reload()
        await settled(pilot)
        row = app.list.cursor_row
        assert row is not None
        assert (app.list.cursor, row.number) == (33, number)
        assert app.list.cursor - app.list.window.start == line


async def test_a_list_at_its_top_shows_what_arrives_above() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("j")
        app.insert_above(2)
        app.list.reload()
        await settled(pilot)
        lines = lines_of(app.list)
        assert "new on top" in lines[1]
        assert "▸" in lines[4]
        assert "INC-20001" in lines[4]
        assert app.list.window.start == 0


async def test_a_refresh_shows_the_old_rows_until_all_new_ones_are_there() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 60)) as pilot:
        await settled(pilot)
        app.insert_above(1)
        app.held = True
        app.asked.clear()
        app.list.reload()
        await settled(pilot)
        assert [event.index for event in app.asked] == [0, 1]
        app.answer(app.asked[0])
        await settled(pilot)
        assert "new on top" not in lines_of(app.list)[1]
        app.answer(app.asked[1])
        await settled(pilot)
        assert "new on top" in lines_of(app.list)[1]


async def test_a_row_that_is_gone_leaves_the_cursor_where_it_was() -> None:
    app = Desk(30)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("G")
        app.count = 10
        app.list.reload()
        await settled(pilot)
        row = app.list.cursor_row
        assert row is not None
        assert (app.list.cursor, row.number, app.list.total) == (9, "INC-20009", 10)


async def test_marks_show_a_sign_and_survive_a_refresh() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("space", "j", "space")
        await settled(pilot)
        assert app.list.marked == ("INC-20000", "INC-20002")
        assert [line[1] for line in lines_of(app.list)[1:5]] == ["✓", " ", "✓", " "]
        app.insert_above(1)
        app.list.reload()
        await settled(pilot)
        assert [line[1] for line in lines_of(app.list)[1:5]] == [" ", "✓", " ", "✓"]
        app.list.clear_marks()
        await settled(pilot)
        assert app.news[-1] == ("marks", 0, 0, "")
        assert not app.list.marked


async def test_a_range_is_marked_and_can_be_left() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("j", "V", "j", "j")
        await settled(pilot)
        assert [line[1] for line in lines_of(app.list)[1:6]] == [" ", "+", "+", "+", " "]
        await pilot.press("escape")
        await settled(pilot)
        assert not app.list.marked
        assert [line[1] for line in lines_of(app.list)[1:6]] == [" "] * 5
        await pilot.press("V", "k", "k", "space")
        await settled(pilot)
        assert set(app.list.marked) == {"INC-20001", "INC-20002", "INC-20003"}


async def test_a_range_over_rows_not_read_is_marked_as_they_arrive() -> None:
    app = Desk(1_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.held = True
        app.asked.clear()
        app.list.action_mark_range()
        app.list.cursor = 399
        app.list.action_mark_range()
        await settled(pilot)
        waiting = [news for news in app.news if isinstance(news, tuple) and news[0] == "marks"]
        assert waiting[-1][2] > 0
        while app.asked:
            app.answer(app.asked.pop())
            await settled(pilot)
        assert len(app.list.marked) == 400


async def test_a_range_too_long_is_refused_in_words() -> None:
    app = Desk(1_000_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("V", "G", "V")
        await settled(pilot)
        assert not app.list.marked
        assert ("marks", 0, 0, "1,000,000 rows are too many for one range, 2,000 is the most; narrow the list.") in app.news


async def test_mouse() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.click(PagedList, offset=(20, 4))
        assert app.list.cursor == 3
        await pilot.click(PagedList, offset=(20, 4), times=2)
        await settled(pilot)
        assert ("opened", "INC-20003") in app.news
        await pilot.click(PagedList, offset=(1, 6))
        assert app.list.marked == ("INC-20005",)
        await pilot.click(PagedList, offset=(16, 0))
        await settled(pilot)
        assert app.news[-1] == ("heading", "number")


async def test_reset_begins_anew_and_drops_late_answers() -> None:
    app = Desk(200)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("space", "G")
        await settled(pilot)
        app.held = True
        old = app.asked[-1]
        app.list.reset()
        app.answer(old)
        await settled(pilot)
        assert (app.list.total, app.list.cursor, app.list.marked) == (None, 0, ())
        assert lines_of(app.list)[1].strip() == "Loading…"
        app.answer(app.asked[-1])
        await settled(pilot)
        assert "INC-20000" in lines_of(app.list)[1]


async def test_a_page_that_cannot_be_read_is_asked_again_when_needed() -> None:
    app = Desk(500, held=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.list.give_up(0, generation=app.asked[-1].generation)
        app.list.reload()
        await settled(pilot)
        assert [event.index for event in app.asked] == [0, 0]


async def test_a_changed_length_leads_to_a_refresh() -> None:
    app = Desk(500)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.insert_above(3)
        await pilot.press("G")
        await settled(pilot)
        assert app.list.total == 503
        app.list.select_key("INC-20499")
        await pilot.press("g")
        await settled(pilot)
        assert "new on top" in lines_of(app.list)[1]


async def test_selecting_by_key() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.list.select_key("INC-20012")
        assert app.list.cursor == 12
        assert not app.list.select_key("INC-99999")


async def test_ascii() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        app.list.ascii_only = True
        app.list.set_columns(COLUMNS[1:])
        app.list.set_sort("priority", descending=True)
        await pilot.press("space")
        await settled(pilot)
        text = "".join(line for number, line in enumerate(lines_of(app.list)))
        assert text.replace("▁", "").isascii()
        assert lines_of(app.list)[0].startswith("  v number")
        assert lines_of(app.list)[1].startswith(" *1")
        assert lines_of(app.list)[2].startswith("> 2")


def test_clocks_belong_to_the_left() -> None:
    steady = Column[Ticket]("a", "a", 3, lambda row, _: row.number)
    volatile = Column[Ticket]("b", "b", 3, lambda row, now: str(now), volatile=True)
    with pytest.raises(ValueError, match="belongs to the left"):
        PagedList[Ticket]([steady, volatile], row_key=str)
    with pytest.raises(ValueError, match="same key"):
        PagedList[Ticket]([steady, steady], row_key=str)


async def test_keys_can_be_rebound_by_id() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        app.set_keymap({"list.down": "n"})
        await settled(pilot)
        await pilot.press("n")
        assert app.list.cursor == 1


class AtHand(App[None]):
    def compose(self) -> ComposeResult:
        yield FixedList[Ticket](COLUMNS, row_key=lambda row: row.number, now=NOW)


async def test_the_row_under_the_cursor_of_a_fixed_list_is_there_at_once() -> None:
    app = AtHand()
    async with app.run_test(size=(80, 12)) as pilot:
        rows = app.query_one(FixedList)
        assert rows.cursor_row is None
        rows.show([ticket(index) for index in range(9)])
        await pilot.pause()
        rows.cursor = 8
        rows.show([ticket(100)])
        assert rows.cursor_row is None, "the row that was there is gone"
        rows.show([ticket(200 + index) for index in range(9)])
        assert rows.cursor_row == ticket(208)
