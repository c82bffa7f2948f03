"""What the keys on records do, step by step: ask, show a preview where there are several, write, say what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from deskterm.errors import Conflict, InvalidInput
from screens.modals.act import ActModal
from screens.modals.choose import Choice, ChooseModal
from screens.modals.conflict import ConflictModal, mine_of
from screens.modals.preview_bulk import BulkPreviewModal
from screens.modals.write_text import WriteModal

if TYPE_CHECKING:
    from deskterm.desk import Desk, Step
    from deskterm.kinds import Kind
    from deskterm.records.draft import Draft
    from deskterm.records.schema import PossibleAction, Receipt
    from deskterm.records.unit import Unit
    from deskterm.workflow import Action
    from screens.ticket import Target, TicketScreen

Values = Mapping[str, Any]


async def in_bulk(screen: TicketScreen, what: str, targets: Sequence[Target], step: Step) -> bool:
    """Show what a step would do to several records; do it if the person says so.

    Returns:
        Whether it was done.

    Raises:
        DeskError: nothing was done.
    """
    desk = screen.desk
    numbers = tuple(one.number for one in targets)
    outcomes = await screen.call(desk.bulk, numbers, what, step, preview=True)
    chosen = await screen.app.push_screen_wait(BulkPreviewModal(screen.session, what.capitalize(), outcomes))
    if not chosen:
        return False
    await screen.commit(lambda: desk.bulk(chosen, what, step))
    screen.acted(chosen)
    screen.say(f"{what.capitalize()}: {len(chosen)} records. u takes it back.")
    return True


async def perform(screen: TicketScreen, targets: Sequence[Target], action: str, values: Values) -> bool:
    """Take a workflow action on one record, or with a preview on several.

    Raises:
        DeskError: nothing was done.
    """
    from deskterm.desk import acting

    if len(targets) > 1:
        return await in_bulk(screen, action.replace("-", " "), targets, acting(action, values))
    base = targets[0].version
    while True:
        attempt = partial(screen.desk.act, targets[0].number, action, values, base_version=base)
        try:
            receipt = await screen.commit(attempt)
        except Conflict as conflict:
            if action == "take":
                raise
            kept = await screen.app.push_screen_wait(ConflictModal(screen.session, conflict))
            if kept is None:
                return False
            values, base = mine_of(conflict.clashes, kept, dict(values)), conflict.version
            continue
        _done(screen, receipt, action)
        return True


def _done(screen: TicketScreen, receipt: Receipt, action: str) -> None:
    screen.acted((receipt.number,))
    screen.say(f"{receipt.number}: {action.replace('-', ' ')}, now {receipt.state.replace('-', ' ')}")


async def take(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Make records one's own."""
    await perform(screen, targets, "take", {})


async def assign(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Ask whom, and hand over."""
    from deskterm.service_desk.assigning import candidates, handing

    everybody = await screen.call(candidates, screen.desk)
    choices = [Choice(one, one.name, one.detail) for one in everybody]
    title = f"Assign {targets[0].number}" if len(targets) == 1 else f"Assign {len(targets)} records"
    to = await screen.app.push_screen_wait(ChooseModal(screen.session, title, choices, placeholder="a team or an agent"))
    if to is None:
        return
    step, what = handing(to), f"assign to {to.name}"
    if len(targets) > 1:
        await in_bulk(screen, what, targets, step)
        return
    desk, number = screen.desk, targets[0].number
    await screen.commit(lambda: _alone(desk, number, what, step))
    screen.acted((number,))
    screen.say(f"{number}: {what}")


def _alone(desk: Desk, number: str, what: str, step: Step) -> None:
    """Do a bulk step to one record; its refusal is said as its own."""
    try:
        desk.bulk((number,), what, step)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.fields.get(number, refusal.message)) from None


async def change_state(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Ask which action, then what it demands."""
    found = await _actions(screen, targets)
    if not found:
        screen.say("These records have no action in common.", severity="warning")
        return
    choices = [
        Choice(one.name, one.title, _detail(one), one.refusal, str(place) if place < 10 else "")
        for place, one in enumerate(sorted(found, key=lambda one: bool(one.refusal)), 1)
    ]
    name = targets[0].number if len(targets) == 1 else f"{len(targets)} records"
    action = await screen.app.push_screen_wait(ChooseModal(screen.session, f"What happens with {name}", choices))
    if action is not None:
        await act(screen, targets, action)


async def _actions(screen: TicketScreen, targets: Sequence[Target]) -> list[PossibleAction]:
    """Return the actions of one record; for several those that all their kinds know, whatever states they are in."""
    first = await screen.call(screen.desk.actions, targets[0].number)
    if len(targets) == 1:
        return list(first)
    from dataclasses import replace

    kinds = {screen.kind_of(target).name: screen.kind_of(target) for target in targets}
    common = set.intersection(*({action.name for action in kind.workflow.actions} for kind in kinds.values()))
    return [replace(one, refusal="") for one in first if one.name in common]


def _detail(one: PossibleAction) -> str:
    needs = f"needs {', '.join(name.replace('_', ' ') for name in one.demands)}" if one.demands else ""
    return " · ".join(part for part in (one.help, needs) if part)


async def act(screen: TicketScreen, targets: Sequence[Target], name: str) -> None:
    """Take an action; ask first for what it demands or may be given."""
    from deskterm.forms.derive import fields_for

    kind = screen.kind_of(targets[0])
    action: Action = kind.workflow.action(name)
    if not (action.accepts or action.inputs):
        await perform(screen, targets, name, {})
        return
    values, names = await screen.call(_values, screen.desk, kind, targets)
    fields = fields_for(kind, values, action, names=names, tz=screen.session.tz)
    title = f"{action.title}: {targets[0].number}" if len(targets) == 1 else f"{action.title}: {len(targets)} records"

    async def do_it(typed: Values) -> bool | None:
        return await perform(screen, targets, name, typed) or None

    modal = ActModal(screen.session, title, fields, do_it, told=action.help, do=action.title.lower())
    await screen.app.push_screen_wait(modal)


async def edit_many(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Ask for a field and its value, and change it in all of them."""
    from deskterm.desk import editing
    from deskterm.forms.derive import form_fields

    kinds = {screen.kind_of(target).name: screen.kind_of(target) for target in targets}
    first, *others = kinds.values()
    common = [item for item in first.fields if not item.derived and all(item.name in kind.all_fields for kind in others)]
    choices = [Choice(item, item.title, item.help) for item in common]
    about = f"{len(targets)} records"
    item = await screen.app.push_screen_wait(ChooseModal(screen.session, f"Change a field of {about}", choices))
    if item is None:
        return
    fields = tuple(form_fields(item, None, {}, screen.session.tz, new=True))

    async def do_it(typed: Values) -> bool | None:
        value = typed.get(item.name)
        what = f"{item.title.lower()}: {value if value not in (None, '') else 'nothing'}"
        return await in_bulk(screen, what, targets, editing({item.name: value})) or None

    title, told = f"{item.title} of {about}", item.help or "The same value for all of them; empty takes it away."
    await screen.app.push_screen_wait(ActModal(screen.session, title, fields, do_it, told=told, do="preview"))


def _values(desk: Desk, kind: Kind, targets: Sequence[Target]) -> tuple[Values, Mapping[int, Any]]:
    """Return what the form begins with: the record's own values, or nothing where there are several."""
    if len(targets) > 1:
        return {}, {}
    view = desk.show(targets[0].number)
    return view.values, view.names


async def write(screen: TicketScreen, targets: Sequence[Target], *, public: bool) -> None:
    """Write a reply or a note: to one record, or with a preview the same to several."""
    from deskterm.drafts import Subject
    from deskterm.records import writing

    desk, what = screen.desk, "reply" if public else "note"
    single = targets[0].number if len(targets) == 1 else ""

    async def send(text: str) -> None:
        if single:
            await screen.commit(lambda: desk.note(single, text, public=public))
            screen.acted((single,))
            screen.say(f"{single}: {'sent to the caller' if public else 'noted'}")
        elif not await in_bulk(screen, what, targets, lambda unit, draft: writing.note(unit, draft, text, public=public)):
            raise InvalidInput("Nothing was sent.")

    about = single or f"{len(targets)} records"
    told = "The caller reads this." if public else "Only the desk reads this."
    subject = Subject(what, screen.kind_of(targets[0]).name, single) if single else None
    modal = WriteModal(
        screen.session, f"{what.capitalize()}: {about}", send, do="send" if public else "keep", draft=subject, public=public,
        record=single, told=f"{told} {targets[0].title if single else ''}",
    )  # fmt: skip
    owner = object()
    if targets[0].id is not None and single:
        screen.session.presence.enter(owner, targets[0].id, typing=True)
    try:
        await screen.app.push_screen_wait(modal)
    finally:
        screen.session.presence.leave(owner)


async def link(screen: TicketScreen, targets: Sequence[Target]) -> None:
    """Ask for a relation and another record, and link them."""
    from deskterm.forms.schema import FieldKind, FormField, Option
    from deskterm.records import writing
    from deskterm.relation_words import fitting

    desk = screen.desk
    kinds = tuple(kind.name for kind in desk.registry if kind.is_work or kind.name in ("ci", "service", "knowledge"))
    chosen = [screen.kind_of(target) for target in targets]
    first, *others = (list(fitting(desk.registry, kind)) for kind in dict.fromkeys(chosen))
    common = [one for one in first if all(one in more for more in others)]
    relations = tuple(Option(one.word, one.word, one.said) for one in common)
    fields = (
        FormField(
            "relation", "Relation", FieldKind.CHOICE, required=True, options=relations, help="How the two belong together."
        ),
        FormField(
            "target", "Record", FieldKind.REFERENCE, required=True, refers=kinds, help="Its number, or words of its summary."
        ),
    )

    async def do_it(typed: Values) -> bool | None:
        relation, other = str(typed["relation"]), str(typed["target"])

        def step(unit: Unit, draft: Draft) -> Draft:
            writing.link(unit, draft, relation, writing.fetch(unit, other))
            return draft

        if len(targets) > 1:
            return await in_bulk(screen, f"{relation} {other}", targets, step) or None
        number = targets[0].number
        new = await screen.commit(lambda: desk.link(number, relation, other))
        screen.acted((number,))
        screen.say(f"{number} {relation} {other}" if new else f"{number} is linked like that already")
        return True

    about = targets[0].number if len(targets) == 1 else f"{len(targets)} records"
    await screen.app.push_screen_wait(ActModal(screen.session, f"Link {about}", fields, do_it, do="link"))


async def explain(screen: TicketScreen, target: Target) -> None:
    """Explain the clocks of a record."""
    from screens.modals.explain_clock import ExplainModal

    if screen.kind_of(target).name in ("problem", "known-error"):
        from screens.problem_flows import explain_cost

        await explain_cost(screen, target)
        return
    if screen.kind_of(target).name == "change":
        from screens import change_flows

        await change_flows.explain(screen, target.number)
        return
    if screen.kind_of(target).name in ("requirement", "agreement", "service-review"):
        from screens import level_flows

        await level_flows.explain(screen, target.number, screen.kind_of(target).name)
        return
    view = await screen.call(screen.desk.show, target.number)
    if not view.clocks:
        screen.say(f"No service level runs a clock on {target.number}: no agreement covers it.")
        return
    await screen.app.push_screen_wait(ExplainModal(screen.session, target.number, view.clocks))
