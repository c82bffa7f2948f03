"""Runs driven at random, legally and illegally: no state outside the table, no step before its time, every refusal explained."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from data.tables.core import journal
from deskterm.continuity.reading import run_view
from deskterm.continuity.schema import RunView
from deskterm.continuity.workflow import EXERCISE_WORKFLOW
from deskterm.doctor import examine
from deskterm.errors import DeskError
from tests.continuity.planning import managed, planned, rated
from tests.desks import Cast, cast_on, sqlite_file

ACTIONS = [action.name for action in EXERCISE_WORKFLOW.actions]
STEPS = ("Restore database", "2", "STP-00003", "Nonsense")
VALUES: dict[str, list[dict[str, Any]]] = {
    "start-step": [*({"step": one} for one in STEPS), {"step": "3", "override": "in a hurry"}, {}],
    "finish-step": [{"step": one} for one in STEPS],
    "assign-step": [{"step": "1", "who": "bob"}, {"step": "2", "who": "nobody"}],
    "skip-step": [{"step": "1", "reason": "x"}, {"step": "3", "reason": "x"}, {"step": "2"}],
    "repeat-step": [{"step": "1", "reason": "x"}, {"step": "2", "reason": "x"}],
    "reject": [{"reason": "x"}, {}],
    "close": [{"review": "fine"}, {}],
    "cancel": [{"reason": "x"}],
}
STEP = st.sampled_from([(name, values) for name in ACTIONS for values in VALUES.get(name, [{}])])
GOING = st.sampled_from([(name, values) for name in ("start-step", "finish-step", "verify") for values in VALUES.get(name, [{}])])
WHO = st.sampled_from(["max", "bob", "eve"])


def refused(function: Callable[[], object]) -> str | None:
    """Do something, and return the sentence with which it was refused; None where it was done."""
    try:
        function()
    except DeskError as refusal:
        return refusal.message
    return None


class Runs(RuleBasedStateMachine):
    """One run of a plan of three steps, and three people who do what they like."""

    cast: Cast

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._desk = cast_on(sqlite_file(Path(self._folder.name)), agreements=False)
        self.cast = self._desk.__enter__()
        desk = managed(self.cast)
        rated(desk, rto_seconds="3h")
        self.number = desk.create("exercise", {"plan": planned(desk)}).number
        self.entries = 0

    def teardown(self) -> None:
        if hasattr(self, "_desk"):
            found = [one for one in examine(self.cast.database, clock=self.cast.clock) if one.severity.value == "error"]
            assert not found, found
            self._desk.__exit__(None, None, None)
            self._folder.cleanup()

    def _try(self, login: str, action: str, values: dict[str, Any]) -> None:
        before = self.view
        said = refused(lambda: self.cast.as_(login).act(self.number, action, values))
        if said is None:
            self._judge(before, login, action)
        else:
            assert said
            assert self.view == before

    def _judge(self, before: RunView, login: str, action: str) -> None:
        after = self.view
        known = EXERCISE_WORKFLOW.action(action)
        assert before.state in known.sources
        assert after.state == (known.target or before.state)
        was = {one.name: one for one in before.steps}
        over = {one.name for one in before.steps if one.is_over}
        for step in after.steps:
            if step.state == "running" and was[step.name].state == "waiting" and before.state == "running":
                assert set(step.after) <= over or step.override
        if after.state == "verified" and before.state == "running":
            assert all(one.is_over for one in after.steps)
            assert not any(login in one.hands for one in after.steps)
            assert after.verified_at is not None
            assert after.disrupted_at is not None
            assert after.rto_actual_seconds == after.verified_at - after.disrupted_at

    @property
    def view(self) -> RunView:
        """Return the run."""
        return run_view(self.cast.ada, self.number)

    @rule(login=WHO, step=STEP)
    def act(self, login: str, step: tuple[str, dict[str, Any]]) -> None:
        """Do anything at all."""
        self._try(login, *step)

    @rule(login=WHO, step=GOING)
    def go_on(self, login: str, step: tuple[str, dict[str, Any]]) -> None:
        """Do what leads on."""
        if self.view.state == "planned":
            self._try("max", "begin", {})
        self._try(login, *step)

    @rule(seconds=st.integers(1, 5_000))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.cast.clock.advance(seconds)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "number"):
            return
        with self.cast.database.read() as connection:
            count = connection.execute(select(func.count()).select_from(journal)).scalar_one()
        assert count >= self.entries
        self.entries = count


Runs.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
TestRuns = Runs.TestCase
