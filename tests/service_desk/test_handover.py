"""Shift handover: what is frozen, who answers, what is refused, and that nothing signed is ever taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import exc, text

from data.errors import DeskError
from deskterm.clock import parse_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.service_desk import handover
from deskterm.service_desk.handover_print import render
from deskterm.service_desk.handover_reading import progress, view
from deskterm.service_desk.handover_snapshot import Section
from deskterm.service_desk.shift_times import propose
from tests.change.changing import assessing
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS

HOUR = 3600
START, END, NEXT = MONDAY, MONDAY + 8 * HOUR, MONDAY + 16 * HOUR
"""The shift from 10:00 to 18:00 in Berlin, and the one until 02:00."""


def close(cast: Cast, login: str = "bob", **values: Any) -> str:
    """Close the shift at its end, as its outgoing lead."""
    times: dict[str, Any] = {"starts_at": START, "ends_at": END, "next_ends_at": NEXT, **values}
    return handover.close_shift(cast.as_(login), "network", **times).number


@dataclass(slots=True)
class Shift:
    """A shift at its end, with something in every section."""

    cast: Cast
    urgent: str
    due: str
    pending: str
    later: str
    """Waits beyond the next shift, and nobody wrote down why."""
    unnoted: str
    other_team: str


@pytest.fixture
def shift(any_cast: Cast) -> Shift:
    cast = any_cast
    bob = cast.as_("bob")

    def log(summary: str, *, impact: int = 3, urgency: int = 3, team: str = "network", noted: bool = True) -> str:
        number = cast.incident(summary=summary, impact=impact, urgency=urgency, team=team, assignee="bob")
        if noted:
            bob.note(number, "looked at it")
        return number

    urgent = log("core switch down", impact=1, urgency=1)
    due = log("printer prints blanks")
    pending = log("new laptop")
    bob.act(pending, "pend", {"reason": "supplier", "until": END + HOUR})
    later = log("wants a dock", noted=False)
    bob.act(later, "pend", {"reason": "supplier", "until": NEXT + HOUR})
    other = log("wrong team", impact=1, urgency=1, team="desk")
    done = log("solved", impact=1, urgency=1)
    bob.act(done, "resolve", {"code": "solved", "solution": "restarted"})
    cast.clock.at = END - HOUR
    unnoted = log("touched, nothing said", noted=False)
    cast.as_("sue").create("announcement", {"summary": "Mail is slow", "body": "We know.", "ends_at": END + 4 * HOUR})
    over = {"summary": "Over by then", "body": "x", "starts_at": START, "ends_at": END - 10}
    cast.as_("sue").create("announcement", over)
    cast.clock.at = END
    return Shift(cast, urgent, due, pending, later, unnoted, other)


def test_closing_a_shift_freezes_what_is_open(shift: Shift) -> None:
    number = close(shift.cast, note="- Siemens calls back at eight\n\n* the door of room 4 is stuck")
    found = view(shift.cast.as_("eve"), number)
    lines = {section: [line.number or line.text for line in found.lines if line.section is section] for section in Section}
    assert lines[Section.URGENT] == [shift.urgent]
    assert lines[Section.DUE] == [shift.due, shift.unnoted]
    assert lines[Section.PENDING] == [shift.pending]
    assert lines[Section.UNNOTED] == [shift.later]
    assert lines[Section.NOTE] == ["Siemens calls back at eight", "the door of room 4 is stuck"]
    assert [line.text for line in found.lines if line.section is Section.ANNOUNCEMENT] == ["Mail is slow"]
    assert [line.position for line in found.lines] == list(range(1, len(found.lines) + 1))
    assert (found.team, found.outgoing, found.incoming, found.state) == ("network", "bob", "", "open")
    assert (found.answered, found.outgoing_signed_at) == (0, None)
    facts = found.lines[0].facts
    assert (facts["priority"], facts["assignee"], facts["state"], facts["also"]) == (1, "bob", "assigned", ["due"])


def test_a_record_stands_in_one_section_and_names_the_others(shift: Shift) -> None:
    lines = view(shift.cast.ada, close(shift.cast)).lines
    (line,) = [line for line in lines if line.number == shift.unnoted]
    assert (line.section, line.facts["also"]) == (Section.DUE, ["unnoted"])
    assert not any(line.number == shift.other_team for line in lines)


def test_the_snapshot_stays_what_it_was_while_the_desk_goes_on(shift: Shift) -> None:
    number = close(shift.cast)
    shift.cast.ada.edit(shift.urgent, {"summary": "only a loose cable", "impact": 3})
    shift.cast.ada.act(shift.urgent, "resolve", {"code": "solved", "solution": "plugged in"})
    line = view(shift.cast.ada, number).lines[0]
    assert (line.text, line.facts["priority"], line.facts["state"]) == ("core switch down", 1, "assigned")
    assert (line.state_now, line.moved) == ("resolved", True)


def test_a_handover_is_answered_line_by_line_and_signed_by_both(shift: Shift) -> None:
    cast = shift.cast
    bob, eve = cast.as_("bob"), cast.as_("eve")
    number = close(cast)
    handover.comment(bob, number, 1, "supplier is on the way")
    assert handover.sign(bob, number).state == "handed-over"
    cast.clock.advance(600)
    total = len(view(eve, number).lines)
    for position in range(1, total):
        handover.acknowledge(eve, number, position)
    handover.acknowledge(eve, number, total, "will look")
    found = view(eve, number)
    assert (found.answered, found.incoming) == (total, "eve")
    assert found.lines[0].comment == "supplier is on the way"
    assert found.lines[-1].comment == "will look"
    assert handover.accept(eve, number).state == "accepted"
    found = view(eve, number)
    assert (found.outgoing_signed_at, found.incoming_signed_at) == (END, END + 600)
    signed = [(line.actor, line.text, line.at) for line in eve.show(number).journal if line.what == "signed"]
    assert signed == [("bob", "signed as the outgoing lead", END), ("eve", "signed as the incoming lead", END + 600)]


def test_reassigning_a_line_gives_the_record_away_in_the_same_unit_of_work(shift: Shift) -> None:
    cast, eve = shift.cast, shift.cast.as_("eve")
    number = close(cast)
    handover.sign(cast.as_("bob"), number)
    line = handover.reassign(eve, number, 1, assignee="eve", comment="mine")
    assert (line.state, line.receiver, line.answered_by, line.comment) == ("reassigned", "eve", "eve", "mine")
    record = eve.show(shift.urgent)
    assert record.names[record.values["assignee"]].title == "eve"
    pending = next(one.position for one in view(eve, number).lines if one.number == shift.pending)
    assert handover.reassign(eve, number, pending, assignee="sue").receiver == "sue"
    record = eve.show(shift.pending)
    assert (record.state, record.names[record.values["team"]].title) == ("pending", "desk")
    operations = {entry.operation for entry in eve.show(shift.urgent).journal if entry.field == "assignee"}
    assert operations & {entry.operation for entry in eve.show(number).journal}


def test_a_team_gets_a_record_without_an_agent(shift: Shift) -> None:
    cast, eve = shift.cast, shift.cast.as_("eve")
    number = close(cast)
    handover.sign(cast.as_("bob"), number)
    assert handover.reassign(eve, number, 1, team="desk").receiver == "desk"
    record = eve.show(shift.urgent)
    assert (record.names[record.values["team"]].title, record.values["assignee"]) == ("desk", None)


def test_an_answer_can_be_reconsidered_until_it_is_signed(shift: Shift) -> None:
    cast, eve = shift.cast, shift.cast.as_("eve")
    number = close(cast)
    handover.sign(cast.as_("bob"), number)
    handover.acknowledge(eve, number, 1)
    line = handover.reconsider(eve, number, 1)
    assert (line.state, line.answered_by, line.answered_at) == ("open", "", None)
    assert progress(eve, [eve.show(number).id]) == {eve.show(number).id: (0, len(view(eve, number).lines))}


# Refusals: each says what to do, and leaves everything as it was.


def signed(shift: Shift) -> str:
    number = close(shift.cast)
    handover.sign(shift.cast.as_("bob"), number)
    return number


def accepted(shift: Shift) -> str:
    number = signed(shift)
    eve = shift.cast.as_("eve")
    for line in view(eve, number).lines:
        handover.acknowledge(eve, number, line.position)
    handover.accept(eve, number)
    return number


BAD_TIMES: list[tuple[dict[str, int], str]] = [
    ({"ends_at": START}, "ends after it starts"),
    ({"next_ends_at": END}, "next shift ends after"),
    ({"starts_at": END + 60, "ends_at": END + HOUR, "next_ends_at": NEXT}, "has not begun"),
]


@pytest.mark.parametrize(("times", "says"), BAD_TIMES)
def test_times_that_make_no_sense_are_refused(shift: Shift, times: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        close(shift.cast, **times)


def test_a_second_handover_of_an_overlapping_shift_is_refused_until_the_first_is_withdrawn(shift: Shift) -> None:
    number = close(shift.cast)
    with pytest.raises(InvalidInput, match=f"{number} hands over a shift of this team"):
        close(shift.cast, starts_at=START - HOUR, ends_at=START + 60)
    beside = handover.close_shift(shift.cast.ada, "desk", START, END, NEXT)
    behind = close(shift.cast, starts_at=START - 8 * HOUR, ends_at=START, next_ends_at=END)
    assert {beside.state, shift.cast.ada.show(behind).state} == {"open"}
    shift.cast.as_("bob").act(number, "withdraw")
    assert close(shift.cast) != number


Attempt = Callable[[Shift], object]
REFUSED: dict[str, tuple[Attempt, type[DeskError], str]] = {
    "unsigned lines are not answered": (
        lambda s: handover.acknowledge(s.cast.as_("eve"), close(s.cast), 1), WorkflowRefused, "not signed by the outgoing lead"),
    "the outgoing lead does not answer": (
        lambda s: handover.acknowledge(s.cast.as_("bob"), signed(s), 1), NotAllowed, "the incoming lead answers"),
    "somebody else does not sign for the outgoing lead": (
        lambda s: handover.sign(s.cast.as_("eve"), close(s.cast)), NotAllowed, "signed by its outgoing lead, bob"),
    "not even an administrator does": (
        lambda s: handover.sign(s.cast.ada, close(s.cast)), NotAllowed, "and nobody else"),
    "nobody accepts what they hand over": (
        lambda s: handover.accept(s.cast.as_("bob"), signed(s)), NotAllowed, "you hand"),
    "nobody is both leads": (
        lambda s: close(s.cast, incoming="bob"), InvalidInput, "hands over to themselves"),
    "no line may stay unanswered": (
        lambda s: handover.accept(s.cast.as_("eve"), signed(s)), WorkflowRefused, "6 lines are neither acknowledged nor"),
    "an unsigned handover is not accepted": (
        lambda s: handover.accept(s.cast.as_("eve"), close(s.cast)), WorkflowRefused, "possible while handed-over"),
    "it is signed once": (
        lambda s: handover.sign(s.cast.as_("bob"), signed(s)), WorkflowRefused, "possible while open"),
    "what is signed is not withdrawn": (
        lambda s: s.cast.as_("bob").act(signed(s), "withdraw"), WorkflowRefused, "possible while open"),
    "the shift of a snapshot is not moved": (
        lambda s: s.cast.as_("bob").edit(close(s.cast), {"ends_at": END + 60}), WorkflowRefused, "is a snapshot"),
    "accepted lines stand": (
        lambda s: handover.acknowledge(s.cast.as_("eve"), accepted(s), 1), WorkflowRefused, "lines stand as they are"),
    "accepted lines are not commented": (
        lambda s: handover.comment(s.cast.as_("eve"), accepted(s), 1, "late thought"), WorkflowRefused, "lines stand"),
    "an accepted handover is not edited": (
        lambda s: s.cast.ada.edit(accepted(s), {"incoming": "sue"}), WorkflowRefused, "cannot be changed while it is accepted"),
    "nothing is added after the signature": (
        lambda s: handover.add_note(s.cast.as_("bob"), signed(s), "one more"), WorkflowRefused, "nothing is added"),
    "a comment says something": (
        lambda s: handover.comment(s.cast.as_("eve"), signed(s), 1, "  "), InvalidInput, "some text"),
    "a comment has a size": (
        lambda s: handover.comment(s.cast.as_("eve"), signed(s), 1, "x" * 3000), InvalidInput, "at most 2,000"),
    "a comment can be stored": (
        lambda s: handover.acknowledge(s.cast.as_("eve"), signed(s), 1, "a\x00b"), InvalidInput, "NUL"),
    "there is such a line": (
        lambda s: handover.acknowledge(s.cast.as_("eve"), signed(s), 99), NotFound, "has no line 99"),
    "reassigning names somebody": (
        lambda s: handover.reassign(s.cast.as_("eve"), signed(s), 1), InvalidInput, "name a team or an agent"),
    "somebody who is there": (
        lambda s: handover.reassign(s.cast.as_("eve"), signed(s), 1, assignee="zoe"), InvalidInput, "no agent 'zoe'"),
    "somebody else than who has it": (
        lambda s: handover.reassign(s.cast.as_("eve"), signed(s), 1, assignee="bob"), InvalidInput, "is with bob already"),
    "an announcement is given to nobody": (
        lambda s: handover.reassign(s.cast.as_("eve"), signed(s), 6, assignee="eve"), WorkflowRefused, "not assigned to anybody"),
    "unanswered is not reconsidered": (
        lambda s: handover.reconsider(s.cast.as_("eve"), signed(s), 1), WorkflowRefused, "not answered yet"),
    "a reader closes no shift": (
        lambda s: close(s.cast, login="ron"), NotAllowed, "may not create a handover"),
    "a reader answers none": (
        lambda s: handover.acknowledge(s.cast.as_("ron"), signed(s), 1), NotAllowed, "may not act"),
    "a requester sees none": (
        lambda s: view(s.cast.as_("maria"), close(s.cast)), NotFound, "there is no record"),
    "an incident is no handover": (
        lambda s: view(s.cast.ada, s.urgent), NotFound, "is no shift handover"),
    "nor answered like one": (
        lambda s: handover.acknowledge(s.cast.as_("eve"), s.urgent, 1), InvalidInput, "not a shift handover"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(shift: Shift, name: str) -> None:
    attempt, error, says = REFUSED[name]
    with pytest.raises(error, match=says):
        attempt(shift)


@pytest.mark.parametrize(("login", "signing"), [("bob", signed), ("eve", accepted)])
def test_a_signature_is_not_undone(shift: Shift, login: str, signing: Callable[[Shift], str]) -> None:
    number = signing(shift)
    before = shift.cast.ada.show(number)
    report = shift.cast.as_(login).undo()
    assert [(outcome.number, outcome.ok) for outcome in report.kept] == [(number, False)]
    after = shift.cast.ada.show(number)
    assert (after.state, after.version, after.values) == (before.state, before.version, before.values)


def test_a_line_that_became_two_peoples_business_belongs_to_the_incoming_lead(shift: Shift) -> None:
    number = signed(shift)
    handover.acknowledge(shift.cast.as_("eve"), number, 1)
    with pytest.raises(NotAllowed, match="eve is the incoming lead"):
        handover.acknowledge(shift.cast.as_("sue"), number, 2)
    shift.cast.as_("sue").edit(number, {"incoming": "sue"})
    assert handover.acknowledge(shift.cast.as_("sue"), number, 2).answered_by == "sue"


def test_a_refused_reassignment_leaves_record_and_line_alone(shift: Shift) -> None:
    number = signed(shift)
    shift.cast.ada.act(shift.urgent, "resolve", {"code": "solved", "solution": "x"})
    with pytest.raises(WorkflowRefused, match="is resolved by now"):
        handover.reassign(shift.cast.as_("eve"), number, 1, assignee="eve")
    assert view(shift.cast.ada, number).lines[0].state == "open"


def test_a_note_line_is_reassigned_to_nobody(shift: Shift) -> None:
    number = close(shift.cast, note="room 4")
    handover.sign(shift.cast.as_("bob"), number)
    last = len(view(shift.cast.ada, number).lines)
    with pytest.raises(WorkflowRefused, match="about no record"):
        handover.reassign(shift.cast.as_("eve"), number, last, assignee="eve")


def test_attempts_without_the_right_are_journalled(shift: Shift) -> None:
    number = signed(shift)
    with pytest.raises(NotAllowed):
        handover.acknowledge(shift.cast.as_("ron"), number, 1)
    assert [line.actor for line in shift.cast.ada.show(number).journal if line.what == "refused"] == ["ron"]


BY_SQL = [
    ("UPDATE handover_line SET state = 'open'", accepted),
    ("UPDATE handover_line SET text = 'nothing happened'", close),
    ("UPDATE handover_line SET facts = '{}'", signed),
    ("DELETE FROM handover_line", close),
]


@pytest.mark.parametrize(("statement", "until"), BY_SQL)
def test_not_even_sql_changes_what_is_frozen(shift: Shift, statement: str, until: Callable[[Any], str]) -> None:
    until(shift.cast if until is close else shift)
    with pytest.raises((exc.DBAPIError, DeskError), match="frozen"), shift.cast.database.write() as connection:
        connection.execute(text(statement))


def test_changes_that_start_are_handed_over(shift: Shift) -> None:
    bob, sue = shift.cast.as_("bob"), shift.cast.as_("sue")
    tonight = assessing(bob, window_start=END + HOUR, window_end=END + 2 * HOUR)
    assessing(bob, window_start=END + HOUR, window_end=END + 2 * HOUR)
    later = assessing(bob, window_start=NEXT + HOUR, window_end=NEXT + 2 * HOUR)
    for number in (tonight, later):
        sue.act(number, "approve")
    lines = view(shift.cast.ada, close(shift.cast)).lines
    assert [line.number for line in lines if line.section is Section.CHANGE] == [tonight]


# Sections of other processes.


def test_outages_that_run_are_handed_over(shift: Shift) -> None:
    ada = shift.cast.ada
    down = ada.create("ci", {"name": "payroll-db", "type": "server"}).number
    running = ada.create("outage", {"ci": down, "started_at": START}).number
    ada.create("outage", {"ci": down, "started_at": START - 2 * HOUR, "ended_at": START - HOUR})
    lines = view(ada, close(shift.cast)).lines
    assert [line.number for line in lines if line.section is Section.OUTAGE] == [running]


# Which shift is about to be closed.


def test_the_roster_says_which_shift_ends(shift: Shift) -> None:
    bob = shift.cast.as_("bob")
    for name, start, end, lead in (("early", START, END, "bob"), ("late", END, NEXT, "eve")):
        shift.cast.ada.create("shift", {"name": name, "team": "network", "starts_at": start, "ends_at": end, "lead": lead})
    found = propose(bob)
    assert (found.team, found.starts_at, found.ends_at, found.next_ends_at) == ("network", START, END, NEXT)
    assert (found.incoming, found.source) == ("eve", "from the roster: early")
    close(shift.cast)
    shift.cast.clock.at = NEXT
    assert (propose(bob).starts_at, propose(bob).ends_at, propose(bob).next_ends_at) == (END, NEXT, NEXT + 8 * HOUR)


def test_without_a_roster_a_shift_begins_where_the_last_one_ended(shift: Shift) -> None:
    bob = shift.cast.as_("bob")
    assert (propose(bob).starts_at, propose(bob).ends_at) == (START, END)
    close(shift.cast)
    shift.cast.clock.at = NEXT + 400
    found = propose(bob)
    assert (found.starts_at, found.ends_at) == (END, NEXT)
    assert found.source == "begins where the last handover ended"
    assert propose(shift.cast.as_("ron")).team == ""


# On paper.


def test_the_printed_page_fits_eighty_columns_and_holds_everything(shift: Shift) -> None:
    number = close(shift.cast, note="word " * 40)
    handover.sign(shift.cast.as_("bob"), number)
    handover.reassign(shift.cast.as_("eve"), number, 1, assignee="eve", comment="on it")
    page = render(shift.cast.as_("eve"), number)
    lines = page.text.splitlines()
    assert max(map(len, lines)) <= 80
    assert f"  1 [>] {shift.urgent} P1 core switch down" in lines
    assert "        reassigned to eve by eve, 2026-11-02 17:00: on it" in lines
    assert "  outgoing  bob, signed 2026-11-02 17:00" in lines
    assert "  incoming  eve, not signed" in lines
    assert f"- [x] {shift.urgent} P1 core switch down" in page.markdown
    assert page.data["lines"][0]["facts"]["due_at"].endswith("Z")
    assert (page.data["answered"], page.data["total"], len(page.rows)) == (1, 7, 7)
    assert page.data["starts_at"] == "2026-11-02T09:00:00Z"
    assert parse_instant(page.data["ends_at"]) == END


def test_a_quiet_shift_is_handed_over_too(any_cast: Cast) -> None:
    any_cast.clock.at = END
    number = close(any_cast)
    assert "Nothing was open." in render(any_cast.ada, number).text
    handover.sign(any_cast.as_("bob"), number)
    assert handover.accept(any_cast.as_("eve"), number).state == "accepted"


def test_hostile_words_are_printed_and_never_obeyed(cast: Cast) -> None:
    cast.clock.at = END
    kept = 0
    for payload in PAYLOADS.values():
        try:
            cast.incident(summary=payload[:200], impact=1, urgency=1, team="network")
        except InvalidInput:
            continue
        kept += 1
    number = close(cast)
    handover.sign(cast.as_("bob"), number)
    for payload in PAYLOADS.values():
        try:
            handover.comment(cast.as_("eve"), number, 1, payload[:500])
        except InvalidInput:
            continue
    desk: Desk = cast.ada
    page = render(desk, number)
    assert len(page.rows) == kept > 20
    assert all(line.isprintable() for line in page.text.splitlines())
    assert max(len(line) for line in page.text.splitlines()) <= 80
