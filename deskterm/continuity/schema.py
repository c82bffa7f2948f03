"""The edge of continuity: what `deskterm calc` takes, checked field by field before any rule sees it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from deskterm.continuity.recovery_plans import Step
from deskterm.questions import Exact, Question, refuse

Name = Annotated[str, Field(strict=True)]


class StepGiven(Question):
    """A step of a plan."""

    minutes: Exact
    after: list[Name] = []


class RecoveryQuestion(Question):
    """How long does a plan take?"""

    steps: dict[Name, StepGiven]

    def the_steps(self) -> list[Step]:
        """Return the steps, in the order given.

        Raises:
            InvalidInput: one does not take whole seconds.
        """
        found = []
        for name, step in self.steps.items():
            seconds = step.minutes * 60
            if seconds != int(seconds):
                raise refuse(f"steps.{name}.minutes", "must come to whole seconds")
            found.append(Step(name, int(seconds), tuple(step.after)))
        return found
