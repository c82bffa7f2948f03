"""What the screen of a scan asks before it does something: which CI a conflict is, which field stays, whether to apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.modals.ask import AskModal
from screens.modals.choose import Choice, ChooseModal
from screens.scan_rows import label, shown

if TYPE_CHECKING:
    from deskterm.configuration.discovery_schema import Applied
    from screens.scan import ScanScreen

MOST_TOLD = 8
"""Rows that the question before applying names."""


async def identify(screen: ScanScreen) -> None:
    """Ask which CI the row under the cursor is, and stage it as that."""
    from deskterm.configuration.discovery import NEW, choose

    row = screen.row
    if row is None:
        return
    found = [
        Choice(one.number, f"{one.number} {one.name}", number=str(place) if place < 10 else "")
        for place, one in enumerate(row.candidates, 1)
    ]
    found.append(Choice(NEW, "something new", "a CI is made of it", number="0"))
    which = await screen.app.push_screen_wait(ChooseModal(screen.session, f"Which one is {row.name}?", found))
    if which is not None:
        await screen.commit(lambda: choose(screen.desk, screen.number, row.position, which))
        screen.decided(row, "staged")


async def leave_out(screen: ScanScreen) -> None:
    """Ask which field of the row under the cursor is to stay as it is recorded."""
    from deskterm.configuration.discovery import leave_out as leave

    row = screen.row
    if row is None:
        return
    choices = [
        Choice(
            one.field,
            label(one.field),
            f"{shown(one.new)[:40]}{', left out now' if one.field in row.left_out else ''}",
            number=str(place) if place < 10 else "",
        )
        for place, one in enumerate(row.differences, 1)
    ]
    field = await screen.app.push_screen_wait(ChooseModal(screen.session, "Leave which field as it is recorded?", choices))
    if field is not None:
        await screen.commit(lambda: leave(screen.desk, screen.number, row.position, field))
        screen.again()


async def apply(screen: ScanScreen) -> None:
    """Try what is staged, say what would come of it, ask, and do it."""
    from deskterm.configuration.discovery import apply as take_over

    screen.doing("trying")
    try:
        tell = _progress(screen, "trying")
        tried = await screen.call(lambda: take_over(screen.desk, screen.number, preview=True, tell=tell))
    finally:
        screen.doing("")
    if tried.refused:
        text = "\n".join(f"row {one.position} {one.name}: {one.what}" for one in tried.refused[:MOST_TOLD])
        rows = "1 row refuses" if len(tried.refused) == 1 else f"{len(tried.refused):,} rows refuse"
        ask = AskModal(screen.session, f"{rows}; nothing can be applied", text, yes="back", no="back")
        await screen.app.push_screen_wait(ask)
        return
    rows = "1 row" if len(tried.steps) == 1 else f"{len(tried.steps):,} rows"
    if not await screen.app.push_screen_wait(AskModal(screen.session, f"Apply {rows}?", _steps(tried), yes="apply")):
        return
    try:
        tell = _progress(screen, "applying")
        done = await screen.commit(lambda: take_over(screen.desk, screen.number, tell=tell))
    finally:
        screen.doing("")
    screen.say(f"Applied: {_counted(done)}. u takes it back.")
    screen.again()


def _counted(applied: Applied) -> str:
    return ", ".join(f"{count:,} {what}" for what in ("made", "changed", "missing", "as it is") if (count := applied.count(what)))


def _steps(applied: Applied) -> str:
    lines = [f"{_counted(applied)}.", ""]
    for one in applied.steps[:MOST_TOLD]:
        about = one.number if one.what != "made" else ""
        fields = ", ".join(map(label, one.fields)) if one.what == "changed" else ""
        lines.append(f"{one.what:<8} {one.name} {about} {fields}".rstrip())
    if len(applied.steps) > MOST_TOLD:
        lines.append(f"… and {len(applied.steps) - MOST_TOLD:,} more")
    return "\n".join(lines)


def _progress(screen: ScanScreen, what: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        screen.app.call_from_thread(screen.doing, f"{what} {done:,} of {total:,} ")

    return tell


async def settle(screen: ScanScreen) -> None:
    """Leave what nobody decided as it is recorded, asking first where there is any; open a settled scan again."""
    view = screen.view
    if view is None:
        return
    if view.state == "settled":
        await screen.commit(lambda: screen.desk.act(screen.number, "reopen"))
    else:
        left = view.states.get("open", 0) + view.states.get("staged", 0)
        rows = "1 row is" if left == 1 else f"{left:,} rows are"
        text = f"{rows} left as recorded; what was staged is not applied."
        ask = AskModal(screen.session, f"Settle {screen.number}?", text, yes="settle")
        if left and not await screen.app.push_screen_wait(ask):
            return
        await screen.commit(lambda: screen.desk.act(screen.number, "settle"))
    screen.again()
