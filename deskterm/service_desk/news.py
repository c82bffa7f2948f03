"""What is new to whoever watches a record: what others did with it since they last had it open. One cheap read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from data.queries import watching as q
from data.tables.watching import watch_seen
from data.upsert import upsert

if TYPE_CHECKING:
    from deskterm.desk import Desk


def among(desk: Desk, record_ids: Sequence[int]) -> frozenset[int]:
    """Return those of these records that the person watches and has not seen as they are now."""
    if desk.actor.agent_id is None or not record_ids:
        return frozenset()
    asked = {"agent": desk.actor.agent_id, "login": desk.actor.login, "ids": list(record_ids)}
    with desk.database.read() as connection:
        return frozenset(row.target_id for row in connection.execute(q.NEWS, asked))


def have_opened(desk: Desk, record_id: int) -> bool:
    """Note that the person has a watched record before them as it is now; return whether anything was new to them."""
    with desk.database.read() as connection:
        newest = connection.execute(q.NEWEST, {"record_id": record_id}).scalar()
    return newest is not None and have_seen(desk, record_id, newest)


def have_seen(desk: Desk, record_id: int, seq: int) -> bool:
    """Note that the person has seen a watched record's journal up to an entry; return whether anything was new to them.

    Args:
        seq: the newest entry that was shown. What was written after it stays news.
    """
    if record_id not in among(desk, (record_id,)):
        return False
    key = {"agent_id": desk.actor.agent_id, "record_id": record_id}
    with desk.database.write() as connection:
        connection.execute(upsert(desk.database.dialect, watch_seen, key | {"seq": seq}, keys=list(key), changes={"seq": seq}))
    return True
