"""A meeting of a board: its agenda, each change as a sheet to vote on, and the minutes that are kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from data.queries import change as q
from deskterm.change import conflicts, reach, voting
from deskterm.change.conflict_rules import Conflict
from deskterm.change.fields import MATERIAL
from deskterm.change.rules import content_of
from deskterm.change.schema import Agenda, Seat, Sheet
from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, NotAllowed
from deskterm.permissions import allows
from deskterm.records import reading, resolve, store
from deskterm.records.draft import Draft
from deskterm.records.schema import Receipt

TEXTS = ("reason", "plan", "backout_plan", "test_plan")
MOST = 200


def agendas(desk: Desk) -> tuple[Agenda, ...]:
    """Return what each board in use has before it, those with most to do first."""
    with desk.database.read() as connection:
        rows = connection.execute(q.ALL_BOARDS).all()
        waiting: dict[int, list[str]] = {row.id: [] for row in rows}
        for row in connection.execute(q.AGENDA, {"limit": MOST}):
            if row.board_id in waiting:
                waiting[row.board_id].append(row.number)
    found = [Agenda(row.title, row.number, row.rule, row.quorum, tuple(waiting[row.id])) for row in rows]
    return tuple(sorted(found, key=lambda one: -len(one.changes)))


def sheet(desk: Desk, number: str) -> Sheet:
    """Return a change with all that is needed to vote on it.

    Raises:
        NotFound: there is no such change.
        InvalidInput: the number is that of another record.
    """
    with desk.database.read() as connection:
        draft = reading.find(connection, desk.registry, desk.actor, number)
        if draft.kind.name != "change":
            raise InvalidInput(f"{number} is no change", fields={"number": "no change"})
        key = draft.get("board")
        board = store.load(connection, desk.registry.kind("board"), [key])[key] if key is not None else None
        now = voting.standing(connection, draft, board, desk.moment)
        wish = conflicts.wish_of(draft)
        found = conflicts.find(connection, wish, desk.moment) if wish is not None else ()
        hit = reach.hit(connection, draft.get("cis") or (), draft.get("disruption"), desk.moment)
        names = resolve.names(connection, store.references(draft.kind, draft.new))
        seats = _seats(connection, draft, now)

    def named(field: str) -> str:
        value = draft.get(field)
        return names[value].title if value in names else ""

    own = desk.actor.login
    refused, lacking = refusal_of(desk, draft, now)
    return Sheet(
        draft.number, str(draft.get("summary")), draft.state, str(draft.get("type")), str(draft.get("category") or ""),
        named("author"), named("requester"), named("service"),
        tuple(names[ci].title for ci in draft.get("cis") or () if ci in names),
        draft.get("window_start"), draft.get("window_end"), content_of(draft.new, MATERIAL),
        tuple((draft.kind.all_fields[name].title, str(draft.get(name) or "")) for name in TEXTS),
        draft.get("risk"), str(draft.get("risk_level") or ""), draft.get("risk_basis") or (),
        tuple((one.severity.word, _said(one, desk.actor.tz)) for one in found), hit.breaks, hit.degrades, seats,
        now.tally.why if now.tally is not None else "no board decides: whoever may override approves or rejects",
        refused, next((seat.vote for seat in seats if own in (seat.login, seat.by)), ""), lacks_right=lacking,
    )  # fmt: skip


def _said(one: Conflict, tz: str) -> str:
    zone = ZoneInfo(tz)
    start, end = (f"{datetime.fromtimestamp(at, zone):%a %d %b %H:%M}" for at in (one.start, one.end))
    return f"{one.number} {one.title}, {start} to {end}"


def _seats(connection: Connection, draft: Draft, now: voting.Standing) -> tuple[Seat, ...]:
    asked = {"change": draft.id, "round": draft.get("approval_round") or 1, "content": content_of(draft.new, MATERIAL)}
    said = {(row.seat_id, row.voter_id): (row.comment or "") for row in connection.execute(q.VALID_VOTES, asked)}
    who, ballots = voting.names_of(connection, now), {ballot.seat: ballot for ballot in now.ballots}
    found = []
    for seat, login in now.seats.items():
        ballot = ballots.get(seat)
        if ballot is None:
            found.append(Seat(login, ""))
        else:
            by = who.get(ballot.voter, "") if ballot.voter != seat else ""
            found.append(Seat(login, ballot.vote, by, said.get((seat, ballot.voter), "")))
    return tuple(found)


def refusal_of(desk: Desk, draft: Draft, now: voting.Standing) -> tuple[str, bool]:
    """Return why a person cannot vote on a change, as the vote itself would be refused, and whether they lack the right to."""
    if draft.state not in ("submitted", "assessing"):
        return f"{draft.number} is {draft.state}; there is nothing to vote on any more.", False
    kind = draft.kind
    if not allows(desk.actor.roles, "act", kind.family, kind.process):
        return f"{desk.actor.login} may not act on a change.", True
    try:
        voting.require_voter(desk.actor, draft)
        if now.board:
            voting.seat_of(desk.actor, draft, now)
    except DeskError as refusal:
        return refusal.message, isinstance(refusal, NotAllowed)
    if not now.board and not allows(desk.actor.roles, "override", kind.family, kind.process):
        return "No board decides on it, and you may not override.", True
    return "", False


def vote(desk: Desk, number: str, word: str, comment: str, seen: str) -> Receipt:
    """Vote on a change as it was read; one that was edited since is refused."""
    given = {"vote": word, "seen": seen, **({"comment": comment} if comment else {})}
    return desk.act(number, "vote", given)


def minutes(
    desk: Desk, agenda: Agenda, sheets: Sequence[Sheet], started_at: int, ended_at: int, remarks: Mapping[str, str]
) -> str:
    """Return the minutes of a meeting as text: each change with its votes, the comments and what was decided."""
    zone = ZoneInfo(desk.actor.tz)
    begin, end = (datetime.fromtimestamp(at, zone) for at in (started_at, ended_at))
    present = sorted({seat.by or seat.login for one in sheets for seat in one.seats if seat.vote})
    lines = [
        f"{agenda.board}, {begin:%A %d %B %Y, %H:%M} to {end:%H:%M}",
        f"Rule {agenda.rule}, quorum {agenda.quorum}. Voted: {', '.join(present) or 'nobody'}.",
    ]
    for one in sheets:
        lines += ["", f"{one.number} {one.title}: {one.state}", f"  {one.tally}"]
        for seat in one.seats:
            by = f" (by {seat.by})" if seat.by else ""
            lines.append(f"  {seat.login}{by}: {seat.vote or 'no vote'}" + (f", {seat.comment}" if seat.comment else ""))
        if remarks.get(one.number):
            lines.append(f"  {remarks[one.number]}")
    return "\n".join(lines)


def close_meeting(
    desk: Desk, agenda: Agenda, numbers: Sequence[str], started_at: int, remarks: Mapping[str, str]
) -> tuple[Receipt, str]:
    """Write the minutes of a meeting as a record that is closed, and return it with the text."""
    ended_at = max(desk.moment, started_at)
    text = minutes(desk, agenda, [sheet(desk, number) for number in numbers], started_at, ended_at, remarks)
    day = datetime.fromtimestamp(started_at, ZoneInfo(desk.actor.tz))
    values = {
        "summary": f"{agenda.board}, {day:%Y-%m-%d %H:%M}", "board": agenda.number, "starts_at": started_at, "ends_at": ended_at,
        "minutes": text,
    }  # fmt: skip
    if desk.actor.agent_id is not None:
        values["chair"] = desk.actor.agent_id
    receipt = desk.create("board-meeting", values)
    return desk.act(receipt.number, "close"), text
