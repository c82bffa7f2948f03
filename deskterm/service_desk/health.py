"""How the service desk fares: is there work that nobody has, and is a shift waiting to be taken over?"""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Level, Word, Worst, amount, judged
from deskterm.service_level.board import work_kinds

WAITING_SECONDS = 3600
"""A signed handover that nobody has accepted for so long needs hands."""

MANY = 0.25
"""More than this part of what nobody has being late needs hands."""
UNOWNED = (
    Level("state:open unassigned breached priority:1..2", "", Word.TROUBLE, "urgent and late, and nobody has it"),
    Level("state:open unassigned breached", "", Word.TROUBLE, "late, and nobody has it", MANY),
    Level("state:open unassigned breached", "", Word.WATCH, "late, and nobody has it"),
    Level("state:open unassigned at-risk", "", Word.WATCH, "soon late, and nobody has it"),
    Level("state:open unassigned priority:1", "", Word.WATCH, "priority 1, and nobody has it"),
    Level("state:open unassigned created:>24h", "", Word.WATCH, "nobody has it for a day"),
)
"""What is wrong with work that nobody has, the worst first; what has just come in and has time is nobody's yet, and well."""


def health(desk: Desk) -> Health:
    """Return the line of the service desk: trouble where unowned work is urgent or much of it late, or a handover forgotten."""
    kinds = work_kinds(desk)
    total = desk.count(desk.prepare(kinds, "state:open"), cap=CAP)
    unowned = desk.count(desk.prepare(kinds, "state:open unassigned"), cap=CAP)
    waiting = desk.page(
        desk.prepare(("handover",), "state:handed-over", "ends_at"), limit=1, columns=("outgoing_signed_at",)
    ).rows
    figure = f"{amount(total, 'open', 'open')}, {unowned:,} nobody has"
    if waiting and desk.moment - (waiting[0].values["outgoing_signed_at"] or desk.moment) >= WAITING_SECONDS:
        worst = Worst(waiting[0].number, waiting[0].title, "handed over, accepted by nobody")
        return Health(Word.TROUBLE, figure, worst, "state:handed-over", ("handover",))
    if not unowned:
        return Health(Word.WELL if total else Word.QUIET, figure if total else "nothing open", None, "state:open", kinds)
    return judged(desk, kinds, figure, unowned, UNOWNED, sort="due_at,priority")
