"""The pages of a local copy of the plans, as Markdown that reads well without any program. Pure.

What people wrote stands in it as text: controls and bidirectional overrides become `�`, nothing begins a table or a heading.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from deskterm.continuity.call_tree import read_calls
from deskterm.errors import InvalidInput
from deskterm.fields.times import show_duration

NOTHING = "not rated"


def index_page(kept: Mapping[str, Any]) -> str:
    """Return the first page: what there is, and how every service stands."""
    return "\n".join(_index(kept)) + "\n"


def _index(kept: Mapping[str, Any]) -> Iterator[str]:
    yield "# Continuity plans"
    yield ""
    yield f"Copy of {clean(kept['desk'])} as of {kept['at']}. Kept on this machine; needs no database."
    yield ""
    plans = kept["plans"]
    rows = [
        (one["number"], one["name"], f"{one['state']} v{one['version']}", _length(one["planned_seconds"]), one["owner"] or "")
        for one in plans
    ]  # fmt: skip
    yield from table(("Plan", "Name", "State", "Takes", "Owner"), rows) if rows else ["There is no plan yet."]
    yield ""
    yield "## Services, the most urgent first"
    yield ""
    services = [
        (
            one["service"],
            _length(one["rto_seconds"]),
            _length(one["rpo_seconds"]),
            _length(one["mtpd_seconds"]),
            one["plan"] or "none",
        )
        for one in kept["services"]
    ]
    yield from table(("Service", "RTO", "RPO", "MTPD", "Plan"), services) if services else ["No service is rated yet."]


def plan_page(plan: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
    """Return the page of one plan."""
    return "\n".join(_plan(plan, kept)) + "\n"


def _plan(plan: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {clean(plan['number'])} {clean(plan['name'])}"
    yield ""
    yield f"Version {plan['version']}, {plan['state']}. Copy as of {kept['at']}."
    yield ""
    facts = (
        ("Brings back", ", ".join(plan["services"])), ("Recovers besides", ", ".join(plan["cis"])),
        ("Strategy", plan["strategy"]), ("RTO", _length(plan["rto_seconds"])), ("RPO", _length(plan["rpo_seconds"])),
        ("Takes as planned", _length(plan["planned_seconds"])),
        ("Critical path", " → ".join(plan["critical_path"])), ("Owner", plan["owner"]), ("Deputy", plan["deputy"]),
        ("Recovery site", plan["site"]),
    )  # fmt: skip
    for name, value in facts:
        if value:
            yield f"- {name}: {clean(value)}"
    for title, text in (("Invoked when", plan["trigger"]), ("Scope", plan["description"])):
        if text:
            yield from ("", f"## {title}", "", *_lines(text))
    if plan["call_tree"]:
        yield from ("", "## Who calls whom", "")
        yield from _calls(plan["call_tree"])
    yield from ("", "## Steps", "")
    if not plan["steps"]:
        yield "None."
    for place, step in enumerate(plan["steps"], 1):
        yield from _step(place, step)


def _calls(text: str) -> Iterator[str]:
    try:
        calls = read_calls(text)
    except InvalidInput:  # written past the rules; it is readable all the same
        yield from _lines(text)
        return
    for one in calls:
        told = ", ".join(part for part in (one.role, one.phone) if part)
        yield f"{'  ' * one.depth}- {clean(one.name)}{f' ({clean(told)})' if told else ''}"


def _step(place: int, step: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {place}. {clean(step['name'])} ({clean(step['number'])})"
    yield ""
    mark = ", on the critical path" if step["critical"] else ""
    yield f"- Takes {_length(step['seconds'])}, done {_length(step['ends_seconds'])} after the start at the earliest{mark}"
    for name, value in (("Role", step["role"]), ("Waits for", ", ".join(step["after"])), ("On", step["ci"])):
        if value:
            yield f"- {name}: {clean(value)}"
    if step["instructions"]:
        yield from ("", *_lines(step["instructions"]))
    yield ""


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table, its columns as wide as what stands in them."""
    shown = [[clean(str(cell)).replace("|", "/") for cell in row] for row in (header, *rows)]
    widths = [max(len(row[place]) for row in shown) for place in range(len(header))]
    for place, row in enumerate(shown):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        if place == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def clean(text: object) -> str:
    """Return a text on one line in which nothing is obeyed."""
    plain = " ".join(str(text).split())
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in plain)


def _lines(text: str) -> Iterator[str]:
    """Yield a text of several lines, each of them text: what would begin a heading, a list or a table stands behind a blank."""
    for line in text.splitlines():
        shown = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\t" else c for c in line)
        yield f"    {shown}" if shown.strip() else ""


def _length(seconds: int | None) -> str:
    return NOTHING if seconds is None else show_duration(seconds)
