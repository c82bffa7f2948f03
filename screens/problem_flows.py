"""What the keys about problems do, step by step: apply the known error that fits, publish, accept a candidate, explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.modals.choose import Choice, ChooseModal
from screens.ticket_flows import in_bulk

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.service_desk.schema import Similar
    from screens.ticket import Target, TicketScreen


async def apply_workaround(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Apply the known error that fits an incident best; where several are marked, ask which one fits them all."""
    from deskterm.desk import editing

    kinds = {screen.kind_of(target).name for target in targets}
    if kinds != {"incident"}:
        screen.say("A workaround is applied to incidents.", severity="warning")
        return
    found = await screen.call(fitting, screen.desk, targets[0].number)
    if not found:
        screen.say(f"No known error fits {targets[0].number}.", severity="warning")
        return
    first, *others = found
    if len(targets) > 1 or not first.why:
        choices = [Choice(one, one.number, f"{one.title} · {one.why}", number=str(n)) for n, one in enumerate(found, 1)]
        asked = ChooseModal(screen.session, f"Apply to {len(targets)} incidents", choices)
        chosen = await screen.app.push_screen_wait(asked)
        if chosen is None:
            return
        await in_bulk(screen, f"apply {chosen.number}", targets, editing({"known_error": chosen.number}))
        return
    desk, number = screen.desk, targets[0].number
    await screen.commit(lambda: desk.edit(number, {"known_error": first.number}))
    screen.acted((number,))
    more = f"; {len(others)} more would fit" if others else ""
    screen.say(f"{number}: {first.number} is linked and its workaround sent{more}. u takes the link back.")


def fitting(desk: Desk, number: str) -> tuple[Similar, ...]:
    """Return the known errors that fit an incident, the likest first; none where one is applied. Call it in a thread."""
    from deskterm.service_desk.glance import glance

    seen = glance(desk, number)
    if seen.view.values.get("known_error") is not None:
        return ()
    return tuple(one for one in seen.similar if one.kind == "known-error")
