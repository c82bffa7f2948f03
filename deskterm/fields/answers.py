"""Answers to questions that have a few answers each: one object by question, in a form one choice for every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from deskterm.fields.base import Names
from deskterm.fields.lists import Structure


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a field: its name, its words, and what may be answered with what each answer means."""

    name: str
    text: str
    answers: tuple[tuple[str, str], ...]

    @property
    def choices(self) -> str:
        """Return what may be answered: `low|medium|high`."""
        return "|".join(word for word, _ in self.answers)

    @property
    def label(self) -> str:
        """Return what stands beside it on a form."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Answers(Structure):
    """An object of answers by question. `check` may take other questions too; forms leave the answers to these as they are."""

    word: ClassVar[str] = "answers"
    questions: tuple[Asked, ...] = ()

    @property
    def expects(self) -> str:
        """Say what may be answered."""
        asked = "; ".join(f"{one.name} {one.choices}" for one in self.questions)
        return f"JSON such as {self.example} ({asked})"

    def show(self, value: Any, names: Names) -> str:
        """Return the answers in words: `complexity low, users few`."""
        if not isinstance(value, dict):
            return ""
        return ", ".join(f"{name.replace('_', ' ')} {answer}" for name, answer in value.items())
