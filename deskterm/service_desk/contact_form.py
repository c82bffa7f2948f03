"""The form a contact is taken with: derived from the kinds it may lead to, and read back as one contact. Pure.

One form serves every outcome, so that nobody has to know at the first word what the call will turn out to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from data.vocab import Outcome
from deskterm.forms.derive import form_field
from deskterm.forms.schema import Answer, FieldKind, FormField, Option
from deskterm.kinds import Registry
from deskterm.service_desk.schema import Contact

CALLER: Final = "caller"
NEW: Final = "new_"
"""Begins the names of the fields of a caller nobody knows yet."""
NEW_FIELDS: Final = ("name", "email", "phone", "organisation", "location")
DETAILS: Final = ("service", "ci", "category", "impact", "urgency", "team", "assignee", "tags")
"""Fields of what is logged; an incident and a request both have them."""
OUTCOMES: Final = (
    Option(Outcome.INCIDENT, "incident", "something does not work"),
    Option(Outcome.REQUEST, "request", "something is asked for"),
    Option(Outcome.INFORMATION, "information", "answered, nothing to log"),
    Option(Outcome.ABANDONED, "abandoned", "the caller hung up"),
)
"""What one may choose; attaching and answering have keys of their own, for they need a record."""


def new_names() -> tuple[str, ...]:
    """Return the names of the fields of a new caller in the form."""
    return tuple(NEW + name for name in NEW_FIELDS)


def contact_fields(registry: Registry, tz: str) -> tuple[FormField, ...]:
    """Return the fields of the form, in its order; those of a new caller stand behind the caller."""
    interaction, person, incident = (registry.kind(name) for name in ("interaction", "person", "incident"))

    def take(kind: Any, names: Iterable[str], section: str) -> list[FormField]:
        found = []
        for name in names:
            item = kind.all_fields[name]
            default = None if callable(item.default) else item.default
            found.append(replace(form_field(item, default, {}, tz, new=True), section=section))
        return found

    caller = replace(
        take(interaction, [CALLER], "Caller")[0], help="Name, mail, telephone or organisation; ^n for somebody new.", limit=200
    )
    new = [
        replace(item, name=NEW + item.name, section="New caller", required=item.name == "name")
        for item in take(person, NEW_FIELDS, "")
    ]
    outcome = FormField(
        "outcome",
        "Outcome",
        FieldKind.CHOICE,
        True,
        "What comes of it.",
        OUTCOMES,
        Answer("incident"),
        "incident",
        section="Outcome",
    )
    return (
        caller,
        *new,
        *take(interaction, ["summary", "channel", "description"], "Contact"),
        outcome,
        *take(incident, DETAILS, "Outcome"),
    )


def contact_of(
    values: Mapping[str, object], *, outcome: str = "", record: str = "", article: str = "", summary: str = "",
    known_error: str = "", started_at: int | None = None, handle_seconds: int = 0,
) -> Contact:  # fmt: skip
    """Return what the form says as a contact.

    Args:
        values: What the form says, by field.
        outcome: What comes of it, where a key says so and not the field.
        record: What the caller is attached to.
        article: What answered.
        summary: What it is called where nobody typed anything: the title of what it is attached to.
        known_error: The known error whose workaround is applied to what is logged.
        started_at: When it began.
        handle_seconds: How long it took.
    """
    said = {name: value for name, value in values.items() if value not in (None, "", [])}
    new = {name.removeprefix(NEW): value for name, value in said.items() if name.startswith(NEW)}
    chosen = outcome or str(said.get("outcome") or Outcome.INCIDENT)
    return Contact(
        str(said.get("summary") or summary),
        "" if new else str(said.get(CALLER) or ""),
        new,
        str(said.get("channel") or "phone"),
        str(said.get("description") or ""),
        chosen,
        record,
        article,
        {name: said[name] for name in DETAILS if name in said} | ({"known_error": known_error} if known_error else {}),
        started_at,
        handle_seconds,
    )


def fields_in_form(fields: Mapping[str, str], *, new_caller: bool) -> dict[str, str]:
    """Return a refusal's fields by the names they have in the form."""
    renamed = {"requester": CALLER, "occurred_at": "summary"}
    if new_caller:
        renamed |= {name: NEW + name for name in NEW_FIELDS}
    return {renamed.get(name, name): said for name, said in fields.items()}
