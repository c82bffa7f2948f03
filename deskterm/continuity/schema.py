"""The edge of continuity: what `deskterm calc` takes, checked field by field, and what the process hands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

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


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of a plan, as it is or as it was approved."""

    id: int
    number: str
    name: str
    seconds: int
    after: tuple[str, ...] = ()
    role: str = ""
    instructions: str = ""
    ci_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept with an approval."""
        return {
            "id": self.id, "number": self.number, "name": self.name, "seconds": self.seconds, "after": list(self.after),
            "role": self.role, "instructions": self.instructions, "ci_id": self.ci_id,
        }  # fmt: skip

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> PlanStep:
        """Return it from what was kept."""
        return cls(**{**kept, "after": tuple(kept["after"])})


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of a run."""

    id: int
    position: int
    number: str
    name: str
    seconds: int
    """As planned."""
    after: tuple[str, ...]
    role: str
    instructions: str
    state: str
    """waiting, running, finished or skipped."""
    who: str
    """Login of whoever is or was on it."""
    started_at: int | None
    started_by: str
    finished_at: int | None
    finished_by: str
    override: str
    """Why it was started before what it waits for was finished."""
    note: str
    hands: tuple[str, ...] = ()
    """Logins of all who were on it while it was done."""

    @property
    def is_over(self) -> bool:
        """Whether those that wait for it may start."""
        return self.state in ("finished", "skipped")


@dataclass(frozen=True, slots=True)
class Node:
    """A service or a CI, named."""

    id: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not as it should be."""

    code: str
    text: str
    seconds: int | None = None
    """By how much; None where that is no length of time."""

    def as_json(self) -> dict[str, Any]:
        """Return it as the report gives it."""
        return {"code": self.code, "seconds": self.seconds, "text": self.text}


@dataclass(frozen=True, slots=True)
class Drill:
    """A recovery that was shown: an exercise, an invocation, or a major incident that nobody had planned."""

    number: str
    kind: str
    """exercise, invocation or major incident."""
    title: str
    failed_at: int
    invoked_at: int | None
    verified_at: int | None
    rto_seconds: int | None
    """The objective that it is judged by."""
    rto_actual_seconds: int | None
    from_invocation_seconds: int | None
    rpo_seconds: int | None
    rpo_actual_seconds: int | None
    plan_version: int | None = None
    told_by: str = ""
    """Which records say when it failed and when it was back, where that is not its own."""

    @property
    def met(self) -> bool | None:
        """Whether it was back in time; None where there was no RTO, or no end."""
        if self.rto_seconds is None or self.rto_actual_seconds is None:
            return None
        return self.rto_actual_seconds <= self.rto_seconds


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that something can be brought back, and how long that holds."""

    drills: tuple[Drill, ...]
    """Those that were verified, the oldest first."""
    stands_until: int | None
    """None where nothing was ever shown."""
    stale: bool | None
    why: str
    """Why it is stale, or will be."""

    @property
    def latest(self) -> Drill | None:
        """The newest recovery."""
        return self.drills[-1] if self.drills else None

    @property
    def met(self) -> int | None:
        """How many were in time; None where none had an RTO to meet."""
        judged = [one.met for one in self.drills if one.met is not None]
        return sum(judged) if judged else None

    @property
    def worst_seconds(self) -> int | None:
        """The longest recovery."""
        return max((one.rto_actual_seconds for one in self.drills if one.rto_actual_seconds is not None), default=None)


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """A plan, as much as its services tell of it."""

    id: int
    number: str
    title: str
    state: str
    plan_version: int
    strategy: str
    owner: str
    review_at: int | None
    planned_seconds: int | None
    """The critical path; None without steps."""
    effort_seconds: int | None
    critical_path: tuple[str, ...]
    services: tuple[int, ...]
    cis: tuple[int, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """How the continuity of one service stands."""

    id: int
    number: str
    service: str
    analysis: str
    """Number of its impact analysis; empty where there is none."""
    rto_seconds: int | None
    rpo_seconds: int | None
    wrt_seconds: int | None
    mtpd_seconds: int | None
    loses_seconds: int | None
    """What its backups lose at worst."""
    plan: PlanBrief | None
    evidence: Evidence
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How continuity stands as a whole."""

    at: int
    services: tuple[ServiceLine, ...]
    plans: tuple[PlanBrief, ...]
    inversions: tuple[dict[str, Any], ...]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, whole, as it stands now."""

    id: int
    number: str
    title: str
    state: str
    version: int
    type: str
    plan: str
    plan_number: str
    plan_version: int | None
    lead: str
    scenario: str
    disrupted_at: int | None
    invoked_at: int | None
    verified_at: int | None
    newest_data_at: int | None
    verified_by: str
    planned_at: int | None
    rto_seconds: int | None
    rpo_seconds: int | None
    rto_actual_seconds: int | None
    from_invocation_seconds: int | None
    rpo_actual_seconds: int | None
    result: str
    progress: str
    review: str
    steps: tuple[RunStep, ...]
    critical: frozenset[str]
    """Steps on the critical path of the plan."""
    planned_seconds: int | None
    """How long the plan was to take."""
    left_seconds: int | None
    """How long what is left takes by the plan, from now."""

    @property
    def due_at(self) -> int | None:
        """When the RTO is over."""
        return None if self.disrupted_at is None or self.rto_seconds is None else self.disrupted_at + self.rto_seconds


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in the schedule of its plan."""

    step: PlanStep
    starts_seconds: int
    ends_seconds: int
    critical: bool
    ci: str = ""


@dataclass(frozen=True, slots=True)
class InheritedLine:
    """What is asked of something that a plan needs, and by whom."""

    node: Node
    kind: str
    own_seconds: int | None
    """What its own analysis promises."""
    seconds: int | None
    """The tightest that is asked of it."""
    source: Node | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan, whole."""

    brief: PlanBrief
    version: int
    services: tuple[Node, ...]
    rto_seconds: int | None
    rpo_seconds: int | None
    lines: tuple[StepLine, ...]
    scope: tuple[InheritedLine, ...]
    evidence: Evidence
    call_tree: str
    texts: dict[str, str]
    approved_by: str
    approved_at: int | None
    runs: tuple[tuple[str, str, str], ...]
    """Number, title and state of its runs, the newest first."""
    gaps: tuple[Gap, ...]
