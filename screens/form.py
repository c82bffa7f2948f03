"""The form of any record: something new, an edit, a workflow action. Everything on it follows from what the kind declares.

What the desk refuses stands beside its field; where a colleague changed the same field, both values are shown and asked about;
what a colleague changes elsewhere is taken over while one types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from deskterm.drafts import Kept, Subject
from deskterm.errors import Conflict
from deskterm.forms.schema import Answer
from screens import keys
from screens.form_base import FormBase
from screens.form_drafts import content_of
from screens.form_hooks import Prepared
from screens.messages import DeskChanged
from screens.modals.conflict import ConflictModal, mine_of

if TYPE_CHECKING:
    from textual.binding import BindingType

    from deskterm.forms.schema import Hint
    from deskterm.records.schema import Receipt
    from screens.form_loading import Loaded
    from screens.session import Session


class FormScreen(FormBase):
    """One record's form. Answers with the number of the record that was saved, or with None.

    | Key | Does |
    | --- | --- |
    | `ctrl+s` | save |
    | `f2` | mark the next hint |
    | `ctrl+o` | open the record of the marked hint |
    | `escape` | leave; what was typed is kept as a draft |
    """

    AREAS: ClassVar[tuple[str, ...]] = ("form",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("form")

    def __init__(
        self, session: Session, subject: Subject, values: Mapping[str, object] | None = None, *, draft: Kept | None = None
    ) -> None:
        """Make a form.

        Args:
            session: The session.
            subject: What is made or changed: `Subject("new", kind)`, `Subject("edit", number=…)`, `Subject("act", …, action=…)`.
            values: What a new record begins with, by field, as a person would type it.
            draft: The draft it goes on with.
        """
        super().__init__(session, subject, draft)
        self.set_class(subject.form == "act", "-plain")
        self._given = dict(values or {})
        self._loaded: Loaded | None = None

    def prepare(self) -> Prepared:
        """Read the record and derive its form."""
        from screens.form_loading import load

        loaded = load(self.desk, self.subject, self._given)
        self._loaded = loaded
        self.drafts.subject = loaded.subject
        return Prepared(loaded.fields, loaded.title, loaded.given, loaded.first)

    @property
    def loaded(self) -> Loaded:
        """What the form was made from."""
        assert self._loaded is not None, "asked before the form was there"
        return self._loaded

    def began(self) -> None:
        """Tell colleagues that somebody types here."""
        if self.loaded.view is not None:
            self.session.presence.enter(self, self.loaded.view.id, typing=True)

    def on_unmount(self) -> None:
        """Nobody types here any more."""
        self.session.presence.leave(self)

    def resumed(self, kept: Kept) -> None:
        """Go on from the version that the draft's author saw, so that a change made since is asked about."""
        seen, loaded = kept.subject.base_version, self.loaded
        if seen is not None and loaded.base_version is not None:
            loaded.base_version = min(seen, loaded.base_version)
            self.drafts.subject = replace(self.drafts.subject, base_version=loaded.base_version)

    def hints(self, values: Mapping[str, Any]) -> tuple[Hint, ...]:
        """Ask the kind's process."""
        from screens.form_loading import hints

        view = self.loaded.view
        return hints(self.desk, self.loaded.kind, {**values, "number": view.number} if view is not None else values)

    # Saving

    async def save(self, values: Mapping[str, object]) -> None:
        """Save, asking as often as somebody else changed the same."""
        loaded, base = self.loaded, self.loaded.base_version
        wanted, dropped = dict(values), dict[str, Answer]()
        while True:
            try:
                receipt = await self.commit(partial(loaded.write, self.desk, wanted, base))
            except Conflict as conflict:
                kept = await self.app.push_screen_wait(ConflictModal(self.session, conflict))
                if kept is None:
                    self.form.show_errors(conflict.fields)
                    return
                lost = {clash.field for clash in conflict.clashes} - kept
                dropped |= self._answers_of(lost)
                wanted, base = mine_of(conflict.clashes, kept, wanted), conflict.version
            else:
                self._saved(receipt, dropped)
                return

    def _answers_of(self, fields: set[str]) -> dict[str, Answer]:
        """Return what was typed for some of the kind's fields."""
        rows = self.form.rows
        return {name: answer for name, answer in self.form.answers.items() if rows[name].field.belongs_to in fields}

    def _saved(self, receipt: Receipt, dropped: Mapping[str, Answer]) -> None:
        self.drafts.done()
        told = self.loaded.told(receipt)
        if dropped:
            self._keep_dropped(receipt, dropped)
            told += f"; your own {', '.join(dropped)} is kept as a draft"
        self.close(receipt.number, told)

    def _keep_dropped(self, receipt: Receipt, dropped: Mapping[str, Answer]) -> None:
        """Where a colleague's value holds, one's own words are kept all the same."""
        journal = self.session.drafts
        if journal is not None:
            pen = journal.begin(Subject("edit", self.loaded.kind.name, receipt.number, base_version=receipt.version))
            pen.keep(content_of(dropped), f"{receipt.number}: your own {', '.join(dropped)}")
            pen.lay_down()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a workaround where the form has a place for it."""
        if action == "workaround" and self.is_ready and "known_error" not in self.form.rows:
            return False
        return super().check_action(action, parameters)

    # Colleagues

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Take over what a colleague changed in fields that nobody typed in here; say so beside the others."""
        if not self.is_ready or self._loaded is None or self._loaded.view is None or self.is_saving:
            return
        loaded = self._loaded
        if event.everything or self._loaded.view.id in event.ids:
            from screens.form_loading import again

            self.read("merge", lambda: again(self.desk, loaded), self._merge)

    def _merge(self, now: Loaded) -> None:
        if not self.is_ready:
            return
        for item in now.fields:
            row = self.form.rows.get(item.name)
            if row is None or (item.answer == row.start and item.whole == row.field.whole):
                continue
            if item.answer == row.start:
                self.form.rebase(item)
                continue
            if row.changed:
                row.show_note(f"{now.last_actor} made it: {item.answer.text or 'empty'}", error=True)
            else:
                self.form.rebase(item)
                self.form.put(item.name, item.answer)
                row.show_note(f"{now.last_actor} changed it just now")
