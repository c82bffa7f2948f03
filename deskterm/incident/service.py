"""What happens to an incident or a request while it is written: priority, assignment, milestones, waiting, clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm import desk_settings
from deskterm.availability.life_cycle import check as check_stamps
from deskterm.availability.life_cycle import stamp
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.incident.rules import priority_of
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import relations, resolve, store, watching, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.relation_words import MEMBER_OF
from deskterm.workflow import Phase

CHILD_OF = relations.CHILD_OF
MERGED_INTO = relations.MERGED_INTO
SPLIT_FROM = relations.SPLIT_FROM
AFFECTS = "affects"
"""Links a record to somebody else it affects."""


def _customer(unit: Unit, draft: Draft) -> None:
    """Take the organisation from the caller, where nobody says otherwise."""
    requester = draft.get("requester")
    if "customer" in draft.given or requester is None or requester == draft.old.get("requester"):
        return
    draft.new["customer"] = unit.once(("organisation of", requester), lambda: _organisation_of(unit, requester))


def _organisation_of(unit: Unit, person: int) -> int | None:
    found = store.load(unit.connection, unit.registry.kind("person"), [person]).get(person)
    return None if found is None else found.get("organisation")


def derive_priority(unit: Unit, draft: Draft) -> None:
    """Priority from impact and urgency; an override needs the right and keeps its reason."""
    matrix = unit.once("settings", lambda: desk_settings.load(unit.connection)).priority_matrix
    if draft.get("impact") is None or draft.get("urgency") is None:
        return
    derived = priority_of(draft.get("impact"), draft.get("urgency"), matrix)
    wanted = draft.get("priority") if "priority" in draft.given else None
    if wanted is None:
        keeps = "priority" not in draft.given and draft.get("priority_reason") and draft.get("priority") is not None
        if not keeps:
            draft.new["priority"] = derived
            draft.new["priority_reason"] = None
        return
    if wanted == derived:
        draft.new["priority_reason"] = None
    elif wanted != draft.old.get("priority"):
        unit.require("override", draft.kind)
        if not draft.get("priority_reason"):
            said = f"impact {draft.get('impact')} and urgency {draft.get('urgency')} give priority {derived}"
            raise InvalidInput(
                f"{said}; to override it, say why in priority_reason", fields={"priority_reason": "required with an override"}
            )


def _assignment(unit: Unit, draft: Draft) -> None:
    """Keep team, agent and state in step: what somebody is given is assigned, and leaves whoever cannot have it."""
    assignee, team = draft.get("assignee"), draft.get("team")
    teams = teams_of(unit, assignee) if assignee is not None else ()
    if assignee is not None and team is None and teams:
        draft.new["team"] = team = teams[0]
    moved = team != draft.old.get("team")
    if moved and draft.old.get("team") is not None:
        draft.new["reassignments"] = (draft.get("reassignments") or 0) + 1
        if assignee is not None and "assignee" not in draft.given and team not in teams:
            draft.new["assignee"] = assignee = None
    if draft.state == "new" and (team is not None or assignee is not None):
        draft.state = "assigned"


def teams_of(unit: Unit, agent: int) -> tuple[int, ...]:
    """Return the ids of the teams that an agent is a member of, the oldest first."""
    from data.queries import records as q

    def read() -> tuple[int, ...]:
        rows = unit.connection.execute(q.LINKED_FROM, {"relation": MEMBER_OF, "id": agent})
        return tuple(sorted(row.target_id for row in rows))

    return unit.once(("teams of", agent), read)


def _milestones(unit: Unit, draft: Draft) -> None:
    """Stamp first response, resolution and reopening; clear what a pending record waited for once it goes on."""
    answered = draft.said is What.REPLY and not _is_requester(unit, draft)
    started = draft.action is not None and draft.action.name in ("start", "resolve")
    if draft.get("first_response_at") is None and (answered or started):
        draft.new["first_response_at"] = unit.at
    if draft.state != "pending" and draft.state_before == "pending":
        draft.new["pending_reason"] = draft.new["pending_until"] = None
    if draft.phase is Phase.DONE and draft.phase_before is not Phase.DONE:
        draft.new["resolved_at"] = unit.at
        draft.new["resolved_by"] = unit.actor.agent_id
    if draft.phase in (Phase.DONE, Phase.FINAL):
        draft.new["snoozed_until"] = None
    if draft.action is not None and draft.action.name == "reopen":
        draft.new["reopens"] = (draft.get("reopens") or 0) + 1
        draft.new["resolved_at"] = draft.new["resolved_by"] = None


def _caller_answers(unit: Unit, draft: Draft) -> None:
    """The caller's word takes a record that waited for them back to work."""
    if draft.said is not What.REPLY or not _is_requester(unit, draft):
        return
    call_again(draft)
    if draft.state == "pending" and draft.get("pending_reason") == "caller":
        draft.state, draft.reason = "in-progress", "the caller answered"
        draft.new["pending_reason"] = draft.new["pending_until"] = None


def _is_requester(unit: Unit, draft: Draft) -> bool:
    return unit.actor.restricted and unit.actor.person_id == draft.get("requester")


def _check_occurred(unit: Unit, draft: Draft) -> None:
    occurred = draft.get("occurred_at")
    if occurred is not None and occurred > unit.recorded_at:
        raise InvalidInput(
            "occurred_at lies in the future; it is when the trouble began", fields={"occurred_at": "in the future"}
        )
    if not draft.creating and "occurred_at" in draft.given and occurred != draft.old.get("occurred_at"):
        unit.require("backfill", draft.kind)  # it moves every clock: nobody mends a breach by retelling when it began


def _check_major(unit: Unit, draft: Draft) -> None:
    if draft.get("major") and draft.state == "closed" and draft.state_before != "closed" and not draft.get("review"):
        raise WorkflowRefused(
            "a major incident closes with a review; take the action review first", fields={"review": "required"}
        )
    newest, over = draft.get("newest_data_at"), draft.get("resolved_at")
    if newest is not None and "newest_data_at" in draft.changed and newest > (unit.recorded_at if over is None else over):
        raise InvalidInput(
            "newest_data_at is an instant before it was over: data that are newer were not lost by it",
            fields={"newest_data_at": "after it was over"},
        )


COMPLETE = (_customer, derive_priority, _assignment, _milestones, _caller_answers)
CHECK = (_check_occurred, _check_major)


def judge_clocks(unit: Unit, draft: Draft) -> None:
    """Let service levels judge the record. Reading a queue needs none of them, so they load with the first write."""
    from deskterm.service_level import clocks

    clocks.judge(unit, draft)


AFTER = (judge_clocks,)


def bring_problem(unit: Unit, draft: Draft) -> None:
    """Keep problem and known error of an incident in step; what names neither need not know of problems."""
    if any(draft.get(name) != draft.old.get(name) for name in NAMES_PROBLEM):
        from deskterm.problem import linking

        linking.complete(unit, draft)


def check_problem(unit: Unit, draft: Draft) -> None:
    """Refuse a problem that leads nowhere."""
    if any(draft.get(name) != draft.old.get(name) for name in NAMES_PROBLEM):
        from deskterm.problem import linking

        linking.check(unit, draft)


def follow_problem(unit: Unit, draft: Draft) -> None:
    """Tell the problem, and post the workaround that helps."""
    if "known_error" in draft.given or any(draft.get(name) != draft.old.get(name) for name in NAMES_PROBLEM):
        from deskterm.problem import linking

        linking.follow(unit, draft)


NAMES_PROBLEM = ("problem", "known_error")


def take(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Make who asks the owner, and give the record to a team of theirs where it has none.

    Raises:
        WorkflowRefused: who asks is no agent.
    """
    if unit.actor.agent_id is None:
        raise WorkflowRefused("only an agent can take a record")
    draft.new["assignee"] = unit.actor.agent_id
    draft.given = draft.given | {"assignee"}
    if draft.get("team") is None and unit.actor.team_ids:
        draft.new["team"] = unit.actor.team_ids[0]


def _start(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if draft.get("assignee") is None:
        take(unit, draft, inputs)


def _pend(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    reason, until, message = inputs["reason"], inputs.get("until"), inputs.get("message")
    if reason == "caller" and not message:
        raise WorkflowRefused("waiting for the caller needs a message to them", fields={"message": "required"})
    if until is not None and until <= unit.at:
        raise WorkflowRefused("the wake-up time is not in the future", fields={"until": "in the past"})
    draft.new["pending_reason"], draft.new["pending_until"] = reason, until
    draft.reason = f"waiting for {reason}"
    if message:
        reply(unit, draft, message)


def reply(unit: Unit, draft: Draft, message: str) -> None:
    """Append a public reply as part of another step; it counts as the first response."""
    unit.journal(Entry(draft.id, draft.version + 1, What.REPLY, text=message, public=True))
    if draft.get("first_response_at") is None:
        draft.new["first_response_at"] = unit.at


def _resolve(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if draft.get("assignee") is None and unit.actor.agent_id is not None:
        take(unit, draft, inputs)
    if inputs.get("children"):
        for child in children(unit, draft):
            if child.phase in (Phase.ACTIVE, Phase.WAITING):
                values = {"code": draft.get("code"), "solution": draft.get("solution")}
                writing.act(unit, child, "resolve", values)


def children(unit: Unit, draft: Draft) -> list[Draft]:
    """Return the incidents that are children of this one, whatever their state."""
    from data.queries import records as q

    rows = unit.connection.execute(q.LINKED_TO, {"relation": CHILD_OF, "id": draft.id})
    return list(store.load(unit.connection, draft.kind, [row.source_id for row in rows]).values())


def _reason(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if inputs.get("reason"):
        draft.reason = inputs["reason"]
        if draft.action is not None and draft.action.target is None:
            text = f"{draft.action.title}: {inputs['reason']}"
            unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))


def _snooze(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if inputs["until"] <= unit.at:
        raise WorkflowRefused("it can only be snoozed into the future", fields={"until": "in the past"})
    draft.new["snoozed_until"] = inputs["until"]


def _wake(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["snoozed_until"] = None


def _affect(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Count one more; who is counted already has called again."""
    caller = inputs.get("caller")
    if caller is not None and caller in people_affected(unit, draft):
        call_again(draft)
        unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=called_again(unit, draft, caller)))
        return
    draft.new["affected"] = (draft.get("affected") or 1) + 1
    if caller is not None:
        store.connect(unit, draft.id, AFFECTS, caller)
        unit.journal(Entry(draft.id, draft.version + 1, What.LINK, AFFECTS, new=caller))


def people_affected(unit: Unit, draft: Draft) -> set[int]:
    """Return the ids of the people whom a record is known to affect, its caller among them."""
    from data.queries import records as q

    links = unit.connection.execute(q.LINKED_FROM, {"relation": AFFECTS, "id": draft.id})
    own = draft.get("requester")
    return {row.target_id for row in links} | ({own} if own is not None else set())


def call_again(draft: Draft) -> None:
    """Count a further contact about a record."""
    draft.new["contacts"] = (draft.get("contacts") or 1) + 1


def called_again(unit: Unit, draft: Draft, caller: int) -> str:
    """Return the words for a further call: the caller of the record, or the name of somebody else whom it affects."""
    who = "They" if caller == draft.get("requester") else resolve.names(unit.connection, {caller})[caller].title
    return f"{who} called again"


def _escalate(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    team, manager = inputs.get("team"), inputs.get("to")
    if team is None and manager is None:
        raise WorkflowRefused("escalate needs a team or a manager", fields={"team": "or to", "to": "or team"})
    if team is not None:
        draft.new["team"] = team
        draft.new["assignee"] = None
        draft.given = draft.given | {"team", "assignee"}
    if manager is not None:
        watching.add(draft, manager)
    _reason(unit, draft, inputs)


def _declare_major(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if draft.get("commander") is None:
        draft.new["commander"] = unit.actor.agent_id
    if draft.get("update_minutes") is None:
        settings = unit.once("settings", lambda: desk_settings.load(unit.connection))
        draft.new["update_minutes"] = settings.major_update_minutes


def _merge(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    target_id = inputs["into"]
    if target_id == draft.id:
        raise WorkflowRefused("a record cannot be merged into itself", fields={"into": "the same record"})
    target = store.load(unit.connection, draft.kind, [target_id], locked=True)[target_id]
    if target.phase not in (Phase.ACTIVE, Phase.WAITING):
        raise WorkflowRefused(f"{target.number} is {target.state}; merge into one that is open", fields={"into": target.state})
    draft.reason = f"merged into {target.number}"
    store.connect(unit, draft.id, MERGED_INTO, target_id)
    unit.journal(Entry(draft.id, draft.version + 1, What.LINK, MERGED_INTO, new=target_id))
    text = f"{draft.number} was merged into this: {draft.get('summary')}"
    target.new["affected"] = (target.get("affected") or 1) + (draft.get("affected") or 1)
    store.update_draft(unit, target)
    unit.journal(Entry(target_id, target.version, What.NOTE, text=text))


SHARED_BY_A_SPLIT = ("requester", "customer", "service", "ci", "category", "channel", "impact", "urgency", "team", "occurred_at")
"""What the second record of a split has from the first."""


def _split(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    shared = {name: draft.get(name) for name in SHARED_BY_A_SPLIT if draft.get(name) is not None}
    second = writing.create(unit, draft.kind, {**shared, "summary": inputs["summary"], "description": inputs.get("description")})
    store.connect(unit, second.id, SPLIT_FROM, draft.id)
    unit.journal(Entry(second.id, second.version, What.LINK, SPLIT_FROM, new=draft.id))
    unit.journal(Entry(draft.id, draft.version, What.NOTE, text=f"{second.number} was split from this: {inputs['summary']}"))


def _rate(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["satisfaction"], draft.new["satisfaction_comment"] = inputs["score"], inputs.get("comment")


HANDLERS = {
    "split": _split,
    "rate": _rate,
    "take": take,
    "start": _start,
    "pend": _pend,
    "resolve": _resolve,
    "reopen": _reason,
    "cancel": _reason,
    "snooze": _snooze,
    "wake": _wake,
    "affect": _affect,
    "escalate": _escalate,
    "declare-major": _declare_major,
    "end-major": _reason,
    "merge": _merge,
}
RULES = Rules(
    (*COMPLETE, bring_problem, stamp), (*CHECK, check_problem, check_stamps), (*AFTER, follow_problem), handlers=HANDLERS
)
"""Those of the incident."""
_INCIDENTS_ALONE = ("escalate", "declare-major", "end-major", "merge", "split")
REQUEST_RULES = Rules(
    COMPLETE, CHECK[:1], AFTER, handlers={name: do for name, do in HANDLERS.items() if name not in _INCIDENTS_ALONE}
)
"""Those of the request, which neither names a problem nor becomes a major incident."""
