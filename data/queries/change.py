"""Statements about changes, built once."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, func, insert, or_, select

from data.base import NEVER
from data.tables.change import board, change, change_vote, work_order
from data.tables.core import link, record
from data.tables.people import agent

CHANGES = "changes"
SITS_ON = "sits-on"
SUBSTITUTES_FOR = "substitutes-for"
AUTHORISED = ("approved", "scheduled", "implementing", "review", "closed")
"""States of a change that was decided for. Those over cover only the time in which they were done."""

_at = bindparam("at", type_=record.c.created_at.type)
COVERING = (
    select(link.c.target_id.label("ci_id"), record.c.number)
    .join(record, record.c.id == link.c.source_id)
    .join(change, change.c.id == record.c.id)
    .where(
        link.c.relation == CHANGES,
        link.c.target_id.in_(bindparam("ci_ids", expanding=True)),
        link.c.valid_until == NEVER,
        record.c.kind == "change",
        record.c.state.in_(AUTHORISED),
        or_(change.c.approved_at.is_(None), change.c.approved_at <= _at),
        or_(
            and_(change.c.window_start <= _at, change.c.window_end > _at),
            and_(change.c.actual_start <= _at, func.coalesce(change.c.actual_end, NEVER) > _at),
        ),
    )
    .order_by(link.c.target_id, change.c.window_start, record.c.id)
)
"""Which approved changes cover an instant, by CI: by their window, or by the time in which they were really done."""

BOARDS = (
    select(record.c.id, record.c.number, board.c.type)
    .join(board, board.c.id == record.c.id)
    .where(record.c.kind == "board", record.c.state == "active", board.c.type == bindparam("type"))
    .order_by(record.c.id)
    .limit(1)
)
"""The oldest board of a type that is in use."""
STATES = select(record.c.id, record.c.number, record.c.title, record.c.state).where(
    record.c.id.in_(bindparam("ids", expanding=True))
)

SEATS = (
    select(record.c.id, record.c.title.label("login"))
    .join(link, link.c.source_id == record.c.id)
    .join(agent, agent.c.id == record.c.id)
    .where(
        link.c.relation == SITS_ON,
        link.c.target_id == bindparam("board"),
        link.c.valid_from <= _at,
        link.c.valid_until > _at,
        record.c.state == "active",
        agent.c.active,
    )
    .order_by(record.c.id)
)
"""Who sits on a board at an instant and still works here."""
SUBSTITUTES = select(link.c.source_id.label("substitute"), link.c.target_id.label("member")).where(
    link.c.relation == SUBSTITUTES_FOR,
    link.c.target_id.in_(bindparam("members", expanding=True)),
    link.c.valid_from <= _at,
    link.c.valid_until > _at,
)
VOTES = (
    select(change_vote, record.c.title.label("voter"))
    .join(record, record.c.id == change_vote.c.voter_id)
    .where(change_vote.c.change_id == bindparam("change"))
    .order_by(change_vote.c.id)
)
"""Every vote on a change, also those that are void."""
VALID_VOTES = VOTES.where(change_vote.c.approval_round == bindparam("round"), change_vote.c.content == bindparam("content"))
"""The votes on what a change says now, since it last went back to draft."""
VOTE = insert(change_vote)

LAST_POSITION = select(func.max(work_order.c.position)).where(work_order.c.change_id == bindparam("change"))
SUBSTITUTIONS = select(link.c.target_id.label("member")).where(
    link.c.relation == SUBSTITUTES_FOR,
    link.c.source_id == bindparam("substitute"),
    link.c.valid_from < bindparam("until"),
    link.c.valid_until > bindparam("since"),
)
"""For whom somebody substitutes at any time between two instants."""
