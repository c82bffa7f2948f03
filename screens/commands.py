"""The palette (`:`): any place, record, view, person or action by name. Numbers jump; what is read is read in threads."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

from deskterm.errors import DeskError
from screens import keys, themes
from screens.calling import Calling
from screens.making import creatable
from screens.messages import Go, ListKind, NewRecord, OpenQueue, OpenRecord
from screens.places import BY_KEY, PLACES
from screens.ticket import TicketScreen
from screens.ticket_flows import act
from widgets.safe_text import visible

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import PossibleAction, Row
    from screens.views import View

PAUSE_SECONDS = 0.15
"""The desk is searched once nobody has typed for so long."""
SURE = 1_000.0
"""The score of what was named outright: above any likeness, whose scores grow with the length of the text."""
FOUND = 12
"""Records offered."""
NUMBER = re.compile(r"\s*([A-Za-z]{2,5})-?(\d{1,9})\s*")
_HELP_CELLS = 70


def _said(text: str) -> str:
    """A line of help: the palette parses it as markup."""
    return escape(visible(text, _HELP_CELLS))


class DeskCommands(Provider):
    """Everything the palette offers in this console."""

    def __init__(self, screen: Any, match_style: Any = None) -> None:
        """Offer what there is on a screen."""
        super().__init__(screen, match_style)
        self._views: tuple[View, ...] = ()
        self._actions: tuple[PossibleAction, ...] = ()

    @property
    def _desk(self) -> Desk | None:
        screen = self.screen
        return screen.desk if isinstance(screen, Calling) and screen.session.is_open else None

    async def startup(self) -> None:
        """Read the person's views, and what is possible with the record one is at."""
        desk = self._desk
        if desk is None:
            return
        from screens import views

        target = self._target()
        try:
            self._views = await asyncio.to_thread(views.load, desk)
            if target:
                self._actions = await asyncio.to_thread(desk.actions, target)
        except DeskError:
            # The palette still leads to places; the feed says what is wrong with the database.
            return

    def _target(self) -> str:
        screen = self.screen
        if not isinstance(screen, TicketScreen) or not screen.session.is_open:
            return ""
        chosen = screen.targets()
        return chosen[0].number if len(chosen) == 1 else ""

    async def discover(self) -> Hits:
        """Offer the places before anything is typed."""
        by_name = {name: key for key, name in BY_KEY.items()}
        for place in PLACES:
            key = f"  {by_name[place.name]}" if place.name in by_name else ""
            yield DiscoveryHit(Content(f"{place.title}{key}"), self._post(Go(place.name)), place.title, _said(place.help))

    async def search(self, query: str) -> Hits:
        """Offer what a text may mean: what is known at once, then what the desk finds."""
        for hit in self._known(query):
            yield hit
        async for hit in self._found(query):
            yield hit

    def _known(self, query: str) -> list[Hit]:
        hits: list[Hit] = []
        word = query.strip().casefold()

        def offer(title: str, then: Callable[[], object], help_: str, *, sure: bool = False) -> None:
            score = SURE if sure else self.matcher(query).match(title)
            if score > 0:
                hits.append(Hit(score, Content(visible(title, 60)), then, title, _said(help_)))

        for place in PLACES:
            offer(place.title, self._post(Go(place.name)), place.help, sure=word in place.nouns)
        number = _number(query)
        if number and self._desk is not None and any(kind.prefix == number.partition("-")[0] for kind in self._desk.registry):
            offer(f"Open {number}", self._post(OpenRecord(number)), "The record of that number.", sure=True)
        for kind in self._desk.registry if self._desk is not None else ():
            words = (kind.name, kind.prefix.casefold(), kind.many.casefold())
            offer(f"List: {kind.many}", self._post(ListKind(kind.name)), kind.help, sure=word in words)
        for kind in creatable(self._desk) if self._desk is not None else ():
            offer(f"New: {kind.title}", self._post(NewRecord(kind.name)), kind.help)
        target = self._target()
        screen = self.screen
        if target and isinstance(screen, TicketScreen):
            for action in self._actions:
                if not action.refusal:
                    steps = partial(self._act, screen, action.name)
                    offer(f"{action.title} {target}", steps, action.help)
        for view in self._views:
            offer(f"View: {view.name}", self._post(OpenQueue(view.query, kinds=view.kinds, title=view.name)), view.query)
        for key, active in self.screen.active_bindings.items():
            declared = keys.BY_ID.get(active.binding.id or "")
            if declared is not None and not declared.widget and active.enabled:
                run = partial(self.app.run_action, active.binding.action, active.node)
                offer(f"{declared.label.capitalize()}  {keys.shown(key)}", run, declared.help)
        for theme in themes.THEMES:
            offer(
                f"Theme: {theme.name.removeprefix('desk-')}",
                partial(setattr, self.app, "theme", theme.name),
                "Colours of this session.",
            )
        return hits

    @staticmethod
    def _act(screen: TicketScreen, action: str) -> None:
        screen.converse(act(screen, screen.targets(), action))

    async def _found(self, query: str) -> AsyncIterator[Hit]:
        desk = self._desk
        text = query.strip()
        if desk is None or len(text) < 2:
            return
        await asyncio.sleep(PAUSE_SECONDS)
        who = re.fullmatch(r"who\s+(\S.*)", text)
        try:
            rows = await asyncio.to_thread(find, desk, who[1] if who else text, people=bool(who))
        except DeskError:
            return
        exact = _number(text)
        for row in rows:
            title = f"{row.number}  {row.title}"
            score = 2 * SURE if row.number == exact else 1.0
            yield Hit(score, Content(visible(title, 70)), self._post(OpenRecord(row.number)), title, _said(_about(row)))
            if row.kind == "agent":
                work = f"Open work of {row.title}"
                then = self._post(OpenQueue(f"state:open assignee:{row.number}", title=work))
                yield Hit(1.5, Content(visible(work, 70)), then, work, _said("List it in the queue."))
            elif row.kind == "person":
                calls = f"Open records of {row.title}"
                then = self._post(OpenQueue(f"state:open requester:{row.number}", title=calls))
                yield Hit(1.5, Content(visible(calls, 70)), then, calls, _said("List them in the queue."))

    def _post(self, message: Go | ListKind | NewRecord | OpenRecord | OpenQueue) -> Callable[[], object]:
        return partial(self.app.post_message, message)


def _number(text: str) -> str:
    found = NUMBER.fullmatch(text)
    return f"{found[1].upper()}-{found[2].zfill(5)}" if found else ""


def _about(row: Row) -> str:
    return f"{row.kind.replace('-', ' ')}, {row.state.replace('-', ' ')}"


def find(desk: Desk, text: str, *, people: bool = False) -> tuple[Row, ...]:
    """Return the records a text may mean, one by its number first. Call it in a thread."""
    kinds = ("agent", "person") if people else ()
    number = _number(text)
    rows: list[Row] = []
    if number:
        rows += _by_number(desk, {number, text.strip().upper()})
    rows += [row for row in desk.search(text, limit=FOUND, kinds=kinds) if all(row.id != one.id for one in rows)]
    return tuple(rows[:FOUND])


def _by_number(desk: Desk, numbers: set[str]) -> list[Row]:
    prefix = next(iter(numbers)).partition("-")[0]
    kind = next((one for one in desk.registry if one.prefix == prefix), None)
    if kind is None:
        return []
    listing = desk.prepare((kind.name,), " OR ".join(f"number:{number}" for number in sorted(numbers)), "number")
    return list(desk.page(listing, limit=2).rows)
