"""What a form needs from the desk, read in a thread: the record, its fields, and how to write them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from deskterm.drafts import Subject
from deskterm.errors import WorkflowRefused
from deskterm.forms.derive import answer_of, fields_for
from deskterm.forms.hints import hints_for
from deskterm.forms.schema import Answer, FormField, Hint
from deskterm.forms.usual import with_usual
from deskterm.kinds import Kind
from deskterm.permissions import require

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import Receipt, RecordView
    from deskterm.workflow import Action


@dataclass(slots=True)
class Loaded:
    """A form that can be shown."""

    subject: Subject
    kind: Kind
    view: RecordView | None
    """The record as it is; None where it is being made."""
    action: Action | None
    fields: tuple[FormField, ...]
    title: str
    given: dict[str, Answer]
    """What a new record begins with besides its defaults."""
    base_version: int | None

    @property
    def first(self) -> str:
        """The field to begin in: the first that is demanded and empty, else the first."""
        empty = (item.name for item in self.fields if item.required and not item.answer.text and item.name not in self.given)
        return next(empty, "") if self.action is not None else ""

    @property
    def last_actor(self) -> str:
        """Who changed the record last."""
        changes = (line.actor for line in reversed(self.view.journal) if line.what in ("field", "state")) if self.view else ()
        return next(iter(changes), "somebody")

    def write(self, desk: Desk, values: Mapping[str, object], base_version: int | None) -> Receipt:
        """Write what was typed; raises as the desk does. Call it in a thread."""
        if self.view is None:
            return desk.create(self.kind.name, values)
        if self.action is not None:
            return desk.act(self.view.number, self.action.name, values, base_version=base_version)
        return desk.edit(self.view.number, values, base_version=base_version)

    def told(self, receipt: Receipt) -> str:
        """Say what was done."""
        if self.view is None:
            return f"{receipt.number} is logged" if self.kind.is_work else f"{receipt.number} is made"
        if self.action is not None:
            return f"{receipt.number}: {self.action.title.casefold()}, now {self.kind.workflow.state(receipt.state).title}"
        return f"{receipt.number} is saved"


def load(desk: Desk, subject: Subject, given: Mapping[str, object]) -> Loaded:
    """Read what a form needs.

    Raises:
        NotFound: there is no such record.
        NotAllowed: the person may not do this.
        WorkflowRefused: the action is not possible now.
    """
    tz = desk.actor.tz
    if subject.form == "new":
        kind = desk.registry.kind(subject.kind)
        require(desk.actor, "create", kind.family, kind.process, kind.name)
        fields = with_usual(desk, kind, fields_for(kind, tz=tz))
        begin = {item.name: _typed(kind, item, given[item.belongs_to], tz) for item in fields if item.belongs_to in given}
        return Loaded(Subject("new", kind.name), kind, None, None, fields, f"New {kind.title.casefold()}", begin, None)
    view = desk.show(subject.number)
    kind = desk.registry.kind(view.kind)
    action = _possible(desk, kind, view, subject.action) if subject.action else None
    if action is None:
        require(desk.actor, "edit", kind.family, kind.process, kind.name)
    fields = with_usual(desk, kind, fields_for(kind, view.values, action, names=view.names, tz=tz))
    title = f"{view.number} ▸ {action.title if action is not None else 'edit'}"
    kept = Subject(subject.form, kind.name, view.number, subject.action, view.version)
    return Loaded(kept, kind, view, action, fields, title, {}, view.version)


def again(desk: Desk, loaded: Loaded) -> Loaded:
    """Read a form's record again, for what colleagues changed; its action may have become impossible meanwhile."""
    assert loaded.view is not None
    view = desk.show(loaded.view.number)
    fields = with_usual(
        desk, loaded.kind, fields_for(loaded.kind, view.values, loaded.action, names=view.names, tz=desk.actor.tz)
    )
    return replace(loaded, view=view, fields=fields)


def _possible(desk: Desk, kind: Kind, view: RecordView, name: str) -> Action:
    action = kind.workflow.action(name)
    refusal = next((one.refusal for one in desk.actions(view.number) if one.name == name), "the desk does it by itself")
    if refusal:
        raise WorkflowRefused(f"{name} is not possible on {view.number} now: {refusal}")
    return action


def _typed(kind: Kind, item: FormField, value: object, tz: str) -> Answer:
    """Return a value that a new record begins with as if it had been typed."""
    if isinstance(value, Answer):
        return value
    if item.of:
        part = value.get(item.question) if isinstance(value, Mapping) else None
        return Answer() if part is None else Answer(str(part))
    if isinstance(value, str):
        return Answer(value)
    return answer_of(kind.all_fields[item.name].type, value, {}, tz)


def hints(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> tuple[Hint, ...]:
    """Return what is worth knowing of what is typed so far."""
    return hints_for(desk, kind, values)
