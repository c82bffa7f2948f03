"""CAB mode: the agenda of a board, one change to a page; vote by a key, say why, go on; the minutes are written at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from screens import keys
from screens.cab_page import CabHead, page_lines, side_lines
from screens.messages import DeskChanged, OpenRecord
from screens.modals.ask import AskModal
from screens.modals.write_text import WriteModal
from screens.permitted import Lacking, PermittedScreen
from screens.scrolled_lines import ScrolledLines

if TYPE_CHECKING:
    from deskterm.change.schema import Agenda, Sheet
    from screens.session import Session

VOTES = {"approve": "approve", "against": "reject", "abstain": "abstain"}
"""The vote that each key gives."""


class CabScreen(PermittedScreen[None]):
    """Head, the request on the left, risk, conflicts and votes on the right."""

    CSS_PATH = "cab.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("cab",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("cab")

    head = query_one("#head", CabHead)
    page = query_one("#page", ScrolledLines)
    side = query_one("#side", ScrolledLines)

    def __init__(self, session: Session, agenda: Agenda) -> None:
        """Begin a meeting.

        Args:
            session: The session.
            agenda: The board and what it has before it.
        """
        super().__init__(session)
        self.agenda = agenda
        self.place = 0
        self.sheet: Sheet | None = None
        self.remarks: dict[str, str] = {}
        """What goes into the minutes beside the votes, by change."""
        self.comments: dict[str, str] = {}
        """What one says with one's next vote, by change."""
        self._began_at = session.now()

    def body(self) -> ComposeResult:
        """From top to bottom."""
        yield CabHead(ascii_only=self.session.ascii_only, id="head")
        with Horizontal(id="middle"):
            yield ScrolledLines(id="page")
            yield ScrolledLines(id="side")

    @property
    def number(self) -> str:
        """The change on the page."""
        return self.agenda.changes[self.place]

    def opened(self) -> None:
        """Show the first change."""
        self.page.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.change.meeting import sheet

        desk, number = self.desk, self.number
        self.path = ("DeskTerm", "Changes", self.agenda.board, f"{self.place + 1} of {len(self.agenda.changes)}")
        self.read("sheet", lambda: sheet(desk, number), self._show)

    def _show(self, found: Sheet) -> None:
        turned = self.sheet is None or self.sheet.number != found.number
        self.sheet = found
        self.head.show(found, self.place, len(self.agenda.changes), self.session.now() - self._began_at)
        tz, ascii_only = self.session.tz, self.session.ascii_only
        said, remark = self.comments.get(found.number, ""), self.remarks.get(found.number, "")
        self.page.show(lambda width: page_lines(found, width, tz, ascii_only=ascii_only))
        self.side.show(lambda width: side_lines(found, width, said, remark, ascii_only=ascii_only))
        if turned:
            self.page.scroll_home(animate=False)
            self.side.scroll_home(animate=False)
        self.refresh_bindings()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """A member voted, or the author edited."""
        if self._was_opened:
            self._read()

    def tick(self, now: int) -> None:
        """Let the clock of the meeting run."""
        self.head.pass_time(now - self._began_at)

    # Keys.

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if self.sheet is None:
            return ""
        if action in VOTES:
            return Lacking(self.sheet.refusal) if self.sheet.lacks_right else self.sheet.refusal
        if action == "comment":
            return self.sheet.refusal
        return self.lacks("create", self.desk.registry.kind("board-meeting")) if action == "minutes" else ""

    def tried_on(self, action: str) -> str:
        """The change on the page, for its votes."""
        return self.number if action in VOTES else ""

    def action_turn(self, step: int) -> None:
        """To the next change, or the one before."""
        place = self.place + step
        if not 0 <= place < len(self.agenda.changes):
            self.say("That was the last one; M writes the minutes." if step > 0 else "This is the first one.")
            return
        self.place = place
        self._read()

    def action_approve(self) -> None:
        """Vote for it."""
        self._vote("approve")

    def action_against(self) -> None:
        """Vote against it."""
        self._vote("against")

    def action_abstain(self) -> None:
        """Abstain."""
        self._vote("abstain")

    def _vote(self, action: str) -> None:
        from deskterm.change.meeting import vote

        found = self.sheet
        if found is None:
            return
        word, said = VOTES[action], self.comments.get(found.number, "")

        def done(receipt: object) -> None:
            self.comments.pop(found.number, None)
            self.say(f"{found.number}: you voted {word}.")
            self._read()

        self.write(lambda: vote(self.desk, found.number, word, said, found.content), done)

    def action_comment(self) -> None:
        """Write what goes with one's vote."""
        number = self.number

        async def keep(text: str) -> None:
            self.comments[number] = text.strip()
            self._read()

        self.app.push_screen(WriteModal(self.session, f"With your vote on {number}", keep, do="keep"))

    def action_remark(self) -> None:
        """Write what the minutes say of the change."""
        number = self.number

        async def keep(text: str) -> None:
            self.remarks[number] = text.strip()
            self._read()

        self.app.push_screen(WriteModal(self.session, f"For the minutes, on {number}", keep, do="keep"))

    def action_explain(self) -> None:
        """Say how the risk adds up and how the vote stands."""
        from screens import change_flows

        self.converse(change_flows.explain(self, self.number))

    def action_whole(self) -> None:
        """Open the change itself."""
        self.post_message(OpenRecord(self.number))

    def action_minutes(self) -> None:
        """End the meeting; ask first."""
        self.converse(self._end())

    async def _end(self) -> None:
        from deskterm.change.meeting import close_meeting

        count = len(self.agenda.changes)
        text = f"{self.agenda.board}, {count} changes. The minutes say who voted what, and are not changed any more."
        if not await self.app.push_screen_wait(AskModal(self.session, "End the meeting?", text, yes="write the minutes")):
            return
        agenda, began, remarks = self.agenda, self._began_at, dict(self.remarks)
        receipt, _ = await self.commit(lambda: close_meeting(self.desk, agenda, agenda.changes, began, remarks))
        self.dismiss()
        self.app.call_later(self.say, f"{receipt.number} holds the minutes.")
