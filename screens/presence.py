"""Which records this console has open, said again while that is so, and who else has them open. Names only, nothing is locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.errors import DatabaseError

if TYPE_CHECKING:
    from deskterm.desk import Desk

BEAT_SECONDS = 5
"""How often it is said again."""
LOOK_SECONDS = 2
"""How often a screen looks who else is there."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who else has a record open."""

    viewing: tuple[str, ...] = ()
    typing: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The same in words; empty for nobody."""
        if self.typing:
            return f"{' and '.join(self.typing)} {'is' if len(self.typing) == 1 else 'are'} typing here"
        return f"{' and '.join(self.viewing)} {'has' if len(self.viewing) == 1 else 'have'} it open" if self.viewing else ""


class Presence:
    """What one console has open."""

    def __init__(self, console: str) -> None:
        """Have nothing open.

        Args:
            console: Tells this console from others of the same person.
        """
        self._console = console
        self._open: dict[object, tuple[int, bool]] = {}
        self._told: dict[int, bool] = {}

    def enter(self, owner: object, record_id: int, *, typing: bool = False) -> None:
        """Have a record open on a screen, or begin to type in it."""
        self._open[owner] = (record_id, typing)

    def leave(self, owner: object) -> None:
        """Close it again."""
        self._open.pop(owner, None)

    @property
    def changed(self) -> bool:
        """Whether something was opened or closed that colleagues do not know yet."""
        return self._now() != self._told

    def _now(self) -> dict[int, bool]:
        found: dict[int, bool] = {}
        for record_id, typing in list(self._open.values()):
            found[record_id] = found.get(record_id, False) or typing
        return found

    def beat(self, desk: Desk) -> None:
        """Say what is open; called in a thread. A beat that fails is made good by the next: the feed tells of trouble."""
        from deskterm import presence

        wanted, before = self._now(), self._told
        try:
            for record_id in before.keys() - wanted.keys():
                presence.leave(desk.database, self._console, record_id)
            for record_id, typing in wanted.items():
                mode = presence.Mode.TYPING if typing else presence.Mode.VIEWING
                presence.announce(desk.database, record_id, self._console, desk.actor.login, mode)
        except DatabaseError:
            return
        self._told = wanted

    def depart(self, desk: Desk) -> None:
        """Have nothing open any more; called in a thread."""
        self._open.clear()
        if self._told:
            self.beat(desk)

    def company(self, desk: Desk, record_ids: Sequence[int]) -> dict[int, Company]:
        """Return who else has some records open, by row id; called in a thread.

        Raises:
            DatabaseError: it cannot be read just now.
        """
        from deskterm import presence

        found: dict[int, Company] = {}
        if not record_ids:
            return found
        for one in presence.others(desk.database, list(record_ids), self._console):
            known = found.get(one.record_id, Company())
            if one.mode is presence.Mode.TYPING:
                known = Company(known.viewing, _with(known.typing, one.agent))
            else:
                known = Company(_with(known.viewing, one.agent), known.typing)
            found[one.record_id] = known
        return found


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
