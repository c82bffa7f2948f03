"""The service-level board: what burns now, who carries it, how agreements fare; for supervisors, and large on a wall.

Nothing moves by itself but the clocks. When a threshold is crossed the terminal's bell rings, its line is marked, and the line at
the bottom says which it was, until the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from screens import keys
from screens.base import DeskScreen
from screens.board_lists import agreement_columns, percent, team_columns, urgent_columns
from screens.board_now import NowLine
from screens.messages import DeskChanged, OpenQueue, OpenRecord
from screens.when import clock_time, length
from widgets.fixed_list import FixedList
from widgets.line_bar import LineBar, Piece
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane
from widgets.tile import Tile
from widgets.wall_tile import WallTile

if TYPE_CHECKING:
    from deskterm.service_level.attainment import AgreementHealth
    from deskterm.service_level.board import Crossing, Figures, TeamLoad, Urgent
    from deskterm.service_level.programme import Overdue
    from deskterm.service_level.underway import Underway
    from screens.session import Session

WIDE = 100
"""Cells from which the curves have a cell for each day."""
REST_SECONDS = 5
"""A busy desk changes all the time: the board reads at most this often."""
DAYS_SECONDS = 60
"""How often the days of the agreements are judged anew."""
RUN = ("outage", "incident", "change")
"""Kinds of record that say what runs now."""
FRESH_SECONDS = 600
"""For so long the line of a record that crossed a threshold is marked."""
FAR_BACK_SECONDS = 3600
"""A board that is opened shows what was crossed within so long, without ringing for it."""

TILES = (
    ("breached", "breached", "✖", "X", "breach"),
    ("at_risk", "at risk", "!", "!", "risk"),
    ("due", "due this hour", "▏", "|", "soon"),
    ("unassigned", "unassigned", "", "", ""),
)
"""Of each tile: the figure, its label, its glyph and that in ASCII, its tone while it is not zero."""


class NewsLine(LineBar):
    """The last threshold that was crossed."""

    crossing: Crossing | None = None
    others: int = 0
    tz: str = "UTC"

    def pieces(self, width: int) -> list[Piece]:
        """When, what, which."""
        if self.crossing is None:
            return [Piece(" nothing crossed a threshold within the hour", "muted")]
        one, breach = self.crossing, self.crossing.threshold >= 100
        sign = ("X" if self.ascii_only else "✖") if breach else "!"
        what = f"{one.metric} breached" if breach else f"{one.metric} used {one.threshold} %"
        more = f"  +{self.others} more" if self.others else ""
        return [
            Piece(f" {clock_time(one.at, self.tz)} ", "strong"),
            Piece(f"{sign} {one.number} {what}", "breach" if breach else "risk"),
            Piece(f"{more}  {self.clean(one.title, max(8, width - 50))}", "muted"),
        ]


class BoardScreen(DeskScreen[None]):
    """Tiles, the ten most urgent clocks, teams beside agreements, what runs now, the news."""

    AREAS: ClassVar[tuple[str, ...]] = ("board", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("board")
    CSS_PATH = "board.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-middling"), (32, "-tall")]

    urgent = query_one("#urgent", FixedList)
    teams = query_one("#teams", FixedList)
    agreements = query_one("#agreements", FixedList)
    now = query_one("#now", NowLine)
    news = query_one("#news", NewsLine)
    programme = query_one("#programme", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the board; it is empty until the desk is open."""
        super().__init__(session)
        self._figures: Figures | None = None
        self._days: tuple[AgreementHealth, ...] = ()
        self._fresh: dict[int, int] = {}
        """Until when the line of a record is marked, by the record's id."""
        self._told: set[int] = set()
        self._since = 0
        self._changed = False
        self._narrow = False
        self._read_at = self._days_at = self._due_at = 0

    def body(self) -> ComposeResult:
        """Tiles, lists, what runs now, and the news."""
        ascii_only, now = self.session.ascii_only, self.session.now()
        with Horizontal(id="tiles"):
            for name, label, *_ in TILES:
                yield WallTile(label, ascii_only=ascii_only, id=f"tile-{name}")
        columns = urgent_columns(lambda key: key in self._fresh, ascii_only=ascii_only)
        yield FixedList(
            columns, row_key=lambda row: row.number, now=now, ascii_only=ascii_only, id="urgent",
            empty_text="No clock runs. What has no agreement has no clock: see administration, agreements.",
        )  # fmt: skip
        with Horizontal(id="below"):
            yield FixedList(
                team_columns(ascii_only=ascii_only), row_key=lambda row: row.query, now=now, ascii_only=ascii_only, id="teams",
                empty_text="No open work.",
            )  # fmt: skip
            yield FixedList(
                agreement_columns(ascii_only=ascii_only), row_key=lambda row: row.number, now=now, ascii_only=ascii_only,
                id="agreements", empty_text="No agreement is in force.",
            )  # fmt: skip
        yield NowLine(ascii_only=ascii_only, id="now")
        yield TextPane(ascii_only=ascii_only, id="programme")
        yield NewsLine(ascii_only=ascii_only, id="news")

    def opened(self) -> None:
        """Read everything; what was crossed before is shown without ringing."""
        self.path = ("DeskTerm", "Service levels", "live")
        self.news.tz = self.session.tz
        self._since = self.session.now() - FAR_BACK_SECONDS
        self.query_one("#tile-breached", WallTile).focus()
        self._read_now()
        self._read_days()

    def on_resize(self) -> None:
        """Draw shorter curves where there is less room."""
        narrow = self.size.width < WIDE
        if narrow != self._narrow:
            self._narrow = narrow
            self.agreements.set_columns(agreement_columns(narrow=narrow, ascii_only=self.session.ascii_only))

    # Reading.

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again soon: at once if it has rested, else when it has."""
        self._changed = True
        if event.concerns(frozenset({"agreement", "target", "calendar", "improvement", "outage"})):
            self._days_at = 0

    def tick(self, now: int) -> None:
        """Let the clocks run, and read when something changed or a minute is over."""
        for board in (self.urgent, self.teams):
            board.tick(now)
        rested = now - self._read_at >= REST_SECONDS
        if (self._changed and rested) or now >= self._due_at or now // 60 != self._read_at // 60:
            self._read_now()
        if now - self._days_at >= DAYS_SECONDS and not (self._changed and not rested):
            self._read_days()
        self._dim(now)

    def _read_now(self) -> None:
        from deskterm.service_level import board
        from deskterm.service_level.underway import underway

        self._read_at, self._changed = self.session.now(), False
        self._due_at = self._read_at + 60
        desk, since = self.desk, self._since
        self.read("figures", lambda: (board.figures(desk), board.crossings(desk, since), underway(desk)), self._show)

    def _read_days(self) -> None:
        from deskterm.service_level import programme
        from deskterm.service_level.attainment import agreements

        self._days_at = self.session.now()
        desk = self.desk
        self.read("days", lambda: (agreements(desk), programme.overdue(desk)), self._show_days)

    def _show_days(self, found: tuple[tuple[AgreementHealth, ...], Overdue]) -> None:
        self._days, overdue = found
        self.agreements.show(self._days)
        self.programme.show(((overdue.words, "risk"),) if overdue.count else ())
        self.set_class(bool(overdue.count), "-overdue")

    def _show(self, found: tuple[Figures, tuple[Crossing, ...], Underway]) -> None:
        figures, crossings, runs = found
        self._figures = figures
        for name, _, sign, plain, tone in TILES:
            count = getattr(figures, name).count
            shown = plain if self.session.ascii_only else sign
            tile = self.query_one(f"#tile-{name}", WallTile)
            tile.show(count, sign=shown if count else "", tone=tone if count else "muted")
        self.now.show(runs)
        self._announce(crossings)
        self.urgent.show(figures.urgent)
        self.teams.show(figures.teams)
        self._due_at = min((row.due_at + 1 for row in figures.urgent if row.due_at >= figures.at), default=self._due_at)

    # News.

    def _announce(self, crossings: tuple[Crossing, ...]) -> None:
        """Ring once for whatever is new, mark its lines and name the worst of it."""
        new = [one for one in crossings if one.id not in self._told]
        if not new:
            return
        first_look = not self._told and self._since < self._read_at - FAR_BACK_SECONDS // 2
        self._told.update(one.id for one in new)
        self._since = max(self._since, self._read_at - FRESH_SECONDS)
        for one in new:
            self._fresh[one.record_id] = one.at + FRESH_SECONDS
        worst = max(new, key=lambda one: (one.threshold >= 100, one.at))
        self.news.crossing, self.news.others = worst, len(new) - 1 if not first_look else 0
        self.news.refresh()
        self.urgent.refresh()
        self._dim(self._read_at)
        if not first_look:
            self.app.bell()

    def _dim(self, now: int) -> None:
        """Take the marks of what is no longer new."""
        over = [key for key, until in self._fresh.items() if until <= now]
        for key in over:
            del self._fresh[key]
        if over:
            self.urgent.refresh()

    # Keys.

    @on(Tile.Chosen)
    def _open_tile(self, event: Tile.Chosen) -> None:
        event.stop()
        name = (event.tile.id or "").removeprefix("tile-")
        if self._figures is not None:
            label = next(label for figure, label, *_ in TILES if figure == name)
            self._open_list(getattr(self._figures, name).query, label)

    @on(NowLine.Chosen)
    def _open_now(self, event: NowLine.Chosen) -> None:
        event.stop()
        self.post_message(OpenQueue(event.found.query, kinds=RUN, title="running now"))

    @on(PagedList.RowOpened, "#urgent")
    def _open_urgent(self, event: PagedList.RowOpened[Urgent]) -> None:
        self.post_message(OpenRecord(event.row.number))

    @on(PagedList.RowOpened, "#teams")
    def _open_team(self, event: PagedList.RowOpened[TeamLoad]) -> None:
        self._open_list(event.row.query, event.row.team or "no team")

    @on(PagedList.RowOpened, "#agreements")
    def _open_agreement(self, event: PagedList.RowOpened[AgreementHealth]) -> None:
        self.post_message(OpenRecord(event.row.number))

    def _open_list(self, query: str, title: str) -> None:
        kinds = self._figures.kinds if self._figures is not None else ()
        self.post_message(OpenQueue(query, kinds=kinds, title=title))

    def action_wall(self) -> None:
        """Become a board to look at, or one to work with again."""
        wall = not self.has_class("-wall")
        self.set_class(wall, "-wall")
        for tile in self.query(WallTile):
            tile.wall = wall
        for board in (self.urgent, self.teams, self.agreements):
            board.bare = wall
        if wall:
            self.set_focus(None)
            self.say("W brings the cursor back.")
        else:
            self.query_one("#tile-breached", WallTile).focus()

    def action_reviews(self) -> None:
        """List the service reviews."""
        from screens.kind_list import KindListScreen

        self.app.push_screen(KindListScreen(self.session, "service-review", query="-state:withdrawn", path=("Service levels",)))

    def action_requirements(self) -> None:
        """List the service level requirements that are not settled."""
        from screens.kind_list import KindListScreen

        path, open_ones = ("Service levels",), "state:proposed,negotiating"
        self.app.push_screen(KindListScreen(self.session, "requirement", query=open_ones, path=path))

    def action_programme(self) -> None:
        """List the improvement programme."""
        from screens.kind_list import KindListScreen

        self.app.push_screen(KindListScreen(self.session, "improvement", path=("Service levels",)))

    def action_replay(self) -> None:
        """Judge a past period by a proposal, about the agreement under the cursor if there is one."""
        from screens.replay import ReplayScreen

        chosen = self._days[self.agreements.cursor] if self.focused is self.agreements and self._days else None
        self.app.push_screen(ReplayScreen(self.session, chosen.number if chosen is not None else ""))

    def action_beside(self, step: int) -> None:
        """Go to the tile beside."""
        tiles = list(self.query(WallTile))
        if self.focused in tiles and not self.has_class("-wall"):
            tiles[(tiles.index(self.focused) + step) % len(tiles)].focus()

    def action_explain(self) -> None:
        """Say what stands behind the figure under the cursor."""
        focused = self.focused
        if isinstance(focused, WallTile) and self._figures is not None:
            figure = getattr(self._figures, (focused.id or "").removeprefix("tile-"))
            self.say(f"{figure.count} of {self._figures.open.count} open; the same as: {figure.query}")
        elif focused is self.agreements and self.agreements.cursor < len(self._days):
            self.say(explained(self._days[self.agreements.cursor]))


SECONDS = "seconds"
"""Of an agreement about availability the days are counted in seconds."""


def explained(row: AgreementHealth) -> str:
    """Return what stands behind the figures of an agreement."""
    days = row.days
    today = f"today {days.met[-1]} in time, {days.missed[-1]} late"
    period = f"in {len(days.met)} days {sum(days.met)} in time, {sum(days.missed)} late ({percent(days.period)})"
    if row.unit == SECONDS:
        spent = f"down {length(days.missed[-1])} today, {length(sum(days.missed))} in {len(days.met)} days, planned work excused"
        left = "n/a" if row.budget_left is None else f"{int(row.budget_left * 100)} %"
        return f"{row.name}: {spent} ({percent(days.period)}); {row.objective:g} % agreed, {left} of the error budget is left."
    if row.objective is None:
        return f"{row.name}: {today}; {period}. No target names an agreed share, so there is no budget to burn."
    left = "n/a" if row.budget_left is None else f"{int(row.budget_left * 100)} %"
    return f"{row.name}: {today}; {period}; {row.objective:g} % agreed, {left} of the error budget is left."
