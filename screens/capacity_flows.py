"""What the screens of capacity management read, and what they ask before they do something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

from screens import ticket_flows as flows
from screens.capacity_rows import Line, figure, upgrades
from screens.scrolled_lines import wrapped

if TYPE_CHECKING:
    from deskterm.capacity.outlook import Outlook
    from deskterm.capacity.plan_briefs import PlanBrief
    from deskterm.capacity.scenarios import Scenario
    from deskterm.capacity.staffing import Slot, Staffing
    from deskterm.desk import Desk
    from deskterm.explanations import Explanation, Part
    from screens.base import DeskScreen
    from screens.ticket import Target, TicketScreen

WIDEST: Final = 80
FRAME: Final = 9
"""Cells of an explanation at most, and those that its frame takes of a narrow screen."""


def resources(desk: Desk) -> tuple[Outlook, ...]:
    """Read every active resource; called in a thread."""
    from deskterm.capacity.outlook import outlooks

    return outlooks(desk)


def all_scenarios(desk: Desk) -> tuple[Scenario, ...]:
    """Read every scenario; called in a thread."""
    from deskterm.capacity.scenarios import read
    from deskterm.permissions import require

    kind = desk.registry.kind("scenario")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        return read(connection, desk.moment)


def all_plans(desk: Desk) -> tuple[PlanBrief, ...]:
    """Read every plan in use, with its figures as they stand; called in a thread."""
    from deskterm.capacity.plan_briefs import plan_briefs

    return plan_briefs(desk)


def week(desk: Desk) -> Staffing:
    """Read the week at the desk; called in a thread."""
    from deskterm.capacity.staffing import Terms, staffing

    return staffing(desk, Terms())


def of_demand(line: Line) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a resource in a scenario."""
    demand, scenario = line.demand, line.scenario
    if demand is None or scenario is None:
        return ()
    if demand.withheld is not None:
        return (f"{demand.number} {demand.resource}", "strong"), (f"n/a: {demand.withheld}", "muted")
    told = (f"{figure(demand.per_unit)} {demand.unit} for each one more of {scenario.driver}, R² {figure(demand.r2)} through "
            f"{demand.days} days")  # fmt: skip
    band = f"then {figure(demand.then)} ({figure(demand.low)}–{figure(demand.high)}) of {figure(demand.capacity)} {demand.unit}"  # noqa: RUF001
    short = f", short {figure(demand.short_by)}" if demand.short_by else ""
    cost = "" if demand.cost_cents is None else f": {upgrades(demand)}"
    return (f"{demand.number} {demand.resource}", "strong"), (told, ""), (f"{band}{short}{cost}", "risk" if short else "")


async def explain(screen: DeskScreen[Any], number: str) -> None:
    """Show the facts behind the figures of a resource or a scenario."""
    from deskterm.explanations import explain as explained

    found = await screen.call(explained, screen.desk, number)
    await _show_page(screen, f"{number}, explained", found, f"the same as data: deskterm --json explain {number}")


async def explain_half_hour(screen: DeskScreen[Any], found: Staffing, slots: Sequence[Slot]) -> None:
    """Show how the agents of a half-hour follow from its contacts, day by day."""
    from deskterm.capacity.staffing import explained
    from deskterm.explanations import Explanation

    page = Explanation((explained(found, slots),), {})
    await _show_page(screen, f"{slots[0].name[4:]}, explained", page, "the same as data: deskterm --json report staffing")


async def _show_page(screen: DeskScreen[Any], title: str, found: Explanation, told: str) -> None:
    from screens.modals.page import PageModal

    width = min(WIDEST, screen.size.width - FRAME)
    page = "\n".join(line for part in found.parts for line in (*wrapped(part.title, width), "", *_table(part, width - 1), ""))
    await screen.app.push_screen_wait(PageModal(screen.session, title, page, told=told))


def _table(part: Part, width: int) -> Iterator[str]:
    """Yield the lines of a table; of one that is too wide a paragraph a row, so that no figure is cut off."""
    from screens.explanation_pages import table

    lines = tuple(table(part, width))
    if all(cell_len(line) <= width for line in lines):
        yield from lines
        return
    for row in part.rows:
        told = ", ".join(f"{name} {cell}" for name, cell in zip(part.header[1:], row[1:], strict=True) if cell)
        yield f" {row[0]}"
        yield from (f"   {line}" for line in wrapped(told, width - 3))


async def tell_sample(screen: TicketScreen, number: str) -> None:
    """Ask for a value, and keep it as a sample."""
    from deskterm.forms.schema import FieldKind, FormField
    from screens.modals.act import ActModal

    fact = screen.desk.registry.facts["sample"]
    fields = (
        FormField("value", "Value", FieldKind.TEXT, required=True, help="In the unit of the resource."),
        FormField("at", "Measured", FieldKind.INSTANT, placeholder="now", help="When it was measured."),
    )

    async def do_it(typed: Mapping[str, object]) -> bool:
        kept = await screen.commit(lambda: fact.add(screen.desk, {**typed, "resource": number}))
        screen.say(str(kept["line"]))
        screen.acted([number])
        return True

    told = "Of two samples of one instant the later word counts."
    await screen.app.push_screen_wait(ActModal(screen.session, f"Sample of {number}", fields, do_it, told=told, do="keep"))


async def raise_record(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Ask what is raised, and raise it."""
    from screens.modals.choose import Choice, ChooseModal

    if not targets:
        return
    choices = [
        Choice("raise-change", "Change", "Ask for more capacity; the forecast is the reason.", number="1"),
        Choice("raise-problem", "Problem", "Look into why it fills up.", number="2"),
    ]
    chosen = await screen.app.push_screen_wait(ChooseModal(screen.session, f"Raise for {targets[0].number}", choices))
    if chosen is not None:
        await flows.act(screen, targets, chosen)
