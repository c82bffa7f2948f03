"""Shift handovers: which there were, how far each has come, and closing one's own shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from screens import keys
from screens.kind_columns import columns
from screens.kind_list import KindListScreen
from screens.modals.act import ActModal
from screens.paging import Answer, Pages, Question
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.forms.schema import FormField
    from deskterm.records.schema import Receipt, Row
    from deskterm.service_desk.handover_schema import Proposal
    from screens.session import Session

NEEDED = ("team", "starts_at", "ends_at", "next_ends_at")
ASKED = (*NEEDED, "incoming", "note")
"""What closing a shift asks, in this order."""


class HandoverPages(Pages):
    """Pages of handovers that know how far each has come."""

    def __init__(self, desk: Desk, question: Question) -> None:
        """Prepare the list."""
        super().__init__(desk, question)
        self._of = desk
        self.progress: dict[int, tuple[int, int]] = {}
        """Lines answered, and lines there are, by row id."""

    def read(self, index: int, generation: int, after: Row | None, before: Row | None) -> Answer:
        """Return one page, and remember how far its handovers have come."""
        from deskterm.service_desk.handover_reading import progress

        answer = super().read(index, generation, after, before)
        self.progress = {**self.progress, **progress(self._of, [row.id for row in answer.rows])}
        return answer


class HandoverScreen(KindListScreen):
    """The handovers, the newest first."""

    AREAS: ClassVar[tuple[str, ...]] = ("shifts", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("shifts")

    def __init__(self, session: Session) -> None:
        """Make the list."""
        super().__init__(session, "handover", query="*")

    def empty_text(self) -> str:
        """Say what to do."""
        return "No shift was handed over here yet.\nn closes yours: what is open is frozen, line by line, for the next lead."

    def pages_of(self, desk: Desk, question: Question) -> Pages:
        """Return pages that know how far each handover has come."""
        return HandoverPages(desk, question)

    def columns(self, pages: Pages) -> list[Column[Row]]:
        """Return the usual columns, and how many lines are answered."""
        usual = columns(self.kind, self.session.tz)
        own: Column[Row] = Column("lines", "answered", 8, lambda row, _: _progress(pages, row), priority=1, align="right")
        by_key = {column.key: column for column in usual}
        name = replace(by_key["name"], width=36, min_width=34)
        leads = [
            replace(by_key[key], width=10, min_width=8, priority=place) for place, key in enumerate(("outgoing", "incoming"), 2)
        ]
        return [by_key["number"], name, replace(by_key["state"], width=11, priority=0), own, *leads]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A handover is neither edited nor retired; it is answered and signed."""
        return False if action in ("edit", "retire") else super().check_action(action, parameters)

    def open_row(self, row: Row) -> None:
        """Go through it line by line."""
        self.open_handover(row.number)

    def open_handover(self, number: str) -> None:
        """Show the lines of a handover."""
        from screens.handover_lines import HandoverLinesScreen

        self.app.push_screen(HandoverLinesScreen(self.session, number))

    def action_create(self) -> None:
        """Close one's own shift."""
        self.converse(self._close())

    async def _close(self) -> None:
        from deskterm.service_desk.shift_times import propose

        proposal = await self.call(propose, self.desk)
        modal: ActModal[Receipt] = ActModal(
            self.session,
            "Close a shift",
            form_fields(self.desk, proposal, self.session.tz),
            partial(self._freeze, proposed(proposal)),
            told=f"Times: {proposal.source}. What is open now is frozen; you look through it before you sign.",
            do="close the shift",
        )
        receipt = await self.app.push_screen_wait(modal)
        if receipt is not None:
            self.open_handover(receipt.number)

    async def _freeze(self, offered: Mapping[str, Any], typed: Mapping[str, object]) -> Receipt | None:
        given = {name: value for name, value in {**offered, **typed}.items() if value not in (None, "")}
        return await self.commit(lambda: self.desk.create("handover", given))


def _progress(pages: Pages, row: Row) -> Cell:
    done, total = pages.progress.get(row.id, (0, 0)) if isinstance(pages, HandoverPages) else (0, 0)
    return f"{done} of {total}", "good" if row.state == "accepted" else "" if row.state == "handed-over" else "muted"


def proposed(proposal: Proposal) -> dict[str, Any]:
    """Return the values that the form starts with."""
    return {name: getattr(proposal, name) or None for name in ASKED if name != "note"}


def form_fields(desk: Desk, proposal: Proposal, tz: str) -> tuple[FormField, ...]:
    """Return the form for closing a shift, holding what is proposed."""
    from deskterm.forms.derive import form_field
    from deskterm.forms.moments import write_moment
    from deskterm.forms.schema import Answer as Typed

    kind, values = desk.registry.kind("handover"), proposed(proposal)
    found = []
    for name in ASKED:
        value = values.get(name)
        shown = "" if value is None else value if isinstance(value, str) else write_moment(value, tz)
        base = form_field(kind.all_fields[name], None, {}, tz, new=True)
        found.append(replace(base, answer=Typed(shown), value=value, required=name in NEEDED))
    return tuple(found)
