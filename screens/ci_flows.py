"""What the CI browser asks by windows: an action, what to compare with, a baseline to take; and the pages that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from screens.ci_pane import Manner, heading
from screens.modals.act import ActModal
from screens.modals.choose import Choice, ChooseModal
from screens.modals.page import PageModal
from screens.scrolled_lines import Line
from screens.when import full

if TYPE_CHECKING:
    from deskterm.configuration.baselines import Side
    from deskterm.configuration.schema import Branch
    from deskterm.explanations import Explanation
    from deskterm.forms.schema import FormField
    from screens.cis import CisScreen

MOST_DIFFERENCES = 400
"""Lines of a page of differences; `deskterm compare` prints all of them."""
TAKE, DAY, NOTHING = "take", "day", "nothing"


def heading_lines(text: str, manner: Manner, width: int) -> list[Line]:
    """Return what the pane says of a heading."""
    return [heading(manner.clean(text, width - 6), manner, width)]


async def change_state(screen: CisScreen, row: Branch) -> None:
    """Ask which action, and take it."""
    found = await screen.call(screen.desk.actions, row.number)
    choices = [
        Choice(one.name, one.title, one.help, one.refusal, str(place) if place < 10 else "")
        for place, one in enumerate(sorted(found, key=lambda one: bool(one.refusal)), 1)
    ]
    action = await screen.app.push_screen_wait(ChooseModal(screen.session, f"What happens with {row.number}", choices))
    if action is not None:
        desk, number = screen.desk, row.number
        done = await screen.commit(lambda: desk.act(number, action))
        screen.say(f"{number} is {done.state}; u takes it back.")


async def explain(screen: CisScreen, number: str) -> None:
    """Show how a node fares and what its failure would do, with every path."""
    from deskterm.explanations import explain as explained

    found = await screen.call(explained, screen.desk, number)
    page = PageModal(screen.session, f"{number}: how it fares, and what its failure would do", page_of(found))
    await screen.app.push_screen_wait(page)


def page_of(found: Explanation) -> str:
    """Return an explanation as lines of text."""
    lines: list[str] = []
    for part in found.parts:
        lines += [part.title, ""]
        rows = [row for row in (part.header, *part.rows) if any(row)]
        widths = [min(40, max(len(row[i]) for row in rows)) for i in range(len(part.header))]
        lines += ["  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines.append("")
    return "\n".join(lines)


async def choose_side(screen: CisScreen) -> None:
    """Ask what to compare with: a baseline, a day, or nothing any more; or take a baseline now."""
    from deskterm.configuration import baselines

    known = await screen.call(baselines.known, screen.desk)
    lacking = screen.lacks("create", screen.desk.registry.kind(baselines.KIND))
    choices = [
        Choice(TAKE, "take a baseline now", "freezes every CI as it is", lacking),
        Choice(DAY, "a day", "any past instant"),
    ]
    if screen.side is not None:
        choices.insert(0, Choice(NOTHING, "nothing", "no longer compare"))
    tz = screen.session.tz
    choices += [Choice(one.number, f"{one.number} {one.title}", f"{full(one.taken_at, tz)} · {one.items:,} CIs") for one in known]
    chosen = await screen.app.push_screen_wait(ChooseModal(screen.session, "Compare with", choices))
    match chosen:
        case None:
            return
        case "nothing":
            screen.compare_with(None)
        case "take":
            await screen.app.push_screen_wait(_take(screen))
        case "day":
            side = await screen.app.push_screen_wait(_day(screen))
            if side is not None:
                screen.compare_with(side)
        case number:
            screen.compare_with(await screen.call(baselines.side, screen.desk, number))


def _take(screen: CisScreen) -> ActModal[bool]:
    from deskterm.forms.derive import form_field

    kind = screen.desk.registry.kind("baseline")
    fields = [form_field(kind.field(name), None, {}, screen.session.tz, new=True) for name in ("name", "reason")]

    async def take(values: Mapping[str, object]) -> bool:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        made = await screen.commit(lambda: screen.desk.create("baseline", given))
        screen.say(f"{made.number} is taken.")
        return True

    told = "Every CI is frozen as it is now: its fields and its relations. Nothing can change it afterwards."
    return ActModal(screen.session, "Take a baseline", fields, take, told=told, do="take it")


def _day(screen: CisScreen) -> ActModal[Side]:
    from deskterm.configuration import baselines
    from deskterm.fields import Field, Instant
    from deskterm.forms.derive import form_field

    day = Field("day", Instant(), required=True, help="A date, or a date and a time; earlier than now.")
    fields: list[FormField] = [form_field(day, None, {}, screen.session.tz, new=True)]

    async def choose(values: Mapping[str, object]) -> Side:
        at = values.get("day")
        return await screen.call(partial(baselines.side_at, screen.desk, at if isinstance(at, int) else 0))

    return ActModal(screen.session, "Compare with a day", fields, choose, do="compare")


async def differences(screen: CisScreen, side: Side) -> None:
    """Show what differs in the whole configuration since."""
    from deskterm.configuration import baselines

    desk = screen.desk
    found = await screen.call(
        lambda: baselines.compare(desk, side, baselines.side(desk, baselines.NOW), limit=MOST_DIFFERENCES + 1)
    )
    lines: list[str] = []
    last = ""
    for one in found[:MOST_DIFFERENCES]:
        if one.number != last:
            lines.append(f"{one.number}  {one.title}")
            last = one.number
        was, is_ = ("nothing" if value is None else str(value) for value in (one.old, one.new))
        lines.append(f"    {one.change}" if one.change in ("added", "removed") else f"    {one.field}: {was} → {is_}")
    more = f"There is more: deskterm compare {side.title.partition(' ')[0]}" if len(found) > MOST_DIFFERENCES else ""
    text = "\n".join(lines) or "Nothing differs."
    await screen.app.push_screen_wait(PageModal(screen.session, f"From {side.title} to now", text, told=more))
