"""Releases, the definitive software library and the hardware store: three lists of one kind each, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from screens import keys
from screens.kind_columns import columns
from screens.messages import DeskChanged, OpenRecord
from screens.modals.act import ActModal
from screens.paging import Pages
from screens.shelves import Shelf, ShelvesScreen
from screens.when import short
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.records.schema import Row


SHELVES = (
    Shelf(
        "Releases", "release", "state:open", "No release is under way.\nn plans one   / with * lists those that are over as well"
    ),
    Shelf(
        "Library",
        "definitive-item",
        "-state:void",
        "The definitive software library is empty.\nn proposes an item   d deposits its file",
    ),
    Shelf(
        "Hardware store",
        "ci",
        "status:in-stock",
        "No CI lies in stock.\nA CI that is put in stock is a spare of the definitive hardware store",
    ),
)
RELEASES, LIBRARY, HARDWARE = range(3)
SIGNS = {
    "verified": ("✓", "+", "good"),
    "tampered": ("✖", "X", "breach"),
    "missing": ("✖", "X", "breach"),
    "unreadable": ("?", "?", "risk"),
}


class ReleasesScreen(ShelvesScreen):
    """The three lists as tabs."""

    CSS_PATH = "release_cockpit.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("releases", "kinds", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("kinds"), *keys.bindings("releases")]

    SHELVES = SHELVES

    def opened(self) -> None:
        """List what the tab is about."""
        super().opened()
        self.path = ("DeskTerm", self.shelf.label)

    def columns(self, pages: Pages) -> list[Column[Row]]:
        """Return the columns of the list that is shown, what matters most on the left."""
        usual = {column.key: column for column in columns(self.kind, self.session.tz)}
        match self.tabs.active:
            case 0:
                return self._release_columns(usual)
            case 1:
                return self._library_columns(usual)
            case _:
                return list(usual.values())

    def _release_columns(self, usual: Mapping[str, Column[Row]]) -> list[Column[Row]]:
        tz = self.session.tz

        def due(row: Row, now: int) -> Cell:
            """What is next: when it is to be out, or once it is, when its early life ends and its review is owed."""
            at = row.due_at if row.state == "early-life" else row.values.get("target_at")
            late = at is not None and at < self.session.now() and row.state not in ("closed", "cancelled", "backed-out")
            return "" if at is None else (short(at, self.session.now(), tz), "breach" if late else "muted")

        return [
            usual["number"],
            Column("release_version", "version", 7, lambda row, _: (row.shown.get("release_version") or "", "strong")),
            replace(usual["summary"], width=30, min_width=20),
            Column("state", "state", 11, lambda row, _: (row.state.replace("-", " "), _tone(row.state))),
            Column("target_at", "due", 13, due, priority=2),
            Column(
                "progress",
                "progress",
                36,
                lambda row, _: (row.shown.get("progress") or "", "muted"),
                min_width=17,
                priority=1,
                grow=1,
            ),
            Column("manager", "manager", 8, lambda row, _: row.shown.get("manager") or "", priority=3),
        ]

    def _library_columns(self, usual: Mapping[str, Column[Row]]) -> list[Column[Row]]:
        plain = int(self.session.ascii_only)

        def integrity(row: Row, _: int) -> Cell:
            word = str(row.values.get("integrity") or "")
            return (f"{SIGNS[word][plain]} {word}", SIGNS[word][2]) if word else ("no file", "muted")

        def state(row: Row, _: int) -> Cell:
            return "in library" if row.state == "in-library" else (row.state, "muted")

        return [
            usual["number"],
            replace(usual["name"], width=20, min_width=12, priority=0),
            replace(usual["item_version"], width=9, priority=0),
            Column("integrity", "file", 12, integrity),
            Column("state", "state", 10, state),
            replace(usual["licence"], priority=1),
            replace(usual["unit"], priority=2),
            replace(usual["size_bytes"], priority=3),
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Releases and items are not retired by a key; files are the library's alone."""
        if action == "retire" or (
            action in ("verify", "verify_all", "deposit") and self._was_opened and self.tabs.active != LIBRARY
        ):
            return False
        return super().check_action(action, parameters)

    def refusal(self, action: str) -> str:
        """Say which right is missing, or that there is no file."""
        if action == "verify_all":
            return ""
        if action not in ("verify", "deposit"):
            return super().refusal(action)
        row = self.rows.cursor_row
        if row is None:
            return "There is nothing under the cursor."
        if action == "deposit":
            return self.lacks("act", self.kind) or (
                "" if row.state == "proposed" else f"{row.number} is {row.state.replace('-', ' ')}; its file stands."
            )
        return "" if row.values.get("integrity") else f"{row.number} has no file yet; d deposits one."

    def open_row(self, row: Row) -> None:
        """Open the cockpit of a release, the record of anything else."""
        if self.tabs.active != RELEASES:
            self.post_message(OpenRecord(row.number))
            return
        from screens.release_cockpit import ReleaseCockpit

        self.app.push_screen(ReleaseCockpit(self.session, row.number))

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if self._was_opened:
            super().on_desk_changed(event)

    # The library.

    def action_verify(self) -> None:
        """Read the file under the cursor again."""
        if (row := self.rows.cursor_row) is not None:
            self._verify([row.number])

    def action_verify_all(self) -> None:
        """Read every file of the library again."""
        self._verify(None)

    def _verify(self, numbers: list[str] | None) -> None:
        from deskterm.release import library

        self.say("Reading…")
        self.write(partial(library.verify, self.desk, numbers), self._verified)

    def _verified(self, found: tuple[object, ...]) -> None:
        from deskterm.release.schema import Verification

        results = [one for one in found if isinstance(one, Verification)]
        damaged = [one for one in results if one.result != "verified"]
        if damaged:
            first = damaged[0]
            more = f" and {len(damaged) - 1} more" if len(damaged) > 1 else ""
            self.say(f"{first.number} {first.name}: {first.result}, {first.detail}{more}", severity="error")
        else:
            self.say(f"{len(results)} file{'' if len(results) == 1 else 's'} read: all as recorded.")
        self.rows.reload()

    def action_deposit(self) -> None:
        """Ask for a file, and copy it into the library."""
        self.converse(self._deposit())

    async def _deposit(self) -> None:
        from deskterm.forms.schema import FieldKind, FormField
        from deskterm.release import library

        row = self.rows.cursor_row
        if row is None:
            return

        async def do_it(typed: Mapping[str, object]) -> bool:
            file = str(typed.get("file") or "")
            await self.commit(lambda: library.deposit(self.desk, row.number, file))
            self.say(f"{row.number}: deposited and hashed.")
            self.rows.reload()
            return True

        fields = (FormField("file", "File", FieldKind.TEXT, required=True, help="Its whole path on this machine."),)
        told = "It is copied into the library's folder, and hashed on the way."
        await self.app.push_screen_wait(
            ActModal(self.session, f"Deposit the file of {row.title}", fields, do_it, told=told, do="deposit")
        )


def _tone(state: str) -> str:
    return {"rolling-out": "accent", "early-life": "soon", "ready": "good", "backed-out": "risk"}.get(
        state, "muted" if state in ("closed", "cancelled") else ""
    )
