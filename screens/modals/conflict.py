"""Two people changed the same fields: shows both values of each and asks whose holds. What was typed is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from deskterm.errors import Clash, Conflict
from screens.base import DeskModal
from widgets.key_bar import KeyBar, KeyHint
from widgets.safe_text import visible

if TYPE_CHECKING:
    from screens.session import Session

VALUE_CELLS = 56


class ConflictModal(DeskModal[frozenset[str]]):
    """The fields that clash. Answers with the names of those where one's own value shall hold, or with `None` to go on typing.

    | Key | Does |
    | --- | --- |
    | `m`, `t` | mine, theirs |
    | `space`, `enter` | the other one |
    | `ctrl+s` | save so |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "pick(True)", "mine", id="conflict.mine"),
        Binding("t", "pick(False)", "theirs", id="conflict.theirs"),
        Binding("space", "other", "the other", id="conflict.toggle"),
    ]

    DEFAULT_CSS = """
    ConflictModal {
        & OptionList { height: auto; max-height: 16; border: none; padding: 0; background: $surface; }
    }
    """

    fields = query_one(OptionList)

    def __init__(self, session: Session, conflict: Conflict) -> None:
        """Ask about a conflict; at first nobody is overwritten."""
        super().__init__(session)
        self._clashes = conflict.clashes
        self._mine = [False] * len(conflict.clashes)

    def compose(self) -> ComposeResult:
        """Each field with its three values."""
        who = ", ".join(sorted({clash.by for clash in self._clashes}))
        with Vertical(classes="window") as window:
            window.border_title = Content("Changed meanwhile")
            yield Static(Content(visible(f"{who} changed the same. Nothing is saved yet; your values are kept here.", 200)))
            yield OptionList(*(Option(self._prompt(place)) for place in range(len(self._clashes))), compact=True)
            yield KeyBar(self._hints(), ascii_only=self.session.ascii_only)

    def _hints(self) -> tuple[KeyHint, ...]:
        return (
            KeyHint("m", "mine"),
            KeyHint("t", "theirs"),
            KeyHint("^s", "save so", keep=True),
            KeyHint("esc", "go on typing", keep=True),
        )

    def _show_keys(self, _: object) -> None:
        """The keys do not change while the window stands."""

    def _prompt(self, place: int) -> Content:
        clash, mine = self._clashes[place], self._mine[place]
        off, on_ = ("( )", "(*)") if self.session.ascii_only else ("○", "●")
        lines = [
            f"{clash.field.replace('_', ' ')}  was {self._value(clash.base)}",
            f"  {off if mine else on_} theirs ({visible(clash.by, 12)}): {self._value(clash.theirs)}",
            f"  {on_ if mine else off} mine: {self._value(clash.yours)}",
        ]
        return Content("\n".join(lines))

    def _value(self, value: object) -> str:
        text = "nothing" if value in (None, "", []) else " ".join(str(value)[:2000].split())
        return visible(text, VALUE_CELLS, ascii_only=self.session.ascii_only)

    def _set(self, place: int, mine: bool) -> None:
        self._mine[place] = mine
        self.fields.replace_option_prompt_at_index(place, self._prompt(place))

    def action_pick(self, mine: bool) -> None:
        """Choose for the field under the cursor."""
        if self.fields.highlighted is not None:
            self._set(self.fields.highlighted, mine)

    def action_other(self) -> None:
        """Choose the other value."""
        if (place := self.fields.highlighted) is not None:
            self._set(place, not self._mine[place])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._set(event.option_index, not self._mine[event.option_index])

    def action_save(self) -> None:
        """Answer with the fields where one's own value holds."""
        self.dismiss(frozenset(clash.field for clash, mine in zip(self._clashes, self._mine, strict=True) if mine))


def mine_of(clashes: tuple[Clash, ...], kept: frozenset[str], values: dict[str, object]) -> dict[str, object]:
    """Return what is still to be saved after a conflict: what did not clash, and what one's own value holds for."""
    clashing = {clash.field for clash in clashes}
    return {name: value for name, value in values.items() if name not in clashing or name in kept}
