"""What a form holds: answers, values, changes, faults. Reads its rows and draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
        said = self._folded(self.rows)
        return {name: value for name, value in said.items() if value is not None}

    @property
    def changes(self) -> dict[str, object]:
        """What the person changed, as values; an emptied field is None."""
        touched = {row.field.belongs_to for row in self.rows.values() if row.changed}
        return self._folded(name for name, row in self.rows.items() if row.changed or row.field.of in touched)

    def _folded(self, names: Iterable[str]) -> dict[str, object]:
        """Return the values of rows by the kind's fields: answers to the questions of one field are one object."""
        found: dict[str, object] = {}
        objects: dict[str, dict[str, object]] = {}
        for name in names:
            field, value = self.rows[name].field, self.value_of(name)
            if not field.of:
                found[name] = value
                continue
            whole = objects.setdefault(field.of, dict(field.whole))
            whole.pop(field.question, None)
            if value is not None:
                whole[field.question] = value
        return found | {name: whole or None for name, whole in objects.items()}

    def faults(self) -> dict[str, str]:
        """Return what cannot be submitted: field to what is wrong, in words."""
        wrong: dict[str, str] = {}
        answered = {row.field.belongs_to for row in self.rows.values() if row.answer.text.strip()}
        for name, row in self.rows.items():
            if not row.display:
                continue
            if row.field.required and row.field.belongs_to not in answered:
                wrong[row.field.belongs_to] = "answer at least one of these" if row.field.of else "required"
            elif row.changed and (error := self._read(row.field, row.answer).error):
                wrong[name] = error
        return wrong
