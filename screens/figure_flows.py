"""What `$` shows of a record: everything behind its figures but its clocks, which `=` explains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskterm.errors import NotFound

if TYPE_CHECKING:
    from screens.ticket import Target, TicketScreen


async def figures(screen: TicketScreen, target: Target) -> None:
    """Explain every figure of a record but its clocks: its priority, what it has cost, how likely it is to be late."""
    from deskterm.explanations import explain
    from screens.change_flows import FRAME, WIDEST, page_of
    from screens.modals.page import PageModal

    try:
        found = await screen.call(explain, screen.desk, target.number)
    except NotFound:
        screen.say(f"{target.number} has no figure to explain.")
        return
    parts = found.parts[: len(found.parts) - len(found.data.get("clocks", ()))]
    if not parts:
        screen.say(f"{target.number} has no figure but its clocks: = explains them.")
        return
    text = page_of(replace(found, parts=parts), min(WIDEST, screen.size.width - FRAME))
    told = f"the same as data: deskterm --json explain {target.number}"
    await screen.app.push_screen_wait(PageModal(screen.session, f"{target.number}, its figures", text, told=told))
