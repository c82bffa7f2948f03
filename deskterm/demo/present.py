"""What stands open now: each story turned into a plan whose clocks show what it tells, at whatever hour the demo is opened."""

from __future__ import annotations

from typing import Any

from data.vocab import Metric
from deskterm.demo import stories_clinic, stories_freight, stories_shops, stories_town, voices
from deskterm.demo.case import DESK
from deskterm.demo.plan import CALLER, ITSELF, Contact, Plan, Step
from deskterm.demo.scene import Scene
from deskterm.demo.story import Story
from deskterm.service_level.policy import Policy

HOUR, MINUTE = 3600, 60


def present(scene: Scene) -> list[Plan]:
    """Return the plans of all records that stand open."""
    told = (*stories_clinic.STORIES, *stories_freight.STORIES, *stories_shops.STORIES, *stories_town.STORIES)
    return [_plan(scene, story) for story in told]


def _plan(scene: Scene, story: Story) -> Plan:
    person = scene.people[story.person] if story.person else None
    values = _values(scene, story)
    customer = person.organisation_id if person else values["customer"]
    kind = "request" if story.item else "incident"
    promised = scene.promises(kind, values, customer, scene.now)
    waits_since = scene.now - int(story.wait.since_hours * HOUR) if story.wait else scene.now
    resolution = promised[Metric.RESOLUTION].policy
    started_at = _begin(scene, story, resolution, waits_since)
    values["occurred_at"] = started_at
    spoken = story.channel in ("phone", "walk-in", "chat")
    who = scene.somebody(DESK, started_at) if spoken else ITSELF
    plan = Plan(kind, started_at, who, person, values, key=story.key, parent=story.parent)
    if story.channel != "monitoring":
        plan.contacts.append(
            Contact(started_at, who if spoken else ITSELF, story.channel, kind, 240 if spoken else 0, story.summary)
        )
    if story.team:
        _steps(scene, story, plan, resolution, promised[Metric.RESPONSE].policy, waits_since)
    return plan


def _values(scene: Scene, story: Story) -> dict[str, Any]:
    named = {"service": ("service", story.service), "ci": ("ci", story.ci), "customer": ("organisation", story.customer)}
    values: dict[str, Any] = {name: scene.ids[key] for name, key in named.items() if key[1]}
    values |= {"item": story.item} if story.item else {}
    values |= {"requester": scene.people[story.person].id} if story.person else {}
    return values | {
        "summary": story.summary, "description": story.description or None, "channel": story.channel, "category": story.category,
        "impact": story.impact, "urgency": story.urgency, "affected": story.affected, "tags": list(story.tags),
    }  # fmt: skip


def _begin(scene: Scene, story: Story, resolution: Policy, until: int) -> int:
    """Return when a record came in, so that it has the time left that its story tells."""
    if story.left is None:
        return scene.now - int(story.age * HOUR)
    target = resolution.target_seconds(until) or 0
    used = target - int(story.left * HOUR)
    if used <= 0:
        raise ValueError(f"{story.summary}: {story.left} hours left of {target / HOUR}")
    return resolution.working.before(until, used)


def _steps(scene: Scene, story: Story, plan: Plan, resolution: Policy, response: Policy, until: int) -> None:
    """Add what was done so far, in time that counts."""
    started_at = plan.at
    used = resolution.working.elapsed(started_at, until)

    def moment(share: float) -> int:
        if used < MINUTE:
            return started_at + int((until - started_at) * share)
        return min(resolution.working.due(started_at, max(1, int(used * share))), until)

    answer = min(used * 0.05, (response.target_seconds(started_at) or HOUR) * 0.5)
    answered_at = max(moment(answer / max(used, 1)), started_at + 20)
    spoken = plan.who not in (CALLER, ITSELF)
    first = plan.who if spoken else scene.somebody(DESK, answered_at)
    if story.agent and story.team == DESK:
        first = story.agent
    elif spoken and used > 5 * MINUTE:
        plan.steps.append(Step(started_at + 15, first, "start"))
    assignee = scene.agent(story.agent) if story.agent else None
    plan.steps.append(Step(answered_at, first, "assign", {"team": scene.ids["team", story.team], "assignee": assignee}))
    if plan.person is not None and plan.who in (CALLER, ITSELF):
        plan.steps.append(Step(answered_at + 20, first, "reply", {"text": _greeting(scene, story, plan)}))
    if story.agent and story.begun:
        plan.steps.append(Step(max(moment(answer * 1.5 / max(used, 1)), answered_at + 60), story.agent, "start"))
    if story.major:
        _major(scene, story, plan, moment(0.14))
    for said in story.said:
        do = "reply" if said.public or not said.who else "note"
        plan.steps.append(Step(max(moment(said.share), answered_at + 90), said.who or CALLER, do, {"text": said.text}))
    if story.wait:
        _pend(scene, story, plan, until)


def _greeting(scene: Scene, story: Story, plan: Plan) -> str:
    assert plan.person is not None
    return scene.dice.choice(voices.NOTED if story.item else voices.RECEIVED).format(first=plan.person.first, team=story.team)


def _major(scene: Scene, story: Story, plan: Plan, at: int) -> None:
    values = {"commander": scene.agent(story.agent), "update_minutes": 30}
    plan.steps.append(Step(at, "jonas", "declare-major", values))


def _pend(scene: Scene, story: Story, plan: Plan, at: int) -> None:
    wait = story.wait
    assert wait is not None
    pend: dict[str, Any] = {"reason": wait.reason}
    if wait.wakes_hours is not None:
        pend["until"] = scene.now + int(wait.wakes_hours * HOUR)
    if wait.reason == "caller":
        pend["message"] = wait.text
    else:
        plan.steps.append(Step(at - 5, story.agent, "note", {"text": wait.text}))
    plan.steps.append(Step(at, story.agent, "pend", pend))
