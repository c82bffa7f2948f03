"""While an incident or a request is typed: its priority and why, what the caller has open, what is behind it, what is like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deskterm import desk_settings
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.forms.schema import Hint, HintAct
from deskterm.incident.fields import IMPACT, URGENCY
from deskterm.incident.rules import priority_of
from deskterm.kinds import Kind
from deskterm.records import resolve
from deskterm.service_desk import callers, similar
from deskterm.service_desk.schema import Likeness

SHOWN = 3
"""Similar records told of."""


def hints(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> list[Hint]:
    """Return the hints, what follows from the form itself first."""
    if "impact" not in kind.all_fields:
        return []
    return [
        *priority_hints(desk, values),
        *_caller(desk, values),
        *_impact(desk, values),
        *_changed(desk, kind, values),
        *_similar(desk, kind, values),
    ]


def priority_hints(desk: Desk, values: Mapping[str, Any]) -> Iterator[Hint]:
    """Yield the priority that impact and urgency give, and why; what overriding it asks for."""
    impact, urgency, chosen = (values.get(name) for name in ("impact", "urgency", "priority"))
    if not isinstance(impact, int) or not isinstance(urgency, int):
        return
    with desk.database.read() as connection:
        matrix = desk_settings.load(connection).priority_matrix
    try:
        derived = priority_of(impact, urgency, matrix)
    except InvalidInput:
        return
    why = f"impact {impact} {IMPACT.labels[impact - 1]}, urgency {urgency} {URGENCY.labels[urgency - 1]}"
    if chosen is None or chosen == derived:
        yield Hint(f"Priority {derived}", (why,), tone="risk" if derived == 1 else "")
        return
    reason = values.get("priority_reason")
    told = f"because: {reason}" if reason else "say why in “Priority reason”"
    yield Hint(f"Priority {chosen} instead of {derived}", (why, told), tone="soon")


def _caller(desk: Desk, values: Mapping[str, Any]) -> Iterator[Hint]:
    requester = values.get("requester")
    if desk.actor.restricted:
        return
    with desk.database.read() as connection:
        key = resolve.meant(connection, requester, "person")
        if key is None:
            return
        number = resolve.names(connection, {key})[key].number
    card = callers.card(desk, number)
    title = f"{card.caller.name}{' · VIP' if card.caller.vip else ''}"
    open_ = [line for line in card.open if line.number != values.get("number")]
    lines = [f"{line.number} {line.title}" for line in open_[:SHOWN]] or ["nothing else open"]
    if card.note:
        lines.insert(0, card.note.partition("\n")[0])
    first = open_[0].number if open_ else ""
    yield Hint(title, tuple(lines), HintAct("open", first, first) if first else None, "soon" if card.caller.vip else "")


def _changed(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> Iterator[Hint]:
    if kind.name != "incident" or not (values.get("ci") or values.get("service")):
        return
    from deskterm.change.hints import suspect_hints  # the graph is only needed once a CI is named

    yield from suspect_hints(desk, values)


def _impact(desk: Desk, values: Mapping[str, Any]) -> Iterator[Hint]:
    """Tell which services the CI takes along if it is down; nothing of it is written into the record."""
    ci = values.get("ci")
    if ci in (None, "") or desk.actor.restricted:
        return
    from deskterm.configuration import impact

    with desk.database.read() as connection:
        try:
            key = resolve.one_of(connection, ci, ("ci",))
        except ValueError:
            return
    found = impact.affected_services(desk, key)
    if found:
        lines = [f"{one.node.title}: {'would break' if one.breaks else 'could be degraded'}" for one in found[:SHOWN]]
        more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        yield Hint("If it is down", (*lines, *more), tone="risk" if found[0].breaks else "soon")


def _similar(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> Iterator[Hint]:
    summary = str(values.get("summary") or "")
    likeness = Likeness(
        summary,
        str(values.get("description") or ""),
        values.get("ci"),
        values.get("service"),
        without=str(values.get("number") or ""),
    )
    if not summary and not likeness.ci:
        return
    yield from causes(desk, likeness, applies=kind.name == "incident")
    for found in similar.open_work(desk, likeness, limit=SHOWN):
        affected = f", {found.affected} affected" if found.affected > 1 else ""
        told = (found.title, f"{found.state}{affected} · {found.why}")
        yield Hint(f"Similar: {found.number}", told, HintAct("open", found.number, found.number))
    for found in similar.articles(desk, likeness, limit=1):
        yield Hint(f"Known: {found.number}", (found.title, found.why), HintAct("open", found.number, found.number), "good")


APPLY = "workaround"
"""What can be done with a known error: apply its workaround and link it."""


def causes(desk: Desk, likeness: Likeness, *, applies: bool) -> Iterator[Hint]:
    """Yield known errors and problems that may be behind it, by CI, service and text.

    Args:
        desk: The agent's desk.
        likeness: What is known so far.
        applies: Whether a workaround can be applied here; otherwise it can be opened.
    """
    for found in similar.known_errors(desk, likeness, limit=2):
        count = f"{found.affected} incidents so far, " if found.affected > 1 else ""
        told = (found.title, f"{count}{found.state.replace('-', ' ')} · {found.why}")
        if found.kind == "known-error":
            act = HintAct(APPLY if applies else "open", found.number, found.title)
            yield Hint(f"Known error {found.number}", told, act, "good")
        else:
            yield Hint(f"Problem {found.number}", told, HintAct("open", found.number, found.title), "soon")
