"""Asks which of several: typed words narrow the list, a number picks at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from screens.base import DeskModal
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import fit, visible
from widgets.text_input import TextInput

if TYPE_CHECKING:
    from screens.session import Session

T = TypeVar("T")

WINDOW_CELLS = 76
BORDER_CELLS = 8
"""Border, padding, and the scroll bar of the list."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """Something that can be chosen."""

    value: T
    label: str
    detail: str = ""
    """What tells it from others, or what it demands."""
    refusal: str = ""
    """Why it cannot be chosen now; empty where it can."""
    number: str = ""
    """A digit that picks it at once while nothing else is typed."""

    def matches(self, words: Sequence[str]) -> bool:
        """Whether all words occur in it."""
        text = f"{self.label} {self.detail}".casefold()
        return all(word in text for word in words)


class ChooseModal(DeskModal[T], Generic[T]):
    """A list to choose from. Answers with the value, or with `None`.

    | Key | Does |
    | --- | --- |
    | letters | narrow the list |
    | `down`, `up` | move |
    | `enter` | choose |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "down", id="choose.down", show=False, priority=True),
        Binding("up", "move(-1)", "up", id="choose.up", show=False, priority=True),
    ]

    DEFAULT_CSS = """
    ChooseModal {
        & OptionList { height: auto; max-height: 16; border: none; padding: 0; background: $surface; }
        & TextInput { background: $surface; padding: 0; }
    }
    """

    options = query_one(OptionList)

    def __init__(
        self, session: Session, title: str, choices: Sequence[Choice[T]], *, placeholder: str = "type to narrow"
    ) -> None:
        """Ask.

        Args:
            session: The session.
            title: What is asked.
            choices: What there is, the likeliest first; those refused are shown with their reason.
            placeholder: Shown in the empty field.
        """
        super().__init__(session)
        self._title, self._choices, self._placeholder = title, tuple(choices), placeholder
        self._shown: list[Choice[T]] = []

    def compose(self) -> ComposeResult:
        """The field that narrows, and the list."""
        with Vertical(classes="window") as window:
            window.border_title = Content(visible(self._title, 70))
            yield TextInput(placeholder=self._placeholder, max_length=80)
            yield OptionList(compact=True)
            yield KeyBar(
                (KeyHint("enter", "choose"), KeyHint("esc", "close", keep=True)), ascii_only=self.session.ascii_only, id="own"
            )

    def on_mount(self) -> None:
        """List everything; the keys at the bottom are this window's own."""
        self.options.can_focus = False
        self._narrow("")
        self.call_after_refresh(self._own_keys)

    def _own_keys(self) -> None:
        self.query_one(KeyBar).hints = (KeyHint("enter", "choose"), KeyHint("esc", "close", keep=True))

    def _show_keys(self, _: object) -> None:
        """Keep the window's own keys."""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        picked = next((one for one in self._choices if one.number and one.number == event.value.strip()), None)
        if picked is not None and not picked.refusal:
            self.dismiss(picked.value)
        else:
            self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        self._shown = [one for one in self._choices if one.matches(words)]
        self.options.clear_options()
        self.options.add_options(Option(self._prompt(one), disabled=bool(one.refusal)) for one in self._shown)
        if not self._shown:
            self.options.add_option(Option(Content("nothing is called that"), disabled=True))
        self.options.highlighted = next((place for place, one in enumerate(self._shown) if not one.refusal), None)

    def _prompt(self, one: Choice[T]) -> Content:
        ascii_only = self.session.ascii_only
        number = f"{one.number:<2}" if any(choice.number for choice in self._choices) else ""
        width = max(20, min(self.app.size.width * 96 // 100, WINDOW_CELLS) - BORDER_CELLS - len(number))
        longest = max(len(choice.label) for choice in self._choices)
        label = fit(one.label, min(longest, width // 2), ascii_only=ascii_only)
        detail = visible(one.refusal or one.detail, max(1, width - len(label) - 2), ascii_only=ascii_only)
        return Content.assemble(number, label, "  ", (detail, "$text-muted"))

    def action_move(self, step: int) -> None:
        """Move to the next that can be chosen."""
        if step > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._pick(self.options.highlighted)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._pick(event.option_index)

    def _pick(self, place: int | None) -> None:
        if place is not None and place < len(self._shown) and not self._shown[place].refusal:
            self.dismiss(self._shown[place].value)
