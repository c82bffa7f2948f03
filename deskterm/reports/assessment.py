"""The self-assessment as a report: each system's maturity with the questions, their answers and the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deskterm.assessment.rules import LEVELS, overall
from deskterm.assessment.running import Kept, ProcessMaturity, assess, content, history
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.kinds import PROCESSES
from deskterm.reports import NOTHING, Column, Options, Period, Report, answer

COLUMNS = (
    Column("system", "System"),
    Column("maturity", "Maturity"),
    Column("level", "Level", "number"),
    Column("question", "Question"),
    Column("answer", "Answer"),
    Column("evidence", "Evidence"),
    Column("examples", "Such as"),
)
KEPT = (
    Column("at", "Kept at", "instant"),
    Column("actor", "By"),
    Column("overall", "Overall", "number"),
    Column("levels", "Levels"),
)
FORMULAS = {
    "maturity": "the highest level up to which each has no question answered with no and one at least with yes",
    "levels": ", ".join(f"{level} {word}" for level, word in LEVELS.items()),
    "overall": "mean of the systems that have a maturity; one of which nothing can be said has none",
    "answer": "of a share: part / whole x 100 >= the percentage wanted; of nothing n/a",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the self-assessment as of now, and what was kept in the period.

    Options: `process` (one of the eleven systems), `history=yes` (the assessments that were kept, instead of the questions).
    """
    strange = sorted(set(options) - {"process", "history"})
    if strange:
        raise InvalidInput(f"this report takes process and history, not {strange[0]!r}", fields={strange[0]: "unknown"})
    process = options.get("process", "").strip().casefold().replace("-", "_").replace(" ", "_")
    if process and process not in PROCESSES:
        raise InvalidInput(f"process is one of {', '.join(PROCESSES)}", fields={"process": "unknown"})
    _, to_at = period.settled(desk.moment)
    from_at = 0 if period.from_at is None else period.from_at
    kept = [one for one in history(desk) if from_at <= one.at < to_at]
    if options.get("history", "no") not in ("no", "0", "false"):
        return _history(desk, kept, process)
    found = tuple(one for one in assess(desk) if process in ("", one.process))
    rows = tuple(row for one in found for row in _rows(one))
    mean, last = overall(one.maturity for one in found), kept[0] if kept and not process else None
    title = f"Self-assessment of {format_instant(desk.moment)}: {words(mean)} of 5"
    if last is not None:
        title += f", {words(last.overall)} on {format_instant(last.at)[:10]}"
    told = {"at": format_instant(desk.moment), **content(found), "history": [as_json(one) for one in kept]}
    return Report(title, COLUMNS, rows, answer(from_at, to_at, rows, FORMULAS, **told))


def _rows(one: ProcessMaturity) -> Iterator[dict[str, Any]]:
    level = NOTHING if one.maturity is None else f"{one.maturity} {LEVELS.get(one.maturity, 'not in use')}"
    if not one.answers:
        yield {"process": one.process, "system": one.title, "maturity": level, "evidence": one.note}
    for place, given in enumerate(one.answers):
        evidence = given.evidence
        yield {
            "process": one.process,
            "system": "" if place else one.title,
            "maturity": "" if place else level,
            "level": given.level,
            "question": given.question,
            "answer": f"{evidence.word.value} <- next" if given.next else evidence.word.value,
            "evidence": evidence.said,
            "examples": ", ".join(evidence.examples),
            "query": evidence.query or None,
        }


def words(mean: float | None) -> str:
    """Return a mean maturity with one decimal, cut; n/a where there is none."""
    return NOTHING if mean is None else f"{int(mean * 10) / 10:.1f}"


def _history(desk: Desk, kept: list[Kept], process: str) -> Report:
    rows = tuple(
        {
            "at": format_instant(one.at), "actor": one.actor, "overall": one.overall,
            "levels": ", ".join(
                f"{name.replace('_', ' ')} {NOTHING if level is None else level}"
                for name, level in one.maturity.items() if process in ("", name)
            ),
        }
        for one in kept
    )  # fmt: skip
    data = {"history": [as_json(one) for one in kept], "rows": list(rows), "formulas": FORMULAS}
    return Report("Self-assessments that were kept, the newest first", KEPT, rows, data)


def as_json(one: Kept) -> dict[str, Any]:
    """Return a kept assessment as data."""
    about = {"at": format_instant(one.at), "by": one.actor, "note": one.note or None}
    return {**about, "overall": one.overall, "maturity": dict(one.maturity)}
