"""What is said of a problem beside its list and in its record: causes as an outline, incidents, cost, what is offered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.fields import show_duration
from screens.scrolled_lines import Line, wrapped
from screens.when import short
from widgets.line_bar import Piece
from widgets.safe_text import fit, visible

if TYPE_CHECKING:
    from deskterm.problem.schema import Dossier, IncidentLine, WhyLine
    from deskterm.records.schema import RecordView

VERDICTS = {"open": ("?", "?", "muted"), "confirmed": ("✓", "+", "good"), "rejected": ("✖", "x", "muted")}
"""Glyph of a verdict, that in ASCII, and its style; the outline screen says the word as well."""
LABEL = 13


def why_text(line: WhyLine, *, ascii_only: bool) -> tuple[str, str]:
    """Return an answer as it is read in the outline, indented, with its verdict; and the style."""
    glyph, plain, style = VERDICTS[line.verdict]
    return (
        f"{'  ' * line.depth}{line.number} {plain if ascii_only else glyph} {line.text}",
        style if line.verdict != "open" else "",
    )


def outline_lines(whys: Sequence[WhyLine], width: int, *, ascii_only: bool) -> list[Line]:
    """Return the outline of causes."""
    lines: list[Line] = []
    for line in whys:
        text, style = why_text(line, ascii_only=ascii_only)
        lines.append([Piece(f" {visible(text, max(8, width - 2), ascii_only=ascii_only)}", style)])
    return lines


def incident_lines(incidents: Sequence[IncidentLine], now: int, tz: str, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the incidents of a problem, a line each."""
    lines: list[Line] = []
    for one in incidents:
        head = f" {fit(visible(one.number, 12), 10)} {fit(one.state.replace('-', ' '), 11)} "
        when = f"{short(one.began_at, now, tz)} "
        room = max(6, width - len(head) - len(when) - 1)
        title = visible(one.title, room, ascii_only=ascii_only)
        lines.append([Piece(head, "" if one.is_open else "muted"), Piece(when, "muted"), Piece(title)])
    return lines


def cost_words(found: Dossier) -> str:
    """Return what a problem has cost beside what mending it takes."""
    spent = found.cost
    fix = "n/a" if spent.fix_known_seconds is None else f"takes {show_duration(spent.fix_known_seconds)}"
    if spent.fix_spent_seconds is not None:
        fix += f", {show_duration(spent.fix_spent_seconds)} worked"
    return (
        f"{spent.incidents} incidents, handling {show_duration(spent.handling_seconds)}, "
        f"down {show_duration(spent.downtime_seconds)}; the fix {fix}"
    )


def offers(view: RecordView, found: Dossier) -> list[tuple[str, str]]:
    """Return what the person may want to do now, the most pressing first, each with its style."""
    said: list[tuple[str, str]] = []
    if found.recurred_at is not None:
        said.append(("it came back after it was resolved: s reopens it, or says why it is not the same", "risk"))
    if view.state in ("resolved", "closed") and found.open_count:
        said.append((f"{_count(found.open_count, 'incident')} still open: i resolves them with it", "soon"))
    if view.values.get("workaround") and found.open_count and not view.values.get("published_at"):
        said.append((f"the workaround is not published: w posts it on {_count(found.open_count, 'open incident')}", "soon"))
    return said


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def problem_detail(view: RecordView, found: Dossier, now: int, tz: str, width: int, *, ascii_only: bool) -> list[Line]:
    """Return a problem as the pane below the list shows it: what is offered, error control, causes, incidents, cost."""
    dot = " - " if ascii_only else " · "
    lines: list[Line] = [[Piece(f" {visible(view.number, 14)} ", "accent"), Piece(visible(view.title, width - 14), "strong")]]
    lines += [[Piece(f" {visible(text, width - 2, ascii_only=ascii_only)}", style)] for text, style in offers(view, found)]
    known = f"{found.known_error} ({found.error_state.replace('-', ' ')})" if found.known_error else "not known yet"
    lines += _row("known error", known, width, ascii_only)
    for name, label in (
        ("root_cause", "root cause"),
        ("workaround", "workaround"),
        ("solution", "solution"),
        ("risk_reason", "risk"),
    ):
        if view.values.get(name):
            lines += _row(label, str(view.values[name]), width, ascii_only)
    change = view.values.get("change")
    if change is not None and change in view.names:
        lines += _row("change", f"{view.names[change].number} {view.names[change].title}", width, ascii_only)
    posted = f"{dot}workaround posted {found.posts} times" if found.posts else ""
    lines += _row("cost", cost_words(found) + posted, width, ascii_only)
    if found.whys:
        lines.append([Piece(" why", "accent")])
        lines += outline_lines(found.whys, width, ascii_only=ascii_only)
    if found.incidents:
        lines.append([Piece(f" {_count(found.incident_count, 'incident')}, {found.open_count} open", "accent")])
        lines += incident_lines(found.incidents, now, tz, width, ascii_only=ascii_only)
    return lines


def error_detail(view: RecordView, width: int, *, ascii_only: bool) -> list[Line]:
    """Return a known error as the pane shows it."""
    lines: list[Line] = [[Piece(f" {visible(view.number, 14)} ", "accent"), Piece(visible(view.title, width - 14), "strong")]]
    for name in ("symptom", "cause", "workaround"):
        if view.values.get(name):
            lines += _row(name, str(view.values[name]), width, ascii_only)
    cis = ", ".join(view.names[key].title for key in view.values.get("cis") or () if key in view.names)
    for label, text in (("affected CIs", cis), ("versions", ", ".join(view.values.get("versions") or ()))):
        if text:
            lines += _row(label, text, width, ascii_only)
    problem = view.values.get("problem")
    if problem is not None and problem in view.names:
        lines += _row("problem", f"{view.names[problem].number} {view.names[problem].title}", width, ascii_only)
    return lines


def candidate_detail(view: RecordView, width: int, *, ascii_only: bool) -> list[Line]:
    """Return a candidate as the pane shows it: why it is one, and its incidents."""
    lines: list[Line] = [[Piece(f" {visible(view.number, 14)} ", "accent"), Piece(visible(view.title, width - 14), "strong")]]
    lines += _row("why", str(view.values.get("why") or ""), width, ascii_only)
    if view.values.get("reason"):
        lines += _row("dismissed", str(view.values["reason"]), width, ascii_only)
    named = [view.names[key] for key in view.values.get("incidents") or () if key in view.names]
    lines.append([Piece(f" {_count(len(named), 'incident')}", "accent")])
    for one in named:
        title = visible(one.title, max(8, width - 14), ascii_only=ascii_only)
        lines.append([Piece(f" {fit(visible(one.number, 12), 10)} "), Piece(title, "muted")])
    return lines


def _row(label: str, text: str, width: int, ascii_only: bool) -> list[Line]:
    rows = wrapped(text, max(10, width - LABEL - 3), most=4, ascii_only=ascii_only)
    head = Piece(f" {fit(label, LABEL, 'right', ascii_only=ascii_only)}  ", "muted")
    return [[head if place == 0 else Piece(" " * (LABEL + 3)), Piece(row)] for place, row in enumerate(rows)]


def fact_sections(found: Dossier | None, now: int, tz: str, width: int, *, ascii_only: bool) -> list[tuple[str, list[Line]]]:
    """Return the sections that a problem's record shows besides its fields: title, lines."""
    if found is None:
        return []
    sections = []
    if found.whys:
        sections.append(("Why", outline_lines(found.whys, width, ascii_only=ascii_only)))
    if found.incidents:
        title = f"{_count(found.incident_count, 'incident')}, {found.open_count} open"
        sections.append((title, incident_lines(found.incidents, now, tz, width, ascii_only=ascii_only)))
        cost = [[Piece(f" {row}", "muted")] for row in wrapped(cost_words(found), width - 2, most=4, ascii_only=ascii_only)]
        sections.append(("Cost", cost))
    return sections
