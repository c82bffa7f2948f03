"""What a screen with a form says about it: what it needs, what is worth knowing, what saving means. `form_base` does the rest."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deskterm.forms.schema import Answer, FormField
from screens.base import DeskScreen
from screens.lookup import find
from widgets.form.form import Form
from widgets.form.side_strip import SideStrip

if TYPE_CHECKING:
    from deskterm.drafts import Kept
    from deskterm.forms.schema import Hint, Option


@dataclass(frozen=True, slots=True)
class Prepared:
    """A form that can be shown."""

    fields: tuple[FormField, ...]
    title: str
    given: Mapping[str, Answer] = field(default_factory=dict)
    """What it begins with, as if it had been typed."""
    first: str = ""
    """The field to begin in; the first if empty."""
    hidden: tuple[str, ...] = ()
    """Fields that are not shown at first."""


class FormHooks(DeskScreen[str]):
    """A screen with one form. Answers with the number of what was saved, or with None."""

    @abstractmethod
    def prepare(self) -> Prepared:
        """Read what the form needs; called in a thread. Raises what stands in the way before anybody types."""

    @abstractmethod
    def hints(self, values: Mapping[str, Any]) -> tuple[Hint, ...]:
        """Return what is worth knowing; called in a thread."""

    @abstractmethod
    async def save(self, values: Mapping[str, object]) -> None:
        """Do what is typed for. What it raises is shown beside the fields."""

    def look_up(self, item: FormField, text: str) -> tuple[Option, ...]:
        """Return what a reference may name; called in a thread."""
        return find(self.desk, item.refers, text)

    def began(self) -> None:
        """The form is there."""

    def resumed(self, kept: Kept) -> None:
        """A draft was taken up; its answers are in the form already."""

    def more_to_keep(self) -> dict[str, Any]:
        """Return what is kept with a draft besides what is typed."""
        return {}

    def beside(self, fields: Mapping[str, str]) -> Mapping[str, str]:
        """Return the fields of a refusal by the names they have in the form."""
        return fields

    @property
    def form(self) -> Form:
        """The form, once it is there."""
        return self.query_one(Form)

    @property
    def is_ready(self) -> bool:
        """Whether the form is there."""
        return self.is_attached and bool(self.query(Form)) and bool(self.query(SideStrip))

    @property
    def strip(self) -> SideStrip:
        """The hints."""
        return self.query_one(SideStrip)

    def close(self, number: str | None, told: str = "") -> None:
        """Give way to the screen below, and let that say what was done."""
        if self.is_attached:
            self.dismiss(number)
        if told:
            self.app.call_later(self.say, told)
