"""How the service desk fares: is there work that nobody has, and is a shift waiting to be taken over?"""

from __future__ import annotations

from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount
from deskterm.service_level.board import work_kinds

WAITING_SECONDS = 3600
"""A signed handover that nobody has accepted for so long needs hands."""


def health(desk: Desk) -> Health:
    """Return the line of the service desk: trouble where unowned work is late or a handover was forgotten."""
    kinds = work_kinds(desk)
    total = desk.count(desk.prepare(kinds, "state:open"), cap=CAP)
    unowned = desk.count(desk.prepare(kinds, "state:open unassigned"), cap=CAP)
    late = desk.count(desk.prepare(kinds, "state:open unassigned breached"), cap=CAP)
    waiting = desk.page(
        desk.prepare(("handover",), "state:handed-over", "ends_at"), limit=1, columns=("outgoing_signed_at",)
    ).rows
    figure = f"{amount(total, 'open', 'open')}, {unowned:,} nobody has"
    if waiting and desk.moment - (waiting[0].values["outgoing_signed_at"] or desk.moment) >= WAITING_SECONDS:
        worst = Worst(waiting[0].number, waiting[0].title, "handed over, accepted by nobody")
        return Health(Word.TROUBLE, figure, worst, "state:handed-over", ("handover",))
    if not unowned:
        return Health(Word.WELL if total else Word.QUIET, figure if total else "nothing open", None, "state:open", kinds)
    query = "state:open unassigned breached" if late else "state:open unassigned"
    first = desk.page(desk.prepare(kinds, query, "due_at,priority"), limit=1).rows
    worst_row = Worst(first[0].number, first[0].title, "late, and nobody has it" if late else "nobody has it") if first else None
    return Health(Word.TROUBLE if late else Word.WATCH, figure, worst_row, query, kinds)
