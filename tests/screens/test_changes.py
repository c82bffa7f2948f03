"""Changes on the screen: what they look like, where each key works, bars to the cell, and hostile words."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.change.schema import ForwardSchedule, Slot
from deskterm.drafts import Subject
from deskterm.errors import InvalidInput
from screens.cab import CabScreen
from screens.change_rows import DAY, bar, plan_lines, scale, stretch
from screens.form import FormScreen
from tests.change.changing import HOUR, RFC, assessing, board
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, until, until_seen

START, END = RFC["window_start"], RFC["window_end"]


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """A board with three changes before it, two that are decided, a freeze, two databases of which one is enough."""
    ada, bob, sue = cast.ada, cast.as_("bob"), cast.as_("sue")
    for name in ("db-1", "db-2", "core-sw"):
        ada.create("ci", {"name": name, "type": "database"})
    for number in ("CI-00002", "CI-00003"):
        ada.link(number, "part-of", "SVC-00002", group="databases", need=1)
    board(cast, "sue", "sam", "eve", rule="majority", quorum=2, name="Change board")
    board(cast, "sue", name="ECAB", type="ecab", rule="any")
    for summary, values in (
        ("New firmware for the VPN gateway", {"assignee": "bob"}),
        ("Second disk for db-1", {"cis": ["db-1"], "window_start": START + 26 * HOUR, "window_end": END + 30 * HOUR}),
        ("Patch db-2", {"cis": ["db-2"], "window_start": START + 28 * HOUR, "window_end": END + 28 * HOUR}),
        (
            "Replace the core switch",
            {"cis": ["core-sw", "vpn-gw-1"], "window_start": START + HOUR, "window_end": START + 7 * HOUR},
        ),
        ("Renew certificates", {"disruption": "none", "window_start": START + 3 * DAY, "window_end": END + 3 * DAY}),
    ):
        number = assessing(bob, summary=summary, **values)
        if "db-" in summary:
            for login in ("sue", "sam"):
                cast.as_(login).act(number, "approve")
    ada.create(
        "freeze",
        {"summary": "Payroll run", "starts_at": START + 60 * HOUR, "ends_at": START + 90 * HOUR, "services": ["Payroll"]},
    )
    sue.act("CHG-00001", "approve", {"comment": "fine with me"})
    return cast


async def meet(pilot: Pilot[None]) -> CabScreen:
    await pilot.press("b")
    await until(pilot, lambda: isinstance(pilot.app.screen, CabScreen))
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CabScreen)
    return screen


async def test_keys_of_the_calendar_work_in_the_calendar(planned: Cast) -> None:
    async with console(planned, "sue", "changes") as pilot:
        before = screen_text(pilot)
        await pilot.press("z", "t")
        await settled(pilot)
        assert screen_text(pilot) == before
        await pilot.press("right_square_bracket")
        await shows(pilot, "Payroll run")
        await pilot.press("right", "right", "right", "right")
        await shows(pilot, "Nothing is planned in this time")
        await pilot.press("t")
        await shows(pilot, "Payroll run")


SAYS = [
    ("eve", "y", ""),
    ("bob", "y", "bob raised CHG-00001; nobody votes on their own request for change"),
    ("ada", "n", "ada does not sit on Change board, nor substitutes for a member; "),
    ("ron", "x", "ron may not act on a change."),
    ("ron", "M", "ron may not create a board-meeting"),
    ("eve", "left", "This is the first one."),
]


@pytest.mark.parametrize(("login", "key", "says"), SAYS)
async def test_a_vote_that_is_not_ones_own_is_refused_in_words(planned: Cast, login: str, key: str, says: str) -> None:
    async with console(planned, login, "changes", size=LARGE) as pilot:
        await meet(pilot)
        await pilot.press(key)
        await settled(pilot)
        told = said(pilot)[-1]
        assert told.startswith(says) if says else told == "CHG-00001: you voted approve."


@pytest.mark.parametrize(
    ("login", "key", "times"), [("bob", "y", 1), ("ada", "n", 1), ("ron", "d", 1), ("bob", "x", 0), ("eve", "y", 0)]
)
async def test_a_vote_that_somebody_has_no_right_to_is_journalled_when_they_try(
    planned: Cast, login: str, key: str, times: int
) -> None:
    def refused() -> list[str]:
        return [
            str(line.text) for line in planned.ada.show("CHG-00001").journal if line.what == "refused" and line.actor == login
        ]

    async with console(planned, login, "changes", size=LARGE) as pilot:
        await meet(pilot)
        assert refused() == [], "looking is no attempt"
        await pilot.press(key)
        await settled(pilot)
        await until(pilot, lambda: len(refused()) == times)
    if login == "bob" and times:
        assert refused() == ["bob raised CHG-00001; nobody votes on their own request for change"]


async def test_a_vote_on_what_was_edited_meanwhile_is_refused(planned: Cast) -> None:
    async with console(planned, "eve", "changes", size=LARGE) as pilot:
        screen = await meet(pilot)
        planned.clock.advance(60)
        planned.as_("bob").edit("CHG-00001", {"plan": "Something else"})
        screen.action_approve()
        await settled(pilot)
        assert "was edited since you read it" in said(pilot)[0]


def line_of(start: int, end: int) -> Any:
    slot = Slot("CHG-1", "x", "scheduled", "normal", "low", "bob", start, end, ())
    return plan_lines(ForwardSchedule(0, DAY, (slot,), ()), "UTC")[0]


@pytest.mark.parametrize(
    ("start", "end", "drawn"),
    [(0, DAY, "████"), (DAY // 4, DAY // 2, "·█┊·"), (DAY // 4, DAY // 4 + 1, "·█┊·"), (-5, 1, "█·┊·"), (DAY, DAY + 1, "··┊·")],
)
def test_a_bar_fills_the_cells_that_it_touches(start: int, end: int, drawn: str) -> None:
    assert bar(line_of(start, end), 0, DAY, 4, DAY // 2) == drawn
    assert set(bar(line_of(start, end), 0, DAY, 4, DAY // 2, ascii_only=True)) <= set("#| ")


def test_the_scale_says_where_days_begin_and_a_stretch_when_it_is() -> None:
    midnight = MONDAY - 9 * HOUR
    assert scale(midnight, 7 * DAY, 49, "UTC").split() == [
        "Mon",
        "2",
        "Tue",
        "3",
        "Wed",
        "4",
        "Thu",
        "5",
        "Fri",
        "6",
        "Sat",
        "7",
        "Sun",
        "8",
    ]
    assert scale(midnight, DAY, 48, "UTC").split() == ["00:00", "04:00", "08:00", "12:00", "16:00", "20:00"]
    assert stretch(START, END, "UTC") == "Mon 2 Nov 21:00 to 23:00"
    assert stretch(START, END + 2 * HOUR, "UTC") == "Mon 2 Nov 21:00 to Tue 01:00"


async def test_hostile_words_do_no_harm_on_any_page(cast: Cast) -> None:
    board(cast, "sue", "eve", name="Board")
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            assessing(cast.as_("bob"), summary=payload[:250], plan=payload[:5_000], reason=payload[:5_000])
    async with console(cast, "sue", "changes", size=LARGE) as pilot:
        await pilot.press("right_square_bracket")
        await settled(pilot)
        screen = await meet(pilot)
        for _ in screen.agenda.changes:
            assert not obeyed("".join(screen_text(pilot).splitlines()))
            await pilot.press("space")
            await settled(pilot)


VIEWS = {
    "list": (),
    "schedule": ("right_square_bracket",),
    "services": ("left_square_bracket",),
    "cab": ("b",),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("view", VIEWS)
def test_it_looks_as_it_should(planned: Cast, snap_compare: Any, size: tuple[int, int], view: str) -> None:
    async def prepare(pilot: Pilot[None]) -> None:
        await go(pilot, "changes", *VIEWS[view])
        await settled(pilot)

    assert snap_compare(make_app(planned, "eve"), terminal_size=size, run_before=prepare)


async def test_risk_is_answered_question_by_question_and_its_sum_stands_beside_it(planned: Cast) -> None:
    number = planned.as_("bob").create("change", {**RFC, "risk_answers": {"supplier_present": 2}}).number
    async with console(planned, "bob", size=LARGE) as pilot:
        screen = FormScreen(pilot.app.session, Subject("edit", number=number))  # type: ignore[attr-defined]
        pilot.app.push_screen(screen)
        await settled(pilot)
        screen.form.focus_first("risk_answers__complexity")
        await pilot.press(*"med", "tab")
        await until_seen(pilot, "medium", "5 of 10 points", "complexity medium 5", "users unanswered 10", "supplier present 2")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.screen is not screen)
    assert planned.ada.show(number).values["risk_answers"] == {"complexity": "medium", "supplier_present": 2}
