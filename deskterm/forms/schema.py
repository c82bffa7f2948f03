"""What a form is made of: plain values that a widget can draw without knowing kinds, records or the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """How a field is typed."""

    TEXT = "text"
    """One line; `options`, if any, are usual values and others are allowed."""
    LINES = "lines"
    """Several lines."""
    CHOICE = "choice"
    """One of the options and nothing else."""
    NUMBER = "number"
    SCALE = "scale"
    """A small number whose meanings have names: the options, 1 first."""
    FLAG = "flag"
    """Yes or no."""
    INSTANT = "instant"
    DURATION = "duration"
    REFERENCE = "reference"
    """One record of the kinds in `refers`, looked up while typing."""
    REFERENCES = "references"
    """Several of them, separated by semicolons (names have commas)."""
    LIST = "list"
    """Words separated by commas."""
    JSON = "json"


LOOKED_UP = frozenset({FieldKind.REFERENCE, FieldKind.REFERENCES})
"""Kinds whose options are asked for while typing."""
OF_LINES = frozenset({FieldKind.LINES, FieldKind.JSON})
"""Kinds that are typed on several lines."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something offered while typing."""

    value: str
    """What choosing it means: a word, or the number of a record."""
    label: str
    """What stands in the field once it is chosen."""
    detail: str = ""
    """What tells it from others, shown beside it."""
    mark: str = ""
    """A short word that must not be missed, such as VIP."""


def matching(options: Sequence[Option], text: str) -> tuple[Option, ...]:
    """Return the options that a text may mean, those that begin with it first, in their own order."""
    wanted = text.strip().casefold()
    starts = [o for o in options if o.label.casefold().startswith(wanted) or o.value.casefold().startswith(wanted)]
    within = [o for o in options if o not in starts and (wanted in o.label.casefold() or wanted in o.detail.casefold())]
    return (*starts, *within)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is typed in a field, and what those of its words mean that were chosen from options."""

    text: str = ""
    picks: Mapping[str, str] = field(default_factory=dict)
    """Value by label."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text means."""

    value: object = None
    """As the desk takes it; None is nothing."""
    echo: str = ""
    """How it was understood, where that is worth saying."""
    error: str = ""
    """What is wrong with it, in words; empty if nothing is."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    help: str = ""
    options: tuple[Option, ...] = ()
    answer: Answer = field(default_factory=Answer)
    """What it holds before anybody types."""
    value: object = None
    """The stored value behind `answer`."""
    error: str = ""
    section: str = ""
    placeholder: str = ""
    """Shown while it is empty: what the desk puts there by itself."""
    limit: int = 255
    """Most characters."""
    low: int | None = None
    high: int | None = None
    """Bounds of a number."""
    refers: tuple[str, ...] = ()
    """Kinds of record that a reference may name."""
    future: bool = False
    """An instant that is looked at ahead: a bare length of time counts from now."""
    of: str = ""
    """The field that this answers one question of; empty for a field of its own."""
    question: str = ""
    """Which question of it."""
    whole: Mapping[str, object] = field(default_factory=dict)
    """All that is stored in that field: answers to questions that no form asks stay."""

    @property
    def belongs_to(self) -> str:
        """Return the name of the kind's field that it is, or is a part of."""
        return self.of or self.name


@dataclass(frozen=True, slots=True)
class HintAct:
    """What one key does with a hint."""

    what: str
    """`attach`, `answer`, `open`: a name that the screen knows."""
    number: str
    """The record it is done with."""
    label: str
    """What a person reads."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something worth knowing while a form is typed; it stands beside the form and never takes the focus."""

    title: str
    lines: tuple[str, ...] = ()
    act: HintAct | None = None
    tone: str = ""
    """`good`, `soon`, `risk`, `breach` or nothing: never the only sign of what it says."""
