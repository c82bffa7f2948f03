"""Taking a contact: who called, what for, and what came of it, all in one transaction.

An interaction is always logged. With it an incident or a request is logged, the caller is attached to one that is open, an
article is counted as the answer, or nothing further is done. A caller nobody knew is made with it.
"""

from __future__ import annotations

from typing import Any, Final

from data.vocab import Outcome
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.incident.service import call_again, called_again, people_affected
from deskterm.journal import Entry, What
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_desk.schema import Contact, Taken

ANSWERED_BY: Final = "answered-by"
"""Links a contact, and what was logged for it, to the article that helped."""
LONGEST_SECONDS: Final = 8 * 3600
"""A contact that seems to have taken longer was left open over night; it is recorded as this long."""

_LOGS: Final = {Outcome.INCIDENT: "incident", Outcome.REQUEST: "request"}


def take(desk: Desk, contact: Contact) -> Taken:
    """Log a contact with all that comes of it: all or nothing.

    Raises:
        InvalidInput: a field is wrong or missing; `fields` names it as the form does.
        NotAllowed: the agent may not do part of it; nothing was done.
        NotFound: the record or the article is not there.
        WorkflowRefused: the record is not open any more, or the article not published.
    """
    outcome = _outcome(contact)
    with desk.refusals(), desk.unit("contact") as unit:
        caller = _caller(unit, contact)
        article = writing.fetch(unit, contact.article) if contact.article else None
        record = _record(unit, contact, outcome, caller)
        interaction = _interaction(unit, contact, outcome, caller, record)
        if article is not None:
            _apply(unit, article, interaction, record)
        taken = _taken(unit, interaction, outcome, caller, record)
    return taken


def _outcome(contact: Contact) -> Outcome:
    try:
        outcome = Outcome(contact.outcome)
    except ValueError:
        known = ", ".join(Outcome)
        raise InvalidInput(
            f"a contact has no outcome {contact.outcome!r}; there are: {known}", fields={"outcome": "unknown"}
        ) from None
    if outcome is Outcome.ATTACHED and not contact.record:
        raise InvalidInput("attaching needs the record to attach the caller to", fields={"record": "required"})
    if outcome is Outcome.ANSWERED and not contact.article:
        raise InvalidInput("answering from knowledge needs the article that answered", fields={"article": "required"})
    if contact.caller and contact.new_caller:
        raise InvalidInput("the caller is either known or new, not both", fields={"caller": "known or new"})
    return outcome


def _caller(unit: Unit, contact: Contact) -> int | None:
    """Return who called, making them known first if need be."""
    if contact.new_caller:
        made = writing.create(unit, unit.registry.kind("person"), contact.new_caller)
        return made.id
    if not contact.caller:
        return None
    try:
        return resolve.one_of(unit.connection, contact.caller, ("person",))
    except ValueError as problem:
        raise InvalidInput(f"caller: {problem}", fields={"caller": str(problem)}) from None


def _record(unit: Unit, contact: Contact, outcome: Outcome, caller: int | None) -> Draft | None:
    """Return the record that the contact leads to, made or attached to; None where it leads to none."""
    if outcome in _LOGS:
        return _log(unit, contact, _LOGS[outcome], caller)
    if outcome is Outcome.ATTACHED:
        return attach(unit, writing.fetch(unit, contact.record), caller, contact.summary)
    return None


def _log(unit: Unit, contact: Contact, kind: str, caller: int | None) -> Draft:
    said: dict[str, Any] = {"summary": contact.summary, "channel": contact.channel, **contact.details}
    if contact.description:
        said["description"] = contact.description
    if caller is not None:
        said["requester"] = caller
    if contact.started_at is not None:
        said.setdefault("occurred_at", contact.started_at)
    return writing.create(unit, unit.registry.kind(kind), said)


def attach(unit: Unit, draft: Draft, caller: int | None, summary: str) -> Draft:
    """Attach a caller to an open record: one more is affected; one who is affected already has called again.

    Raises:
        WorkflowRefused: the record is not open.
    """
    if draft.kind.name not in ("incident", "request"):
        raise InvalidInput(f"{draft.number} is no incident or request", fields={"record": "not an incident or request"})
    if caller is None or caller not in people_affected(unit, draft):
        return writing.act(unit, draft, "affect", {} if caller is None else {"caller": caller})
    draft.kind.workflow.check(draft.kind.workflow.action("affect"), draft.state, draft.old)
    call_again(draft)
    return writing.note(unit, draft, f"{called_again(unit, draft, caller)}: {summary}")


def _interaction(unit: Unit, contact: Contact, outcome: Outcome, caller: int | None, record: Draft | None) -> Draft:
    values: dict[str, Any] = {
        "summary": contact.summary,
        "channel": contact.channel,
        "outcome": outcome.value,
        "handle_seconds": max(0, min(contact.handle_seconds, LONGEST_SECONDS)),
    }
    if contact.description:
        values["description"] = contact.description
    if caller is not None:
        values["caller"] = caller
    if record is not None:
        values |= {"record": record.id, "service": record.get("service"), "ci": record.get("ci")}
    else:
        values |= {name: contact.details[name] for name in ("service", "ci") if contact.details.get(name)}
    if contact.started_at is not None:
        values["occurred_at"] = contact.started_at
    return writing.create(unit, unit.registry.kind("interaction"), values)


def _apply(unit: Unit, article: Draft, interaction: Draft, record: Draft | None) -> None:
    """Count the article's use and link it to what it answered."""
    writing.act(unit, article, "use", {})
    for draft in (interaction, record):
        if draft is not None and store.connect(unit, draft.id, ANSWERED_BY, article.id):
            unit.journal(Entry(draft.id, draft.version, What.LINK, ANSWERED_BY, new=article.id))


def _taken(unit: Unit, interaction: Draft, outcome: Outcome, caller: int | None, record: Draft | None) -> Taken:
    number = resolve.names(unit.connection, {caller})[caller].number if caller is not None else ""
    if record is None:
        return Taken(interaction.number, outcome.value, caller=number, operation=unit.id)
    return Taken(
        interaction.number, outcome.value, record.number, number, record.state, int(record.get("affected") or 1), unit.id
    )
