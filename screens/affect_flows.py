"""Naming from the console which services and CIs a record affects, and taking such a name away again: one key for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from deskterm.forms.schema import FieldKind, FormField
from screens.modals.act import ActModal
from screens.modals.choose import Choice, ChooseModal

if TYPE_CHECKING:
    from deskterm.records.draft import Draft
    from deskterm.records.schema import LinkLine, RecordView
    from deskterm.records.unit import Unit
    from screens.base import DeskScreen
    from screens.ticket import Target, TicketScreen

AFFECTS: Final = "affects"
BY_FIELD: Final = {("problem", "ci"): "affects-ci"}
"""Relations that a field of the record keeps for the same: a problem lists the CIs that have it."""
REFERS: Final = ("service", "ci")
_ANOTHER: Final = ""


def named(view: RecordView) -> tuple[LinkLine, ...]:
    """Return what a record is said to affect now."""
    words = {AFFECTS, *BY_FIELD.values()}
    return tuple(one for one in view.links if one.relation in words and not one.inverse and one.valid_until is None)


def _relation(kind: str, other: str) -> str:
    return BY_FIELD.get((kind, other), AFFECTS)


def _field() -> FormField:
    told = "What people cannot use, or what suffers: a service or a CI, by name or number."
    return FormField("target", "Service or CI", FieldKind.REFERENCE, required=True, refers=REFERS, help=told)


async def affects(screen: DeskScreen[None], number: str, done: Callable[[Sequence[str]], None]) -> None:
    """Ask for a service or a CI that a record affects; where some are named already, offer to take one away."""
    desk = screen.desk
    view = await screen.call(desk.show, number)
    before = named(view)
    if before:
        choices = [Choice(_ANOTHER, "Name another", "a service or a CI")]
        choices += [Choice(one.number, f"{one.number} {one.title}", "not affected after all") for one in before]
        chosen = await screen.app.push_screen_wait(ChooseModal(screen.session, f"{number} affects", choices))
        if chosen is None:
            return
        if chosen != _ANOTHER:
            link = next(one for one in before if one.number == chosen)
            await screen.commit(lambda: desk.unlink(number, link.relation, chosen))
            done((number,))
            screen.say(f"{number} does not affect {chosen} any more")
            return

    async def do_it(typed: Mapping[str, object]) -> bool:
        other = str(typed["target"])
        kind = next((one.name for one in desk.registry.kinds(REFERS) if other.startswith(f"{one.prefix}-")), "")
        new = await screen.commit(lambda: desk.link(number, _relation(view.kind, kind), other))
        done((number,))
        screen.say(f"{number} affects {other}" if new else f"{number} is said to affect {other} already")
        return True

    told = "It is listed with the record, and in the service's and the CI's own history."
    await screen.app.push_screen_wait(ActModal(screen.session, f"{number} affects", (_field(),), do_it, told=told, do="name it"))


async def affects_many(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Ask for a service or a CI that several records affect, with a preview."""
    from deskterm.records import writing
    from screens.ticket_flows import in_bulk

    async def do_it(typed: Mapping[str, object]) -> bool | None:
        other = str(typed["target"])

        def step(unit: Unit, draft: Draft) -> Draft:
            target = writing.fetch(unit, other)
            writing.link(unit, draft, _relation(draft.kind.name, target.kind.name), target)
            return draft

        return await in_bulk(screen, f"affects {other}", targets, step) or None

    title = f"{len(targets)} records affect"
    await screen.app.push_screen_wait(ActModal(screen.session, title, (_field(),), do_it, do="preview"))
