"""Taking a list along: choose a format, write what the list shows into a file of one's own, say where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.modals.choose import Choice, ChooseModal

if TYPE_CHECKING:
    from deskterm.exchange.listed import Listed, Written
    from screens.base import DeskScreen


async def export(screen: DeskScreen[None], listed: Listed) -> None:
    """Ask for a format and write the list; the file is written in a thread."""
    from deskterm.exchange.listed import FORMATS, export_list

    choices = [Choice(form, form, said, number=str(place)) for place, (form, said) in enumerate(FORMATS.items(), 1)]
    form = await screen.app.push_screen_wait(ChooseModal(screen.session, f"Export {listed.name}", choices))
    if form is not None:
        screen.say(_told(await screen.call(export_list, screen.desk, listed, form)))


def _told(written: Written) -> str:
    rows = f"{written.rows:,} row{'' if written.rows == 1 else 's'}"
    return f"{f'The first {rows}' if written.more else rows} in {written.path}"
