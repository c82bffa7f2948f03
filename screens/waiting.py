"""Drafts that wait from before: offered when the console opens, and whenever asked for. Each goes on in its own form.

A form offers its own drafts as well (`screens.form_drafts`); this is for whoever does not remember what they were typing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from deskterm.drafts import Kept
from screens.messages import OpenRecord
from screens.when import short

if TYPE_CHECKING:
    from textual.app import App

    from screens.modals.choose import Choice
    from screens.session import Session

SHOWN: Final = 20
"""Drafts offered, the newest first."""
LATER: Final = ""
GO_ON, DISCARD = "go on", "discard"


async def offer(app: App[None], session: Session) -> bool:
    """Offer the drafts that wait. Runs in a worker of the application.

    Returns:
        Whether there were any.
    """
    journal = session.drafts
    if journal is None:
        return False
    while left := await asyncio.to_thread(journal.left):
        from screens.modals.choose import ChooseModal

        chosen = await app.push_screen_wait(ChooseModal(session, "What you were typing", _choices(session, left)))
        kept = next((one for one in left if one.id == chosen), None)
        if kept is None:
            return True
        what = await app.push_screen_wait(ChooseModal(session, kept.title or "untitled", _acts()))
        if what == GO_ON:
            go_on(app, session, kept)
            return True
        if what == DISCARD:
            await asyncio.to_thread(journal.discard, kept)
    return False


def _acts() -> list[Choice[str]]:
    from screens.modals.choose import Choice

    return [
        Choice(GO_ON, "Go on with it", number="1"),
        Choice(DISCARD, "Throw it away", "it cannot be brought back", number="2"),
        Choice(LATER, "Leave it for later", number="3"),
    ]


def _choices(session: Session, left: tuple[Kept, ...]) -> list[Choice[str]]:
    from screens.modals.choose import Choice

    now, tz = session.now(), session.tz
    drafts = [
        Choice(one.id, one.title or "untitled", f"typed {short(one.saved_at, now, tz)}", number=str(n) if n < 10 else "")
        for n, one in enumerate(left[:SHOWN], 1)
    ]
    return [*drafts, Choice(LATER, "Later", "they stay where they are; f9 shows them again")]


def go_on(app: App[None], session: Session, kept: Kept) -> None:
    """Open the form of a draft with what was typed in it."""
    subject = kept.subject
    if subject.form == "contact":
        from screens.contact import ContactScreen

        app.push_screen(ContactScreen(session, draft=kept))
    elif subject.form in ("new", "edit", "act"):
        from screens.form import FormScreen

        app.push_screen(FormScreen(session, subject, draft=kept))
    else:
        # A reply or a note is written above its record, where what was typed comes back by itself.
        app.post_message(OpenRecord(subject.number))
        what = "reply: press r" if subject.form == "reply" else "note: press x"
        app.notify(f"Your {what}, and it comes back.", markup=False)
