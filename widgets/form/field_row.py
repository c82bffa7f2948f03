"""One field of a form: its label on the left, its editor, and a note in words: what was understood, or what is wrong."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from deskterm.forms.schema import OF_LINES, Answer, FieldKind, FormField
from widgets.form.editors import Editor, LineEditor, LinesEditor
from widgets.row_painter import paint
from widgets.safe_text import fit, visible

LABEL: Final = 16
"""Cells of the labels."""
GUTTER: Final = 3
"""Cells between label and editor: the mark of a required field, a rule, a blank."""
SHORT: Final = 30
"""Cells of an editor that has its note beside it."""
SHORT_KINDS: Final = frozenset(
    {
        FieldKind.CHOICE,
        FieldKind.SCALE,
        FieldKind.FLAG,
        FieldKind.NUMBER,
        FieldKind.INSTANT,
        FieldKind.DURATION,
        FieldKind.REFERENCE,
    }
)


class FieldRow(Widget, can_focus=False):
    """Draws the label and the note around the editor."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"field-row--label", "field-row--required", "field-row--note", "field-row--error"}
    DEFAULT_CSS = f"""
    FieldRow {{
        layout: horizontal;
        height: 1;
        & > .field-row--label {{ color: $text-muted; }}
        & > .field-row--required {{ color: $text-accent; text-style: bold; }}
        & > .field-row--note {{ color: $text-muted; }}
        & > .field-row--error {{ color: $text-error; text-style: bold; }}
        &.-lines {{ height: 4; }}
        &.-noted {{ height: 2; }}
        &.-lines.-noted {{ height: 5; }}
        & > LineEditor {{ margin-left: {LABEL + GUTTER}; width: 1fr; height: 1; background: $surface; padding: 0; }}
        & > LinesEditor {{ margin-left: {LABEL + GUTTER}; width: 1fr; height: 4; background: $surface; padding: 0; }}
        &.-short > LineEditor {{ width: {SHORT}; }}
        & > LineEditor:focus, & > LinesEditor:focus {{ background: $panel; }}
    }}
    """

    def __init__(self, field: FormField, *, ascii_only: bool = False) -> None:
        """Make the row of a field."""
        super().__init__(id=f"row-{field.name}")
        self.field = field
        self.ascii_only = ascii_only
        self.start = field.answer
        """What it held before anybody typed."""
        self.editor: Editor = LinesEditor(field) if field.kind in OF_LINES else LineEditor(field)
        self.note = ""
        self.is_error = False
        self.set_class(field.kind in OF_LINES, "-lines")
        self.set_class(field.kind in SHORT_KINDS, "-short")
        if field.error:
            self.show_note(field.error, error=True)
        else:
            self.show_note(self.told)

    def compose(self) -> ComposeResult:
        """The editor."""
        yield self.editor

    @property
    def told(self) -> str:
        """What is said of what it held before anybody typed: what tells that choice from others, such as its points."""
        return next((one.detail for one in self.field.options if one.value == self.field.value and one.detail), "")

    @property
    def answer(self) -> Answer:
        """What is typed."""
        return self.editor.answer

    @property
    def changed(self) -> bool:
        """Whether the person changed it: other words, or the same words meaning another record."""
        now = self.answer
        if now.text.strip() != self.start.text.strip():
            return True
        return any(self.start.picks.get(label, value) != value for label, value in now.picks.items())

    def show_note(self, text: str, *, error: bool = False) -> None:
        """Show a note, in place of the one there was. An error of a wide field takes a line of its own."""
        if (text, error) == (self.note, self.is_error):
            return
        self.note, self.is_error = text, error
        below = bool(text) and not self.has_class("-short")
        if below != self.has_class("-noted"):
            self.set_class(below, "-noted")
        self.refresh()

    def focus_editor(self) -> None:
        """Put the cursor into it."""
        self.editor.focus()

    @property
    def editor_region(self) -> Region:
        """Where the editor is on the screen."""
        return self.editor.region

    def render_line(self, y: int) -> Strip:
        """Paint what stands around the editor."""
        width, plain = self.size.width, self.rich_style
        rule = "|" if self.ascii_only else "│"
        label_style = self.get_component_rich_style("field-row--label")
        mark = "*" if self.field.required else " "
        label = fit(self.field.label, LABEL, "right", ascii_only=self.ascii_only) if y == 0 else " " * LABEL
        parts = [
            (label, label_style),
            (mark if y == 0 else " ", self.get_component_rich_style("field-row--required")),
            (f"{rule} ", label_style),
        ]
        note_style = self.get_component_rich_style("field-row--error" if self.is_error else "field-row--note")
        sign = ("! " if self.ascii_only else "✖ ") if self.is_error else ""
        if self.note and self.has_class("-short") and y == 0:
            room = width - LABEL - GUTTER - SHORT - 2
            parts += [(" " * (SHORT + 1), plain), (visible(sign + self.note, room, ascii_only=self.ascii_only), note_style)]
        elif self.note and self.has_class("-noted") and y == self.size.height - 1:
            room = width - LABEL - GUTTER
            parts.append((visible(sign + self.note, room, ascii_only=self.ascii_only), note_style))
        return paint(parts, width, plain)


class SectionHead(Widget, can_focus=False):
    """The heading of a section: its name on a rule."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    SectionHead { height: 1; color: $text-accent; }
    """

    def __init__(self, title: str, *, ascii_only: bool = False) -> None:
        """Head a section."""
        super().__init__()
        self.title = title
        self.ascii_only = ascii_only

    def render_line(self, y: int) -> Strip:
        """Paint the rule."""
        width, style = self.size.width, self.rich_style
        dash = "-" if self.ascii_only else "─"
        title = visible(self.title, max(0, width - LABEL - 4), ascii_only=self.ascii_only)
        lead = dash * max(1, LABEL - cell_len(title) - 1)
        text = f"{lead} {title} " if title else lead
        return paint([(text + dash * max(0, width - cell_len(text)), style)], width, style)
