"""How continuity fares: a plan that is being run before all, then services without a plan in time, then stale evidence."""

from __future__ import annotations

from deskterm.continuity.schema import Gap, ServiceLine
from deskterm.continuity.standing import standing
from deskterm.desk import Desk
from deskterm.health import Health, Word, Worst, amount

LEVELS = (
    ("planned", Word.TROUBLE, "planned beyond the RTO"),
    ("mtpd", Word.WATCH, "beyond the MTPD"),
    ("no-plan", Word.WATCH, "without a plan"),
    ("backup", Word.WATCH, "beyond the RPO"),
    ("missed", Word.WATCH, "missed last time"),
    ("lost", Word.WATCH, "lost too much last time"),
    ("inversion", Word.WATCH, "need what is slower"),
    ("stale", Word.WATCH, "with stale evidence"),
    ("never-shown", Word.WATCH, "never shown"),
    ("not-approved", Word.WATCH, "not approved"),
    ("no-steps", Word.WATCH, "without a step"),
    ("no-backup", Word.WATCH, "without a backup"),
    ("unrated", Word.WATCH, "not rated"),
    ("review", Word.WATCH, "to be looked through"),
)
"""What is wrong with a service, the worst first: code of the gap, verdict, word in the figure.

A plan that is relied on and cannot be in time is trouble today; what is still to be planned or shown is work for weeks.
"""
KIND, RUN = ("continuity-plan",), ("exercise",)


def health(desk: Desk) -> Health:
    """Return the line of continuity; its worst is the most urgent service with the worst sort of gap."""
    running = desk.page(desk.prepare(RUN, "state:running", "disrupted_at"), limit=50).rows
    real = desk.page(desk.prepare(RUN, "state:running type:invocation", "disrupted_at"), limit=1).rows if running else ()
    found = standing(desk)
    if not found.services and not found.plans and not running:
        return Health(Word.QUIET, "no plans: nothing is recorded yet")
    figure = f"{amount(len(found.services), 'service')}, {amount(len(found.plans), 'plan')}"
    if running:
        first = (real or running)[0]
        told = f"{figure}, {amount(len(running), 'run')} under way"
        word = Word.TROUBLE if real else Word.WATCH
        return Health(word, told, Worst(first.number, first.title, "is being run"), "state:running", RUN)
    return _gaps(figure, found.services)


def _gaps(figure: str, services: tuple[ServiceLine, ...]) -> Health:
    counts = [(code, word, said, [one for one in services if _has(one, code)]) for code, word, said in LEVELS]
    there = [(code, word, said, hit) for code, word, said, hit in counts if hit]
    if not there:
        return Health(Word.WELL, figure, None, "*", KIND)
    code, word, _, hit = there[0]
    told = ", ".join([figure, *(f"{len(each)} {said}" for _, _, said, each in there[:2])])
    first = hit[0]
    gap = next(one for one in first.gaps if one.code == code)
    number = first.plan.number if first.plan is not None and code in ("planned", "not-approved", "stale") else first.number
    return Health(word, told, Worst(number, first.service, gap.text), "*", KIND)


def _has(one: ServiceLine, code: str) -> bool:
    return any(isinstance(gap, Gap) and gap.code == code for gap in one.gaps)
