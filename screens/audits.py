"""Audits: which there are, and one of them, into which codes are scanned: the line for them never loses the focus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.widgets import Input

from screens import keys
from screens.kind_list import KindListScreen
from screens.messages import DeskChanged
from screens.modals.act import ActModal
from screens.modals.write_text import WriteModal
from screens.permitted import PermittedScreen
from screens.when import short
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.line_bar import LineBar, Piece, spread
from widgets.text_input import TextInput

if TYPE_CHECKING:
    from deskterm.configuration.audits import AuditView, Line, Scanned
    from deskterm.records.schema import Row
    from screens.session import Session

SIGNS = {"scanned": ("✓", "v"), "missing": ("·", "."), "unexpected": ("!", "!")}
TONES = {"scanned": "good", "missing": "", "unexpected": "risk"}
SAID = {
    "found": "found",
    "again": "was scanned already",
    "unexpected": "should not be here",
    "unknown": "nothing carries this code",
    "ambiguous": "several carry this code",
}
WELL = ("found", "again")


class AuditsScreen(KindListScreen):
    """The audits, the newest first."""

    def __init__(self, session: Session) -> None:
        """Make the list."""
        super().__init__(session, "audit", query="*")

    def empty_text(self) -> str:
        """Say what to do."""
        return "Nothing was audited yet.\nn begins an audit: what is recorded at a place is frozen, then scanned against."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An audit is not retired; it is closed."""
        return False if action == "retire" else super().check_action(action, parameters)

    def open_row(self, row: Row) -> None:
        """Scan into it."""
        self.app.push_screen(AuditScreen(self.session, row.number))


class AuditHead(LineBar):
    """How far an audit has come."""

    view: AuditView | None = None

    def pieces(self, width: int) -> list[Piece]:
        """Counts on the left, accuracy on the right."""
        view = self.view
        if view is None:
            return []
        accuracy = "n/a" if view.accuracy is None else f"{view.accuracy:.1f} %"
        said = [
            Piece(f" {view.state}", "strong"), Piece(f"  {view.scanned:,} of {view.expected:,} found", "good"),
            Piece(f"  {view.missing:,} missing", "soon" if view.missing else "muted"),
            Piece(f"  {view.unexpected:,} unexpected", "risk" if view.unexpected else "muted"),
        ]  # fmt: skip
        return spread(said, [Piece(f"accuracy {accuracy} ", "strong")], width)


class CodeInput(TextInput):
    """Where codes are typed or scanned; the list below scrolls without it losing the focus.

    | Key | Does |
    | --- | --- |
    | `enter` | take the code |
    | `down`, `up`, `pagedown`, `pageup` | scroll the list |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "scan", id="audit.scan", show=True),
        Binding("down", "screen.look(1)", "down", id="audit.down", show=False),
        Binding("up", "screen.look(-1)", "up", id="audit.up", show=False),
        Binding("pagedown", "screen.look(20)", "page down", id="audit.page_down", show=False),
        Binding("pageup", "screen.look(-20)", "page up", id="audit.page_up", show=False),
    ]


class AuditScreen(PermittedScreen[None]):
    """Head, the line for codes, and what is unexpected, missing and found."""

    CSS_PATH = "inbox.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("audit",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("audit")

    head = query_one("#head", AuditHead)
    code = query_one("#code", CodeInput)
    lines = query_one("#lines", FixedList)
    told = query_one("#told", LineBar)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of one audit."""
        super().__init__(session)
        self.number = number
        self.view: AuditView | None = None
        self._newest: list[str] = []
        """The codes that were taken here, the newest last."""

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield AuditHead(ascii_only=ascii_only, id="head")
        yield CodeInput(
            placeholder="scan or type an asset number, a serial number, a CI number or a name", max_length=120, id="code"
        )
        yield Told(ascii_only=ascii_only, id="told")
        rows: FixedList[Line] = FixedList(
            self._columns(ascii_only),
            row_key=lambda line: str(line.id),
            now=self.session.now(),
            ascii_only=ascii_only,
            empty_text="Nothing is expected here.",
            id="lines",
        )
        rows.can_focus = False
        yield rows

    def _columns(self, ascii_only: bool) -> list[Column[Line]]:
        plain, session = int(ascii_only), self.session

        def when(line: Line, _: int) -> Cell:
            if line.scanned_at is None:
                return ""
            return f"{short(line.scanned_at, session.now(), session.tz)} {line.scanned_by}", "muted"

        return [
            Column("sign", "", 1, lambda line, _: (SIGNS[line.state][plain], TONES[line.state])),
            Column("state", "what", 10, lambda line, _: (line.state, TONES[line.state])),
            Column("code", "label", 18, lambda line, _: line.code, min_width=12),
            Column("number", "CI", 9, lambda line, _: line.number or ("unknown", "muted")),
            Column("title", "name", 24, lambda line, _: line.title, min_width=16, grow=1),
            Column("type", "type", 14, lambda line, _: (line.type, "muted"), priority=3),
            Column("location", "recorded at", 18, lambda line, _: (line.location, "muted"), priority=2),
            Column("when", "scanned", 16, when, priority=1),
        ]

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Audits", self.number)
        self.code.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.configuration.audits import view

        desk, number = self.desk, self.number
        self.read("audit", lambda: view(desk, number), self._show)

    def _show(self, found: AuditView) -> None:
        self.view = found
        self.path = ("DeskTerm", "Audits", f"{found.number} {found.name}")
        self.head.view = found
        self.head.refresh()
        self.lines.show(found.lines)
        self.code.disabled = found.state != "open"
        self.refresh_bindings()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again: a colleague may scan at the other end of the corridor."""
        if self._was_opened:
            self._read()

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view = self.view
        if view is None or action not in ("take_back", "many", "close_audit"):
            return ""
        if lacking := self.lacks("edit", self.desk.registry.kind("audit")):
            return lacking
        if view.state != "open":
            return f"{view.number} is {view.state}; it stands as it is."
        return "Nothing was scanned here yet." if action == "take_back" and not self._newest else ""

    @on(Input.Submitted)
    def _scan(self, event: Input.Submitted) -> None:
        event.stop()
        from deskterm.configuration.audits import codes_of, scan

        codes = codes_of(event.value)
        self.code.value = ""
        if codes:
            self.write(lambda: scan(self.desk, self.number, codes), self._scanned)

    def _scanned(self, results: tuple[Scanned, ...]) -> None:
        self._newest += [one.code for one in results if one.result not in ("again", "ambiguous")]
        told = self.query_one("#told", Told)
        if len(results) == 1:
            one = results[0]
            about = " ".join(filter(None, (one.number, one.title, f"recorded at {one.location}" if one.location else "")))
            told.show(f"{one.code}: {SAID[one.result]}. {about}".rstrip(), "good" if one.result in WELL else "breach")
        else:
            counts = {word: sum(one.result == word for one in results) for word in SAID}
            said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
            told.show(f"{len(results)} codes: {said}", "good" if set(counts) <= set(WELL) else "strong")
        if any(one.result not in WELL for one in results):
            self.app.bell()
        self._read()

    def action_look(self, lines: int) -> None:
        """Scroll the list."""
        self.lines.cursor += lines

    def action_take_back(self) -> None:
        """Take the newest scan back."""
        from deskterm.configuration.audits import take_back

        code = self._newest.pop()

        def back(_: int) -> None:
            self.query_one("#told", Told).show(f"{code}: taken back", "muted")
            self._read()

        self.write(lambda: take_back(self.desk, self.number, [code]), back)

    def action_many(self) -> None:
        """Take many codes at once."""
        from deskterm.configuration.audits import codes_of, scan

        async def send(text: str) -> None:
            self._scanned(await self.commit(lambda: scan(self.desk, self.number, codes_of(text))))

        self.app.push_screen(WriteModal(self.session, "Codes, one a line", send, do="scan"))

    def action_close_audit(self) -> None:
        """End it; ask whether what was not found is to be noted as missing."""
        self.converse(self._close())

    async def _close(self) -> None:
        view = self.view
        if view is None:
            return
        from deskterm.forms.derive import form_field

        action = self.desk.registry.kind("audit").workflow.action("close")
        fields = tuple(form_field(item, None, {}, self.session.tz, new=True) for item in action.inputs)

        async def close(typed: Mapping[str, object]) -> object:
            return await self.commit(lambda: self.desk.act(self.number, "close", typed))

        told = f"{view.scanned:,} of {view.expected:,} found, {view.missing:,} missing, {view.unexpected:,} unexpected."
        modal: ActModal[object] = ActModal(self.session, f"Close {self.number}", fields, close, told=told, do="close")
        if await self.app.push_screen_wait(modal) is not None:
            self._read()


class Told(LineBar):
    """What became of the newest code."""

    said: tuple[str, str] = ("", "")

    def show(self, text: str, style: str) -> None:
        """Say something."""
        self.said = text, style
        self.refresh()

    def pieces(self, width: int) -> list[Piece]:
        """One sentence."""
        text, style = self.said
        return [Piece(f" {self.clean(text, max(1, width - 2))}", style)]
