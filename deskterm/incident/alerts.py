"""Alert intake: which incident an alert belongs to, whatever system told of it and in whatever order the messages arrive.

Facts are kept, not messages: a message that says nothing new changes nothing. What then becomes of an incident is
`alert_incident`'s, what fired when is `alert_timeline`'s, and reading messages is `deskterm.exchange`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from data.base import NEVER
from data.queries import alerts as q
from data.queries import records as rq
from deskterm import desk_settings
from deskterm.incident import alert_timeline as timeline
from deskterm.incident.alert_incident import AlertIncident, News, make
from deskterm.incident.alert_messages import Alert, Delivery, Remark, Status, bounded_group_key, fingerprint_of
from deskterm.incident.alert_places import Places, read_routing
from deskterm.incident.alert_routing import GROUP, Route, worst
from deskterm.incident.alert_rows import CLEARED, FIRED, AlertRow, AlertRows
from deskterm.incident.alert_texts import description_of_all, one_line, summary_of_all
from deskterm.incident.alert_views import AlertLine, alerts_of, merged_into_it
from deskterm.incident.service import MERGED_INTO, judge_clocks
from deskterm.intervals import Interval
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_level import clocks
from deskterm.workflow import Phase

__all__ = ["Alert", "AlertLine", "Delivery", "Intake", "Remark", "Status", "alerts_of", "fingerprint_of"]

Told = tuple[Alert, Route]


class Intake:
    """Takes deliveries within one unit of work; two intakes never decide at the same time. `finish` belongs to it."""

    def __init__(self, unit: Unit) -> None:
        hold = q.HOLD.get(unit.dialect)
        if hold is not None:
            unit.connection.execute(hold)
        self.unit = unit
        self.kind = unit.registry.kind("incident")
        self.settings = desk_settings.load(unit.connection)
        self.routing = read_routing(unit.connection, self.settings)
        self.places = Places(unit.connection, self.settings)
        self.rows = AlertRows(unit)
        self.created: set[int] = set()
        """Incidents that were made."""
        self.updated: set[int] = set()
        """Incidents of which something new was told."""
        self.named: set[int] = set()
        """Incidents that were told of at all."""
        self.dropped = 0
        """Alerts that a rule drops."""
        self.loose = 0
        """Remarks and ends of alerts that belong to no incident."""
        unit.postponed[judge_clocks] = set()
        self._news: dict[int, News] = {}
        self._changed: dict[int, AlertRow] = {}
        self._drafts: dict[int, Draft] = {}
        self._merged: dict[int, list[int]] = {}

    def receive(self, delivery: Delivery) -> None:
        """Take what a source told at once."""
        self._news, self._changed, self._drafts, self._merged = defaultdict(News), {}, {}, {}
        told = [(alert, self.routing.route(alert.source, alert.labels)) for alert in delivery.alerts]
        kept = sorted(((alert, route) for alert, route in told if not route.drop), key=_in_order)
        self.dropped += len(told) - len(kept)
        remarks = [one for one in delivery.remarks if not self.routing.route(one.source, one.labels).drop]
        self.rows.load(delivery.source, [*(alert.fingerprint for alert, _ in kept), *(one.fingerprint for one in remarks)])
        for place, (alert, route) in enumerate(kept):
            self._take(delivery, alert, route, kept[place:])
        for remark in remarks:
            self._take_remark(remark)
        self._settle(delivery.left_out)

    def finish(self) -> None:
        """Judge the clocks, once and by all that was told: no clock is late for what the next message says was over in time."""
        clocks.judge_records(self.unit, sorted(self.unit.postponed.pop(judge_clocks, ())))

    def _take(self, delivery: Delivery, alert: Alert, route: Route, rest: Sequence[Told]) -> None:
        """Keep what is new of an alert."""
        start, end = alert.starts_at, alert.ends_at
        if start is None:
            self._take_end(alert)
            return
        rows = self.rows.of(alert.source, alert.fingerprint)
        row = next((row for row in rows if start in row.fired), None)
        known_end = row.fired[start] if row is not None else None
        if row is not None and (end is None or (known_end is not None and known_end >= end)):
            self._name(row)
            return
        fired_before = row is not None
        if row is None:
            row = self._row_for(delivery, alert, route, rest)
        self.rows.tell(row, FIRED, start, end)
        news = self._tell(row, alert)
        if not fired_before:
            news.fired.append(alert)
        if end is not None:
            news.resolved.append(alert)
        news.levels.append(route.levels)

    def _take_end(self, alert: Alert) -> None:
        """Keep when an alert was over, of which the source does not say when it began."""
        assert alert.ends_at is not None
        row = self._newest_row(alert)
        if (CLEARED, alert.ends_at) in row.others:
            self._name(row)
            return
        self.rows.tell(row, CLEARED, alert.ends_at)
        self._tell(row, alert).resolved.append(alert)

    def _take_remark(self, remark: Remark) -> None:
        row = self._newest_row(remark)
        if (remark.what, remark.at) in row.others:
            self._name(row)
            return
        self.rows.tell(row, remark.what, remark.at)
        self._tell(row).remarks.append(remark)

    def _newest_row(self, told: Alert | Remark) -> AlertRow:
        rows = self.rows.of(told.source, told.fingerprint)
        return rows[-1] if rows else self._new_row(told, "", None)

    def _new_row(self, told: Alert | Remark, group_key: str, record_id: int | None) -> AlertRow:
        annotations, generator = (told.annotations, told.generator) if isinstance(told, Alert) else ({}, "")
        return self.rows.add(
            {
                "source": told.source, "fingerprint": told.fingerprint, "group_key": group_key, "record_id": record_id,
                "labels": dict(told.labels), "annotations": dict(annotations), "generator": generator or None,
            }
        )  # fmt: skip

    def _tell(self, row: AlertRow, alert: Alert | None = None) -> News:
        """Return where to say what is new of an alert."""
        ended = alert is not None and alert.ends_at is not None
        for one in self.rows.of(row.source, row.fingerprint) if ended else (row,):  # an end closes what it closes anywhere
            self._changed[one.id] = one
        if alert is not None and alert.instant >= max(row.instants):
            row.labels, row.annotations = dict(alert.labels), dict(alert.annotations or row.annotations)
        if row.record_id is None:
            self.loose += 1
            return News()
        return self._news[self._home(row.record_id).id]

    def _name(self, row: AlertRow) -> None:
        if row.record_id is None:
            self.loose += 1
        else:
            self.named.add(self._home(row.record_id).id)

    # Which incident

    def _row_for(self, delivery: Delivery, alert: Alert, route: Route, rest: Sequence[Told]) -> AlertRow:
        """Return where to keep an alert that fired at an instant nobody told of before; make its incident if it has none."""
        assert alert.starts_at is not None
        key = bounded_group_key(delivery.group_key) if route.grouping == GROUP else ""
        rows = self.rows.of(alert.source, alert.fingerprint)
        ends = rows[0].ends if rows else ()
        span = Interval(alert.starts_at, timeline.end_of(alert.starts_at, alert.ends_at, ends))
        candidates = [row.record_id for row in reversed(rows) if row.record_id is not None][:1]
        newest = self.rows.newest_record_of_group(alert.source, key) if key else None
        candidates += [] if newest is None else [newest]
        for record_id in dict.fromkeys(candidates):
            home = self._home(record_id)
            if self._reaches(home, span):
                return self._row_on(alert, key, home.id)
        together = [one for one in rest if one[1].grouping == GROUP and self._is_new(one[0])] if key else [(alert, route)]
        before = [self._home(record_id) for record_id in candidates]
        previous = next((draft.id for draft in before if draft.extra["done_at"] and draft.extra["done_at"] <= span.start), None)
        return self._row_on(alert, key, self._make(delivery, together, span.start, previous))

    def _is_new(self, alert: Alert) -> bool:
        """Return whether nobody told before that an alert fired then."""
        rows = self.rows.of(alert.source, alert.fingerprint)
        return alert.starts_at is not None and not any(alert.starts_at in row.fired for row in rows)

    def _row_on(self, alert: Alert, key: str, record_id: int) -> AlertRow:
        rows = self.rows.of(alert.source, alert.fingerprint)
        own = [row for row in rows if row.record_id is not None and self._home(row.record_id).id == record_id]
        if own:
            return own[-1]
        waiting = next((row for row in rows if row.record_id is None), None)
        if waiting is None:
            return self._new_row(alert, key, record_id)
        self.rows.attach(waiting, record_id, key)
        return waiting

    def _home(self, record_id: int) -> Draft:
        """Return the incident that goes on with what was told of a record: where it was merged into another, that one."""
        passed: set[int] = set()
        while True:
            draft = self._drafts.get(record_id)
            if draft is None:
                draft = self._drafts[record_id] = store.load(self.unit.connection, self.kind, [record_id], locked=True)[record_id]
            merged = draft.phase is Phase.FINAL and record_id not in passed
            links = {"relation": MERGED_INTO, "id": record_id}
            into = self.unit.connection.execute(rq.LINKED_FROM, links).first() if merged else None
            if into is None:
                return draft
            passed.add(record_id)
            record_id = into.target_id

    def _rows_of(self, record_id: int) -> list[AlertRow]:
        """Return the alerts of an incident and of those that were merged into it."""
        if record_id not in self._merged:
            self._merged[record_id] = merged_into_it(self.unit.connection, record_id)
        return [row for one in self._merged[record_id] for row in self.rows.on(one)]

    def _reaches(self, draft: Draft, span: Interval) -> bool:
        """Return whether an episode belongs to an incident: near enough to its trouble, and not new where it is closed."""
        done_at = draft.extra["done_at"]
        trouble = timeline.trouble(row.episodes for row in self._rows_of(draft.id))
        start = trouble.intervals[0].start if trouble else int(draft.get("occurred_at") or draft.created_at)
        if done_at is None:
            return timeline.in_reach(span, start, NEVER, self.settings.alert_reopen_seconds)
        if draft.phase is Phase.FINAL and (span.end == NEVER or span.start > done_at):
            return False
        told_end = trouble.intervals[-1].end if trouble else NEVER
        end = done_at if told_end == NEVER else max(done_at, told_end)
        return timeline.in_reach(span, start, end, self.settings.alert_reopen_seconds)

    def _make(self, delivery: Delivery, together: Sequence[Told], at: int, previous: int | None) -> int:
        """Make the incident of some alerts, the first of which began at an instant."""
        alerts = [alert for alert, _ in together]
        first, route = together[0]
        place = self.places.find(first.labels, route)
        impact, urgency = worst([route.levels for _, route in together])
        values = {
            "summary": summary_of_all(delivery, alerts), "description": description_of_all(alerts, place.unsure),
            "symptom": one_line(first.labels.get("alertname", ""), 80), "impact": impact, "urgency": urgency,
            "category": route.category, "ci": place.ci, "service": place.service, "team": place.team,
        }  # fmt: skip
        draft = make(self.unit, self.kind, {name: value for name, value in values.items() if value}, at, previous)
        self.created.add(draft.id)
        self._news[draft.id].made = True
        return draft.id

    # What becomes of them

    def _settle(self, left_out: int) -> None:
        """Write what follows from what was told, and bring every incident up to date."""
        for row in self._changed.values():
            self.rows.save(row, self.settings.alert_flap_seconds)
        for record_id, news in sorted(self._news.items()):
            news.left_out = left_out if news.fired or news.resolved else 0
            trouble = timeline.trouble(row.episodes for row in self._rows_of(record_id))
            AlertIncident(self.unit, self.kind, record_id).settle(news, trouble)
            self.updated.add(record_id)
        self.named |= self.updated


def _in_order(told: Told) -> tuple[int, str]:
    """Sort alerts by when they began, so that an incident is made of the first of them."""
    alert = told[0]
    return (alert.starts_at if alert.starts_at is not None else alert.instant), alert.fingerprint
