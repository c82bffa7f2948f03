"""Making something new: asks which kind, if nobody said, and opens its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deskterm.permissions import Family, allows

if TYPE_CHECKING:
    from textual.app import App

    from deskterm.desk import Desk
    from deskterm.kinds import Kind
    from screens.session import Session

CONTACT = "interaction"
"""The kind that has a form of its own: what callers want decides what comes of it."""
_ORDER = tuple(Family)
"""Work first, then people, then what is set up once."""


async def new_record(app: App[None], session: Session, kind: str, values: Mapping[str, object]) -> None:
    """Open the form of a new record above what is shown. Runs in a worker of the application.

    Args:
        app: The console.
        session: Its session.
        kind: What is made; empty asks.
        values: What the form begins with.
    """
    from deskterm.drafts import Subject
    from screens.modals.choose import Choice, ChooseModal

    if not session.is_open:
        return
    if not kind:
        kinds = creatable(session.desk)
        choices = [Choice(one.name, one.title, one.help, number=str(n) if n < 10 else "") for n, one in enumerate(kinds, 1)]
        chosen = await app.push_screen_wait(ChooseModal(session, "New", choices, placeholder="what?"))
        if chosen is None:
            return
        kind = chosen
    if kind == CONTACT:
        from screens.contact import ContactScreen

        app.push_screen(ContactScreen(session, values))
    else:
        from screens.form import FormScreen

        app.push_screen(FormScreen(session, Subject("new", kind), values))


def creatable(desk: Desk) -> list[Kind]:
    """Return the kinds that the person may make, those they make all day first."""
    able = [kind for kind in desk.registry if allows(desk.actor.roles, "create", kind.family, kind.process)]
    return sorted(able, key=lambda kind: (not kind.key, _ORDER.index(kind.family)))
