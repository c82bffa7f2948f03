"""The form of any record: something new, an edit, a workflow action. Everything on it follows from what the kind declares.

Beside it stands what is worth knowing while one types; what is typed is kept as a draft; what the desk refuses stands beside
its field; where a colleague changed the same, both values are shown and asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Static

from deskterm.drafts import Subject
from deskterm.errors import Conflict, DeskError
from deskterm.forms.reading import Reader
from deskterm.forms.schema import Answer
from screens import keys
from screens.base import DeskScreen
from screens.form_drafts import DraftKeeper, Page, answers_of, content_of
from screens.messages import DeskChanged, OpenRecord
from screens.modals.conflict import ConflictModal, mine_of
from widgets.form.form import Form
from widgets.form.side_strip import SideStrip
from widgets.safe_text import visible

if TYPE_CHECKING:
    from textual.binding import BindingType

    from deskterm.forms.schema import Hint
    from deskterm.kinds import Kind
    from deskterm.records.schema import Receipt
    from screens.form_loading import Loaded
    from screens.session import Session

PAUSE_SECONDS: Final = 0.25
"""Hints are asked for once nobody has typed for so long."""


class FormScreen(DeskScreen[str]):
    """One form. Answers with the number of the record that was saved, or with None.

    | Key | Does |
    | --- | --- |
    | `ctrl+s` | save |
    | `f2` | mark the next hint |
    | `ctrl+o` | open the record of the marked hint |
    | `escape` | leave; what was typed is kept as a draft |
    """

    AREAS: ClassVar[tuple[str, ...]] = ("form",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("form")
    CSS_PATH = "form.tcss"

    def __init__(self, session: Session, subject: Subject, values: Mapping[str, object] | None = None) -> None:
        """Make a form.

        Args:
            session: The session.
            subject: What is made or changed: `Subject("new", kind)`, `Subject("edit", number=…)`, `Subject("act", …, action=…)`.
            values: What a new record begins with, by field, as a person would type it.
        """
        super().__init__(session)
        self.subject = subject
        self._given = dict(values or {})
        self._loaded: Loaded | None = None
        self._pause: Timer | None = None
        self._saving = False
        self.drafts = DraftKeeper(self, subject, self._page)

    def body(self) -> ComposeResult:
        """The form's place, and the strip beside it."""
        with Horizontal(id="desk-form"):
            yield Static("Loading…", id="loading")
            yield SideStrip(ascii_only=self.session.ascii_only, id="hints")

    def opened(self) -> None:
        """Read what the form needs."""
        self.converse(self._open())

    async def _open(self) -> None:
        from screens.form_loading import load

        try:
            loaded = await self.call(load, self.desk, self.subject, self._given)
            kept = await self.call(self.drafts.left)
        except DeskError as refusal:
            self.refuse(refusal)
            self.dismiss(None)
            return
        self._loaded = loaded
        self.drafts.subject = loaded.subject
        self.path = ("DeskTerm", loaded.title)
        form = Form(loaded.fields, read=Reader(self.session.now, self.session.tz), ascii_only=self.session.ascii_only)
        await self.query_one("#loading").remove()
        await self.query_one("#desk-form").mount(form, before=0)
        if loaded.view is not None:
            self.session.presence.enter(self, loaded.view.id, typing=True)
        form.restore(loaded.given)
        form.focus_first(loaded.first)
        chosen = await self.drafts.start(kept)
        if chosen is not None:
            form.restore(answers_of(chosen.content))
            self._rebase(chosen.subject)
            self.say("Your draft is back.")
        self._ask_hints()

    def _rebase(self, subject: Subject) -> None:
        """Go on from the version that the draft's author saw, so that a change made since is asked about."""
        if self._loaded is not None and subject.base_version is not None:
            self._loaded.base_version = min(subject.base_version, self._loaded.base_version or subject.base_version)

    @property
    def form(self) -> Form:
        """The form, once it is there."""
        return self.query_one(Form)

    @property
    def kind(self) -> Kind | None:
        """The kind of record, once it is known."""
        return self._loaded.kind if self._loaded is not None else None

    # Drafts

    @property
    def unsaved(self) -> str:
        """What is typed and not saved."""
        loaded = self._loaded
        return loaded.title if loaded is not None and self.is_attached and self.query(Form) and self.form.changed else ""

    def save_draft(self) -> None:
        """Keep what is typed now."""
        self.drafts.now()

    def _page(self) -> Page:
        if self._loaded is None or not self.is_attached or not self.query(Form):
            return {}, ""
        answers = self.form.answers
        first = next((answers[name].text for name in (self._loaded.kind.title_field, *answers) if name in answers), "")
        return content_of(answers), f"{self._loaded.title}: {visible(first, 80)}"

    def on_unmount(self) -> None:
        """Nobody types here any more."""
        self.session.presence.leave(self)

    # Typing

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        self.drafts.soon()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._ask_hints)

    @on(Form.LookupWanted)
    def _look_up(self, event: Form.LookupWanted) -> None:
        event.stop()
        from screens.form_loading import look_up

        field, text, desk = event.field, event.text, self.desk
        self.read(
            f"lookup-{field.name}",
            lambda: look_up(desk, field.refers, text),
            lambda found: event.form.feed(field.name, text, found),
        )

    def _ask_hints(self) -> None:
        if self._loaded is None or not self.query(Form):
            return
        from screens.form_loading import hints

        kind, desk, values = self._loaded.kind, self.desk, dict(self.form.values)
        if self._loaded.view is not None:
            values["number"] = self._loaded.view.number
        self.read("hints", lambda: hints(desk, kind, values), self._show_hints)

    def _show_hints(self, found: tuple[Hint, ...]) -> None:
        strip = self.query_one(SideStrip)
        strip.show(found)
        self.set_class(bool(found), "-hinted")

    # Saving

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        if not self._saving:
            self.run_worker(self._save(dict(event.values)), group="perform")

    async def _save(self, values: dict[str, object]) -> None:
        """Save, asking as often as somebody else changed the same."""
        assert self._loaded is not None
        self._saving = True
        dropped: dict[str, Answer] = {}
        base = self._loaded.base_version
        try:
            while True:
                try:
                    receipt = await self.commit(partial(self._loaded.write, self.desk, values, base))
                except Conflict as conflict:
                    kept = await self.app.push_screen_wait(ConflictModal(self.session, conflict))
                    if kept is None:
                        self.form.show_errors(conflict.fields)
                        return
                    lost = {clash.field for clash in conflict.clashes} - kept
                    dropped |= {name: answer for name, answer in self.form.answers.items() if name in lost}
                    values, base = mine_of(conflict.clashes, kept, values), conflict.version
                    continue
                self._saved(receipt, dropped)
                return
        except DeskError as refusal:
            if not self.form.show_errors(refusal.fields) or len(refusal.fields) > 1:
                self.refuse(refusal)
        finally:
            self._saving = False

    def _saved(self, receipt: Receipt, dropped: Mapping[str, Answer]) -> None:
        assert self._loaded is not None
        self.drafts.done()
        if dropped:
            self._keep_dropped(receipt, dropped)
        told = self._loaded.told(receipt)
        self._close(receipt.number, f"{told}; your own {', '.join(dropped)} is kept as a draft" if dropped else told)

    def _close(self, number: str | None, told: str) -> None:
        """Give way to the screen below, and let that say what was done."""
        if self.is_attached:
            self.dismiss(number)
        if told:
            self.app.call_later(self.say, told)

    def _keep_dropped(self, receipt: Receipt, dropped: Mapping[str, Answer]) -> None:
        """Where a colleague's value holds, one's own words are kept all the same."""
        journal = self.session.drafts
        if journal is not None:
            pen = journal.begin(Subject("edit", self.subject.kind, receipt.number, base_version=receipt.version))
            pen.keep(content_of(dropped), f"{receipt.number}: your own {', '.join(dropped)}")
            pen.lay_down()

    # Colleagues

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Take over what a colleague changed in fields that nobody typed in here; say so beside the others."""
        loaded = self._loaded
        if loaded is None or loaded.view is None or self._saving:
            return
        if event.everything or loaded.view.id in event.ids:
            from screens.form_loading import load

            self.read("merge", lambda: load(self.desk, loaded.subject, {}), self._merge)

    def _merge(self, now: Loaded) -> None:
        assert self._loaded is not None
        rows = self.form.rows
        for item in now.fields:
            row = rows.get(item.name)
            if row is None or item.answer == row.start:
                continue
            if row.changed:
                row.show_note(f"{now.last_actor} made it: {item.answer.text or 'empty'}", error=True)
            else:
                self.form.rebase(item.name, item.answer, item.value)
                self.form.put(item.name, item.answer)
                row.show_note(f"{now.last_actor} changed it just now")

    # Keys

    @on(Form.Left)
    def _left(self, event: Form.Left) -> None:
        event.stop()
        self.action_back_to_work()

    def action_back_to_work(self) -> None:
        """Leave; say what became of what was typed."""
        kept = self.drafts.leave()
        self._close(None, "Kept as a draft; it is offered when you open this form again." if kept else "")

    async def action_back(self) -> None:
        """Leave as `escape` does within the form."""
        self.action_back_to_work()

    def action_next_hint(self) -> None:
        """Mark the next hint."""
        self.query_one(SideStrip).mark_next()

    def action_open_hint(self) -> None:
        """Open the record of the marked hint; the form stays below it."""
        hint = self.query_one(SideStrip).acted
        if hint is not None and hint.act is not None:
            self.app.post_message(OpenRecord(hint.act.number))
