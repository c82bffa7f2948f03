"""The local copy of the plans on the screen: read from this machine's disk, in a thread; needs no desk and no database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screens.modals.choose import Choice, ChooseModal
from screens.modals.page import PageModal

if TYPE_CHECKING:
    from textual.app import App

    from screens.session import Session

INDEX = ""
"""Stands for the page that lists all of them."""


async def read_copy(session: Session) -> tuple[Path, dict[str, Any]] | None:
    """Return where the copy lies and what it holds; None where this machine has none."""
    from deskterm.continuity import local_copy

    return await asyncio.to_thread(local_copy.at_hand, session.location)


async def show_copy(app: App[Any], session: Session) -> None:
    """Let the person choose a plan of the copy, and show its page."""
    from deskterm.continuity import local_copy

    found = await read_copy(session)
    if found is None:
        said = "This machine has no copy of the plans; a console that stays open keeps one once there are plans."
        app.notify(said, severity="warning", markup=False)
        return
    folder, kept = found
    choices = [Choice(INDEX, "all of them", f"as of {kept['at']}")]
    choices += [
        Choice(str(one["number"]), f"{one['number']} {one['name']}", f"{one['state']}, version {one['version']}")
        for one in kept["plans"]
    ]
    while True:
        chosen = await app.push_screen_wait(ChooseModal(session, "Copy of the plans on this machine", choices))
        if chosen is None:
            return
        title = chosen or "Continuity plans"
        await app.push_screen_wait(PageModal(session, title, local_copy.page(kept, chosen), told=f"{folder}"))
