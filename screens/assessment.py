"""The self-assessment: how mature each of the eleven systems is, the questions of the one under the cursor, what answers them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.messages import OpenQueue
from screens.permitted import PermittedScreen
from screens.when import day
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.assessment.running import Answer, Kept, ProcessMaturity
    from screens.session import Session

MOST = 5
BAR = {"full": ("█", "#"), "rest": ("·", ".")}
SIGNS = {"yes": ("✓", "+", "good"), "no": ("✖", "X", "breach"), "n/a": ("–", "-", "muted")}  # noqa: RUF001
"""Glyph, that in ASCII, and style of each answer."""


class AssessmentScreen(PermittedScreen[None]):
    """Eleven systems with their levels, and the questions of one of them."""

    CSS_PATH = "assessment.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("assessment", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("assessment")

    summary = query_one("#summary", TextPane)
    systems = query_one("#systems", FixedList)
    answers = query_one("#answers", FixedList)

    def __init__(self, session: Session) -> None:
        """Make the screen."""
        super().__init__(session)
        self._found: tuple[ProcessMaturity, ...] = ()
        self._kept: tuple[Kept, ...] = ()

    def body(self) -> ComposeResult:
        """What came of it, the systems, the questions."""
        ascii_only = self.session.ascii_only
        yield TextPane(ascii_only=ascii_only, id="summary")
        yield FixedList(
            system_columns(self._before, ascii_only=ascii_only), row_key=lambda one: one.process, ascii_only=ascii_only,
            id="systems", empty_text="Asking eleven systems …",
        )  # fmt: skip
        yield FixedList(
            answer_columns(ascii_only=ascii_only), row_key=lambda one: one.question, ascii_only=ascii_only, id="answers",
            empty_text="No question is declared for this system.",
        )  # fmt: skip

    def opened(self) -> None:
        """Ask."""
        self.path = ("DeskTerm", "Overview", "Self-assessment")
        self.summary.show((("Asking …", "muted"),))
        self.systems.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.assessment.running import assess, history

        desk = self.desk
        self.read("assessment", lambda: (assess(desk), history(desk, limit=12)), self._show)

    def _show(self, found: tuple[tuple[ProcessMaturity, ...], tuple[Kept, ...]]) -> None:
        self._found, self._kept = found
        self.summary.show(told(self._found, self._kept, self.session.tz))
        self.systems.show(self._found)
        self._show_answers()

    def _before(self, process: str) -> int | None:
        """Return what a system was in the last assessment that was kept."""
        return self._kept[0].maturity.get(process) if self._kept else None

    def _show_answers(self) -> None:
        one: ProcessMaturity | None = self.systems.cursor_row
        self.answers.show(() if one is None else one.answers)

    @on(PagedList.RowHighlighted, "#systems")
    def _moved(self, event: PagedList.RowHighlighted[ProcessMaturity]) -> None:
        event.stop()
        self._show_answers()

    @on(PagedList.RowOpened, "#systems")
    def _ask(self, event: PagedList.RowOpened[ProcessMaturity]) -> None:
        event.stop()
        self.answers.focus()

    @on(PagedList.RowOpened, "#answers")
    def _evidence(self, event: PagedList.RowOpened[Answer]) -> None:
        event.stop()
        evidence = event.row.evidence
        if not evidence.query:
            self.say(f"{event.row.question} {evidence.said}.")
        elif all(self.desk.registry.kind(name).is_work for name in evidence.kinds):
            self.post_message(OpenQueue(evidence.query, kinds=evidence.kinds, title=event.row.question))
        else:
            from screens.kind_list import KindListScreen

            self.app.push_screen(KindListScreen(self.session, evidence.kinds[0], query=evidence.query, path=("Self-assessment",)))

    # Keys.

    async def action_back(self) -> None:
        """From the questions to the systems, from there to where one came from."""
        if self.focused is self.answers:
            self.systems.focus()
        else:
            await super().action_back()

    def action_beside(self) -> None:
        """Go to the other list."""
        (self.systems if self.focused is self.answers else self.answers).focus()

    def action_keep(self) -> None:
        """Keep this assessment."""
        from deskterm.assessment.running import keep

        self.write(partial(keep, self.desk), lambda kept: self._kept_it())

    def _kept_it(self) -> None:
        self.say("Kept; later assessments are compared with it.")
        self._read()


def told(found: tuple[ProcessMaturity, ...], kept: tuple[Kept, ...], tz: str) -> tuple[tuple[str, str], ...]:
    """Return the lines above the lists: the mean, and how it was when it was kept."""
    from deskterm.assessment.rules import overall
    from deskterm.reports.assessment import words

    mean = overall(one.maturity for one in found)
    line = f"{words(mean)} of {MOST} over all systems"
    if not kept:
        return ((line, "strong"), ("None was kept yet: K keeps this one, to compare later ones with it.", "muted"))
    before = "  ".join(f"{words(one.overall)} {day(one.at, tz)}" for one in kept[:4])
    return ((line, "strong"), (f"kept before: {before}", "muted"))


def system_columns(before: Callable[[str], int | None], *, ascii_only: bool = False) -> list[Column[ProcessMaturity]]:
    """Return the columns of the systems: name, level as a bar, what it is called, what has changed, what comes next."""
    full, rest = (BAR[name][ascii_only] for name in ("full", "rest"))

    def level(one: ProcessMaturity, _: int) -> Cell:
        if one.maturity is None:
            return "n/a", "muted"
        return f"{full * one.maturity}{rest * (MOST - one.maturity)} {one.maturity}", "accent"

    def change(one: ProcessMaturity, _: int) -> Cell:
        old = before(one.process)
        if old is None or one.maturity is None or old == one.maturity:
            return ""
        return (f"+{one.maturity - old}", "good") if one.maturity > old else (str(one.maturity - old), "breach")

    def name(one: ProcessMaturity, _: int) -> Cell:
        from deskterm.assessment.rules import LEVELS

        return "" if one.maturity is None else LEVELS.get(one.maturity, "not in use")

    def step(one: ProcessMaturity, _: int) -> Cell:
        first = next((answer.question for answer in one.answers if answer.next), one.note)
        return (first, "muted")

    return [
        Column("system", "system", 14, lambda one, _: one.title),
        Column("level", "maturity", 8, level),
        Column("word", "level", 11, name, priority=2),
        Column("change", "", 2, change),
        Column("next", "next step", 40, step, min_width=24, grow=1),
    ]


def answer_columns(*, ascii_only: bool = False) -> list[Column[Answer]]:
    """Return the columns of the questions: level, answer, question, evidence, examples."""

    def answer(one: Answer, _: int) -> Cell:
        sign, plain, style = SIGNS[one.evidence.word.value]
        return f"{plain if ascii_only else sign} {one.evidence.word.value}", style

    return [
        Column("level", "L", 1, lambda one, _: str(one.level), align="right"),
        Column("answer", "answer", 6, answer),
        Column("question", "question", 44, lambda one, _: (one.question, "strong" if one.next else ""), min_width=30, grow=1),
        Column("evidence", "evidence", 24, lambda one, _: (one.evidence.said, "muted"), min_width=20),
        Column("examples", "such as", 30, lambda one, _: (", ".join(one.evidence.examples), "muted"), priority=3),
    ]
