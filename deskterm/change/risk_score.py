"""The risk of a change as a sum of points that can be read: what was answered, what history says, what it hits. Pure.

    risk = answers (0 … 50) + history (0 … 25) + criticality (0 … 15) + redundancy (0 … 10)

- answers: 50 · points given / points possible; a question that nobody answered counts as its worst answer.
- history: 25 · P(incident caused | CI type, change type), the worst CI type counting. With n changes of that type closed on
  CIs of that type, k of which caused an incident, P = (k + 1) / (n + 2), Laplace's rule of succession: without any history it
  is one half, and it comes down with every change that went well.
- criticality: of the most critical service that would break or could be degraded.
- redundancy: 10 where the change takes something away that has no spare, 4 where a spare takes over, 0 where nothing needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from deskterm.change.risk import BY_NAME, HIGHEST, QUESTIONS

ANSWERS, HISTORY, CRITICALITY, REDUNDANCY = 50, 25, 15, 10
"""The most points of each part; together a hundred."""
CRITICAL = {"low": 0, "medium": 5, "high": 10, "critical": 15}
LEVELS = ((75, "very-high"), (50, "high"), (25, "medium"), (0, "low"))
NO_SPARE, SPARE = 10, 4


@dataclass(frozen=True, slots=True)
class Past:
    """What became of changes of one type on CIs of one type."""

    ci_type: str
    changes: int
    """n: those that are closed."""
    caused: int
    """k: those of them that caused an incident."""

    @property
    def probability(self) -> Fraction:
        """Return the probability that the next one causes an incident, by Laplace's rule of succession."""
        return Fraction(self.caused + 1, self.changes + 2)


@dataclass(frozen=True, slots=True)
class Hit:
    """What stops, and what limps, while the CIs of a change are away."""

    breaks: tuple[str, ...] = ()
    """Titles of what would break, the nearest first."""
    degrades: tuple[str, ...] = ()
    """Titles of what could be degraded."""
    criticality: str = ""
    """Of the most critical service among them; empty where no service is hit."""
    service: str = ""
    """The title of that service."""


@dataclass(frozen=True, slots=True)
class RiskPart:
    """One line of the sum."""

    name: str
    points: int
    most: int
    why: str


@dataclass(frozen=True, slots=True)
class Risk:
    """The risk of a change with the sum it is made of."""

    parts: tuple[RiskPart, ...]

    @property
    def points(self) -> int:
        """Return the sum, 0 to 100."""
        return sum(part.points for part in self.parts)

    @property
    def level(self) -> str:
        """Return the word for it."""
        return next(word for least, word in LEVELS if self.points >= least)


def risk_of(answers: Mapping[str, str | int], past: Sequence[Past], hit: Hit) -> Risk:
    """Return the risk of a change.

    Args:
        answers: by question, as `risk.read_answers` stores them.
        past: what became of changes of its type, for each type of its CIs.
        hit: what it takes away.
    """
    return Risk((_answered(answers), _history(past), _criticality(hit), _redundancy(hit)))


def answered(answers: Mapping[str, str | int]) -> tuple[str, ...]:
    """Return each answer with its points, as `complexity medium 5`; a question without one with its most."""
    asked = (
        f"{one.name} {answers[one.name]} {one.worth(str(answers[one.name]))}"
        if one.name in answers
        else f"{one.name} unanswered {one.most}"
        for one in QUESTIONS
    )
    return (*asked, *(f"{name} {value}" for name, value in answers.items() if name not in BY_NAME))


def _answered(answers: Mapping[str, str | int]) -> RiskPart:
    given = {question.name: question.worth(str(answers[question.name])) for question in QUESTIONS if question.name in answers}
    own = {name: int(value) for name, value in answers.items() if name not in BY_NAME}
    points = sum(given.get(question.name, question.most) for question in QUESTIONS) + sum(own.values())
    most = sum(question.most for question in QUESTIONS) + HIGHEST * len(own)
    why = f"{ANSWERS} · {points}/{most}: {', '.join(answered(answers))}"
    return RiskPart("answers", _share(ANSWERS, Fraction(points, most)), ANSWERS, why)


def _history(past: Sequence[Past]) -> RiskPart:
    if not past:
        return RiskPart("history", 0, HISTORY, "no CI is named")
    worst = max(past, key=lambda one: (one.probability, one.changes))
    chance = worst.probability
    why = (
        f"{HISTORY} · ({worst.caused}+1)/({worst.changes}+2) = {HISTORY} · {float(chance):.2f}: "
        f"{worst.caused} of {worst.changes} such changes on {worst.ci_type} caused an incident"
    )
    return RiskPart("history", _share(HISTORY, chance), HISTORY, why)


def _criticality(hit: Hit) -> RiskPart:
    if not hit.criticality:
        return RiskPart("criticality", 0, CRITICALITY, "no service is hit")
    return RiskPart(
        "criticality", CRITICAL.get(hit.criticality, 5), CRITICALITY, f"{hit.service} is of {hit.criticality} criticality"
    )


def _redundancy(hit: Hit) -> RiskPart:
    if hit.breaks:
        return RiskPart("redundancy", NO_SPARE, REDUNDANCY, f"without a spare, {_some(hit.breaks)} would break")
    if hit.degrades:
        return RiskPart("redundancy", SPARE, REDUNDANCY, f"a spare takes over; {_some(hit.degrades)} could be degraded")
    return RiskPart("redundancy", 0, REDUNDANCY, "nothing else needs its CIs")


def _some(titles: Sequence[str]) -> str:
    return ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")


def _share(most: int, ratio: Fraction) -> int:
    """Return a part of the most points in whole ones, half a point upwards."""
    return int(most * ratio + Fraction(1, 2))
