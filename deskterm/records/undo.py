"""Taking an operation back: every field it changed returns to what it was, unless somebody changed it again since.

What was changed and changed back, as by a later undo, is as the operation left it: one undo after the other takes back one
operation after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy import RowMapping, select, update

from data.queries import records as q
from data.tables.core import journal, operation, record
from deskterm.errors import DeskError, NotAllowed, NotFound, WorkflowRefused
from deskterm.fields import Refs
from deskterm.journal import What
from deskterm.permissions import Role, allows
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.schema import WATCHES, Outcome, UndoReport
from deskterm.records.unit import Unit

_RESTORABLE = (What.FIELD.value, What.STATE.value)
_TOUCHING = (*_RESTORABLE, What.NOTE.value)
"""Entries that say which part of a record they are about; a note does where what it tells of stands in other rows."""
_LINKED = (What.LINK.value, What.UNLINK.value)
_ONLY_SAID = "only notes were written, and the journal keeps every word"


class _Unfit(DeskError):
    """A record would not be right as it was: nothing of it was written yet."""


def last_of(unit: Unit) -> str:
    """Return the actor's newest operation that can still be undone.

    Raises:
        NotFound: there is none.
    """
    found = unit.connection.execute(
        select(operation.c.id)
        .where(
            operation.c.actor == unit.actor.login, operation.c.undone_by.is_(None), operation.c.what.not_in(("undo", "refused"))
        )
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
        WorkflowRefused: a record it touched says that such a thing is not taken back.
    """
    row = unit.connection.execute(select(operation).where(operation.c.id == operation_id)).mappings().first()
    if row is None or row["undone_by"]:
        raise NotFound("that operation is not there to undo, or was undone already")
    if row["actor"] != unit.actor.login and not unit.actor.roles & {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        raise NotAllowed(f"that was done by {row['actor']}; only they or a supervisor can undo it")
    by_record: dict[int, list[RowMapping]] = defaultdict(list)
    for entry in unit.connection.execute(q.OPERATION_ENTRIES, {"operation": operation_id}).mappings():
        by_record[entry["record_id"]].append(entry)
    drafts = {key: _load(unit, key) for key in sorted(by_record)}
    _require(unit, by_record, drafts)
    for key, entries in by_record.items():
        touched = frozenset(str(entry["field"]) for entry in entries if entry["what"] in _TOUCHING and entry["field"])
        for lasting in drafts[key].kind.hooks.lasting:
            if why := lasting(drafts[key], touched):
                raise WorkflowRefused(why)
    outcomes = {key: _attempt(unit, drafts[key], entries) for key, entries in by_record.items()}
    kept_as_is = {key for key, outcome in outcomes.items() if outcome is not None and outcome.message != _ONLY_SAID}
    for key in _undo_links(unit, by_record, kept_as_is):
        outcomes[key] = None
    unit.connection.execute(update(operation).where(operation.c.id == operation_id).values(undone_by=unit.id))
    undone = tuple(drafts[key].number for key, outcome in outcomes.items() if outcome is None)
    return UndoReport(undone, tuple(outcome for outcome in outcomes.values() if outcome), unit.id)


def _load(unit: Unit, record_id: int) -> Draft:
    kind_name = unit.connection.execute(select(record.c.kind).where(record.c.id == record_id)).scalar_one()
    return store.load(unit.connection, unit.registry.kind(kind_name), [record_id], locked=True)[record_id]


def _require(unit: Unit, by_record: Mapping[int, list[RowMapping]], drafts: Mapping[int, Draft]) -> None:
    """Refuse whoever may not edit what goes back; of links alone, whoever may edit neither end.

    Raises:
        NotAllowed: it names the right.
    """
    if _only_watching(unit, by_record, drafts):
        return
    for key, entries in by_record.items():
        if any(entry["what"] in (*_RESTORABLE, What.CREATED.value) for entry in entries):
            unit.require("edit", drafts[key].kind)
    able = [d for d in drafts.values() if unit.actor.system or allows(unit.actor.roles, "edit", d.kind.family, d.kind.process)]
    for draft in list(drafts.values())[:1] if not able else able[:1]:
        unit.require("edit", draft.kind)


def _only_watching(unit: Unit, by_record: Mapping[int, list[RowMapping]], drafts: Mapping[int, Draft]) -> bool:
    """Return whether all that was done is that the actor began or ceased to watch records: a thing of their own."""
    own = unit.actor.agent_id
    for key, entries in by_record.items():
        draft = drafts[key]
        labels = {_label(i.type) for i in draft.kind.links if isinstance(i.type, Refs) and i.type.aside}
        wanted = {WATCHES} if key == own else labels
        for entry in entries:
            if entry["what"] not in _LINKED or entry["field"] not in wanted or own not in (key, entry["old"], entry["new"]):
                return False
    return own is not None


def _attempt(unit: Unit, draft: Draft, entries: list[RowMapping]) -> Outcome | None:
    """Put one record back; a check that refuses leaves it as it is, with the reason. A rule that follows up stops it all."""
    title = str(draft.get(draft.kind.title_field) or "")
    try:
        return _undo_record(unit, draft, entries, title)
    except _Unfit as unfit:
        return Outcome(draft.number, title, False, unfit.message)


def _undo_record(unit: Unit, draft: Draft, entries: list[RowMapping], title: str) -> Outcome | None:
    if any(entry["what"] == What.CREATED.value for entry in entries):
        return _take_back(unit, draft, entries[0], title)
    wanted = {e["field"]: e for e in reversed(entries) if e["what"] in _RESTORABLE}
    left = {e["field"]: e["new"] for e in entries if e["what"] in _RESTORABLE}
    stands = {name for name, new in left.items() if (draft.state if name == "state" else draft.get(name)) == new}
    later = _changed_later(unit, draft, max(e["seq"] for e in entries), set(wanted) - stands)
    if later:
        said = ", ".join(f"{actor} changed {name} since" for name, actor in sorted(later.items()))
        return Outcome(draft.number, title, False, said)
    for name, entry in wanted.items():
        _restore(draft, name, entry["old"])
    if not _write(unit, draft):
        return Outcome(draft.number, title, False, _ONLY_SAID)
    return None


def _write(unit: Unit, draft: Draft) -> bool:
    """Write what was restored: nothing is derived anew, but no rule is broken by going back either."""
    draft.reason = "undo"
    try:
        writing.check(unit, draft)
    except DeskError as refusal:
        raise _Unfit(refusal.message) from refusal
    if not store.update_draft(unit, draft, again=True):
        return False
    for rule in draft.kind.hooks.after:
        unit.follow(rule, draft)
    return True


WITHDRAWN = ("cancelled", "void", "retired")
"""The states that take a record out of use, by which the making of one is undone: nothing is ever deleted."""


def _take_back(unit: Unit, draft: Draft, made: RowMapping, title: str) -> Outcome | None:
    """Undo the making of a record: it goes where its workflow puts what is dropped, unless somebody worked on it since."""
    if draft.version > 1 or _worked_on(unit, made):
        return Outcome(draft.number, title, False, "it was made by that operation and worked on since; cancel it instead")
    state = next((name for name in WITHDRAWN if name in {s.name for s in draft.kind.workflow.states}), None)
    if state is None:
        return Outcome(draft.number, title, False, f"{draft.kind.one} cannot be taken back")
    draft.state = state
    _write(unit, draft)
    return None


def _worked_on(unit: Unit, made: RowMapping) -> bool:
    """Return whether anybody else said something on a new record since it was made, or linked it, and that still stands."""
    statement = (
        select(journal.c.seq)
        .outerjoin(operation, operation.c.id == journal.c.operation)
        .where(
            journal.c.record_id == made["record_id"],
            journal.c.seq > made["seq"],
            journal.c.operation != made["operation"],
            journal.c.actor != made["actor"],
            journal.c.what.in_((What.NOTE.value, What.REPLY.value, *_LINKED)),
            operation.c.undone_by.is_(None),
        )
        .limit(1)
    )
    return unit.connection.execute(statement).first() is not None


def _restore(draft: Draft, name: str, old: Any) -> None:
    if name == "state":
        draft.state = old
    else:
        draft.new[name] = old


def _changed_later(unit: Unit, draft: Draft, after: int, fields: set[str]) -> dict[str, str]:
    rows = unit.connection.execute(
        select(journal.c.what, journal.c.field, journal.c.actor).where(
            journal.c.record_id == draft.id, journal.c.seq > after, journal.c.what.in_((*_RESTORABLE, *_LINKED))
        )
    )
    kept_as = {_label(item.type): item.name for item in draft.kind.links if isinstance(item.type, Refs)}
    names = [(kept_as.get(row.field) if row.what in _LINKED else row.field, row.actor) for row in rows]
    return {name: actor for name, actor in names if name in fields and name is not None}


def _label(shape: Refs) -> str:
    """Return how the journal of a record names a link that one of its fields keeps."""
    return f"{shape.relation} of" if shape.inverse else shape.relation


def _undo_links(unit: Unit, by_record: Mapping[int, list[RowMapping]], kept: Set[int]) -> set[int]:
    """End links that were made and let those go on that were ended, unless an end is kept; return the records that had any.

    A link that a field keeps is back already, with its field.
    """
    ends: set[int] = set()
    done: set[tuple[str, int, str, int]] = set()
    for key, entries in by_record.items():
        for entry in reversed(entries):
            if entry["what"] not in _LINKED:
                continue
            what, other = entry["what"], entry["new"] if entry["what"] == What.LINK.value else entry["old"]
            relation = str(entry["field"]).removesuffix(" of")
            source, target = (key, other) if relation == entry["field"] else (other, key)
            if kept & {source, target}:
                continue
            ends.add(key)
            if (what, source, relation, target) in done:
                continue
            done.add((what, source, relation, target))
            if what == What.LINK.value and store.disconnect(unit, source, relation, target):
                store.journal_link(unit, What.UNLINK, source, relation, target)
            elif what == What.UNLINK.value and store.reconnect(unit, source, relation, target):
                store.journal_link(unit, What.LINK, source, relation, target)
    return ends
