"""What `=` shows of a change: the sum that its risk is made of, and how its vote stands, seat by seat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.scrolled_lines import wrapped

if TYPE_CHECKING:
    from deskterm.explanations import Explanation
    from screens.calling import Calling

WIDEST, FRAME = 80, 10
"""Cells of the page at most, and those that its frame takes of a narrow screen."""


async def explain(screen: Calling[None], number: str) -> None:
    """Show the facts behind the figures of a change."""
    from deskterm.errors import NotFound
    from deskterm.explanations import explain as explained
    from screens.modals.page import PageModal

    try:
        found = await screen.call(explained, screen.desk, number)
    except NotFound:
        screen.say(f"{number} has no figure yet: its risk is reckoned once the questions about it are answered.")
        return
    width = min(WIDEST, screen.size.width - FRAME)
    told = f"the same as data: deskterm --json explain {number}"
    await screen.app.push_screen_wait(PageModal(screen.session, f"{number}, explained", page_of(found, width), told=told))


def page_of(found: Explanation, width: int) -> str:
    """Return an explanation as lines of at most so many cells, the last column of each table wrapped."""
    return "\n".join(line for part in found.parts for line in (*wrapped(part.title, width), "", *_table(part.rows, width), ""))


def _table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    if not rows:
        return
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]) - 1)]
    indent = sum(widths) + 2 * len(widths) + 1
    for row in rows:
        head = "".join(f"{cell:<{wide}}  " for cell, wide in zip(row, widths, strict=False))
        first, *rest = wrapped(row[-1], max(20, width - indent)) or [""]
        yield f" {head}{first}".rstrip()
        yield from (f"{' ' * indent}{line}" for line in rest)
