"""From what a kind declares to the fields of its form: for a new record, for editing one, for a workflow action. Pure.

What the desk works out is not asked for, and what only the end of the work can tell is not asked at its beginning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from deskterm.fields import (
    Answers,
    Asked,
    Choice,
    Duration,
    Field,
    FieldType,
    Flag,
    Instant,
    Names,
    Numbers,
    Ref,
    Refs,
    Scale,
    Structure,
    Text,
    Whole,
    Words,
)
from deskterm.forms.moments import write_moment
from deskterm.forms.schema import OF_LINES, Answer, FieldKind, FormField, Option
from deskterm.kinds import Kind
from deskterm.workflow import Action, Phase

MORE = "More"
"""Heads the fields that belong to no section, where others do."""
JSON_LIMIT = 100_000
"""Characters of a structure, as typed."""
ONE_LINE_LIMIT = 4_000
"""Characters of a list, or of several references."""

_KINDS: tuple[tuple[type[FieldType], FieldKind], ...] = (
    (Choice, FieldKind.CHOICE), (Scale, FieldKind.SCALE), (Flag, FieldKind.FLAG), (Whole, FieldKind.NUMBER),
    (Instant, FieldKind.INSTANT), (Duration, FieldKind.DURATION), (Ref, FieldKind.REFERENCE), (Refs, FieldKind.REFERENCES),
    (Words, FieldKind.LIST), (Numbers, FieldKind.LIST), (Structure, FieldKind.JSON),
)  # fmt: skip


def fields_for(
    kind: Kind,
    values: Mapping[str, Any] | None = None,
    action: Action | None = None,
    *,
    names: Names | None = None,
    tz: str = "UTC",
) -> tuple[FormField, ...]:
    """Return the fields of a form.

    Args:
        kind: What it is about.
        values: Stored values by field; None makes the form of a new record, which begins with its defaults.
        action: The workflow action it takes: its form asks what the action demands, may take, and needs besides.
        names: What the references among the values are called.
        tz: The person's time zone, in which instants are shown.
    """
    known: Names = names or {}
    if action is not None:
        return _of_action(kind, values or {}, action, known, tz)
    late = _told_later(kind) if values is None else frozenset()
    asked = [item for item in kind.fields if not item.derived and item.name not in late]
    return _in_sections(
        found
        for item in asked
        for found in form_fields(item, _default(item) if values is None else values.get(item.name), known, tz, new=values is None)
    )


def _of_action(kind: Kind, values: Mapping[str, Any], action: Action, names: Names, tz: str) -> tuple[FormField, ...]:
    own = (found for name in action.accepts for found in form_fields(kind.all_fields[name], values.get(name), names, tz))
    record = [replace(item, section="", required=item.required or item.belongs_to in action.demands) for item in own]
    asked = (found for item in action.inputs for found in form_fields(item, _default(item), names, tz, new=True))
    return (*record, *(replace(item, section="") for item in asked))


def _told_later(kind: Kind) -> frozenset[str]:
    """Return the fields that only an action can know: those the end of the work demands, and those of a right of its own."""
    flow = kind.workflow
    ends = (a.demands for a in flow.actions if a.target is not None and flow.phase(a.target) in (Phase.DONE, Phase.FINAL))
    rare = (a.accepts for a in flow.actions if a.verb not in ("act", "edit"))
    named = {name for names in (*ends, *rare) for name in names}
    return frozenset(name for name in named if not kind.all_fields[name].required)


def _default(item: Field) -> Any:
    """Return the default that can be shown; one that is worked out when the record is written is not shown but told."""
    return None if callable(item.default) else item.default


def _in_sections(fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """Bring the fields of a section together, sections in the order of their first field and the rest behind them."""
    groups: dict[str, list[FormField]] = {}
    for item in fields:
        groups.setdefault(item.section, []).append(item)
    loose = groups.pop("", [])
    if not groups:
        return tuple(loose)
    named = [item for group in groups.values() for item in group]
    return (*named, *(replace(item, section=MORE) for item in loose))


def form_fields(item: Field, value: Any, names: Names, tz: str, *, new: bool = False) -> Iterator[FormField]:
    """Yield what a form draws for one declared field: itself, or for answers to questions one choice for each question."""
    if isinstance(item.type, Answers) and item.type.questions:
        stored = value if isinstance(value, dict) else {}
        yield from (_question(item, asked, stored) for asked in item.type.questions)
    else:
        yield form_field(item, value, names, tz, new=new)


def _question(item: Field, asked: Asked, stored: Mapping[str, Any]) -> FormField:
    given = stored.get(asked.name)
    return FormField(
        name=f"{item.name}__{asked.name}",
        label=asked.label,
        kind=FieldKind.CHOICE,
        required=item.required,
        help=asked.text,
        options=tuple(Option(word, word, detail) for word, detail in asked.answers),
        answer=Answer() if given is None else Answer(str(given)),
        value=given,
        section=item.section,
        of=item.name,
        question=asked.name,
        whole=stored,
    )


def form_field(item: Field, value: Any, names: Names, tz: str, *, new: bool = False) -> FormField:
    """Return one declared field as a form draws it, holding a stored value."""
    shape = item.type
    kind = field_kind(shape)
    return FormField(
        name=item.name,
        label=item.title,
        kind=kind,
        required=item.required,
        help=item.help,
        options=_options(item),
        answer=answer_of(shape, value, names, tz),
        value=value,
        section=item.section,
        placeholder="now" if new and callable(item.default) and isinstance(shape, Instant) else "",
        limit=_limit(shape, kind),
        low=shape.low if isinstance(shape, Whole) else 0 if isinstance(shape, Duration) else None,
        high=shape.high if isinstance(shape, Whole) else None,
        refers=shape.to if isinstance(shape, Ref) else (shape.to,) if isinstance(shape, Refs) else (),
        future=isinstance(shape, Instant) and shape.future,
    )


def field_kind(shape: FieldType) -> FieldKind:
    """Return how values of a type are typed."""
    if isinstance(shape, Text):
        return FieldKind.LINES if shape.lines else FieldKind.TEXT
    return next((kind for type_, kind in _KINDS if isinstance(shape, type_)), FieldKind.TEXT)


def _limit(shape: FieldType, kind: FieldKind) -> int:
    if isinstance(shape, Text):
        return shape.limit
    return JSON_LIMIT if kind in OF_LINES else ONE_LINE_LIMIT if kind in (FieldKind.LIST, FieldKind.REFERENCES) else 255


def _options(item: Field) -> tuple[Option, ...]:
    shape = item.type
    if isinstance(shape, Choice):
        labels = shape.labels or shape.options
        return tuple(Option(value, label) for value, label in zip(shape.options, labels, strict=True))
    if isinstance(shape, Scale):
        return tuple(Option(str(level), f"{level} {label}") for level, label in enumerate(shape.labels, 1))
    if isinstance(shape, Flag):
        return (Option("yes", "yes"), Option("no", "no"))
    words = shape.options if isinstance(shape, Words) else item.suggestions
    return tuple(Option(word, word) for word in words)


def answer_of(shape: FieldType, value: Any, names: Names, tz: str) -> Answer:
    """Return a stored value as it stands in a field; reading it again gives the value."""
    if value is None:
        return Answer()
    match shape:
        case Ref() | Refs():
            ids = [value] if isinstance(shape, Ref) else list(value)
            picks = {names[one].title: names[one].number for one in ids if one in names}
            return Answer("; ".join(names[one].title for one in ids if one in names), picks)
        case Instant():
            return Answer(write_moment(value, tz))
        case Duration():
            return Answer(write_duration(value))
        case Scale():
            return Answer(f"{value} {shape.labels[value - 1]}" if 1 <= value <= len(shape.labels) else str(value))
        case Choice():
            labels = dict(zip(shape.options, shape.labels, strict=True)) if shape.labels else {}
            return Answer(labels.get(value, str(value)))
        case Structure():
            flat = isinstance(value, list) and not any(isinstance(one, list | dict) for one in value)
            return Answer(json.dumps(value, ensure_ascii=False, indent=None if flat else 1))
        case _:
            return Answer(shape.show(value, names))


def write_duration(seconds: int) -> str:
    """Write a duration exactly and so that it reads back: `2d 4h`, `1h 30m`, `45s`."""
    parts = []
    for letter, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount}{letter}")
    return " ".join(parts) or "0s"
