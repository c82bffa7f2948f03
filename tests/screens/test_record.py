"""A record by keyboard: conversation, clocks, writing to the caller, colleagues at the same record."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from deskterm import presence
from screens.messages import OpenRecord
from screens.modals.act import ActModal
from screens.modals.conflict import ConflictModal
from screens.modals.explain_clock import ExplainModal
from screens.modals.write_text import WriteModal
from screens.record import RecordScreen
from tests.desks import Cast
from tests.screens.consoles import LARGE, console, go, said, screen_text, second, settled, until, until_seen

HOUR = 3600


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """One incident that has been talked about."""
    number = cast.incident(
        summary="Monitor flickers when docked", description="Since this morning.", ci="vpn-gw-1", assignee="bob"
    )
    cast.incident(summary="Docked monitor flickers", requester="Hank Scorpio")
    bob = cast.as_("bob")
    cast.clock.advance(660)
    bob.note(number, "swapped cable, still flickering after 10 min")
    bob.note(number, "We are sending you another dock.", public=True)
    bob.edit(number, {"impact": 2, "category": "hardware"})
    cast.clock.advance(HOUR)
    return cast


async def opened(pilot: Pilot[None], number: str = "INC-00001") -> RecordScreen:
    pilot.app.post_message(OpenRecord(number))
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, RecordScreen)
    return screen


async def test_it_tells_the_story(desk: Cast) -> None:
    async with console(desk, "bob", size=LARGE) as pilot:
        await opened(pilot)
        text = screen_text(pilot)
        assert "Since this morning." in text
        assert "note" in text
        assert "reply to the caller" in text
        assert "┃  We are sending you another dock." in text
        assert "priority 3 (impact medium, urgency medium)" in text
        assert "vpn-gw-1" in text
        assert "Docked monitor flickers" in text
        assert "Maria Lopez · VIP · 1 open" in text


async def test_changes_fold_and_unfold(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        folded = [line for line in screen_text(pilot).splitlines() if "category" in line.lower()]
        assert len(folded) == 1
        assert "impact" in folded[0].lower()
        await go(pilot, "", "tab")
        unfolded = screen_text(pilot).lower().splitlines()
        assert any("category: hardware" in line for line in unfolded)
        assert any("impact: 3 low → 2 medium" in line for line in unfolded)


async def test_where_there_is_no_room_the_facts_take_turns(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        screen = await opened(pilot)
        assert not screen.facts.display
        await go(pilot, "", "f")
        assert screen.facts.display
        assert not screen.journal.display
        assert "Caller" in screen_text(pilot)


async def test_a_clock_explains_itself_and_adds_up(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "equals_sign")
        assert isinstance(pilot.app.screen, ExplainModal)
        text = screen_text(pilot)
        assert "Resolution of INC-00001" in text
        assert "target 8:00 h" in text
        assert "counts" in text
        assert "1:11" in text
        await go(pilot, "", "tab", "escape")
        assert isinstance(pilot.app.screen, RecordScreen)


async def test_a_reply_is_sent_and_the_draft_is_gone(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "r", *"It is on its way", "ctrl+s")
        assert isinstance(pilot.app.screen, RecordScreen)
        line = desk.ada.show("INC-00001").journal[-1]
        assert (line.what, line.text, line.public) == ("reply", "It is on its way", True)
        assert "It is on its way" in screen_text(pilot)
        await go(pilot, "", "r")
        modal = pilot.app.screen
        assert isinstance(modal, WriteModal)
        assert modal.text.text == ""


async def test_what_was_typed_comes_back(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "x", *"half a thought", "escape")
        assert "draft" in said(pilot)[-1]
        await go(pilot, "", "x")
        modal = pilot.app.screen
        assert isinstance(modal, WriteModal)
        assert modal.text.text == "half a thought"
        await pilot.press(*" more")
        modal.save_draft()
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "x")
        again = pilot.app.screen
        assert isinstance(again, WriteModal)
        assert again.text.text == "half a thought more"


async def test_the_new_state_is_seen_before_a_reply_is_sent(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "r", *"hello")
        desk.as_("sue").act("INC-00001", "resolve", {"code": "solved", "solution": "new dock"})
        await until_seen(pilot, "INC-00001 is resolved now: sue changed it")
        await go(pilot, "", "ctrl+s")
        assert desk.ada.show("INC-00001").journal[-1].text == "hello"


async def test_what_an_action_demands_is_asked_beside_its_field(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "p", *"caller", "ctrl+s")
        assert isinstance(pilot.app.screen, ActModal)
        assert "required" in screen_text(pilot)
        assert desk.ada.show("INC-00001").state == "assigned"
        await go(pilot, "", *"please call us", "ctrl+s")
        assert desk.ada.show("INC-00001").state == "pending"
        assert "waits for caller" in screen_text(pilot)


async def test_a_conflict_shows_both_values_and_asks(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "s", *"assign", "enter")
        desk.as_("sue").act("INC-00001", "assign", {"team": "desk", "assignee": "ada"})
        modal = pilot.app.screen
        assert isinstance(modal, ActModal)
        modal.form.rows["team"].editor.value = "network"  # type: ignore[union-attr]
        modal.form.rows["assignee"].editor.value = "eve"  # type: ignore[union-attr]
        await settled(pilot)
        await go(pilot, "", "ctrl+s")
        assert isinstance(pilot.app.screen, ConflictModal)
        text = screen_text(pilot)
        assert "theirs (sue)" in text
        assert "mine: eve" in text
        await go(pilot, "", "m", "ctrl+s")
        view = desk.ada.show("INC-00001")
        assert view.names[view.values["assignee"]].title == "eve"


async def test_colleagues_see_each_other(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        screen = await opened(pilot)
        record_id = desk.ada.show("INC-00001").id
        await second(pilot)
        here = presence.others(desk.database, [record_id], "another")
        assert [(one.agent, one.mode) for one in here] == [("bob", presence.Mode.VIEWING)]
        presence.announce(desk.database, record_id, "another", "eve", presence.Mode.TYPING)
        desk.clock.advance(3)
        await second(pilot)
        assert screen.head.company == "eve is typing here"
        await go(pilot, "", "x")
        await second(pilot)
        assert presence.others(desk.database, [record_id], "another")[0].mode is presence.Mode.TYPING
        await go(pilot, "", "escape", "escape")
        await second(pilot)
        assert presence.others(desk.database, [record_id], "another") == ()


async def test_it_follows_what_others_do(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        desk.as_("eve").note("INC-00001", "I have one on the shelf")
        await until_seen(pilot, "I have one on the shelf")


async def test_older_pages_load_when_one_scrolls_up(desk: Cast) -> None:
    bob = desk.as_("bob")
    for i in range(230):
        bob.note("INC-00001", f"note {i}")
    async with console(desk, "bob") as pilot:
        screen = await opened(pilot)
        assert "note 229" in screen_text(pilot)
        assert screen._earlier
        await go(pilot, "", "g")
        await second(pilot)
        assert not screen._earlier
        assert len(screen._entries) > 230
        await go(pilot, "", "g")
        assert "logged it" in screen_text(pilot)


async def test_linked_and_similar_records_open_by_enter(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        await go(pilot, "", "enter", "1")
        screen = pilot.app.screen
        assert isinstance(screen, RecordScreen)
        assert screen.number == "INC-00002"
        await go(pilot, "", "minus")
        back = pilot.app.screen
        assert isinstance(back, RecordScreen)
        assert back.number == "INC-00001"


async def test_from_a_record_that_is_done_one_key_goes_on_to_the_next(desk: Cast) -> None:
    bob = desk.as_("bob")
    later = desk.incident(summary="Scanner jams", assignee="bob", impact=3, urgency=3)
    desk.incident(summary="Not mine", assignee="eve", impact=1, urgency=1)
    async with console(desk, "bob") as pilot:
        await opened(pilot)
        bob.act("INC-00001", "resolve", {"code": "fixed", "solution": "Replaced the dock."})
        for number in ("INC-00002", later):  # the first one's answer is late
            await go(pilot, "", "full_stop")
            await until(pilot, lambda number=number: getattr(pilot.app.screen, "number", "") == number)  # type: ignore[misc]
            bob.act(number, "cancel", {"reason": "it works"})
        await go(pilot, "", "full_stop")
        await until(pilot, lambda: "Nothing else is waiting for you." in said(pilot))
        await go(pilot, "", "escape")
        assert not isinstance(pilot.app.screen, RecordScreen)


async def test_a_number_that_is_not_there_is_said(desk: Cast) -> None:
    async with console(desk, "bob") as pilot:
        pilot.app.post_message(OpenRecord("INC-99999"))
        await settled(pilot)
        assert not isinstance(pilot.app.screen, RecordScreen)
        assert "there is no record 'INC-99999'" in said(pilot)[-1]
