"""All eleven systems on one screen: how each fares, its worst item, one key to go there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.messages import DeskChanged, Go, OpenQueue, OpenRecord
from screens.permitted import PermittedScreen
from screens.places import BY_KEY, place
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.health import Worst
    from deskterm.overview import SystemLine
    from screens.session import Session

PLACE_OF = {
    "service_desk": "queue", "incident": "", "problem": "problems", "configuration": "cis", "change": "changes",
    "release": "releases", "service_level": "levels", "availability": "availability", "capacity": "capacity",
    "continuity": "continuity", "financial": "finance",
}  # fmt: skip
"""Where each system is worked on; incidents share the queue and are listed there."""
KEY_OF = {name: key for key, name in BY_KEY.items()}
SIGNS = {
    "well": ("✓", "+", "good"), "watch": ("!", "!", "risk"), "trouble": ("✖", "X", "breach"), "quiet": ("–", "-", "muted"),  # noqa: RUF001
    "not in use": ("·", ".", "muted"), "not yours": ("‖", "=", "muted"),
}  # fmt: skip
"""Glyph, that in ASCII, and style of each word."""
REST_SECONDS = 10
"""A busy desk changes all the time: eleven systems are asked at most this often."""
FRESH_SECONDS = 60


class OverviewScreen(PermittedScreen[None]):
    """Eleven lines, and the one under the cursor in full."""

    CSS_PATH = "overview.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("overview", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("overview")

    systems = query_one("#systems", FixedList)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the overview."""
        super().__init__(session)
        self._lines: tuple[SystemLine, ...] = ()
        self._read_at = 0
        self._changed = False

    def body(self) -> ComposeResult:
        """The lines and the pane."""
        ascii_only = self.session.ascii_only
        yield FixedList(columns(ascii_only=ascii_only), row_key=lambda line: line.process, ascii_only=ascii_only, id="systems")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Ask all eleven."""
        self.path = ("DeskTerm", "Overview")
        self.systems.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.overview import systems

        self._read_at, self._changed = self.session.now(), False
        self.read("systems", partial(systems, self.desk), self._show)

    def _show(self, found: tuple[SystemLine, ...]) -> None:
        self._lines = found
        self.systems.show(found)
        self._show_line()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Ask again, once it has rested."""
        self._changed = True
        if event.everything and self._was_opened:
            self._read()

    def tick(self, now: int) -> None:
        """Ask again when something changed, and at least every minute: what is late becomes so by itself."""
        if now - self._read_at >= (REST_SECONDS if self._changed else FRESH_SECONDS):
            self._read()

    @property
    def line(self) -> SystemLine | None:
        """The system under the cursor."""
        return self._lines[self.systems.cursor] if self.systems.cursor < len(self._lines) else None

    def _show_line(self) -> None:
        line = self.line
        self.pane.show(() if line is None else in_full(line))
        self.refresh_bindings()

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[SystemLine]) -> None:
        event.stop()
        self._show_line()

    # Keys.

    def refusal(self, action: str) -> str:
        """Say why there is nothing to open."""
        line = self.line
        if line is None or action not in ("worst", "list"):
            return ""
        if action == "worst":
            worst = line.health.worst
            return "" if worst is not None and worst.number else f"{line.title}: nothing stands out."
        return "" if line.health.query else f"{line.title}: {line.health.figure}."

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[SystemLine]) -> None:
        event.stop()
        found = place(PLACE_OF[event.row.process]) if PLACE_OF[event.row.process] else None
        if found is not None:
            self.post_message(Go(found.name))
        elif event.row.health.query:
            self._list(event.row)
        else:
            self.say(f"{event.row.title}: {event.row.health.figure}.")

    def action_worst(self) -> None:
        """Open the worst item."""
        line = self.line
        if line is not None and line.health.worst is not None and line.health.worst.number:
            self.post_message(OpenRecord(line.health.worst.number))

    def action_list(self) -> None:
        """List what the line is about."""
        if self.line is not None:
            self._list(self.line)

    def action_assessment(self) -> None:
        """Go to the self-assessment."""
        self.post_message(Go("assessment"))

    def _list(self, line: SystemLine) -> None:
        health = line.health
        if all(self.desk.registry.kind(name).is_work for name in health.kinds):
            self.post_message(OpenQueue(health.query, kinds=health.kinds, title=line.title))
        else:
            from screens.kind_list import KindListScreen

            self.app.push_screen(KindListScreen(self.session, health.kinds[0], query=health.query, path=("Overview",)))


def columns(*, ascii_only: bool = False) -> list[Column[SystemLine]]:
    """Return the columns: the key, the system, the word, the figures, the worst item."""

    def word(line: SystemLine, _: int) -> Cell:
        sign, plain, style = SIGNS[line.health.word]
        return f"{plain if ascii_only else sign} {line.health.word}", style

    def worst(line: SystemLine, _: int) -> Cell:
        return "" if line.health.worst is None else worst_of(line.health.worst)

    return [
        Column("key", "", 1, lambda line, _: (KEY_OF.get(PLACE_OF[line.process], ""), "strong")),
        Column("system", "system", 14, lambda line, _: line.title),
        Column("word", "how", 12, word),
        Column("figure", "figures", 40, lambda line, _: (line.health.figure, _tone(line)), min_width=24),
        Column("worst", "worst item", 40, worst, min_width=18, grow=1, priority=1),
    ]


def worst_of(item: Worst) -> str:
    """Return the worst item in words: why before its title, which may be long."""
    return " ".join(part for part in (item.number, f"{item.why}:", item.title) if part)


def _tone(line: SystemLine) -> str:
    return "muted" if line.health.word in ("not in use", "not yours", "quiet") else ""


def in_full(line: SystemLine) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a system."""
    health = line.health
    lines = [(f"{line.title}: {health.word}. {health.figure[:1].upper()}{health.figure[1:]}.", "strong")]
    if health.worst is not None:
        lines.append((f"worst: {worst_of(health.worst)}", SIGNS[health.word][2]))
    if health.query:
        lines.append((f"listed by: {health.query}", "muted"))
    return tuple(lines)
