"""From a record's journal to the facts that clocks are read from: phases, answers, stays with a team, waits for a supplier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.vocab import AgreementType, Metric, PendingReason
from deskterm.journal import CALLER
from deskterm.service_level.rules import History, Phase, PhaseState
from deskterm.workflow import Phase as WorkPhase
from deskterm.workflow import Workflow

UNDO = "undo"
"""The text of a change of state that takes an earlier one back, as `deskterm.records.undo` journals it."""


@dataclass(slots=True)
class Facts:
    """What happened to one record, in order of when it happened."""

    started_at: int
    phases: list[Phase] = field(default_factory=list)
    """Every stretch of its life, the last one without an end."""
    resolved: list[int] = field(default_factory=list)
    """When work ended, each time."""
    solved: list[int] = field(default_factory=list)
    """When work ended by being done: a cancellation is none of these."""
    reopened: list[int] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)
    """Public words of the desk while work was owed; those after its end owe and end nothing."""
    teams: list[tuple[int, int | None]] = field(default_factory=list)
    """From when it was with which team."""
    waits: list[tuple[int, int | None]] = field(default_factory=list)
    """From when to when it waited for a supplier."""
    cancelled_at: int | None = None
    first_response_at: int | None = None

    @property
    def done_at(self) -> int | None:
        """Return when work ended, if it has."""
        return self.resolved[-1] if self.resolved and len(self.resolved) > len(self.reopened) else None

    def done_by(self, at: int) -> int | None:
        """Return since when work had ended at an instant; None if it was going on."""
        ended = [one for one in self.resolved if one <= at]
        return ended[-1] if len(ended) > sum(one <= at for one in self.reopened) else None


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a clock."""

    number: int
    history: History
    team: int | None = None
    """Whose it is: an OLA's clock belongs to the team that had the record meanwhile."""


def read_facts(workflow: Workflow, rows: Iterable[Mapping[str, Any]], *, started_at: int, first_response_at: int | None) -> Facts:
    """Fold a record's journal rows (created, state, reply, team) into facts; a change of state that was undone never happened."""
    facts = Facts(started_at, first_response_at=first_response_at)
    state = since = None
    reason = ""
    for row in _standing(rows):
        at = max(row["at"], started_at)
        if row["what"] == "reply":
            if row["field"] != CALLER and not _is_over(workflow, state):
                facts.replies.append(at)
        elif row["what"] == "field":
            if row["field"] == "team":
                facts.teams.append((at, row["new"]))
        else:
            created = row["what"] == "created"
            new = row["new"]["state"] if created else row["new"]
            if created and row["new"].get("team") is not None:
                facts.teams.append((at, row["new"]["team"]))
            if state is not None and since is not None:
                _close(facts, workflow, state, since, at, reason)
            _enter(facts, workflow, state, new, at)
            state, since, reason = new, started_at if created else at, row["text"] or ""
    if state is not None and since is not None:
        _close(facts, workflow, state, since, None, reason)
    return facts


def _standing(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out every change of state that was undone, and the undoing: between the two, the record was what it had been."""
    kept: list[Mapping[str, Any] | None] = []
    stack: list[tuple[int, str | None, str]] = []  # where in `kept`, the state before, the state it led to
    for row in rows:
        if row["what"] == "state":
            before = stack[-1][2] if stack else None
            if row["text"] == UNDO and stack and stack[-1][1] == row["new"]:
                kept[stack.pop()[0]] = None
                continue
            stack.append((len(kept), before, row["new"]))
        elif row["what"] == "created":
            stack.append((len(kept), None, row["new"]["state"]))
        kept.append(row)
    return [row for row in kept if row is not None]


def _is_over(workflow: Workflow, state: str | None) -> bool:
    return state is not None and workflow.phase(state) in (WorkPhase.DONE, WorkPhase.FINAL)


def _enter(facts: Facts, workflow: Workflow, old: str | None, new: str, at: int) -> None:
    before = workflow.phase(old) if old else None
    after = workflow.phase(new)
    over = (WorkPhase.DONE, WorkPhase.FINAL)
    if after in over and before not in over:
        facts.resolved.append(at)
        if after is WorkPhase.FINAL and new == "cancelled":
            facts.cancelled_at = at
        else:
            facts.solved.append(at)
    elif before in over and after not in over:
        facts.reopened.append(at)
        facts.cancelled_at = None


def _close(facts: Facts, workflow: Workflow, state: str, start: int, end: int | None, reason: str) -> None:
    if end is not None and end <= start:
        return
    phase = workflow.phase(state)
    meaning = {WorkPhase.WAITING: PhaseState.PAUSED, WorkPhase.DONE: PhaseState.STOPPED, WorkPhase.FINAL: PhaseState.STOPPED}
    kind = meaning.get(phase, PhaseState.OPEN)
    facts.phases.append(Phase(start, end, kind, reason if kind is PhaseState.PAUSED else state))
    if kind is PhaseState.PAUSED and PendingReason.SUPPLIER.value in reason:
        facts.waits.append((start, end))


def cycles(facts: Facts, type_: AgreementType, metric: Metric, on_reopen: str) -> list[Cycle]:
    """Return the runs of a clock of some type and metric, the newest last.

    An SLA's response clock runs until the first answer, its resolution clock until work ends, its update clock from one
    public word to the next. An OLA's clock runs while the record is with its team, a UC's while it waits for the supplier.
    Each stay with a team is a cycle, counted over all teams: what one team took is never mixed up with what the next takes.
    """
    match type_, metric:
        case AgreementType.UC, _:
            runs = [(start, end) for start, end in facts.waits]
            return [
                Cycle(i, History(start, (), met_at=end, cancelled_at=facts.cancelled_at))
                for i, (start, end) in enumerate(runs, 1)
            ]
        case AgreementType.OLA, _:
            return [Cycle(i, _history(facts, start, end), team) for i, team, start, end in _stays(facts)]
        case _, Metric.RESPONSE:
            answers = [at for at in (facts.first_response_at, *facts.solved[:1]) if at is not None]
            return [Cycle(1, _history(facts, facts.started_at, min(answers, default=None)))]
        case _, Metric.UPDATE:
            starts = [facts.started_at, *facts.replies]
            ends = [*facts.replies, facts.done_at]
            return [Cycle(i, _history(facts, start, end)) for i, (start, end) in enumerate(zip(starts, ends, strict=True), 1)]
    if on_reopen == "new-cycle" and facts.reopened:
        starts = [facts.started_at, *facts.reopened]
        ends = [*facts.resolved, None][: len(starts)]
        return [Cycle(i, _history(facts, start, end)) for i, (start, end) in enumerate(zip(starts, ends, strict=True), 1)]
    return [Cycle(1, _history(facts, facts.started_at, facts.done_at))]


def _history(facts: Facts, start: int, met_at: int | None) -> History:
    cancelled = facts.cancelled_at
    met = None if cancelled is not None and met_at is not None and met_at >= cancelled else met_at
    return History(start, tuple(facts.phases), met_at=met, cancelled_at=cancelled)


def _stays(facts: Facts) -> Iterator[tuple[int, int, int, int | None]]:
    """Yield every stay with a team: its number, the team, from when to when. Handed on in the same second, it was no stay."""
    for number, (start, team) in enumerate(facts.teams, 1):
        if team is None:
            continue
        if number == len(facts.teams):
            yield number, team, start, facts.done_at
            continue
        moved_at = facts.teams[number][0]
        if start < moved_at:
            done_at = facts.done_by(moved_at)
            yield number, team, start, moved_at if done_at is None else max(start, done_at)
