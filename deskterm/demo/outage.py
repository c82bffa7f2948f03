"""The bad week: mail was down for a day, half the world rang, and a review says why it took so long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from deskterm.civil_time import date_of
from deskterm.demo import voices
from deskterm.demo.case import APPLICATIONS, DESK
from deskterm.demo.lives import AUTO_CLOSE_SECONDS
from deskterm.demo.plan import ITSELF, Contact, Plan, Step
from deskterm.demo.roster import BERLIN, wall
from deskterm.demo.scene import Person, Scene

MINUTE = 60
KEY = "mail outage"
WEEKS_AGO = 5
CALLS = 46
"""So many people called about it."""

SUMMARIES = (
    "No mail",
    "Outlook says disconnected",
    "Mail hangs at 'sending'",
    "Nothing comes in since this morning",
    "Mailbox cannot be opened",
    "Telephone does not fetch mail",
    "Is mail down?",
    "Calendar empty, am I fired?",
    "Customer says my mail bounces",
)
UPDATES = (
    (12, "Mail is disturbed for all customers since 08:10. We are on it. Next word in half an hour."),
    (41, "Both mail servers have lost the same disk shelf. Nothing is lost, nothing arrives. Next word in half an hour."),
    (70, "Spare controller is on its way from Berlin. Mails from outside wait at their senders. Next word in half an hour."),
    (100, "Controller is in, the shelf reads. Databases are checked one by one, clinics first. Next word in half an hour."),
    (131, "The clinics have mail again. Logistics and shops follow. Next word in half an hour."),
    (160, "Everybody sends and receives. What was held up arrives until noon, out of order. Last word when the queue is empty."),
)
"""Minutes after the beginning, and what was said."""
NOTES = (
    (6, "jonas", "Eleven calls in six minutes, from three customers. This is a major."),
    (22, "olga", "mail-01 and mail-02 both hang on shelf 3. They were not supposed to."),
    (35, "sami", "Shelf controller dead. The redundant one was in 'maintenance' since the change in summer."),
    (55, "mei", "Network is clean, for the record."),
    (90, "olga", "Controller swapped. Mounting."),
    (118, "sami", "Database 2 of 5 needs a repair, 20 minutes. The others are fine."),
)
REVIEW = (
    "What: both mail servers stood on one disk shelf whose second controller had been left in maintenance for ten weeks.\n"
    "Why so long: nobody was told that redundancy was gone; the alarm had been muted for the change and stayed muted.\n"
    "What went well: first public word after 12 minutes, clinics first, no mail lost.\n"
    "What we change: mutes end by themselves after a day; monthly look at what is in maintenance; mail-02 moves to shelf 1."
)
SOLUTION = "Shelf controller replaced, databases checked and mounted, held up mail delivered."


def outage(scene: Scene) -> Iterator[Plan]:
    """Yield the major incident and those of the people who called about it."""
    day = date_of(scene.now, BERLIN) - timedelta(weeks=WEEKS_AGO)
    while day.weekday() != 1 or not scene.office.day(day).open:
        day -= timedelta(days=1)
    began_at = wall(day, 8, 10)
    solved_at = began_at + 205 * MINUTE
    yield _major(scene, began_at, solved_at)
    people = sorted(scene.people.values(), key=lambda person: person.id)
    for number in range(CALLS):
        yield _call(scene, scene.dice.choice(people), began_at, solved_at, number)


def _major(scene: Scene, began_at: int, solved_at: int) -> Plan:
    caller = scene.people["Simone Adler"]
    values = {
        "summary": "Mail down for everybody", "description": "Nobody in the customer centre has mail. Nor has anybody else.",
        "requester": caller.id, "channel": "phone", "service": scene.ids["service", "Mail"], "ci": scene.ids["ci", "mail-01"],
        "category": "mail", "impact": 1, "urgency": 1, "occurred_at": began_at, "affected": 1300, "tags": ["outage"],
        "team": scene.ids["team", DESK], "assignee": scene.agent("jonas"),
    }  # fmt: skip
    plan = Plan("incident", began_at + 90, "jonas", caller, values, key=KEY)
    plan.contacts.append(Contact(began_at + 90, "jonas", "phone", "incident", 80, "Mail down for everybody"))
    steps = [(2, "jonas", "start", {}), (8, "jonas", "declare-major", {"commander": scene.agent("jonas"), "update_minutes": 30})]
    for minutes, who, do, given in steps:
        plan.steps.append(Step(began_at + minutes * MINUTE, who, do, given))
    team = {"team": scene.ids["team", APPLICATIONS], "assignee": scene.agent("olga")}
    plan.steps.append(Step(began_at + 9 * MINUTE, "jonas", "assign", team))
    plan.steps.append(Step(began_at + 10 * MINUTE, "olga", "start"))
    for minutes, who, text in NOTES:
        plan.steps.append(Step(began_at + minutes * MINUTE + 7, who, "note", {"text": text}))
    for minutes, text in UPDATES:
        plan.steps.append(Step(began_at + minutes * MINUTE, "jonas", "reply", {"text": text}))
    plan.steps.append(Step(solved_at, "olga", "resolve", {"code": "solved", "solution": SOLUTION}))
    plan.steps.append(Step(solved_at + 50 * 3600, "ada", "review", {"review": REVIEW}))
    plan.steps.append(Step(solved_at + 50 * 3600 + 300, "ada", "close"))
    return plan


def _call(scene: Scene, person: Person, began_at: int, solved_at: int, number: int) -> Plan:
    dice = scene.dice
    at = began_at + int(dice.betavariate(1.3, 3) * 170 * MINUTE) + 2 * MINUTE
    channel = dice.choice(("phone", "phone", "phone", "chat", "walk-in"))
    who, summary = scene.somebody(DESK, at), dice.choice(SUMMARIES)
    values = {
        "summary": summary, "description": f"{person.place}: no mail.", "requester": person.id, "channel": channel,
        "service": scene.ids["service", "Mail"], "category": "mail", "impact": 3 - (number % 2), "urgency": 2, "occurred_at": at,
        "team": scene.ids["team", DESK], "assignee": scene.agent(who), "tags": ["outage"],
    }  # fmt: skip
    plan = Plan("incident", at + 60, who, person, values, parent=KEY)
    plan.contacts.append(Contact(at + 60, who, channel, "incident", dice.randrange(30, 120), summary))
    plan.steps.append(Step(at + 66, who, "start"))
    ended_at = solved_at + (number + 2) * 40
    plan.steps.append(
        Step(ended_at, who, "resolve", {"code": "duplicate", "solution": f"Solved with the major incident: {SOLUTION}"})
    )
    if number % 9 == 0:
        plan.steps.append(Step(ended_at + 3 * 3600, who, "reopen", {"reason": dice.choice(voices.STILL)}))
        text = "Profile on the telephone was asleep; woken up."
        plan.steps.append(Step(ended_at + 4 * 3600, who, "resolve", {"code": "solved", "solution": text}))
    plan.steps.append(Step(ended_at + AUTO_CLOSE_SECONDS, ITSELF, "close"))
    return plan
