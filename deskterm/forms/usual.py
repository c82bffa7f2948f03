"""Usual values that only the desk itself knows: what a form offers for a field beside what its declaration does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import Connection

from deskterm.desk import Desk
from deskterm.forms.schema import FormField, Option
from deskterm.kinds import Kind
from deskterm.late import named

Words = Callable[[Connection], Iterable[str]]


def with_usual(desk: Desk, kind: Kind, fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """Return a form's fields with the desk's own values as options, where a field says who knows them."""
    found = []
    for item in fields:
        declared = kind.all_fields.get(item.name)
        if declared is not None and declared.suggested_by:
            with desk.database.read() as connection:
                words = tuple(_words(declared.suggested_by)(connection))
            item = replace(item, options=tuple(Option(word, word) for word in words))
        found.append(item)
    return tuple(found)


def _words(place: str) -> Words:
    words: Words = named(place)
    return words
