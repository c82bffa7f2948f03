"""What holds for a shift handover however it is written: by the console, the command line, a bulk act or an undo.

A new handover freezes its lines in the same unit of work. Signing and accepting are actions of its workflow. What is signed is
not taken back: neither by editing nor by undoing, and the database itself refuses to touch the lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from data.queries import handover as q
from data.queries import records as rq
from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import resolve
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_desk.handover_snapshot import Draw, gather

OPEN, ACKNOWLEDGED, REASSIGNED = "open", "acknowledged", "reassigned"
"""States of a line: nothing said yet, known, given to somebody."""


def _named(unit: Unit, draft: Draft) -> None:
    """Name it after its team and shift, and its outgoing lead after whoever closes the shift."""
    if draft.creating and draft.get("outgoing") is None:
        draft.new["outgoing"] = unit.actor.agent_id
    if not draft.get("name") and None not in (draft.get("team"), draft.get("starts_at"), draft.get("ends_at")):
        zone = ZoneInfo(unit.actor.tz)
        start, end = (datetime.fromtimestamp(draft.get(name), zone) for name in ("starts_at", "ends_at"))
        team = resolve.names(unit.connection, {draft.get("team")}).get(draft.get("team"))
        until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
        draft.new["name"] = f"{team.title if team else '?'}, {start:%Y-%m-%d %H:%M} to {until}"[:160]


def _makes_sense(unit: Unit, draft: Draft) -> None:
    """Refuse a shift that runs backwards, has not begun, or overlaps one that is handed over already."""
    if not draft.creating:
        return
    start, end, next_end = (draft.get(name) for name in ("starts_at", "ends_at", "next_ends_at"))
    if end <= start:
        raise InvalidInput("a shift ends after it starts", fields={"ends_at": "not after starts_at"})
    if next_end <= end:
        raise InvalidInput("the next shift ends after this one", fields={"next_ends_at": "not after ends_at"})
    if start > unit.recorded_at:
        raise InvalidInput("this shift has not begun; there is nothing to hand over", fields={"starts_at": "in the future"})
    # Whoever closes a shift of the same team at this instant waits here.
    unit.connection.execute(rq.LOCKED, {"ids": [draft.get("team")]}).all()
    other = unit.connection.execute(
        q.OVERLAPPING, {"team": draft.get("team"), "own": draft.id, "start": start, "end": end}
    ).first()
    if other is not None:
        raise InvalidInput(
            f"{other.number} hands over a shift of this team that overlaps this one; withdraw it, or change the times",
            fields={"starts_at": f"overlaps {other.number}"},
        )


_STILL_OPEN = {"open": {"incoming", "outgoing"}, "handed-over": {"incoming"}}
_BY_ACTION = {"sign": {"outgoing_signed_at"}, "accept": {"incoming", "incoming_signed_at"}}


def _frozen(unit: Unit, draft: Draft) -> None:
    """Refuse to change what the snapshot was made for, or what somebody has signed."""
    if draft.creating:
        return
    by_action = _BY_ACTION.get(draft.action.name, set()) if draft.action else set()
    wrong = sorted(draft.changed.keys() - _STILL_OPEN.get(draft.state_before, set()) - by_action)
    if wrong:
        raise WorkflowRefused(
            f"{draft.number} is a snapshot; {wrong[0]} cannot be changed while it is {draft.state_before}",
            fields=dict.fromkeys(wrong, "frozen"),
        )


def _two_people(unit: Unit, draft: Draft) -> None:
    if draft.get("incoming") is not None and draft.get("incoming") == draft.get("outgoing"):
        raise InvalidInput(
            "nobody hands over to themselves; name another incoming lead", fields={"incoming": "the outgoing lead"}
        )


def _freeze_lines(unit: Unit, draft: Draft) -> None:
    """Write the lines with the handover itself."""
    if draft.creating:
        write_lines(unit, draft.id, gather(unit, draft), after=0)
    elif draft.state != draft.state_before and draft.action is None:
        raise WorkflowRefused(f"{draft.number} was signed; an undo does not take a signature back")


def write_lines(unit: Unit, handover_id: int, lines: list[Draw], *, after: int) -> None:
    """Append lines behind a position."""
    rows = [
        {
            "handover_id": handover_id, "position": position, "section": line.section.value, "subject_id": line.subject_id,
            "number": line.number, "text": line.text, "facts": line.facts, "state": OPEN,
        }
        for position, line in enumerate(lines, after + 1)
    ]  # fmt: skip
    if rows:
        unit.connection.execute(q.INSERT, rows)


COMPLETE = (_named,)
CHECK = (_makes_sense, _frozen, _two_people)
AFTER = (_freeze_lines,)


def _login(unit: Unit, agent: int | None) -> str:
    named = resolve.names(unit.connection, {agent} if agent is not None else set())
    return next((one.title for one in named.values()), "nobody")


def _sign(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """The outgoing lead signs; from here on no line is added and the incoming lead may answer."""
    if unit.actor.agent_id is None or unit.actor.agent_id != draft.get("outgoing"):
        raise NotAllowed(f"{draft.number} is signed by its outgoing lead, {_login(unit, draft.get('outgoing'))}, and nobody else")
    draft.new["outgoing_signed_at"] = unit.at
    unit.journal(Entry(draft.id, draft.version + 1, What.SIGNED, text="signed as the outgoing lead"))


def _accept(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """The incoming lead signs, once every line is answered."""
    require_incoming(unit, draft)
    open_lines = [row.position for row in unit.connection.execute(q.UNANSWERED, {"handover": draft.id})]
    if open_lines:
        some = ", ".join(map(str, open_lines[:8])) + (" …" if len(open_lines) > 8 else "")
        lines = "line is" if len(open_lines) == 1 else "lines are"
        raise WorkflowRefused(f"{len(open_lines)} {lines} neither acknowledged nor reassigned: {some}", fields={"lines": some})
    draft.new["incoming"] = unit.actor.agent_id
    draft.new["incoming_signed_at"] = unit.at
    unit.journal(Entry(draft.id, draft.version + 1, What.SIGNED, text="signed as the incoming lead"))


def require_incoming(unit: Unit, draft: Draft) -> None:
    """Refuse whoever is not the incoming lead, or cannot become it.

    Raises:
        NotAllowed: somebody else is, or the actor is the outgoing lead, or no agent at all.
    """
    incoming, own = draft.get("incoming"), unit.actor.agent_id
    if own is None:
        raise NotAllowed("a handover is answered by an agent, not by the desk itself")
    if own == draft.get("outgoing"):
        raise NotAllowed(f"you hand {draft.number} over; the incoming lead answers it")
    if incoming is not None and incoming != own:
        who = _login(unit, incoming)
        raise NotAllowed(f"{who} is the incoming lead of {draft.number}; to answer it yourself, make yourself the incoming lead")


HANDLERS = {"sign": _sign, "accept": _accept}
RULES = Rules(COMPLETE, CHECK, AFTER, handlers=HANDLERS)
