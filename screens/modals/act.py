"""Asks what a workflow action demands, in a form above the list, and does it: a refusal stands beside its field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from deskterm.errors import DeskError
from deskterm.forms.reading import Reader
from deskterm.forms.schema import OF_LINES, FormField, Option
from screens.base import DeskModal
from screens.replacing import replace_work
from widgets.form.form import Form
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session

T = TypeVar("T")
Perform = Callable[[Mapping[str, object]], Awaitable[T | None]]
"""Does it with the values; `None` lets the person go on typing. What it raises is shown beside the fields."""


class ActModal(DeskModal[T], Generic[T]):
    """A form of a few fields. Answers with what `perform` returns."""

    BINDINGS: ClassVar[list[BindingType]] = []

    DEFAULT_CSS = """
    ActModal {
        & > .window { height: auto; }
        & Form { height: 8; }
        & Form > #form-help { width: 1fr; }
        & #told { color: $text-muted; height: auto; }
    }
    """

    form = query_one(Form)

    def __init__(
        self, session: Session, title: str, fields: Sequence[FormField], perform: Perform[T], *, told: str = "", do: str = "do it"
    ) -> None:
        """Ask.

        Args:
            session: The session.
            title: What is about to be done.
            fields: What it takes.
            perform: Does it.
            told: One sentence on what it means.
            do: A word for doing it.
        """
        super().__init__(session)
        self._title, self._fields, self._perform, self._told, self._do = title, tuple(fields), perform, told, do

    def compose(self) -> ComposeResult:
        """The sentence, the form, the keys."""
        ascii_only = self.session.ascii_only
        with Vertical(classes="window") as window:
            window.border_title = Content(visible(self._title, 70))
            if self._told:
                yield Static(Content(visible(self._told, 300)), id="told")
            yield Form(self._fields, read=Reader(self.session.now, self.session.tz), ascii_only=ascii_only)
            yield Static(classes="wrong", markup=False)
            yield KeyBar((KeyHint("^s", self._do, keep=True), KeyHint("esc", "close", keep=True)), ascii_only=ascii_only)

    def on_mount(self) -> None:
        """Begin at the first field that is demanded and empty."""
        lines = sum(5 if item.kind in OF_LINES else 2 for item in self._fields)
        self.form.styles.height = max(3, min(lines + 1, self.app.size.height - 8))
        empty = next((item.name for item in self._fields if item.required and not item.answer.text), "")
        self.call_after_refresh(self.form.focus_first, empty)

    def _show_keys(self, _: object) -> None:
        """The keys do not change while the window stands."""

    @on(Form.LookupWanted)
    def _lookup(self, event: Form.LookupWanted) -> None:
        event.stop()
        field, text = event.field, event.text
        self.read(f"lookup-{field.name}", lambda: self._find(field, text), lambda found: event.form.feed(field.name, text, found))

    def _find(self, field: FormField, text: str) -> tuple[Option, ...]:
        from screens.lookup import find

        return find(self.desk, field.refers, text)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        replace_work(self, partial(self._do_it, event.values), "perform")

    async def _do_it(self, values: Mapping[str, object]) -> None:
        wrong = self.query_one(".wrong", Static)
        try:
            done = await self._perform(values)
        except DeskError as refusal:
            beside = self.form.show_errors(refusal.fields)
            wrong.set_class(not beside, "-shown")
            wrong.update(Content(visible(refusal.message, 400, ascii_only=self.session.ascii_only)))
            return
        if done is not None:
            self.dismiss(done)

    @on(Form.Left)
    def _left(self, event: Form.Left) -> None:
        event.stop()
        self.dismiss(None)
