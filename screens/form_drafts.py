"""What a screen with a form does about drafts: keeps what is typed, offers back what was left, says what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.drafts import Kept, Pen, Subject
from deskterm.errors import NotFound
from deskterm.forms.schema import Answer
from screens.modals.choose import Choice, ChooseModal
from screens.when import short

if TYPE_CHECKING:
    from textual.timer import Timer

    from screens.calling import Calling

KEEP_SECONDS: Final = 0.3
"""So long after a key the form is looked through; the journal writes at once then, so that a second is never lost."""
OFFERED: Final = 8

Page = tuple[dict[str, Any], str]
"""What is kept, and what a person knows it by."""


class DraftKeeper:
    """Keeps the draft of one form. Works, but keeps nothing, where drafts cannot be kept."""

    def __init__(self, screen: Calling[Any], subject: Subject, page: Callable[[], Page]) -> None:
        """Serve a screen.

        Args:
            screen: The screen.
            subject: What its form is about.
            page: Gives what is typed now; nothing typed is an empty content.
        """
        self._screen = screen
        self.subject = subject
        self._page = page
        self._pen: Pen | None = None
        self._waiting: Timer | None = None

    def left(self) -> tuple[Kept, ...]:
        """Return the drafts of the same form that wait for somebody. Call it in a thread."""
        journal, mine = self._screen.session.drafts, self.subject
        if journal is None:
            return ()
        same = (mine.form, mine.kind, mine.number, mine.action)
        return tuple(
            one for one in journal.left() if (one.subject.form, one.subject.kind, one.subject.number, one.subject.action) == same
        )

    async def start(self, kept: tuple[Kept, ...], wanted: Kept | None = None) -> Kept | None:
        """Ask whether to go on with one of some drafts; begin to keep either way. Call it in a worker.

        Args:
            kept: The drafts of this form.
            wanted: The one to go on with, where the person has said so already.

        Returns:
            The draft to go on with, which is this form's from now on; None to begin anew.
        """
        journal, screen = self._screen.session.drafts, self._screen
        if journal is None:
            return None
        chosen = wanted.id if wanted is not None else ANEW
        if kept and wanted is None:
            chosen = await screen.app.push_screen_wait(ChooseModal(screen.session, TITLE, self._choices(kept))) or ANEW
        if chosen != ANEW:
            one = next(one for one in (wanted, *kept) if one is not None and one.id == chosen)
            try:
                self._pen = await screen.call(journal.take_up, one)
            except NotFound as gone:
                screen.refuse(gone)
            else:
                return one
        self._pen = journal.begin(self.subject)
        return None

    def _choices(self, kept: tuple[Kept, ...]) -> list[Choice[str]]:
        session = self._screen.session
        said = [(one, one.title or "untitled") for one in kept[:OFFERED]]
        drafts = [
            Choice(one.id, title, f"typed {short(one.saved_at, session.now(), session.tz)}", number=str(place))
            for place, (one, title) in enumerate(said, 1)
        ]
        return [*drafts, Choice(ANEW, "Begin anew", "what was left stays where it is")]

    def soon(self) -> None:
        """Something was typed: keep it shortly."""
        if self._pen is not None and self._waiting is None:
            self._waiting = self._screen.set_timer(KEEP_SECONDS, self.now)

    def now(self) -> None:
        """Keep what is typed at once."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if self._pen is not None:
            self._pen.keep(*self._page())

    def leave(self) -> bool:
        """The form is closed; what is typed stays. Returns whether anything is."""
        self.now()
        content, _ = self._page()
        if self._pen is not None:
            self._pen.lay_down()
            self._pen = None
        return bool(content)

    def done(self) -> None:
        """It is saved: nothing is left to come back to."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if self._pen is not None:
            self._pen.discard()
            self._pen = None


TITLE: Final = "Go on with what you typed?"
ANEW: Final = ""
"""Chosen to begin anew."""


def content_of(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return answers as they are kept; none are an empty content."""
    if not answers:
        return {}
    return {"answers": {name: {"text": one.text, "picks": dict(one.picks)} for name, one in answers.items()}}


def answers_of(content: Mapping[str, Any]) -> dict[str, Answer]:
    """Return answers from what was kept; what is not one is left aside, for the file may be of an older console."""
    found: dict[str, Answer] = {}
    stored = content.get("answers")
    for name, one in stored.items() if isinstance(stored, dict) else ():
        if isinstance(one, dict) and isinstance(one.get("text"), str):
            picks = one.get("picks")
            found[name] = Answer(one["text"], {str(k): str(v) for k, v in picks.items()} if isinstance(picks, dict) else {})
    return found
