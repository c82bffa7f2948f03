"""The line that narrows a list: a query with completion, the number found, and errors that point at their place."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from deskterm.errors import BadQuery
from deskterm.query.complete import Completion, Suggestion, complete
from screens.vocabulary import Words
from widgets.line_bar import LineBar, Piece
from widgets.text_input import TextInput

OFFERED = 12
"""Suggestions at once."""
USUAL = (
    "state:",
    "team:",
    "assignee:",
    "priority:",
    "due:",
    "mine",
    "unassigned",
    "breached",
    "service:",
    "requester:",
    "created:",
)
"""What is offered first before anything is typed."""
LIMIT = 4_000
"""Characters of a query."""


class Advice(LineBar):
    """The line below the query: what could be typed next, or what is wrong and where."""

    completion: reactive[Completion] = reactive(Completion(0, 0))
    chosen: reactive[int] = reactive(0)
    wrong: reactive[tuple[int, str]] = reactive((0, ""))
    """Column, counted from 1, and what is wrong there; an empty text is nothing."""

    def pieces(self, width: int) -> list[Piece]:
        """The error with an arrow at its place, else the suggestions."""
        column, message = self.wrong
        if message:
            arrow = "^" if self.ascii_only else "▲"
            before = max(0, min(column, width // 2) - 1)
            return [
                Piece(f" {' ' * before}{arrow} ", "breach"),
                Piece(self.clean(message, max(10, width - before - 4)), "breach"),
            ]
        found = self.completion.suggestions
        if not found:
            return [Piece(" words, field:value, AND OR NOT", "muted")]
        pieces = [Piece(" ")]
        first = max(0, self.chosen - 3)
        for place, one in enumerate(found[first:], first):
            here = place == self.chosen
            pieces.append(
                Piece(f"[{self.clean(one.text, 30)}]" if here else f" {self.clean(one.text, 30)} ", "active" if here else "")
            )
            if here and one.detail:
                pieces.append(Piece(f" {self.clean(one.detail, 24)} ", "muted"))
        return [*pieces, Piece("  tab takes, ↑↓ choose" if not self.ascii_only else "  tab takes, up/down choose", "muted")]


class QueryInput(TextInput):
    """The query while it is typed.

    | Key | Does |
    | --- | --- |
    | `enter` | list what it finds |
    | `tab` | take the suggestion |
    | `down`, `up` | choose another |
    | `escape` | leave the list as it was |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", "complete", id="filter.take", show=False),
        Binding("down", "choose(1)", "next suggestion", id="filter.next", show=False),
        Binding("up", "choose(-1)", "suggestion before", id="filter.before", show=False),
        Binding("enter", "submit", "list", id="filter.apply", show=False),
        Binding("escape", "leave", "leave", id="filter.leave", show=False),
    ]

    class Asked(Message):
        """A key that is the line's business."""

        def __init__(self, what: str, step: int = 0) -> None:
            super().__init__()
            self.what, self.step = what, step

    def action_take(self) -> None:
        """Take the suggestion."""
        self.post_message(self.Asked("take"))

    def action_choose(self, step: int) -> None:
        """Choose another suggestion."""
        self.post_message(self.Asked("choose", step))

    def action_leave(self) -> None:
        """Leave without changing the list."""
        self.post_message(self.Asked("leave"))


class FilterLine(Vertical):
    """The query of a list. `Applied` and `Left` say what became of it."""

    DEFAULT_CSS = """
    FilterLine {
        height: auto;
        & > Horizontal { height: 1; padding: 0 1; }
        & QueryInput { width: 1fr; background: $background; padding: 0; border: none; height: 1; }
        & #found { width: auto; color: $text-muted; }
        & Advice { display: none; }
        & Advice.-shown { display: block; }
    }
    """

    field = query_one(QueryInput)
    advice = query_one(Advice)

    class Applied(Message):
        """The person wants this query."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    class Left(Message):
        """The person left the field without changing anything."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Make a line with nothing in it."""
        super().__init__(id=id)
        self._ascii = ascii_only
        self.words = Words()
        """What may be typed."""
        self._applied = ""

    def compose(self) -> ComposeResult:
        """The field, the number found, the advice."""
        with Horizontal():
            yield QueryInput(placeholder="everything; / narrows it", max_length=LIMIT, id="query")
            yield Static(id="found", markup=False)
        yield Advice(ascii_only=self._ascii)

    def show(self, query: str) -> None:
        """Show the query that the list answers; what somebody is typing instead stays."""
        typing = self.types_other_than(query)
        self._applied = query
        if not typing:
            self._put_back()

    def _put_back(self) -> None:
        self.field.value = self._applied
        self._advise()

    def types_other_than(self, query: str) -> bool:
        """Whether somebody is typing another query here: a list that arrives meanwhile takes neither text nor focus away."""
        return self.field.has_focus and self.typed.strip() not in (query, self._applied)

    def found(self, text: str) -> None:
        """Show how many were found."""
        self.query_one("#found", Static).update(Content(text))

    def begin(self) -> None:
        """Take the focus, the cursor at the end."""
        self.field.focus()
        if self.field.value and not self.field.value.endswith(" "):
            self.field.value += " "
        self.field.cursor_position = len(self.field.value)
        self._advise()

    def refuse(self, problem: BadQuery) -> None:
        """Point at what is not understood; the field keeps what was typed and the focus."""
        self.field.focus()
        self.field.cursor_position = min(len(self.field.value), problem.column - 1)
        head = cell_len(self.field.value[: problem.column - 1])
        self.advice.wrong = (head + 1, problem.message)
        self.advice.set_class(True, "-shown")

    @property
    def typed(self) -> str:
        """What stands in the field, applied or not."""
        return self.field.value

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.advice.wrong = (0, "")
        self._advise()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Applied(event.value.strip()))

    @on(QueryInput.Asked)
    def _asked(self, event: QueryInput.Asked) -> None:
        event.stop()
        found = self.advice.completion.suggestions
        if event.what == "leave":
            self.advice.wrong = (0, "")
            self._put_back()
            self.post_message(self.Left())
        elif event.what == "choose" and found:
            self.advice.chosen = (self.advice.chosen + event.step) % len(found)
        elif event.what == "take" and found:
            self._take()

    def _take(self) -> None:
        completion, text = self.advice.completion, self.field.value
        suggestion = completion.suggestions[self.advice.chosen].text
        # A field goes on with its value; a value is done.
        gap = "" if suggestion.endswith(":") or text[completion.end :].startswith(" ") else " "
        self.field.value = text[: completion.start] + suggestion + gap + text[completion.end :]
        self.field.cursor_position = completion.start + len(suggestion) + len(gap)
        self._advise()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        self._advise()

    def _advise(self) -> None:
        """Offer what may stand at the cursor, while the field has the focus."""
        shown = self.field.has_focus or bool(self.advice.wrong[1])
        self.advice.set_class(shown, "-shown")
        if self.field.has_focus:
            found = complete(self.field.value, self.field.cursor_position, self.words, limit=500)
            best = sorted(found.suggestions, key=_rank) if found.start == found.end else found.suggestions
            self.advice.completion = replace(found, suggestions=tuple(best)[:OFFERED])
            self.advice.chosen = 0


def _rank(suggestion: Suggestion) -> tuple[int, str]:
    usual = USUAL.index(suggestion.text) if suggestion.text in USUAL else len(USUAL)
    return usual, suggestion.text
