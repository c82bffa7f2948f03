"""A shift handover on paper: a page of 80 columns, the same as Markdown, and the same as data for scripts.

What people wrote is made visible, never obeyed: the page goes to terminals and printers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from textwrap import TextWrapper
from typing import Any
from zoneinfo import ZoneInfo

from deskterm.cli.plain_text import cut, pad, visible, width
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.service_desk.handover_reading import view
from deskterm.service_desk.handover_schema import HandoverView, Line

PAGE = 80
INDENT = " " * 8
MARKS = {"open": "[ ]", "acknowledged": "[x]", "reassigned": "[>]"}
WORDS = {"handed-over": "handed over", "in-progress": "in progress", "pending_until": "waits until", "due_at": "due"}


@dataclass(frozen=True, slots=True)
class Report:
    """A handover as it is printed."""

    title: str
    text: str
    """Lines of at most 80 cells."""
    markdown: str
    data: Mapping[str, Any]
    """Instants in ISO 8601 UTC, as JSON shows them."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """One for each line, for CSV."""


def render(desk: Desk, number: str) -> Report:
    """Return a handover for reading on paper; instants in the person's own time zone.

    Raises:
        NotFound: there is no handover by that number.
    """
    found = view(desk, number)
    zone = ZoneInfo(desk.actor.tz)
    lines = [_data(line) for line in found.lines]
    columns = tuple(lines[0]) if lines else ("position", "section", "number", "text", "state")
    rows = tuple(tuple("" if value is None else str(value) for value in line.values()) for line in lines)
    return Report(
        f"Shift handover {found.number}",
        "\n".join(_text(found, zone)) + "\n",
        "\n".join(_markdown(found, zone)) + "\n",
        _head_data(found) | {"lines": lines},
        columns,
        rows,
    )


def when(at: int, zone: ZoneInfo) -> str:
    """Return `2026-11-02 15:01`."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"


def details(line: Line, zone: ZoneInfo) -> str:
    """Return what stood of the record when the shift was closed, in one line; empty for a line about none."""
    facts = line.facts
    if not line.number:
        return ""
    said = [
        str(facts.get("assignee") or "nobody has it") if facts.get("priority") else "",
        WORDS.get(*_twice(facts.get("state"))),
    ]
    if facts.get("major"):
        said.append("major incident")
    if facts.get("clock_state") == "breached":
        said.append("breached")
    said += [f"{WORDS[name]} {when(facts[name], zone)}" for name in ("due_at", "pending_until") if facts.get(name)]
    if facts.get("pending_reason"):
        said.append(f"for the {facts['pending_reason']}")
    said += [f"from {when(facts[name], zone)}" for name in ("window_start", "started_at") if facts.get(name)]
    if "unnoted" in facts.get("also", ()):
        said.append("no note in this shift")
    return " · ".join(part for part in said if part)


def _twice(word: object) -> tuple[str, str]:
    text = str(word or "")
    return text, text


def answer(line: Line, zone: ZoneInfo) -> str:
    """Return what the incoming lead did with a line, and what was said on it."""
    if not line.is_answered:
        return f"comment: {line.comment}" if line.comment else ""
    to = f" to {line.receiver}" if line.state == "reassigned" else ""
    at = f", {when(line.answered_at, zone)}" if line.answered_at else ""
    return f"{line.state}{to} by {line.answered_by}{at}" + (f": {line.comment}" if line.comment else "")


def signature(name: str, at: int | None, zone: ZoneInfo) -> str:
    """Return who signed when, or that nobody has."""
    return f"{name or 'nobody yet'}, {f'signed {when(at, zone)}' if at else 'not signed'}"


def _text(found: HandoverView, zone: ZoneInfo) -> Iterator[str]:
    head, right = f"SHIFT HANDOVER {found.number}", WORDS.get(found.state, found.state)
    yield pad(head, PAGE - width(right)) + right
    yield "=" * PAGE
    yield cut(visible(found.name), PAGE)
    yield f"Times in {zone.key}. What was open when the shift was closed: {when(found.frozen_at, zone)}."
    yield f"{found.answered} of {len(found.lines)} lines answered."
    for section, lines in groupby(found.lines, key=lambda line: line.section):
        yield ""
        yield section.heading.upper()
        for line in lines:
            yield from _line_text(line, zone)
    if not found.lines:
        yield from ("", "Nothing was open.")
    yield from ("", "SIGNATURES")
    yield cut(visible(f"  outgoing  {signature(found.outgoing, found.outgoing_signed_at, zone)}"), PAGE)
    yield cut(visible(f"  incoming  {signature(found.incoming, found.incoming_signed_at, zone)}"), PAGE)


def _line_text(line: Line, zone: ZoneInfo) -> Iterator[str]:
    mark = f"{line.position:3} {MARKS.get(line.state, '[ ]')} "
    priority = f"P{line.facts['priority']} " if line.facts.get("priority") else ""
    head = f"{line.number} {priority}" if line.number else ""
    yield from _wrapped(f"{head}{line.text}", mark)
    for part in (details(line, zone), answer(line, zone)):
        if part:
            yield from _wrapped(part, INDENT)


def _wrapped(text: str, first: str) -> Iterator[str]:
    """Yield a text over as many lines as it needs; a single word longer than a line is cut into pieces."""
    wrapper = TextWrapper(PAGE, initial_indent=first, subsequent_indent=INDENT, break_on_hyphens=False)
    for line in wrapper.wrap(visible(text)) or [first.rstrip()]:
        yield cut(line, PAGE)


def _markdown(found: HandoverView, zone: ZoneInfo) -> Iterator[str]:
    yield f"# Shift handover {found.number}"
    yield from ("", _escaped(found.name), "")
    yield f"{WORDS.get(found.state, found.state)}; {found.answered} of {len(found.lines)} lines answered; times in {zone.key}."
    for section, lines in groupby(found.lines, key=lambda line: line.section):
        yield from ("", f"## {section.heading}", "")
        for line in lines:
            mark = " " if line.state == "open" else "x"
            priority = f"P{line.facts['priority']} " if line.facts.get("priority") else ""
            yield f"- [{mark}] {_escaped(f'{line.number} {priority}' if line.number else '')}{_escaped(line.text)}"
            yield from (f"  {_escaped(part)}" for part in (details(line, zone), answer(line, zone)) if part)
    yield from ("", "## Signatures", "")
    yield f"- outgoing: {_escaped(signature(found.outgoing, found.outgoing_signed_at, zone))}"
    yield f"- incoming: {_escaped(signature(found.incoming, found.incoming_signed_at, zone))}"


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>#|!" else character for character in visible(text))


def _head_data(found: HandoverView) -> dict[str, Any]:
    instants = ("starts_at", "ends_at", "next_ends_at", "frozen_at", "outgoing_signed_at", "incoming_signed_at")
    head: dict[str, Any] = {name: getattr(found, name) for name in ("number", "name", "team", "state", "outgoing", "incoming")}
    head |= {name: _iso(getattr(found, name)) for name in instants}
    return head | {"answered": found.answered, "total": len(found.lines)}


def _data(line: Line) -> dict[str, Any]:
    facts = {name: _iso(value) if _is_instant(name) else value for name, value in line.facts.items()}
    return {
        "position": line.position,
        "section": line.section.value,
        "number": line.number,
        "text": line.text,
        "state": line.state,
        "answered_by": line.answered_by or None,
        "answered_at": _iso(line.answered_at),
        "reassigned_to": line.receiver or None,
        "comment": line.comment or None,
        "facts": facts,
    }


def _is_instant(name: str) -> bool:
    return name.endswith(("_at", "_until", "_start"))


def _iso(at: int | None) -> str | None:
    return None if at is None else format_instant(at)
