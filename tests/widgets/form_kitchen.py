"""A form on a screen of its own: run on a terminal by the tests, and by hand to look at.

`python -m tests.widgets.form_kitchen [KIND [ACTION]]`
"""

from __future__ import annotations

import sys

from textual import on
from textual.app import ComposeResult

from deskterm.forms.derive import fields_for
from deskterm.forms.reading import Reader
from deskterm.forms.schema import FormField, Option, matching
from deskterm.kinds import declared
from widgets.crumb_bar import CrumbBar
from widgets.form.form import Form
from widgets.hardened_app import HardenedApp
from widgets.key_bar import KeyBar, KeyHint

NOW = 1_795_356_000
"""Sunday 2026-11-22 15:00 in Berlin."""
READ = Reader(lambda: NOW, "Europe/Berlin")
PEOPLE = (
    Option("PER-00001", "Maria Lopez", "Acme · m.lopez@acme.example", "VIP"),
    Option("PER-00002", "Mario Rossi", "Acme"),
    Option("PER-00003", "Mary Poppins", "Cherry Tree Lane"),
    Option("PER-00004", "Maria Lopez", "Globex"),
    *(Option(f"PER-{n:05}", f"Martin {n}", "Initech") for n in range(5, 30)),
)


class FormKitchen(HardenedApp[None]):
    """One form; references are looked up among `PEOPLE`, and what it says is kept."""

    CSS = "Form { height: 1fr; }"

    def __init__(self, fields: tuple[FormField, ...]) -> None:
        super().__init__()
        self.fields = fields
        self.submitted: list[dict[str, object]] = []
        self.left: list[bool] = []
        self.looked_up: list[str] = []
        self.answering = True

    def compose(self) -> ComposeResult:
        yield CrumbBar(("DeskTerm", "New incident"), clock="14:00", agent="ada")
        yield Form(self.fields, read=READ)
        yield KeyBar((KeyHint("^s", "READY"), KeyHint("esc", "leave")))

    def on_mount(self) -> None:
        self.form.focus_first()

    @property
    def form(self) -> Form:
        return self.query_one(Form)

    @on(Form.LookupWanted)
    def _look_up(self, event: Form.LookupWanted) -> None:
        self.looked_up.append(event.text)
        if self.answering:
            event.form.feed(event.field.name, event.text, matching(PEOPLE, event.text)[:8])

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        self.submitted.append(dict(event.values))

    @on(Form.Left)
    def _left(self, event: Form.Left) -> None:
        self.left.append(event.changed)


def kitchen(kind: str = "incident", action: str = "") -> FormKitchen:
    """The form of a new record of a kind, or of one of its actions."""
    found = declared().kind(kind)
    return FormKitchen(fields_for(found, {} if action else None, found.workflow.action(action) if action else None, tz=READ.tz))


if __name__ == "__main__":
    kitchen(*sys.argv[1:]).run()
