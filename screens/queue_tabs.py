"""The views of the queue as tabs, each with the number of its records, counted in a thread and never all the time."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message
from textual.timer import Timer

from deskterm.errors import BadQuery, DeskError, InvalidInput, NotAllowed
from screens import views
from screens.replacing import replace_work
from widgets.crumb_bar import Badge
from widgets.tab_strip import Tab, TabStrip

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from screens.session import Session

COUNT_TO = 1_000
"""A tab counts so far and then says `999+`: what comes after does not change what one does."""
REST_SECONDS = 4.0
"""Counts are no older than this, and never counted more often."""
BADGES = {
    "breached": ("state:open breached", views.CONTACTS),
    "at risk": ("state:open at-risk", views.CONTACTS),
    "news": ("news", views.WATCHED),
}
"""What burns on the whole desk, and what is new among the watched: label, query and kinds, the most important first."""
_SIGNS = {"breached": ("●", "breach", "!"), "at risk": ("▲", "risk", "^"), "news": ("◆", "accent", "*")}


class QueueTabs(TabStrip):
    """The person's views."""

    class Burning(Message):
        """What burns on the whole desk has changed."""

        def __init__(self, badges: tuple[Badge, ...]) -> None:
            super().__init__()
            self.badges = badges

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Show the usual views until the person's own are read."""
        self.session = session
        self.views: tuple[views.View, ...] = views.USUAL
        self.urgent: tuple[Badge, ...] = ()
        """What burns on the whole desk: for the bar above."""
        self._counts: dict[views.View, int] = {}
        self._counted_at = -REST_SECONDS
        self._waiting: Timer | None = None
        super().__init__(self._tabs(), ascii_only=session.ascii_only, id=id)

    def _tabs(self) -> tuple[Tab, ...]:
        tabs = []
        for view in self.views:
            count = self._counts.get(view)
            full = count is not None and count >= COUNT_TO
            tabs.append(Tab(f"{view.name} {COUNT_TO - 1}+" if full else view.name, None if full else count))
        return tuple(tabs)

    def read_views(self, *, choose: str | None = None) -> None:
        """Read the views, then count them.

        Args:
            choose: Which is then shown as chosen, by name; empty lists the first, `None` keeps the one that is.
        """
        replace_work(self, partial(self._read_views, choose), "views")

    async def _read_views(self, choose: str | None) -> None:
        try:
            found = await asyncio.to_thread(views.load, self.session.desk)
        except DeskError:
            # The usual views serve; the feed says what is wrong with the database.
            self.session.nudge()
            return
        name = self.views[self.active].name if choose is None else choose
        first_changed = found[0] != self.views[0]
        self.views = found
        self.tabs = self._tabs()
        self.active = next((place for place, view in enumerate(found) if view.name == name), 0)
        if choose == "" and first_changed:
            self.choose(0)
        self._counted_at = -REST_SECONDS
        self.count_soon()

    def choose_view(self, view: views.View) -> None:
        """Choose a view by itself."""
        if view in self.views:
            self.choose(self.views.index(view))

    def count_soon(self) -> None:
        """Count again as soon as the rest is over; asked often, it counts once."""
        wait = self._counted_at + REST_SECONDS - time.monotonic()
        if wait <= 0:
            self._counted_at = time.monotonic()
            replace_work(self, self._count, "counts")
        elif self._waiting is None:
            self._waiting = self.set_timer(wait, self._rested)

    def _rested(self) -> None:
        self._waiting = None
        self.count_soon()

    async def _count(self) -> None:
        try:
            self._counts, burning = await asyncio.to_thread(counted, self.session.desk, self.views)
        except DeskError:
            self.session.nudge()
            return
        self.tabs = self._tabs()
        urgent = tuple(
            Badge(sign, count, label, style, plain)
            for (label, (sign, style, plain)), count in zip(_SIGNS.items(), burning, strict=True)
        )
        if urgent != self.urgent:
            self.urgent = urgent
            self.post_message(self.Burning(urgent))


def counted(desk: Desk, found: tuple[views.View, ...]) -> tuple[dict[views.View, int], tuple[int, ...]]:
    """Return how many records each view has, and the count of each badge. Call it in a thread."""
    counts: dict[views.View, int] = {}
    for view in found:
        # A view that names a team which is gone is refused when it is chosen; the others are counted all the same.
        with suppress(BadQuery, InvalidInput, NotAllowed):
            counts[view] = desk.count(desk.prepare(view.kinds, view.query, view.sort), cap=COUNT_TO)
    badges = (desk.count(desk.prepare(kinds, query, "due_at"), cap=COUNT_TO) for query, kinds in BADGES.values())
    return counts, tuple(badges)
