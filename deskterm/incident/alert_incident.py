"""The incident of some alerts: made when they fire, brought up to date by what is told later, at the alerts' own instants.

As long as nobody touched it, it follows its alerts; from then on it only notes what they do, except that one which fires again
reopens it. Which alerts belong to it is decided in `alerts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from data.base import NEVER
from data.queries import alerts as q
from deskterm.clock import format_instant
from deskterm.incident.alert_messages import Alert, Remark
from deskterm.incident.alert_routing import Levels, worst
from deskterm.incident.alert_texts import REASON_LIMIT, note_of, one_line, summary_of
from deskterm.intervals import Spans
from deskterm.journal import Entry, What
from deskterm.kinds import Kind
from deskterm.permissions import SYSTEM, Actor
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.relation_words import RECURRENCE_OF
from deskterm.workflow import Phase

MONITORING = Actor("monitoring", system=True)
"""Who does what alerts do."""
MACHINES = (SYSTEM, MONITORING.login)
NOTE = "alert"
"""The `field` of notes about alerts."""
CLEARED_CODE = "cleared-by-monitoring"


@dataclass(slots=True)
class News:
    """What one delivery tells that was not known of one incident."""

    fired: list[Alert] = field(default_factory=list)
    resolved: list[Alert] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    left_out: int = 0
    levels: list[Levels] = field(default_factory=list)
    made: bool = False
    """The incident was made of it."""

    @property
    def instant(self) -> int:
        """The newest instant that is told of."""
        return max([alert.instant for alert in (*self.fired, *self.resolved)] + [remark.at for remark in self.remarks])


@contextmanager
def as_monitoring(unit: Unit, at: int) -> Iterator[None]:
    """Let something be done by monitoring at an instant; a clock that is ahead of ours does not take us into the future."""
    unit.flush()  # what waits to be written is somebody else's, at another instant
    actor, own_at = unit.actor, unit.at
    unit.actor, unit.at = MONITORING, min(at, unit.recorded_at)
    try:
        yield
        unit.flush()
    finally:
        unit.actor, unit.at = actor, own_at


def make(unit: Unit, kind: Kind, values: Mapping[str, Any], at: int, previous: int | None) -> Draft:
    """Make the incident of alerts that began to fire at an instant, linked to the one they were about before."""
    with as_monitoring(unit, at):
        draft = writing.create(unit, kind, {**values, "channel": "monitoring", "occurred_at": unit.at})
        if previous is not None:
            writing.link(unit, draft, RECURRENCE_OF, store.load(unit.connection, kind, [previous])[previous])
    return draft


class AlertIncident:
    """One incident while it is brought up to date."""

    def __init__(self, unit: Unit, kind: Kind, record_id: int) -> None:
        self.unit, self.kind = unit, kind
        self.draft = self._load(record_id)
        parameters = {"id": record_id, "machines": list(MACHINES)}
        self.touched_by: str | None = unit.connection.execute(q.BY_PEOPLE, parameters).scalar()
        """The first person who did something to it."""

    def _load(self, record_id: int) -> Draft:
        return store.load(self.unit.connection, self.kind, [record_id], locked=True)[record_id]

    def settle(self, news: News, trouble: Spans) -> None:
        """Bring it up to date.

        Args:
            news: what was told now.
            trouble: when at least one of its alerts fired, as far as all that was ever told of them.
        """
        fires = bool(trouble) and trouble.intervals[-1].end == NEVER
        self._note(news)
        if self.draft.phase is Phase.FINAL or not (news.fired or news.resolved):
            return
        if self.touched_by is None:
            self._follow_first(news, trouble)
            self._follow(trouble, news)
        elif fires and news.fired and self.draft.phase is Phase.DONE:
            self._reopen(trouble.intervals[-1].start, news)
        elif not fires and self.draft.phase is not Phase.DONE:
            over_at = trouble.intervals[-1].end if trouble else news.instant
            self._say(f"Every alert is resolved; it stays open, because {self.touched_by} works on it.", over_at)

    def _note(self, news: News) -> None:
        """Note what is new. Of an incident that was just made, its own record says what fires."""
        resolved = () if news.made and len(news.fired) == len(news.resolved) == 1 else news.resolved
        text = note_of([] if news.made else news.fired, resolved, news.remarks, news.left_out)
        if text:
            self._say(text, news.instant)

    def _say(self, text: str, at: int) -> None:
        with as_monitoring(self.unit, at):
            self.unit.journal(Entry(self.draft.id, self.draft.version, What.NOTE, NOTE, text=text))
            store.touch(self.unit, self.draft)

    def _follow_first(self, news: News, trouble: Spans) -> None:
        """Let it begin when the first alert did, and be as bad as the worst."""
        values: dict[str, Any] = {}
        first_at = min([self.draft.get("occurred_at"), *(span.start for span in trouble)])
        if first_at < self.draft.get("occurred_at"):
            values["occurred_at"] = first_at
        impact, urgency = worst([(self.draft.get("impact"), self.draft.get("urgency")), *news.levels])
        values |= {"impact": impact, "urgency": urgency}
        if any(self.draft.get(name) != value for name, value in values.items()):
            with as_monitoring(self.unit, news.instant):
                self.draft = writing.edit(self.unit, self.draft, values)
            self.draft = self._load(self.draft.id)

    def _follow(self, trouble: Spans, news: News) -> None:
        """Reopen it for trouble that began, or lasted longer, after it was resolved; resolve it when the trouble was over."""
        since = int(self.unit.connection.execute(q.LAST_MOVE, {"id": self.draft.id}).scalar_one())
        for span in trouble:
            end = span.end if span.end == NEVER else min(span.end, self.unit.recorded_at)
            done = self.draft.phase is Phase.DONE
            if end < since or (end == since and done):
                continue
            if done:
                since = self._reopen(max(span.start, since), news)
            if end != NEVER:
                since = self._resolve(end)

    def _reopen(self, at: int, news: News) -> int:
        """Reopen it, not before it was resolved; return when."""
        reason = f"fires again: {summary_of(news.fired[0])}" if news.fired else "its alerts lasted longer"
        with as_monitoring(self.unit, max(at, self.draft.extra["done_at"])):
            writing.act(self.unit, self.draft, "reopen", {"reason": one_line(reason, REASON_LIMIT)})
            at = self.unit.at
        self.draft = self._load(self.draft.id)
        return at

    def _resolve(self, at: int) -> int:
        self.draft.reason = "every alert is resolved"
        solution = f"Every alert of this incident is resolved, the last one at {format_instant(at)}; nobody had to touch it."
        with as_monitoring(self.unit, at):
            writing.act(self.unit, self.draft, "resolve", {"code": CLEARED_CODE, "solution": solution})
        self.draft = self._load(self.draft.id)
        return at
