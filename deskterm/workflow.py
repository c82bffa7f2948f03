"""Workflow as data: the states of a kind, the actions between them, who may take each and what each demands.

The forms, the command line, the help and the tests read these tables; `check` is the one place that refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from deskterm.errors import WorkflowRefused
from deskterm.fields import Field


class Phase(StrEnum):
    """What a state means to clocks and queues."""

    ACTIVE = "active"
    """Work is owed: clocks run."""
    WAITING = "waiting"
    """Work is owed by somebody else: clocks pause."""
    DONE = "done"
    """The work is done but may come back: clocks have stopped."""
    FINAL = "final"
    """Over for good."""
    STANDING = "standing"
    """Not work at all: a person, a calendar, a published article."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of a workflow."""

    name: str
    phase: Phase
    label: str = ""

    @property
    def title(self) -> str:
        """Return what a person reads."""
        return self.label or self.name.replace("-", " ")


@dataclass(frozen=True, slots=True)
class When:
    """What a record must say for an action to make sense, beyond being in the right state."""

    field: str
    """A field of the record."""
    value: Any
    """What it must hold; `True` is met by anything that is not empty, `False` by nothing or no."""
    otherwise: str
    """Why not, where it does not: `it is no major incident`."""

    def met(self, value: Any) -> bool:
        """Return whether a value of the field will do."""
        return bool(value) is self.value if isinstance(self.value, bool) else bool(value == self.value)


@dataclass(frozen=True, slots=True)
class Action:
    """A named step from some states to another (or to none other: an action that leaves the state as it is)."""

    name: str
    sources: tuple[str, ...]
    target: str | None
    label: str = ""
    help: str = ""
    demands: tuple[str, ...] = ()
    """Fields of the record that must hold a value afterwards."""
    takes: tuple[str, ...] = ()
    """Fields of the record that may be given along with it, besides those it demands."""
    inputs: tuple[Field, ...] = ()
    """What it asks beyond the record's own fields, such as a message to the caller."""
    sets: Mapping[str, Any] = field(default_factory=dict)
    """Fields it sets by itself; None clears one."""
    verb: str = "act"
    """The right it needs on this kind."""
    key: str = ""
    """The console's key for it."""
    automatic: bool = False
    """The desk takes it by itself; nobody is offered it."""
    when: tuple[When, ...] = ()
    """What the record must say besides: an action that would change nothing is not offered."""

    @property
    def title(self) -> str:
        """Return what a person reads."""
        return self.label or self.name.replace("-", " ").capitalize()

    @property
    def accepts(self) -> tuple[str, ...]:
        """Return every record field that may come with it."""
        return tuple(dict.fromkeys((*self.demands, *self.takes)))

    def refusal(self, state: str, values: Mapping[str, Any]) -> str:
        """Return why a record in a state, with these values, cannot take it; empty where it can."""
        if state not in self.sources:
            return f"possible while {', '.join(self.sources)}"
        return next((one.otherwise for one in self.when if not one.met(values.get(one.field))), "")


@dataclass(frozen=True, slots=True)
class Workflow:
    """The states and actions of one kind."""

    states: tuple[State, ...]
    actions: tuple[Action, ...] = ()

    def __post_init__(self) -> None:
        known = {state.name for state in self.states}
        for action in self.actions:
            strange = {*action.sources, *([action.target] if action.target else [])} - known
            if strange:
                raise ValueError(f"action {action.name} names unknown states {sorted(strange)}")

    @property
    def initial(self) -> str:
        """Return the state a new record is in."""
        return self.states[0].name

    def state(self, name: str) -> State:
        """Return a state by name.

        Raises:
            KeyError: there is none.
        """
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def phase(self, name: str) -> Phase:
        """Return what a state means to clocks and queues."""
        return self.state(name).phase

    def action(self, name: str) -> Action:
        """Return an action by name.

        Raises:
            WorkflowRefused: there is none; the message lists those there are.
        """
        for action in self.actions:
            if action.name == name:
                return action
        known = ", ".join(action.name for action in self.actions) or "none"
        raise WorkflowRefused(f"there is no action {name!r}; there are: {known}")

    def check(self, action: Action, state: str, values: Mapping[str, Any]) -> None:
        """Refuse an action that this state, or what the record says, does not allow.

        Raises:
            WorkflowRefused: it says from which states the action is possible, or what is not so.
        """
        if state not in action.sources:
            possible = ", ".join(action.sources)
            said = f"{action.name} is not possible while {state}; it is possible while {possible}"
            if action.name == "reopen" and self.phase(state) is Phase.FINAL:
                said += f". What is {state} stays so: log a new one and link it to this by follows"
            raise WorkflowRefused(said)
        if refusal := action.refusal(state, values):
            raise WorkflowRefused(f"{action.name} is not possible: {refusal}")


STANDING = Workflow((State("active", Phase.STANDING), State("retired", Phase.STANDING)), (
    Action("retire", ("active",), "retired", help="Keep it for history, offer it no more.", verb="edit"),
    Action("restore", ("retired",), "active", help="Offer it again.", verb="edit"),
))  # fmt: skip
"""The workflow of records that are not work: in use, or kept for history only."""
