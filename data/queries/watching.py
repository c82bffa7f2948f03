"""Statements over who watches what, built once. News is what somebody else wrote since the watcher last looked or acted."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from data.tables.core import HOLDS, journal, link
from data.tables.watching import watch_seen

RELATION = "watches"
_BESIDE = ("refused",)
"""What is journalled without anything having come of it."""


def watched(agent: ColumnElement[int]) -> Select[tuple[int]]:
    """Return the statement of the records that an agent watches, by id."""
    return select(link.c.target_id).where(link.c.source_id == agent, link.c.relation == RELATION, HOLDS)


def news(agent: ColumnElement[int], login: ColumnElement[str]) -> Select[tuple[int]]:
    """Return the statement of the records that an agent watches and that somebody else changed since they last looked or acted.

    Every part goes by an index: an agent watches dozens of records, and of each only what is newer than a known entry is read.
    """
    newest = journal.alias("newest")
    seen = (
        select(watch_seen.c.seq)
        .where(watch_seen.c.agent_id == agent, watch_seen.c.record_id == link.c.target_id)
        .scalar_subquery()
        .correlate(link)
    )
    own = (
        select(func.max(newest.c.seq))
        .where(newest.c.record_id == link.c.target_id, newest.c.actor == login)
        .scalar_subquery()
        .correlate(link)
    )
    theirs = select(journal.c.seq).where(
        journal.c.record_id == link.c.target_id,
        journal.c.seq > func.coalesce(seen, 0),
        journal.c.seq > func.coalesce(own, 0),
        journal.c.actor != login,
        journal.c.what.not_in(_BESIDE),
    )
    return watched(agent).where(theirs.correlate(link).exists())


_agent = bindparam("agent", type_=link.c.source_id.type)
_login = bindparam("login", type_=journal.c.actor.type)
NEWS = news(_agent, _login).where(link.c.target_id.in_(bindparam("ids", expanding=True)))
NEWEST = select(func.max(journal.c.seq)).where(journal.c.record_id == bindparam("record_id"))
SEEN = select(watch_seen.c.seq).where(and_(watch_seen.c.agent_id == _agent, watch_seen.c.record_id == bindparam("record_id")))
WATCHES = watched(_agent).where(link.c.target_id == bindparam("record_id"))
