"""Who may vote on a change, what a vote is, and what the votes come to. A vote is written once and never edited.

Nobody votes for another and nobody on their own request. A vote counts for the content it was given on and for the round it
was given in: after a material edit, or once the change went back to draft, it is void.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import change as q
from data.tables.change import change_vote
from deskterm.change.fields import MATERIAL
from deskterm.change.rules import Ballot, BoardRule, Decision, Tally, content_of, counted, tally
from deskterm.errors import NotAllowed, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.permissions import Actor
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """How the vote on a change stands."""

    board: str
    """Name of the board; empty where none decides, but whoever may override."""
    rule: BoardRule | None
    seats: Mapping[int, str]
    """Login by the id of the member."""
    substitutes: Mapping[int, int]
    """Member by the id of who may vote in their place."""
    ballots: tuple[Ballot, ...]
    tally: Tally | None


def standing(connection: Connection, draft: Draft, board: Draft | None, at: int) -> Standing:
    """Return how the vote on a change stands: seats without its author, and the votes on what it says now."""
    if board is None:
        return Standing("", None, {}, {}, (), None)
    rows = connection.execute(q.SEATS, {"board": board.id, "at": at})
    seats = {row.id: row.login for row in rows if row.id != draft.get("author")}
    found = connection.execute(q.SUBSTITUTES, {"members": sorted(seats), "at": at}) if seats else ()
    # Who has a seat of their own votes there, and the author nowhere.
    barred = {*seats, draft.get("author")}
    substitutes = {row.substitute: row.member for row in found if row.substitute not in barred}
    asked = {
        "change": draft.id, "round": draft.get("approval_round") or 1, "content": content_of(draft.new, MATERIAL),
    }  # fmt: skip
    votes = [(row.seat_id, row.voter_id, row.vote) for row in connection.execute(q.VALID_VOTES, asked)]
    ballots = counted(votes, seats)
    rule = BoardRule(board.get("rule"))
    return Standing(
        str(board.get("name")), rule, seats, substitutes, ballots, tally(rule, board.get("quorum") or 1, len(seats), ballots)
    )


def board_of(unit: Unit, draft: Draft) -> Draft | None:
    """Return the board that decides on a change, if one does."""
    key = draft.get("board")
    return None if key is None else store.load(unit.connection, unit.registry.kind("board"), [key])[key]


def voters(connection: Connection, change: int, approval_round: int, content: str) -> tuple[str, ...]:
    """Return the logins of those who voted on a content, each once."""
    rows = connection.execute(q.VALID_VOTES, {"change": change, "round": approval_round, "content": content})
    return tuple(dict.fromkeys(row.voter for row in rows))


def cast_vote(unit: Unit, draft: Draft, vote: str, inputs: Mapping[str, Any]) -> None:
    """Take a vote and decide the change exactly when the rule of its board is met.

    Raises:
        NotAllowed: the actor is the author or who asked for it, or has no seat and substitutes for nobody who has one.
        WorkflowRefused: it is not up for a vote, or was edited since the actor read it.
    """
    _require_votable(unit, draft, inputs.get("seen"))
    board = board_of(unit, draft)
    if board is None:
        unit.require("override", draft.kind)
        _record(unit, draft, None, unit.actor.agent_id or 0, vote, inputs.get("comment"))
        if vote != "abstain":
            decide(unit, draft, Decision.APPROVED if vote == "approve" else Decision.REJECTED, f"by {unit.actor.login}")
        return
    before = standing(unit.connection, draft, board, unit.at)
    seat = seat_of(unit.actor, draft, before)
    _record(unit, draft, board.id, seat, vote, inputs.get("comment"))
    after = standing(unit.connection, draft, board, unit.at)
    assert after.tally is not None
    if after.tally.decision is not Decision.PENDING:
        decide(unit, draft, after.tally.decision, f"{after.board}: {after.tally.why}")


def require_voter(actor: Actor, draft: Draft) -> None:
    """Refuse whoever can have no vote on a change, whatever board decides.

    Raises:
        NotAllowed: it is no agent, the author, or who asked for it.
    """
    own = actor.agent_id
    if own is None:
        raise NotAllowed("a vote is given by an agent, not by the desk itself")
    if own == draft.get("author"):
        raise NotAllowed(f"{actor.login} raised {draft.number}; nobody votes on their own request for change")
    if actor.person_id is not None and actor.person_id == draft.get("requester"):
        raise NotAllowed(f"{actor.login} asked for {draft.number}; nobody votes on what they asked for")


def _require_votable(unit: Unit, draft: Draft, seen: str | None) -> None:
    require_voter(unit.actor, draft)
    if draft.get("type") == "standard":
        raise WorkflowRefused("a standard change was approved with its template; there is nothing to vote on")
    if draft.state_before == "submitted" and draft.get("type") != "emergency":
        raise WorkflowRefused(f"{draft.number} is not assessed yet; take the action assess before anybody votes")
    if seen is not None and not content_of(draft.new, MATERIAL).startswith(seen):
        raise WorkflowRefused(
            f"{draft.number} was edited since you read it; read it again, then vote", fields={"seen": "another content"}
        )


def seat_of(actor: Actor, draft: Draft, now: Standing) -> int:
    """Return the seat that somebody votes for: their own, else that of the member whose substitute they are.

    Raises:
        NotAllowed: they have neither; it names who decides.
        WorkflowRefused: nobody who may vote sits on the board.
    """
    own = actor.agent_id
    assert own is not None
    if own in now.seats:
        return own
    if own in now.substitutes:
        return now.substitutes[own]
    if not now.seats:
        raise WorkflowRefused(f"nobody who may vote sits on {now.board}; name another board", fields={"board": "has no seat"})
    who = ", ".join(now.seats.values())
    raise NotAllowed(f"{actor.login} does not sit on {now.board}, nor substitutes for a member; {who} decide on {draft.number}")


def _record(unit: Unit, draft: Draft, board: int | None, seat: int, vote: str, comment: str | None) -> None:
    unit.insert(
        change_vote,
        {
            "change_id": draft.id, "board_id": board, "seat_id": seat, "voter_id": unit.actor.agent_id, "vote": vote,
            "comment": comment, "approval_round": draft.get("approval_round") or 1, "content": content_of(draft.new, MATERIAL),
            "at": unit.at, "recorded_at": unit.recorded_at,
        },
    )  # fmt: skip
    for_whom = ""
    if seat != unit.actor.agent_id:
        named = resolve.names(unit.connection, {seat}).get(seat)
        for_whom = f" for {named.title if named else '?'}, whose substitute they are"
    text = f"voted {vote}{for_whom}" + (f": {comment}" if comment else "")
    unit.journal(Entry(draft.id, draft.version, What.SIGNED, "vote", new=vote, text=text))


def decide(unit: Unit, draft: Draft, decision: Decision, why: str) -> None:
    """Move a change to what was decided."""
    draft.state, draft.reason = decision.value, f"{decision.value} {why}" if why.startswith("by ") else why
    if decision is Decision.APPROVED:
        draft.new["approved_at"], draft.new["approved_content"] = unit.at, content_of(draft.new, MATERIAL)


def names_of(connection: Connection, now: Standing) -> dict[int, str]:
    """Return the logins of everybody who voted."""
    return {key: named.title for key, named in resolve.names(connection, {ballot.voter for ballot in now.ballots}).items()}
