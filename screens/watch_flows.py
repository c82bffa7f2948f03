"""Watching from the console: one key begins and ends it, for one record at once, for several with a preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.errors import InvalidInput
from screens import ticket_flows as flows

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from screens.ticket import Target, TicketScreen


async def watch(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Watch those that the person does not watch yet; where all are watched, none of them any more."""
    strange = next((kind for kind in map(screen.kind_of, targets) if not kind.is_work), None)
    if strange is not None:
        raise InvalidInput(f"{strange.one} cannot be watched: watching is for work that goes on")
    watched = await screen.call(_watched, screen.desk, targets)
    fresh = tuple(target for target in targets if target.number not in watched)
    await flows.perform(screen, fresh or targets, "watch" if fresh else "unwatch", {})


def _watched(desk: Desk, targets: Sequence[Target]) -> frozenset[str]:
    """Return the numbers of those that the person watches; called in a thread."""
    rows = desk.rows([target.number for target in targets], columns=("watchers",))
    return frozenset(row.number for row in rows if desk.actor.agent_id in (row.values.get("watchers") or ()))
