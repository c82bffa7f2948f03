"""Clocks for showing: read from a record's journal and the stored policies at this instant, never from cached figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import clocks as q
from data.vocab import AgreementType, Metric
from deskterm.clock import format_instant
from deskterm.records import resolve
from deskterm.records.draft import Draft
from deskterm.service_level.clocks import facts_of
from deskterm.service_level.explain import Segment, explain, simulate_pause
from deskterm.service_level.facts import cycles
from deskterm.service_level.policy import Policy
from deskterm.service_level.rules import History, Reading, read_clock


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a record at an instant, with the facts behind it."""

    id: int
    type: str
    metric: str
    cycle: int
    agreement: str
    target: str
    policy: Policy
    history: History
    reading: Reading

    @property
    def state(self) -> str:
        """Return running, paused, met, breached or cancelled; past its due and still open is breached."""
        return self.reading.state.value

    @property
    def target_seconds(self) -> int | None:
        """Return what the target grants, in working seconds."""
        return self.reading.target_seconds

    @property
    def elapsed_seconds(self) -> int:
        """Return the working seconds used."""
        return self.reading.elapsed_seconds

    @property
    def remaining_seconds(self) -> int | None:
        """Return the working seconds left, negative when overspent."""
        return self.reading.remaining_seconds

    @property
    def due_at(self) -> int | None:
        """Return when the target is used up."""
        return self.reading.due_at

    @property
    def breached_at(self) -> int | None:
        """Return the due instant, once it passed unmet."""
        return self.reading.breached_at

    @property
    def met_at(self) -> int | None:
        """Return when it was met, in time or late."""
        return self.reading.met_at

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Return every piece of its time until now; the counted seconds add up to `elapsed_seconds`."""
        return explain(self.policy, self.history, self.reading.at)

    @property
    def outlook(self) -> tuple[Segment, ...]:
        """Return the segments until now, and those to the due instant as if nothing held the record up."""
        over = self.reading.is_over or self.reading.held_since_at is not None
        return self.segments if over else explain(self.policy, self.history, self.reading.at, self.due_at)

    @property
    def can_wait(self) -> bool:
        """Whether a wait from now on would move its due instant: it has not stopped for good, and is not late."""
        reading = self.reading
        return not reading.is_over and (reading.due_at is None or reading.due_at > reading.at)

    @property
    def waits(self) -> bool:
        """Whether it waits already: a pause is then one that goes on."""
        return self.reading.held_since_at is not None

    def if_pended(self, until_at: int) -> int | None:
        """Return when it would be due if the record waited from now until an instant; None where that is beyond ten years.

        Raises:
            InvalidInput: the wait would end before it begins; or the clock has stopped.
        """
        return simulate_pause(self.policy, self.history, self.reading.at, until_at)

    def as_json(self) -> dict[str, Any]:
        """Return the clock as `deskterm show --json` prints it."""
        return {
            "metric": self.metric,
            "type": self.type,
            "cycle": self.cycle,
            "agreement": self.agreement,
            "target": self.target,
            "target_seconds": self.target_seconds,
            "elapsed_seconds": self.elapsed_seconds,
            "remaining_seconds": self.remaining_seconds,
            "due_at": _instant(self.due_at),
            "state": self.state,
            "breached_at": _instant(self.breached_at),
            "met_at": _instant(self.met_at),
            "segments": [
                {
                    "from": format_instant(one.from_at),
                    "to": format_instant(one.to_at),
                    "state": one.state.value,
                    "reason": one.reason,
                    "counted_seconds": one.counted_seconds,
                }
                for one in self.segments
            ],
        }


def _instant(at: int | None) -> str | None:
    return None if at is None else format_instant(at)


def of_record(connection: Connection, draft: Draft, now: int) -> tuple[ClockView, ...]:
    """Return the clocks of one record, those that still count first, the most urgent before the rest."""
    rows = connection.execute(q.OF_RECORDS, {"ids": [draft.id]}).mappings().all()
    if not rows:
        return ()
    facts = facts_of(connection, [draft])[draft.id]
    stored = connection.execute(q.POLICIES, {"ids": sorted({row["policy_id"] for row in rows})})
    policies = {row.id: Policy.from_json(row.definition) for row in stored}
    reopening = {row.id: row.on_reopen for row in connection.execute(q.AGREEMENTS)}
    names = resolve.names(connection, {row[key] for row in rows for key in ("agreement_id", "target_id")})
    views = []
    for row in rows:
        type_, metric = AgreementType(row["type"]), Metric(row["metric"])
        runs = cycles(facts, type_, metric, reopening.get(row["agreement_id"], "continue"))
        history = next((run.history for run in runs if run.number == row["cycle"]), None)
        if history is None or row["cancelled_at"] is not None:
            met = history.met_at if history else None
            history = History(row["started_at"], history.phases if history else (), met, row["cancelled_at"])
        policy = policies[row["policy_id"]]
        views.append(
            ClockView(
                row["id"],
                row["type"],
                row["metric"],
                row["cycle"],
                names[row["agreement_id"]].title,
                names[row["target_id"]].title,
                policy,
                history,
                read_clock(policy, history, now),
            )
        )
    return tuple(sorted(views, key=_urgency))


def _urgency(view: ClockView) -> tuple[bool, bool, int]:
    return (view.reading.is_over, view.reading.held_since_at is not None, view.due_at or 2**62)


def called(views: tuple[ClockView, ...], what: str) -> tuple[ClockView, ...]:
    """Return the clock that `what` names, if there is one: a metric, or type and metric such as `ola:resolution`."""
    wanted = what.casefold()
    return tuple(view for view in views if wanted in (view.metric, f"{view.type}:{view.metric}"))[:1]
