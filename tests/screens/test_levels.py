"""Reviews, improvements, the self-assessment and the replay of a past period on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.assessment.running import history, keep
from deskterm.service_level.attainment import agreements
from screens.assessment import AssessmentScreen
from screens.board import BoardScreen
from screens.kind_list import KindListScreen
from screens.modals.page import PageModal
from screens.queue import QueueScreen
from screens.record import RecordScreen
from screens.replay import ReplayScreen
from tests.desks import MONDAY, Cast
from tests.flows.hands import Hands
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, until, until_seen
from tests.service_level.test_back_to_back import promise
from tests.service_level.test_reviews import late_and_early, manager, review

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.fixture
def reviewed(cast: Cast) -> Cast:
    """A desk a week on: an incident was late, a review is published, improvements wait, a contract does not fit, pay was down."""
    lea = manager(cast)
    late_and_early(cast)
    up = {"metric": "availability", "amount_seconds": "1h", "objective": "99.5"}
    promise(cast.ada, "Payroll up", up, service="Payroll", customer="Acme")
    promise(cast.ada, "UC Nordlink", {"amount_seconds": "6h"}, type="uc", supplier="Nordlink")
    cast.ada.create("outage", {"service": "Payroll", "state": "down", "started_at": MONDAY + HOUR, "ended_at": MONDAY + 2 * HOUR})
    given = {"summary": "Spare printer at every dock", "owner": "bob", "finish_by": MONDAY + 6 * HOUR, "measure": "hours lost"}
    lea.create("improvement", {**given, "service": "Payroll"})
    number = review(lea, service="Payroll", comments="The restart took too long.")
    cast.clock.at = MONDAY + 7 * DAY
    lea.act(number, "publish")
    lea.create("improvement", {"summary": "Restart by itself", "finish_by": MONDAY + 20 * DAY, "review": number})
    keep(cast.ada, "first")
    cast.clock.advance(HOUR)
    return cast


async def test_from_the_board_to_reviews_improvements_and_what_if(reviewed: Cast) -> None:
    async with console(reviewed, "lea", "levels", size=LARGE) as pilot:
        hands = Hands(pilot)
        await hands.see("1 improvement overdue, the oldest IMP-00001 Spare printer at every dock", "up: Payroll up")
        await hands.press("board.reviews")
        await hands.at(KindListScreen)
        await hands.see("REV-00001")
        await pilot.press("enter")
        await hands.at(RecordScreen)
        await until_seen(pilot, "sealed and intact", "Achieved")
        await hands.press("ticket.explain")
        await hands.at(PageModal)
        await until_seen(pilot, "Achieved against agreed", "Availability", "The restart took too long.", "Since then")
        await pilot.press("escape", "escape", "escape")
        await hands.at(BoardScreen)
        await hands.press("board.programme")
        await hands.see("IMP-00001", "IMP-00002")
        await pilot.press("escape")
        await hands.at(BoardScreen)


async def test_requirements_are_a_key_away_from_the_board_and_say_how_far_they_are_met(reviewed: Cast) -> None:
    lea = reviewed.as_("lea")
    wanted = {
        "customer": "Acme",
        "service": "Payroll",
        "metric": "resolution",
        "priority": 1,
        "amount_seconds": "2h",
        "objective": "95",
    }
    number = lea.create("requirement", {"summary": "Pay runs again within 2 h", **wanted}).number
    lea.act(lea.create("requirement", {"summary": "Settled", **wanted}).number, "withdraw")
    async with console(reviewed, "lea", "levels", size=LARGE) as pilot:
        hands = Hands(pilot)
        await hands.press("board.requirements")
        await hands.at(KindListScreen)
        await hands.see("Pay runs again within 2 h", "proposed")
        assert "Settled" not in screen_text(pilot)
        await pilot.press("enter")
        await hands.at(RecordScreen)
        await until_seen(pilot, "promised less than wanted", "0 % (0 of 1 in time)", "95 % wanted · not kept")
        await hands.press("ticket.explain")
        await hands.at(PageModal)
        await until_seen(pilot, "SLR-00001, explained", "promised less than wanted; in 90 days not kept", "no share is promised")
        await pilot.press("escape", "escape", "escape")
        await hands.at(BoardScreen)
        await hands.open(number)
        await hands.at(RecordScreen)
        await hands.press("app.palette")
        await pilot.press(*"requirements")
        await hands.see("List: Requirements")
        await pilot.press("enter")
        await hands.at(KindListScreen)
        await hands.see("Settled")


async def test_a_period_is_judged_again_and_who_moves_is_one_key_away(reviewed: Cast) -> None:
    async with console(reviewed, "lea", "levels", size=LARGE) as pilot:
        hands = Hands(pilot)
        await hands.press("board.replay")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "ActModal")
        await hands.fill(number="TGT-00002", amount_seconds="6h")
        await hands.press("form.submit")
        await hands.at(ReplayScreen)
        await hands.see("Standard, resolution 4 h, P1, P2: 6:00", "0 % in time as judged, 100 % as proposed", "INC-00001")
        await pilot.press("tab", "enter")
        await hands.at(RecordScreen)
        await hands.see("INC-00001")


async def test_the_self_assessment_lists_its_evidence_and_is_kept(reviewed: Cast) -> None:
    async with console(reviewed, "ada", "overview") as pilot:
        hands = Hands(pilot)
        await hands.press("overview.assessment")
        await hands.at(AssessmentScreen)
        await hands.see("over all systems", "kept before:", "Service levels")
        pilot.app.screen.systems.select_key("incident")  # type: ignore[attr-defined]
        await hands.see("Are incidents recorded?")
        await pilot.press("enter", "enter")
        await hands.at(QueueScreen)
        await hands.see("INC-00001")
        await go(pilot, "assessment")
        await hands.press("assessment.keep")
        await until(pilot, lambda: any("Kept" in line for line in said(pilot)))
        assert len(history(reviewed.ada)) == 2


def test_availability_burns_a_budget_of_its_own_on_the_board(reviewed: Cast) -> None:
    found = {one.name: one for one in agreements(reviewed.ada)}
    up = found["up: Payroll up"]
    assert (up.unit, up.objective, sum(up.days.missed)) == ("seconds", 99.5, 5 * HOUR), "with the incident, overlap counted once"
    assert [missed for missed in up.days.missed if missed] == [5 * HOUR], "on the one day it was down"
    judged = sum(up.days.met) + 5 * HOUR
    assert up.budget_left == pytest.approx(1 - 5 * HOUR / (judged * 0.005))
    assert up.burn_rate == 0, "today it was up"
    assert found["Payroll up"].unit == "clocks", "and its clocks are told of apart"


LOOKS: dict[str, tuple[str, str]] = {
    "review": ("lea", "REV-00001"),
    "improvement": ("lea", "IMP-00001"),
    "agreement": ("lea", "SLA-00001"),
    "requirement": ("lea", "SLR-00001"),
    "reviews": ("lea", "v"),
    "programme": ("lea", "i"),
    "board": ("lea", ""),
    "assessment": ("ada", "assessment"),
    "replay": ("lea", "t"),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", LOOKS)
def test_it_looks_as_it_should(reviewed: Cast, snap_compare: Any, size: tuple[int, int], name: str) -> None:
    login, where = LOOKS[name]
    if name == "requirement":
        wanted = {
            "metric": "resolution",
            "priority": 1,
            "amount_seconds": "2h",
            "objective": "95",
            "wanted_from": MONDAY + 60 * DAY,
        }
        about = {"summary": "Pay runs again within 2 h", "customer": "Acme", "service": "Payroll", "asked_by": "Maria Lopez"}
        reviewed.as_("lea").create("requirement", {**about, **wanted, "business_reason": "Wages are due on the 28th."})

    async def before(pilot: Pilot[None]) -> None:
        if where == "assessment":
            await go(pilot, "assessment")
            await until_seen(pilot, "over all systems")
            return
        await go(pilot, "levels")
        if "-" in where:
            pilot.app.screen.post_message(_open(where))
            await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
            await until_seen(pilot, where)
        elif where == "t":
            await pilot.press("t")
            hands = Hands(pilot)
            await until(pilot, lambda: type(pilot.app.screen).__name__ == "ActModal")
            await hands.fill(number="TGT-00002", amount_seconds="6h")
            await hands.press("form.submit")
            await hands.at(ReplayScreen)
            await until_seen(pilot, "as proposed")
        elif where:
            await pilot.press(where)
            await until(pilot, lambda: isinstance(pilot.app.screen, KindListScreen))
        await settled(pilot)

    assert snap_compare(make_app(reviewed, login), terminal_size=size, run_before=before)


def _open(number: str) -> Any:
    from screens.messages import OpenRecord

    return OpenRecord(number)
