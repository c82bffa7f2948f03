"""Rows of a ServiceNow incident event log: what each column means here. What follows from the rows is left to the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import field_validator

from data.vocab import Channel, PendingReason
from deskterm.civil_time import instant_of, zone_named
from deskterm.exchange.faults import Faults, brief
from deskterm.exchange.mapping import Rules, ZoneName
from deskterm.fields import Text
from deskterm.incident.workflow import STATES as WORKFLOW_STATES

T = TypeVar("T")

KEEP = "keep"
"""Instead of a state: the row says nothing about it, so that the one before goes on."""

STATES = {
    "New": "new",
    "Active": "in-progress",
    "Awaiting User Info": "pending caller",
    "Awaiting Evidence": "pending caller",
    "Awaiting Vendor": "pending supplier",
    "Awaiting Problem": "pending problem",
    "Awaiting Change": "pending change",
    "Resolved": "resolved",
    "Closed": "closed",
    "Canceled": "cancelled",
    "Cancelled": "cancelled",
    "-100": KEEP,
}
"""ServiceNow's words. `-100` stands where it had no word itself (twice in the published log, between New and Resolved)."""

CHANNELS = {
    "Phone": Channel.PHONE, "IVR": Channel.PHONE, "Email": Channel.MAIL, "Self service": Channel.PORTAL,
    "Direct opening": Channel.WALK_IN, "Walk-in": Channel.WALK_IN, "Chat": Channel.CHAT, "Monitoring": Channel.MONITORING,
}  # fmt: skip

SLA_MISSED = "sla-missed-at-source"
"""The tag of an incident that ServiceNow's own clock judged late: to compare with ours, never taken for ours."""

UNKNOWN = "?"
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?")
_LEVEL = re.compile(r"(\d) - \w[\w ]*")
_NUMBER = re.compile(r"[A-Z]{2,10}\d{1,12}")
_REMEMBERED = 50_000


class LogRules(Rules):
    """What a mapping may say about a log."""

    zone: ZoneName = "UTC"
    """In which IANA zone its times are; the log does not say."""
    states: dict[str, str] = {}
    """Further words for states, or other meanings of known ones: `new`, `pending supplier`, `keep`."""

    @field_validator("states")
    @classmethod
    def _states_exist(cls, value: dict[str, str]) -> dict[str, str]:
        known = [KEEP, *(state.name for state in WORKFLOW_STATES if state.name != "pending")]
        known += [f"pending {reason}" for reason in PendingReason]
        strange = [word for word in value.values() if word not in known]
        if strange:
            raise ValueError(f"names {brief(strange[0])}, which is none of {', '.join(known)}")
        return value


@dataclass(slots=True)
class LogRow:
    """One row: what was true of an incident after one update."""

    line: int
    at: int
    actor: str
    state: str
    """A state of the workflow; empty where the row says nothing about it."""
    waits_for: str
    """A pending reason; empty in any other state."""
    values: dict[str, Any]
    """By field of the incident; references as names."""
    opened_at: int
    opened_by: str | None
    resolved_at: int | None
    """Look-ahead: the final value, whatever the row's own time."""
    resolved_by: str | None
    """Look-ahead, too."""
    closed_at: int | None
    """Look-ahead, too."""
    code: str | None
    """Look-ahead, too."""


class _Memo(dict[str, T], Generic[T]):
    """What a column's texts mean, each read once."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: str) -> T:
        value = self._read(raw)
        if len(self) < _REMEMBERED:
            self[raw] = value
        return value


def _text(limit: int) -> Callable[[str], str | None]:
    shape = Text(limit)

    def read(raw: str) -> str | None:
        return (shape.parse(raw) or None) if raw != UNKNOWN else None

    return read


def _count(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 7):
        raise ValueError(f"must be a whole number, not {brief(raw)}")
    return int(raw)


def _level(highest: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        match = _LEVEL.fullmatch(raw)
        if match is None or not 1 <= int(match[1]) <= highest:
            raise ValueError(f"must be a level such as 2 - Medium, from 1 to {highest}, not {brief(raw)}")
        return int(match[1])

    return read


def _flag(raw: str) -> bool:
    if raw not in ("true", "false"):
        raise ValueError(f"must be true or false, not {brief(raw)}")
    return raw == "true"


def _channel(raw: str) -> str | None:
    if raw not in CHANNELS and raw != UNKNOWN:
        raise ValueError(f"{brief(raw)} is not a known way of contact; there are {', '.join(CHANNELS)}")
    return None if raw == UNKNOWN else CHANNELS[raw].value


def _number(raw: str) -> str:
    if not _NUMBER.fullmatch(raw):
        raise ValueError(f"must be a number such as INC0000045, not {brief(raw)}")
    return raw


def _instant(zone: ZoneInfo, now: int) -> Callable[[str], int | None]:
    def read(raw: str) -> int | None:
        if raw == UNKNOWN:
            return None
        match = _DATE.fullmatch(raw)
        if match is None:
            raise ValueError(f"must be a time such as 29/2/2016 01:16, day first, not {brief(raw)}")
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            at = instant_of(datetime(year, month, day, hour, minute, second), zone)  # noqa: DTZ001 - the zone is applied
        except ValueError:
            raise ValueError(f"{brief(raw)} is no time of any day") from None
        if at > now:
            raise ValueError(f"{brief(raw)} lies in the future")
        return at

    return read


def _present(read: Callable[[str], int | None]) -> Callable[[str], int]:
    def required(raw: str) -> int:
        at = read(raw)
        if at is None:
            raise ValueError("is unknown, and nothing can be told without it")
        return at

    return required


def _state(meanings: dict[str, str]) -> Callable[[str], tuple[str, str]]:
    def read(raw: str) -> tuple[str, str]:
        meaning = meanings.get(raw)
        if meaning is None:
            raise ValueError(f"{brief(raw)} is not a known state; a mapping can say what it means, under [states]")
        state, _, waits_for = meaning.partition(" ")
        return ("", "") if state == KEEP else (state, waits_for)

    return read


class RowReader:
    """Reads rows under one heading. Made once per file."""

    def __init__(self, rules: LogRules, now: int) -> None:
        instant = _instant(zone_named(rules.zone), now)
        self.shapes: dict[str, _Memo[Any]] = {
            "number": _Memo(_number),
            "incident_state": _Memo(_state({**STATES, **rules.states})),
            "sys_updated_at": _Memo(_present(instant)),
            "sys_updated_by": _Memo(_text(80)),
            "opened_at": _Memo(_present(instant)),
            "opened_by": _Memo(_text(80)),
            "resolved_at": _Memo(instant),
            "resolved_by": _Memo(_text(80)),
            "closed_at": _Memo(instant),
            "closed_code": _Memo(_text(80)),
            "made_sla": _Memo(_flag),
            **{column: _Memo(read) for column, (_, read) in _FIELDS.items()},
        }
        self._places: list[tuple[str, int, _Memo[Any]]] = []
        self.columns: list[str] = []

    def heading(self, cells: Sequence[str], faults: Faults) -> None:
        """Take the first row; columns may come in any order, further ones are not looked at."""
        self.columns = list(cells)
        for column in self.shapes:
            if cells.count(column) != 1:
                faults.add(1, column, "is missing in the heading" if column not in cells else "stands in the heading twice")
            else:
                self._places.append((column, self.columns.index(column), self.shapes[column]))

    def read(self, line: int, cells: Sequence[str], faults: Faults) -> tuple[str, LogRow] | None:
        """Return the incident's number and the row; None where it is bad, with every bad cell noted."""
        if len(cells) != len(self.columns):
            short = "is cut short: it" if len(cells) < len(self.columns) else "is garbled: it"
            faults.add(line, "", f"{short} has {len(cells)} of {len(self.columns)} columns")
            return None
        found: dict[str, Any] = {}
        for column, place, memo in self._places:
            try:
                found[column] = memo[cells[place]]
            except ValueError as problem:
                faults.add(line, column, str(problem))
        if len(found) < len(self._places):
            return None
        return found["number"], _row(line, found)


_FIELDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "caller_id": ("requester", _text(160)),
    "contact_type": ("channel", _channel),
    "location": ("location", _text(120)),
    "category": ("category", _text(80)),
    "subcategory": ("subcategory", _text(80)),
    "u_symptom": ("symptom", _text(80)),
    "cmdb_ci": ("ci", _text(160)),
    "impact": ("impact", _level(3)),
    "urgency": ("urgency", _level(3)),
    "priority": ("priority", _level(9)),
    "assignment_group": ("team", _text(120)),
    "assigned_to": ("assignee", _text(80)),
    "problem_id": ("problem", _text(80)),
    "rfc": ("change", _text(80)),
    "caused_by": ("caused_by", _text(80)),
    "vendor": ("vendor", _text(80)),
    "reassignment_count": ("reassignments", _count),
    "reopen_count": ("reopens", _count),
}
"""Column to field of the incident, and how the column's texts are read."""


def _row(line: int, found: dict[str, Any]) -> LogRow:
    state, waits_for = found["incident_state"]
    values = {name: found[column] for column, (name, _) in _FIELDS.items()}
    values["tags"] = [] if found["made_sla"] else [SLA_MISSED]
    return LogRow(
        line, found["sys_updated_at"], found["sys_updated_by"] or "unknown", state, waits_for, values, found["opened_at"],
        found["opened_by"], found["resolved_at"], found["resolved_by"], found["closed_at"], found["closed_code"],
    )  # fmt: skip
