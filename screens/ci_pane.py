"""What stands beside the tree of the CI browser: a CI whole, what its failure would do, or what it was. Pure lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from deskterm.fields import Instant
from screens import wording
from screens.scrolled_lines import Line, wrapped
from screens.when import short
from widgets.line_bar import Piece
from widgets.safe_text import fit, visible

if TYPE_CHECKING:
    from deskterm.configuration.details import Compared, Detail
    from deskterm.configuration.schema import EffectLine, Impact, NeedLine, NodeLine
    from deskterm.fields import Field
    from deskterm.records.schema import RecordView

STATE_STYLE = {"down": "breach", "degraded": "risk", "up": "good"}
STATE_SIGN = {"down": ("✖", "x"), "degraded": ("▲", "!"), "up": (" ", " ")}
"""What stands before a state, so that colour need not say it."""
LABEL = 14
HISTORY = 8
ROOMY = 50
"""Cells from which on the pane says more."""
MEMBERS = 6
"""Members of a group named; the tree has all of them."""
FLAWS = {"placeholder-serial": "no real serial", "duplicate": "recorded twice", "stale": "long unseen"}
"""What a flaw is called where its own name is too long or says too little."""
TOLD = frozenset({"name", "type", "status", "attributes", "description", "cost", "currency"})
"""Fields that have a line of their own."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the pane is written."""

    now: int
    tz: str
    ascii_only: bool = False

    def sign(self, state: str) -> str:
        """Return the sign of a state."""
        return STATE_SIGN.get(state, (" ", " "))[self.ascii_only]

    def clean(self, text: str, width: int) -> str:
        """Return a text from outside, fit for a line."""
        return visible(text, max(1, width), ascii_only=self.ascii_only)

    @property
    def arrow(self) -> str:
        """Return an arrow."""
        return "->" if self.ascii_only else "→"


def detail_lines(found: Detail, manner: Manner, width: int) -> list[Line]:
    """Return everything about a CI or a service."""
    view, node = found.view, found.standing.node
    kind = str(view.values.get("type") or found.kind.title)
    lines: list[Line] = [
        [Piece(f" {manner.clean(view.title, width - 2)}", "strong")],
        [
            Piece(f" {manner.clean(f'{view.number} · {kind} · {view.state}', width - 14)}  ", "muted"),
            Piece(f"{manner.sign(node.state)} {node.state}", STATE_STYLE[node.state]),
        ],
    ]
    lines += _why(found, manner, width)
    lines += _needs(found.standing.needs, manner, width)
    lines += _work(found, manner, width)
    lines += _impact_summary(found.impact, manner, width)
    lines += _flaws(found, manner, width)
    lines += _facts(found, manner, width)
    lines += _relations(found, manner, width)
    return [*lines, *_history(found, manner, width)]


def heading(text: str, manner: Manner, width: int) -> Line:
    """Return a heading with a rule behind it."""
    rule = "-" if manner.ascii_only else "─"
    return [Piece(f" {rule} {text} ", "accent"), Piece(rule * max(0, width - len(text) - 5), "muted")]


def _line(manner: Manner, width: int, left: Piece, middle: Piece, *right: Piece) -> Line:
    """Return a line whose middle gets what the ends leave; where that is too little, the rightmost end goes."""
    ends = [piece for piece in right if piece.text]
    while ends and width - len(left.text) - sum(len(piece.text) for piece in ends) < min(5, len(middle.text)) + 1:
        ends.pop()
    room = width - len(left.text) - sum(len(piece.text) for piece in ends) - 1
    return [left, Piece(manner.clean(middle.text, room), middle.style), *ends]


def _row(label: str, value: str, style: str, manner: Manner, width: int, most: int = 4) -> list[Line]:
    rows = wrapped(value, width - LABEL - 2, most=most, ascii_only=manner.ascii_only)
    head = Piece(f"{fit(label, LABEL, 'right', ascii_only=manner.ascii_only)}  ", "muted")
    return [[head if place == 0 else Piece(" " * (LABEL + 2)), Piece(row, style)] for place, row in enumerate(rows)]


def _why(found: Detail, manner: Manner, width: int) -> list[Line]:
    lines: list[Line] = []
    for reason in found.standing.reasons:
        lines.append([Piece(f"   {manner.clean(reason, width - 4)}", "risk")])
    for path in found.standing.causes[:3]:
        lines.append([Piece(f"   {manner.clean(f' {manner.arrow} '.join(node.title for node in path), width - 4)}", "muted")])
    return lines


def _needs(needs: Sequence[NeedLine], manner: Manner, width: int) -> list[Line]:
    if not needs:
        return []
    lines = [heading("needs", manner, width)]
    for need in needs[:12]:
        lines += _need(need, manner, width)
    if len(needs) > 12:
        lines.append([Piece(f"   and {len(needs) - 12} more; the tree has them", "muted")])
    return lines


def _need(need: NeedLine, manner: Manner, width: int) -> list[Line]:
    if not need.group and len(need.members) == 1:
        member = need.members[0]
        state = Piece(f"  {manner.sign(member.state)} {member.state}", STATE_STYLE[member.state])
        return [_line(manner, width, Piece(f" {need.relation:<10} ", "muted"), Piece(member.title), state)]
    mark = "  SPOF now" if need.is_spof else ""
    short_ = f"  short: {need.need} needed" if need.is_short else ""
    stands = Piece(f" {need.redundancy}, needs {need.need}", "risk" if need.is_spof else "")
    marks = Piece(f"{mark}{short_}", "breach")
    lines = [_line(manner, width, Piece(f" {need.relation:<10} ", "muted"), Piece(f"{need.group}:"), stands, marks)]
    if marks not in lines[0] and marks.text:
        lines.append([Piece(" " * 12), Piece(marks.text.strip(), "breach")])
    for member in need.members[:MEMBERS]:
        state = Piece(f"  {manner.sign(member.state)} {member.state}", STATE_STYLE[member.state])
        lines.append(_line(manner, width, Piece(" " * 12), Piece(member.title), state))
    if len(need.members) > MEMBERS:
        lines.append([Piece(f"{' ' * 12}and {len(need.members) - MEMBERS} more", "muted")])
    return lines


def _work(found: Detail, manner: Manner, width: int) -> list[Line]:
    lines: list[Line] = []
    for title, some in (
        ("open", [one for one in found.work if one.is_open]),
        ("also", [one for one in found.work if not one.is_open]),
    ):
        if not some:
            continue
        lines.append(heading(title, manner, width))
        for one in some[: 10 if title == "open" else 6]:
            urgent = "breach" if one.is_open and one.priority == 1 else ""
            told = f"{one.how} · {one.state}" if one.how else one.state
            number, state = (
                Piece(f" {manner.clean(one.number, 11):<11} ", "strong"),
                Piece(f"  {manner.clean(told, 12)}", "muted"),
            )
            lines.append(_line(manner, width, number, Piece(one.title, urgent), state))
        left = len(some) - (10 if title == "open" else 6)
        if left > 0:
            lines.append([Piece(f"   and {left} more", "muted")])
    return lines


def _impact_summary(impact: Impact, manner: Manner, width: int) -> list[Line]:
    lines = [heading("impact if down", manner, width)]
    if not impact.effects:
        return [*lines, [Piece(f" {_unhurt(impact).lower()}", "muted")]]
    more = "; i shows the tree" if width >= ROOMY else ""
    told = f" {len(impact.breaks)} would break, {len(impact.degrades)} could limp{more}"
    lines.append([Piece(manner.clean(told, width - 1), "muted")])
    for one in impact.services[:4]:
        word, style = ("breaks", "breach") if one.breaks else ("degraded", "risk")
        lines.append(
            [Piece(f" {manner.clean(one.node.title, width - 24)}  "), Piece(word, style), Piece(f"  {one.redundancy}", "muted")]
        )
    return lines


def _flaws(found: Detail, manner: Manner, width: int) -> list[Line]:
    """Say what is wrong with what is recorded, each with what was found."""
    if not found.flaws:
        return []
    lines = [heading("record to mend", manner, width)]
    for one in found.flaws:
        lines += _row(FLAWS.get(one.sort, one.sort).replace("-", " "), one.detail, "soon", manner, width, most=2)
    return lines


def _unhurt(impact: Impact) -> str:
    return "Nothing fares worse than it does now" if impact.is_needed else "Nothing that is known needs it"


def _facts(found: Detail, manner: Manner, width: int) -> list[Line]:
    view = found.view
    lines: list[Line] = [heading("facts", manner, width)]
    for item in found.kind.fields:
        value = view.values.get(item.name)
        if item.name in TOLD or value in (None, "", [], {}):
            continue
        lines += _row(item.title.lower(), _value(item, view, manner), "", manner, width)
    if view.values.get("cost") is not None:
        cost = found.kind.field("cost").type.show(view.values["cost"], view.names)
        lines += _row("cost", f"{cost} {view.values.get('currency') or ''}", "", manner, width)
    for name, value in sorted((view.values.get("attributes") or {}).items()):
        lines += _row(str(name).replace("_", " "), wording.value_text(value, None, manner.now, manner.tz), "", manner, width)
    if view.values.get("description"):
        lines += _row("description", str(view.values["description"]), "", manner, width, most=6)
    return lines if len(lines) > 1 else []


def _value(item: Field, view: RecordView, manner: Manner) -> str:
    value = view.values.get(item.name)
    if isinstance(item.type, Instant):
        return wording.instant_text(value, manner.now, manner.tz)
    return item.type.show(value, view.names)


def _relations(found: Detail, manner: Manner, width: int) -> list[Line]:
    some = [one for one in found.view.links if one.kind in ("ci", "service") and one.valid_until is None]
    if not some:
        return []
    lines = [heading("relations", manner, width)]
    for one in some[:14]:
        arrow = ("<-", "->") if manner.ascii_only else ("←", "→")
        word = f"{arrow[0]} {one.relation}" if one.inverse else f"{one.relation} {arrow[1]}"
        group = manner.clean(f"  {one.need} of {one.group}", 16) if one.group else ""
        lines.append(_line(manner, width, Piece(f" {word:<13} ", "muted"), Piece(one.title), Piece(group, "muted")))
    if len(some) > 14:
        lines.append([Piece(f"   and {len(some) - 14} more", "muted")])
    return lines


def _history(found: Detail, manner: Manner, width: int) -> list[Line]:
    told = [line for line in found.view.journal if line.what != "created"][-HISTORY:]
    lines = [heading("history", manner, width)]
    for line in reversed(told):
        words = wording.worded(line, found.kind, manner.now, manner.tz)
        at = short(line.at, manner.now, manner.tz)
        text = f"{words.what} {' '.join(words.text.split())}"
        who = f" {manner.clean(line.actor, 8)}" if width >= ROOMY else ""
        lines.append(_line(manner, width, Piece(f" {at:>12}{who} ", "muted"), Piece(text)))
    lines.append([Piece(f" {short(found.view.created_at, manner.now, manner.tz):>12} recorded", "muted")])
    return lines


# The impact as a tree


EFFECTS = ("all", "would break", "could be degraded")


def impact_lines(impact: Impact, shown: int, manner: Manner, width: int) -> list[Line]:
    """Return what a failure does as an indented tree: each node below what hits it.

    Args:
        impact: what it does.
        shown: index into `EFFECTS`.
        manner: how it is written.
        width: cells.
    """
    wanted = [one for one in impact.effects if shown == 0 or one.breaks is (shown == 1)]
    counted = f"{len(impact.breaks)} would break, {len(impact.degrades)} could be degraded"
    lines: list[Line] = [
        [Piece(f" {manner.clean(f'if {impact.node.title} is down', width - 2)}", "strong")],
        [Piece(f" {manner.clean(counted, width - 2)}", "muted")],
        [Piece(f" showing: {EFFECTS[shown]} (t)", "muted")],
    ]
    if impact.truncated:
        lines.append([Piece(" there is more than could be read; this is the nearest", "risk")])
    if not wanted:
        nothing = f"{_unhurt(impact)}." if not impact.effects else f"Nothing {EFFECTS[shown]}."
        return [*lines, [Piece("")], [Piece(f" {nothing}", "muted")]]
    below: dict[int, list[EffectLine]] = {}
    own = {one.node.id: one for one in impact.effects}
    kept = {one.node.id for one in wanted} | {node.id for one in wanted for node in one.path}
    for one in impact.effects:
        if one.node.id in kept:
            below.setdefault(one.path[-2].id, []).append(one)
    roots = [impact.node.id, *dict.fromkeys(one.path[0].id for one in wanted if one.path[0].id != impact.node.id)]
    names = {node.id: node for one in impact.effects for node in one.path} | {impact.node.id: impact.node}
    for root in roots:
        lines.append(_failed(names[root], manner, width))
        stack = [(one, 1) for one in reversed(below.get(root, ()))]
        while stack:
            one, depth = stack.pop()
            lines.append(_effect(one, depth, manner, width))
            stack += [(child, depth + 1) for child in reversed(below.get(one.node.id, ())) if child.node.id in own]
    for ring in impact.circles:
        names_ = f" {manner.arrow} ".join(node.title for node in (*ring, ring[0]))
        lines.append([Piece(f" circle: {manner.clean(names_, width - 10)}", "soon")])
    return lines


def _failed(node: NodeLine, manner: Manner, width: int) -> Line:
    return [Piece(f" {STATE_SIGN['down'][manner.ascii_only]} ", "breach"), Piece(manner.clean(node.title, width - 4), "strong")]


def _effect(one: EffectLine, depth: int, manner: Manner, width: int) -> Line:
    branch = "`-" if manner.ascii_only else "└ "
    indent = "  " * min(depth, max(1, width // 6))
    word, style = ("breaks", "breach") if one.breaks else ("degraded", "risk")
    sign = manner.sign("down" if one.breaks else "degraded")
    left, ends = Piece(f" {indent}{branch}{sign} ", style), [Piece(f"  {word}", style)]
    if one.group:
        ends += [Piece(f"  {one.redundancy}", "muted"), Piece(f", needs {one.needed}", "muted")]
    is_service = one.node.kind == "service"
    told = f"{one.node.title} (service)" if is_service else one.node.title
    if cell_len(told) + len(left.text) + sum(len(piece.text) for piece in ends[:2]) >= width:
        told = one.node.title  # how many are left says more than what bold says as well
    return _line(manner, width, left, Piece(told, "strong" if is_service else ""), *ends)


# What it was


def compared_lines(found: Compared, manner: Manner, width: int) -> list[Line]:
    """Return what differs of a CI between now and a day or a baseline, and how it was then."""
    lines: list[Line] = [
        [Piece(f" {manner.clean(found.now.title, width - 2)}", "strong")],
        [Piece(f" {manner.clean(f'now beside {found.side.title}', width - 2)}", "muted")],
        heading("what differs", manner, width),
    ]
    if not found.differences:
        same = "Nothing differs." if found.then is not None else "It was not there yet."
        lines.append([Piece(f" {same}", "muted")])
    for one in found.differences:
        if one.change in ("added", "removed"):
            said = "It is not in that baseline." if one.change == "added" else "It is gone since."
            lines.append([Piece(f" {said}", "soon")])
            continue
        item = found.kind.all_fields.get(one.field)
        label = item.title.lower() if item is not None else one.field.replace("attributes.", "").replace("_", " ")
        old = wording.value_text(one.old, item, manner.now, manner.tz) or "nothing"
        new = wording.value_text(one.new, item, manner.now, manner.tz) or "nothing"
        lines += _row(label, f"{old} {manner.arrow} {new}", "soon", manner, width)
    if found.then is None:
        return lines
    lines.append(heading(f"as it was, {short(found.side.at, manner.now, manner.tz)}", manner, width))
    lines += _row("status", found.then.state, "", manner, width)
    for item in found.kind.fields:
        if item.name not in ("status", "attributes") and found.then.values.get(item.name) not in (None, "", [], {}):
            lines += _row(item.title.lower(), _value(item, found.then, manner), "", manner, width)
    for name, value in sorted((found.then.values.get("attributes") or {}).items()):
        lines += _row(str(name).replace("_", " "), wording.value_text(value, None, manner.now, manner.tz), "", manner, width)
    back = "<- " if manner.ascii_only else "← "
    for link in found.then.links:
        lines += _row(f"{back if link.inverse else ''}{link.relation}", f"{link.title} ({link.state})", "", manner, width, most=1)
    return lines
