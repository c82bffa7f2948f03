"""Taking back what a person did last, and saying what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.calling import Calling

if TYPE_CHECKING:
    from deskterm.records.schema import UndoReport


def undo(screen: Calling[Any], operation: str | None = None) -> None:
    """Take back an operation, the person's own newest one if none is named."""
    desk = screen.desk
    screen.write(lambda: desk.undo(operation), lambda report: _told(screen, report))


def _told(screen: Calling[Any], report: UndoReport) -> None:
    done = ", ".join(report.undone[:5]) + (f" and {len(report.undone) - 5} more" if len(report.undone) > 5 else "")
    kept = "; ".join(f"{one.number} was left as it is: {one.message}" for one in report.kept[:3])
    more = f"; {len(report.kept) - 3} more were left" if len(report.kept) > 3 else ""
    said = ". ".join(part for part in (f"Undone: {done}" if done else "Nothing was undone", kept + more) if part)
    screen.say(said, severity="warning" if report.kept else "information")
