"""What the screens with a form share: hints beside it, live look-ups, drafts, leaving. What is typed for is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Static

from deskterm.errors import DeskError
from deskterm.forms.reading import Reader
from deskterm.forms.schema import Answer
from screens.form_drafts import DraftKeeper, Page, answers_of, content_of
from screens.form_hooks import FormHooks
from screens.messages import OpenRecord
from screens.replacing import begin_work
from widgets.form.form import Form
from widgets.form.side_strip import SideStrip
from widgets.safe_text import visible

if TYPE_CHECKING:
    from deskterm.drafts import Kept, Subject
    from deskterm.forms.schema import Hint, HintAct
    from screens.session import Session

PAUSE_SECONDS: Final = 0.25
"""Hints are asked for once nobody has typed for so long."""
CAUSE, CAUSED_BY = "cause", "caused_by"
"""What is done with the hint about a change, and the field that names it."""


class FormBase(FormHooks):
    """A screen with one form: opens it, keeps what is typed, tells hints, saves, leaves."""

    CSS_PATH: ClassVar[str | None] = "form.tcss"

    def __init__(self, session: Session, subject: Subject, draft: Kept | None = None) -> None:
        """Make a form about something.

        Args:
            session: The session.
            subject: What it is about.
            draft: The draft it goes on with; without one the person is asked if there are any.
        """
        super().__init__(session)
        self.subject = subject
        self._draft = draft
        self.title_text = ""
        self.drafts = DraftKeeper(self, subject, self._page)
        self._pause: Timer | None = None
        self._saving = False

    # The screen.

    def body(self) -> ComposeResult:
        """The form's place, and the strip beside it."""
        with Horizontal(id="desk-form"):
            yield Static("Loading…", id="loading")
            yield SideStrip(ascii_only=self.session.ascii_only, id="hints")

    def opened(self) -> None:
        """Read what the form needs."""
        self.converse(self._open())

    async def _open(self) -> None:
        try:
            prepared = await self.call(self.prepare)
            kept = await self.call(self.drafts.left)
        except DeskError as refusal:
            self.refuse(refusal)
            self.dismiss(None)
            return
        self.title_text = prepared.title
        self.path = ("DeskTerm", prepared.title)
        form = Form(prepared.fields, read=Reader(self.session.now, self.session.tz), ascii_only=self.session.ascii_only)
        await self.query_one("#loading").remove()
        await self.query_one("#desk-form").mount(form, before=0)
        form.show_fields(prepared.hidden, False)
        form.restore(prepared.given)
        form.focus_first(prepared.first)
        self.began()
        chosen = await self.drafts.start(kept, self._draft)
        if chosen is not None:
            form.restore(answers_of(chosen.content))
            self.resumed(chosen)
            form.focus_first(next(reversed(form.answers), prepared.first))
            self.say("Your draft is back.")
        self.ask_hints()

    # Drafts.

    @property
    def unsaved(self) -> str:
        """What is typed and not saved."""
        return self.title_text if self.is_ready and self.form.changed else ""

    def save_draft(self) -> None:
        """Keep what is typed now."""
        self.drafts.now()

    def _page(self) -> Page:
        if not self.is_ready or not self.form.changed:
            return {}, ""
        answers = self.form.answers
        telling = next((answers[name].text for name in ("summary", "name", *answers) if name in answers), "")
        return content_of(answers) | self.more_to_keep(), f"{self.title_text}: {visible(telling, 80)}"

    # Typing.

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        self.drafts.soon()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self.ask_hints)

    @on(Form.LookupWanted)
    def _look_up(self, event: Form.LookupWanted) -> None:
        event.stop()
        item, text, form = event.field, event.text, event.form
        self.read(
            f"lookup-{item.name}",
            lambda: self.look_up(item, text),
            lambda found: form.feed(item.name, text, found) if self.is_ready else None,
        )

    def ask_hints(self) -> None:
        """Read the hints for what is typed now; those for what was typed before are left aside."""
        if self.is_ready:
            values = dict(self.form.values)
            self.read("hints", lambda: self.hints(values), self._show_hints)

    def _show_hints(self, found: tuple[Hint, ...]) -> None:
        if not self.is_ready:
            return
        self.strip.show(found)
        self.set_class(bool(found), "-hinted")
        self.refresh_bindings()

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.begin_saving(event.values)

    def begin_saving(self, values: Mapping[str, object]) -> None:
        """Save, once at a time."""
        if not self._saving:
            self._saving = True
            begin_work(self, partial(self._save, values), group="perform")

    @property
    def is_saving(self) -> bool:
        """Whether a save is under way."""
        return self._saving

    async def _save(self, values: Mapping[str, object]) -> None:
        try:
            await self.save(values)
        except DeskError as refusal:
            fields = self.beside(refusal.fields)
            # One fault of one field is said beside it; what no single field says is said in full.
            if not self.is_ready or not self.form.show_errors(fields) or len(fields) > 1:
                self.refuse(refusal)
        finally:
            self._saving = False

    # Keys.

    @on(Form.Left)
    def _left(self, event: Form.Left) -> None:
        event.stop()
        self._leave()

    def _leave(self) -> None:
        """Leave; say what became of what was typed."""
        kept = self.drafts.leave()
        self.close(None, "Kept as a draft; it is offered when you open this form again." if kept else "")

    async def action_back(self) -> None:
        """Leave as `escape` does within the form."""
        self._leave()

    def action_next_hint(self) -> None:
        """Mark the next hint."""
        self.strip.mark_next()

    def hint_for(self, what: str) -> HintAct | None:
        """Return what is done with the marked hint, or with the first that this can be done with."""
        marked = self.strip.acted
        hints = (marked, *self.strip.hints) if marked is not None else self.strip.hints
        return next((hint.act for hint in hints if hint.act is not None and hint.act.what == what), None)

    def action_workaround(self) -> None:
        """Take the known error into the form: saving links it, and sends its workaround."""
        act = self.hint_for("workaround")
        if act is None or "known_error" not in self.form.rows:
            self.say("No known error fits what is typed so far.", severity="warning")
            return
        self.form.put("known_error", Answer(act.label, {act.label: act.number}))
        self.say(f"{act.number} is taken: saving links it and sends its workaround.")

    def action_open_hint(self) -> None:
        """Open the record of the marked hint; the form stays below it."""
        hint = self.strip.acted
        if hint is not None and hint.act is not None:
            self.app.post_message(OpenRecord(hint.act.number))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to name a cause where a hint tells of one."""
        if action == "cause":
            return self.is_ready and self.hint_for(CAUSE) is not None
        return super().check_action(action, parameters)

    def action_cause(self) -> None:
        """Put the suspected change of the marked hint into the field that names the cause; without a mark, the first."""
        act = self.hint_for(CAUSE)
        if act is None or CAUSED_BY not in self.form.rows:
            self.say("No change that ended there lately is told of here.")
            return
        self.form.put(CAUSED_BY, Answer(act.label, {act.label: act.number}))
        self.say(f"Caused by {act.number}; saved with the form.")
