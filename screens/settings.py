"""The policy of the whole desk: every setting with its meaning, changed in a form, put back to its default with a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import InvalidInput
from screens import keys
from screens.messages import DeskChanged
from screens.modals.act import ActModal
from screens.modals.ask import AskModal
from screens.permitted import PermittedScreen
from widgets.columns import Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.administration import Setting
    from deskterm.forms.schema import FormField
    from screens.session import Session


class SettingsScreen(PermittedScreen[None]):
    """The settings, and the one under the cursor in full."""

    CSS_PATH = "settings.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("settings", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("settings")

    settings = query_one("#settings", FixedList)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the list."""
        super().__init__(session)
        self._found: tuple[Setting, ...] = ()

    def body(self) -> ComposeResult:
        """The settings and the pane."""
        ascii_only = self.session.ascii_only
        yield FixedList(COLUMNS, row_key=lambda one: one.name, ascii_only=ascii_only, id="settings")
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read them."""
        self.path = ("DeskTerm", "Administration", "Desk settings")
        self.settings.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.administration import settings

        self.read("settings", partial(settings, self.desk), self._show)

    def _show(self, found: tuple[Setting, ...]) -> None:
        self._found = found
        self.settings.show(found)
        self._show_setting()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again: a change of policy is journalled with whoever made it."""
        if self._was_opened and event.concerns(frozenset({"agent"})):
            self._read()

    @property
    def setting(self) -> Setting | None:
        """The setting under the cursor."""
        return self._found[self.settings.cursor] if self.settings.cursor < len(self._found) else None

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Setting]) -> None:
        event.stop()
        self._show_setting()

    def _show_setting(self) -> None:
        one = self.setting
        if one is not None:
            usual = "as it comes" if not one.is_changed else f"it comes as: {written(one.name, one.default)}"
            self.pane.show(((f"{one.title}: {one.help}", "strong"), (written(one.name, one.value), ""), (usual, "muted")))
        self.refresh_bindings()

    # Keys.

    def refusal(self, action: str) -> str:
        """Say which right is missing."""
        if action not in ("edit", "reset"):
            return ""
        from deskterm.administration import require_manager
        from deskterm.errors import NotAllowed

        try:
            require_manager(self.desk)
        except NotAllowed as refusal:
            return refusal.message
        if action == "reset" and self.setting is not None and not self.setting.is_changed:
            return "It is as it comes already."
        return ""

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Setting]) -> None:
        event.stop()
        if refusal := self.refusal("edit"):
            self.say(refusal, severity="warning")
        else:
            self.action_edit()

    def action_edit(self) -> None:
        """Change it in a form."""
        self.converse(self._edit())

    async def _edit(self) -> None:
        one = self.setting
        if one is None:
            return
        modal: ActModal[bool] = ActModal(
            self.session, one.title, (form_field(one),), partial(self._change, one), told=one.help, do="change"
        )
        if await self.app.push_screen_wait(modal):
            self.say(f"{one.title} is changed.")
            self._read()

    async def _change(self, one: Setting, values: Mapping[str, object]) -> bool | None:
        from deskterm.administration import change

        if one.name in values:
            value = understood(one.name, values[one.name])
            await self.commit(lambda: change(self.desk, one.name, value))
        return True

    def action_reset(self) -> None:
        """Put it back to its default; ask first."""
        self.converse(self._reset())

    async def _reset(self) -> None:
        from deskterm.administration import reset

        one = self.setting
        if one is None:
            return
        text = f"{written(one.name, one.value)}\nbecomes\n{written(one.name, one.default)}"
        if await self.app.push_screen_wait(AskModal(self.session, f"{one.title}: back to the default?", text)):
            await self.commit(partial(reset, self.desk, one.name))
            self._read()


COLUMNS: list[Column[Setting]] = [
    Column("title", "setting", 26, lambda one, _: one.title),
    Column("changed", "", 8, lambda one, _: ("changed", "accent") if one.is_changed else "", priority=1),
    Column("value", "value", 40, lambda one, _: written(one.name, one.value), min_width=20, grow=1),
]


def written(name: str, value: Any) -> str:
    """Return a setting as a person reads and types it."""
    if name == "priority_matrix":
        return " / ".join(" ".join(str(cell) for cell in row) for row in value)
    if name.endswith("_seconds"):
        from deskterm.forms.derive import write_duration

        return write_duration(value)
    if isinstance(value, tuple | list):
        if all(isinstance(item, str | int) for item in value):
            return ", ".join(map(str, value))
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def form_field(one: Setting) -> FormField:
    """Return the field in which a setting is changed."""
    from deskterm.forms.schema import Answer, FieldKind, FormField

    kind = FieldKind.TEXT
    if one.name.endswith("_seconds"):
        kind = FieldKind.DURATION
    elif isinstance(one.default, int):
        kind = FieldKind.NUMBER
    elif isinstance(one.default, tuple) and one.name != "priority_matrix":
        plain = all(isinstance(item, str | int) for item in one.default)
        kind = FieldKind.LIST if plain else FieldKind.JSON
    low = 0 if kind in (FieldKind.NUMBER, FieldKind.DURATION) else None
    shown = json.dumps(one.value, ensure_ascii=False, indent=1) if kind is FieldKind.JSON else written(one.name, one.value)
    high = 10**9 if kind is FieldKind.NUMBER else None
    return FormField(
        one.name,
        one.title,
        kind,
        required=True,
        help=one.help,
        answer=Answer(shown),
        value=one.value,
        limit=4_000,
        low=low,
        high=high,
    )


def understood(name: str, value: object) -> object:
    """Return what was typed as the desk takes it.

    Raises:
        InvalidInput: it is no matrix.
    """
    if name != "priority_matrix":
        return value
    try:
        return [[int(cell) for cell in row.split()] for row in str(value).split("/")]
    except ValueError:
        wrong = "rows of numbers with / between them, such as 1 2 3 / 2 3 4 / 3 4 5"
        raise InvalidInput(f"the priority matrix is {wrong}", fields={name: wrong}) from None
