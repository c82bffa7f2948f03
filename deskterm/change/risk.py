"""The questions about the risk of a change, and how answers to them are read."""

from __future__ import annotations

from dataclasses import dataclass

from deskterm.errors import InvalidInput
from deskterm.fields import Asked

MOST_OWN = 20
"""So many questions of a desk's own may be answered besides."""
LEVELS = {"none": 0, "low": 1, "medium": 2, "high": 3, "yes": 3, "no": 0}
HIGHEST = 5
RISK_EXAMPLE = '{"complexity": "medium", "experience": "often", "users": "few", "backout_tested": "yes"}'


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, and the points that each answer is worth."""

    name: str
    text: str
    points: tuple[tuple[str, int], ...]

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the words that answer it."""
        return tuple(word for word, _ in self.points)

    def worth(self, answer: str) -> int:
        """Return the points of an answer."""
        return dict(self.points)[answer]

    @property
    def most(self) -> int:
        """Return the points of the worst answer."""
        return max(points for _, points in self.points)

    @property
    def asked(self) -> Asked:
        """Return it as a form asks it, with the points that each answer is worth."""
        worst = next(word for word, points in self.points if points == self.most)
        text = f"{self.text} Unanswered counts as {worst}."
        return Asked(self.name, text, tuple((word, f"{points} of {self.most} points") for word, points in self.points))


QUESTIONS = (
    Question("complexity", "How many parts and people does it take?", (("low", 0), ("medium", 5), ("high", 10))),
    Question("experience", "How often was it done before?", (("often", 0), ("once", 4), ("never", 8))),
    Question("users", "How many people notice if it fails?", (("none", 0), ("few", 3), ("many", 7), ("all", 10))),
    Question("tested", "Was it tried in a place like this one?", (("fully", 0), ("partly", 4), ("no", 8))),
    Question("backout_tested", "Was the back-out plan tried?", (("yes", 0), ("partly", 5), ("no", 10))),
    Question("timing", "Does it happen when people work?", (("outside-hours", 0), ("edge", 2), ("in-hours", 4))),
)  # fmt: skip
"""What is asked. An answer that is not given counts as the worst one."""

ASKED = tuple(question.asked for question in QUESTIONS)
"""The questions as a form asks them."""

BY_NAME = {question.name: question for question in QUESTIONS}


def read_answers(given: object) -> dict[str, str | int]:
    """Return answers in stored form. Questions that the desk does not ask are kept, with a level from 0 to 5 or a word for one.

    Raises:
        InvalidInput: it is no object of answers, it answers nothing, or an answer is none.
    """
    if not isinstance(given, dict) or not given:
        raise InvalidInput(f"answers at least one question, such as {RISK_EXAMPLE}")
    if len(given) > MOST_OWN + len(QUESTIONS):
        raise InvalidInput(f"answers at most {MOST_OWN} questions of your own")
    return {_name(name): _read(str(name), answer) for name, answer in given.items()}


def _name(name: object) -> str:
    text = str(name).strip().casefold().replace("-", "_").replace(" ", "_")
    if not text or len(text) > 60:
        raise InvalidInput(f"{text[:20]!r} is no name of a question")
    return text


def _read(name: str, answer: object) -> str | int:
    question = BY_NAME.get(_name(name))
    word = ("yes" if answer else "no") if isinstance(answer, bool) else str(answer).strip().casefold().replace(" ", "-")
    if question is not None:
        if word in question.answers:
            return word
        raise InvalidInput(f"{name} is one of {', '.join(question.answers)}, not {str(answer)[:40]!r}")
    if word in LEVELS:
        return LEVELS[word]
    if isinstance(answer, int | str) and word.isdigit() and int(word) <= HIGHEST:
        return int(word)
    asked = ", ".join(BY_NAME)
    raise InvalidInput(f"{name} is no question that is asked ({asked}); your own take 0 to {HIGHEST}, low, medium or high")
