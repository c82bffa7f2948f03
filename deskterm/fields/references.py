"""References to other records: one by its row id, several by links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from deskterm.fields.base import FieldType, Names


@dataclass(frozen=True, slots=True)
class Ref(FieldType):
    """A reference to a record of some kind, by number or unique name; stored as its row id in `<field>_id`."""

    word: ClassVar[str] = "reference"
    to: tuple[str, ...]
    makes: str = ""
    """A name that nothing has yet makes a record of this kind, which is one of `to`; nothing is made if empty."""

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        more = f"; another name makes a new {self.makes}" if self.makes else ""
        return f"the number or the unique name of a {' or '.join(self.to)}{more}"

    def export(self, value: Any, names: Names) -> object:
        """Return the name where it is one, as scripts write it."""
        return None if value is None else (names[value].title if value in names else None)

    def show(self, value: Any, names: Names) -> str:
        """Return the name."""
        return "" if value is None else (names[value].title if value in names else "?")


@dataclass(frozen=True, slots=True)
class Refs(FieldType):
    """Several records of one kind, kept as links: `relation` from this record, or to it if `inverse`."""

    word: ClassVar[str] = "references"
    to: str
    relation: str
    inverse: bool = False
    aside: bool = False
    """Not of the record's own making: a link more or less is journalled as one and leaves the record's version as it was."""

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a list of numbers or unique names of {self.to} records"

    def export(self, value: Any, names: Names) -> object:
        """Return the names."""
        return [names[item].title for item in value or () if item in names]

    def show(self, value: Any, names: Names) -> str:
        """Return the names, separated by commas."""
        return ", ".join(names[item].title for item in value or () if item in names)


def ref(*kinds: str, makes: str = "") -> Ref:
    """Return the type of a reference to one of these kinds."""
    return Ref(kinds, makes)
