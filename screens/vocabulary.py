"""What may stand in the filter of a list: fields of its kinds, the keywords, and the values worth offering while typing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deskterm.fields import Choice, Duration, Field, Flag, Instant, Money, Number, Ref, Refs, Scale, Whole
from deskterm.query.complete import ValueType

if TYPE_CHECKING:
    from deskterm.desk import Desk

NAMED = ("team", "agent", "service", "organisation", "calendar", "agreement")
"""Kinds with few enough records to offer all their names."""
MOST_NAMES = 200
_PHASE_WORDS = ("open", "waiting", "done")


@dataclass(frozen=True, slots=True)
class Words:
    """A `Vocabulary` for the completion of queries, read once; it answers from memory."""

    types: Mapping[str, ValueType] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values of a field, by its name."""

    def fields(self) -> Mapping[str, ValueType]:
        """Return every field that this person may filter by."""
        return self.types

    def flags(self) -> Collection[str]:
        """Return the bare keywords."""
        return self.keywords

    def values(self, field: str, typed: str) -> Iterable[str]:
        """Return values of a choice or a reference that contain what is typed, in any case."""
        wanted = typed.casefold()
        return (value for value in self.known.get(field, ()) if wanted in value.casefold())


def read_words(desk: Desk, kinds: tuple[str, ...]) -> Words:
    """Return the words for lists of some kinds. Reads the names of teams, agents and the like; call it in a thread."""
    from deskterm.kinds import choice_of
    from deskterm.query.compiler import ALIASES, FLAGS

    names: dict[str, tuple[str, ...]] = {}

    def names_of(kind: str) -> tuple[str, ...]:
        if kind not in names:
            few = kind in NAMED and kind in desk.registry
            rows = desk.page(desk.prepare((kind,), "state:active", ""), limit=MOST_NAMES).rows if few else ()
            names[kind] = tuple(row.title for row in rows)
        return names[kind]

    types: dict[str, ValueType] = {"kind": ValueType.CHOICE}
    known: dict[str, tuple[str, ...]] = {"kind": kinds}
    for kind in desk.registry.kinds(kinds):
        for name, item in kind.all_fields.items():
            if item.sensitive and desk.actor.restricted:
                continue
            offered = choice_of(kind, name)
            types.setdefault(name, type_of(item, bool(offered)))
            values: tuple[str, ...] = offered
            if isinstance(item.type, Scale):
                values = item.type.labels
            elif isinstance(item.type, Ref | Refs):
                referred = item.type.to if isinstance(item.type, Ref) else (item.type.to,)
                people = {"agent", "person"} & set(referred)
                values = (*(("me",) if people else ()), *(("mine",) if "team" in referred else ()))
                values += tuple(one for kind_name in referred for one in names_of(kind_name))
            if name == "state":
                values = (*_PHASE_WORDS, *values)
            known[name] = tuple(dict.fromkeys((*known.get(name, ()), *values)))
    for short, name in ALIASES.items():
        if name in types and short not in types:
            types[short], known[short] = types[name], known.get(name, ())
    return Words(types, tuple(FLAGS), known)


def type_of(item: Field, offered: bool) -> ValueType:
    """Return what completion needs to know about a field.

    Args:
        item: The field.
        offered: Whether there are usual values for it.
    """
    match item.type:
        case Instant(future=future):
            return ValueType.FUTURE if future else ValueType.PAST
        case Duration():
            return ValueType.DURATION
        case Flag():
            return ValueType.TRUTH
        case Ref() | Refs():
            return ValueType.REFERENCE
        case Choice() | Scale():
            return ValueType.CHOICE
        case Whole() | Money() | Number():
            return ValueType.NUMBER
        case _:
            return ValueType.CHOICE if offered or item.name == "state" else ValueType.TEXT
