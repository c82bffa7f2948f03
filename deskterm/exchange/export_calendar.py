"""Records that begin and end as an iCalendar file (RFC 5545): an event keeps its UID, and its SEQUENCE is the version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import deskterm
from deskterm.errors import InvalidInput
from deskterm.exchange.exporting import Exported, Records, Sink
from deskterm.kinds import Kind

SPANS = (("window_start", "window_end"), ("starts_at", "ends_at"), ("started_at", "ended_at"))
"""Pairs of fields between which something happens; a kind's first pair counts."""
OCTETS = 75
"""Longest line, without its end."""
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def write(kind: Kind, records: Records, out: Sink) -> None:
    """Write records as a calendar; those without a beginning stand in none.

    Raises:
        InvalidInput: nothing of this kind begins and ends.
    """
    pair = next((pair for pair in SPANS if all(name in kind.all_fields for name in pair)), None)
    if pair is None:
        raise InvalidInput(
            f"{kind.one} does not begin and end, so it stands in no calendar; export it as csv, jsonl or md",
            fields={"format": "not for this kind"},
        )
    for line in ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//DeskTerm//{deskterm.__version__}//EN", "CALSCALE:GREGORIAN"):
        out.write(fold(line))
    for one in records:
        start, end = (one.stored.get(name) for name in pair)
        if start is not None:
            for line in _event(one, start, end):
                out.write(fold(line))
    out.write(fold("END:VCALENDAR"))


def _event(one: Exported, start: int, end: int | None) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    # Numbers repeat from desk to desk; with the second in which the record was made they do not.
    yield f"UID:{escape(one.number)}-{one.created_at}@deskterm"
    yield f"SEQUENCE:{one.version - 1}"
    yield f"DTSTAMP:{_stamp(one.updated_at)}"
    yield f"LAST-MODIFIED:{_stamp(one.updated_at)}"
    yield f"DTSTART:{_stamp(start)}"
    if end is not None and end > start:
        yield f"DTEND:{_stamp(end)}"
    yield f"SUMMARY:{escape(f'{one.number} {one.title}')}"
    text = _description(one)
    if text:
        yield f"DESCRIPTION:{escape(text)}"
    yield f"CATEGORIES:{escape(one.kind.title)}"
    yield f"STATUS:{_status(one.state)}"
    yield "END:VEVENT"


def _status(state: str) -> str:
    if state in ("cancelled", "rejected", "retired", "void"):
        return "CANCELLED"
    return "TENTATIVE" if state in ("draft", "submitted", "assessing") else "CONFIRMED"


def _description(one: Exported) -> str:
    parts: list[tuple[str, Any]] = [("State", one.state)]
    parts += [(one.kind.all_fields[n].title, one.values.get(n)) for n in ("team", "service", "description", "body")
              if n in one.kind.all_fields]  # fmt: skip
    return "\n".join(f"{label}: {value}" for label, value in parts if value)


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    """Return a text as a value: commas, semicolons, backslashes and line ends escaped, other controls left out."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """Return a content line as it stands in the file: at most 75 octets, continued after CRLF and a blank."""
    parts, used = [], 0
    for character in line:
        size = len(character.encode())
        if used + size > OCTETS:
            parts.append("\r\n ")
            used = 1
        parts.append(character)
        used += size
    return "".join(parts) + "\r\n"
