"""Problems on the screen: tabs, detail, outline, what keys say and do; what it looks like, and that hostile words do no harm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from deskterm.job_runs import run_job
from deskterm.problem.jobs import JOBS
from screens.contact import ContactScreen
from screens.form import FormScreen
from screens.messages import EditRecord
from screens.modals.page import PageModal
from screens.problems import ProblemsScreen
from screens.record import RecordScreen
from screens.whys import WhysScreen
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, still, until

HOUR, DAY = 3600, 86400
CAUSE, HELP = "Firmware 4.2 leaks a session table", "Log in through vpn-gw-2"
OUTLINE = [
    {
        "text": "Sessions end after ten minutes", "verdict": "confirmed",
        "whys": [
            {
                "text": "The gateway drops them", "verdict": "confirmed", "evidence": "log of vpn-gw-1",
                "whys": [{"text": "Its session table is full", "verdict": "confirmed"}],
            },
            {"text": "The line of the callers is bad", "verdict": "rejected"},
        ],
    },
]  # fmt: skip


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """A known error with incidents, a problem nobody has, one that came back, and a candidate."""
    bob = cast.as_("bob")
    vpn = {"service": "Workplace", "ci": "vpn-gw-1", "category": "network", "impact": 1}
    first = bob.create("problem", {"summary": "VPN gateway drops sessions", **vpn, "assignee": "bob", "fix_seconds": "6h"}).number
    bob.act(first, "investigate")
    bob.act(first, "set-whys", {"whys": OUTLINE})
    bob.edit(first, {"root_cause": CAUSE, "root_cause_code": "software defect", "workaround": HELP})
    for n, summary in enumerate(("Thrown out of the VPN", "No VPN from the train", "VPN session ends every ten minutes")):
        cast.clock.at = MONDAY + n * 1200
        cast.incident(summary=summary, problem=first, assignee="bob", category="network")
    bob.create("problem", {"summary": "Payroll run stops at step 3", "service": "Payroll", "category": "software"})
    known = {"root_cause": "x", "workaround": "y", "root_cause_code": "capacity"}
    gone = bob.create("problem", {"summary": "Mailbox quota reached early", "category": "mail", **known}).number
    bob.act(gone, "resolve", {"solution": "Quota raised"})
    cast.clock.at = MONDAY + DAY
    cast.incident(summary="Mailbox full again", problem=gone, category="mail")
    for n in (2, 4, 7):
        cast.incident(summary=f"Label printer prints blank labels at dock {n}", category="printing")
    cast.clock.at = MONDAY + DAY + HOUR
    assert run_job(JOBS[0], cast.database, cast.ada.registry, cast.clock.now()).error is None
    return cast


def screen(pilot: Pilot[None]) -> ProblemsScreen:
    found = pilot.app.screen
    assert isinstance(found, ProblemsScreen)
    return found


async def test_the_tabs_list_what_there_is_and_the_pane_says_what_hangs_on_it(desk: Cast) -> None:
    async with console(desk, "bob", "problems", size=LARGE) as pilot:
        await shows(pilot, "known error")
        text = screen_text(pilot)
        assert "[Problems 3]" in text
        assert "Known errors 1" in text
        assert "Candidates 1" in text
        await until(pilot, lambda: "3 incidents, 3 open" in screen_text(pilot))
        text = screen_text(pilot)
        for words in (
            CAUSE,
            HELP,
            "the fix takes 6:00",
            "1.1.1 ✓ Its session table is full",
            "1.2 ✖ The line",
            "w posts it on 3",
        ):
            assert words in text, words
        await pilot.press("right_square_bracket")
        await shows(pilot, "KE-00001")
        await shows(pilot, f"workaround  {HELP}")
        await pilot.press("right_square_bracket")
        await shows(pilot, "3 incidents alike")
        await pilot.press("right_square_bracket")
        await shows(pilot, "no problem linked")
        await pilot.press("b")
        await shows(pilot, "Pareto by category")
        assert "printing" in screen_text(pilot)
        await pilot.press("left_square_bracket")
        await shows(pilot, "tell of the same")


async def test_one_that_came_back_says_so_and_opens(desk: Cast) -> None:
    async with console(desk, "bob", "problems") as pilot:
        await pilot.press("slash", *" recurred_at:*", "enter")
        await shows(pilot, "1 found")
        await shows(pilot, "it came back after it was resolved")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("i")
        await shows(pilot, "Resolve the open incidents of PRB-00003?")
        await pilot.press("y")
        await until(pilot, lambda: desk.ada.count(desk.ada.prepare(("incident",), "problem:PRB-00003 state:resolved")) == 1)


async def test_the_cost_is_explained_and_a_record_shows_causes_and_incidents(desk: Cast) -> None:
    async with console(desk, "bob", "problems", size=LARGE) as pilot:
        await shows(pilot, "VPN gateway drops sessions")
        await pilot.press("equals_sign")
        await until(pilot, lambda: isinstance(pilot.app.screen, PageModal))
        await shows(pilot, "mending it 6:00: mending it pays after")
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await shows(pilot, "3 incidents, 3 open")
        assert "1.1 ✓ The gateway drops them" in screen_text(pilot)
        await pilot.press("W")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhysScreen))


async def test_an_outline_is_moved_and_judged_by_keys(desk: Cast) -> None:
    async with console(desk, "bob", "problems") as pilot:
        await shows(pilot, "VPN gateway drops sessions")
        await pilot.press("W")
        await shows(pilot, "1.1.1 Its session table is full")
        await pilot.press("G", "v")
        await shows(pilot, "? open")
        await pilot.press("less_than_sign")
        await shows(pilot, "2 The line of the callers is bad")
        await pilot.press("K")
        await shows(pilot, "1 The line of the callers is bad")
        await pilot.press("J")
        await shows(pilot, "2 The line of the callers is bad")
        await pilot.press("greater_than_sign")
        await shows(pilot, "1.2 The line of the callers is bad")
        await pilot.press("D")
        await until(pilot, lambda: "The line of the callers" not in screen_text(pilot))
        await pilot.press("G", "N")
        await shows(pilot, "Another answer")
        await pilot.press(*"A leak in it", "ctrl+s")
        await shows(pilot, "1.1.2 A leak in it")
        await pilot.press("e")
        await shows(pilot, "Answer 1.1.2")
        await pilot.press("end", *" of memory", "ctrl+s")
        await shows(pilot, "1.1.2 A leak in it of memory")
        await pilot.press("R")
        await shows(pilot, "root cause: A leak in it of memory")


SAYS = [
    ("bob", "right_square_bracket,w", "A workaround is published on its problem."),
    ("bob", "i", "3 open incidents get its solution."),
]


@pytest.mark.parametrize(("login", "pressed", "says"), SAYS)
async def test_a_key_that_does_not_fit_says_why(desk: Cast, login: str, pressed: str, says: str) -> None:
    async with console(desk, login, "problems") as pilot:
        await shows(pilot, "VPN gateway drops sessions")
        for key in pressed.split(","):
            await pilot.press(key)
            await settled(pilot)
        await until(pilot, lambda: any(says in line for line in said(pilot)) or says in screen_text(pilot))


async def test_who_may_only_read_reads(desk: Cast) -> None:
    async with console(desk, "ron", "problems") as pilot:
        await shows(pilot, "VPN gateway drops sessions")
        await pilot.press("W")
        await shows(pilot, "1.1.1 Its session table is full")
        await pilot.press("n")
        await until(pilot, lambda: any("ron may not act on a problem" in line for line in said(pilot)))


async def test_one_key_in_the_queue_applies_the_known_error(desk: Cast) -> None:
    number = desk.incident(summary="VPN session ends", ci="vpn-gw-1", assignee="bob")
    desk.as_("bob").act("PRB-00001", "publish")
    async with console(desk, "bob", size=LARGE) as pilot:
        await pilot.press("slash", *f"number:{number}", "enter")
        await shows(pilot, "known error KE-00001 (w)")
        await pilot.press("w")
        await until(pilot, lambda: desk.ada.show(number).values["known_error"] is not None)
        await until(pilot, lambda: "(w)" not in screen_text(pilot))
        assert [line.text for line in desk.ada.show(number).journal if line.public] == [HELP]
        await pilot.press("w")
        await until(pilot, lambda: any("No known error fits" in line for line in said(pilot)))


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_hostile_words_are_shown_and_never_obeyed(cast: Cast, payload: str) -> None:
    bob = cast.as_("bob")
    values: dict[str, Any] = {"summary": payload, "root_cause": payload, "workaround": payload}
    with suppress(InvalidInput):  # what cannot be stored cannot be shown either
        number = bob.create("problem", values).number
        bob.act(number, "ask-why", {"text": payload})
    async with console(cast, "bob", "problems") as pilot:
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))
        await pilot.press("W")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))


PICTURES: list[tuple[str, tuple[str, ...]]] = [
    ("problems", ()),
    ("known_errors", ("right_square_bracket",)),
    ("candidates", ("right_square_bracket", "right_square_bracket")),
    ("pareto", ("left_square_bracket",)),
    ("whys", ("W",)),
]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize(("name", "pressed"), PICTURES, ids=[name for name, _ in PICTURES])
def test_what_it_looks_like(desk: Cast, snap_compare: Any, size: tuple[int, int], name: str, pressed: tuple[str, ...]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "problems", *pressed)
        await still(pilot)

    assert snap_compare(make_app(desk, "bob"), terminal_size=size, run_before=before)


async def test_one_key_in_a_contact_logs_the_incident_with_its_known_error(desk: Cast) -> None:
    async with console(desk, "bob", size=LARGE) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ContactScreen) and pilot.app.screen.is_ready)
        contact = pilot.app.screen
        assert isinstance(contact, ContactScreen)
        contact.form.focus_first("caller")
        await pilot.press(*"Maria Lopez", "enter")
        contact.form.focus_first("summary")
        await pilot.press(*"VPN gateway drops my sessions ")
        await shows(pilot, "Known error KE-00001")
        before = desk.ada.count(desk.ada.prepare(("incident",), "*"))
        await pilot.press("f6")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ContactScreen))
        assert desk.ada.count(desk.ada.prepare(("incident",), "*")) == before + 1
    row = desk.ada.page(desk.ada.prepare(("incident",), 'known_error:KE-00001 "my sessions"'), limit=5).rows[0]
    view = desk.ada.show(row.number)
    assert view.names[view.values["requester"]].title == "Maria Lopez"
    assert [line.text for line in view.journal if line.public] == [HELP]


async def test_one_key_in_a_form_takes_the_known_error_and_saving_applies_it(desk: Cast) -> None:
    number = desk.incident(summary="VPN gateway drops my sessions")
    async with console(desk, "bob", size=LARGE) as pilot:
        pilot.app.post_message(EditRecord(number))
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_ready)
        await shows(pilot, "Known error KE-00001")
        await pilot.press("f6")
        await shows(pilot, "VPN gateway drops sessions")
        assert desk.ada.show(number).values["known_error"] is None, "nothing is done before it is saved"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: desk.ada.show(number).values["known_error"] is not None)
    assert [line.text for line in desk.ada.show(number).journal if line.public] == [HELP]
