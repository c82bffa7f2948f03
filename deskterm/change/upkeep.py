"""What holds for templates, boards, freezes and work orders however they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries import change as q
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

SETTLED = ("closed", "cancelled")


def _template_stands(unit: Unit, draft: Draft) -> None:
    """Refuse to edit what was approved as it is."""
    if not draft.creating and draft.state == draft.state_before == "approved" and draft.changed:
        raise WorkflowRefused(f"{draft.number} is approved as it is; take the action revise before you change it")


TEMPLATE_CHECK = (_template_stands,)


def _quorum(unit: Unit, draft: Draft) -> None:
    members = draft.get("members") or []
    if members and draft.get("quorum") > len(members):
        raise InvalidInput(
            f"a quorum of {draft.get('quorum')} cannot be reached by {len(members)} members",
            fields={"quorum": "above the members"},
        )


BOARD_CHECK = (_quorum,)


def _substitute(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Let an agent vote in a member's place for a while: for oneself, or for anybody where one manages changes."""
    member, other, until = inputs.get("member") or unit.actor.agent_id, inputs["substitute"], inputs["until"]
    since = unit.at if inputs.get("since") is None else inputs["since"]
    members = draft.get("members") or []
    if member is None or member not in members:
        raise InvalidInput(f"that is no member of {draft.get('name')}; name one in member", fields={"member": "not on the board"})
    if member != unit.actor.agent_id:
        unit.require("manage", draft.kind)
    if other in members:
        raise InvalidInput("a member votes for themselves and cannot substitute another one", fields={"substitute": "a member"})
    if until <= since:
        raise InvalidInput("a substitution ends after it begins", fields={"until": "not after since"})
    busy = unit.connection.execute(q.SUBSTITUTIONS, {"substitute": other, "since": since, "until": until}).all()
    if any(row.member != member for row in busy):
        raise InvalidInput(
            "nobody has two votes: they substitute for somebody else then", fields={"substitute": "has a vote already"}
        )
    if store.connect(unit, other, q.SUBSTITUTES_FOR, member, valid_from=since, valid_until=until):
        store.journal_link(unit, What.LINK, other, q.SUBSTITUTES_FOR, member)
        named = resolve.names(unit.connection, {other, member})
        text = f"{named[other].title} votes for {named[member].title} from {format_instant(since)} until {format_instant(until)}"
        unit.journal(Entry(draft.id, draft.version, What.NOTE, text=text))


BOARD_HANDLERS = {"substitute": _substitute}


def _freeze_ends(unit: Unit, draft: Draft) -> None:
    if draft.get("ends_at") <= draft.get("starts_at"):
        raise InvalidInput("a freeze ends after it starts", fields={"ends_at": "not after starts_at"})


FREEZE_CHECK = (_freeze_ends,)


def _minutes_stand(unit: Unit, draft: Draft) -> None:
    if draft.state_before == "closed" and draft.changed:
        raise WorkflowRefused(f"{draft.number} is closed; the minutes of a meeting stay as they were written")


MEETING_CHECK = (_minutes_stand,)


def change_of(unit: Unit, key: int) -> Draft:
    """Return a change by id, held until the unit ends."""
    return store.load(unit.connection, unit.registry.kind("change"), [key], locked=True)[key]


def _order_place(unit: Unit, draft: Draft) -> None:
    """Put a new work order behind the others of its change, in its window, in the hands of its implementer."""
    key = draft.get("change")
    if key is None or not draft.creating:
        return
    change = change_of(unit, key)
    if draft.get("position") is None:
        draft.new["position"] = (unit.connection.execute(q.LAST_POSITION, {"change": key}).scalar() or 0) + 1
    for own, of_change in (("assignee", "assignee"), ("planned_start", "window_start"), ("planned_end", "window_end")):
        if draft.get(own) is None and own not in draft.given:
            draft.new[own] = change.get(of_change)


ORDER_COMPLETE = (_order_place,)


def _order_fits(unit: Unit, draft: Draft) -> None:
    """Refuse a step that runs backwards, stands outside the change's window, or is done on a CI that the change does not name."""
    start, end = draft.get("planned_start"), draft.get("planned_end")
    if start is not None and end is not None and end <= start:
        raise InvalidInput("a work order ends after it starts", fields={"planned_end": "not after planned_start"})
    if not draft.creating and not draft.changed.keys() & {"planned_start", "planned_end", "ci", "change"}:
        return
    change = change_of(unit, draft.get("change"))
    if change.state in SETTLED:
        raise WorkflowRefused(f"{change.number} is {change.state}; it takes no more work orders", fields={"change": change.state})
    opens, closes = change.get("window_start"), change.get("window_end")
    late = None not in (end, closes) and end > closes and draft.get("step") in ("implement", "back-out")
    early = None not in (start, opens) and start < opens and draft.get("step") in ("implement", "back-out")
    if early or late:
        raise InvalidInput(
            f"the step is planned outside the window of {change.number}; move the step, or the change",
            fields={"planned_start" if early else "planned_end": "outside the window"},
        )
    if draft.get("ci") is not None and draft.get("ci") not in (change.get("cis") or ()):
        raise InvalidInput(f"{change.number} does not change that CI; name one of its CIs", fields={"ci": "not of the change"})


ORDER_CHECK = (_order_fits,)


def _start(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    change = change_of(unit, draft.get("change"))
    if draft.get("step") != "prepare" and change.state != "implementing":
        raise WorkflowRefused(
            f"{change.number} is {change.state}; take its action implement before a step of it starts",
            fields={"change": change.state},
        )
    draft.new["actual_start"] = unit.at
    if draft.get("assignee") is None:
        draft.new["assignee"] = unit.actor.agent_id


def _finish(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["actual_end"] = unit.at


def _cancel(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.reason = inputs["why"]


ORDER_HANDLERS = {"start": _start, "finish": _finish, "cancel": _cancel}
TEMPLATE_RULES = Rules(check=TEMPLATE_CHECK)
BOARD_RULES = Rules(check=BOARD_CHECK, handlers=BOARD_HANDLERS)
FREEZE_RULES = Rules(check=FREEZE_CHECK)
MEETING_RULES = Rules(check=MEETING_CHECK)
ORDER_RULES = Rules(ORDER_COMPLETE, ORDER_CHECK, handlers=ORDER_HANDLERS)
