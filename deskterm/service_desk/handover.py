"""Shift handover as a record: close a shift, answer line by line, sign on both sides.

Each function is one use case in one unit of work, as `Desk` has them for every record. The rules that hold whichever way a
handover is written are in `handover_rules`, what is gathered in `handover_snapshot`, reading in `handover_reading`, the printed
page in `handover_print`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from data.queries import handover as q
from data.queries import records as rq
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.fields import long_text
from deskterm.journal import Entry, What
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft
from deskterm.records.schema import Receipt
from deskterm.records.unit import Unit
from deskterm.relation_words import MEMBER_OF
from deskterm.service_desk.assigning import Candidate, values_for
from deskterm.service_desk.handover_reading import line_of
from deskterm.service_desk.handover_rules import ACKNOWLEDGED, OPEN, REASSIGNED, require_incoming, write_lines
from deskterm.service_desk.handover_schema import Line
from deskterm.service_desk.handover_snapshot import Draw, Section, free_notes
from deskterm.wording import with_article
from deskterm.workflow import Phase

COMMENT_LIMIT = 2_000


def close_shift(
    desk: Desk, team: str, starts_at: int, ends_at: int, next_ends_at: int, note: str = "", *, incoming: str = ""
) -> Receipt:
    """Freeze what a shift leaves to the next one. The outgoing lead, whoever does this, then looks through it and signs.

    Args:
        team: number or name of the team.
        starts_at: when the shift began, seconds since the epoch.
        ends_at: when it ends.
        next_ends_at: when the next shift ends: what is due until then is handed over.
        note: what the records do not say, one thing to a line.
        incoming: login of the incoming lead; whoever answers first, if empty.

    Raises:
        InvalidInput: the times make no sense, or overlap a shift of the team that was handed over.
    """
    values = {"team": team, "starts_at": starts_at, "ends_at": ends_at, "next_ends_at": next_ends_at, "note": note}
    return desk.create("handover", {**values, "incoming": incoming or None})


def sign(desk: Desk, number: str) -> Receipt:
    """Sign as the outgoing lead: what is handed over stands from here on."""
    return desk.act(number, "sign")


def accept(desk: Desk, number: str) -> Receipt:
    """Sign as the incoming lead.

    Raises:
        WorkflowRefused: some line is neither acknowledged nor reassigned; they are named.
    """
    return desk.act(number, "accept")


def acknowledge(desk: Desk, number: str, position: int, comment: str = "") -> Line:
    """Answer a line with "I know"; a comment said earlier stays unless there is a new one."""
    with _answering(desk, number, position, "acknowledge") as (unit, draft, line):
        _answer(unit, draft, line, ACKNOWLEDGED, comment)
    return line_of(desk, number, position)


def reassign(desk: Desk, number: str, position: int, *, team: str = "", assignee: str = "", comment: str = "") -> Line:
    """Answer a line by giving its record to somebody, here and now; the record keeps its state.

    Raises:
        InvalidInput: nobody is named, or the record is theirs already.
        WorkflowRefused: the line is about no record that can be given away, or the work is done.
    """
    given = {name: value for name, value in (("team", team), ("assignee", assignee)) if value}
    if not given:
        raise InvalidInput("name a team or an agent to reassign it to", fields={"assignee": "or team", "team": "or assignee"})
    with _answering(desk, number, position, "reassign") as (unit, draft, line):
        receiver = _give(unit, line, given)
        _answer(unit, draft, line, REASSIGNED, comment, receiver)
    return line_of(desk, number, position)


def reconsider(desk: Desk, number: str, position: int) -> Line:
    """Take the answer to a line back, as long as the handover is not accepted; a reassigned record stays where it is."""
    with _answering(desk, number, position, "reconsider") as (unit, draft, line):
        if line.state == OPEN:
            raise WorkflowRefused(f"line {position} is not answered yet")
        _answer(unit, draft, line, OPEN, "")
    return line_of(desk, number, position)


def comment(desk: Desk, number: str, position: int, text: str) -> Line:
    """Say something on a line: the outgoing lead until they sign, the incoming lead after that."""
    if not text.strip():
        raise InvalidInput("a comment needs some text", fields={"comment": "required"})
    with _answering(desk, number, position, "comment", outgoing_too=True) as (unit, draft, line):
        _answer(unit, draft, line, line.state, text, line.reassigned_to_id, by=(line.answered_by, line.answered_at))
    return line_of(desk, number, position)


def add_note(desk: Desk, number: str, text: str) -> int:
    """Add free notes to a handover that is not signed yet, one line for each line of the text; return how many."""
    lines = [Draw(Section.NOTE, one) for one in free_notes(_clean(text, long_text().limit))]
    if not lines:
        raise InvalidInput("a note needs some text", fields={"text": "required"})
    with desk.refusals(number), desk.unit("add to handover") as unit:
        draft = _fetch(unit, number)
        unit.require("edit", draft.kind)
        if draft.state != "open":
            raise WorkflowRefused(f"{draft.number} is {_state(draft)}; nothing is added to it any more")
        last = unit.connection.execute(q.LAST_POSITION, {"handover": draft.id}).scalar_one()
        write_lines(unit, draft.id, lines, after=last)
        for line in lines:
            unit.journal(Entry(draft.id, draft.version, What.NOTE, text=line.text))
        store.touch(unit, draft)
    return len(lines)


@contextmanager
def _answering(
    desk: Desk, number: str, position: int, what: str, *, outgoing_too: bool = False
) -> Iterator[tuple[Unit, Draft, Any]]:
    """Yield a handover, held for writing, and one of its lines, for somebody who may answer it now."""
    with desk.refusals(number), desk.unit(f"{what} line") as unit:
        draft = _fetch(unit, number)
        unit.require("act", draft.kind)
        mine = outgoing_too and draft.state == "open" and unit.actor.agent_id == draft.get("outgoing")
        if not mine:
            if draft.state == "open":
                raise WorkflowRefused(f"{draft.number} is not signed by the outgoing lead yet; it is answered after that")
            if draft.state != "handed-over":
                raise WorkflowRefused(f"{draft.number} is {_state(draft)}; its lines stand as they are")
            require_incoming(unit, draft)
            if draft.get("incoming") is None:
                draft.new["incoming"] = unit.actor.agent_id
                store.update_draft(unit, draft)
        line = unit.connection.execute(q.LINE, {"handover": draft.id, "position": position}).first()
        if line is None:
            raise NotFound(f"{draft.number} has no line {position}")
        yield unit, draft, line
        store.touch(unit, draft)


def _fetch(unit: Unit, number: str) -> Draft:
    draft = writing.fetch(unit, number)
    if draft.kind.name != "handover":
        raise InvalidInput(f"{draft.number} is a {draft.kind.title.lower()}, not a shift handover")
    return draft


def _state(draft: Draft) -> str:
    return draft.kind.workflow.state(draft.state).title


def _answer(
    unit: Unit, draft: Draft, line: Any, answer: str, text: str, receiver: int | None = None,
    *, by: tuple[str | None, int | None] | None = None,
) -> None:  # fmt: skip
    """Write the answer to a line, and what was done into the journal."""
    said = _clean(text, COMMENT_LIMIT) or line.comment
    open_again = answer == OPEN and by is None
    who, when = by or ((None, None) if open_again else (unit.actor.login, unit.at))
    unit.connection.execute(
        q.ANSWER, {"line": line.id, "answer": answer, "by": who, "when": when, "receiver": receiver, "said": said}
    )
    done = "commented" if by else "open again" if open_again else answer
    about = f"line {line.position}" + (f" ({line.number})" if line.number else "")
    names = resolve.names(unit.connection, {receiver} if receiver else set())
    to = "".join(f" to {named.title}" for named in names.values()) if done == REASSIGNED else ""
    words = f": {said}" if said and said != line.comment else ""
    unit.journal(Entry(draft.id, draft.version, What.NOTE, text=f"{about} {done}{to}{words}"))


def _values(unit: Unit, subject: Draft, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what is edited: a team gets it without an agent, an agent within a team of theirs."""
    if "assignee" not in given:
        return {"team": given["team"], "assignee": None}
    if "team" in given:
        return dict(given)
    try:
        agent = resolve.one_of(unit.connection, given["assignee"], ("agent",))
    except ValueError as problem:
        raise InvalidInput(f"assignee: {problem}", fields={"assignee": str(problem)}) from None
    teams = unit.connection.execute(rq.LINKED_FROM, {"relation": MEMBER_OF, "id": agent})
    own = tuple((row.target_id, "") for row in teams)
    return values_for(Candidate(given["assignee"], "agent", agent, own), subject.get("team"))


def _clean(text: str, limit: int) -> str:
    try:
        return str(long_text(limit).parse(text))
    except ValueError as problem:
        raise InvalidInput(f"the text {problem}", fields={"text": str(problem)}) from None


def _give(unit: Unit, line: Any, given: Mapping[str, str]) -> int:
    """Assign the record of a line within this unit of work; return the id of whom it was given to."""
    if line.number is None:
        raise WorkflowRefused("this line is about no record; acknowledge it, with a comment where that helps")
    subject = writing.fetch(unit, line.number)
    if not {"team", "assignee"} <= subject.kind.all_fields.keys() or not subject.kind.is_work:
        raise WorkflowRefused(f"{with_article(subject.kind.title.lower())} is not assigned to anybody; acknowledge the line")
    if subject.phase not in (Phase.ACTIVE, Phase.WAITING):
        raise WorkflowRefused(f"{subject.number} is {_state(subject)} by now; acknowledge the line")
    before = {name: subject.get(name) for name in ("team", "assignee")}
    writing.edit(unit, subject, _values(unit, subject, given))
    after = {name: subject.get(name) for name in ("team", "assignee")}
    if after == before:
        whom = " and ".join(given.values())
        raise InvalidInput(
            f"{subject.number} is with {whom} already; acknowledge the line", fields=dict.fromkeys(given, "the same")
        )
    return int(after["assignee"] if "assignee" in given else after["team"])
