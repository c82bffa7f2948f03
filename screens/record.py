"""One record: its conversation, its facts, its clocks, and who else is at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from deskterm.errors import DeskError, NotFound
from deskterm.records.schema import JournalLine, RecordView
from screens import keys, problem_flows, queue_flows
from screens.journal_lines import Manner, journal_lines
from screens.messages import DeskChanged, OpenRecord
from screens.modals.choose import Choice, ChooseModal
from screens.presence import LOOK_SECONDS, Company
from screens.record_facts import Facts, fact_lines, related
from screens.record_head import RecordHead
from screens.replacing import replace_work
from screens.scrolled_lines import ScrolledLines
from screens.ticket import Target, TicketScreen

if TYPE_CHECKING:
    from deskterm.kinds import Kind
    from deskterm.service_desk.glance import Glance
    from screens.session import Session


class RecordScreen(TicketScreen):
    """A record, whole."""

    CSS_PATH = "record.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("record", "ticket")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("record", "ticket")

    head = query_one("#head", RecordHead)
    journal = query_one("#journal", ScrolledLines)
    facts = query_one("#facts", ScrolledLines)

    def __init__(self, session: Session, number: str) -> None:
        """Show a record by its number."""
        super().__init__(session)
        self.number = number
        self._seen: Glance | None = None
        self._entries: tuple[JournalLine, ...] = ()
        self._earlier = False
        self._loading = False
        self._unfolded = False
        self._looked_at = 0

    def body(self) -> ComposeResult:
        """Head, conversation, facts."""
        yield RecordHead(ascii_only=self.session.ascii_only, id="head")
        with Horizontal(id="middle"):
            yield ScrolledLines(stick_to_end=True, id="journal")
            yield ScrolledLines(id="facts")

    # Reading.

    @property
    def awaited(self) -> bool:
        """Whether the record is still being read."""
        return self._seen is None

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", self.number)
        self.journal.focus()
        self._read()

    def _read(self) -> None:
        replace_work(self, self._reading_record, "record")

    async def _reading_record(self) -> None:
        try:
            seen = await self.call(_glance, self)
        except NotFound as refusal:
            if not self.alive:
                return
            self.refuse(refusal)
            if self._seen is None:
                self.dismiss()
        except DeskError as refusal:
            self.refuse(refusal)
        else:
            if self.alive:
                self._show(seen)

    def _show(self, seen: Glance) -> None:
        first = self._seen is None
        self._seen = seen
        view = seen.view
        self.number = view.number
        if first:
            self._entries, self._earlier = view.journal, view.earlier
            self.session.presence.enter(self, view.id)
            if seen.sections:  # of these the figures are what one comes for, where there is no room for both
                self.action_facts()
        else:
            known = {line.seq: line for line in self._entries} | {line.seq: line for line in view.journal}
            self._entries = tuple(known.values())
        kind = self._kind()
        self.path = ("DeskTerm", kind.many, view.number)
        self.head.show(view, kind, now=self.session.now(), tz=self.session.tz)
        if seen.news_by:
            self.read("seen", lambda: queue_flows.have_seen(self.desk, view), lambda _: None)
        self._paint()

    def _kind(self) -> Kind:
        assert self._seen is not None
        return self.desk.registry.kind(self._seen.view.kind)

    def _paint(self, *, above: bool = False) -> None:
        seen = self._seen
        if seen is None:
            return
        now, tz, ascii_only, kind = self.session.now(), self.session.tz, self.session.ascii_only, self._kind()
        description = "" if self._earlier else str(seen.view.values.get("description") or "")
        manner = Manner(kind, now, tz, self._unfolded, ascii_only, self._earlier, description)
        # By when it happened, not by when it was written down: a clock may be found late, a mail may be days old.
        entries = sorted(self._entries, key=lambda entry: (entry.at, entry.seq))
        facts = Facts(seen, kind, now, tz, ascii_only)
        self.journal.show(lambda width: journal_lines(entries, manner, width), above=above)
        self.facts.show(lambda width: fact_lines(facts, width))

    # News.

    def tick(self, now: int) -> None:
        """Let the clocks run, look who is there, and read on where somebody scrolled up to."""
        self.head.pass_time(now)
        if self._seen is not None and not 0 <= now - self._looked_at < LOOK_SECONDS:
            self._looked_at = now
            self.read("company", lambda: self.session.presence.company(self.desk, self._ids()), self._know_company)
        if self._earlier and self.journal.scroll_offset.y == 0:
            self._read_older()

    def _ids(self) -> list[int]:
        return [self._seen.view.id] if self._seen is not None else []

    def _know_company(self, company: dict[int, Company]) -> None:
        self.head.company = next((one.words for one in company.values()), "")

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read it again when it changed."""
        if self._seen is None or event.everything or self._seen.view.id in event.ids:
            self._read()

    def on_unmount(self) -> None:
        """Colleagues need not see one here any more."""
        self.session.presence.leave(self)

    def _read_older(self) -> None:
        if not self._loading and self._entries:
            self._loading = True
            before = min(entry.seq for entry in self._entries)
            self.read("older", lambda: self.desk.show(self.number, before=before), self._show_older)

    def _show_older(self, view: RecordView) -> None:
        self._loading = False
        self._entries = (*view.journal, *self._entries)
        self._earlier = view.earlier
        self._paint(above=True)

    # Keys.

    def targets(self) -> tuple[Target, ...]:
        """This record."""
        if self._seen is None:
            return ()
        view = self._seen.view
        return (Target(view.number, view.title, view.version, view.id),)

    def acted(self, numbers: object) -> None:
        """Show what came of it at once."""
        self._read()

    def action_facts(self) -> None:
        """Show the facts in place of the conversation where there is no room for both."""
        self.toggle_class("-facts")
        (self.facts if self.has_class("-facts") else self.journal).focus()

    def action_fold(self) -> None:
        """Show or fold the changes of fields."""
        self._unfolded = not self._unfolded
        self._paint()

    def action_next_best(self) -> None:
        """Go on with what should be worked on next."""
        self.converse(queue_flows.open_next_best(self))

    def action_whys(self) -> None:
        """Open the outline of causes."""
        if chosen := self._chosen():
            problem_flows.open_whys(self, chosen[0])

    def action_cause(self) -> None:
        """Name the change that caused it."""
        self.converse(self._blame())

    async def _blame(self) -> None:
        from deskterm.change.suspects import blame

        found = self._seen.suspects if self._seen is not None else ()
        if not found:
            self.say("No change ended on its CI, or upstream of it, in the 72 hours before.")
            return
        number = found[0].number
        if len(found) > 1:
            choices = [
                Choice(one.number, one.number, f"{one.where} · {one.title}", number=str(n)) for n, one in enumerate(found, 1)
            ]
            chosen = await self.app.push_screen_wait(ChooseModal(self.session, "Caused by", choices))
            if chosen is None:
                return
            number = chosen
        await self.commit(lambda: blame(self.desk, self.number, number))
        self._read()
        self.say(f"{self.number} was caused by {number}; u takes it back.")

    def action_follow(self) -> None:
        """Open a linked or similar record."""
        self.converse(self._follow())

    async def _follow(self) -> None:
        others = related(self._seen) if self._seen is not None else ()
        if not others:
            self.say("Nothing is linked to it, and nothing is like it.")
            return
        choices = [
            Choice(one.number, one.number, f"{one.how} · {one.title}", number=str(n) if n < 10 else "")
            for n, one in enumerate(others, 1)
        ]
        number = await self.app.push_screen_wait(ChooseModal(self.session, "Open", choices))
        if number is not None:
            self.post_message(OpenRecord(number))


def _glance(screen: RecordScreen) -> Glance:
    """Read the record; called in a thread."""
    from deskterm.service_desk.glance import whole

    return whole(screen.desk, screen.number)
