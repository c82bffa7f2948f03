"""How answers make a maturity: pure.

Levels are those of the staged models that service management borrows from (CMM): 1 in use, 2 repeatable, 3 defined, 4 managed,
5 improving. Levels are climbed one by one: each is reached when none of its questions is answered with no, and at least one with
yes. A question that nothing can be said about is n/a: it neither helps nor hinders, but n/a alone proves no level. A level
without any question is passed over. Where level 1 is not reached maturity is 0; where nothing at all can be said, it is n/a.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

LEVELS = {1: "in use", 2: "repeatable", 3: "defined", 4: "managed", 5: "improving"}


class Word(StrEnum):
    """The answer to a question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "n/a"


class Graded(NamedTuple):
    """An answer, and the level that its question belongs to."""

    level: int
    word: Word


def of_share(part: int, whole: int, least_percent: int) -> Word:
    """Answer whether a share is large enough; of nothing it is n/a."""
    if whole == 0:
        return Word.UNKNOWN
    return Word.YES if 100 * part >= least_percent * whole else Word.NO


def of_count(count: int, least: int) -> Word:
    """Answer whether there are enough of something; none of it is a no."""
    return Word.YES if count >= least else Word.NO


def maturity(answers: Iterable[Graded]) -> int | None:
    """Return the level that the answers reach, 0 to 5; None where every one of them is n/a."""
    given = list(answers)
    if all(one.word is Word.UNKNOWN for one in given):
        return None
    reached = 0
    for level in LEVELS:
        words = [one.word for one in given if one.level == level]
        if not words:
            continue
        if Word.NO in words or Word.YES not in words:
            break
        reached = level
    return reached


def next_steps(answers: Sequence[Graded]) -> list[int]:
    """Return the places of the answers that keep it from the next level: the noes of the lowest level that has any."""
    noes = [(one.level, place) for place, one in enumerate(answers) if one.word is Word.NO]
    lowest = min((level for level, _ in noes), default=0)
    return [place for level, place in noes if level == lowest]


def overall(levels: Iterable[int | None]) -> float | None:
    """Return the mean maturity of the systems that have one; None where none has."""
    known = [level for level in levels if level is not None]
    return sum(known) / len(known) if known else None
