"""Reading one record whole: fields, names, links, journal, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping

from data.base import NEVER
from data.queries import records as q
from deskterm.errors import NotFound
from deskterm.fields import Named, Ref, Refs
from deskterm.kinds import Kind, Registry
from deskterm.permissions import Actor, Role, allows, require
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.schema import WATCHES, JournalLine, LinkLine, PossibleAction, RecordView

JOURNAL_PAGE = 200
"""Journal entries read at once."""


def find(connection: Connection, registry: Registry, actor: Actor, number: str) -> Draft:
    """Return one record by number, as this actor may see it.

    Raises:
        NotFound: there is none, or none for this actor: the answer is the same.
    """
    found = resolve.by_number(connection, number)
    kind = registry.kind(found.kind)
    draft = store.load(connection, kind, [found.id])[found.id]
    own = actor.person_id is not None and draft.get("requester") == actor.person_id
    if actor.restricted and not (own or draft.for_everybody):
        raise NotFound(f"there is no record {number.strip()!r}")
    chief = actor.system or bool(actor.roles & {Role.SUPERVISOR, Role.ADMINISTRATOR})
    if kind.personal and not chief and not draft.get("shared") and draft.get("owner") != actor.agent_id:
        raise NotFound(f"there is no record {number.strip()!r}")
    return draft


def find_one_of(connection: Connection, registry: Registry, actor: Actor, number: str, kind: str) -> Draft:
    """Return one record of a kind by number, as this actor may see it.

    Raises:
        NotFound: there is none, or it is of another kind.
        NotAllowed: the actor may not read that kind.
    """
    draft = find(connection, registry, actor, number)
    if draft.kind.name != kind:
        raise NotFound(f"{draft.number} is no {registry.kind(kind).title.lower()}; list them with: deskterm list {kind}")
    require(actor, "read", draft.kind.family, draft.kind.process, draft.kind.name)
    return draft


def view(connection: Connection, registry: Registry, actor: Actor, draft: Draft, *, before: int | None = None) -> RecordView:
    """Return a record whole, with its newest journal page (or the page before entry `before`)."""
    kind = draft.kind
    statement = q.PUBLIC_JOURNAL_BEFORE if actor.restricted else q.JOURNAL_BEFORE
    rows = connection.execute(statement, {"id": draft.id, "before": before or 2**62, "limit": JOURNAL_PAGE + 1}).mappings()
    entries = list(rows)
    earlier = len(entries) > JOURNAL_PAGE
    entries = entries[:JOURNAL_PAGE][::-1]
    links = list(connection.execute(q.LINKS_OF, {"id": draft.id, "at": -1}).mappings())
    ids = store.references(kind, draft.new) | {item for row in links for item in (row["source_id"], row["target_id"])}
    for entry in entries:
        ids |= _mentioned(kind, entry)
    known = resolve.names(connection, ids)
    values = {name: value for name, value in draft.new.items() if not (actor.restricted and kind.all_fields[name].sensitive)}
    return RecordView(
        draft.id,
        kind.name,
        draft.number,
        str(draft.new.get(kind.title_field) or ""),
        draft.state,
        draft.version,
        draft.created_at,
        draft.updated_at,
        values,
        known,
        {name: None if value == NEVER else value for name, value in draft.extra.items()},
        () if actor.restricted else _links(connection, registry, draft.id, links),
        tuple(_line(kind, entry, known) for entry in entries),
        earlier,
    )


def _mentioned(kind: Kind, entry: RowMapping) -> set[int]:
    """Return the ids that a journal entry's values point at."""
    if entry["what"] in ("link", "unlink"):
        return {value for value in (entry["old"], entry["new"]) if isinstance(value, int)}
    if entry["what"] == "created" and isinstance(entry["new"], dict):
        return store.references(kind, entry["new"])
    name = entry["field"]
    if name in kind.all_fields:
        return store.references(kind, {name: entry["old"]}) | store.references(kind, {name: entry["new"]})
    return set()


def _line(kind: Kind, entry: RowMapping, known: dict[int, Named]) -> JournalLine:
    old, new = (_exported(kind, entry, entry[side], known) for side in ("old", "new"))
    return JournalLine(
        entry["seq"],
        entry["at"],
        entry["recorded_at"],
        entry["actor"],
        entry["what"],
        entry["field"],
        old,
        new,
        entry["text"],
        bool(entry["public"]),
        entry["operation"],
    )


def _exported(kind: Kind, entry: RowMapping, value: Any, known: dict[int, Named]) -> object:
    """Return a journalled value as a person or a script reads it."""
    if entry["what"] in ("link", "unlink"):
        other = known.get(value) if isinstance(value, int) else None
        if other is None:
            return None
        return other.title if entry["field"] == f"{WATCHES} of" else other.number  # whoever watches is known by their login
    if entry["what"] == "created" and isinstance(value, dict):
        return {n: kind.all_fields[n].type.export(v, known) if n in kind.all_fields else v for n, v in value.items()}
    item = kind.all_fields.get(entry["field"] or "")
    return item.type.export(value, known) if item is not None and value is not None else value


def _links(connection: Connection, registry: Registry, own: int, rows: Sequence[RowMapping]) -> tuple[LinkLine, ...]:
    others = {row["target_id"] if row["source_id"] == own else row["source_id"] for row in rows}
    if not others:
        return ()
    spine = {row["id"]: row for row in connection.execute(q.SPINE, {"ids": sorted(others)}).mappings()}
    lines = []
    for row in rows:
        inverse = row["target_id"] == own
        other = spine[row["source_id"] if inverse else row["target_id"]]
        until = None if row["valid_until"] == NEVER else row["valid_until"]
        lines.append(
            LinkLine(
                row["relation"],
                inverse,
                other["number"],
                other["kind"],
                other["title"],
                other["state"],
                row["valid_from"],
                until,
                row["group"],
                row["need"],
            )
        )
    return tuple(lines)


def possible(actor: Actor, draft: Draft) -> tuple[PossibleAction, ...]:
    """Return every action of a record's workflow, the impossible ones with the reason why."""
    return tuple(_possible(actor, draft))


def _possible(actor: Actor, draft: Draft) -> Iterable[PossibleAction]:
    kind = draft.kind
    for action in kind.workflow.actions:
        if action.automatic:
            continue
        refusal = action.refusal(draft.state, draft.old)
        if not refusal and not actor.system and not allows(actor.roles, action.verb, kind.family, kind.process):
            refusal = f"needs the right to {action.verb}"
        demands = (*action.demands, *(item.name for item in action.inputs if item.required))
        takes = (*action.takes, *(item.name for item in action.inputs if not item.required))
        yield PossibleAction(action.name, action.title, action.key, action.target, demands, takes, action.help, refusal)


def as_json(kind: Kind, view_: RecordView) -> dict[str, object]:
    """Return a record's own fields as JSON shows them: instants in ISO 8601, references by name."""
    shown: dict[str, object] = {}
    for item in kind.told:
        if item.name in view_.values:
            shown[item.name] = item.type.export(view_.values[item.name], view_.names)
        elif isinstance(item.type, Ref | Refs):
            shown[item.name] = None
    return shown
