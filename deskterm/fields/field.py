"""The declaration of one field of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deskterm.fields.base import FieldType
from deskterm.fields.references import Ref


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind."""

    name: str
    type: FieldType
    label: str = ""
    """What a person reads beside it; made from the name if empty."""
    help: str = ""
    """One sentence for the help and for `deskterm fields`."""
    required: bool = False
    """A record cannot be without it."""
    default: Any = None
    """Its value where none is given; a callable is handed the present instant."""
    column: str = ""
    """Where it is stored, if not under its own name."""
    derived: bool = False
    """The desk works it out; nobody types it."""
    reckoned: bool = False
    """Follows from rows of other tables, not from this record's journal; whoever keeps it can reckon it again."""
    searchable: bool = False
    """Its text is found by full-text search."""
    section: str = ""
    """The group it stands in on a form."""
    width: int = 12
    """Cells it takes as a column of a list."""
    least: int = 14
    """Where it names the record: cells below which a list folds other columns away rather than cut it."""
    suggestions: tuple[str, ...] = ()
    """Usual values, offered while typing; others are allowed."""
    suggested_by: str = ""
    """`module:function` that is handed a connection and returns the usual values as the desk knows them."""
    sensitive: bool = False
    """Requesters neither read it nor query by it."""

    @property
    def title(self) -> str:
        """Return the label a person reads."""
        return self.label or self.name.replace("_", " ").capitalize()

    @property
    def stored_as(self) -> str:
        """Return the column's name."""
        return self.column or (f"{self.name}_id" if isinstance(self.type, Ref) else self.name)

    def initial(self, now: int) -> Any:
        """Return the value where none is given."""
        return self.default(now) if callable(self.default) else self.default
