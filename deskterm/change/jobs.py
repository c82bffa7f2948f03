"""What the desk does by itself to changes: it reminds a board of votes that are due, and everybody of windows that pass unused.

A reminder is a note on the change, written once for each occasion: another window or another round has reminders of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select

from deskterm import late
from deskterm.jobs import Job, JobContext
from deskterm.journal import Entry, What
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

if TYPE_CHECKING:
    from data.queries import change as q
    from deskterm.change import voting
else:
    q = late.module("data.queries.change")
    voting = late.module("deskterm.change.voting")  # only needed where a vote is due

MINUTE = 60
VOTES_DUE_SECONDS = 24 * 3600
"""So long before its window a change that is not decided yet is brought to mind."""
BATCH = 200

Say = Callable[[Unit, Draft], tuple[str, str] | None]
"""The mark and the text of a reminder; None where it does not apply any more."""


def _ids(context: JobContext, statement: Select[Any], **arguments: Any) -> list[int]:
    with context.database.read() as connection:
        return [row.id for row in connection.execute(statement, {"now": context.now, "limit": BATCH, **arguments})]


def _remind(say: Say) -> Callable[[Unit, Sequence[int]], int]:
    def work(unit: Unit, ids: Sequence[int]) -> int:
        count = 0
        for draft in store.load(unit.connection, unit.registry.kind("change"), ids, locked=True).values():
            told = say(unit, draft)
            if told is None or unit.connection.execute(q.REMINDED, {"id": draft.id, "mark": told[0]}).first():
                continue
            unit.journal(Entry(draft.id, draft.version, What.NOTE, told[0], text=told[1]))
            store.touch(unit, draft)
            count += 1
        return count

    return work


def _votes(unit: Unit, draft: Draft) -> tuple[str, str] | None:
    if draft.state not in ("submitted", "assessing"):
        return None
    board = voting.board_of(unit, draft)
    now = voting.standing(unit.connection, draft, board, unit.at)
    cast = {ballot.seat for ballot in now.ballots}
    open_seats = [login for seat, login in now.seats.items() if seat not in cast]
    whom = ", ".join(open_seats) or "whoever may override"
    mark = f"votes-due-{draft.get('approval_round')}-{draft.get('window_start')}"
    return mark, f"Its window is near and it is not decided: {whom} still to vote."


def _windows(unit: Unit, draft: Draft) -> tuple[str, str] | None:
    start, end = draft.get("window_start"), draft.get("window_end")
    if draft.state in ("approved", "scheduled"):
        if end <= unit.at:
            return f"window-unused-{end}", "Its window is over and work never began: schedule it anew, or cancel it."
        if start <= unit.at:
            return f"window-begun-{start}", "Its window has begun and nobody has started it."
    if draft.state == "implementing" and end <= unit.at:
        return f"window-over-{end}", "Its window is over and work goes on: complete it, or back it out."
    return None


def remind_voters(context: JobContext) -> int:
    """Say on each change whose window is near who has not voted yet."""
    due = _ids(context, q.VOTES_DUE, upto=context.now + VOTES_DUE_SECONDS)
    return context.each(due, _remind(_votes))


def watch_windows(context: JobContext) -> int:
    """Say on each change that its window begins or ends without the step that belongs to it."""
    return context.each(_ids(context, q.WINDOWS_PASSED), _remind(_windows))


JOBS = (
    Job(
        "change-votes",
        10 * MINUTE,
        remind_voters,
        "Remind boards of changes that wait for votes while their window comes near.",
        ("change",),
    ),
    Job(
        "change-windows",
        MINUTE,
        watch_windows,
        "Say where a window began or ended and nobody started or completed the change.",
        ("change",),
    ),
)
