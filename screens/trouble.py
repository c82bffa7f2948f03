"""The screen of a desk that cannot be opened: what is wrong, what to do, try again or leave."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.replacing import begin_work
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session


class TroubleScreen(Screen[bool]):
    """Says one sentence. Answers `True` to try again, `False` to leave.

    | Key | Does |
    | --- | --- |
    | `r`, `enter` | try again |
    | `p` | read the copy of the continuity plans that this machine keeps, where it does |
    | `q`, `escape` | leave |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "dismiss(True)", "try again", id="trouble.again"),
        Binding("p", "plans", "plans", id="trouble.plans"),
        Binding("q,escape,ctrl+q", "dismiss(False)", "quit", id="trouble.quit"),
    ]

    DEFAULT_CSS = """
    TroubleScreen {
        align: center middle;
        & > Vertical { width: 76; max-width: 96%; height: auto; padding: 1 2; border: round $error; }
        & #title { text-style: bold; margin-bottom: 1; }
        & #what { margin-bottom: 1; }
        & #cure { color: $text-muted; }
        & #plans { margin-top: 1; display: none; }
        & #plans.-shown { display: block; }
        & KeyBar { dock: bottom; }
    }
    """

    def __init__(self, sentence: str, location: str, *, ascii_only: bool = False, session: Session | None = None) -> None:
        """Show why a desk does not open.

        Args:
            sentence: What is wrong and what to do.
            location: Which desk; a password in it is not shown.
            ascii_only: Whether the terminal shows ASCII only.
            session: Whose copy of the plans is offered; none where nobody is known.
        """
        super().__init__()
        self._session = session
        self._sentence = sentence
        self._location = location
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """The sentence, and where the desk was looked for."""
        with Vertical():
            yield Static(Content("The desk cannot be opened"), id="title")
            yield Static(Content(visible(self._sentence, 600, ascii_only=self._ascii)), id="what")
            yield Static(Content(visible(f"Looked for: {self._location}", 200, ascii_only=self._ascii)), id="cure")
            yield Static(id="plans", markup=False)
        yield KeyBar((KeyHint("r", "try again"), KeyHint("q", "quit", keep=True)), ascii_only=self._ascii)

    def on_mount(self) -> None:
        """Look whether this machine has a copy of the plans: this may be the day for which it is kept."""
        if self._session is not None:
            begin_work(self, partial(self._look_for_plans, self._session), name="plans", exit_on_error=False)

    async def _look_for_plans(self, session: Session) -> None:
        from screens.plan_copy import read_copy

        found = await read_copy(session)
        if found is None or not self.is_attached:
            return
        folder, kept = found
        count = len(kept["plans"])
        told = f"{count} continuity plan{'' if count == 1 else 's'} as of {kept['at']} at hand: press p.\n{folder}"
        line = self.query_one("#plans", Static)
        line.update(Content("\n".join(visible(part, 200, ascii_only=self._ascii) for part in told.splitlines())))
        line.add_class("-shown")
        self.query_one(KeyBar).hints = (
            KeyHint("r", "try again"),
            KeyHint("p", "plans", keep=True),
            KeyHint("q", "quit", keep=True),
        )

    def action_plans(self) -> None:
        """Show the copy."""
        if self._session is not None:
            from screens.plan_copy import show_copy

            begin_work(self.app, partial(show_copy, self.app, self._session), name="copy", group="conversation")
