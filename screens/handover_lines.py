"""One shift handover, line by line: each is acknowledged or its record given to somebody; then both leads have signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.handover_rows import HandoverHead, Lines, columns, in_full
from screens.messages import DeskChanged, OpenRecord
from screens.modals.ask import AskModal
from screens.modals.choose import Choice, ChooseModal
from screens.modals.write_text import WriteModal
from screens.permitted import PermittedScreen
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.service_desk.handover_schema import HandoverView, Line
    from screens.session import Session

ANSWERS = frozenset({"acknowledge", "reassign", "reconsider"})


class HandoverLinesScreen(PermittedScreen[None]):
    """Head, lines, and the line under the cursor in full."""

    CSS_PATH = "handover.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("handover", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("handover")

    lines = query_one("#lines", Lines)
    head = query_one("#head", HandoverHead)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of one handover."""
        super().__init__(session)
        self.number = number
        self.view: HandoverView | None = None
        self._going_on = False
        """Once it is read again, the cursor goes to the next line without an answer."""

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield HandoverHead(ascii_only=ascii_only, id="head")
        yield Lines(
            columns(self.session.tz, ascii_only=ascii_only),
            row_key=lambda line: str(line.position),
            now=self.session.now(),
            ascii_only=ascii_only,
            empty_text="Nothing was open when the shift was closed.\nS signs   n adds a note",
            id="lines",
        )
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Handover", self.number)
        self.lines.focus()
        self._read()

    def _read(self, *, go_on: bool = False) -> None:
        from deskterm.service_desk.handover_reading import view

        # Remembered, because the feed may ask for another reading before this one is done.
        self._going_on = self._going_on or go_on
        desk, number = self.desk, self.number
        self.read("handover", lambda: view(desk, number), self._show)

    def _show(self, found: HandoverView) -> None:
        first, self.view = self.view is None, found
        self.path = ("DeskTerm", "Handover", f"{found.number} {found.name}")
        self.head.view, self.head.now, self.head.tz = found, self.session.now(), self.session.tz
        self.head.refresh()
        self.lines.show(found.lines)
        if self._going_on or (first and found.state == "handed-over" and found.outgoing != self.session.login):
            self._going_on = False
            self._to_next()
        self._show_line()
        self.refresh_bindings()

    def _to_next(self) -> None:
        """Put the cursor on the next line that is not answered, round the end."""
        view = self.view
        if view is None or not view.unanswered:
            return
        places = [index for index, line in enumerate(view.lines) if not line.is_answered]
        self.lines.cursor = next((index for index in places if index >= self.lines.cursor), places[0])

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines.cursor_row

    def _show_line(self) -> None:
        from deskterm.service_desk.handover_print import answer, details

        line, zone = self.line, ZoneInfo(self.session.tz)
        self.pane.show(() if line is None else in_full(line, details(line, zone), answer(line, zone)))

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Line]) -> None:
        event.stop()
        self._show_line()
        self.refresh_bindings()

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Line]) -> None:
        event.stop()
        if event.row.number:
            self.post_message(OpenRecord(event.row.number))
        else:
            self.say("This line is about no record.")

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again: the handover itself, or a record it is about, may have changed."""
        if self._was_opened:
            self._read()

    def tick(self, now: int) -> None:
        """Let the clocks run."""
        self.lines.tick(now)

    # What is possible.

    def tried_on(self, action: str) -> str:
        """What the screen is about."""
        return self.number

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view = self.view
        if view is None or action not in (*ANSWERS, "comment", "add_note", "sign", "be_incoming", "withdraw"):
            return ""
        login, state = self.session.login, view.state
        if state in ("accepted", "withdrawn"):
            return f"{view.number} is {state}; it stands as it is."
        if lacking := self.lacks("act", self.desk.registry.kind("handover")):
            return lacking
        if action in ("add_note", "withdraw"):
            return "" if state == "open" else "It is signed: nothing is added or dropped any more."
        if action == "be_incoming":
            return "You hand it over yourself." if view.outgoing == login else "You are." if view.incoming == login else ""
        if state == "open":
            return self._while_open(action, view, login)
        if view.outgoing == login:
            return "You hand it over; the incoming lead answers and signs now."
        if view.incoming and view.incoming != login:
            return f"{view.incoming} is the incoming lead; i makes you it."
        return "" if action == "sign" else self._about_line(action)

    def _while_open(self, action: str, view: HandoverView, login: str) -> str:
        if action in ANSWERS:
            return f"It is answered once {view.outgoing} has signed."
        return "" if view.outgoing == login else f"Until it is signed, it is {view.outgoing}'s."

    def _about_line(self, action: str) -> str:
        line = self.line
        if line is None:
            return "There is no line here."
        if action == "reconsider" and not line.is_answered:
            return "This line is not answered yet."
        return "This line is about no record; a acknowledges it." if action == "reassign" and not line.number else ""

    # Answers.

    def _answer(self, function: Callable[[int], object]) -> None:
        """Write an answer to the line under the cursor, then go on to the next that has none."""
        line = self.line
        if line is not None:
            position = line.position
            self.write(lambda: function(position), lambda _: self._read(go_on=True))

    @on(Lines.Answered)
    def _known(self) -> None:
        if refusal := self.refusal("acknowledge"):
            self.say(refusal, severity="warning")
        else:
            self.action_acknowledge()

    def action_acknowledge(self) -> None:
        """Acknowledge the line."""
        from deskterm.service_desk.handover import acknowledge

        self._answer(lambda position: acknowledge(self.desk, self.number, position))

    def action_reconsider(self) -> None:
        """Take the answer back."""
        from deskterm.service_desk.handover import reconsider

        line = self.line
        if line is not None:
            self.write(lambda: reconsider(self.desk, self.number, line.position), lambda _: self._read())

    def action_reassign(self) -> None:
        """Ask whom, and give the record away."""
        self.converse(self._reassign())

    async def _reassign(self) -> None:
        from deskterm.service_desk.assigning import candidates
        from deskterm.service_desk.handover import reassign

        line = self.line
        if line is None:
            return
        everybody = await self.call(candidates, self.desk)
        choices = [Choice(one, one.name, one.detail) for one in everybody]
        title = f"Reassign {line.number}"
        to = await self.app.push_screen_wait(ChooseModal(self.session, title, choices, placeholder="a team or an agent"))
        if to is None:
            return
        whom = {"team": to.name} if to.kind == "team" else {"assignee": to.name}
        await self.commit(lambda: reassign(self.desk, self.number, line.position, **whom))
        self.say(f"{line.number} is with {to.name} now.")
        self._read(go_on=True)

    def action_comment(self) -> None:
        """Write a comment on the line."""
        from deskterm.service_desk.handover import comment

        line = self.line
        if line is not None:
            self._write_text(
                f"Comment on line {line.position}", lambda text: comment(self.desk, self.number, line.position, text)
            )

    def action_add_note(self) -> None:
        """Write notes, one to a line."""
        from deskterm.service_desk.handover import add_note

        self._write_text("Add to the handover, one thing to a line", lambda text: add_note(self.desk, self.number, text))

    def _write_text(self, title: str, function: Callable[[str], object]) -> None:
        async def send(text: str) -> None:
            await self.commit(lambda: function(text))
            self._read()

        self.app.push_screen(WriteModal(self.session, title, send, do="keep"))

    # The whole.

    def action_sign(self) -> None:
        """Sign; ask first, for it is not taken back."""
        self.converse(self._sign())

    async def _sign(self) -> None:
        from deskterm.service_desk.handover import accept, sign

        view = self.view
        if view is None:
            return
        outgoing = view.state == "open"
        if not outgoing and view.unanswered:
            self._to_next()
            count = len(view.unanswered)
            self.say(
                f"{count} {'line is' if count == 1 else 'lines are'} neither acknowledged nor reassigned.", severity="warning"
            )
            return
        side = "outgoing" if outgoing else "incoming"
        lines = f"{len(view.lines)} lines" if len(view.lines) != 1 else "1 line"
        text = f"{view.name}, {lines}.\nA signature is not taken back, and nothing is added after it."
        if await self.app.push_screen_wait(AskModal(self.session, f"Sign as the {side} lead?", text, yes="sign")):
            function = sign if outgoing else accept
            await self.commit(lambda: function(self.desk, self.number))
            self.say(f"{view.number}: signed as the {side} lead.")
            self._read()

    def action_be_incoming(self) -> None:
        """Become the incoming lead."""
        login = self.session.login
        self.write(lambda: self.desk.edit(self.number, {"incoming": login}), lambda _: self._read())

    def action_withdraw(self) -> None:
        """Drop it; ask first."""
        self.converse(self._withdraw())

    async def _withdraw(self) -> None:
        text = "The shift can then be closed again, with other times. Its lines are kept for history."
        if await self.app.push_screen_wait(AskModal(self.session, f"Withdraw {self.number}?", text, yes="withdraw")):
            await self.commit(lambda: self.desk.act(self.number, "withdraw"))
            self._read()

    def action_page(self) -> None:
        """Show it as it is printed."""
        self.converse(self._page())

    async def _page(self) -> None:
        from deskterm.service_desk.handover_print import render
        from screens.modals.page import PageModal

        report = await self.call(render, self.desk, self.number)
        told = f"to keep it in a file: deskterm report handover number={self.number} > handover.txt"
        await self.app.push_screen_wait(PageModal(self.session, report.title, report.text, told=told))
