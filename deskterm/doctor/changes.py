"""Changes examined: what each is approved for against what it says and who voted, its risk against its sum, its steps and times.

What board a change went before may be edited since, so the rule is not played again: that the votes are there, were given on what
the change says, by members or their substitutes and never by its author, is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from data.queries.change import SITS_ON
from data.tables.change import change, change_vote, work_order
from data.tables.core import link, record
from deskterm.change.fields import MATERIAL
from deskterm.change.rules import content_of
from deskterm.change.workflow import DECIDED, UNDER_WAY
from deskterm.doctor.findings import Finding, Severity
from deskterm.kinds import Registry
from deskterm.records import store
from deskterm.records.draft import Draft

BATCH = 300
GONE_ON = ("approved", "scheduled", *UNDER_WAY)
"""States in which a change that goes before a board has its approval."""
_IDS = select(record.c.id).where(record.c.kind == "change").order_by(record.c.id)
_VOTES = select(change_vote).order_by(change_vote.c.id)
_SEATS = select(link.c.source_id, link.c.target_id, link.c.valid_from, link.c.valid_until).where(link.c.relation == SITS_ON)
_OWN = (
    select(record.c.number, change_vote.c.id)
    .join(change, change.c.id == record.c.id)
    .join(change_vote, and_(change_vote.c.change_id == change.c.id, change_vote.c.voter_id == change.c.author_id))
    .order_by(change_vote.c.id)
)
_of = record.alias("of")
_STEPS = (
    select(record.c.number, record.c.state, work_order.c.actual_start, work_order.c.actual_end, _of.c.number.label("change"))
    .add_columns(_of.c.open_since)
    .join(work_order, work_order.c.id == record.c.id)
    .join(_of, _of.c.id == work_order.c.change_id)
    .where(
        or_(
            and_(record.c.state == "done", or_(work_order.c.actual_start.is_(None), work_order.c.actual_end.is_(None))),
            and_(record.c.state == "in-progress", or_(work_order.c.actual_start.is_(None), _of.c.open_since.is_(None))),
            work_order.c.actual_end < work_order.c.actual_start,
        )
    )
    .order_by(record.c.id)
)

Seat = tuple[int, int]
Votes = Mapping[int, Sequence[Any]]


def changes(connection: Connection, registry: Registry) -> Iterator[Finding]:
    """Find approvals that their votes do not carry, votes of authors, risks that are not their sum, steps without their times."""
    for row in connection.execute(_OWN):
        said = f"the author of {row.number} voted on it; nobody votes on their own request: put it before its board again"
        yield Finding("vote", Severity.ERROR, said, row.number)
    votes: dict[int, list[Any]] = defaultdict(list)
    for vote in connection.execute(_VOTES):
        votes[vote.change_id].append(vote)
    seats: dict[Seat, list[tuple[int, int]]] = defaultdict(list)
    for seat in connection.execute(_SEATS):
        seats[seat.source_id, seat.target_id].append((seat.valid_from, seat.valid_until))
    ids = list(connection.execute(_IDS).scalars())
    for start in range(0, len(ids), BATCH):
        for draft in store.load(connection, registry.kind("change"), ids[start : start + BATCH]).values():
            yield from _change(draft, votes, seats)
    for step in connection.execute(_STEPS):
        said = f"{step.number} of {step.change} is {step.state.replace('-', ' ')}, which its times and its change do not bear out"
        yield Finding("work-order", Severity.ERROR, said, step.number)


def _change(draft: Draft, votes: Votes, seats: Mapping[Seat, Sequence[tuple[int, int]]]) -> Iterator[Finding]:
    number, says = draft.number, content_of(draft.old, MATERIAL)
    if draft.state not in (*UNDER_WAY, "closed", "cancelled") and draft.get("content") not in (None, says):
        said = f"{number} says otherwise than its digest: votes on it are counted for another content; edit it to mend that"
        yield Finding("content", Severity.ERROR, said, number)
    basis = draft.get("risk_basis")
    if basis and sum(int(part[1]) for part in basis) != draft.get("risk"):
        yield Finding("risk", Severity.ERROR, f"the risk of {number} is not the sum it is explained by", number)
    if draft.get("type") == "standard" or (draft.state == "closed" and draft.get("external_key")):
        return  # approved with its template, or over when it was imported
    if draft.get("approved_at") is None:
        if draft.state in GONE_ON:
            said = f"{number} is {draft.state} and nobody approved it; take it back to draft"
            yield Finding("approval", Severity.ERROR, said, number)
        return
    if draft.state in DECIDED and draft.get("approved_content") != says:
        said = f"{number} says otherwise than what was approved; take it back to draft and put it before its board again"
        yield Finding("approval", Severity.ERROR, said, number)
    yield from _votes(draft, votes.get(draft.id, ()), seats)


def _votes(draft: Draft, given: Sequence[Any], seats: Mapping[Seat, Sequence[tuple[int, int]]]) -> Iterator[Finding]:
    """Compare an approval with the votes it rests on."""
    number, author = draft.number, draft.get("author")
    content, turn = draft.get("approved_content"), draft.get("approval_round") or 1
    valid = [one for one in given if one.content == content and one.approval_round == turn and one.at <= draft.get("approved_at")]
    if not any(one.vote == "approve" and author not in (one.voter_id, one.seat_id) for one in valid):
        said = f"no vote for {number} was given on what it is approved for; take it back to draft, before its board"
        yield Finding("approval", Severity.ERROR, said, number)
    for one in valid:
        terms = seats.get((one.seat_id, one.board_id), ()) if one.board_id is not None else ((0, one.at + 1),)
        if not any(begin <= one.at < end for begin, end in terms):
            said = f"a vote that approved {number} was given for somebody who did not sit on its board then"
            yield Finding("vote", Severity.ERROR, said, number)
