"""What the desk does by itself to incidents and requests: wake them, close them, ask for the status update that is owed.

Each step is the workflow's own action, taken by the desk, at the instant it was due and not when the job came round to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select

from data.queries import upkeep as q
from deskterm import desk_settings
from deskterm.clock import format_instant
from deskterm.incident.major import owed_updates
from deskterm.jobs import Job, JobContext
from deskterm.journal import Entry, What
from deskterm.kinds import Kind
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

BATCH = 200
"""Records read at once."""

Applies = Callable[[Draft], bool]
"""Whether what was due when the batch was read still is, now that the record is held."""


def pages(context: JobContext, statement: Select[Any], now: int, **arguments: Any) -> Iterator[Sequence[Row[Any]]]:
    """Yield what is due in pages. Each starts after the one before, so that a record which stays due is read once in a run."""
    after_at, after_id = -1, 0
    while True:
        page = {"now": now, "limit": BATCH, "after_at": after_at, "after_id": after_id, **arguments}
        with context.database.read() as connection:
            rows = connection.execute(statement, page).all()
        if not rows:
            return
        yield rows
        after_at, after_id = rows[-1].at, rows[-1].id


def take(kind: Kind, action: str, reason: str, applies: Applies) -> Callable[[Unit, Sequence[int]], int]:
    """Return the work of taking an action on records of a kind."""

    def work(unit: Unit, ids: Sequence[int]) -> int:
        count = 0
        for draft in store.load(unit.connection, kind, ids, locked=True).values():
            if not applies(draft):  # somebody was quicker: a person, or another scheduler
                continue
            draft.reason = reason
            writing.act(unit, draft, action, {})
            count += 1
        return count

    return work


def _waiting_kinds(context: JobContext) -> Iterable[Kind]:
    return (kind for kind in context.registry if any(item.stored_as == "pending_until" for item in kind.fields))


def wake_pending(context: JobContext) -> int:
    """Resume what waited until an instant that has come, as of that instant: until then its clocks stood still."""
    count = 0
    for kind in _waiting_kinds(context):
        assert kind.own_table is not None
        for rows in pages(context, q.waking(kind.own_table), context.now):
            due = {row.id: row.at for row in rows}
            work = take(kind, "resume", "the wait was over", lambda draft, due=due: _still(draft, due, "pending_until"))  # type: ignore[misc]
            count += context.each(list(due), work, at=due)
    return count


def end_snooze(context: JobContext) -> int:
    """Show again in queues what was hidden until an instant that has come."""
    count = 0
    for rows in pages(context, q.SNOOZED, context.now):
        for kind_name in sorted({row.kind for row in rows}):
            due = {row.id: row.at for row in rows if row.kind == kind_name}
            kind = context.registry.kind(kind_name)
            work = take(kind, "wake", "the snooze was over", lambda draft, due=due: _still(draft, due, "snoozed_until"))  # type: ignore[misc]
            count += context.each(list(due), work, at=due)
    return count


def _still(draft: Draft, due: dict[int, int], field: str) -> bool:
    return bool(draft.get(field) == due[draft.id])


def auto_close(context: JobContext) -> int:
    """Close what was resolved and of which nobody said a public word for as long as the desk has set."""
    with context.database.read() as connection:
        delay_seconds = desk_settings.load(connection).auto_close_seconds
    count = 0
    for kind in _waiting_kinds(context):
        work = take(kind, "close", "nobody objected", lambda draft: draft.state == "resolved")
        for rows in pages(context, q.RESOLVED, context.now - delay_seconds, kind=kind.name):
            quiet_since = {row.id: row.at for row in rows}
            with context.database.read() as connection:
                words = connection.execute(q.LAST_WORD, {"ids": list(quiet_since)}).all()
            for word in words:
                quiet_since[word.record_id] = max(quiet_since[word.record_id], word.at)
            due = {key: at + delay_seconds for key, at in quiet_since.items() if at + delay_seconds <= context.now}
            count += context.each(list(due), work, at=due)
    return count


def remind_major(context: JobContext) -> int:
    """Journal each status update that a major incident owes; of several that were missed, the newest."""
    with context.database.read() as connection:
        owed = [one.record_id for one in owed_updates(connection, context.now) if not one.reminded]
    return context.each(owed, _remind)


def _remind(unit: Unit, ids: Sequence[int]) -> int:
    drafts = store.load(unit.connection, unit.registry.kind("incident"), ids, locked=True)
    count = 0
    for one in owed_updates(unit.connection, unit.at):
        draft = drafts.get(one.record_id)
        if draft is None or one.reminded:
            continue
        minutes, last = one.every_seconds // 60, format_instant(one.last_at)
        text = f"A status update is owed every {minutes} minutes; the last word was at {last}."
        unit.journal(Entry(draft.id, draft.version, What.NOTE, q.STATUS_UPDATE, new=one.owed_at, text=text, at=one.owed_at))
        store.touch(unit, draft)
        count += 1
    return count


JOBS = (
    Job("auto-close", 600, auto_close, "Closes what was resolved long enough ago without an objection."),
    Job("major-updates", 60, remind_major, "Asks for the status updates that major incidents owe."),
    Job("pending-wake-up", 30, wake_pending, "Resumes what waited until a given time."),
    Job("snooze-end", 30, end_snooze, "Shows again what was snoozed until a given time."),
)
