"""The tree of CI types: looking a type up, what it and those above it declare, and the rules of changing the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import configuration as q
from data.search import fold
from deskterm.configuration.workflow import GONE
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

KIND = q.TYPE_KIND
ACTIVE, RETIRED = "active", "retired"


@dataclass(frozen=True, slots=True)
class CiType:
    """A type with everything it declares, its own and what comes from above."""

    name: str
    number: str
    retired: bool
    open_ended: bool
    """CIs of it may have attributes that nothing declares."""
    declared: Mapping[str, Mapping[str, Any]]
    above: tuple[str, ...]
    """The types above it, nearest first."""


def find(connection: Connection, name: str) -> CiType | None:
    """Return a type by its name, letter case aside; None where there is none."""
    rows = connection.execute(q.LINEAGE, {"title_key": fold(name)}).all()
    if not rows:
        return None
    declared: dict[str, Mapping[str, Any]] = {}
    for row in reversed(rows):
        declared |= row.attributes or {}
    own = rows[0]
    above = tuple(dict.fromkeys(row.title for row in rows[1:]))
    return CiType(own.title, own.number, own.state != ACTIVE, bool(own.open_ended), declared, above)


def names(connection: Connection) -> tuple[str, ...]:
    """Return the names of the types that are in use, for choosing among."""
    return tuple(connection.execute(q.TYPE_NAMES).scalars())


def required(unit: Unit, name: str) -> CiType:
    """Return a type by its name.

    Raises:
        InvalidInput: there is none; the message names the nearest.
    """
    found = unit.once(("ci-type", name), lambda: find(unit.connection, name))
    if found is not None:
        return found
    import difflib

    known = names(unit.connection)
    near = difflib.get_close_matches(name.casefold(), known, 1)
    hint = f"did you mean {near[0]}?" if near else "see: deskterm list ci-type, or make it with: deskterm new ci-type"
    raise InvalidInput(f"there is no CI type {name!r}; {hint}", fields={"type": "unknown type"})


# Rules of the kind itself


def check(unit: Unit, draft: Draft) -> None:
    """Refuse a tree that is none, a new name for what CIs are called, and retiring what is in use."""
    name = str(draft.get("name"))
    if not draft.creating and fold(str(draft.old.get("name"))) != fold(name):
        _refuse_in_use(unit, str(draft.old.get("name")), f"{draft.number} keeps its name", "make a new type and move them to it")
    _check_parent(unit, draft)
    if draft.state == RETIRED and draft.state_before == ACTIVE:
        below = unit.connection.execute(q.TYPES_BELOW, {"id": draft.id}).first()
        if below:
            raise WorkflowRefused(f"{name} cannot retire: {below.title} ({below.number}) stands below it; move it first")
        _refuse_in_use(unit, name, f"{name} cannot retire", "give them another type first")


def _refuse_in_use(unit: Unit, name: str, what: str, advice: str) -> None:
    example = unit.connection.execute(q.CI_OF_TYPE, {"type": name, "gone": list(GONE)}).scalar()
    if example:
        count = unit.connection.execute(q.CIS_OF_TYPE, {"type": name}).scalar_one()
        raise WorkflowRefused(f"{what}: {count} CIs such as {example} are of it; {advice}")


def _check_parent(unit: Unit, draft: Draft) -> None:
    parent = draft.get("parent")
    if parent is None or parent == draft.old.get("parent"):
        return
    rows = {row.id: row for row in unit.connection.execute(q.TYPES)}
    if rows[parent].state != ACTIVE:
        raise InvalidInput(f"{rows[parent].title} is retired; put the type below another", fields={"parent": "retired"})
    path, at = [str(draft.get("name"))], parent
    while at is not None and len(path) <= q.DEEPEST:
        path.append(rows[at].title)
        if at == draft.id:
            raise InvalidInput(f"a tree of types has no circles: {' < '.join(path)}", fields={"parent": "a circle"})
        at = rows[at].parent_id
    if len(path) > q.DEEPEST:
        raise InvalidInput(f"a tree of types is at most {q.DEEPEST} deep", fields={"parent": "too deep"})


RULES = Rules(check=(check,))
