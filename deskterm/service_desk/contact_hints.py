"""What stands beside a contact while it is taken: who is calling, what they have open, what resembles it, what may answer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deskterm.desk import Desk
from deskterm.errors import DeskError
from deskterm.forms.moments import say_distance
from deskterm.forms.schema import Hint, HintAct
from deskterm.incident import hints as of_work
from deskterm.records import resolve
from deskterm.service_desk import callers, similar
from deskterm.service_desk.contact_form import CALLER
from deskterm.service_desk.schema import CallerCard, Likeness, Similar, WorkLine

ATTACH, ANSWER = "attach", "answer"
"""What can be done with a hint."""


def contact_hints(desk: Desk, values: Mapping[str, Any]) -> tuple[Hint, ...]:
    """Return the hints, those something can be done with before those that are only read.

    Args:
        desk: The agent's desk.
        values: What the form says so far.
    """
    card = _card(desk, values.get(CALLER))
    likeness = Likeness(
        str(values.get("summary") or ""), str(values.get("description") or ""), values.get("ci"), values.get("service")
    )
    own = {line.number: line for line in card.open} if card is not None else {}
    found = similar.open_work(desk, likeness)
    # What they have open and what it sounds like comes first: it is the likeliest reason to call.
    again = [own.pop(one.number) for one in found if one.number in own]
    return (
        *(_caller(card) if card is not None else ()),
        *(_open(desk, line) for line in again),
        *of_work.causes(desk, likeness, applies=True),
        *(_similar(one) for one in found if one.number not in {line.number for line in again}),
        *(_open(desk, line) for line in own.values()),
        *(_article(one) for one in similar.articles(desk, likeness, limit=3)),
        *(_history(desk, card) if card is not None else ()),
        *of_work.priority_hints(desk, values),
        *_changed(desk, values),
    )


def _changed(desk: Desk, values: Mapping[str, Any]) -> Iterator[Hint]:
    """Yield the changes that ended lately on what the contact is about, or upstream of it."""
    if values.get("ci") or values.get("service"):
        from deskterm.change.hints import suspect_hints  # the graph is only needed once a CI or a service is named

        yield from suspect_hints(desk, values)


def _card(desk: Desk, caller: object) -> CallerCard | None:
    """Return the caller's card; a name that is still being typed has none."""
    if caller in (None, ""):
        return None
    try:
        with desk.database.read() as connection:
            key = resolve.one_of(connection, caller, ("person",))
            number = resolve.names(connection, {key})[key].number
        return callers.card(desk, number)
    except (ValueError, DeskError):
        return None


def _caller(card: CallerCard) -> Iterator[Hint]:
    one = card.caller
    told = [" · ".join(part for part in (one.organisation, one.location, one.phone, one.email) if part)]
    if card.note:
        told.append(card.note.partition("\n")[0])
    if not card.open:
        told.append("nothing open")
    yield Hint(f"{one.name}{' · VIP' if one.vip else ''}", tuple(line for line in told if line), tone="soon" if one.vip else "")


def _open(desk: Desk, line: WorkLine) -> Hint:
    kind = desk.registry.kind(line.kind)
    since = say_distance(line.updated_at - desk.now())
    told = (line.title, f"{kind.workflow.state(line.state).title}, priority {line.priority or '–'}, changed {since}")  # noqa: RUF001
    return Hint(f"Their {line.number}", told, HintAct(ATTACH, line.number, line.title))


def _similar(one: Similar) -> Hint:
    who = f", {one.assignee} has it" if one.assignee else ""
    affected = f"{one.affected} affected, " if one.affected > 1 else ""
    told = (one.title, f"{affected}{one.state}{who} · {one.why}")
    return Hint(f"Similar {one.number}", told, HintAct(ATTACH, one.number, one.title))


def _article(one: Similar) -> Hint:
    used = f"answered {one.affected} · " if one.affected else ""
    return Hint(f"Known {one.number}", (one.title, f"{used}{one.why}"), HintAct(ANSWER, one.number, one.title), "good")


def _history(desk: Desk, card: CallerCard) -> Iterator[Hint]:
    if card.recent:
        told = (f"{line.number} {line.title} ({say_distance(line.updated_at - desk.now())})" for line in card.recent[:4])
        yield Hint("Lately", tuple(told))
    things = [*(f"{one.name} {one.detail}" for one in card.cis), *(f"{one.name} {one.detail}" for one in card.services)]
    if things:
        yield Hint("Works with", (", ".join(things),))
