"""What the keys about problems do, step by step: apply the known error that fits, publish, accept a candidate, explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.modals.ask import AskModal
from screens.modals.choose import Choice, ChooseModal
from screens.scrolled_lines import Build
from screens.ticket_flows import act, in_bulk, perform
from widgets.line_bar import Piece
from widgets.safe_text import visible

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.explanations import Part
    from deskterm.service_desk.schema import Similar
    from screens.ticket import Target, TicketScreen


async def apply_workaround(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Apply the known error that fits an incident best; where several are marked, ask which one fits them all."""
    from deskterm.desk import editing

    kinds = {screen.kind_of(target).name for target in targets}
    if kinds != {"incident"}:
        screen.say("A workaround is applied to incidents.", severity="warning")
        return
    found = await screen.call(fitting, screen.desk, targets[0].number)
    if not found:
        screen.say(f"No known error fits {targets[0].number}.", severity="warning")
        return
    first, *others = found
    if len(targets) > 1 or not first.why:
        choices = [Choice(one, one.number, f"{one.title} · {one.why}", number=str(n)) for n, one in enumerate(found, 1)]
        asked = ChooseModal(screen.session, f"Apply to {len(targets)} incidents", choices)
        chosen = await screen.app.push_screen_wait(asked)
        if chosen is None:
            return
        await in_bulk(screen, f"apply {chosen.number}", targets, editing({"known_error": chosen.number}))
        return
    desk, number = screen.desk, targets[0].number
    await screen.commit(lambda: desk.edit(number, {"known_error": first.number}))
    screen.acted((number,))
    more = f"; {len(others)} more would fit" if others else ""
    screen.say(f"{number}: {first.number} is linked and its workaround sent{more}. u takes the link back.")


def fitting(desk: Desk, number: str) -> tuple[Similar, ...]:
    """Return the known errors that fit an incident, the likest first; none where one is applied. Call it in a thread."""
    from deskterm.service_desk.glance import glance

    seen = glance(desk, number)
    if seen.view.values.get("known_error") is not None:
        return ()
    return tuple(one for one in seen.similar if one.kind == "known-error")


async def publish(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Say on how many incidents the workaround will be posted, and post it."""
    from deskterm.problem.dossier import dossier

    if not _of_kind(screen, targets[:1], "problem", "A workaround is published on its problem."):
        return
    desk, number = screen.desk, targets[0].number
    found = await screen.call(dossier, desk, number)
    text = (
        f"{found.open_count} open incidents are linked. Each gets this wording once; callers read it where it is for everybody."
    )
    if await screen.app.push_screen_wait(AskModal(screen.session, f"Publish the workaround of {number}?", text, yes="publish")):
        await perform(screen, targets[:1], "publish", {})


def open_whys(screen: TicketScreen, target: Target) -> None:
    """Open the outline of causes of a problem."""
    if screen.kind_of(target).name != "problem":
        screen.say("Only a problem has an outline of causes.", severity="warning")
        return
    from screens.whys import WhysScreen

    screen.app.push_screen(WhysScreen(screen.session, target.number))


async def resolve_incidents(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Say how many incidents still stand open, and resolve them with the problem's solution."""
    from deskterm.problem.dossier import dossier

    if not _of_kind(screen, targets[:1], "problem", "Incidents are resolved with their problem."):
        return
    number = targets[0].number
    found = await screen.call(dossier, screen.desk, number)
    if not found.open_count:
        screen.say(f"No open incident is linked to {number}.")
        return
    text = f"{found.open_count} open incidents get its solution. What is resolved or closed already is not touched."
    asked = AskModal(screen.session, f"Resolve the open incidents of {number}?", text, yes="resolve")
    if await screen.app.push_screen_wait(asked):
        await perform(screen, targets[:1], "resolve-incidents", {})


async def answer(screen: TicketScreen, targets: Sequence[Target], action: str) -> None:
    """Accept or dismiss a candidate; ask first for what that takes."""
    if _of_kind(
        screen, targets, "problem-candidate", "Only a candidate is accepted or dismissed: the tab Candidates lists them."
    ):
        await act(screen, targets, action)


async def explain_cost(screen: TicketScreen, target: Target) -> None:
    """Show what a problem has cost so far beside what mending it takes, incident by incident."""
    from deskterm.explanations import explain
    from screens.modals.page import PageModal

    found = await screen.call(explain, screen.desk, target.number, "cost")
    await screen.app.push_screen_wait(
        PageModal(
            screen.session,
            f"Cost of {target.number}",
            "\n\n".join("\n".join(_table(part)) for part in found.parts),
            told=f"the same as data: deskterm --json explain {target.number} cost",
        )
    )


def _table(part: Part) -> list[str]:
    """Return a table of an explanation as lines of aligned text, its title in sentences above."""
    rows = [part.header, *part.rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(part.header))]
    lines = [
        "  ".join(
            cell.rjust(width) if place in part.right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return [*part.title.split("; "), "", *lines]


def plain_lines(texts: Sequence[tuple[str, str]], *, ascii_only: bool) -> Build:
    """Return what builds a line from each text."""
    return lambda width: [[Piece(f" {visible(text, max(8, width - 2), ascii_only=ascii_only)}", style)] for text, style in texts]


def _of_kind(screen: TicketScreen, targets: Sequence[Target], kind: str, otherwise: str) -> bool:
    if all(screen.kind_of(target).name == kind for target in targets):
        return True
    screen.say(otherwise, severity="warning")
    return False
