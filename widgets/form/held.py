"""What a form holds: answers, values, changes, faults. Reads its rows and draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from deskterm.forms.schema import Answer, FormField, Reading

if TYPE_CHECKING:
    from widgets.form.field_row import FieldRow

Read: TypeAlias = Callable[[FormField, Answer], Reading]
"""Says what an answer means."""


class Held:
    """The content of a form, by field."""

    def __init__(self, rows: dict[str, FieldRow], read: Read) -> None:
        """Hold what rows hold.

        Args:
            rows: The rows by the names of their fields.
            read: Says what an answer means.
        """
        self.rows = rows
        self._read = read

    @property
    def changed(self) -> bool:
        """Whether the person changed anything."""
        return any(row.changed for row in self.rows.values())

    @property
    def answers(self) -> dict[str, Answer]:
        """What was typed, by field, as far as it was changed."""
        return {name: row.answer for name, row in self.rows.items() if row.changed}

    def value_of(self, name: str) -> object:
        """Return what a field means now, changed or not; None while it cannot be read."""
        row = self.rows[name]
        return self._read(row.field, row.answer).value if row.changed or row.field.value is None else row.field.value

    @property
    def values(self) -> dict[str, object]:
        """Everything the form says now, changed or not; what cannot be read is left out."""
        said = {name: self.value_of(name) for name in self.rows}
        return {name: value for name, value in said.items() if value is not None}

    @property
    def changes(self) -> dict[str, object]:
        """What the person changed, as values; an emptied field is None."""
        return {name: self._read(row.field, row.answer).value for name, row in self.rows.items() if row.changed}

    def faults(self) -> dict[str, str]:
        """Return what cannot be submitted: field to what is wrong, in words."""
        wrong: dict[str, str] = {}
        for name, row in self.rows.items():
            if not row.display:
                continue
            if row.field.required and not row.answer.text.strip():
                wrong[name] = "required"
            elif row.changed and (error := self._read(row.field, row.answer).error):
                wrong[name] = error
        return wrong
