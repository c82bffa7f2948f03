"""Choices while typing: when the list opens, what is searched, when a choice is taken, and what to do with late answers.

The form owns one of these; the list itself draws and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.timer import Timer
from textual.widgets import Input

from deskterm.forms.schema import LOOKED_UP, Answer, FieldKind, Option, matching
from widgets.form.drop_down import DropDown
from widgets.form.editors import SEPARATORS, LineEditor

if TYPE_CHECKING:
    from widgets.form.field_row import FieldRow
    from widgets.form.form import Form

WAIT: Final = 0.12
"""Seconds without a key before a reference is looked up."""
CLOSED: Final = frozenset({FieldKind.CHOICE, FieldKind.SCALE, FieldKind.REFERENCE, FieldKind.REFERENCES})
"""Kinds whose first choice is taken when the field is left: nothing but a choice is any good there."""


class Choosing:
    """The choices of the field that has the focus."""

    def __init__(self, form: Form) -> None:
        """Serve a form."""
        self._form = form
        self._row: FieldRow | None = None
        """Whose choices are shown."""
        self._waiting: Timer | None = None
        self._asked: dict[str, str] = {}
        """By field: the text its last look-up was for."""

    @property
    def list(self) -> DropDown:
        """The list."""
        return self._form.query_one(DropDown)

    def typed(self, row: FieldRow, editor: LineEditor) -> None:
        """Something was typed: offer what it may mean."""
        if not editor.has_focus:
            return
        if editor.is_chosen or not editor.item or not row.changed:
            self.close()
            if row.field.kind in LOOKED_UP:
                self._asked.pop(row.field.name, None)
            return
        if row.field.kind in LOOKED_UP:
            self._look_up_soon(row, editor.item)
        elif row.field.options:
            self._open(row, matching(row.field.options, editor.item))

    def _look_up_soon(self, row: FieldRow, text: str) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self._form.set_timer(WAIT, lambda: self._look_up(row, text))

    def _look_up(self, row: FieldRow, text: str) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._asked[row.field.name] = text
        self._form.post_message(self._form.LookupWanted(self._form, row.field, text))

    def feed(self, row: FieldRow, text: str, options: Sequence[Option]) -> None:
        """Show what a look-up found, unless something else has been typed since."""
        editor = row.editor
        if not isinstance(editor, LineEditor) or self._asked.get(row.field.name) != text:
            return
        if text != ("" if editor.is_chosen else editor.item):
            return
        if editor.has_focus:
            self._open(row, options, empty_text="nothing found")
        elif text and len(options) == 1:
            self._take(row, editor, options[0])
        elif text:
            said = f"{len(options)} could be meant; press the down arrow" if options else "nothing found"
            row.show_note(said, error=True)

    def _open(self, row: FieldRow, options: Sequence[Option], *, empty_text: str = "") -> None:
        self._row = row
        first = 0 if row.field.kind in CLOSED and row.editor.answer.text.strip() else -1
        self.list.open(options, below=row.editor_region, within=self._form.screen.size, highlighted=first, empty_text=empty_text)

    def move(self, row: FieldRow, step: int) -> None:
        """Open the list, or move in it."""
        if self.list.is_open and self._row is row:
            self.list.move(step)
        elif row.field.kind in LOOKED_UP:
            editor = row.editor
            text = editor.item if isinstance(editor, LineEditor) and not editor.is_chosen else ""
            self._asked[row.field.name] = text
            self._form.post_message(self._form.LookupWanted(self._form, row.field, text))
        elif row.field.options:
            self._open(row, row.field.options)
            text = row.answer.text.strip().casefold()
            here = next((i for i, o in enumerate(row.field.options) if text in (o.value.casefold(), o.label.casefold())), 0)
            self.list.highlighted = here
        else:
            self._form.screen.focus_next() if step > 0 else self._form.screen.focus_previous()

    def take(self) -> bool:
        """Take the highlighted choice; return whether there was one."""
        option = self.list.option
        if option is None:
            self.close()
            return False
        self.pick(option)
        return True

    def pick(self, option: Option) -> None:
        """Take a choice."""
        row = self._row
        self.close()
        if row is not None and isinstance(row.editor, LineEditor):
            self._take(row, row.editor, option)

    def _take(self, row: FieldRow, editor: LineEditor, option: Option) -> None:
        kind = row.field.kind
        with editor.prevent(Input.Changed):
            if kind in LOOKED_UP:
                editor.pick(option.label, option.value)
            elif kind in SEPARATORS:
                editor.pick(option.label, option.label)
            else:
                editor.put(Answer(option.label))
        self._form.tell_change(row)
        if kind is FieldKind.REFERENCE:
            row.show_note(", ".join(part for part in (option.mark, option.detail) if part))

    def leave(self, row: FieldRow, editor: LineEditor) -> None:
        """The field is left: what is shown as its choice is taken, if nothing but a choice is any good."""
        if self._row is row and self.list.is_open:
            option = self.list.option
            untouched = not row.changed or editor.is_chosen or not editor.item
            if option is not None and row.field.kind in CLOSED and not untouched:
                self._take(row, editor, option)
            self.close()
        elif row.field.kind in LOOKED_UP and row.changed and editor.item and not editor.is_chosen:
            self._look_up(row, editor.item)

    def close(self) -> bool:
        """Close the list; return whether it was open."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        was_open = self.list.is_open
        self.list.close()
        self._row = None
        return was_open
