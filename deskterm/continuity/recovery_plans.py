"""How long a recovery takes when every step starts as soon as those before it are done: the critical path. Pure.

Critical path method (Kelley and Walker, 1959): a step starts at the latest end among its predecessors, and the plan takes as
long as its longest chain. The effort is the sum of all steps, whoever does them at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskterm.errors import InvalidInput, repeated


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a recovery plan."""

    name: str
    seconds: int
    """How long it is planned to take."""
    after: tuple[str, ...] = ()
    """Names of the steps that must be done before it starts."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a plan comes to."""

    elapsed_seconds: int
    """From the start of the first step to the end of the last."""
    effort_seconds: int
    critical_path: tuple[str, ...]
    """The chain that takes longest: a second lost on it is lost by all. Of equal ones that of the steps named first."""
    starts: dict[str, int]
    """By step: seconds after the start at which it can begin."""


def schedule(steps: Sequence[Step]) -> Schedule:
    """Schedule a plan.

    Raises:
        InvalidInput: there is no step, a name is used twice, a step waits for one that is not in the plan, a duration is
            negative, or steps wait for one another in a circle, which is named.
    """
    by_name = {step.name: step for step in steps}
    _check(steps, by_name)
    ends: dict[str, int] = {}
    starts: dict[str, int] = {}
    held_up_by: dict[str, str | None] = {}
    for step in _in_order(steps, by_name):
        last = max(step.after, key=ends.__getitem__, default=None)
        held_up_by[step.name] = last
        starts[step.name] = 0 if last is None else ends[last]
        ends[step.name] = starts[step.name] + step.seconds
    at: str | None = max((step.name for step in steps), key=ends.__getitem__)
    elapsed = ends[at] if at is not None else 0
    path: list[str] = []
    while at is not None:
        path.append(at)
        at = held_up_by[at]
    ordered = {step.name: starts[step.name] for step in steps}
    return Schedule(elapsed, sum(step.seconds for step in steps), tuple(reversed(path)), ordered)


def _check(steps: Sequence[Step], by_name: dict[str, Step]) -> None:
    if not steps:
        raise InvalidInput("a plan has one step or more", fields={"steps": "must be one or more"})
    if len(by_name) < len(steps):
        twice = next(step.name for step in steps if by_name[step.name] is not step)
        raise InvalidInput(f"two steps are named {repeated(twice)}", fields={"steps": f"has two named {repeated(twice)}"})
    wrong = {}
    for step in steps:
        if step.seconds < 0:
            wrong[f"steps.{step.name}.minutes"] = "must be 0 or more"
        for name in step.after:
            if name not in by_name:
                wrong[f"steps.{step.name}.after"] = f"names {repeated(name)}, which is not a step of the plan"
    for place, rule in wrong.items():
        raise InvalidInput(f"{place} {rule}", fields=wrong)


def _in_order(steps: Sequence[Step], by_name: dict[str, Step]) -> list[Step]:
    """Return the steps so that each comes after those it waits for (Kahn, 1962)."""
    waiting = {step.name: len(set(step.after)) for step in steps}
    followers: dict[str, list[str]] = {step.name: [] for step in steps}
    for step in steps:
        for name in dict.fromkeys(step.after):
            followers[name].append(step.name)
    ready = [step.name for step in steps if not waiting[step.name]]
    for name in ready:  # grows while it is read
        for follower in followers[name]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    if len(ready) < len(steps):
        circle = _circle(by_name, {name for name, count in waiting.items() if count})
        message = f"steps wait for one another in a circle: {' → '.join(circle)}"
        raise InvalidInput(message, fields={"steps": message})
    return [by_name[name] for name in ready]


def _circle(by_name: dict[str, Step], stuck: set[str]) -> list[str]:
    """Return a circle among steps that can never start, each before the one that waits for it, the first again at the end."""
    at = next(name for name in by_name if name in stuck)
    walked: dict[str, int] = {}
    while at not in walked:
        walked[at] = len(walked)
        at = next(name for name in by_name[at].after if name in stuck)
    circle = [*list(walked)[walked[at] :], at]
    return circle[::-1]
