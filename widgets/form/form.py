"""A form of any kind: draws fields, offers choices, says what it understood, and tells what the person changed.

It is fed plain fields and a reader (what a typed text means), asks for what references may name by `LookupWanted`, and knows
neither the desk nor what becomes of the values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.forms.schema import LOOKED_UP, Answer, FieldKind, FormField, Option, Reading
from widgets.form.choosing import Choosing
from widgets.form.drop_down import DropDown
from widgets.form.editors import Editor, LineEditor, LinesEditor
from widgets.form.field_row import FieldRow, SectionHead
from widgets.form.held import Held, Read
from widgets.safe_text import visible

ECHOED: Final = frozenset({FieldKind.INSTANT, FieldKind.DURATION, FieldKind.CHOICE, FieldKind.SCALE})
"""Kinds that say while they are typed what was understood."""


class Form(Held, Widget, can_focus=False):
    """Fields under headings, a list of choices above them, a line of help below.

    | Key | Does |
    | --- | --- |
    | `tab`, `shift+tab` | to the next, to the previous field |
    | `ctrl+s` | submit |
    | `escape` | close the list of choices, else leave; what was typed is kept |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Save", id="form.submit"),
        Binding("escape", "leave", "Leave", id="form.leave"),
    ]
    DEFAULT_CSS = """
    Form {
        layout: vertical;
        & > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & > #form-help { height: 1; color: $text-muted; padding: 0 1; }
        & > #form-help.-error { color: $text-error; }
    }
    """

    class Changed(Message):
        """Something was typed in a field."""

        def __init__(self, form: Form, field: FormField) -> None:
            super().__init__()
            self.form = form
            self.field = field

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class LookupWanted(Message):
        """What may a reference mean? Answer with `Form.feed`."""

        def __init__(self, form: Form, field: FormField, text: str) -> None:
            super().__init__()
            self.form = form
            self.field = field
            self.text = text

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class Submitted(Message):
        """The person is done, and everything typed can be read."""

        def __init__(self, form: Form, values: Mapping[str, object]) -> None:
            super().__init__()
            self.form = form
            self.values = values
            """Only what the person changed."""

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class Left(Message):
        """The person leaves; what was typed is theirs to come back to."""

        def __init__(self, form: Form, changed: bool) -> None:
            super().__init__()
            self.form = form
            self.changed = changed

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    def __init__(
        self,
        fields: Sequence[FormField],
        *,
        read: Read,
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a form.

        Args:
            fields: In their order; those of one section stand together.
            read: Says what an answer means.
            ascii_only: Draw with ASCII.
            id: As for every widget.
            classes: As for every widget.
        """
        Held.__init__(self, {item.name: FieldRow(item, ascii_only=ascii_only) for item in fields}, read)
        Widget.__init__(self, id=id, classes=classes)
        self.ascii_only = ascii_only
        self._fields = tuple(fields)
        self.choices = Choosing(self)
        self._explained: FieldRow | None = None

    def compose(self) -> ComposeResult:
        """The fields under their headings."""
        with VerticalScroll(can_focus=False):
            section = ""
            for item in self._fields:
                if item.section != section:
                    section = item.section
                    yield SectionHead(section, ascii_only=self.ascii_only)
                yield self.rows[item.name]
        yield Static(id="form-help", markup=False)
        yield DropDown(ascii_only=self.ascii_only)

    # What a screen does with it.

    def feed(self, name: str, text: str, options: Sequence[Option]) -> None:
        """Answer `LookupWanted`; an answer to what has been typed over since is left aside."""
        self.choices.feed(self.rows[name], text, options)

    def put(self, name: str, answer: Answer) -> None:
        """Fill a field as if it had been typed."""
        row = self.rows[name]
        with row.editor.prevent(Input.Changed, TextArea.Changed):
            row.editor.put(answer)
        self.tell_change(row)

    def restore(self, answers: Mapping[str, Answer]) -> None:
        """Fill fields with what was typed before; fields that are not in this form are left aside."""
        for name, answer in answers.items():
            if name in self.rows:
                self.put(name, answer)

    def rebase(self, now: FormField) -> None:
        """Take another stored value as what the field began with; what was typed stays."""
        row = self.rows[now.name]
        row.start = now.answer
        row.field = replace(row.field, answer=now.answer, value=now.value, whole=now.whole)

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Say what is wrong beside each field and go to the first; return whether any is a field of this form."""
        first: FieldRow | None = None
        left = dict(errors)
        for name, row in self.rows.items():
            said = left.pop(name, None) or left.pop(row.field.of, None)
            if said:
                row.show_note(said, error=True)
                first = first or row
        if first is not None:
            first.focus_editor()
            self._show_help(first)
        return first is not None

    def settle(self) -> None:
        """Take the choice that is shown, as if the field had been left."""
        focused = self.screen.focused
        if isinstance(focused, LineEditor | LinesEditor) and focused.field_name in self.rows:
            self._settle(focused)

    def focus_first(self, name: str = "") -> None:
        """Put the cursor into a field: a named one, else the first."""
        row = self.rows.get(name) or next((row for row in self.rows.values() if row.display), None)
        if row is not None:
            row.focus_editor()

    def show_fields(self, names: Sequence[str], shown: bool) -> None:
        """Show or hide fields, and the heading of a section with nothing to show; hidden ones are not asked for."""
        for name in names:
            self.rows[name].display = shown
        seen = {row.field.section for row in self.rows.values() if row.display}
        for head in self.query(SectionHead):
            head.display = head.title in seen
        focused = self.screen.focused
        if isinstance(focused, LineEditor | LinesEditor) and focused.field_name in names and not shown:
            self.focus_first()

    # What happens in it.

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self, event: Input.Changed | TextArea.Changed) -> None:
        editor = event.control
        if not isinstance(editor, LineEditor | LinesEditor):
            return
        event.stop()
        row = self.rows[editor.field_name]
        if isinstance(editor, LineEditor):
            self.choices.typed(row, editor)
        self.tell_change(row)

    def tell_change(self, row: FieldRow) -> None:
        """Say what was understood of a field, and that it changed."""
        reading = self._read(row.field, row.answer) if row.field.kind in ECHOED and row.changed else Reading()
        row.show_note(reading.echo if row.changed else row.told)
        self.post_message(self.Changed(self, row.field))

    @on(LineEditor.Trimmed)
    @on(LinesEditor.Trimmed)
    def _trimmed(self, event: LineEditor.Trimmed | LinesEditor.Trimmed) -> None:
        event.stop()
        editor = event.control
        if isinstance(editor, LineEditor | LinesEditor):
            self.call_after_refresh(self.rows[editor.field_name].show_note, event.text, error=True)

    @on(LineEditor.Choose)
    def _choose(self, event: LineEditor.Choose) -> None:
        event.stop()
        self.choices.move(self.rows[event.editor.field_name], event.step)

    @on(LineEditor.Take)
    def _take(self, event: LineEditor.Take) -> None:
        event.stop()
        if not self.choices.take():
            self.screen.focus_next()

    @on(DropDown.Clicked)
    def _clicked(self, event: DropDown.Clicked) -> None:
        event.stop()
        self.choices.pick(event.option)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field is for."""
        editor = event.widget
        if isinstance(editor, LineEditor | LinesEditor):
            self._show_help(self.rows[editor.field_name])

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Take the choice that is shown, and say what is wrong with what was left behind."""
        editor = event.widget
        if isinstance(editor, LineEditor | LinesEditor):
            self._settle(editor)

    def _settle(self, editor: Editor) -> None:
        row = self.rows[editor.field_name]
        if isinstance(editor, LineEditor):
            self.choices.leave(row, editor)
        reading = self._read(row.field, row.answer) if row.changed else Reading()
        if reading.error:
            row.show_note(reading.error, error=True)

    def on_resize(self) -> None:
        """Say it again at the new width: a form gets the cursor before it gets its size."""
        if self._explained is not None:
            self._show_help(self._explained)

    def _show_help(self, row: FieldRow) -> None:
        self._explained = row
        field = row.field
        text = row.note if row.is_error else field.help
        if not row.is_error and field.kind in LOOKED_UP and not text:
            text = f"Name or number of a {' or '.join(field.refers)}."
        line = self.query_one("#form-help", Static)
        line.set_class(row.is_error, "-error")
        line.update(Content(visible(text, max(10, self.size.width - 2), ascii_only=self.ascii_only)))

    # Keys.

    def action_submit(self) -> None:
        """Say what was changed, or what is wrong."""
        self.settle()
        wrong = self.faults()
        if wrong:
            self.show_errors(wrong)
        else:
            self.post_message(self.Submitted(self, self.changes))

    def action_leave(self) -> None:
        """Close the choices, else leave."""
        if not self.choices.close():
            self.post_message(self.Left(self, self.changed))
