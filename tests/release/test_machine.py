"""Releases driven at random, legally and illegally: no state outside the table, no lost entry, every refusal explained."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from data.tables.core import journal
from deskterm.desk import Desk
from deskterm.doctor import examine
from deskterm.errors import DeskError
from deskterm.release import builds, campaigns
from deskterm.release.cells import STEPS, CellState
from deskterm.release.reading import view
from deskterm.release.workflow import WORKFLOW
from tests.desks import Cast, cast_on, sqlite_file
from tests.release.rollouts import PILOT, REST, installed, ready

ACTIONS = [action.name for action in WORKFLOW.actions]
VALUES: dict[str, list[dict[str, Any]]] = {
    "rebuild": [{"reason": "a defect"}, {}],
    "plan-wave": [*({"cis": [name]} for name in (*PILOT, *REST)), {"wave": 1, "cis": ["app-5"]}, {"sites": ["Haus B"]}],
    "drop-cells": [{"cis": ["app-1"]}, {"cis": ["app-5"]}, {"cis": ["nobody"]}],
    "go": [{}, {"wave": 1}, {"wave": 2}, {"cis": ["app-1"]}, {"cis": ["app-3"]}],
    "report": [{"outcome": "installed"}, {"outcome": "failed", "reason": "x"}, 
               {"outcome": "unreachable", "cis": ["app-1"], "reason": "x"},
               {"outcome": "failed"}, {"outcome": "installed", "wave": 1}],
    "hold": [{}, {"cis": ["app-1"]}], "resume": [{}],
    "accept-wave": [{}, {"note": "it may stand"}, {"wave": 2, "note": "it may stand"}],
    "back-out-cells": [{"reason": "x"}, {"reason": "x", "cis": ["app-1"]}, {"reason": "x", "wave": 1}],
    "back-out": [{"reason": "x"}, {}], "close": [{"review": "fine"}, {}], "cancel": [{"reason": "x"}],
}  # fmt: skip
STEP = st.sampled_from([(name, values) for name in ACTIONS for values in VALUES.get(name, [{}])])
ROLLING = st.sampled_from(
    [(name, values) for name in ("go", "report", "accept-wave", "back-out-cells", "hold") for values in VALUES[name]]
)


def refused(function: Any, *arguments: Any) -> str | None:
    """Do something, and return the sentence with which it was refused; None where it was done."""
    try:
        function(*arguments)
    except DeskError as refusal:
        return refusal.message
    return None


class Releases(RuleBasedStateMachine):
    """One release, ready to go out, with CIs that come and go and a change that may lose its approval."""

    cast: Cast
    desk: Desk

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._desk = cast_on(sqlite_file(Path(self._folder.name)), agreements=False)
        self.cast = self._desk.__enter__()
        self.desk, self.number, self.change = ready(self.cast)
        self.desk.act(self.number, "plan-wave", {"name": "Pilot", "cis": list(PILOT)})
        self.id = self.desk.show(self.number).id
        self.entries = 0
        self.accepted_before: tuple[bool, ...] = ()

    def teardown(self) -> None:
        if hasattr(self, "_desk"):
            found = [one for one in examine(self.cast.database, clock=self.cast.clock) if one.severity.value == "error"]
            assert not found, found
            self._desk.__exit__(None, None, None)
            self._folder.cleanup()

    def _try(self, function: Any, *arguments: Any) -> bool:
        """Do something that may be refused: with a sentence then, and with nothing changed."""
        before = view(self.cast.ada, self.number)
        said = refused(function, *arguments)
        if said is not None:
            assert len(said.split()) >= 3, said
            assert view(self.cast.ada, self.number) == before, f"refused, but changed: {said}"
        return said is None

    @rule(step=STEP)
    def act(self, step: tuple[str, dict[str, Any]]) -> None:
        name, values = step
        before = view(self.cast.ada, self.number)
        if self._try(self.desk.act, self.number, name, values):
            after = view(self.cast.ada, self.number)
            action = WORKFLOW.action(name)
            assert before.state in action.sources
            assert after.state == (action.target or before.state)
            self._moved(name, values, before, after)

    @rule(step=ROLLING)
    def roll(self, step: tuple[str, dict[str, Any]]) -> None:
        if view(self.cast.ada, self.number).state == "ready":
            self._try(self.desk.act, self.number, "roll-out")
        self.act(step)

    def _moved(self, name: str, values: dict[str, Any], before: Any, after: Any) -> None:
        """Compare what moved with the table of steps, and with the gate between waves."""
        was = {cell.id: cell.state for cell in before.cells}
        step = {"back-out-cells": "back-out", "report": values.get("outcome", "")}.get(name, name)
        for cell in after.cells:
            old = was.get(cell.id)
            if old is None:
                assert (name, cell.state) == ("plan-wave", CellState.PLANNED)
            elif old != cell.state:
                allowed = STEPS[step][old]
                assert cell.state in (allowed, CellState.FAILED), (name, old, cell.state)
                if name == "go":
                    assert all(wave.is_accepted for wave in before.waves if wave.position < cell.wave), "the gate was shut"
                    assert all(state in ("approved", "scheduled") for _, _, state in before.changes), "nothing was approved"

    @rule(name=st.sampled_from((*PILOT, *REST)), what=st.sampled_from(["retire", "dispose", "stock", "deploy"]))
    def ci(self, name: str, what: str) -> None:
        self._quietly(self.cast.ada.act, self._ci(name), what)

    @rule(name=st.sampled_from(PILOT), version=st.sampled_from(["1.0", "2.0", None]))
    def install_otherwise(self, name: str, version: str | None) -> None:
        self._quietly(self.cast.ada.edit, self._ci(name), {"installed_version": version})

    @rule(back=st.booleans())
    def lose_approval(self, back: bool) -> None:
        bob, sue = self.cast.as_("bob"), self.cast.as_("sue")
        if back:
            self._quietly(bob.act, self.change, "revise")
        else:
            for who, name in ((bob, "submit"), (bob, "assess"), (sue, "approve")):
                self._quietly(who.act, self.change, name)

    @rule()
    def undo(self) -> None:
        self._quietly(self.desk.undo)

    @rule(verb=st.sampled_from(["finish", "abandon", "plan", "record", "sign"]))
    def build_and_test(self, verb: str) -> None:
        match verb:
            case "finish":
                self._try(builds.finish, self.desk, self.number)
            case "abandon":
                self._try(builds.abandon, self.desk, self.number)
            case "plan":
                self._try(campaigns.plan, self.desk, self.number, "acceptance", ["one more"])
            case "record":
                self._try(campaigns.record, self.desk, self.number, "acceptance", [1, 2], "passed")
            case _:
                self._try(campaigns.sign, self.desk, self.number, "acceptance")

    def _quietly(self, function: Any, *arguments: Any) -> None:
        """Do something to another record; whether it is refused is not this test's matter."""
        said = refused(function, *arguments)
        assert said is None or said

    def _ci(self, name: str) -> str:
        return self.cast.ada.page(self.cast.ada.prepare(("ci",), f"name:{name}"), limit=1).rows[0].number

    @invariant()
    def states_are_of_the_table(self) -> None:
        if not hasattr(self, "id"):
            return
        found = view(self.cast.ada, self.number)
        assert found.state in {state.name for state in WORKFLOW.states}
        assert len({cell.ci_id for cell in found.cells}) == len(found.cells), "a CI in two waves"
        for wave in found.waves:
            assert not wave.is_accepted or all(cell.state not in ("planned", "held") for cell in wave.cells)
        if found.state in ("planning", "building", "testing", "ready"):
            assert all(cell.state in ("planned", "held") for cell in found.cells)
        if found.state == "early-life":
            assert all(wave.is_accepted for wave in found.waves) or any(cell.state != "installed" for cell in found.cells)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "id"):
            return
        with self.cast.database.read() as connection:
            entries = connection.execute(select(func.count()).where(journal.c.record_id == self.id)).scalar_one()
        assert entries >= self.entries, "the journal lost an entry"
        self.entries = entries
        now = installed(self.cast)
        for cell in view(self.cast.ada, self.number).cells:
            assert (cell.installed_now or None) == now[cell.name]


Releases.TestCase.settings = settings(
    max_examples=12, stateful_step_count=22, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestReleases = Releases.TestCase
