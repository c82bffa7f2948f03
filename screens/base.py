"""The two sorts of screen everything else is built on: one that fills the console, one that asks something above it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.widgets import Static

from screens import keys
from screens.calling import Calling
from screens.messages import DeskChanged
from screens.when import clock_time
from widgets.crumb_bar import CrumbBar
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session

Result = TypeVar("Result")

RESTING_SECONDS = 0.15
"""So long the cursor has to rest on a line before more is read about it."""
TOLD_SECONDS = 5.0
"""So long something said in passing stands in the place of the keys."""


class DeskScreen(Calling[Result], Generic[Result]):
    """A full screen: path on top, keys at the bottom, in between what `body` gives.

    Subclasses give `AREAS`, `body` and `opened`, set `path`, and may give `tick` and `on_desk_changed`. They take their keys by
    `BINDINGS = keys.bindings(...)`.
    """

    AREAS: ClassVar[tuple[str, ...]] = ()
    """Areas of `screens.keys` whose keys the help lists, besides those everywhere."""
    LEGEND: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Signs and figures that do not speak for themselves, and what each means; the help tells them after the keys."""
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("app")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    DEFAULT_CSS = """
    DeskScreen {
        layout: vertical;
        & > #banner { height: auto; max-height: 2; padding: 0 1; background: $error-muted; color: $text-error; display: none; }
        & > #banner.-shown { display: block; }
        & > #said { height: 1; padding: 0 1; background: $panel; display: none; }
        & > #said.-shown { display: block; }
        &.-telling > #keys { display: none; }
    }
    """

    path: reactive[tuple[str, ...]] = reactive(("DeskTerm",))
    """Where one is, from the system to what is shown."""

    def __init__(
        self,
        session: Session,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a screen of a session."""
        super().__init__(session, name=name, id=id, classes=classes)
        self._was_opened = False
        self._resting: Timer | None = None
        self._telling: Timer | None = None
        self._minute = -1

    def compose(self) -> ComposeResult:
        """Bars above and below, the body between them."""
        ascii_only = self.session.ascii_only
        yield CrumbBar(("DeskTerm",), agent=self.session.login, ascii_only=ascii_only, id="crumbs")
        yield Static(id="banner", markup=False)
        yield from self.body()
        yield Static(id="said", markup=False)
        yield KeyBar(ascii_only=ascii_only, id="keys")

    def body(self) -> ComposeResult:
        """What stands between the bars."""
        raise NotImplementedError

    def opened(self) -> None:
        """The desk is open and the screen is mounted: read. Told once."""

    def tick(self, now: int) -> None:
        """A second has passed; `now` is the present instant."""

    def on_mount(self) -> None:
        """Show what is known, and read if the desk is open."""
        self.bindings_updated_signal.subscribe(self, self._show_keys)
        self.show_banner(self.session.trouble)
        self.pass_second(self.session.now())
        if self.session.is_open:
            self.desk_opened()

    def desk_opened(self) -> None:
        """The application has opened the desk; tells `opened`, once."""
        if not self._was_opened and self.alive:
            self._was_opened = True
            self._show_time(self.session.now())
            self.opened()

    def pass_second(self, now: int) -> None:
        """Tell the screen the time; the top bar changes by the minute."""
        if now // 60 != self._minute:
            self._show_time(now)
        if self._was_opened:
            self.tick(now)

    def _show_time(self, now: int) -> None:
        """Say what time it is where the person is; which place that is, the desk knows."""
        self._minute = now // 60
        self.query_one("#crumbs", CrumbBar).clock = clock_time(now, self.session.tz) if self.session.is_open else ""

    def when_rested(self, read: Callable[[], object]) -> None:
        """Call once the cursor has rested: of the lines it passes nothing is read."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(RESTING_SECONDS, read, name="rested")

    def show_banner(self, sentence: str) -> None:
        """Say across the screen what is wrong with the database; nothing takes it away."""
        banner = self.query_one("#banner", Static)
        banner.set_class(bool(sentence), "-shown")
        said = f"{sentence.rstrip('.')}. What you type is kept; trying again by itself." if sentence else ""
        banner.update(Content(visible(said, 300, ascii_only=self.session.ascii_only)))

    def tell(self, sentence: str) -> bool:
        """Say something in passing, in the place of the keys; it goes by itself. Returns whether there is room for it."""
        keys_shown = self.query_one("#keys", KeyBar).display or self.has_class("-telling")
        if sentence and (not keys_shown or cell_len(sentence) > self.size.width - 2):
            return False
        said = self.query_one("#said", Static)
        said.update(Content(visible(sentence, max(20, self.size.width - 2), ascii_only=self.session.ascii_only)))
        said.set_class(bool(sentence), "-shown")
        self.set_class(bool(sentence), "-telling")
        if self._telling is not None:
            self._telling.stop()
        self._telling = self.set_timer(TOLD_SECONDS, lambda: self.tell("")) if sentence else None
        return True

    def watch_path(self, path: tuple[str, ...]) -> None:
        """Show it on top."""
        for bar in self.query("#crumbs").results(CrumbBar):
            bar.path = path

    def _show_keys(self, _: Screen[object]) -> None:
        bar = self.query("#keys")
        if bar:
            self.query_one("#keys", KeyBar).hints = hints(self)

    @on(KeyBar.Chosen)
    async def _press(self, event: KeyBar.Chosen) -> None:
        event.stop()
        for key, active in self.active_bindings.items():
            if active.binding.id and event.hint.key == keys.shown(key):
                await self.app.run_action(active.binding.action, active.node)
                return

    async def action_back(self) -> None:
        """Go back to the screen below; the lowest one stays."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()

    def action_refresh_desk(self) -> None:
        """Read everything shown here again."""
        self.post_message(DeskChanged(everything=True))

    def action_undo(self) -> None:
        """Take back the person's last operation."""
        from screens.undoing import undo

        if self.session.is_open:
            undo(self)


class DeskModal(Calling[Result], ModalScreen[Result], Generic[Result]):
    """A window above a screen that asks for something and answers with a typed result, or with `None`."""

    AREAS: ClassVar[tuple[str, ...]] = ("modal",)
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("modal")

    DEFAULT_CSS = """
    DeskModal {
        align: center middle;
        background: $background 60%;
        & > .window {
            width: 76; max-width: 96%; height: auto; max-height: 92%;
            background: $surface; border: round $primary; padding: 0 1;
        }
        & .window > KeyBar { background: $surface; dock: bottom; }
        & .wrong { color: $text-error; height: auto; display: none; }
        & .wrong.-shown { display: block; }
        & .hint { color: $text-muted; height: auto; }
    }
    """

    def on_mount(self) -> None:
        """Keep the keys at the bottom true."""
        self.bindings_updated_signal.subscribe(self, self._show_keys)

    def _show_keys(self, _: Screen[object]) -> None:
        for bar in self.query(KeyBar):
            bar.hints = hints(self)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


def hints(screen: Screen[Any]) -> tuple[KeyHint, ...]:
    """Return the keys of the footer as they are bound now, the person's own keymap included."""
    typing = screen.focused is not None and screen.focused.check_consume_key("x", "x")
    found: dict[str, tuple[int, KeyHint]] = {}
    for key, active in screen.active_bindings.items():
        declared = keys.BY_ID.get(active.binding.id or "")
        if declared is None or not declared.footer or declared.id in found:
            continue
        if typing and len(keys.shown(key)) == 1:
            continue  # it types
        label = KeyHint(keys.shown(key), declared.label, active.enabled, declared.keep)
        found[declared.id] = (declared.footer, label)
    return tuple(hint for _, hint in sorted(found.values(), key=lambda pair: pair[0]))
