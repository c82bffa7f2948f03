"""Finding one's way: places, records, lists and forms, what was shown before, and who is told that records changed.

Screens ask to be led by the messages of `screens.messages`; none of them knows another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakSet

from textual import on
from textual.screen import Screen

from screens.messages import DeskChanged, EditRecord, Go, ListKind, NewRecord, OpenQueue, OpenRecord
from screens.opening import Opener, OpeningApp
from screens.places import OWN_SCREENS, place, screen_of
from screens.replacing import begin_work

if TYPE_CHECKING:
    from screens.base import DeskScreen
    from screens.calling import Calling
    from screens.session import Session

STEPS = 20
"""Places remembered for going back."""


class WayfindingApp(OpeningApp):
    """An application of places, each with a stack of screens of its own."""

    def __init__(self, session: Session, opener: Opener, *, jobs: bool) -> None:
        """Prepare; the arguments are those of `OpeningApp`."""
        super().__init__(session, opener, jobs=jobs)
        self._stale: WeakSet[Screen[object]] = WeakSet()
        """Screens that were not shown while records changed."""
        self._before: list[str] = []

    # What there is.

    def all_screens(self) -> Iterator[Screen[object]]:
        """Every screen of every place, shown or not."""
        for mode in list(self._screen_stacks):
            yield from self.get_screen_stack(mode)

    def desk_screens(self, among: Iterable[Screen[object]] | None = None) -> list[DeskScreen[object]]:
        """Those that fill the console, of all or of some."""
        from screens.base import DeskScreen  # the first frame does without

        return [screen for screen in (self.all_screens() if among is None else among) if isinstance(screen, DeskScreen)]

    def calling_screens(self) -> list[Calling[object]]:
        """Those that read and write, windows among them."""
        from screens.calling import Calling

        return [screen for screen in self.all_screens() if isinstance(screen, Calling)]

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Tell the screens that are shown; the others read everything when they are shown again."""
        for screen in self.all_screens():
            if screen in self.screen_stack:
                screen.post_message(DeskChanged(event.ids, event.kinds, everything=event.everything))
            else:
                self._stale.add(screen)

    # Going places.

    def action_command_palette(self) -> None:
        """Open the palette."""
        from screens.palette import Palette  # the first frame does without

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    @on(Go)
    def _went(self, event: Go) -> None:
        self.action_go(event.place)

    def action_go(self, name: str) -> None:
        """Show a place of the console."""
        found = place(name)
        if found is None:
            self.notify(f"There is no place called {name!r} here.", severity="warning", markup=False)
            return
        if found.name != self.current_mode:
            self._before.append(self.current_mode)
            del self._before[:-STEPS]
            self._show(found.name)

    def action_previous(self) -> None:
        """Go back to what was shown before: the screen below, else the place before."""
        if len(self.screen_stack) > 1 and self.desk_screens([self.screen]):
            self.screen.dismiss()
        elif self._before:
            self._show(self._before.pop())

    def _show(self, mode: str) -> None:
        self.switch_mode(mode)
        for screen in self.screen_stack:
            if screen in self._stale:
                self._stale.discard(screen)
                screen.post_message(DeskChanged(everything=True))

    def on_open_record(self, event: OpenRecord) -> None:
        """Open one record above what is shown: in the screen of its kind where there is one."""
        from screens.record import RecordScreen

        own = OWN_SCREENS.get(event.number.partition("-")[0].upper())
        self.push_screen(screen_of(own, self.session, event.number) if own else RecordScreen(self.session, event.number))

    def on_open_queue(self, event: OpenQueue) -> None:
        """Show a list in the queue."""
        from screens.queue import QueueScreen

        self.action_go("queue")
        screen = self.screen_stack[0]
        if isinstance(screen, QueueScreen):
            screen.show_query(event.query, kinds=event.kinds, title=event.title)

    def on_list_kind(self, event: ListKind) -> None:
        """List the records of a kind, above what is shown."""
        from screens.kind_list import KindListScreen

        self.push_screen(KindListScreen(self.session, event.kind))

    def on_new_record(self, event: NewRecord) -> None:
        """Open the form of something new; where nobody said of what, ask."""
        from screens.making import new_record

        begin_work(self, partial(new_record, self, self.session, event.kind, event.values), name="new", group="conversation")

    def on_edit_record(self, event: EditRecord) -> None:
        """Open the form of a record."""
        from deskterm.drafts import Subject
        from screens.form import FormScreen

        self.push_screen(FormScreen(self.session, Subject("edit", number=event.number)))

    def action_new(self) -> None:
        """Make something new; ask which kind."""
        self.post_message(NewRecord())

    def action_contact(self) -> None:
        """Take a contact."""
        self.post_message(NewRecord("interaction"))
