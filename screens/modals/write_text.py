"""Where a reply or a note is written: what is typed is kept as a draft and comes back, whatever happens to the console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static, TextArea

from deskterm.drafts import Pen, Subject
from deskterm.errors import DeskError
from screens.base import DeskModal
from screens.messages import DeskChanged
from screens.modals.choose import Choice, ChooseModal
from screens.replacing import replace_work
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible
from widgets.text_area import DeskTextArea

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from screens.session import Session

Send = Callable[[str], Awaitable[object]]
"""Does with the text what it is for; what it raises is shown and the text stays."""


class WriteModal(DeskModal[bool]):
    """A text of several lines. Answers `True` once it is sent.

    | Key | Does |
    | --- | --- |
    | `ctrl+s` | send |
    | `ctrl+t` | insert a template |
    | `escape` | close; the text is kept and comes back |
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+t", "template", "template", id="write.template", priority=True)]

    DEFAULT_CSS = """
    WriteModal {
        & > .window { height: 60%; min-height: 12; }
        & > .window.-public { border: heavy $warning; }
        & #state { height: auto; color: $text-muted; }
        & DeskTextArea { height: 1fr; background: $surface; border: none; padding: 0; }
    }
    """

    text = query_one(DeskTextArea)

    def __init__(
        self,
        session: Session,
        title: str,
        send: Send,
        *,
        do: str,
        draft: Subject | None = None,
        public: bool = False,
        record: str = "",
        told: str = "",
    ) -> None:
        """Write.

        Args:
            session: The session.
            title: What is written, and to whom.
            send: What is done with it.
            do: A word for doing it.
            draft: What the text is about, so that it comes back in the same place; `None` keeps none.
            public: Whether somebody outside the desk reads it.
            record: The record it is about: its state is watched while one writes.
            told: What the window says above the text until the state changes.
        """
        super().__init__(session)
        self._title, self._send, self._do = title, send, do
        self._draft, self._public, self._record, self._told = draft, public, record, told
        self._state = ""
        self._done = False
        self._pen: Pen | None = None

    def compose(self) -> ComposeResult:
        """Whom it goes to, the text, the keys."""
        ascii_only = self.session.ascii_only
        with Vertical(classes=f"window{' -public' if self._public else ''}") as window:
            window.border_title = Content(visible(self._title, 70))
            yield Static(Content(visible(self._told, 200)), id="state")
            yield DeskTextArea()
            yield Static(classes="wrong", markup=False)
            yield KeyBar(
                (KeyHint("^s", self._do, keep=True), KeyHint("^t", "template"), KeyHint("esc", "keep for later", keep=True)),
                ascii_only=ascii_only,
            )

    def on_mount(self) -> None:
        """Take up the draft, and learn the record's state."""
        self.text.focus()
        if self._draft is not None:
            self.read("draft", self._take_up, self._go_on)
        if self._record:
            self.read("state", self._read_state, self._know_state)

    def _show_keys(self, _: object) -> None:
        """The keys do not change while the window stands."""

    @property
    def unsaved(self) -> str:
        """What is typed and not sent."""
        return "" if self._done or not self.is_attached or not self.text.text.strip() else self._title

    def save_draft(self) -> None:
        """Keep the text as it is now."""
        if self._pen is not None and not self._done and self.is_attached:
            text = self.text.text
            self._pen.keep({"text": text} if text.strip() else {}, f"{self._title}: {' '.join(text[:120].split())}")

    def _take_up(self) -> tuple[Pen | None, str]:
        journal, subject = self.session.drafts, self._draft
        if journal is None or subject is None:
            return None, ""
        same = (subject.form, subject.number)
        kept = next((one for one in journal.left() if (one.subject.form, one.subject.number) == same), None)
        if kept is None:
            return journal.begin(subject), ""
        return journal.take_up(kept), str(kept.content.get("text", ""))

    def _go_on(self, found: tuple[Pen | None, str]) -> None:
        self._pen, before = found
        if before:
            typed = self.text.text
            self.text.load_text(before + typed)
            self.text.move_cursor(self.text.document.end)
        self.save_draft()

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.save_draft()

    @on(DeskTextArea.Trimmed)
    def _trimmed(self, event: DeskTextArea.Trimmed) -> None:
        self.say(event.text, severity="warning")

    def _read_state(self) -> tuple[str, str]:
        view = self.desk.show(self._record)
        last = next((line.actor for line in reversed(view.journal) if line.what == "state"), "")
        return view.state, last

    def _know_state(self, found: tuple[str, str]) -> None:
        state, by = found
        if self._state and state != self._state:
            told = f"{self._record} is {state} now: {by} changed it while you write. It goes out all the same if you send it."
            line = self.query_one("#state", Static)
            line.update(Content(visible(told, 300, ascii_only=self.session.ascii_only)))
            line.add_class("wrong", "-shown")
        self._state = state

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Say so when somebody changes the record's state meanwhile."""
        if self._record:
            self.read("state", self._read_state, self._know_state)

    def action_template(self) -> None:
        """Choose a template and put it where the cursor is."""
        self.converse(self._insert())

    async def _insert(self) -> None:
        desk = self.desk
        choices = await self.call(templates, desk, self._public)
        if not choices:
            self.say("There are no templates yet; an administrator writes them.")
            return
        body = await self.app.push_screen_wait(ChooseModal(self.session, "Insert a template", choices))
        if body is not None:
            filled = await self.call(fill, desk, body, self._record)
            self.text.insert(filled)

    def action_save(self) -> None:
        """Send it."""
        if self.text.text.strip():
            replace_work(self, self._send_it, "send")
        else:
            self._wrong("There is nothing to send yet.")

    async def _send_it(self) -> None:
        try:
            await self._send(self.text.text)
        except DeskError as refusal:
            self._wrong(f"{refusal.message} The text is kept.")
            return
        self._done = True
        if self._pen is not None:
            self._pen.discard()
        self.dismiss(True)

    def _wrong(self, sentence: str) -> None:
        wrong = self.query_one(".wrong:last-of-type", Static)
        wrong.set_class(True, "-shown")
        wrong.update(Content(visible(sentence, 400, ascii_only=self.session.ascii_only)))

    def action_close(self) -> None:
        """Close; the text stays as a draft."""
        self.save_draft()
        if self._pen is not None:
            if self.unsaved:
                self.say("Kept as a draft: it comes back when you write here again.")
            self._pen.lay_down()
        self.dismiss(None)


def templates(desk: Desk, public: bool) -> tuple[Choice[str], ...]:
    """Return the templates for replies or for notes, by name. Call it in a thread."""
    query = f"state:active public:{'yes' if public else 'no'}"
    rows = desk.page(desk.prepare(("template",), query, "name"), limit=100, columns=("body",)).rows
    return tuple(
        Choice(str(row.values.get("body") or ""), row.title, " ".join(str(row.values.get("body"))[:80].split())) for row in rows
    )


def fill(desk: Desk, body: str, record: str) -> str:
    """Return a template with the names of a record in the place of `{number}`, `{caller}` and `{agent}`. Call it in a thread."""
    caller = ""
    if record:
        view = desk.show(record)
        requester = view.values.get("requester")
        caller = view.names[requester].title if requester is not None and requester in view.names else ""
    for name, value in (("number", record), ("caller", caller), ("agent", desk.actor.login)):
        body = body.replace(f"{{{name}}}", value)
    return body
