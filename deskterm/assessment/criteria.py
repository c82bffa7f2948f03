"""Questions that a process is assessed by, declared in ``deskterm/<process>/assessment.py`` as a tuple named ``CRITERIA``.

Each is answered by counting what a query of the desk's own language finds, so that its evidence can be listed anywhere; or, where
no query will do, by a function.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.assessment.rules import Word

if TYPE_CHECKING:
    from deskterm.desk import Desk


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind an answer."""

    word: Word
    said: str
    """The figures in a few words."""
    kinds: tuple[str, ...] = ()
    query: str = ""
    """Lists what the figures count: of a no, what is missing. Empty where no list does."""
    examples: tuple[str, ...] = ()
    """Numbers of some of what the query lists."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question."""

    level: int
    question: str
    kinds: tuple[str, ...] = ()
    whole: str = ""
    """Finds what the question is about."""
    part: str = ""
    """Finds, among that, what speaks for yes; empty: all of it does, and it is counted."""
    least: int = 1
    """So many percent of the whole at least; without a part so many records at least."""
    measure: Callable[[Desk], Evidence] | None = None
    """Answers instead of the queries."""


def count(level: int, question: str, kind: str, query: str, least: int = 1) -> Criterion:
    """Return the question whether there are enough of something."""
    return Criterion(level, question, (kind,), query, "", least)


def share(level: int, question: str, kind: str, whole: str, part: str, least: int) -> Criterion:
    """Return the question whether so many percent of something are as they should be."""
    return Criterion(level, question, (kind,), whole, part, least)


def measured(level: int, question: str, measure: Callable[[Desk], Evidence]) -> Criterion:
    """Return a question that a function answers."""
    return Criterion(level, question, measure=measure)


def declared(process: str) -> tuple[Criterion, ...]:
    """Return the questions of a process; none where it declares none."""
    name = f"deskterm.{process}.assessment"
    if importlib.util.find_spec(f"deskterm.{process}") is None or importlib.util.find_spec(name) is None:
        return ()
    found: tuple[Criterion, ...] = importlib.import_module(name).CRITERIA
    return found
