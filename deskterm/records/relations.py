"""Which links may be made and ended by hand: the rights of both ends, the relations that a field or an action keeps, families."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from data.queries import records as q
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.fields import Refs, Text
from deskterm.kinds import Kind
from deskterm.permissions import Family, allows
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.relation_words import BY_FIELD, fitting

CHILD_OF = "child-of"
MERGED_INTO = "merged-into"
SPLIT_FROM = "split-from"
ROLLS_OUT_TO = "rolls-out-to"
EARLY_LIFE_OF = "early-life-of"
BY_ACTION = {MERGED_INTO: "merge", SPLIT_FROM: "split", ROLLS_OUT_TO: "plan-wave", EARLY_LIFE_OF: "close"}
"""Relations that tell what an action did: nobody makes or ends them without it."""
BACKWARDS = {
    "parent-of": CHILD_OF,
    "has-part": "part-of",
    "used-by": "uses",
    "backed-up-by": "backs-up",
    "needed-by": "depends-on",
}
"""Words that say a relation from its other end. Stored as they are, they would be links that nothing follows."""
MOST_NEEDED = 1_000
_FORM = re.compile(r"[a-z][a-z0-9-]{0,39}")
_GROUP = Text(80)


POINTED_AT = frozenset({Family.CONFIGURATION, Family.PEOPLE, Family.KNOWLEDGE})
"""What any work may be linked to by whoever may link the work: a link says nothing of a CI that the work does not say."""


def require(unit: Unit, source: Draft, relation: str, target: Draft, *, ending: bool = False) -> None:
    """Refuse a link, or the end of one, that this actor may not bring about by hand.

    Args:
        ending: the link is to end: one that was made by a word that is none any more may.

    Raises:
        InvalidInput: the word is no relation of these two, or one that only an action or a field of other kinds keeps.
        NotAllowed: the actor may not link one of the two, or not edit both where a field keeps the relation.
    """
    unit.require("link", source.kind)
    if target.kind.family not in POINTED_AT and not _may(unit, "link", target.kind) and not _may(unit, "edit", target.kind):
        unit.require("link", target.kind)
    if not _FORM.fullmatch(relation):
        raise _wrong(f"{relation!r} is no relation; write small letters and dashes, such as child-of", "unknown form")
    if relation in BACKWARDS:
        forwards = BACKWARDS[relation]
        raise _wrong(f"{relation} is told from the other end: link {target.number} {forwards} {source.number}", f"use {forwards}")
    if relation in BY_ACTION:
        raise _wrong(f"{relation} is what the action {BY_ACTION[relation]} leaves behind; take that action", "by its action")
    if relation in BY_FIELD:
        raise _wrong(f"{relation} follows {BY_FIELD[relation]}; set that", "kept by a field")
    fields = list(_fields_of(unit, relation))
    if not fields:
        if not ending:
            _require_declared(unit, source, relation, target)
        return
    ends = (source.kind.name, target.kind.name)
    if ends not in {pair for _, pair in fields}:
        pairs = " or ".join(f"{one} and {other}" for one, other in dict.fromkeys(pair for _, pair in fields))
        raise _wrong(f"{relation} links {pairs}, and nothing else", "other kinds")
    if not (_may(unit, "edit", source.kind) and _may(unit, "edit", target.kind)):
        names = " or ".join(name for name, pair in fields if pair == ends)
        raise NotAllowed(f"{unit.actor.login} may not link by {relation}: it is set through the field {names}")


def _require_declared(unit: Unit, source: Draft, relation: str, target: Draft) -> None:
    """Refuse a word that nothing declares, or that stands between other kinds: nothing would follow such a link."""
    known = unit.registry.relations.get(relation)
    if known is not None and known.fits(source.kind, target.kind):
        return
    fit = dict.fromkeys(one.word for one in fitting(unit.registry, source.kind, target.kind))
    told = f"; from {source.kind.one} to {target.kind.one} there are: {', '.join(sorted(fit))}"
    if known is None:
        raise _wrong(f"{relation} is no relation{told}", "unknown")
    raise _wrong(f"{relation} does not lead from {source.kind.one} to {target.kind.one}{told}", "other kinds")


def check(unit: Unit, source: Draft, relation: str, target: Draft, options: dict[str, Any]) -> None:
    """Refuse a link that makes no sense.

    Raises:
        InvalidInput: the two are one record, a family goes in circles or mixes kinds, or a date or a number is wrong.
    """
    if source.id == target.id:
        raise InvalidInput(f"{source.number} cannot be linked to itself", fields={"target": "the same record"})
    if relation == CHILD_OF:
        _check_family(unit, source, target)
    begin, until = options.get("valid_from"), options.get("valid_until")
    if until is not None and until <= (unit.at if begin is None else begin):
        raise InvalidInput("a link ends after it begins", fields={"until": "not after from"})
    group, need = options.get("group"), options.get("need")
    if (group is None) != (need is None):
        raise InvalidInput("a redundancy group needs a name and how many of it are needed", fields={"group": "with need"})
    if need is not None and not 1 <= need <= MOST_NEEDED:
        raise InvalidInput(f"a group needs 1 to {MOST_NEEDED} of its members", fields={"need": f"1 to {MOST_NEEDED}"})
    if group is not None:
        try:
            options["group"] = _GROUP.parse(group)
        except ValueError as problem:
            raise InvalidInput(f"group {problem}", fields={"group": str(problem)}) from None
    for rule in dict.fromkeys((*source.kind.hooks.link, *target.kind.hooks.link)):
        rule(unit, source, relation, target, options)


def _check_family(unit: Unit, child: Draft, parent: Draft) -> None:
    if child.kind is not parent.kind or not child.kind.is_work:
        raise InvalidInput(
            f"{child.number} cannot be a child of {parent.number}: both must be work of one kind", fields={"target": "other kind"}
        )
    seen, above = set[int](), {parent.id}
    while above:
        if child.id in above:
            raise InvalidInput(
                f"{parent.number} is a descendant of {child.number} already; a family has no circles",
                fields={"target": "a circle"},
            )
        seen |= above
        rows = [row for key in above for row in unit.connection.execute(q.LINKED_FROM, {"relation": CHILD_OF, "id": key})]
        above = {row.target_id for row in rows} - seen


def _fields_of(unit: Unit, relation: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the fields that keep a relation, each with the kinds of its source and its target."""
    for kind in unit.registry:
        for item in kind.links:
            shape = item.type
            if isinstance(shape, Refs) and shape.relation == relation:
                ends = (shape.to, kind.name) if shape.inverse else (kind.name, shape.to)
                yield f"{item.name} of {kind.one}", ends


def _may(unit: Unit, verb: str, kind: Kind) -> bool:
    return unit.actor.system or allows(unit.actor.roles, verb, kind.family, kind.process)


def _wrong(message: str, why: str) -> InvalidInput:
    return InvalidInput(message, fields={"relation": why})
