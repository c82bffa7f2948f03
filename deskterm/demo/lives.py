"""The life of a record that is over: who took it, where it went, what it waited for, when it was solved and closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data.vocab import Metric
from deskterm.civil_time import DAY_SECONDS, wall_of
from deskterm.demo import voices
from deskterm.demo.arrivals import Arrival
from deskterm.demo.case import APPLICATIONS, DATABASE, DESK, NETWORK, WORKPLACE
from deskterm.demo.plan import CALLER, ITSELF, Contact, Plan, Step
from deskterm.demo.roster import BERLIN
from deskterm.demo.scene import Scene
from deskterm.demo.writing_room import Wording, values_of
from deskterm.intervals import Spans
from deskterm.service_level.policy import Policy

LATE = {WORKPLACE: 0.05, NETWORK: 0.08, APPLICATIONS: 0.16, DATABASE: 0.28, DESK: 0.04}
"""Shares of records solved late, by the team that knows about it: what is rare and deep takes its time."""
LATE_ANSWER, MINE, DETOUR, WAITS = 0.03, 0.3, 0.1, 0.27
"""Shares of records: answered late, kept at the first line, sent to a wrong team first, waiting."""
REOPENED, DROPPED, ASKED, RATED = 0.045, 0.03, 0.1, 0.2
"""Shares of records: come back, dropped, asked after, rated."""
AUTO_CLOSE_SECONDS = 5 * DAY_SECONDS
SPOKEN = ("phone", "walk-in", "chat")
MINUTE = 60


@dataclass(slots=True)
class Clockwork:
    """Time on a record as its own agreement counts it, pauses taken off."""

    policy: Policy
    started_at: int
    pauses: list[tuple[int, int]] = field(default_factory=list)

    def open(self, at: int) -> int:
        """Return an instant, or the next at which there is anybody to do something by this agreement."""
        if self.policy.working.is_open(at):
            return at
        return (self.policy.working.next_opening(at) or at) + 60 + at % 1500

    def at(self, seconds: float) -> int:
        """Return the instant at which so much counted time has been used."""
        return self.policy.working.due(self.started_at, max(1, int(seconds)), Spans.of(self.pauses))

    @property
    def target(self) -> int:
        """Return the target in counted seconds."""
        return self.policy.target_seconds(self.started_at) or 8 * 3600


def past_life(scene: Scene, arrival: Arrival) -> Plan | None:
    """Return the life of a contact that is solved by now, or nothing if it could not be."""
    plan, wording = _opened(scene, arrival)
    if arrival.channel in SPOKEN and scene.dice.random() < arrival.case.at_once:
        solved_at = _at_once(scene, plan, wording)
    elif scene.dice.random() < DROPPED:
        return _dropped(scene, plan)
    else:
        solved_at = _worked_on(scene, plan, wording)
    if solved_at > scene.now - 10 * MINUTE:
        return None
    _closed(scene, plan, wording, solved_at)
    return plan if all(step.at <= scene.now for step in plan.steps) else None


def _opened(scene: Scene, arrival: Arrival) -> tuple[Plan, Wording]:
    """Log the record as its channel does: an agent on the phone, the desk itself for what the portal or a machine sent."""
    case, at, channel = arrival.case, arrival.at, arrival.channel
    person = None if channel == "monitoring" else arrival.person
    wording = Wording(scene, case, person, at)
    values = values_of(scene, case, person, wording, at, channel)
    if person is not None:
        values["requester"] = person.id
    else:
        values["customer"] = arrival.person.organisation_id
    plan = Plan(case.kind, at, ITSELF, person, values, case=case)
    if channel in SPOKEN:
        plan.who = scene.somebody(DESK, at)
        seconds = int(scene.dice.lognormvariate(5.6, 0.5))
        plan.at = at + min(seconds, 15 * MINUTE)
        values |= {"team": scene.ids["team", DESK], "assignee": scene.agent(plan.who)}
        plan.contacts.append(Contact(plan.at, plan.who, channel, case.kind, seconds, values["summary"]))
    elif channel != "monitoring":
        plan.contacts.append(Contact(at, ITSELF, channel, case.kind, 0, values["summary"]))
    return plan, wording


def _at_once(scene: Scene, plan: Plan, wording: Wording) -> int:
    """Solve it while the caller is still there."""
    assert plan.case is not None
    plan.steps.append(Step(plan.at + 5, plan.who, "start"))
    if scene.dice.random() < 0.4:
        _find(plan, wording, plan.at + 40, plan.who)
    return plan.at + int(scene.dice.uniform(2, 24) * MINUTE)


def _dropped(scene: Scene, plan: Plan) -> Plan | None:
    at = plan.at + int(scene.dice.uniform(20, 200) * MINUTE)
    who = scene.somebody(DESK, at)
    plan.steps.append(Step(at, who, "cancel", {"reason": scene.dice.choice(voices.DROPPED)}))
    return plan if at < scene.now else None


def _worked_on(scene: Scene, plan: Plan, wording: Wording) -> int:
    """Hand it to whoever knows, let it take its time, and return when it was solved."""
    case, dice = plan.case, scene.dice
    assert case is not None
    customer = plan.person.organisation_id if plan.person else plan.values["customer"]
    promised = scene.promises(plan.kind, plan.values, customer, plan.values["occurred_at"])
    clock = Clockwork(promised[Metric.RESOLUTION].policy, plan.values["occurred_at"])
    first = Clockwork(promised[Metric.RESPONSE].policy, plan.values["occurred_at"])
    share = dice.uniform(1.04, 2.1) if dice.random() < LATE[case.team] else dice.betavariate(1.5, 3.4) * 0.96
    total = max(share * clock.target, 12 * MINUTE)
    team = DESK if dice.random() < MINE else case.team
    triaged_at = _triage(scene, plan, wording, first, team)
    begun_at = clock.open(max(triaged_at + int(dice.uniform(1, 30) * MINUTE), clock.at(total * dice.uniform(0.1, 0.3))))
    if team != DESK and dice.random() < DETOUR:
        begun_at = clock.open(_detour(scene, plan, wording, triaged_at, begun_at))
    expert = _begin(scene, plan, team, triaged_at, begun_at)
    _find(plan, wording, begun_at + int(dice.uniform(2, 9) * MINUTE), expert)
    latest = begun_at + 10 * MINUTE
    if dice.random() < WAITS:
        latest = _wait(scene, plan, wording, clock, expert, max(latest, clock.at(total * dice.uniform(0.35, 0.7))))
    solved_at = daylight(max(clock.at(total), latest + int(dice.uniform(4, 40) * MINUTE)))
    between = clock.at(total * dice.uniform(0.75, 0.95))
    if dice.random() < 0.35 and latest < between < solved_at - 5 * MINUTE:
        texts = voices.PROGRESS if plan.kind == "incident" else voices.ERRANDS
        plan.steps.append(Step(between, expert, "note", {"text": wording.pick(texts)}))
    if Metric.UPDATE in promised:
        _keep_informed(scene, plan, promised[Metric.UPDATE].policy, expert, begun_at, solved_at)
    if plan.person is not None and dice.random() < ASKED and solved_at - latest > 2 * 3600:
        _asked_after(scene, plan, wording, dice.randrange(latest, solved_at - 3600))
    return solved_at


def _begin(scene: Scene, plan: Plan, team: str, at: int, begun_at: int) -> str:
    """Let somebody of the team take it and begin; whoever took the call goes on where the first line keeps it."""
    if team == DESK and plan.who not in (CALLER, ITSELF):
        return plan.who
    expert = scene.somebody(team, begun_at)
    plan.steps.append(Step(max(at + 1, begun_at - 5 * MINUTE), expert, "take"))
    plan.steps.append(Step(begun_at, expert, "start"))
    return expert


def _find(plan: Plan, wording: Wording, at: int, who: str) -> None:
    """Note what was found, once."""
    found = wording.fresh(wording.tale.notes)
    if found:
        plan.steps.append(Step(at, who, "note", {"text": found}))


def _keep_informed(scene: Scene, plan: Plan, update: Policy, who: str, begun_at: int, solved_at: int) -> None:
    """Say publicly how it stands as often as was promised, most of the time."""
    at = begun_at + 4 * MINUTE
    for text in (*voices.UPDATES, *voices.UPDATES[-1:] * 6):
        if at >= solved_at - 5 * MINUTE or plan.person is None:
            return
        plan.steps.append(Step(at, who, "reply", {"text": text}))
        at = update.working.due(at, int((update.amount_seconds or 1800) * scene.dice.uniform(0.7, 1.02)))


def _triage(scene: Scene, plan: Plan, wording: Wording, first: Clockwork, to: str) -> int:
    """Take it at the first line and pass it on; return when the right team has it."""
    assert plan.case is not None
    dice, team = scene.dice, scene.ids["team", to]
    if plan.who not in (CALLER, ITSELF):
        answered_at, who = plan.at + 5, plan.who
        plan.steps.append(Step(answered_at, who, "start"))
        if dice.random() < 0.5:
            _find(plan, wording, answered_at + 60, who)
        if to == DESK:
            return answered_at + MINUTE
        passed_at = answered_at + int(dice.uniform(3, 25) * MINUTE)
        plan.steps.append(Step(passed_at, who, "assign", {"team": team, "assignee": None}))
        return passed_at
    share = dice.uniform(1.02, 1.9) if dice.random() < LATE_ANSWER else dice.betavariate(1.6, 3.6)
    at = max(first.at(share * first.target), plan.at + 45)
    who = scene.somebody(DESK, at)
    plan.steps.append(Step(at, who, "assign", {"team": team}))
    if plan.person is not None:
        plan.steps.append(
            Step(at + 20, who, "reply", {"text": wording.pick(voices.RECEIVED if plan.kind == "incident" else voices.NOTED)})
        )
    return at + 30


def _detour(scene: Scene, plan: Plan, wording: Wording, at: int, begun_at: int) -> int:
    """Send it to somebody who sends it back."""
    assert plan.case is not None
    wrong = scene.dice.choice([team for team in (NETWORK, WORKPLACE, APPLICATIONS, DATABASE) if team != plan.case.team])
    back_at = max(at + 20 * MINUTE, begun_at - 10 * MINUTE)
    first, second = scene.somebody(DESK, at), scene.somebody(wrong, back_at)
    plan.steps.append(Step(at + 5, first, "assign", {"team": scene.ids["team", wrong]}))
    plan.steps.append(Step(back_at - 60, second, "note", {"text": wording.pick(voices.NOT_OURS)}))
    plan.steps.append(Step(back_at, second, "assign", {"team": scene.ids["team", plan.case.team]}))
    return back_at + int(scene.dice.uniform(5, 40) * MINUTE)


def _wait(scene: Scene, plan: Plan, wording: Wording, clock: Clockwork, who: str, at: int) -> int:
    """Let it wait for somebody and come back; return when work goes on."""
    assert plan.case is not None
    dice = scene.dice
    reason = "caller" if plan.person is not None and dice.random() < 0.5 else plan.case.waits_for
    reason = "supplier" if reason == "caller" and plan.person is None else reason
    hours = dice.uniform(0.7, 26) if reason == "caller" else dice.uniform(5, 70)
    back_at = clock.open(daylight(at + int(hours * 3600)))
    pend: dict[str, Any] = {"reason": reason}
    if reason == "caller":
        pend["message"] = wording.pick(plan.case.asks)
    else:
        plan.steps.append(Step(at - 20, who, "note", {"text": wording.pick(voices.HOLD[reason])}))
    plan.steps.append(Step(at, who, "pend", pend))
    if reason == "caller" and dice.random() < 0.7:
        plan.steps.append(Step(back_at, CALLER, "reply", {"text": wording.pick(voices.ANSWERS)}))
    else:
        plan.steps.append(Step(back_at, who, "resume"))
    clock.pauses.append((at, back_at))
    return back_at


def _asked_after(scene: Scene, plan: Plan, wording: Wording, at: int) -> None:
    """Let the caller ring about it."""
    who = scene.somebody(DESK, at)
    text = wording.pick(voices.ASKING)
    plan.contacts.append(Contact(at, who, "phone", "attached", scene.dice.randrange(40, 260), text))
    plan.steps.append(Step(at, who, "note", {"text": text}))


def daylight(at: int) -> int:
    """Move the small hours to the morning: what can wait is not done at night."""
    local = wall_of(at, BERLIN)
    if 6 <= local.hour < 22:
        return at
    morning = (30 - local.hour) % 24
    return at - at % 3600 + morning * 3600 + (at * 7919) % 3000


def _closed(scene: Scene, plan: Plan, wording: Wording, solved_at: int) -> None:
    """Solve it, perhaps twice, and close it: because the caller agrees, or because nobody objects."""
    assert plan.case is not None
    dice = scene.dice
    who = _last_at_work(scene, plan)
    solution = wording.pick(wording.tale.solutions)
    if plan.person is not None and dice.random() < 0.6:
        text = wording.pick(voices.FIXED, solution=solution)
        plan.steps.append(Step(solved_at - 30, who, "reply", {"text": text}))
    plan.steps.append(Step(solved_at, who, "resolve", {"code": _code(scene, plan), "solution": solution}))
    if plan.person is not None and dice.random() < REOPENED:
        solved_at = _again(scene, plan, wording, who, solved_at)
    if plan.person is not None and dice.random() < 0.25:
        thanked_at = daylight(solved_at + int(dice.uniform(0.3, 20) * 3600))
        plan.steps.append(Step(thanked_at, CALLER, "reply", {"text": dice.choice(voices.THANKS)}))
        plan.steps.append(Step(thanked_at + 9 * MINUTE, who, "close"))
    else:
        plan.steps.append(Step(solved_at + AUTO_CLOSE_SECONDS + 20, ITSELF, "close"))
    if plan.person is not None and dice.random() < RATED:
        score = dice.choices((5, 4, 3, 2, 1), (55, 27, 9, 5, 4))[0]
        said = {"score": score, "comment": dice.choice(voices.RATINGS[score])}
        plan.steps.append(Step(daylight(solved_at + int(dice.uniform(1, 40) * 3600)), CALLER, "rate", said))
    plan.steps = [step for step in plan.steps if step.at <= scene.now or step.do not in ("close", "reply", "rate")]


def _last_at_work(scene: Scene, plan: Plan) -> str:
    """Return who works on it at the end."""
    at_work = [step for step in sorted(plan.steps, key=lambda step: step.at) if step.do in ("start", "resume")]
    agents = [step.who for step in at_work if step.who not in (CALLER, ITSELF)]
    return agents[-1] if agents else scene.somebody(DESK, plan.at)


def _code(scene: Scene, plan: Plan) -> str:
    assert plan.case is not None
    if plan.case.kind == "request" or scene.dice.random() < 0.8:
        return plan.case.code
    return scene.dice.choice(("workaround", "user-error", "not-reproducible", "third-party"))


def _again(scene: Scene, plan: Plan, wording: Wording, who: str, solved_at: int) -> int:
    """Let it come back once."""
    assert plan.case is not None
    back_at = daylight(solved_at + int(scene.dice.uniform(1, 60) * 3600))
    again_at = daylight(back_at + int(scene.dice.uniform(0.5, 9) * 3600))
    if again_at > scene.now - 3600:
        return solved_at
    reason = wording.pick(voices.STILL)
    first_line = scene.somebody(DESK, back_at)
    plan.contacts.append(Contact(back_at, first_line, "phone", "attached", scene.dice.randrange(60, 300), reason))
    plan.steps.append(Step(back_at, first_line, "reopen", {"reason": reason}))
    plan.steps.append(Step(again_at, who, "resolve", {"code": "solved", "solution": wording.pick(voices.AGAIN)}))
    return again_at
