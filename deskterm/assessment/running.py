"""Assessing the desk: every question asked of its records, answers kept when they are to be compared with later ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from data.tables.assessment import assessment
from deskterm.assessment.criteria import Criterion, Evidence, declared
from deskterm.assessment.rules import Graded, Word, maturity, next_steps, of_count, of_share, overall
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.kinds import PROCESSES
from deskterm.overview import TITLES
from deskterm.permissions import require

EXAMPLES = 3
"""Numbers shown of what an answer stands on."""
CAP = 10_000
"""Counting stops here."""
KEPT = 200
"""Assessments read back at most, the newest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer."""

    level: int
    question: str
    evidence: Evidence
    next: bool = False
    """It is what keeps its process from the next level."""


@dataclass(frozen=True, slots=True)
class ProcessMaturity:
    """One of the eleven systems."""

    process: str
    title: str
    maturity: int | None
    """0 to 5; None where nothing can be said, or the person may not read it."""
    answers: tuple[Answer, ...]
    note: str = ""
    """Why there is no maturity."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An assessment that was kept."""

    id: int
    at: int
    actor: str
    note: str
    maturity: Mapping[str, int | None]
    """By process."""

    @property
    def overall(self) -> float | None:
        """Return the mean of the systems that have a maturity."""
        return overall(self.maturity.values())


def assess(desk: Desk) -> tuple[ProcessMaturity, ...]:
    """Ask every question of every process.

    Raises:
        NotAllowed: the person is a requester.
    """
    if desk.actor.restricted:
        raise NotAllowed("the self-assessment is about everybody's records; it is for the desk's own people")
    return tuple(_process(desk, process) for process in PROCESSES)


def _process(desk: Desk, process: str) -> ProcessMaturity:
    criteria = declared(process)
    if not criteria:
        return ProcessMaturity(process, TITLES[process], None, (), "no question is declared for it")
    try:
        evidence = [_ask(desk, one) for one in criteria]
    except NotAllowed as refusal:
        return ProcessMaturity(process, TITLES[process], None, (), refusal.message)
    graded = [Graded(one.level, found.word) for one, found in zip(criteria, evidence, strict=True)]
    hindering = set(next_steps(graded))
    answers = tuple(
        Answer(one.level, one.question, found, place in hindering)
        for place, (one, found) in enumerate(zip(criteria, evidence, strict=True))
    )
    return ProcessMaturity(process, TITLES[process], maturity(graded), answers)


def _ask(desk: Desk, one: Criterion) -> Evidence:
    if one.measure is not None:
        return one.measure(desk)
    kind = desk.registry.kind(one.kinds[0])
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    whole = desk.count(desk.prepare(one.kinds, one.whole), cap=CAP)
    if not one.part:
        word = of_count(whole, one.least)
        said = f"{whole:,} of at least {one.least:,}" if word is Word.NO or one.least > 1 else f"{whole:,}"
        return Evidence(word, said, one.kinds, one.whole, _examples(desk, one.kinds, one.whole))
    part = desk.count(desk.prepare(one.kinds, f"({one.whole}) ({one.part})"), cap=CAP) if whole else 0
    word = of_share(part, whole, one.least)
    said = "nothing to judge by" if word is Word.UNKNOWN else f"{part:,} of {whole:,}, {one.least} % wanted"
    listed = f"({one.whole}) -({one.part})" if word is Word.NO else f"({one.whole}) ({one.part})"
    query = one.whole if word is Word.UNKNOWN else listed
    return Evidence(word, said, one.kinds, query, _examples(desk, one.kinds, query))


def _examples(desk: Desk, kinds: tuple[str, ...], query: str) -> tuple[str, ...]:
    return tuple(row.number for row in desk.page(desk.prepare(kinds, query), limit=EXAMPLES).rows)


def keep(desk: Desk, note: str = "") -> Kept:
    """Assess the desk and keep what came of it, so that later ones can be compared with it.

    Raises:
        NotAllowed: the person may not manage the desk.
    """
    _require_keeper(desk)
    if len(note) > 1_000:
        raise InvalidInput("a note on an assessment has at most 1,000 characters", fields={"note": "too long"})
    found = assess(desk)
    with desk.database.write() as connection:
        row = {"at": desk.moment, "actor": desk.actor.login, "note": note or None, "content": content(found)}
        key = int(connection.execute(insert(assessment), row).inserted_primary_key[0])  # type: ignore[index]
    return Kept(key, desk.moment, desk.actor.login, note, {one.process: one.maturity for one in found})


def _require_keeper(desk: Desk) -> None:
    """Refuse whoever neither leads shifts nor answers for a process: what is kept is compared with for years."""
    managing = any(role.value.endswith("-manager") or role.value == "supervisor" for role in desk.actor.roles)
    if not managing and not desk.actor.system:
        kind = desk.registry.kind("agreement")
        require(desk.actor, "manage", kind.family, kind.process, "self-assessment")


def history(desk: Desk, *, limit: int = KEPT) -> tuple[Kept, ...]:
    """Return the assessments that were kept, the newest first."""
    if desk.actor.restricted:
        raise NotAllowed("the self-assessment is for the desk's own people")
    statement = select(assessment).where(assessment.c.at <= desk.moment)
    with desk.database.read() as connection:
        rows = connection.execute(statement.order_by(assessment.c.at.desc(), assessment.c.id.desc()).limit(limit)).all()
    return tuple(
        Kept(row.id, row.at, row.actor, row.note or "", {one["process"]: one["maturity"] for one in row.content["processes"]})
        for row in rows
    )


def content(found: tuple[ProcessMaturity, ...]) -> dict[str, Any]:
    """Return an assessment as plain data, evidence and all."""
    return {
        "overall": overall(one.maturity for one in found),
        "processes": [
            {
                "process": one.process,
                "title": one.title,
                "maturity": one.maturity,
                "note": one.note or None,
                "criteria": [
                    {
                        "level": answer.level,
                        "question": answer.question,
                        "answer": answer.evidence.word.value,
                        "evidence": answer.evidence.said,
                        "kinds": list(answer.evidence.kinds),
                        "query": answer.evidence.query or None,
                        "examples": list(answer.evidence.examples),
                        "next": answer.next,
                    }
                    for answer in one.answers
                ],
            }
            for one in found
        ],
    }
