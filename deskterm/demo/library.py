"""The desk's written things in the quarter: articles, templates, announcements; and the contacts that needed no record."""

from __future__ import annotations

from typing import Any

from deskterm.civil_time import DAY_SECONDS
from deskterm.demo.arrivals import CASES, CHANNELS, Arrival
from deskterm.demo.articles import ARTICLES
from deskterm.demo.case import DESK
from deskterm.demo.plan import Contact, log
from deskterm.demo.scene import DAYS, Scene
from deskterm.records.draft import Draft

HOUR = 3600

TEMPLATES = (
    ("Received", "Hello {caller},\n\nwe have your message and look at it now: {number}.\n\n{agent}, Service Desk", True),
    ("Need one thing from you", "Hello {caller},\n\nto go on with {number} we need one thing from you:\n\n\n\n{agent}", True),
    (
        "Solved, please try",
        "Hello {caller},\n\nplease try again: {number} should be solved.\nIf not, answer this mail.\n\n{agent}",
        True,
    ),
    (
        "Second reminder",
        "Hello {caller},\n\nwe still wait for your answer on {number}. On Friday we close it; you can reopen it.\n\n{agent}",
        True,
    ),
    ("Known outage", "Hello {caller},\n\nyou are not alone: we work on it, next word in half an hour. {number}\n\n{agent}", True),
    (
        "Swap of a device",
        "Hello {caller},\n\nwe come by with a new device. Please leave it switched on and be near. {number}\n\n{agent}",
        True,
    ),
    ("Handed to supplier", "Told the supplier, fault number:\nOn site contact:\nThey call back until:", False),
    (
        "Call-back identity check",
        "Called back on the number on file: yes / no\nAsked for: personnel number, manager\nResult:",
        False,
    ),
)
"""Name, text, whether the caller reads it."""

_ANNOUNCED = (
    (
        "Remote access: sign in again if you are thrown out",
        "VPN",
        -1.9,
        6.0,
        "One of two gateways is out of order. If you are thrown out, sign in again, once. Next word every half hour.",
    ),
    (
        "Change night: file shares and ERP restart after 22:00",
        "File shares",
        20.0,
        46.0,
        "Changes of the week. Please save and sign out by 22:00. The clinics' records are not affected.",
    ),
    (
        "Patch of the telephone system done",
        "Telephony",
        -9 * 24.0,
        -8.5 * 24.0,
        "All desk phones restart once. If yours shows the time but no name, unplug it for ten seconds.",
    ),
)
"""Summary, service, from and until in hours from now, text."""

QUESTIONS = (
    "How do I print in colour?",
    "When is the next maintenance?",
    "Where is my ticket from yesterday?",
    "How do I share a calendar?",
    "Which charger fits my laptop?",
    "Is the system down or is it me?",
    "How do I get my file back?",
    "Opening hours of the workshop",
    "Asks for the number of the pharmacy",
    "Wrong number, wanted the canteen",
    "How do I forward my telephone?",
    "May I use my own mouse?",
)


def write(scene: Scene) -> dict[str, Draft]:
    """Write templates, announcements and articles; return the articles by title."""
    chronicle, registry = scene.chronicle, scene.registry
    founded_at = scene.now - (DAYS + 5) * DAY_SECONDS
    ada = scene.actors["ada"]
    for name, body, public in TEMPLATES:
        chronicle.create(ada, founded_at, registry.kind("template"), {"name": name, "body": body, "public": public})
    for summary, service, start, end, text in _ANNOUNCED:
        starts_at, ends_at = (scene.now + int(hours * HOUR) for hours in (start, end))
        values = {"summary": summary, "body": text, "service": scene.ids["service", service], "starts_at": starts_at}
        chronicle.create(ada, min(starts_at, scene.now), registry.kind("announcement"), values | {"ends_at": ends_at})
    return {article.title: _article(scene, number, article) for number, article in enumerate(ARTICLES)}


def _article(scene: Scene, number: int, article: Any) -> Draft:
    author = scene.actors[("ada", "jonas", "lukas", "olga", "mei")[number % 5]]
    at = scene.now - (DAYS + 8) * DAY_SECONDS + number * 6 * HOUR
    values = {
        "summary": article.title, "symptom": article.symptom, "body": article.body, "category": article.category,
        "service": scene.ids["service", article.service], "audience": "everybody" if article.everybody else "agents",
        "review_at": at + 180 * DAY_SECONDS,
    }  # fmt: skip
    draft = scene.chronicle.create(author, at, scene.registry.kind("knowledge"), values)
    return draft if article.draft else scene.chronicle.act(draft, author, at + 1800, "publish")


def without_record(scene: Scene, articles: dict[str, Draft], arrivals: list[Arrival]) -> None:
    """Log the contacts that needed no record: answered from an article, asked in passing, or given up while waiting."""
    dice = scene.dice
    helpful = [case for case in CASES if case.article]
    for arrival in sorted(arrivals, key=lambda arrival: arrival.at):
        spoken = dice.choice([channel for channel in CHANNELS if channel not in ("mail", "portal")])
        who = scene.somebody(DESK, arrival.at)
        share = dice.random()
        if share < 0.45:
            case = arrival.case if arrival.case.article else dice.choice(helpful)
            text = dice.choice(dice.choice(case.tales).summaries).format_map(_Blank())
            log(scene, Contact(arrival.at, who, spoken, "answered", dice.randrange(90, 480), text), arrival.person, None)
            article = articles[case.article]
            articles[case.article] = scene.chronicle.act(article, scene.actors[who], arrival.at + 60, "use")
        elif share < 0.85:
            contact = Contact(arrival.at, who, spoken, "information", dice.randrange(20, 200), dice.choice(QUESTIONS))
            log(scene, contact, arrival.person, None)
        else:
            contact = Contact(arrival.at, who, "phone", "abandoned", dice.randrange(15, 140), "Rang off before we could answer")
            log(scene, contact, arrival.person, None)


class _Blank(dict[str, str]):
    """Fills any blank of a text with something general."""

    def __missing__(self, key: str) -> str:
        return {"ci": "the device", "n": "12", "clock": "this morning"}.get(key, "it")
