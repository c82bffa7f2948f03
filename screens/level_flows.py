"""What `=` shows of requirements, agreements and service reviews: how far one is met, the worst way behind it, all it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from screens.scrolled_lines import wrapped

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from screens.calling import Calling

WIDEST, FRAME = 80, 10
"""Cells of the page at most, and those that its frame takes of a narrow screen."""


async def explain(screen: Calling[None], number: str, kind: str) -> None:
    """Show the facts behind the figures of a requirement, an agreement or a review."""
    from screens.modals.page import PageModal

    width = min(WIDEST, screen.size.width - FRAME)
    make, told = {
        "service-review": (_review, f"the same as a file: deskterm review {number} --format md"),
        "requirement": (_met, f"the same as data: deskterm --json explain {number} met"),
    }.get(kind, (_back_to_back, f"the same as data: deskterm --json explain {number} back-to-back"))
    lines = await screen.call(make, screen.desk, number)
    text = "\n".join(line for one in lines for line in (_folded(one, width) if one else ("",)))
    await screen.app.push_screen_wait(PageModal(screen.session, f"{number}, explained", text, told=told))


def _folded(line: str, width: int) -> Iterator[str]:
    """Yield a line in pieces of at most so many cells, what follows under where it began."""
    indent = len(line) - len(line.lstrip())
    for place, piece in enumerate(wrapped(line.strip(), max(20, width - indent - 2))):
        yield f"{' ' * indent}{'  ' if place else ''}{piece}"


def _back_to_back(desk: Desk, number: str) -> list[str]:
    from deskterm.service_level import back_to_back_words as words
    from deskterm.service_level.explaining import checked

    lines = ["What teams and suppliers promise, one after the other, from the worst beginning within four weeks.", ""]
    found = checked(desk, desk.show(number)) or []
    for one in found:
        lines.append(f"{one.agreement} · {words.named(one)}: {one.verdict}")
        lines += [f"  {line}" for line in words.arithmetic(one, desk.actor.tz)]
        lines.append("")
    return lines if found else [*lines, "Nothing to check: it stands behind no SLA, or has no target yet."]


def _met(desk: Desk, number: str) -> list[str]:
    from deskterm.service_level.requirement_standing import rows, standing

    found = standing(desk, desk.show(number))
    lines = [f"{number}: {found.words}.", ""]
    for what, said, verdict in rows(found):
        if what:
            lines.append(f"{what}: {verdict}" if verdict else what)
        lines.append(f"  {said}")
    return lines


def _review(desk: Desk, number: str) -> list[str]:
    from deskterm.service_level import review_print, review_reading

    found = review_reading.read_review(desk, number)
    lines = [str(found.content["name"]), ""]
    lines += [f"{label}: {text}" for label, text in review_print.about(found)]
    if found.content.get("comments"):
        lines += ["", "Comments", *(f"  {line}" for line in str(found.content["comments"]).splitlines())]
    for section in review_print.sections(found):
        lines += ["", section.title]
        lines += [f"  {' · '.join(cell for cell in row if cell)}" for row in section.rows] or [f"  {section.empty}"]
    return lines
