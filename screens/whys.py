"""The five whys of a problem, by keyboard: ask on, reword, judge, move, drop, and make an answer the root cause."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.forms.schema import Answer, FieldKind, FormField
from screens import keys
from screens.messages import DeskChanged
from screens.modals.act import ActModal
from screens.permitted import PermittedScreen
from screens.problem_lines import VERDICTS
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.problem.schema import WhyLine
    from deskterm.records.schema import RecordView
    from screens.session import Session

NEXT = {"open": "confirmed", "confirmed": "rejected", "rejected": "open"}
"""What judging once more says."""
LIMIT = 1_000


class WhysScreen(PermittedScreen[None]):
    """An outline, and the answer under the cursor in full."""

    CSS_PATH = "whys.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("whys", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("whys")

    answers = query_one("#answers", FixedList)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session, number: str) -> None:
        """Make the outline of one problem."""
        super().__init__(session)
        self.number = number
        self.view: RecordView | None = None
        self._goal = ""
        """Number of the answer that the cursor goes to once it is read again."""

    def body(self) -> ComposeResult:
        """The outline and the pane."""
        ascii_only = self.session.ascii_only
        yield FixedList(
            columns(ascii_only=ascii_only),
            row_key=lambda line: str(line.id),
            ascii_only=ascii_only,
            empty_text="Nobody has asked why yet.\nn begins: why did it happen?",
            id="answers",
        )
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Problems", self.number, "why")
        self.answers.focus()
        self._read()

    def _read(self, goal: str = "") -> None:
        from deskterm.problem.dossier import outline_of

        self._goal = goal or self._goal
        desk, number = self.desk, self.number
        self.read("whys", lambda: outline_of(desk, number), self._show)

    def _show(self, found: tuple[RecordView, tuple[WhyLine, ...]]) -> None:
        self.view, lines = found
        self.path = ("DeskTerm", "Problems", f"{self.view.number} {self.view.title}", "why")
        goal = next((n for n, line in enumerate(lines) if line.number == self._goal), None)
        self._goal = ""
        if goal is None:
            self.answers.show(lines)
        else:
            self.answers.show_at(lines, goal)
        self._show_line()

    @property
    def line(self) -> WhyLine | None:
        """The answer under the cursor."""
        rows, place = self.answers.rows, self.answers.cursor
        return rows[place] if 0 <= place < len(rows) else None

    def _show_line(self) -> None:
        line, view = self.line, self.view
        cause = str(view.values.get("root_cause") or "") if view is not None else ""
        texts: list[tuple[str, str]] = []
        if line is not None:
            texts = [(f"{line.number} {line.text}", "strong"), (f"{line.verdict}, by {line.actor}", VERDICTS[line.verdict][2])]
            texts += [(f"shown by: {' '.join(line.evidence.split())}", "")] if line.evidence else []
        texts.append(
            (
                f"root cause: {' '.join(cause.split())}" if cause else "no root cause is recorded yet",
                "accent" if cause else "muted",
            )
        )
        self.pane.show(tuple(texts))
        self.refresh_bindings()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[WhyLine]) -> None:
        event.stop()
        self._show_line()

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[WhyLine]) -> None:
        event.stop()
        if refusal := self.refusal("reword"):
            self.say(refusal, severity="warning")
        else:
            self.action_reword()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again when the problem changed."""
        if self._was_opened and (event.everything or (self.view is not None and self.view.id in event.ids)):
            self._read()

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if (
            action not in ("ask", "beside", "reword", "judge", "evidence", "move", "nest", "drop", "root_cause")
            or self.view is None
        ):
            return ""
        kind = self.desk.registry.kind("problem")
        if self.view.state not in kind.workflow.action("ask-why").sources:
            return f"{self.number} is {self.view.state.replace('-', ' ')}: its outline stands as it is."
        if lacking := self.lacks("act", kind):
            return lacking
        return "" if action in ("ask", "beside") or self.line is not None else "There is no answer under the cursor."

    # What the keys do.

    def _act(self, action: str, values: Mapping[str, Any], goal: str = "") -> None:
        self.write(lambda: self.desk.act(self.number, action, values), lambda _: self._read(goal))

    def action_ask(self) -> None:
        """Ask why of the answer under the cursor."""
        line = self.line
        question = f"Why: {line.text}?" if line is not None else f"Why: {self.view.title if self.view else self.number}?"
        self.converse(self._ask(question, line.number if line is not None else ""))

    def action_beside(self) -> None:
        """Give another answer to the same question."""
        line = self.line
        above = line.number.rpartition(".")[0] if line is not None else ""
        self.converse(self._ask("Another answer", above))

    async def _ask(self, title: str, under: str) -> None:
        beside = [line for line in self.answers.rows if line.number.rpartition(".")[0] == under]
        goal = f"{under}.{len(beside) + 1}" if under else str(len(beside) + 1)
        text = FormField("text", "Because", required=True, limit=LIMIT, help="One reason; another one gets a line of its own.")
        given = {"under": under} if under else {}
        await self._form(title, (text,), "ask-why", given, goal)

    async def _form(self, title: str, fields: tuple[FormField, ...], action: str, given: Mapping[str, Any], goal: str) -> None:
        async def do_it(typed: Mapping[str, object]) -> bool:
            await self.commit(partial(self.desk.act, self.number, action, {**given, **typed}))
            return True

        if await self.app.push_screen_wait(ActModal(self.session, title, fields, do_it, do="keep")):
            self._read(goal)

    def action_reword(self) -> None:
        """Put it in other words."""
        if (line := self.line) is not None:
            text = FormField("text", "Because", required=True, limit=LIMIT, answer=Answer(line.text), value=line.text)
            self.converse(
                self._form(f"Answer {line.number}", (text,), "edit-why", {"why": line.number, "text": line.text}, line.number)
            )

    def action_evidence(self) -> None:
        """Say what shows it, or what speaks against it."""
        if (line := self.line) is not None:
            shown = FormField(
                "evidence", "Shown by", FieldKind.LINES, limit=4_000, answer=Answer(line.evidence), value=line.evidence
            )
            self.converse(self._form(f"Answer {line.number}", (shown,), "edit-why", {"why": line.number}, line.number))

    def action_judge(self) -> None:
        """Confirm it, reject it, leave it open: the next of the three."""
        if (line := self.line) is not None:
            self._act("edit-why", {"why": line.number, "verdict": NEXT[line.verdict]}, line.number)

    def action_move(self, step: int) -> None:
        """Put it further down or up among those beside it."""
        if (line := self.line) is None:
            return
        above, _, place = line.number.rpartition(".")
        beside = sum(one.number.rpartition(".")[0] == above for one in self.answers.rows)
        goal = min(max(int(place) + step, 1), beside)
        if goal != int(place):
            self._act("edit-why", {"why": line.number, "place": goal}, f"{above}.{goal}" if above else str(goal))

    def action_nest(self, step: int) -> None:
        """Put it below the one before it, or beside the one it is below."""
        if (line := self.line) is None:
            return
        above, _, place = line.number.rpartition(".")
        if step > 0 and int(place) > 1:
            under = f"{above}.{int(place) - 1}" if above else str(int(place) - 1)
            below = sum(one.number.rpartition(".")[0] == under for one in self.answers.rows)
            self._act("edit-why", {"why": line.number, "under": under}, f"{under}.{below + 1}")
        elif step < 0 and above:
            outer, _, last = above.rpartition(".")
            goal = f"{outer}.{int(last) + 1}" if outer else str(int(last) + 1)
            self._act("edit-why", {"why": line.number, "under": outer or "0", "place": int(last) + 1}, goal)
        else:
            self.say("It is as far out as can be." if step < 0 else "There is no answer before it to put it under.")

    def action_drop(self) -> None:
        """Take it out of the outline, with all below it."""
        if (line := self.line) is not None:
            self._act("drop-why", {"why": line.number})

    def action_root_cause(self) -> None:
        """Make it the root cause."""
        self.converse(self._root_cause())

    async def _root_cause(self) -> None:
        line = self.line
        if line is None:
            return
        receipt = await self.commit(partial(self.desk.act, self.number, "root-cause", {"why": line.number}))
        known = (
            ", and the error is known" if receipt.state == "known-error" else "; a workaround is missing to make it a known error"
        )
        self.say(f"{line.number} is the root cause of {self.number}{known}.")
        self._read(line.number)


def columns(*, ascii_only: bool) -> list[Column[WhyLine]]:
    """Return the columns of an outline."""

    def verdict(line: WhyLine, now: int) -> Cell:
        glyph, plain, style = VERDICTS[line.verdict]
        return f"{plain if ascii_only else glyph} {line.verdict}", style

    def text(line: WhyLine, now: int) -> Cell:
        return f"{'  ' * line.depth}{line.number} {line.text}", "muted" if line.verdict == "rejected" else ""

    return [
        Column("verdict", "verdict", 11, verdict),
        Column("text", "why", 50, text, min_width=30, grow=1),
        Column("actor", "by", 10, lambda line, _: (line.actor, "muted"), priority=1),
    ]
