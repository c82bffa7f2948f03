"""Changing records: create, edit, act, note, link. Each function works within a unit of work that somebody else opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.holds import hold
from data.queries import records as q
from data.search import fold
from deskterm.errors import Clash, Conflict, InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.fields import Field, Ref, Refs, as_list, long_text
from deskterm.journal import CALLER, Entry, What
from deskterm.kinds import Kind
from deskterm.records import relations, resolve, store, timing, watching
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.relation_words import SYNONYMS
from deskterm.workflow import Phase

Values = Mapping[str, Any]


def create(unit: Unit, kind: Kind, values: Values, *, number: str | None = None) -> Draft:
    """Make a record.

    Raises:
        NotAllowed: the actor may not create this kind.
        InvalidInput: a field is unknown, wrong, or required and missing; `fields` names each.
    """
    unit.require("create", kind)
    given = read(unit, kind, values)
    defaults = {item.name: item.initial(unit.at) for item in kind.fields if item.default is not None}
    draft = Draft(kind, {}, {**defaults, **given}, state=kind.workflow.initial, given=frozenset(given))
    _own_only(unit, draft)
    _finish(unit, draft)
    store.insert_draft(unit, draft, number=number)
    _after(unit, draft)
    return draft


def edit(unit: Unit, draft: Draft, values: Values, *, base_version: int | None = None) -> Draft:
    """Change fields of a record that `fetch` loaded.

    Args:
        base_version: the version the person saw. Fields changed by others since are kept; the same field is a conflict.

    Raises:
        Conflict: somebody changed one of the same fields since `base_version` to something else.
    """
    unit.require("edit", draft.kind)
    timing.require_order(unit, draft)
    _require_open(unit, draft)
    given = read(unit, draft.kind, values)
    check_clashes(unit, draft, given, base_version)
    draft.new.update(given)
    draft.given = frozenset(given)
    _finish(unit, draft)
    _require_demanded(draft)
    if store.update_draft(unit, draft):
        _after(unit, draft)
    return draft


def act(unit: Unit, draft: Draft, name: str, values: Values, *, base_version: int | None = None) -> Draft:
    """Take a workflow action on a record that `fetch` loaded.

    Raises:
        WorkflowRefused: not possible in this state, or something it demands is missing (`fields` says what).
    """
    kind = draft.kind
    action = kind.workflow.action(name)
    unit.require(action.verb, kind)
    timing.require_order(unit, draft)
    own = {item.name: item for item in action.inputs}
    inputs = _read_inputs(unit, kind, {k: v for k, v in values.items() if k in own and k not in action.accepts}, own)
    absent = {item.name: f"{name} needs it" for item in action.inputs if item.required and inputs.get(item.name) is None}
    allowed = {item for item in values if item in own or item in action.accepts}
    strange = sorted(set(values) - allowed)
    if strange:
        takes = ", ".join([*action.accepts, *own]) or "nothing"
        raise InvalidInput(f"{name} does not take {strange[0]}; it takes {takes}", fields={strange[0]: "not taken"})
    given = read(unit, kind, {k: v for k, v in values.items() if k in action.accepts})
    kind.workflow.check(action, draft.state, draft.old)
    draft.action = action
    draft.new.update(action.sets)
    draft.new.update(given)
    draft.given = frozenset(given)
    draft.state = action.target or draft.state
    missing = absent | {item: f"{name} needs it" for item in action.demands if draft.get(item) in (None, "", [])}
    if missing:
        raise WorkflowRefused(f"{name} needs {', '.join(missing)}", fields=missing)
    handler = kind.hooks.handlers.get(name) or watching.HANDLERS.get(name)
    if handler:
        handler(unit, draft, inputs)
    if draft.state == draft.state_before and draft.changed and all(store.kept_aside(kind, one) for one in draft.changed):
        store.update_draft(unit, draft)  # who watches it is no matter of the record: nothing is derived, checked or merged
        return draft
    check_clashes(unit, draft, {item: new for item, (_, new) in draft.changed.items()}, base_version)
    _finish(unit, draft)
    if store.update_draft(unit, draft):
        _after(unit, draft)
    return draft


def note(unit: Unit, draft: Draft, text: str, *, public: bool = False) -> Draft:
    """Append a note, or a reply that the requester reads.

    Raises:
        InvalidInput: the text is empty or cannot be stored.
    """
    unit.require("reply" if public else "note", draft.kind)
    timing.require_order(unit, draft)
    try:
        clean = long_text().parse(text)
    except ValueError as problem:
        raise InvalidInput(f"text {problem}", fields={"text": str(problem)}) from None
    if not clean:
        raise InvalidInput("a note needs some text", fields={"text": "required"})
    what = What.REPLY if public else What.NOTE
    by_caller = unit.actor.restricted and unit.actor.person_id == draft.get("requester")
    unit.journal(Entry(draft.id, draft.version, what, CALLER if by_caller else None, text=clean, public=public))
    draft.said = what
    for rule in draft.kind.hooks.complete:
        rule(unit, draft)
    if not store.update_draft(unit, draft):
        store.touch(unit, draft)
    _after(unit, draft)
    return draft


def link(unit: Unit, source: Draft, relation: str, target: Draft, **options: Any) -> bool:
    """Link two records by a named relation; return whether it is new.

    Raises:
        InvalidInput: no such link can be; see `relations`.
        NotAllowed: the actor may not link one of the two.
    """
    relation = SYNONYMS.get(relation, relation)
    relations.require(unit, source, relation, target)
    relations.check(unit, source, relation, target, options)
    if not store.connect(unit, source.id, relation, target.id, **options):
        return False
    unit.journal(Entry(source.id, source.version, What.LINK, relation, new=target.id))
    unit.journal(Entry(target.id, target.version, What.LINK, f"{relation} of", new=source.id))
    return True


def unlink(unit: Unit, source: Draft, relation: str, target: Draft) -> None:
    """End a link.

    Raises:
        NotFound: the two are not linked like this.
        NotAllowed: the actor may not link one of the two.
    """
    relations.require(unit, source, relation, target, ending=True)
    spoken, relation = relation, SYNONYMS.get(relation, relation)
    if not store.disconnect(unit, source.id, relation, target.id):
        relation = spoken  # as it was stored before the other word stood for it
        if not store.disconnect(unit, source.id, relation, target.id):
            raise NotFound(f"{source.number} is not linked to {target.number} by {relation}")
    unit.journal(Entry(source.id, source.version, What.UNLINK, relation, old=target.id))
    unit.journal(Entry(target.id, target.version, What.UNLINK, f"{relation} of", old=source.id))


def fetch(unit: Unit, number: str) -> Draft:
    """Load one record for writing, by number.

    Raises:
        NotFound: there is none that this actor may see.
    """
    found = resolve.by_number(unit.connection, number)
    draft = store.load(unit.connection, unit.registry.kind(found.kind), [found.id], locked=True)[found.id]
    if not may_see(unit, draft):
        raise NotFound(f"there is no record {number!r}")
    return draft


def fetch_both(unit: Unit, one: str, other: str) -> tuple[Draft, Draft]:
    """Load two records for writing; they are locked in the order of their ids, as everybody does who locks several."""
    store.lock(unit, resolve.ids(unit.connection, (one, other)).values())
    return fetch(unit, one), fetch(unit, other)


def may_see(unit: Unit, draft: Draft) -> bool:
    """Return whether the actor may know that this record exists: a requester only knows what is their own."""
    if not unit.actor.restricted:
        return True
    return draft.for_everybody or (unit.actor.person_id is not None and draft.get("requester") == unit.actor.person_id)


def read(unit: Unit, kind: Kind, values: Values) -> dict[str, Any]:
    """Return values in stored form: checked by type, references resolved.

    Raises:
        InvalidInput: `fields` names every field that is unknown or wrong.
    """
    fields = {kind.field(name).name: kind.field(name) for name in values}
    derived = sorted(name for name, item in fields.items() if item.derived)
    if derived:
        raise InvalidInput(f"{derived[0]} is worked out by the desk", fields=dict.fromkeys(derived, "cannot be set"))
    raw = {kind.field(name).name: value for name, value in values.items()}
    return _read_inputs(unit, kind, raw, fields)


def _read_inputs(unit: Unit, kind: Kind, values: Values, fields: Mapping[str, Field]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    told: list[str] = []
    for name, raw in values.items():
        try:
            result[name] = _read_one(unit, fields[name], raw)
        except ValueError as problem:
            wrong[name] = str(problem)
            told.append(f"{name}{':' if isinstance(problem, resolve.NotNamed) else ''} {problem}")
    if wrong:
        raise InvalidInput("; ".join(told), fields=wrong)
    return result


def _read_one(unit: Unit, item: Field, raw: object) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return [] if isinstance(item.type, Refs) else None
    if isinstance(item.type, Ref):
        if raw == "me" and "agent" in item.type.to:
            return unit.actor.agent_id
        return _id_or_new(unit, raw, item.type)
    if isinstance(item.type, Refs):
        return sorted({_id(unit, part, (item.type.to,)) for part in as_list(raw)})
    return item.type.parse(raw)


def _id(unit: Unit, raw: object, kinds: Sequence[str]) -> int:
    """Return the id that a reference means; an id itself comes from outside as well, and is looked at like any number."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return resolve.checked(raw, kinds, unit.kind_of(raw) if raw in resolve.POSSIBLE else None)
    return resolve.one_of(unit.connection, raw, kinds)


def _id_or_new(unit: Unit, raw: object, shape: Ref) -> int:
    """Return the id that a reference means; a name that nothing has yet makes a record where the field says so."""
    try:
        return _id(unit, raw, shape.to)
    except resolve.NotNamed as problem:
        if not shape.makes or problem.several or not isinstance(raw, str):
            raise
        kind = unit.registry.kind(shape.makes)
        if raw.strip().upper().startswith(f"{kind.prefix}-"):
            raise  # it was meant as a number
        return create(unit, kind, {kind.title_field: raw.strip()}).id


def check_clashes(unit: Unit, draft: Draft, given: Values, base_version: int | None) -> None:
    """Refuse to overwrite what somebody else set meanwhile; fields that only one of the two changed merge.

    Raises:
        Conflict: with the value it was, theirs and yours for each field.
    """
    if base_version is None or base_version >= draft.version:
        return
    rows = unit.connection.execute(q.CHANGED_SINCE, {"id": draft.id, "version": base_version}).all()
    bases: dict[str, tuple[Any, str]] = {}
    for row in rows:
        bases.setdefault(row.field, (row.old, row.actor))
        bases[row.field] = (bases[row.field][0], row.actor)
    clashing = [name for name in given if name in bases and draft.old.get(name) != given[name]]
    if not clashing:
        return
    fields = draft.kind.all_fields
    ids = {v for name in clashing for v in (bases[name][0], draft.old.get(name), given[name]) if isinstance(v, int)}
    names = resolve.names(unit.connection, ids)
    clashes = tuple(
        Clash(
            name,
            fields[name].type.export(bases[name][0], names),
            fields[name].type.export(draft.old.get(name), names),
            fields[name].type.export(given[name], names),
            bases[name][1],
        )
        for name in clashing
    )
    said = "; ".join(f"{c.by} set {c.field} to {c.theirs}, you to {c.yours}" for c in clashes)
    raise Conflict(f"{draft.number} was changed meanwhile: {said}. Nothing was saved", clashes=clashes, version=draft.version)


def _finish(unit: Unit, draft: Draft) -> None:
    """Derive what follows from the given values, then refuse what is incomplete or wrong."""
    for rule in draft.kind.hooks.complete:
        rule(unit, draft)
    missing = {item.name: "required" for item in draft.kind.fields if item.required and draft.get(item.name) in (None, "", [])}
    if missing:
        raise InvalidInput(f"{draft.kind.one} needs {', '.join(missing)}", fields=missing)
    check(unit, draft)


def check(unit: Unit, draft: Draft) -> None:
    """Refuse what no record of the kind may be, however it came about: by an edit, by an action, by going back.

    Raises:
        DeskError: the kind's own rule, or a name that another record has.
    """
    _check_unique_title(unit, draft)
    for rule in draft.kind.hooks.check:
        rule(unit, draft)


def _require_open(unit: Unit, draft: Draft) -> None:
    """Refuse to rewrite what is over; an import and the desk itself may still complete it."""
    if draft.kind.is_work and draft.phase is Phase.FINAL and not unit.actor.system and not unit.what.startswith("import "):
        raise WorkflowRefused(f"{draft.number} is {draft.state}; link a new record instead")


def _require_demanded(draft: Draft) -> None:
    """Refuse to clear what the action demanded that led to where the record is."""
    demanded = {name for action in draft.kind.workflow.actions if action.target == draft.state for name in action.demands}
    cleared = [name for name in draft.changed if name in demanded and draft.get(name) in (None, "", [])]
    if cleared:
        wrong = dict.fromkeys(cleared, f"required while {draft.state}")
        raise WorkflowRefused(f"{draft.number} is {draft.state}, which needs {', '.join(cleared)}", fields=wrong)


def _check_unique_title(unit: Unit, draft: Draft) -> None:
    title = draft.get(draft.kind.title_field)
    if not draft.kind.unique_title or title == draft.old.get(draft.kind.title_field):
        return
    hold(unit.connection, f"names of {draft.kind.name}")
    rows = unit.connection.execute(q.BY_TITLE, {"kinds": [draft.kind.name], "title_key": fold(str(title))})
    other = next((row.number for row in rows if row.id != draft.id), None)
    if other:
        wrong = {draft.kind.title_field: f"{other} is called that already"}
        raise InvalidInput(f"there is a {draft.kind.name} {title!r} already ({other}); names are unique", fields=wrong)


def _after(unit: Unit, draft: Draft) -> None:
    for rule in draft.kind.hooks.after:
        unit.follow(rule, draft)


def _own_only(unit: Unit, draft: Draft) -> None:
    """Hold a requester to asking for themselves, and to saying what is theirs to say."""
    if not unit.actor.restricted:
        return
    kind = draft.kind
    strange = sorted(draft.given - set(kind.ask))
    if not kind.ask or strange:
        takes = f"; you can give {', '.join(kind.ask)}" if kind.ask else ""
        raise NotAllowed(f"a requester cannot set {', '.join(strange) or 'anything'} on {kind.one}{takes}")
    if draft.get("requester") not in (None, unit.actor.person_id):
        raise NotAllowed("a requester can only ask for themselves; leave the requester empty")
    draft.new["requester"] = unit.actor.person_id
