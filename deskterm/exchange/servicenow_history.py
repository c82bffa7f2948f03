"""From the rows of one incident to its history on the desk: the record as it is now, and the journal of how it came to be so.

The journal obeys the workflow. A step that the log leaves out because nobody saved in between (resumed before waiting for
somebody else, resolved before closed) is filled in at the same instant. Time never runs backwards: an update that carries an
earlier time than the one before it is journalled at that one's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deskterm.exchange.servicenow_rows import LogRow
from deskterm.journal import Entry, What
from deskterm.workflow import Phase, Workflow

OVER = ("resolved", "closed")
_ANSWERED = ("in-progress", "resolved", "closed")
"""States that a caller cannot be in without having been answered; waiting for the caller is another."""

LINKS = ("problem", "change", "caused_by", "ci", "vendor")
"""Once known these stay: the log's `?` is "unknown", not "none", and the incident was about them all the same."""

PriorityOf = Callable[[int, int], int | None]
"""The desk's own priority of an impact and an urgency."""


@dataclass(slots=True)
class History:
    """An incident while its rows are read, one after the other."""

    record_id: int
    workflow: Workflow
    priority_of: PriorityOf
    created_at: int
    values: dict[str, Any]
    """Every field as it is now."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Every field as it was when the incident was opened."""
    state: str = ""
    version: int = 1
    at: int = 0
    """When the newest journal entry happened."""
    updated_at: int = 0
    open_since: int | None = None
    done_at: int | None = None
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def begin(
        cls, record_id: int, workflow: Workflow, priority_of: PriorityOf, defaults: Mapping[str, Any], row: LogRow
    ) -> History:
        """Open the incident: its first row says what was known of it, and whatever its state there, it began as new."""
        at = row.opened_at
        history = cls(record_id, workflow, priority_of, at, {**defaults, "occurred_at": at, "summary": summary_of(row)})
        history.state, history.at, history.updated_at, history.open_since = workflow.initial, at, at, at
        history.values |= history._completed(row.values)
        history.facts = {**history.values}
        history.update(row)
        return history

    def update(self, row: LogRow) -> None:
        """Apply one row: what it changed becomes one version of the record."""
        state, waits_for = (row.state, row.waits_for) if row.state else (self.state, self.values.get("pending_reason") or "")
        values = self._completed(row.values)
        at = max(row.at, self.at)
        self.updated_at = max(self.updated_at, row.at)
        if state != "pending":
            waits_for = ""
        values["pending_reason"] = waits_for or None
        if self.values.get("first_response_at") is None and (state in _ANSWERED or waits_for == "caller"):
            values["first_response_at"] = at
        if state not in OVER:
            values["resolved_at"] = None
        elif _is_final(row, at):
            values["resolved_at"], values["code"] = row.resolved_at, row.code
        changed = {name: value for name, value in values.items() if value != self.values.get(name)}
        path = self._path(state, waits_for)
        if not changed and not path:
            return
        self.at, self.version = at, self.version + 1
        for name, value in changed.items():
            self._append(row.actor, What.FIELD, name, self.values.get(name), value)
        self.values |= changed
        resolver = row.resolved_by if row.resolved_by and row.resolved_at == at else row.actor
        for step in path:
            reason = f"waiting for {waits_for}" if step == "pending" else None
            self._append(resolver if step == "resolved" else row.actor, What.STATE, "state", self.state, step, reason)
            self._enter(step)

    def _completed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Complete a row's values: links that are known stay, and a priority that the desk's matrix would not give says why."""
        kept = {name: self.values[name] for name in LINKS if values[name] is None and self.values.get(name) is not None}
        own = self.priority_of(values["impact"], values["urgency"])
        reason = None if values["priority"] == own else "as it was in the imported log"
        return {**values, **kept, "priority_reason": reason}

    def _path(self, state: str, waits_for: str) -> Sequence[str]:
        """Return the states on the way from the present one, the last included; none where nothing moves."""
        same = state == self.state and waits_for == (self.values.get("pending_reason") or "")
        if same:
            return ()
        if state == "pending" and self.state in ("pending", *OVER):
            return ("in-progress", state)
        if state == "closed" and self.state != "resolved":
            return ("resolved", state)
        return (state,)

    def _enter(self, state: str) -> None:
        open_now = self.workflow.phase(state) in (Phase.ACTIVE, Phase.WAITING)
        self.state = state
        if open_now:
            self.open_since, self.done_at = self.open_since if self.open_since is not None else self.created_at, None
        elif self.done_at is None:
            self.open_since, self.done_at = None, self.at

    def _append(self, actor: str, what: What, name: str, old: Any, new: Any, text: str | None = None) -> None:
        self.entries.append(Entry(self.record_id, self.version, what, name, old, new, text, at=self.at, actor=actor))


def _is_final(row: LogRow, at: int) -> bool:
    """Return whether a row of what is over is late enough for the look-ahead columns to be true of it."""
    final_at = row.resolved_at if row.resolved_at is not None else row.closed_at
    return at >= final_at if final_at is not None else row.state == "closed"


def summary_of(row: LogRow) -> str:
    """Return one line that says what an incident is about; the log has no text of its own."""
    parts = [row.values[name] for name in ("symptom", "category", "subcategory") if row.values[name]]
    return ", ".join(parts) or "Incident of unknown category"
