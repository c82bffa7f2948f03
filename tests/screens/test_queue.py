"""The queue by keyboard, on a real desk: views, filter, marks, what colleagues do meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from deskterm.records.schema import Row
from screens.filter_line import Advice
from screens.modals.choose import ChooseModal
from screens.modals.preview_bulk import BulkPreviewModal
from screens.queue import QueueScreen
from screens.queue_columns import columns
from screens.record import RecordScreen
from tests.desks import Cast
from tests.screens.consoles import LARGE, SMALL, console, go, said, screen_text, second, settled, until_seen
from widgets.paged_list import PagedList

HOUR = 3600


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """A morning's work: five of bob's, three lying in his team, one waiting, one of somebody else's team."""
    for i in range(5):
        cast.incident(summary=f"Monitor {i} flickers when docked", assignee="bob", impact=1 + i % 3, service="Workplace")
        cast.clock.advance(300)
    for i in range(3):
        cast.incident(summary=f"Printer {i} jams", team="network")
    waiting = cast.incident(summary="New laptop", assignee="bob")
    cast.as_("bob").act(waiting, "pend", {"reason": "supplier"})
    cast.incident(summary="Payroll stuck", assignee="sue", impact=1, urgency=1)
    cast.as_("bob").note("INC-00001", "swapped cable, still flickering")
    return cast


def queue(pilot: Pilot[None]) -> QueueScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, QueueScreen)
    return screen


def numbers(pilot: Pilot[None]) -> list[str]:
    return [row.number for row in queue(pilot).rows.shown_rows]


async def rested(pilot: Pilot[None]) -> None:
    """Wait until the cursor has rested long enough for the preview."""
    await pilot.pause(0.3)
    await settled(pilot)


async def test_it_opens_on_what_is_mine_with_counts_and_a_preview(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await rested(pilot)
        text = screen_text(pilot)
        assert "[1 Mine 6]" in text
        assert "2 Team 10" in text
        assert "6 found" in text
        assert "Maria Lopez · VIP · 10 open" in text
        assert "swapped cable, still flickering" in text
        assert numbers(pilot)[0] == "INC-00001"
        assert any("‖ paused" in line and "INC-00009" in line for line in text.splitlines())


@pytest.mark.parametrize(("keys", "first"), [(("right_square_bracket",), "INC-00001"), (("v", "3"), "INC-00006")])
async def test_views_are_reached_by_key(desk: Cast, keys: tuple[str, ...], first: str) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", *keys)
        assert numbers(pilot)[0] == first


async def test_a_filter_narrows_and_escape_takes_it_away(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "slash", *"state:pending", "enter")
        assert numbers(pilot) == ["INC-00009"]
        assert "1 found" in screen_text(pilot)
        await go(pilot, "", "escape")
        assert len(numbers(pilot)) == 6


async def test_letters_in_the_filter_only_type(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "slash", *"aspxu.")
        assert queue(pilot).filter.typed.endswith("aspxu.")
        assert pilot.app.screen is queue(pilot)
        await go(pilot, "", "escape")
        assert queue(pilot).filter.typed == "state:open mine -snoozed"
        assert desk.ada.show("INC-00001").state == "assigned"


@pytest.mark.parametrize(
    ("typed", "told"),
    [("colour:red", "there is no field"), ("team:netwrok", "there is no team"), ("(vpn", "parenthesis")],
)
async def test_a_bad_query_is_pointed_at_and_the_list_stays(desk: Cast, typed: str, told: str) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "slash", *typed, "enter")
        column, message = queue(pilot).query_one(Advice).wrong
        assert told in message
        assert column > len("state:open mine -snoozed")
        assert queue(pilot).filter.field.has_focus
        assert len(numbers(pilot)) == 6


async def test_completion_takes_fields_and_values(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "slash", *"tea", "tab", *"net", "tab", "enter")
        assert queue(pilot).view.query == "state:open mine -snoozed team:network"


async def test_what_colleagues_do_is_seen_without_moving_the_cursor(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "j", "j")
        before = queue(pilot).rows.cursor_row
        assert before is not None
        desk.as_("eve").edit("INC-00002", {"summary": "Docking station replaced"})
        desk.as_("eve").create("incident", {"summary": "VPN down", "assignee": "bob", "impact": 1, "urgency": 1})
        await until_seen(pilot, "Docking station replaced", "VPN down")
        now = queue(pilot).rows.cursor_row
        assert now is not None
        assert now.number == before.number


async def test_who_types_stands_in_the_row(desk: Cast) -> None:
    from deskterm import presence

    async with console(desk, "bob") as pilot:
        row = queue(pilot).rows.cursor_row
        assert row is not None
        presence.announce(desk.database, row.id, "elsewhere", "eve", presence.Mode.TYPING)
        desk.clock.advance(3)
        await second(pilot)
        assert "eve is typing here" in screen_text(pilot)


async def test_take_is_one_key_and_the_second_reads_who(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "v", "3")
        desk.as_("eve").act("INC-00006", "take")
        await pilot.press("a")
        await settled(pilot)
        assert "eve" in said(pilot)[-1]
        view = desk.ada.show("INC-00006")
        assert view.names[view.values["assignee"]].title == "eve"


async def test_a_bulk_act_is_previewed_done_and_taken_back(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "v", "3", "space", "space", "space", "a")
        assert isinstance(pilot.app.screen, BulkPreviewModal)
        assert desk.ada.show("INC-00006").values.get("assignee") is None
        await go(pilot, "", "enter")
        assert isinstance(pilot.app.screen, QueueScreen)
        for number in ("INC-00006", "INC-00007", "INC-00008"):
            view = desk.ada.show(number)
            assert view.names[view.values["assignee"]].title == "bob"
        assert queue(pilot).rows.marked == ()
        await go(pilot, "", "u")
        assert desk.ada.show("INC-00006").values.get("assignee") is None


async def test_those_that_refuse_can_be_left_out(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "v", "6", "V", "G", "V")
        assert len(queue(pilot).rows.marked) == 10
        await go(pilot, "", "s", *"resume", "enter")
        assert isinstance(pilot.app.screen, BulkPreviewModal)
        assert "9 refuse" in screen_text(pilot)
        await go(pilot, "", "enter")
        assert isinstance(pilot.app.screen, BulkPreviewModal)
        await go(pilot, "", "o")
        assert desk.ada.show("INC-00009").state == "in-progress"


async def test_one_field_of_many_records_is_changed_with_a_preview(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "v", "3", "space", "space", "e", *"category", "enter", *"printing", "ctrl+s")
        assert isinstance(pilot.app.screen, BulkPreviewModal)
        assert "category nothing → printing" in screen_text(pilot)
        await go(pilot, "", "enter")
        assert [desk.ada.show(number).values["category"] for number in ("INC-00006", "INC-00007")] == ["printing"] * 2
        assert desk.ada.show("INC-00008").values.get("category") is None


async def test_the_state_menu_offers_what_is_possible_and_says_why_not(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "s")
        assert isinstance(pilot.app.screen, ChooseModal)
        text = screen_text(pilot)
        assert "Resolve" in text
        assert "possible while pending" in text
        await go(pilot, "", *"start", "enter", "ctrl+s")
        assert desk.ada.show("INC-00001").state == "in-progress"


async def test_the_next_best_record_is_found_and_said(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "G", "full_stop")
        row = queue(pilot).rows.cursor_row
        assert row is not None
        assert row.number == "INC-00001"
        assert "priority 2" in said(pilot)[-1]


async def test_a_filter_is_saved_as_a_view_beside_the_usual_ones(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "slash", *"flickers", "enter", "ctrl+s", *"Screens", "ctrl+s")
        assert [view.name for view in queue(pilot).tabs.views] == [
            "Mine", "Team", "Unassigned", "Breaching", "Major", "All", "Watching", "Screens",
        ]  # fmt: skip
        assert queue(pilot).view.name == "Screens"
        assert len(numbers(pilot)) == 5
    async with console(desk, "bob", size=LARGE) as pilot:
        assert "Screens 5" in screen_text(pilot)
    async with console(desk, "eve") as pilot:
        assert "Screens" not in screen_text(pilot)


async def test_enter_opens_and_escape_comes_back_to_the_same_row(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await go(pilot, "", "j", "enter")
        assert isinstance(pilot.app.screen, RecordScreen)
        await go(pilot, "", "escape")
        row = queue(pilot).rows.cursor_row
        assert row is not None
        assert row.number == numbers(pilot)[1]


async def test_clocks_tick_without_reading(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        rows = queue(pilot).rows
        shown = screen_text(pilot)
        desk.clock.advance(60)
        await second(pilot)
        assert screen_text(pilot) != shown
        assert rows.generation == queue(pilot).rows.generation


async def test_an_empty_view_says_what_to_do(cast: Cast) -> None:
    async with console(cast, "bob") as pilot:
        assert "Nothing here." in screen_text(pilot)
        assert "n something new" in screen_text(pilot)


async def test_a_long_list_is_read_page_by_page(cast: Cast) -> None:
    for i in range(230):
        cast.incident(summary=f"Thing {i}", team="network")
    async with console(cast, "bob") as pilot:
        await go(pilot, "", "v", "6", "G")
        assert "INC-00230" in screen_text(pilot)
        assert queue(pilot).rows.total == 230
        await go(pilot, "", *["pageup"] * 8)
        assert isinstance(queue(pilot).rows, PagedList)
        shown = numbers(pilot)
        assert shown == sorted(shown)
        assert len(shown) == len(set(shown)) > 8


@pytest.mark.parametrize("size", [SMALL, LARGE, (20, 5), (40, 10)])
async def test_it_stands_on_every_size(desk: Cast, size: tuple[int, int]) -> None:
    async with console(desk, "bob", size=size) as pilot:
        await go(pilot, "", "j", "slash", "escape", "s", "escape", "question_mark", "escape")
        assert pilot.app.screen is queue(pilot)


async def test_the_same_on_postgresql(postgres_cast: Cast) -> None:
    for i in range(3):
        postgres_cast.incident(summary=f"Printer {i} jams", team="network")
    async with console(postgres_cast, "bob") as pilot:
        await go(pilot, "", "v", "3", "space", "space", "a", "enter")
        assert numbers(pilot) == ["INC-00003"]
        postgres_cast.as_("eve").act("INC-00003", "take")
        await until_seen(pilot, "Nothing here.")
        assert numbers(pilot) == []
        await go(pilot, "", "u", "slash", *" OR vpn", "escape", "v", "2", "enter", "escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_a_watched_record_is_marked_when_somebody_else_changes_it_until_it_is_opened(desk: Cast) -> None:
    async with console(desk, "bob", size=LARGE) as pilot:
        await go(pilot, "", "asterisk")
        await until_seen(pilot, "INC-00001: watch")
        assert desk.as_("bob").show("INC-00001").values["watchers"]
        desk.as_("eve").note("INC-00001", "I changed the dock")
        await until_seen(pilot, "◆ Monitor 0 flickers")
        await until_seen(pilot, "◆ changed by eve")
        await until_seen(pilot, "◆ 1 news")
        await go(pilot, "", "enter")
        assert isinstance(pilot.app.screen, RecordScreen)
        await until_seen(pilot, "Watchers bob")
        await go(pilot, "", "escape")
        desk.clock.advance(3)
        await second(pilot)
        assert "◆ Monitor" not in screen_text(pilot)
        await go(pilot, "", "space", "down", "space", "down", "space", "asterisk")
        assert isinstance(pilot.app.screen, BulkPreviewModal)
        await pilot.press("escape")
        await settled(pilot)
        queue(pilot).rows.clear_marks()
        await go(pilot, "", "home", "asterisk")
        await until_seen(pilot, "INC-00001: unwatch")


async def test_what_is_listed_is_exported_into_a_file_of_ones_own(
    desk: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with console(desk, "bob", size=LARGE) as pilot:
        await go(pilot, "", "E")
        assert isinstance(pilot.app.screen, ChooseModal)
        await go(pilot, "", "1")
        await until_seen(pilot, "6 rows in")
        [file] = (tmp_path / "deskterm-exports").iterdir()
        assert said(pilot)[-1] == f"6 rows in {file}"
        assert [line.split(",")[0] for line in file.read_text(encoding="utf-8").splitlines()[1:]] == numbers(pilot)


@pytest.mark.parametrize(
    ("percent", "cell"), [("", ""), ("7", ("7 %", "")), ("50", ("50 %", "risk")), ("100", ("100 %", "risk"))]
)
def test_the_risk_of_a_breach_is_a_short_column_of_percentages(percent: str, cell: object) -> None:
    found = columns(["breach_risk"], lambda row: "", lambda row: False)[-1]
    row = Row(1, "incident", "INC-00001", "VPN drops", "new", 1, 3, None, None, {}, {"breach_risk": percent}, ())
    assert (found.title, found.width, found.align) == ("risk", len("100 %"), "right")
    assert found.render(row, 0) == cell
