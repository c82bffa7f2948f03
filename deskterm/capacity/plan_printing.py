"""A capacity plan as Markdown: a frozen one prints as it was frozen, for it is made of its document alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deskterm.exchange.export_markdown import inline

NOTHING = "n/a"
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_HARMLESS = re.compile(r"\\([-+()!])")
"""Escaped by the general export, and harmless where neither a link nor a list can begin."""
_FIGURE = re.compile(r"-?[\d.]+|[A-Z]{3}")


BRIEF = ("resource", "latest", "capacity", "days_left", "order_by", "withheld")
"""What of the forecasts fits a screen."""


def markdown(document: Mapping[str, Any], version: int | None, *, brief: bool = False) -> str:
    """Return a plan's document as Markdown.

    Args:
        document: as `plan_document.build` made it.
        version: under which it was frozen; None as it stands now.
        brief: leave out what does not fit a screen.
    """
    return "\n".join(_lines(document, version, brief=brief)) + "\n"


def _lines(document: Mapping[str, Any], version: int | None, *, brief: bool) -> Iterator[str]:
    state = f"version {version}, frozen" if version else "as it stands now,"
    yield f"# {plain(str(document.get('title') or 'Capacity plan'))}"
    yield ""
    yield f"{document.get('number') or ''} {state} {document['at']}. It looks {document['horizon_days']} days ahead.".strip()
    yield from _text("Scope", document.get("scope"))
    yield from _text("Assumptions", document.get("assumptions"))
    yield from _heading("Management summary")
    yield from _summary(document["summary"])
    yield from _heading("Services")
    yield from _table(document["services"], ("service", "resources", "first_used_up", "exhausted_on"))
    yield from _heading("Business scenarios")
    yield from _scenarios(document["scenarios"], brief=brief)
    yield from _heading("Resources and forecasts")
    names = ("resource", "ci", "unit", "capacity", "latest", "p95", "trend_per_day", "fit", "r2", "days_left", "days_left_low",
             "days_left_high", "exhausted_on", "order_by", "withheld")  # fmt: skip
    yield from _table(document["resources"], BRIEF if brief else names)
    yield from _heading("Options for more capacity")
    wanted = ("resource", "steps", "adds", "unit", "cost", "currency", "order_by", "needed", "until")
    yield from _table(document["options"], wanted[:7] if brief else wanted)
    if document["own_options"]:
        yield ""
        yield from _table(document["own_options"], ("option", "resource", "adds", "cost", "currency", "effect"))
    yield from _heading("Cost")
    totals = document["cost"]["totals"]
    yield from (f"- {amount} {code} for all options" for code, amount in totals.items())
    if document["cost"]["without_cost"]:
        yield f"- {document['cost']['without_cost']} without a cost"
    if not totals and not document["cost"]["without_cost"]:
        yield "No option, no cost."
    yield from _heading("Recommendations")
    told = document["recommendations"]
    yield from (f"- {plain(one)}" for one in told)
    if not told and not document.get("own_recommendations"):
        yield "None."
    if document.get("own_recommendations"):
        yield ""
        yield inline_lines(document["own_recommendations"])
    yield from _heading("Methods")
    yield from (f"- {name}: {how}" for name, how in document["formulas"].items())


def inline_lines(text: str) -> str:
    """Return a text of several lines with nothing in it that Markdown would obey."""
    return "\n".join(plain(line) for line in text.splitlines())


def plain(text: str) -> str:
    """Return a text of one line in which nothing is a link, an emphasis or a cell; dashes and brackets stay as they read."""
    return _HARMLESS.sub(r"\1", inline(text))


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""


def _text(title: str, text: str | None) -> Iterator[str]:
    if text:
        yield from _heading(title)
        yield inline_lines(text)


def _summary(summary: Mapping[str, Any]) -> Iterator[str]:
    words = (
        ("resources", "Resources watched"), ("used_up_already", "Used up already"),
        ("used_up_within_horizon", "Used up within the horizon"), ("order_overdue", "Should have been ordered by now"),
        ("no_forecast", "Without a forecast (the table says why)"), ("critical", "Past the critical threshold"),
        ("warning", "Past the warning"),
    )  # fmt: skip
    yield from (f"- {word}: {summary[name]}" for name, word in words)


def _scenarios(found: Sequence[Mapping[str, Any]], *, brief: bool) -> Iterator[str]:
    if not found:
        yield "None is kept."
    for one in found:
        verb = "shrinks" if one["growth_percent"] < 0 else "grows"
        growth = f"{plain(one['driver'])} {verb} by {abs(one['growth_percent']):g} % in {one['months']} months"
        yield f"### {plain(one['scenario'])}: {growth} ({_cell(one['driver_now'])} to {_cell(one['driver_then'])})"
        yield ""
        names = ("resource", "r2", "now", "then", "low", "high", "capacity", "full_after_months", "short_by", "cost", "withheld")
        short = ("resource", "now", "then", "capacity", "full_after_months", "withheld")
        yield from _table(one["rows"], short if brief else names)
        yield ""


def _table(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    if not rows:
        yield "None."
        return
    yield f"| {' | '.join(name.replace('_', ' ') for name in names)} |"
    yield "|" + " --- |" * len(names)
    yield from (f"| {' | '.join('' if _is_told(row, name) else _cell(row.get(name)) for name in names)} |" for row in rows)


def _is_told(row: Mapping[str, Any], name: str) -> bool:
    """Return whether a cell is empty because nothing is withheld."""
    return name == "withheld" and row.get(name) is None


def _cell(value: Any) -> str:
    """Return a figure or a day as it reads, a text with nothing in it that Markdown would obey."""
    if value is None:
        return NOTHING
    if isinstance(value, int | float):
        return f"{value:.6g}"
    text = str(value)
    return text[:10] if _INSTANT.fullmatch(text) else text if _FIGURE.fullmatch(text) else plain(text)
