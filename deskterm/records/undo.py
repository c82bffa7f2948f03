"""Taking an operation back: every field it changed returns to what it was, unless somebody changed it again since."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import RowMapping, select, update

from data.queries import records as q
from data.tables.core import journal, operation, record
from deskterm.errors import DeskError, NotAllowed, NotFound
from deskterm.journal import What
from deskterm.permissions import Role
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.schema import Outcome, UndoReport
from deskterm.records.unit import Unit

_RESTORABLE = (What.FIELD.value, What.STATE.value)


def last_of(unit: Unit) -> str:
    """Return the actor's newest operation that can still be undone.

    Raises:
        NotFound: there is none.
    """
    found = unit.connection.execute(
        select(operation.c.id)
        .where(operation.c.actor == unit.actor.login, operation.c.undone_by.is_(None), operation.c.what != "undo")
        .order_by(operation.c.seq.desc())
        .limit(1)
    ).scalar()
    if found is None:
        raise NotFound("there is nothing of yours to undo")
    return str(found)


def undo(unit: Unit, operation_id: str) -> UndoReport:
    """Put back what an operation changed; what was changed again since is left alone and listed.

    Raises:
        NotFound: there is no such operation, or it was undone already.
        NotAllowed: it is somebody else's, and the actor is no supervisor.
    """
    row = unit.connection.execute(select(operation).where(operation.c.id == operation_id)).mappings().first()
    if row is None or row["undone_by"]:
        raise NotFound("that operation is not there to undo, or was undone already")
    if row["actor"] != unit.actor.login and not unit.actor.roles & {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        raise NotAllowed(f"that was done by {row['actor']}; only they or a supervisor can undo it")
    by_record: dict[int, list[RowMapping]] = defaultdict(list)
    for entry in unit.connection.execute(q.OPERATION_ENTRIES, {"operation": operation_id}).mappings():
        by_record[entry["record_id"]].append(entry)
    undone: list[str] = []
    kept: list[Outcome] = []
    for record_id, entries in by_record.items():
        draft = _load(unit, record_id)
        outcome = _attempt(unit, draft, entries)
        if outcome is None:
            undone.append(draft.number)
        else:
            kept.append(outcome)
    unit.connection.execute(update(operation).where(operation.c.id == operation_id).values(undone_by=unit.id))
    return UndoReport(tuple(undone), tuple(kept), unit.id)


def _load(unit: Unit, record_id: int) -> Draft:
    kind_name = unit.connection.execute(select(record.c.kind).where(record.c.id == record_id)).scalar_one()
    draft = store.load(unit.connection, unit.registry.kind(kind_name), [record_id], locked=True)[record_id]
    unit.require("edit", draft.kind)
    return draft


def _attempt(unit: Unit, draft: Draft, entries: list[RowMapping]) -> Outcome | None:
    """Put one record back within a savepoint; a rule that refuses leaves it as it is, with the reason."""
    title = str(draft.get(draft.kind.title_field) or "")
    try:
        with unit.attempt():
            return _undo_record(unit, draft, entries, title)
    except DeskError as refusal:
        return Outcome(draft.number, title, False, refusal.message)


def _undo_record(unit: Unit, draft: Draft, entries: list[RowMapping], title: str) -> Outcome | None:
    if any(entry["what"] == What.CREATED.value for entry in entries):
        return _take_back(unit, draft, title)
    wanted = {e["field"]: e for e in reversed(entries) if e["what"] in _RESTORABLE}
    later = _changed_later(unit, draft.id, max(e["seq"] for e in entries), set(wanted))
    if later:
        said = ", ".join(f"{actor} changed {name} since" for name, actor in sorted(later.items()))
        return Outcome(draft.number, title, False, said)
    links = _undo_links(unit, draft, entries)
    for name, entry in wanted.items():
        _restore(draft, name, entry["old"])
    if not _write(unit, draft) and not links:
        return Outcome(draft.number, title, False, "only notes were written, and the journal keeps every word")
    return None


def _write(unit: Unit, draft: Draft) -> bool:
    """Write what was restored: nothing is derived anew, but no rule is broken by going back either."""
    draft.reason = "undo"
    writing.check(unit, draft)
    if not store.update_draft(unit, draft):
        return False
    for rule in draft.kind.rules.after:
        unit.follow(rule, draft)
    return True


WITHDRAWN = ("cancelled", "void", "retired")
"""The states that take a record out of use, by which the making of one is undone: nothing is ever deleted."""


def _take_back(unit: Unit, draft: Draft, title: str) -> Outcome | None:
    """Undo the making of a record: it goes where its workflow puts what is dropped, unless somebody worked on it since."""
    if draft.version > 1:
        return Outcome(draft.number, title, False, "it was made by that operation and worked on since; cancel it instead")
    state = next((name for name in WITHDRAWN if name in {s.name for s in draft.kind.workflow.states}), None)
    if state is None:
        return Outcome(draft.number, title, False, f"{draft.kind.one} cannot be taken back")
    draft.state = state
    _write(unit, draft)
    return None


def _restore(draft: Draft, name: str, old: Any) -> None:
    if name == "state":
        draft.state = old
    else:
        draft.new[name] = old


def _changed_later(unit: Unit, record_id: int, after: int, fields: set[str]) -> dict[str, str]:
    rows = unit.connection.execute(
        select(journal.c.field, journal.c.actor).where(
            journal.c.record_id == record_id, journal.c.seq > after, journal.c.what.in_(_RESTORABLE)
        )
    )
    return {row.field: row.actor for row in rows if row.field in fields}


def _undo_links(unit: Unit, draft: Draft, entries: list[RowMapping]) -> bool:
    """Take back links that were made, and make again those that were ended; return whether there were any."""
    done = False
    for entry in reversed(entries):
        if entry["what"] not in (What.LINK.value, What.UNLINK.value) or str(entry["field"]).endswith(" of"):
            continue
        other = entry["new"] if entry["what"] == What.LINK.value else entry["old"]
        change = store.disconnect if entry["what"] == What.LINK.value else store.connect
        done |= change(unit, draft.id, entry["field"], other)
    return done
