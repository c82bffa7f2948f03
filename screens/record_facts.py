"""The facts of a record in two columns of words: its fields by section, its links, what is like it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.fields import Instant, Scale
from deskterm.records.schema import WATCHES
from screens import wording
from screens.problem_lines import fact_sections
from screens.scrolled_lines import Line, wrapped
from widgets.line_bar import Piece
from widgets.safe_text import fit, visible

if TYPE_CHECKING:
    from deskterm.change.suspects import Suspect
    from deskterm.configuration.schema import EffectLine
    from deskterm.kinds import Kind
    from deskterm.records.schema import Row
    from deskterm.service_desk.glance import Glance

LABEL = 15
SIMILAR = "similar"
MOST_AFFECTED = 5
"""Services listed that the failure of a CI reaches; those that break come first."""
TOLD_ELSEWHERE = frozenset(
    {"summary", "description", "state", "number", "version", "due_at", "clock_state", "priority", "title", "open_since"}
    | {"digest", "risk_basis", "content", "approved_content", "approval_round"}
)
"""What the header and the conversation say already, and what is explained by `=`."""
USUAL = (("contacts", 1), ("affected", 1), ("reopens", 0), ("reassignments", 0))
"""What says nothing, because it is so nearly always."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is shown, and how."""

    seen: Glance
    kind: Kind
    now: int
    tz: str
    ascii_only: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A record that this one leads to."""

    number: str
    title: str
    how: str
    state: str


def related(seen: Glance) -> tuple[Related, ...]:
    """Return the linked and the similar records, each once."""
    found: dict[str, Related] = {}
    for link in seen.view.links:
        if link.valid_until is None and link.relation != WATCHES:
            how = f"{link.relation} (from there)" if link.inverse else link.relation
            found.setdefault(link.number, Related(link.number, link.title, how.replace("-", " "), link.state))
    for one in seen.dossier.incidents if seen.dossier is not None else ():
        found.setdefault(one.number, Related(one.number, one.title, "incident", one.state))
    for row in seen.similar:
        found.setdefault(row.number, Related(row.number, row.title, f"{SIMILAR}: {row.why}", row.state))
    return tuple(found.values())


def fact_lines(facts: Facts, width: int) -> list[Line]:
    """Return the lines at a width."""
    lines: list[Line] = []
    sections: dict[str, list[tuple[str, str, str]]] = {}
    for name, label, value, style in _values(facts):
        sections.setdefault(facts.kind.all_fields[name].section or "More", []).append((label, value, style))
    for section, rows in sections.items():
        lines.append(_heading(section, width, facts.ascii_only))
        for label, value, style in rows:
            lines += _row(label, value, style, width, facts.ascii_only)
    for title, rows_ in fact_sections(facts.seen.dossier, facts.now, facts.tz, width, ascii_only=facts.ascii_only):
        lines += [_heading(title, width, facts.ascii_only), *rows_]
    for title, told in facts.seen.sections:
        lines.append(_heading(title, width, facts.ascii_only))
        for text, style in told:
            lines += [[Piece(f" {row}", style)] for row in wrapped(text, max(8, width - 2), most=3, ascii_only=facts.ascii_only)]
    if facts.seen.steps:
        lines.append(_heading("Work orders", width, facts.ascii_only))
        for step in facts.seen.steps:
            lines += _step(step, facts, width)
    if facts.seen.affected:
        lines.append(_heading("Impact", width, facts.ascii_only))
        for effect in facts.seen.affected[:MOST_AFFECTED]:
            lines += _effect(effect, width, facts.ascii_only)
        if (more := len(facts.seen.affected) - MOST_AFFECTED) > 0:
            lines.append([Piece(f"   and {more} more", "muted")])
    if facts.seen.suspects:
        lines.append(_heading("Changed lately", width, facts.ascii_only))
        for suspect in facts.seen.suspects:
            lines += _suspect(suspect, facts, width)
    others = related(facts.seen)
    alike = [one for one in others if one.how.startswith(SIMILAR)]
    linked = [one for one in others if one not in alike and one.how != "incident"]
    for title, some in (("Links", linked), ("Similar", alike)):
        if some:
            lines.append(_heading(title, width, facts.ascii_only))
            for one in some:
                lines += _other(one, width, facts.ascii_only, one.how.removeprefix(f"{SIMILAR}: "))
    return lines


def _values(facts: Facts) -> Sequence[tuple[str, str, str, str]]:
    """Return name, label, text and style of every field that says something."""
    view, found = facts.seen.view, []
    for name, item in facts.kind.all_fields.items():
        value = view.values.get(name, view.extra.get(name))
        if name in TOLD_ELSEWHERE or value in (None, "", [], {}, False) or (name, value) in USUAL:
            continue
        label = item.title
        if isinstance(item.type, Instant):
            text, label = wording.instant_text(value, facts.now, facts.tz), label.removesuffix(" at")
        elif isinstance(item.type, Scale):
            text = wording.value_text(value, item, facts.now, facts.tz)
        else:
            text = item.type.show(value, view.names)
        style = ""
        if name == "requester" and facts.seen.vip:
            text, style = f"{text} · VIP · {facts.seen.caller_words}", "strong"
        elif name == "requester" and facts.seen.caller_open:
            text = f"{text} · {facts.seen.caller_words}"
        found.append((name, label, text, style))
    return found


def _heading(text: str, width: int, ascii_only: bool) -> Line:
    rule = "-" if ascii_only else "─"
    return [Piece(f" {text} ", "accent"), Piece(rule * max(0, width - len(text) - 3), "muted")]


def _row(label: str, value: str, style: str, width: int, ascii_only: bool) -> list[Line]:
    rows = wrapped(value, width - LABEL - 2, most=6, ascii_only=ascii_only)
    head = Piece(f"{fit(label, LABEL, 'right', ascii_only=ascii_only)}  ", "muted")
    return [[head if place == 0 else Piece(" " * (LABEL + 2)), Piece(row, style)] for place, row in enumerate(rows)]


def _other(one: Related, width: int, ascii_only: bool, how: str) -> list[Line]:
    head = [
        Piece(f" {visible(one.number, 14)} ", "strong"),
        Piece(visible(f"{how} · {one.state}", max(8, width - len(one.number) - 3)), "muted"),
    ]
    return [head, [Piece(f"   {visible(one.title, max(8, width - 4), ascii_only=ascii_only)}")]]


def _step(one: Row, facts: Facts, width: int) -> list[Line]:
    """Return a work order of a change: which, how it stands, who does it when."""
    start = one.values.get("planned_start")
    when = wording.instant_text(start, facts.now, facts.tz) if isinstance(start, int) else ""
    told = " · ".join(part for part in (one.state.replace("-", " "), one.shown.get("assignee", ""), when) if part)
    room = max(8, width - 4)
    head = [Piece(f" {visible(one.number, 14)} ", "strong"), Piece(visible(told, max(8, width - 12)), "muted")]
    return [head, [Piece(f"   {visible(one.title, room, ascii_only=facts.ascii_only)}")]]


def _effect(one: EffectLine, width: int, ascii_only: bool) -> list[Line]:
    """Return a service that the failure of the CI reaches: what becomes of it, what is left, and through what."""
    words, style = ("breaks", "breach") if one.breaks else ("degraded", "risk")
    told = f"  {words}  {one.redundancy}"
    arrow = " -> " if ascii_only else " → "
    path = arrow.join(node.title for node in one.path)
    return [
        [
            Piece(f" {visible(one.node.title, max(8, width - len(told) - 1), ascii_only=ascii_only)}", "strong"),
            Piece(told, style),
        ],
        [Piece(f"   {visible(path, max(8, width - 4), ascii_only=ascii_only)}", "muted")],
    ]


def _suspect(one: Suspect, facts: Facts, width: int) -> list[Line]:
    """Return a change that may have caused the incident: which, when it ended and how, on what."""
    cause = facts.seen.view.names.get(facts.seen.view.values.get("caused_by") or 0)
    named = cause is not None and cause.number == one.number
    ended = "under way" if one.ended_at is None else f"ended {wording.instant_text(one.ended_at, facts.now, facts.tz)}"
    told = " · ".join(part for part in (ended, one.code, one.where) if part)
    head = [Piece(f" {visible(one.number, 14)} ", "strong"), Piece("the cause" if named else "b: the cause?", "risk")]
    room = max(8, width - 4)
    return [
        head,
        [Piece(f"   {visible(one.title, room, ascii_only=facts.ascii_only)}")],
        [Piece(f"   {visible(told, room, ascii_only=facts.ascii_only)}", "muted")],
    ]
