"""Whatever is tried in whatever order: no state outside the table, no lost journal entry, every refusal explained."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from deskterm.change.workflow import ACTIONS, STATES, UNDER_WAY, WORKFLOW
from deskterm.errors import DeskError
from tests.change.changing import RFC, board
from tests.desks import Cast, cast_on, sqlite_file

PEOPLE = ("ada", "bob", "eve", "sue", "sam", "ron")
VALUES: dict[str, list[dict[str, Any]]] = {
    "vote": [{"vote": "approve"}, {"vote": "reject"}, {"vote": "abstain"}, {}],
    "complete": [{"code": "successful"}, {"code": "failed"}, {}],
    "review": [{"review": "It taught us something"}, {}],
    "schedule": [{}, {"window_end": RFC["window_start"]}, {"window_end": RFC["window_end"] + 60}],
}
EDITS: list[dict[str, Any]] = [
    {"plan": "Another plan"}, {"tags": ["x"]}, {"plan": ""}, {"type": "emergency"}, {"assignee": "eve"}, {"cis": []},
]  # fmt: skip


class ChangeOfHands(RuleBasedStateMachine):
    """Six people with four roles do to one change whatever comes to their minds."""

    @initialize(kind=st.sampled_from(["normal", "emergency"]), decides=st.sampled_from(["all", "majority", "any"]))
    def begin(self, kind: str, decides: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.opened = cast_on(sqlite_file(Path(self.folder.name)), agreements=False)
        self.cast: Cast = self.opened.__enter__()
        board(self.cast, "sue", "sam", "bob", rule=decides)
        board(self.cast, "sue", "sam", name="ECAB", type="ecab", rule=decides)
        self.number = self.cast.as_("bob").create("change", {**RFC, "type": kind}).number
        self.state, self.entries, self.moves = "draft", 1, 0
        self.desks = {login: self.cast.as_(login) for login in PEOPLE}

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)
            self.folder.cleanup()

    @rule(who=st.sampled_from(PEOPLE), action=st.sampled_from([one.name for one in ACTIONS]), data=st.data())
    def act(self, who: str, action: str, data: st.DataObject) -> None:
        values = data.draw(st.sampled_from(VALUES.get(action, [{}])))
        self._try(who, action, lambda: self.desks[who].act(self.number, action, values).state)

    @rule(who=st.sampled_from(PEOPLE), values=st.sampled_from(EDITS))
    def edit(self, who: str, values: dict[str, Any]) -> None:
        self._try(who, "edit", lambda: self.desks[who].edit(self.number, values).state)

    @rule(who=st.sampled_from(PEOPLE))
    def undo(self, who: str) -> None:
        self._try(who, "undo", lambda: self.desks[who].undo() and self.cast.ada.show(self.number).state)

    def _try(self, who: str, what: str, deed: Any) -> None:
        self.cast.clock.advance(1)
        before, said = self.state, ""
        try:
            self.state = deed()
        except DeskError as refusal:
            said = refusal.message or "nothing"
        if said:
            assert len(said) > 10, "a refusal that explains nothing"
            assert self.cast.ada.show(self.number).state == before
            return
        if what == "undo":
            assert before == self.state or before not in UNDER_WAY
            assert before == self.state or "rejected" not in (before, self.state)
        elif what == "edit":
            assert (before, self.state) in {(before, before), ("approved", "assessing"), ("scheduled", "assessing")}
        else:
            assert before in WORKFLOW.action(what).sources
            assert not (what in ("vote", "approve", "reject") and who in ("bob", "ron", "eve", "ada")), "a vote without a seat"

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "cast"):
            return
        view = self.cast.ada.show(self.number)
        assert view.state in {state.name for state in STATES}
        assert len(view.journal) >= self.entries, "the journal became shorter"
        self.entries = len(view.journal)
        walked = "draft"
        for line in (line for line in view.journal if line.what == "state"):
            assert line.old == walked
            walked = str(line.new)
        assert walked == view.state
        if view.state in ("approved", "scheduled", "implementing"):
            assert view.values["approved_content"] == view.values["content"]


ChangeOfHands.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestChangeOfHands = ChangeOfHands.TestCase
