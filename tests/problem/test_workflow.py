"""The workflow of a problem, driven with random legal and illegal steps: nothing leaves the table, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from deskterm.doctor import examine
from deskterm.errors import DeskError
from deskterm.problem.workflow import ACCEPTED_RISK, CLOSED, FIXING, KNOWN_ERROR, RESOLVED, RETIRED, WORKFLOW
from deskterm.records.schema import RecordView
from tests.change.changing import rfc
from tests.desks import Cast, cast_on, sqlite_file

AUTOMATIC = {("new", KNOWN_ERROR), ("investigating", KNOWN_ERROR)}
"""Where the desk goes by itself, once root cause and workaround are recorded."""
GIVEN: dict[str, list[dict[str, Any]]] = {
    "assign": [{}, {"team": "network"}, {"team": "nowhere"}],
    "know": [{}, {"root_cause": "a leak"}, {"root_cause": "a leak", "workaround": "log in again"}],
    "resolve": [{}, {"root_cause": "a leak", "root_cause_code": "software defect", "solution": "mended"}, {"incidents": True}],
    "accept-risk": [{}, {"risk_reason": "too dear"}],
    "duplicate": [{}, {"duplicate_of": "PRB-00001"}],
    "publish": [{}, {"workaround": "log in twice"}],
    "gather": [{}, {"incidents": ["INC-00001", "INC-00002"]}],
    "ask-why": [{}, {"text": "because"}, {"text": "because", "under": "1"}, {"text": "x", "under": "9"}],
    "edit-why": [{"why": "1", "verdict": "confirmed"}, {"why": "1.1", "under": "0"}, {"why": "7"}],
    "drop-why": [{"why": "1"}, {"why": "7"}],
    "root-cause": [{"why": "1"}],
    "set-whys": [{"whys": [{"text": "a", "whys": [{"text": "b"}]}]}, {"whys": "no"}],
    "resolve-incidents": [{}, {"solution": "mended"}],
}
REASONED = [{}, {"reason": "so it is"}]
EDITS: list[dict[str, Any]] = [
    {"root_cause": "a leak"}, {"workaround": "log in again"}, {"root_cause": None}, {"workaround": None}, {"impact": 1},
    {"solution": "mended"}, {"change": "CHG-00001"}, {"change": None}, {"colour": "red"}, {"priority": 9},
]  # fmt: skip


class Problem(RuleBasedStateMachine):
    """One problem and two incidents, worked on by people with different rights."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.context = cast_on(sqlite_file(Path(self.folder.name)), agreements=False)
        self.cast: Cast = self.context.__enter__()
        bob = self.cast.as_("bob")
        self.original, self.number = (bob.create("problem", {"summary": f"VPN {n}"}).number for n in (1, 2))
        rfc(bob)
        for _ in range(2):
            self.cast.incident(problem=self.number)
        self.refusals = 0

    @property
    def view(self) -> RecordView:
        return self.cast.ada.show(self.number)

    def attempt(self, login: str, work: Any) -> None:
        """Try it; a refusal says why in a sentence and leaves the record as it was."""
        before = self.view
        self.cast.clock.advance(60)
        refused = ""
        try:
            work(self.cast.as_(login))
        except DeskError as refusal:
            refused = refusal.message
            self.refusals += 1
        after = self.view
        if refused:
            assert len(refused) > len("refused")
            assert (after.state, after.version, after.values) == (before.state, before.version, before.values)
            said = [line for line in after.journal if line.seq > before.journal[-1].seq]
            assert {line.what for line in said} <= {"refused"}
        assert after.journal[: len(before.journal)] == before.journal, "what was journalled stays"
        if after.version != before.version:
            assert after.journal[len(before.journal) :], "what changed is journalled"
        for name, value in after.values.items():
            if value != before.values.get(name) and name not in ("cis",):
                assert any(line.field == name for line in after.journal[len(before.journal) :]), name

    @rule(
        login=st.sampled_from(["bob", "sam", "ron"]),
        data=st.data(),
        action=st.sampled_from([one.name for one in WORKFLOW.actions]),
    )
    def act(self, login: str, data: st.DataObject, action: str) -> None:
        values = data.draw(st.sampled_from(GIVEN.get(action, REASONED)))
        self.attempt(login, lambda desk: desk.act(self.number, action, values))

    @rule(login=st.sampled_from(["bob", "sam"]), values=st.sampled_from(EDITS))
    def edit(self, login: str, values: dict[str, Any]) -> None:
        self.attempt(login, lambda desk: desk.edit(self.number, values))

    @rule()
    def known(self) -> None:
        self.attempt("sam", lambda desk: desk.edit(self.number, {"root_cause": "a leak", "workaround": "log in again"}))

    @rule(login=st.sampled_from(["bob", "sam"]))
    @precondition(lambda self: self.view.version > 1)
    def undo(self, login: str) -> None:
        self.attempt(login, lambda desk: desk.undo())

    @invariant()
    def every_step_is_in_the_table(self) -> None:
        allowed = {(source, action.target) for action in WORKFLOW.actions for source in action.sources} | AUTOMATIC
        state = "new"
        for line in self.view.journal:
            if line.what == "state":
                assert line.old == state
                assert (line.old, line.new) in allowed or line.text == "undo" or _lifted(str(line.old), str(line.new)), line
                state = str(line.new)
        assert state == self.view.state
        assert state in {one.name for one in WORKFLOW.states}

    @invariant()
    def a_known_error_exists_exactly_while_both_halves_do(self) -> None:
        view = self.view
        rows = self.cast.ada.page(self.cast.ada.prepare(("known-error",), f"problem:{self.number}"), limit=5).rows
        both = bool(view.values["root_cause"] and view.values["workaround"])
        helps = both and view.state in (KNOWN_ERROR, FIXING, RESOLVED, CLOSED, ACCEPTED_RISK)
        assert len(rows) <= 1
        if helps:
            assert [row.state for row in rows] == [view.state]
        else:
            assert all(row.state == RETIRED for row in rows)
        if view.state == KNOWN_ERROR:
            assert both

    @invariant()
    def no_workaround_stands_twice(self) -> None:
        for number in ("INC-00001", "INC-00002"):
            said = [line.text for line in self.cast.ada.show(number).journal if line.what == "reply"]
            assert len(said) == len(set(said))

    def teardown(self) -> None:
        found = examine(self.cast.database, clock=self.cast.clock, registry=self.cast.ada.registry)
        assert [one for one in found if str(one.severity) == "error"] == []
        self.context.__exit__(None, None, None)
        self.folder.cleanup()


def _lifted(old: str, new: str) -> bool:
    """Whether an action led to the search for a cause and the desk went on by itself, for both halves were recorded."""
    return new == KNOWN_ERROR and any(
        old in action.sources and action.target in ("investigating", "new") for action in WORKFLOW.actions
    )


TestProblem = Problem.TestCase
TestProblem.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
