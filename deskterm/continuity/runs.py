"""What holds for a run of a plan however it is written: its stamps, the objectives it is judged by, who may verify it.

What is done to its steps while it goes on is in `run_steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries import continuity as q
from deskterm.continuity import objectives, run_steps
from deskterm.continuity.rules import Recovery, out_of_order
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

Inputs = Mapping[str, Any]
ENDED = ("verified", "closed")


def recovery_of(values: Any) -> Recovery | None:
    """Return the stamps of a run as the rules take them; None while nothing was disrupted."""
    if values("disrupted_at") is None:
        return None
    return Recovery(values("disrupted_at"), values("invoked_at"), values("verified_at"), values("newest_data_at"))


def _named(unit: Unit, draft: Draft) -> None:
    """Call it by its plan, where nobody calls it anything."""
    plan = draft.get("plan")
    if draft.get("summary") or plan is None:
        return
    named = resolve.names(unit.connection, {plan}).get(plan)
    if named is not None:
        draft.new["summary"] = f"{str(draft.get('type') or 'exercise').capitalize()} of {named.title}"[:255]


def _stamped(unit: Unit, draft: Draft) -> None:
    """Let it be as far as its stamps say, where they are told after the fact."""
    if draft.creating:
        begun = draft.get("disrupted_at") is not None or draft.get("invoked_at") is not None
        if draft.get("verified_at") is not None:
            draft.state = "verified"
        elif begun and max(draft.get("disrupted_at") or 0, draft.get("invoked_at") or 0) <= unit.recorded_at:
            draft.state = "running"
    elif draft.state == "running" and draft.get("verified_at") is not None and draft.action is None:
        run_steps.require_over(unit, draft)
        draft.state, draft.reason = "verified", "verified"
    if draft.state in ENDED and draft.get("verified_by") is None and draft.state_before not in ENDED:
        draft.new["verified_by"] = unit.actor.agent_id


def _judged_by(unit: Unit, draft: Draft) -> None:
    """Keep with it, once it begins, which version it runs and the objectives that it is judged by."""
    if draft.state in ("planned", "cancelled") or draft.get("plan") is None:
        return
    if draft.get("plan_version") is None:
        draft.new["plan_version"] = run_steps.to_run(unit, draft)[0]
    if draft.get("objectives"):
        return
    found = objectives.of_plan(unit.connection, int(draft.get("plan")))
    if found:
        draft.new["objectives"] = {str(key): {"rto": one.rto_seconds, "rpo": one.rpo_seconds} for key, one in found.items()}
        draft.new["rto_seconds"], draft.new["rpo_seconds"] = objectives.tightest_of(found.values())


def _figures(unit: Unit, draft: Draft) -> None:
    """Work out how long it took, and whether that was in time."""
    recovery = recovery_of(draft.get)
    ended = recovery if recovery is not None and draft.state != "cancelled" else None
    draft.new["rto_actual_seconds"] = ended.rto_actual_seconds if ended else None
    draft.new["from_invocation_seconds"] = ended.rto_actual_from_invocation_seconds if ended else None
    draft.new["rpo_actual_seconds"] = ended.rpo_actual_seconds if ended else None
    draft.new["result"] = result_of(
        draft.get("rto_actual_seconds"), draft.get("rto_seconds"), draft.get("rpo_actual_seconds"), draft.get("rpo_seconds")
    )


def result_of(took: int | None, rto: int | None, lost: int | None, rpo: int | None) -> str | None:
    """Return whether objectives were met; None where there is no RTO to judge by, or no end yet."""
    if took is None or rto is None:
        return None
    late = took > rto
    lossy = lost is not None and rpo is not None and lost > rpo
    return "missed" if late or lossy else "met"


def _counted(unit: Unit, draft: Draft) -> None:
    if draft.state == "running" and draft.state_before in ("", "planned"):
        draft.new["progress"] = run_steps.progress_of(["waiting"] * len(run_steps.to_run(unit, draft)[1]))


def _of_a_plan(unit: Unit, draft: Draft) -> None:
    """Refuse to run a plan that is retired, or to make it another plan's run once it began."""
    if draft.get("plan") is None or "plan" not in draft.changed:
        return
    if not draft.creating and draft.state_before != "planned":
        raise WorkflowRefused(f"{draft.number} runs its plan already; make another run", fields={"plan": "stands"})
    plan = unit.connection.execute(q.STEP_PLAN, {"id": draft.get("plan")}).one()
    if plan.state == "retired":
        raise InvalidInput(f"{plan.number} ({plan.title}) is retired; restore it first", fields={"plan": "retired"})


def _in_order(unit: Unit, draft: Draft) -> None:
    """Refuse an end before its start, and what has not happened yet."""
    stamps = {"disrupted_at", "invoked_at", "verified_at", "newest_data_at"} & draft.changed.keys()
    if not stamps or (draft.state == "planned" and not draft.get("verified_at")):
        return
    recovery = recovery_of(draft.get)
    if recovery is None:
        raise InvalidInput("disrupted_at: say when the service failed", fields={"disrupted_at": "required"})
    wrong = out_of_order(recovery, unit.recorded_at)
    if wrong:
        said = "; ".join(f"{name} is {why}" for name, why in wrong.items())
        raise InvalidInput(said, fields=wrong)


def _independent(unit: Unit, draft: Draft) -> None:
    """Refuse a verification by whoever restored it.

    Raises:
        WorkflowRefused: it names them, and what they restored.
    """
    verifier = draft.get("verified_by")
    if draft.state not in ENDED or verifier is None:
        return
    if draft.state_before in ENDED and not {"verified_by", "restored_by"} & draft.changed.keys():
        return
    login = resolve.names(unit.connection, {verifier})[verifier].title
    if draft.get("restored_by") == verifier:
        said = f"{login} restored it; somebody else verifies it (verified_by)"
        raise WorkflowRefused(said, fields={"verified_by": "restored it"})
    did = [] if not draft.id else run_steps.done_by(unit, draft.id, login)
    if did:
        said = f"{login} restored it ({', '.join(did[:3])}); somebody else verifies it"
        raise WorkflowRefused(said, fields={"verified_by": f"did {', '.join(did[:3])}"})


def _stands(draft: Draft, fields: frozenset[str]) -> str:
    """Say why a step of a run is not undone: what somebody did is done; it is repeated, skipped, or the run cancelled."""
    return f"what was done in {draft.number} stands; repeat the step, or cancel the run" if "progress" in fields else ""


# Actions.


def _begin(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """The disruption: now, when it was said to be, or when the incident that it answers to began."""
    if draft.get("disrupted_at") is None:
        incident = draft.get("incident")
        loaded = store.load(unit.connection, unit.registry.kind("incident"), [incident]) if incident is not None else {}
        began = loaded[incident].get("occurred_at") if incident in loaded else None
        draft.new["disrupted_at"] = unit.at if began is None else began


def _invoke(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    if draft.get("invoked_at") is None:
        draft.new["invoked_at"] = unit.at
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text="the plan is invoked"))


def _verify(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Sign that it works; every step is over by then."""
    run_steps.require_over(unit, draft)
    draft.new["verified_at"] = unit.at
    draft.new["verified_by"] = unit.actor.agent_id
    said = f": {inputs['note']}" if inputs.get("note") else ""
    unit.journal(Entry(draft.id, draft.version + 1, What.SIGNED, text=f"verified by {unit.actor.login}{said}"))


def _reject(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    text = f"not verified by {unit.actor.login}: {inputs['reason']}"
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))


def _cancel(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    draft.reason = str(inputs["reason"])


RULES = Rules(
    complete=(_named, _stamped, _judged_by, _counted, _figures),
    check=(_of_a_plan, _in_order, _independent),
    after=(run_steps.take,),
    lasting=(_stands,),
    handlers={
        "begin": _begin,
        "invoke": _invoke,
        "start-step": run_steps.start,
        "finish-step": run_steps.finish,
        "assign-step": run_steps.assign,
        "skip-step": run_steps.skip,
        "repeat-step": run_steps.repeat,
        "verify": _verify,
        "reject": _reject,
        "cancel": _cancel,
    },
)
