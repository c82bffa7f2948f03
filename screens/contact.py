"""Taking a contact: one form from the first word to what comes of it, without leaving the keyboard.

Who calls is looked up while it is typed; then their open work stands beside the form, and as the summary grows what resembles
it and what may answer it. One key attaches the caller to an incident, one answers from an article, saving logs the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from deskterm.drafts import Kept, Subject
from deskterm.forms.schema import Answer
from screens import keys
from screens.form_base import FormBase
from screens.form_hooks import Prepared
from screens.when import length

if TYPE_CHECKING:
    from textual.binding import BindingType

    from deskterm.forms.schema import Hint, HintAct
    from deskterm.service_desk.schema import Taken
    from screens.session import Session


class ContactScreen(FormBase):
    """A contact. Answers with the number of the record it led to, else of the contact itself.

    | Key | Does |
    | --- | --- |
    | `ctrl+s` | log what the field *outcome* says: an incident at first |
    | `ctrl+r` | log a service request |
    | `ctrl+t` | attach the caller to the marked incident |
    | `ctrl+g` | answer with the marked article |
    | `f6` | log an incident and apply the marked known error to it |
    | `ctrl+n` | the caller is nobody known: make them known |
    | `f2`, `ctrl+o` | mark the next of what stands beside; open it |
    """

    AREAS: ClassVar[tuple[str, ...]] = ("contact", "form")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("contact", "form")

    def __init__(self, session: Session, values: Mapping[str, object] | None = None, *, draft: Kept | None = None) -> None:
        """Take a contact; its clock runs from here.

        Args:
            session: The session.
            values: What the form begins with, such as the caller.
            draft: The draft it goes on with.
        """
        super().__init__(session, Subject("contact", "interaction"), draft)
        self._given = {name: Answer(str(value)) for name, value in (values or {}).items()}
        self._began_at = session.now()
        self._started_at = self._began_at
        self._worked_seconds = 0
        """How long it took before it was left and taken up again."""
        self._new_caller = False
        self._wanted: HintAct | None = None
        """What a key wants done with a hint, instead of what the form says."""

    def prepare(self) -> Prepared:
        """Derive the form from the kinds a contact may lead to."""
        from deskterm.permissions import require
        from deskterm.service_desk.contact_form import contact_fields, new_names

        kind = self.desk.registry.kind("interaction")
        require(self.desk.actor, "create", kind.family, kind.process, "contact")
        fields = contact_fields(self.desk.registry, self.desk.actor.tz)
        return Prepared(fields, "New contact", self._given, hidden=() if self._new_caller else new_names())

    def hints(self, values: Mapping[str, Any]) -> tuple[Hint, ...]:
        """Who calls, what they have open, what resembles it, what may answer it."""
        from deskterm.service_desk.contact_hints import contact_hints

        return contact_hints(self.desk, values)

    # Time and drafts

    @property
    def handle_seconds(self) -> int:
        """How long the contact has taken so far, less the time it lay as a draft."""
        return self._worked_seconds + max(0, self.session.now() - self._began_at)

    def more_to_keep(self) -> dict[str, Any]:
        """Keep when it began, how long it took, and whether the caller is new."""
        return {"started_at": self._started_at, "handle_seconds": self.handle_seconds, "new_caller": self._new_caller}

    def resumed(self, kept: Kept) -> None:
        """Go on counting from where it was left."""
        started, worked = kept.content.get("started_at"), kept.content.get("handle_seconds")
        self._started_at = started if isinstance(started, int) else self._started_at
        self._worked_seconds = worked if isinstance(worked, int) else 0
        if kept.content.get("new_caller") is True:
            self._show_new_caller()

    # Saving

    def beside(self, fields: Mapping[str, str]) -> Mapping[str, str]:
        """Refusals speak of records; the form has its own names."""
        from deskterm.service_desk.contact_form import fields_in_form

        return fields_in_form(fields, new_caller=self._new_caller)

    async def save(self, values: Mapping[str, object]) -> None:
        """Log what the form says, or do what a key said with a hint."""
        act, self._wanted = self._wanted, None
        if act is None:
            await self._take()
        elif act.what == "attach":
            await self._take(outcome="attached", record=act.number, summary=act.label)
        elif act.what == "workaround":
            await self._take(outcome="incident", summary=act.label, known_error=act.number)
        else:
            await self._take(outcome="answered", article=act.number, summary=act.label)

    async def _take(
        self, *, outcome: str = "", record: str = "", article: str = "", summary: str = "", known_error: str = ""
    ) -> None:
        from deskterm.service_desk.contact_form import contact_of, new_names
        from deskterm.service_desk.contacts import take

        hidden = () if self._new_caller else new_names()
        said = {name: value for name, value in self.form.values.items() if name not in hidden}
        contact = contact_of(
            said,
            outcome=outcome,
            record=record,
            article=article,
            summary=summary,
            known_error=known_error,
            started_at=self._started_at if self.desk.at is None else None,
            handle_seconds=self.handle_seconds,
        )
        taken = await self.commit(partial(take, self.desk, contact))
        self.drafts.done()
        self.close(taken.record or taken.interaction, _told(taken, contact.handle_seconds))

    def _act(self, what: str, nothing: str) -> None:
        """Do what a key says with the marked hint, or with the first it can be done with."""
        act = self.hint_for(what)
        if act is None:
            self.say(nothing, severity="warning")
            return
        self.form.settle()
        faults = self.form.faults()
        if not self.form.rows["summary"].answer.text.strip():
            faults.pop("summary", None)  # what it is attached to says what it is about
        if faults:
            self.form.show_errors(faults)
        elif not self.is_saving:
            self._wanted = act
            self.begin_saving({})

    # Keys

    def action_attach(self) -> None:
        """Attach the caller to the marked incident."""
        self._act("attach", "There is no open record to attach to; type what it is about.")

    def action_answer(self) -> None:
        """Answer with the marked article."""
        self._act("answer", "No article is known that may answer it; type what it is about.")

    def action_workaround(self) -> None:
        """Log an incident and apply the marked known error to it."""
        self._act("workaround", "No known error fits what is typed so far.")

    def action_as_request(self) -> None:
        """Log a service request."""
        self.form.put("outcome", Answer("request"))
        self.form.action_submit()

    def action_new_caller(self) -> None:
        """Make a new caller known, or not after all. What was typed as the caller becomes their name."""
        from deskterm.service_desk.contact_form import CALLER, NEW, new_names

        if self._new_caller:
            self._new_caller = False
            self.form.show_fields(new_names(), False)
            self.form.show_fields([CALLER], True)
            self.form.focus_first(CALLER)
            return
        self._show_new_caller()
        typed = self.form.rows[CALLER].answer
        if typed.text.strip() and not typed.picks and not self.form.rows[NEW + "name"].answer.text:
            self.form.put(NEW + "name", Answer(typed.text.strip()))
        self.form.put(CALLER, Answer())
        named = self.form.rows[NEW + "name"].answer.text
        self.form.focus_first(NEW + ("email" if named else "name"))

    def _show_new_caller(self) -> None:
        from deskterm.service_desk.contact_form import CALLER, new_names

        self._new_caller = True
        self.form.show_fields(new_names(), True)
        self.form.show_fields([CALLER], False)


def _told(taken: Taken, seconds: int) -> str:
    """Say what came of it."""
    took = f"{seconds} s" if seconds < 60 else f"{seconds // 60} min" if seconds < 3600 else f"{length(seconds)} h"
    match taken.outcome:
        case "attached":
            return f"Attached to {taken.record}, {taken.affected} affected ({took})"
        case "answered":
            return f"Answered, logged as {taken.interaction} ({took})"
        case "incident" | "request":
            return f"{taken.record} is logged ({took})"
        case _:
            return f"{taken.interaction} is logged ({took})"
