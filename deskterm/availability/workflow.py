"""What an outage is, and what may be done with it. It is no work but a fact: the work on it is an incident or a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from deskterm.fields import Choice, Field, Text
from deskterm.workflow import Action, Phase, State, When, Workflow

DOWN, DEGRADED, UNKNOWN = "down", "degraded", "unknown"
CONDITIONS = (DOWN, DEGRADED, UNKNOWN)
"""How the CI or service fared meanwhile."""
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Condition(Choice):
    """How something fared. What was withdrawn is read as well, for tables hold such outages too; nobody is offered it."""

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        return Annotated[Literal[(*self.options, WITHDRAWN)], BeforeValidator(lambda value: str(value).strip().casefold())]


UNPLANNED, PLANNED, SUPPLIER, GAP = "unplanned", "planned", "supplier", "monitoring-gap"
CAUSES = (UNPLANNED, PLANNED, SUPPLIER, GAP)

_WHY = Field("reason", Text(255), required=True, help="Why it was no outage.")

OUTAGE_WORKFLOW = Workflow(
    tuple(State(name, Phase.STANDING) for name in (*CONDITIONS, WITHDRAWN)),
    (
        Action(
            "end", CONDITIONS, None, "End", "It is over: since now, or since the instant you give.", takes=("ended_at",),
            when=(When("ended_at", False, "it has ended already; edit ended_at to correct it"),),
        ),
        Action(
            "reopen", CONDITIONS, None, "Reopen", "It is not over after all.", sets={"ended_at": None},
            when=(When("ended_at", True, "it has not ended"),),
        ),
        Action(
            "withdraw", CONDITIONS, WITHDRAWN, "Withdraw", "It was none: it counts no more and stays readable.", inputs=(_WHY,),
            verb="override",
        ),
    ),
)  # fmt: skip
