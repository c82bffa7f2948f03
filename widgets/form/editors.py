"""The two sorts of field one types in: a line, which may have a list of choices below it, and several lines.

They know how keys work in them; what a text means and what is offered is the form's business.
"""

from __future__ import annotations

from typing import ClassVar, Final, TypeAlias

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from deskterm.forms.schema import Answer, FieldKind, FormField
from widgets.text_area import DeskTextArea
from widgets.text_input import TextInput

Editor: TypeAlias = "LineEditor | LinesEditor"

WHOLE: Final = frozenset({FieldKind.CHOICE, FieldKind.SCALE, FieldKind.FLAG})
"""Kinds whose content is replaced by the first key, because they hold one of a few words."""
SEPARATORS: Final = {FieldKind.REFERENCES: ";", FieldKind.LIST: ","}
"""What parts the items of a field that holds several."""


class LineEditor(TextInput):
    """A field of one line. The list of choices is moved through with the arrows while the cursor stays in the text.

    | Key | Does |
    | --- | --- |
    | `down`, `up` | open the list of choices; move in it |
    | `enter` | take the choice, or go to the next field |
    | `space` | in a yes-or-no field: the other one |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choose(1)", "Choices", id="form.choices", show=False),
        Binding("up", "choose(-1)", "Choices", id="form.choices_up", show=False),
        Binding("enter", "take", "Take", id="form.take", show=False),
    ]

    class Choose(Message):
        """Move in the list of choices, opening it first."""

        def __init__(self, editor: LineEditor, step: int) -> None:
            super().__init__()
            self.editor = editor
            self.step = step

    class Take(Message):
        """Take the choice, or go on."""

        def __init__(self, editor: LineEditor) -> None:
            super().__init__()
            self.editor = editor

    def __init__(self, field: FormField) -> None:
        """Make the editor of a field."""
        super().__init__(
            field.answer.text,
            placeholder=field.placeholder,
            max_length=field.limit,
            select_on_focus=field.kind in WHOLE,
            id=f"edit-{field.name}",
        )
        self.kind = field.kind
        self.field_name = field.name
        self.picks: dict[str, str] = dict(field.answer.picks)

    @property
    def answer(self) -> Answer:
        """What it holds: the text, and the meaning of its chosen words as far as they still stand in it."""
        if not self.picks:
            return Answer(self.value)
        items = set(self._items())
        return Answer(self.value, {label: value for label, value in self.picks.items() if label in items})

    def put(self, answer: Answer) -> None:
        """Hold another answer."""
        self.picks = dict(answer.picks)
        self.value = answer.text
        self.cursor_position = len(self.value)

    def _items(self) -> list[str]:
        separator = SEPARATORS.get(self.kind)
        return [part.strip() for part in self.value.split(separator)] if separator else [self.value.strip()]

    @property
    def item(self) -> str:
        """The text that choices are searched for: all of it, or the item under the cursor."""
        start, end = self._item_span()
        return self.value[start:end].strip()

    def _item_span(self) -> tuple[int, int]:
        separator = SEPARATORS.get(self.kind)
        if separator is None:
            return 0, len(self.value)
        start = self.value.rfind(separator, 0, self.cursor_position) + 1
        end = self.value.find(separator, self.cursor_position)
        return start, len(self.value) if end < 0 else end

    @property
    def is_chosen(self) -> bool:
        """Whether the item under the cursor was chosen and not changed since."""
        return self.item in self.picks

    def pick(self, label: str, value: str) -> None:
        """Put a choice in place of the item under the cursor."""
        separator = SEPARATORS.get(self.kind)
        plain = label if separator is None else label.replace(separator, " ")
        if self.picks.get(plain, value) != value:
            plain = f"{plain} ({value})"
        start, end = self._item_span()
        lead = " " if start else ""
        self.picks[plain] = value
        self.value = f"{self.value[:start]}{lead}{plain}{self.value[end:]}"
        self.cursor_position = start + len(lead) + len(plain)

    def action_choose(self, step: int) -> None:
        """Ask for the list of choices."""
        self.post_message(self.Choose(self, step))

    def action_take(self) -> None:
        """Take what is chosen."""
        self.post_message(self.Take(self))

    async def _on_key(self, event: events.Key) -> None:
        if self.kind is FieldKind.FLAG and event.key == "space":
            event.stop()
            event.prevent_default()
            self.value = "no" if self.value.strip().casefold() in ("yes", "y") else "yes"
            return
        await super()._on_key(event)


class LinesEditor(DeskTextArea):
    """A field of several lines."""

    def __init__(self, field: FormField) -> None:
        """Make the editor of a field."""
        super().__init__(field.answer.text, placeholder=field.placeholder, max_length=field.limit, id=f"edit-{field.name}")
        self.field_name = field.name

    @property
    def answer(self) -> Answer:
        """What it holds."""
        return Answer(self.text)

    def put(self, answer: Answer) -> None:
        """Hold another answer."""
        self.load_text(answer.text)
        self.move_cursor(self.document.end)
